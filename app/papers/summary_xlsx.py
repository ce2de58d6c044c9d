"""The summary as a workbook: every subtotal, ratio, difference and check is a live formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.files import replacing
from app.forms.classes import FiveClass
from app.papers import wording
from app.papers.figures import write_figure_sheet
from app.papers.sheet_fit import SheetFit, set_height
from app.papers.summary_checks import write_checks, write_table_sums
from app.papers.summary_tables import (
    CHANGE_COLUMNS,
    CLASS_COLUMNS,
    SummaryPaper,
    SummaryPart,
    indented,
)
from app.papers.workbook import (
    Formats,
    SheetPlaces,
    column_letters,
    new_workbook,
    set_up_print,
    sheet_name,
    write_head,
    write_signatures,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.book.summary import Summary, SummaryRow

_LINE_HEIGHT = 19
_ADDED = ("balance", *(c.value for c in FiveClass), "expected_loss", "count", "unreviewed")
"""Columns that a subtotal adds up; the others follow from them."""

_ROW_FORMULAS = {
    "classified": "ROUND(SUM({normal},{special_mention},{substandard},{doubtful},{loss},"
    "{unreviewed}),2)",
    "difference": "ROUND({balance}-{classified},2)",
    "performing": "ROUND({normal}+{special_mention},2)",
    "non_performing": "ROUND({substandard}+{doubtful}+{loss},2)",
    "non_performing_ratio": "IF({classified}=0,0,{non_performing}/{classified})",
    "loss_rate": "IF({classified}=0,0,{expected_loss}/{classified})",
}
_CHANGE_FORMULAS = {
    "classified_change": "ROUND({classified}-{classified_before},2)",
    "bad_change": "ROUND({bad}-{bad_before},2)",
    "ratio_before": "IF({classified_before}=0,0,{bad_before}/{classified_before})",
    "ratio": "IF({classified}=0,0,{bad}/{classified})",
    "ratio_change": "{ratio}-{ratio_before}",
    "loss_change": "ROUND({loss}-{loss_before},2)",
}
_CHANGE_ADDED = ("classified_before", "classified", "bad_before", "bad", "loss_before", "loss")
_FROM_CLASSES = {"classified": "classified", "bad": "non_performing", "loss": "expected_loss"}
"""Columns of the comparison that read this period's own sheet."""


def write_summary_xlsx(paper: SummaryPaper, out: Path) -> Path:
    """Writes the summary's sheets, the sums of the tables, and the check list."""
    with replacing(out) as part, new_workbook(part, paper.head) as workbook:
        writer = _Writer(workbook, paper)
        for summary_part in paper.parts:
            writer.add(summary_part)
        for table in paper.figures:
            write_figure_sheet(workbook, writer.formats, paper.head, table)
        sums = write_table_sums(workbook, writer.formats, paper)
        write_checks(workbook, writer.formats, paper, writer.places, sums)
    return out


class _Writer:
    """The workbook while its sheets are added; it knows where every figure stands."""

    def __init__(self, workbook: Workbook, paper: SummaryPaper) -> None:
        self.workbook = workbook
        self.formats = Formats(workbook)
        self.head = paper.head
        self.places: list[tuple[SummaryPart, SheetPlaces]] = []

    def add(self, part: SummaryPart) -> None:
        """Writes one table."""
        taken = [places.sheet for _, places in self.places]
        name = sheet_name(part.title.removeprefix(wording.SUMMARY_PREFIX), taken)
        sheet = self.workbook.add_worksheet(name)
        change = part.previous is not None
        columns = CHANGE_COLUMNS if change else CLASS_COLUMNS
        head = replace(self.head, title=part.title, table_id="")
        fit = SheetFit(columns)
        first = write_head(sheet, self.formats, head, fit)
        rows = {line.key: first + place for place, line in enumerate(part.summary.lines)}
        places = SheetPlaces(name, {c.key: column_letters(i) for i, c in enumerate(columns)}, rows)
        writer = _SheetWriter(sheet, self.formats, fit, places)
        if change:
            writer.write_change(part, self._own_places(part.summary))
        else:
            writer.write_classes(part.summary)
        self.places.append((part, places))
        below = first + len(rows)
        if part.note:
            sheet.write_string(below, 0, part.note, self.formats.get())
            below += 1
        write_signatures(sheet, self.formats, head, below)
        sheet.freeze_panes(first, 1)
        set_up_print(sheet, head, fit, first)

    def _own_places(self, summary: Summary) -> SheetPlaces | None:
        """Where this period's figures stand, when a sheet of theirs was written."""
        for part, places in self.places:
            if part.summary is summary and part.previous is None:
                return places
        return None


class _SheetWriter:
    """Writes the lines of one sheet."""

    def __init__(
        self,
        sheet: Worksheet,
        formats: Formats,
        fit: SheetFit,
        places: SheetPlaces,
    ) -> None:
        self.sheet = sheet
        self.formats = formats
        self.places = places
        self.fit = fit

    def write_classes(self, summary: Summary) -> None:
        """Amounts per class; subtotals add their parts."""
        for line in summary.lines:
            values = _class_values(line)

            def formula(key: str, line: SummaryRow = line) -> str:
                if key == "difference":
                    return self._difference(line)
                return self._formula(key, line, _ROW_FORMULAS, _ADDED)

            self._write_line(line, values, formula)

    def write_change(self, part: SummaryPart, own: SheetPlaces | None) -> None:
        """This period beside the last one."""
        assert part.previous is not None
        for line in part.summary.lines:
            values = _change_values(line, part.previous.line(line.key))

            def formula(key: str, line: SummaryRow = line) -> str:
                if own is not None and key in _FROM_CLASSES:
                    return own.elsewhere(_FROM_CLASSES[key], line.key)
                return self._formula(key, line, _CHANGE_FORMULAS, _CHANGE_ADDED)

            self._write_line(line, values, formula)

    def _difference(self, line: SummaryRow) -> str:
        """Subtotals add their parts' differences: netting subjects show none and count none."""
        if line.difference is None:
            return ""
        if line.sum_of:
            return f"ROUND(SUM({self._parts('difference', line)}),2)"
        if line.difference != line.balance - line.classified:
            return ""  # a line that holds netting subjects besides others
        return self._formula("difference", line, _ROW_FORMULAS, ())

    def _parts(self, key: str, line: SummaryRow) -> str:
        return ",".join(self.places.cell(key, part) for part in line.sum_of)

    def _formula(
        self, key: str, line: SummaryRow, formulas: dict[str, str], added: Sequence[str]
    ) -> str:
        places = self.places
        if key in formulas:
            cells = {name: places.cell(name, line.key) for name in places.letters}
            return formulas[key].format(**cells)
        if line.sum_of and key in added:
            parts = self._parts(key, line)
            return f"SUM({parts})" if key == "count" else f"ROUND(SUM({parts}),2)"
        return ""

    def _write_line(
        self,
        line: SummaryRow,
        values: dict[str, Decimal | Fraction | int],
        formula: Callable[[str], str],
    ) -> None:
        row = self.places.rows[line.key]
        set_height(self.sheet, row, _LINE_HEIGHT)
        bold = line.level == 1
        for col, column in enumerate(self.fit.columns):
            format_ = self.formats.cell(column, bold=bold)
            text = formula(column.key) if col else ""
            value = values.get(column.key)
            if value is not None:
                self.fit.see(col, f"{float(value):,.2f}")
            if not col:
                self.sheet.write_string(row, col, indented(line), format_)
            elif text:
                self.sheet.write_formula(row, col, f"={text}", format_, float(values[column.key]))
            elif value is not None:
                self.sheet.write_number(row, col, float(value), format_)
            else:
                self.sheet.write_string(row, col, wording.NOT_COMPARED, format_)


def _class_values(line: SummaryRow) -> dict[str, Decimal | Fraction | int]:
    values: dict[str, Decimal | Fraction | int] = {
        "balance": line.balance,
        "classified": line.classified,
        "performing": line.performing,
        "non_performing": line.non_performing,
        "non_performing_ratio": line.non_performing_ratio,
        "expected_loss": line.expected_loss,
        "loss_rate": line.loss_rate,
        "count": line.count,
        "unreviewed": line.unreviewed,
    }
    values |= {c.value: line.classes[c] for c in FiveClass}
    if line.difference is not None:
        values["difference"] = line.difference
    return values


def _change_values(line: SummaryRow, before: SummaryRow) -> dict[str, Decimal | Fraction | int]:
    old_ratio, ratio = before.non_performing_ratio, line.non_performing_ratio
    return {
        "classified_before": before.classified,
        "classified": line.classified,
        "classified_change": line.classified - before.classified,
        "bad_before": before.non_performing,
        "bad": line.non_performing,
        "bad_change": line.non_performing - before.non_performing,
        "ratio_before": old_ratio,
        "ratio": ratio,
        "ratio_change": ratio - old_ratio,
        "loss_before": before.expected_loss,
        "loss": line.expected_loss,
        "loss_change": line.expected_loss - before.expected_loss,
    }
