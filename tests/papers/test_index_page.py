"""The plain page: totals, files, rows with class and reasons; escaped, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile

import pytest

from app.book.book import Book
from app.book.summary import consolidated_summary
from app.forms.values import amount_text
from app.papers import index_page
from app.papers.from_book import Sealing, paper_head
from app.papers.index_page import IndexPage, described, write_index
from tests.book.samples import CLERK
from tests.papers import report_book

FILES = ("forms/1-2.pdf", "forms/1-2-working-papers.pdf", "report.docx", "QS-2006-12-31.wjz")


@pytest.fixture(scope="module")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_book.filled(tmp_path_factory.mktemp("books") / "a.wuji")


@pytest.fixture
def book(_filled: Path, tmp_path: Path) -> Iterator[Book]:
    """The sample office's book."""
    with Book.open(copyfile(_filled, tmp_path / "a.wuji")) as made:
        yield made


def page(book: Book, tmp_path: Path, **given: bool) -> str:
    shown = IndexPage(paper_head(book, Sealing("7K3M")), "initial", FILES, **given)
    return write_index(book, shown, tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_page_of_too_many_rows_says_where_they_are(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = book.row_count(None)
    monkeypatch.setattr(index_page, "MOST_ROWS", count - 1)
    text = page(book, tmp_path)
    assert f"共{count}笔，一页放不下" in text
    assert "<details" not in text
    monkeypatch.setattr(index_page, "MOST_ROWS", count)
    assert "<details" in page(book, tmp_path)


class Reader(HTMLParser):
    """Collects tags and links, and checks that tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    return reader


def test_it_shows_totals_files_rows_and_reasons(book: Book, tmp_path: Path) -> None:
    html = page(book, tmp_path)
    total = consolidated_summary(book).total
    assert amount_text(total.classified) in html
    assert "封印码：7K3M" in html
    for row in book.rows():
        assert row.id in html
        for reason in book.evaluate(row).reasons:
            assert reason.text in unescape(html)
    assert read(html).links == list(FILES)
    assert "附表1-2 工作底稿（盖章）" in html
    assert "⑤ 损失" in html


def test_it_has_no_scripts_and_loads_nothing(book: Book, tmp_path: Path) -> None:
    html = page(book, tmp_path, with_evidence=True)
    reader = read(html)
    assert not {"script", "img", "iframe", "link", "form", "object"} & set(reader.tags)
    assert not re.search(r"\bon\w+=|javascript:|https?:", html)
    assert "default-src 'none'" in html


def test_what_people_wrote_is_escaped(book: Book, tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script>" onclick="x'
    row = next(book.rows("1-2"))
    book.set_values(row.id, {"name": nasty}, by=CLERK)
    book.attach(row.id, b"text", f"{nasty[:8]}.txt", by=CLERK)
    html = page(book, tmp_path, with_evidence=True)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "script" not in read(html).tags


def test_in_a_package_the_evidence_can_be_opened(book: Book, tmp_path: Path) -> None:
    [file] = book.attachments()
    assert f"attachments/{file.sha256}" in read(page(book, tmp_path, with_evidence=True)).links
    without = page(book, tmp_path)
    assert file.sha256 not in without
    assert "机动车行驶证：行驶证.png" in without


def test_a_page_of_totals_alone_has_no_rows(book: Book, tmp_path: Path) -> None:
    html = page(book, tmp_path, with_rows=False)
    assert next(book.rows()).id not in html


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forms/1-10.pdf", "附表1-10 认定表（盖章）"),
        ("forms/2.pdf", "附表2 大额损失类资产认定表（盖章）"),
        ("loss-report.docx", "损失类报告（可编辑）"),
        ("notes.txt", ""),
    ],
)
def test_files_are_described(name: str, words: str) -> None:
    assert described(name) == words
