"""The consolidated summary as printed tables: by class, before netting, against last period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.forms.classes import FiveClass
from app.forms.schema import FieldType
from app.forms.values import amount_text, half_up, percent_text
from app.papers import wording
from app.papers.model import PaperColumn, PaperHead, PaperResult, PaperRow, TablePaper
from app.papers.seal import Stamp

if TYPE_CHECKING:
    from app.book.summary import Summary, SummaryRow
    from app.book.types import CheckLine
    from app.papers.figures import FigureTable


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """One table of the summary: a stage's, the one before netting, or the change since last."""

    title: str
    summary: Summary
    previous: Summary | None = None
    """Given: the table compares the two."""
    note: str = ""
    """What a comparison leaves out, said below it."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """What one determination table adds up to."""

    table_id: str
    title: str
    count: int
    carrying_amount: Decimal
    expected_loss: Decimal


@dataclass(frozen=True, slots=True)
class SummaryPaper:
    """All tables of an office's summary; the workbook holds the sums and checks besides."""

    head: PaperHead
    parts: tuple[SummaryPart, ...]
    tables: tuple[TableSum, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    tolerance: Decimal = Decimal("0.00")
    """Difference up to which a check holds (a setting of the rule set)."""
    figures: tuple[FigureTable, ...] = ()
    """Indicators and migration."""


def write_summary_pdf(paper: SummaryPaper, out: Path, *, stamp: Stamp | None = None) -> PaperResult:
    """Writes the summary's tables one after the other; names and seal follow the last."""
    from app.papers.table_pdf import write_tables_pdf

    return write_tables_pdf(summary_tables(paper), out, stamp=stamp)


def summary_tables(paper: SummaryPaper) -> list[TablePaper]:
    """The parts as tables that the table writers can draw."""
    from app.papers.figures import printed

    tables = [_table(paper.head, part) for part in paper.parts]
    return tables + [printed(table, paper.head) for table in paper.figures]


def _table(head: PaperHead, part: SummaryPart) -> TablePaper:
    head = replace(head, title=part.title, table_id="")
    lines = part.summary.lines
    if part.previous is not None:
        rows = [_change_row(line, part.previous.line(line.key)) for line in lines]
        return TablePaper(head, CHANGE_COLUMNS, rows, len(rows), with_total=False, note=part.note)
    unreviewed = any(line.unreviewed for line in lines)
    columns = CLASS_COLUMNS if unreviewed else CLASS_COLUMNS[:-1]
    rows = [_class_row(line, columns) for line in lines]
    return TablePaper(head, columns, rows, len(rows), with_total=False, note=part.note)


def _column(key: str, title: str, kind: FieldType = "money", *group: str) -> PaperColumn:
    return PaperColumn(key, title, tuple(group), 18 if kind == "money" else 12, kind)


_FIVE = "五级分类"
CLASS_COLUMNS = (
    PaperColumn("title", "项目", (), 40),
    _column("balance", "总账余额"),
    _column("classified", "分类余额"),
    _column("difference", "差额"),
    _column("normal", "正常", "money", _FIVE),
    _column("special_mention", "关注", "money", _FIVE),
    _column("performing", "正常关注小计", "money", _FIVE),
    _column("substandard", "次级", "money", _FIVE),
    _column("doubtful", "可疑", "money", _FIVE),
    _column("loss", "损失", "money", _FIVE),
    _column("non_performing", "不良小计", "money", _FIVE),
    _column("non_performing_ratio", "不良占比", "rate"),
    _column("expected_loss", "预计损失额"),
    _column("loss_rate", "预计损失率", "rate"),
    _column("count", "笔数", "int"),
    _column("unreviewed", "未审"),
)
_CLASSIFIED, _BAD, _RATIO = "分类余额", "不良余额", "不良占比"
CHANGE_COLUMNS = (
    PaperColumn("title", "项目", (), 40),
    _column("classified_before", "上期", "money", _CLASSIFIED),
    _column("classified", "本期", "money", _CLASSIFIED),
    _column("classified_change", "增减", "money", _CLASSIFIED),
    _column("bad_before", "上期", "money", _BAD),
    _column("bad", "本期", "money", _BAD),
    _column("bad_change", "增减", "money", _BAD),
    _column("ratio_before", "上期", "rate", _RATIO),
    _column("ratio", "本期", "rate", _RATIO),
    _column("ratio_change", "增减百分点", "rate", _RATIO),
    _column("loss_before", "上期", "money", "预计损失额"),
    _column("loss", "本期", "money", "预计损失额"),
    _column("loss_change", "增减", "money", "预计损失额"),
)


def indented(line: SummaryRow) -> str:
    """The line's title, moved in by its level."""
    return "　" * (line.level - 1) + line.title


def _class_row(line: SummaryRow, columns: Sequence[PaperColumn]) -> PaperRow:
    difference = line.difference
    texts = {
        "title": indented(line),
        "balance": amount_text(line.balance),
        "classified": amount_text(line.classified),
        "difference": wording.NOT_COMPARED if difference is None else amount_text(difference),
        "performing": amount_text(line.performing),
        "non_performing": amount_text(line.non_performing),
        "non_performing_ratio": percent_text(line.non_performing_ratio),
        "expected_loss": amount_text(line.expected_loss),
        "loss_rate": percent_text(line.loss_rate),
        "count": str(line.count),
        "unreviewed": amount_text(line.unreviewed),
    }
    texts |= {c.value: amount_text(line.classes[c]) for c in FiveClass}
    return _row([texts[column.key] for column in columns])


def _change_row(line: SummaryRow, before: SummaryRow) -> PaperRow:
    texts = [indented(line)]
    for old, new in (
        (before.classified, line.classified),
        (before.non_performing, line.non_performing),
    ):
        texts += _amounts(old, new)
    old_ratio, ratio = before.non_performing_ratio, line.non_performing_ratio
    texts += [percent_text(old_ratio), percent_text(ratio), points_text(ratio - old_ratio)]
    texts += _amounts(before.expected_loss, line.expected_loss)
    return _row(texts)


def _amounts(old: Decimal, new: Decimal) -> list[str]:
    return [amount_text(old), amount_text(new), amount_text(new - old)]


def points_text(change: Fraction) -> str:
    """A change of a ratio in points, as +1.25."""
    points = half_up(change * 100, 2)
    return f"{points:+.2f}" if points else "0.00"


def _row(texts: Sequence[str]) -> PaperRow:
    return PaperRow(tuple(texts), (None,) * len(texts))
