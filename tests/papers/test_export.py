"""All papers of a real book: every table's cases, printed, signed, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.book.book import Book
from app.book.types import Institution
from app.forms.schema import Case
from app.forms.table import Table
from app.forms.values import amount_text
from app.papers import from_book, wording
from app.papers.cells import field_text
from app.papers.export import FORMS, REPORT, SHARE, SUMMARY, make_papers
from app.papers.from_book import Sealing
from app.papers.sign import PaperKey, verify_pdf
from tests.papers.reading import bookmarks, page_texts

BASE_DATE = date(2006, 12, 31)
AT = datetime(2007, 1, 15, 14, 3)
CODE = "7K3M-Q9XT-4HRD"


def usable_cases(table: Table) -> list[Case]:
    """The worked cases of a table that belong to the books' base date."""
    return [case for case in table.cases if case.base_date == BASE_DATE and not case.problem]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A book with the worked cases of all tables."""
    path = tmp_path_factory.mktemp("books") / "office.wuji"
    with Book.create(path, Institution("QS", "青山信用社"), BASE_DATE) as made:
        made.add_person("王明", "preparer")
        made.add_person("李芳", "accountant")
        made.add_person("赵国强", "head")
        for table in made.ruleset.row_tables:
            values = [dict(case.values) for case in usable_cases(table)]
            made.add_rows(table.id, values, by="王明", why="试", source="typed")
        yield made


def test_every_filled_table_gives_its_papers_all_signed(
    book: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    made = make_papers(book, tmp_path, seal_code=CODE, key=office_key, at=AT)
    tables = from_book.filled_tables(book)
    assert tables == [table.id for table in book.ruleset.row_tables if usable_cases(table)]
    names = {f"forms/{t}{tail}.pdf" for t in tables for tail in ("", "-working-papers")}
    others = {"forms/2.pdf", "forms/summary.pdf", "tables.xlsx", "summary.xlsx"}
    assert set(made.files) == names | others
    for name, path in made.files.items():
        assert path == tmp_path / name
        if path.suffix == ".pdf":
            check = verify_pdf(path)
            assert check.bottom_line, (name, check.message)
            assert CODE in "".join(page_texts(path)), name
    assert not made.notes


def test_every_asked_field_of_a_row_stands_in_its_working_paper(
    book: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    made = make_papers(book, tmp_path, seal_code=CODE, key=office_key, at=AT, parts=("forms",))
    for table_id in from_book.filled_tables(book):
        path = made.files[f"forms/{table_id}-working-papers.pdf"]
        starts = [page for _, page in bookmarks(path)]
        texts = page_texts(path)
        rows = list(book.rows(table_id))
        assert len(starts) == len(rows)
        for row, start, end in zip(rows, starts, [*starts[1:], None], strict=True):
            text = "".join(texts[start:end])
            evaluation = book.evaluate(row)
            assert row.id in text
            for key in evaluation.asked - {"id", "seq"}:
                field = evaluation.table.fields[key]
                wanted = "".join(field_text(evaluation, key).split())
                if wanted and field.type != "long":
                    assert wanted in text, (table_id, row.id, key)
            for reason in evaluation.reasons:
                assert "".join(reason.basis.split())[:12] in text


def test_the_workbook_has_the_sums_of_the_book(
    book: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    made = make_papers(book, tmp_path, seal_code=CODE, key=office_key, at=AT)
    workbook = openpyxl.load_workbook(made.files["tables.xlsx"], data_only=True)
    for table_id, progress in book.progress().items():
        if not progress.rows:
            continue
        title = f"{table_id} {book.ruleset.table(table_id).short_title}"
        values = [cell.value for row in workbook[title].iter_rows() for cell in row]
        assert float(progress.carrying_amount) in values
    summary = openpyxl.load_workbook(made.files["summary.xlsx"], data_only=True)
    assert summary.sheetnames == [
        "汇总表（初分）",
        "轧差前汇总表（初分）",
        "指标",
        "各表合计",
        "校验清单",
    ]


def test_without_a_key_there_are_drafts_without_a_seal(book: Book, tmp_path: Path) -> None:
    made = make_papers(book, tmp_path, seal_code=CODE, key=None, at=AT, parts=("forms",))
    assert "summary.xlsx" not in made.files
    text = "".join(page_texts(made.files["forms/1-8.pdf"]))
    assert "草稿，未封印" in text
    assert CODE not in text
    assert not verify_pdf(made.files["forms/1-8.pdf"]).bottom_line


def test_progress_is_told_and_can_stop_the_work(
    book: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    told: list[str] = []

    def tell(done: int, of: int, text: str) -> None:
        told.append(text)
        if text == "写附表1-2的工作底稿":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        make_papers(book, tmp_path, seal_code=CODE, key=office_key, progress=tell)
    assert told[-1] == "写附表1-2的工作底稿"
    assert not list(tmp_path.rglob("*.part"))


def test_progress_goes_once_through_all_papers(book: Book, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    make_papers(
        book, tmp_path, seal_code="", key=None, parts=(FORMS, SUMMARY, REPORT),
        progress=lambda done, of, _text: told.append((done, of)),
    )  # fmt: skip
    counts = [done for done, _of in told]
    (total,) = {of for _done, of in told}
    assert told[0] == (0, total)
    assert counts == sorted(counts)
    assert total - SHARE == counts[-1]  # the last file is begun, and nothing is full before


def test_names_that_no_font_has_are_reported(tmp_path: Path, office_key: PaperKey) -> None:
    path = tmp_path / "names.wuji"
    with Book.create(path, Institution("QS", "青山信用社"), BASE_DATE) as book:
        book.add_person("王明", "preparer")
        case = usable_cases(book.ruleset.table("1-5"))[0]
        book.add_row("1-5", dict(case.values) | {"debtor": "李𡱖"}, by="王明")
        made = make_papers(book, tmp_path, seal_code=CODE, key=office_key, at=AT)
    assert made.notes
    assert all("〔U+21C56〕" in note and "“李𡱖”" in note for note in made.notes)


def test_a_row_of_the_paper_is_the_row_of_the_book(book: Book) -> None:
    paper = from_book.table_paper(book, "1-8", Sealing(CODE, AT))
    rows = list(paper.rows)
    assert paper.count == len(rows) == len(list(book.rows("1-8")))
    keys = [column.key for column in paper.columns]
    for printed, row in zip(rows, book.rows("1-8"), strict=True):
        texts = dict(zip(keys, printed.texts, strict=True))
        assert texts["seq"] == str(row.seq)
        assert texts["name"] == row.values["name"]
        evaluation = book.evaluate(row)
        assert texts["expected_loss"] == amount_text(evaluation.expected_loss or 0)  # type: ignore[arg-type]


def test_kept_warnings_evidence_and_confirmation_reach_the_working_paper(book: Book) -> None:
    row = next(book.rows("1-9"))
    need = book.evaluate(row).evidence[0].paper
    book.attach(row.id, b"\x89PNG picture", "合同.png", by="王明", paper=need)
    book.attach(row.id, b"\x89PNG other", "照片.png", by="王明")
    paper = next(iter(from_book.working_papers(book, "1-9", Sealing(CODE, AT)).papers))
    assert paper.evidence[0].paper == need
    assert paper.evidence[0].present
    assert paper.evidence[0].files == ("合同.png",)
    assert paper.evidence[-1].paper == "其他资料"
    assert paper.evidence[-1].files == ("照片.png",)
    assert paper.item.startswith("1521 ")
    assert paper.capitals.endswith("整")
    assert len(paper.agreements) == 6


def seal_box(path: Path) -> list[float]:
    """Where the signature of a paper is shown; an empty box where it is not."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    with path.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        return [float(edge) for edge in signature.sig_field.get("/Rect", ())]


def test_a_signed_draft_shows_no_picture_of_its_signature(
    book: Book, tmp_path: Path, office_key: PaperKey
) -> None:
    papers = {
        code: make_papers(book, tmp_path / code, seal_code=code, key=office_key, parts=("summary",))
        for code in ("", CODE)
    }
    shown = {code: seal_box(made.files["forms/summary.pdf"]) for code, made in papers.items()}
    assert not any(shown[""])
    assert any(shown[CODE])


def test_what_an_export_is_at_is_said_in_words() -> None:
    assert wording.making_file("report.pdf") == "写风险分类分析报告"
    assert wording.making_file("report.docx") == "写风险分类分析报告（可编辑）"
