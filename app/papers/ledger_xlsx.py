"""The ledger (台账) as a workbook: one line per asset, its class period by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.files import replacing
from app.forms.classes import FiveClass
from app.papers import wording

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.followups import Followup

LEDGER_XLSX = "ledger.xlsx"
TITLE = "非信贷资产风险分类台账"
SHEET = "台账"
ID_HEAD = "编号"
WORSE, BETTER, SAME, NEW = "下迁", "上迁", "未变", "新建账"
_MONEY = ("金额", "准备", "损失", "增减")
_TOP = 3
_WIDTHS = {"资产名称": 28, "附表": 7, "责任人": 12}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Heads and cells of the sheet."""

    heads: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    """Made one by one: a county's ledger holds as many as its register."""
    count: int


def write_ledger(book: Book, out: Path) -> int:
    """Writes the ledger of the period; how many assets it holds, nothing where there are none."""
    from app.papers.workbook import open_workbook

    lines = book.followups()
    if not lines:
        return 0
    table = _table(book, lines)
    with replacing(out) as part, open_workbook(part) as workbook:
        _write(workbook, _about(book), table)
    return len(lines)


def _about(book: Book) -> str:
    office = f"{wording.OFFICE}：{book.institution.name}（{book.institution.code}）"
    day = f"{wording.BASE_DATE}：{wording.date_words(book.period.base_date)}"
    return "　".join((office, day, "金额单位：元"))


def _table(book: Book, lines: Sequence[Followup]) -> _Sheet:
    """Heads and cells: the periods are as many as the ledger has."""
    from app.book.followups import EDITABLE

    days = sorted({day for line in lines for day, _ in line.classes})
    offices = {line.institution for line in lines} != {""}
    heads = [ID_HEAD, *(["机构"] if offices else []), "附表", "资产名称"]
    heads += [f"{day.isoformat()}类别" for day in days]
    heads += [
        "类别变动",
        "账面金额",
        "账面比上期增减",
        "预计损失金额",
        *EDITABLE.values(),
        "建账日期",
    ]
    rows = (_cells(line, days, offices=offices) for line in lines)
    return _Sheet(tuple(heads), rows, len(lines))


def _cells(line: Followup, days: Sequence[date], *, offices: bool) -> tuple[Any, ...]:
    classes = dict(line.classes)
    growth = None if line.last_amount is None else line.carrying_amount - line.last_amount
    review = date.fromisoformat(line.next_review) if line.next_review else ""
    return (
        line.row_id, *([line.institution] if offices else []), line.table_id, line.name,
        *(classes[day].label if day in classes else "" for day in days),
        moved(line), line.carrying_amount, growth, line.expected_loss,
        line.provisions, line.disposed, line.recovered, line.responsible, review,
        line.set_up_at.astimezone().date(),
    )  # fmt: skip


def moved(line: Followup) -> str:
    """How the class went since the period before, in words."""
    if line.last_class is None:
        return NEW
    order = list(FiveClass)
    step = order.index(line.class_) - order.index(line.last_class)
    return WORSE if step > 0 else BETTER if step < 0 else SAME


def _write(workbook: Any, about: str, table: _Sheet) -> None:
    from app.papers.workbook import Formats, column_letters, put

    sheet, formats = workbook.add_worksheet(SHEET), Formats(workbook)
    for index, head in enumerate(table.heads):
        sheet.set_column(index, index, _WIDTHS.get(head, 16))
    sheet.write_string(0, 0, TITLE, formats.get(bold=True, font_size=16))
    sheet.write_string(1, 0, about, formats.get())
    for index, head in enumerate(table.heads):
        sheet.write_string(2, index, head, formats.header())
    money = formats.get(border=1, num_format="#,##0.00")
    day = formats.get(border=1, num_format="yyyy-mm-dd")
    text = formats.get(border=1, text_wrap=True)
    totals = [Decimal(0)] * len(table.heads)
    for number, cells in enumerate(table.rows, _TOP):
        for index, cell in enumerate(cells):
            totals[index] += cell if isinstance(cell, Decimal) else 0
            shape = money if isinstance(cell, Decimal) else day if isinstance(cell, date) else text
            put(sheet, number, index, cell, cell if isinstance(cell, str) else "", shape)
    last = _TOP + table.count
    bold = formats.get(border=1, bold=True, num_format="#,##0.00")
    for index, head in enumerate(table.heads):
        if not any(word in head for word in _MONEY):
            label = "合计" if index == 0 else ""
            put(sheet, last, index, label or None, label, bold)
            continue
        letters = column_letters(index)
        formula = f"=SUM({letters}{_TOP + 1}:{letters}{last})"
        sheet.write_formula(last, index, formula, bold, float(totals[index]))
    _set_up(sheet, last, len(table.heads))


def _set_up(sheet: Any, last: int, columns: int) -> None:
    sheet.freeze_panes(_TOP, 1)
    sheet.autofilter(2, 0, last - 1, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
