"""The workbook check finds what it should, without needing LibreOffice itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook as Writer

from tools import check_office
from tools.check_office import OfficeError, compare, pdf_faults, read_workbook, same_value


def written(path: Path, *, formula: str = "=SUM(A1:A2)", value: float | str = 3.5) -> Path:
    with Writer(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write_column("A1", [1, 2.5])
        sheet.write_formula("A3", formula, value=value)
    return path


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (1, 1.0, True),
        (0.1 + 0.2, 0.3, True),
        (1000000.01, 1000000.02, False),
        (0, 1e-6, False),
        ("", None, True),
        (0, None, False),
        (0, "", False),
        ("正常", "正常", True),
        ("1", 1, False),
        (True, 1, True),
        (True, False, False),
        (True, "TRUE", False),
        (date(2006, 12, 31), date(2006, 12, 31), True),
    ],
)
def test_same_value(
    ours: check_office.CellValue, theirs: check_office.CellValue, same: bool
) -> None:
    assert same_value(ours, theirs) is same


def test_equal_workbooks_have_no_fault(tmp_path: Path) -> None:
    book = read_workbook(written(tmp_path / "a.xlsx"))
    assert book.formulas == {("表", "A3"): "=SUM(A1:A2)"}
    assert not list(compare("a.xlsx", book, book))


def test_a_wrong_stored_value_is_named_with_its_place(tmp_path: Path) -> None:
    ours = read_workbook(written(tmp_path / "a.xlsx", value=3.49))
    theirs = read_workbook(written(tmp_path / "b.xlsx"))
    (fault,) = compare("a.xlsx", ours, theirs)
    assert fault.place == "表!A3"
    assert "3.49" in fault.what
    assert "3.5" in fault.what


def test_a_formula_without_value_is_a_fault(tmp_path: Path) -> None:
    ours = read_workbook(written(tmp_path / "a.xlsx", value=""))
    (fault,) = compare("a.xlsx", ours, read_workbook(written(tmp_path / "b.xlsx")))
    assert "3.5" in fault.what


def test_an_error_cell_is_a_fault_wherever_it_stands(tmp_path: Path) -> None:
    broken = read_workbook(written(tmp_path / "a.xlsx", formula="=1/0", value="#DIV/0!"))
    faults = list(compare("a.xlsx", broken, broken))
    assert [fault.what for fault in faults] == [
        "error #DIV/0! as we wrote it",
        "error #DIV/0! in LibreOffice",
    ]


@pytest.mark.parametrize("shown", ["#REF!", "#####"])
def test_what_a_page_must_not_show(tmp_path: Path, shown: str) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "1,000.00")
    canvas.showPage()
    canvas.drawString(72, 700, shown)
    canvas.save()
    (fault,) = pdf_faults("a.xlsx", path)
    assert fault.place == "PDF page 2"


def test_an_empty_folder_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_office.main([str(tmp_path)]) == 2
    assert "no XLSX" in capsys.readouterr().err


def test_without_libreoffice_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeError, match="not installed"):
        check_office.LibreOffice(tmp_path)


def test_what_was_taken_in_is_not_checked(tmp_path: Path) -> None:
    for name in ("listings/fixed-assets.xlsx", "QS/summary.xlsx", "QS/~$summary.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert check_office.workbooks_below(tmp_path) == [tmp_path / "QS" / "summary.xlsx"]
    # Who asks for the listings themselves gets them.
    assert len(check_office.workbooks_below(tmp_path / "listings")) == 1
