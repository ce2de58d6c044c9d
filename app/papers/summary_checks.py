"""The last sheets of the summary workbook: sums of the tables, and the check list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from app.forms.schema import FieldType
from app.papers import wording
from app.papers.model import PaperColumn
from app.papers.sheet_fit import SheetFit, set_height
from app.papers.summary_tables import SummaryPaper, SummaryPart, TableSum
from app.papers.workbook import (
    Formats,
    SheetPlaces,
    column_letters,
    set_up_print,
    write_head,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def _column(key: str, title: str, width: int, kind: FieldType = "text") -> PaperColumn:
    return PaperColumn(key, title, (), width, kind)


_SUM_COLUMNS = (
    _column("table_id", "表号", 20),
    _column("title", "认定表", 60),
    _column("count", "笔数", 16, "int"),
    _column("carrying_amount", "账面金额", 34, "money"),
    _column("expected_loss", "预计损失额", 34, "money"),
    _column("loss_rate", "预计损失率", 24, "rate"),
)
_CHECK_COLUMNS = (
    _column("relation", "关系表达式", 110),
    PaperColumn("category", "校验类别", (), 20, "one"),
    PaperColumn("result", "校验结果", (), 20, "one"),
    _column("left", "左值", 34, "money"),
    _column("right", "右值", 34, "money"),
    _column("difference", "差值", 30, "money"),
)
_LEFT, _RIGHT, _DIFFERENCE = 3, 4, 5


@dataclass(frozen=True, slots=True)
class _Check:
    """One line of the list; either side may be read live from a sheet."""

    relation: str
    category: str
    left: Decimal
    right: Decimal
    left_formula: str = ""
    right_formula: str = ""


def write_table_sums(workbook: Workbook, formats: Formats, paper: SummaryPaper) -> SheetPlaces:
    """A line per determination table, and their sum; where the figures stand."""
    sheet = workbook.add_worksheet(wording.TABLE_SUMS_SHEET)
    head = replace(paper.head, title=wording.TABLE_SUMS_TITLE, table_id="")
    fit = SheetFit(_SUM_COLUMNS)
    first = write_head(sheet, formats, head, fit)
    letters = {column.key: column_letters(i) for i, column in enumerate(_SUM_COLUMNS)}
    rows = {table.table_id: first + i for i, table in enumerate(paper.tables)}
    places = SheetPlaces(sheet.get_name(), letters, rows | {"": first + len(rows)})
    for table in paper.tables:
        _write_sum(sheet, formats, places, table)
    total = TableSum(
        "",
        wording.TOTAL,
        sum(table.count for table in paper.tables),
        sum((table.carrying_amount for table in paper.tables), Decimal("0.00")),
        sum((table.expected_loss for table in paper.tables), Decimal("0.00")),
    )
    _write_sum(sheet, formats, places, total, over=(first, first + len(rows)))
    sheet.freeze_panes(first, 2)
    set_up_print(sheet, head, fit, first)
    return places


def _write_sum(
    sheet: Worksheet,
    formats: Formats,
    places: SheetPlaces,
    table: TableSum,
    over: tuple[int, int] | None = None,
) -> None:
    row = places.rows[table.table_id]
    styles = [formats.cell(column, bold=over is not None) for column in _SUM_COLUMNS]
    sheet.write_string(row, 0, f"附表{table.table_id}" if table.table_id else "", styles[0])
    sheet.write_string(row, 1, table.title, styles[1])
    amounts: tuple[Decimal | int, ...] = (table.count, table.carrying_amount, table.expected_loss)
    for col, (key, value) in enumerate(zip(("count", *_AMOUNTS), amounts, strict=True), 2):
        if over is not None and over[1] > over[0]:
            letters = places.letters[key]
            formula = f"=SUM({letters}{over[0] + 1}:{letters}{over[1]})"
            sheet.write_formula(row, col, formula, styles[col], float(value))
        else:
            sheet.write_number(row, col, float(value), styles[col])
    amount, loss = (places.cell(key, table.table_id) for key in _AMOUNTS)
    rate = Fraction(0)
    if table.carrying_amount:
        rate = Fraction(table.expected_loss) / Fraction(table.carrying_amount)
    sheet.write_formula(row, 5, f"=IF({amount}=0,0,{loss}/{amount})", styles[5], float(rate))


_AMOUNTS = ("carrying_amount", "expected_loss")


def write_checks(
    workbook: Workbook,
    formats: Formats,
    paper: SummaryPaper,
    written: Sequence[tuple[SummaryPart, SheetPlaces]],
    sums: SheetPlaces,
) -> None:
    """The check list: differences and results are formulas; sides too, where a sheet has them."""
    checks = [*_sheet_checks(written), *_sum_checks(paper, written, sums)]
    checks += [_Check(c.relation, c.category, c.left, c.right) for c in paper.checks]
    sheet = workbook.add_worksheet(wording.CHECKS_SHEET)
    head = replace(paper.head, title=wording.CHECKS_TITLE, table_id="")
    fit = SheetFit(_CHECK_COLUMNS)
    first = write_head(sheet, formats, head, fit)
    for row, check in enumerate(checks, first):
        set_height(sheet, row, fit.height([check.relation, "", "", "", "", ""]))
        _write_check(sheet, formats, row, check, paper.tolerance)
    sheet.freeze_panes(first, 1)
    set_up_print(sheet, head, fit, first)


def _write_check(
    sheet: Worksheet, formats: Formats, row: int, check: _Check, tolerance: Decimal
) -> None:
    styles = [formats.cell(column) for column in _CHECK_COLUMNS]
    difference = check.left - check.right
    result = wording.CHECK_HOLDS if abs(difference) <= tolerance else wording.CHECK_FAILS
    left, right = (f"{column_letters(col)}{row + 1}" for col in (_LEFT, _RIGHT))
    delta = f"{column_letters(_DIFFERENCE)}{row + 1}"
    sheet.write_string(row, 0, check.relation, styles[0])
    sheet.write_string(row, 1, check.category, styles[1])
    test = f'=IF(ABS({delta})<={tolerance},"{wording.CHECK_HOLDS}","{wording.CHECK_FAILS}")'
    sheet.write_formula(row, 2, test, styles[2], result)
    sides = ((_LEFT, check.left, check.left_formula), (_RIGHT, check.right, check.right_formula))
    for col, value, formula in sides:
        if formula:
            sheet.write_formula(row, col, f"={formula}", styles[col], float(value))
        else:
            sheet.write_number(row, col, float(value), styles[col])
    subtraction = f"=ROUND({left}-{right},2)"
    sheet.write_formula(row, _DIFFERENCE, subtraction, styles[_DIFFERENCE], float(difference))


def _sheet_checks(written: Sequence[tuple[SummaryPart, SheetPlaces]]) -> list[_Check]:
    """Each class sheet: what is added across must be what is added down."""
    checks = []
    for part, places in written:
        if part.previous is not None:
            continue
        for line in part.summary.lines:
            if not line.sum_of:
                continue
            parts = [part.summary.line(key) for key in line.sum_of]
            down = sum((one.classified for one in parts), Decimal("0.00"))
            cells = ",".join(places.elsewhere("classified", key) for key in line.sum_of)
            checks.append(
                _Check(
                    wording.adds_up(places.sheet, line.title),
                    wording.WITHIN_TABLE,
                    line.classified,
                    down,
                    places.elsewhere("classified", line.key),
                    f"SUM({cells})",
                )
            )
    return checks


def _sum_checks(
    paper: SummaryPaper, written: Sequence[tuple[SummaryPart, SheetPlaces]], sums: SheetPlaces
) -> list[_Check]:
    """The summary before netting must be the sum of the tables."""
    checks = []
    for part, places in written:
        if part.previous is not None or part.summary.netted:
            continue
        total = part.summary.total
        for key, mine, label in (
            ("carrying_amount", "classified", "分类余额"),
            ("expected_loss", "expected_loss", "预计损失额"),
        ):
            added = sum((getattr(table, key) for table in paper.tables), Decimal("0.00"))
            checks.append(
                _Check(
                    wording.equals_tables(places.sheet, total.title, label),
                    wording.ACROSS_TABLES,
                    getattr(total, mine),
                    added,
                    places.elsewhere(mine, total.key),
                    sums.elsewhere(key, ""),
                )
            )
    return checks
