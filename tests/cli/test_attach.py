"""wuji attach: evidence into the working paper, stored once per content."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.types import Attachment
from tests.cli.office import CLERK, HEAD, Office
from tests.cli.running import Wuji


def attachments(office: Office) -> list[Attachment]:
    with Book.open(office.book, write=False) as book:
        return book.attachments()


@pytest.fixture
def papers(tmp_path: Path) -> list[str]:
    """Two files of evidence."""
    Path(tmp_path / "发票.png").write_bytes(b"invoice")
    Path(tmp_path / "合同.txt").write_bytes(b"contract")
    return ["发票.png", "合同.txt"]


@pytest.mark.parametrize("asset", ["QS-0004", "1-8:GZ-1"])
def test_files_into_a_working_paper(
    wuji: Wuji, filled: Office, papers: list[str], asset: str
) -> None:
    assert wuji("attach", filled.book, asset, *papers).out == "已给 QS-0004 附上2份资料。\n"
    found = attachments(filled)
    assert [(a.row_id, a.name, a.added_by) for a in found] == [
        ("QS-0004", "发票.png", CLERK),
        ("QS-0004", "合同.txt", CLERK),
    ]
    with Book.open(filled.book, write=False) as book:
        assert book.attachment_bytes(found[0].sha256) == b"invoice"


def test_one_of_several_preparers_has_to_be_named(
    wuji: Wuji, filled: Office, papers: list[str]
) -> None:
    wuji("people", filled.book, "add", "孙行", "--role", "preparer")
    assert "--as" in wuji.refused("attach", filled.book, "QS-0004", papers[0])
    assert attachments(filled) == []


def test_json_kind_of_paper_and_who(wuji: Wuji, filled: Office, papers: list[str]) -> None:
    arguments = ("QS-0004", papers[0], "--paper", "购置发票", "--as", HEAD, "--json")
    done = wuji("attach", filled.book, *arguments)
    digest = sha256(b"invoice").hexdigest()
    assert done.json == [{"row": "QS-0004", "name": "发票.png", "sha256": digest}]
    (stored,) = attachments(filled)
    assert (stored.paper, stored.added_by) == ("购置发票", HEAD)


def test_the_same_content_is_stored_once(wuji: Wuji, filled: Office, papers: list[str]) -> None:
    big = Path("big.bin")
    big.write_bytes(bytes(range(256)) * 4000)
    wuji("attach", filled.book, "QS-0004", big)
    size = filled.book.stat().st_size
    wuji("attach", filled.book, "QS-0002", big)
    assert filled.book.stat().st_size - size < 100_000
    assert len({a.sha256 for a in attachments(filled)}) == 1


@pytest.mark.parametrize("second", ["none.png", "empty.png"])
def test_one_bad_file_and_none_is_attached(
    wuji: Wuji, filled: Office, papers: list[str], second: str
) -> None:
    Path("empty.png").write_bytes(b"")
    assert second in wuji.refused("attach", filled.book, "QS-0004", papers[0], second)


def test_a_file_too_large(
    wuji: Wuji, filled: Office, papers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.book.evidence.LARGEST", 5)
    assert "先压缩" in wuji.refused("attach", filled.book, "QS-0004", papers[0])


@pytest.mark.parametrize("asset", ["QS-9999", "1-8:NIX", "GZ-1", "x:y"])
def test_an_unknown_asset(wuji: Wuji, filled: Office, papers: list[str], asset: str) -> None:
    assert "没有" in wuji.refused("attach", filled.book, asset, *papers)


def test_a_folder_is_no_evidence(wuji: Wuji, filled: Office, tmp_path: Path) -> None:
    assert "是文件夹" in wuji.refused("attach", filled.book, "QS-0004", tmp_path)


def test_sealed(wuji: Wuji, sealed: Office, papers: list[str]) -> None:
    assert "已经封" in wuji.refused("attach", sealed.book, "QS-0004", *papers)
