"""The register and the checks of a union: every office under its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.book.book import Book
from app.book.checks import check_book
from app.book.register import register_lines
from tests.union.county import CLERK, HEAD, LEADER, OFFICES, REVIEWER, County, sums
from tests.union.steps import decided, of_office, through
from tests.union.test_decisions import received


def test_lines_name_their_office_and_who_gave_the_opinions(collected: Book, tmp_path: Path) -> None:
    rows = of_office(collected, "QS")
    through(collected, rows, tmp_path / "纪要.txt")
    lines = {line.row_id: line.cells for line in register_lines(collected)}
    assert len(lines) == sum(sums(collected, code)[0] for code in OFFICES)
    for row in rows:
        cells = lines[row.id]
        assert cells["institution"] == OFFICES["QS"]
        assert [cells[f"{stem}_by"] for stem in ("initial", "review", "determined")] == [
            CLERK, REVIEWER, LEADER,
        ]  # fmt: skip
        assert None not in [cells[f"{stem}_on"] for stem in ("initial", "review", "determined")]
    for row in of_office(collected, "BH"):
        cells = lines[row.id]
        assert (cells["institution"], cells["initial_by"]) == (OFFICES["BH"], CLERK)
        assert (cells["review_by"], cells["determined_by"]) == (None, None)


def test_the_office_names_who_determined_and_not_who_received(
    county: County, collected: Book, tmp_path: Path
) -> None:
    through(collected, of_office(collected, "QS"), tmp_path / "纪要.txt")
    received(county, "QS", decided(county, collected, tmp_path / "d")["QS"].path)
    with Book.open(county.book("QS"), write=False) as office:
        cells = [line.cells for line in register_lines(office)]
    assert {one["determined_by"] for one in cells} == {LEADER}
    assert HEAD not in {one["determined_by"] for one in cells}
    assert {one["review_by"] for one in cells} == {REVIEWER}


def test_a_loss_that_was_determined_stands_in_the_register(collected: Book, tmp_path: Path) -> None:
    from app.union.review import review
    from tests.union.county import DEPARTMENT
    from tests.union.steps import determined, entry
    from tests.union.test_review import row_of

    row = row_of(collected, class_="substandard")
    loss = f"{(row.expected_loss or 0) + 1:.2f}"
    given = entry(row.id, class_="次级", loss=loss, reason="联社测算")
    review(collected, [given], by=REVIEWER)
    review(collected, [entry(row.id, department_opinion="同意")], by=DEPARTMENT)
    determined(collected, [row], tmp_path / "纪要.txt")
    cells = next(line.cells for line in register_lines(collected) if line.row_id == row.id)
    assert f"{cells['expected_loss']:.2f}" == loss


def test_the_same_number_at_two_offices_is_no_double(county: County, collected: Book) -> None:
    from app.union.intake import collect

    for code in OFFICES:
        first = of_office(collected, code)[0].id

        def number(book: Book, row_id: str = first) -> None:
            book.set_values(row_id, {"asset_no": "A-1"}, by=CLERK)

        county.change(code, number)
        assert collect(collected, county.export(code), by=REVIEWER).taken
    assert [one for one in check_book(collected) if one.code == "E015"] == []


def test_a_union_prints_its_summary_and_reports_and_seals_nothing(
    county: County, collected: Book, tmp_path: Path
) -> None:
    from app.package.errors import PackageError
    from app.package.exporting import export_period
    from app.papers.sign import verify_pdf
    from tests.union.county import PASSPHRASE, quiet

    made = export_period(collected, tmp_path / "o", PASSPHRASE, by=LEADER, progress=quiet)
    names = {path.relative_to(tmp_path / "o").as_posix() for path in made.files}
    assert {"summary.xlsx", "report.docx", "forms/summary.pdf", "forms/report.pdf"} <= names
    assert not [name for name in names if name.endswith(".wjz")]
    assert all(verify_pdf(path).bottom_line for path in made.files if path.suffix == ".pdf")
    assert collected.period.state == "open"
    with pytest.raises(PackageError, match="package"):
        export_period(
            collected, tmp_path / "p", PASSPHRASE, by=LEADER, parts=("package",), progress=quiet
        )
    assert not (tmp_path / "p").exists()
