"""Indicators and migration as tables of figures: by table, by office, class before and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from app.book.indicators import progress_over_time
from app.forms.classes import FiveClass
from app.forms.schema import FieldType
from app.papers import wording
from app.papers.figures import ADDED, Figure, FigureRow, FigureTable
from app.papers.model import PaperColumn

if TYPE_CHECKING:
    from app.book.indicators import Indicators, IndicatorSheet
    from app.book.migration import Migration, Moved


def _column(key: str, title: str, kind: FieldType = "money", *group: str) -> PaperColumn:
    widths: dict[str, int] = {"money": 32, "rate": 22, "int": 16, "text": 34}
    return PaperColumn(key, title, tuple(group), widths[kind], kind)


_BAD, _LOSS, _PROVISIONS = "不良资产", "预计损失", "准备"
_FIRST = {
    "table": (PaperColumn("table", "表号", (), 18), PaperColumn("title", "认定表", (), 40)),
    "office": (PaperColumn("table", "机构代码", (), 24), PaperColumn("title", "机构", (), 40)),
}
_MEASURED = (
    _column("count", "笔数", "int"),
    _column("amount", "资产余额"),
    _column("bad", "余额", "money", _BAD),
    _column("ratio", "占比", "rate", _BAD),
    _column("loss", "金额", "money", _LOSS),
    _column("loss_rate", "损失率", "rate", _LOSS),
    _column("bad_loss", "其中不良", "money", _LOSS),
    _column("bad_loss_rate", "不良损失率", "rate", _LOSS),
    _column("provisions", "已提准备", "money", _PROVISIONS),
    _column("coverage", "拨备覆盖率", "rate", _PROVISIONS),
)
_BEFORE = (
    _column("ratio_before", "上期占比", "rate", _BAD),
    PaperColumn("progress", "进步度（百分点）", (_BAD,), 22, "money"),
)
_ALIKE = _column("ratio_alike", "本期可比占比", "rate", _BAD)
_ACROSS = (PaperColumn("across", "比平均（百分点）", (_BAD,), 22, "money"),)
_FORMULAS = {
    "ratio": "IF({amount}=0,0,{bad}/{amount})",
    "loss_rate": "IF({amount}=0,0,{loss}/{amount})",
    "bad_loss_rate": "IF({bad}=0,0,{bad_loss}/{bad})",
    "progress": "({ratio_before}-{ratio})*100",
}
_PROGRESS_ALIKE = "({ratio_before}-{ratio_alike})*100"
_COVERAGE = {
    "expected_loss": "IF({loss}=0,0,{provisions}/{loss})",
    "non_performing": "IF({bad}=0,0,{provisions}/{bad})",
}
_SUMMED = ("count", "amount", "bad", "loss", "bad_loss")


def indicator_table(
    sheet: IndicatorSheet,
    before: IndicatorSheet | None,
    words: str,
    left_out: str = "",
    alike: IndicatorSheet | None = None,
) -> FigureTable:
    """A line per determination table and their sum; with last period's ratio where there is one.

    `left_out` says which offices the comparison is without; `alike`: this period without them,
    where it has offices that last period had not.
    """
    lines = [
        _line(
            line,
            before.line(line.key) if before else None,
            f"附表{line.key}",
            alike=alike.line(line.key) if alike else line,
        )
        for line in sheet.lines
    ]
    whole = _line(
        sheet.total, before.total if before else None, "", alike=(alike or sheet).total, total=True
    )
    unassigned = sheet.total.provisions != sum(line.provisions for line in sheet.lines)
    formulas = dict.fromkeys(_SUMMED if unassigned else (*_SUMMED, "provisions"), ADDED)
    lines.append(FigureRow(whole.words, whole.values, {**whole.formulas, **formulas}, total=True))
    notes = [wording.coverage_note(sheet.total.base)]
    if before:
        notes += [wording.PROGRESS_ALIKE_NOTE if alike else wording.PROGRESS_NOTE, left_out]
    compared = (_ALIKE, *_BEFORE) if alike else _BEFORE
    return FigureTable(
        wording.indicators_title(words),
        wording.INDICATORS_SHEET,
        _columns("table", compared if before else ()),
        tuple(lines),
        "".join(notes),
    )


def office_table(
    offices: Sequence[Indicators], across: dict[str, Fraction], total: Indicators
) -> FigureTable:
    """A line per office with its ratio against the mean, and all together."""
    lines = []
    for office in offices:
        line = _line(office, None, office.key)
        values = {**line.values, "across": across[office.key]}
        lines.append(FigureRow(line.words, values, line.formulas))
    whole = _line(total, None, "", total=True)
    formulas = {**whole.formulas, **dict.fromkeys(_SUMMED, ADDED)}
    lines.append(FigureRow(whole.words, whole.values, formulas, total=True))
    note = wording.coverage_note(total.base) + wording.ACROSS_NOTE
    columns = _columns("office", _ACROSS)
    return FigureTable(wording.OFFICES_TITLE, wording.OFFICES_SHEET, columns, tuple(lines), note)


def _columns(kind: str, after_ratio: Iterable[PaperColumn]) -> tuple[PaperColumn, ...]:
    place = 1 + next(i for i, column in enumerate(_MEASURED) if column.key == "ratio")
    return (*_FIRST[kind], *_MEASURED[:place], *after_ratio, *_MEASURED[place:])


def _line(
    line: Indicators,
    before: Indicators | None,
    number: str,
    *,
    alike: Indicators | None = None,
    total: bool = False,
) -> FigureRow:
    """`alike`: what of the line is compared with `before`; None where nothing of it is."""
    values: dict[str, Figure] = {
        "count": line.all.count,
        "amount": line.all.amount,
        "bad": line.bad.amount,
        "ratio": line.non_performing_ratio,
        "loss": line.all.loss,
        "loss_rate": line.loss_rate,
        "bad_loss": line.bad.loss,
        "bad_loss_rate": line.bad_loss_rate,
        "provisions": line.provisions,
    }
    formulas = {**_FORMULAS, "coverage": _COVERAGE[line.base]}
    if line.coverage is not None:
        values["coverage"] = line.coverage
    if before is not None:
        values["ratio_before"] = before.non_performing_ratio
        if alike is not None:
            values["progress"] = progress_over_time(before, alike)
    if alike is not None and alike is not line:
        values["ratio_alike"] = alike.non_performing_ratio
        formulas["progress"] = _PROGRESS_ALIKE
    words = {"table": number, "title": line.title}
    return FigureRow(words, values, formulas, total=total)


# Migration

_CLASS_KEYS = (*(five.value for five in FiveClass), "open")
_NOW, _RATE = "本期类别", "下迁率"


def migration_tables(found: Migration, words: str, left_out: str = "") -> list[FigureTable]:
    """The matrix by number, by opening and by closing amount; `left_out`: of which offices not."""
    measures = (
        (wording.MIGRATION_COUNT, "count"),
        (wording.MIGRATION_OPENING, "before"),
        (wording.MIGRATION_CLOSING, "now"),
    )
    return [_matrix(found, words, measure, name, left_out) for measure, name in measures]


def _matrix(found: Migration, words: str, measure: str, name: str, left_out: str) -> FigureTable:
    kind: FieldType = "int" if name == "count" else "money"
    columns = [PaperColumn("title", "上期类别", (), 34)]
    columns += [_column(five.value, five.label, kind, _NOW) for five in FiveClass]
    columns += [_column("open", wording.OPEN_CLASS, kind, _NOW)]
    columns += [_column("gone", wording.GONE_ROWS, kind), _column("sum", wording.TOTAL, kind)]
    with_rate = name != "now"
    columns += [_column("rate", _RATE, "rate")] if with_rate else []
    rows = _matrix_rows(found, name, with_rate=with_rate)
    note = (wording.DOWNWARD_NOTE if with_rate else "") + left_out
    title, sheet = wording.migration_title(words, measure), wording.migration_sheet(measure)
    return FigureTable(title, sheet, tuple(columns), tuple(rows), note)


def _matrix_rows(found: Migration, name: str, *, with_rate: bool) -> list[FigureRow]:
    rows = []
    for before in (*FiveClass, None):
        cells = [found.of(before, now) for now in (*FiveClass, None)]
        cells.append(found.gone.get(before, _nothing()))
        values = _values([_measure(cell, name) for cell in cells])
        formulas = {"sum": _ROW_SUM}
        if with_rate and before is not None:
            values["rate"] = _down_rate(found, before, name)
            down = "+".join(f"{{{o.value}}}" for o in FiveClass if o.rank > before.rank) or "0"
            formulas["rate"] = f"IF({_KNOWN}=0,0,({down})/({_KNOWN}))"
        title = before.label if before else wording.OPEN_CLASS
        rows.append(FigureRow({"title": title, "rate": wording.NOT_COMPARED}, values, formulas))
    new = [found.new.get(now, _nothing()) for now in (*FiveClass, None)]
    new_values = _values([*(_measure(cell, name) for cell in new), 0])
    rows.append(FigureRow({"title": wording.NEW_ROWS}, new_values, {"sum": _ROW_SUM}))
    rows.append(_matrix_total(found, rows, name, with_rate=with_rate))
    return rows


_ROW_SUM = "ROUND(SUM({normal},{special_mention},{substandard},{doubtful},{loss},{open},{gone}),2)"
_KNOWN = "{normal}+{special_mention}+{substandard}+{doubtful}+{loss}"


def _nothing() -> Moved:
    from app.book.migration import Moved

    return Moved()


def _measure(cell: Moved, name: str) -> Figure:
    value: Figure = getattr(cell, name)
    return value


def _values(cells: Sequence[Figure]) -> dict[str, Figure]:
    values = dict(zip((*_CLASS_KEYS, "gone"), cells, strict=True))
    return {**values, "sum": sum(cells[1:], cells[0])}


def _down_rate(found: Migration, before: FiveClass, name: str) -> Fraction:
    if name == "before":
        return found.downward_rate_of(before)
    known = found.total(lambda was, now: was is before).count
    down = found.total(lambda was, now: was is before and now.rank > was.rank).count
    return Fraction(down, known) if known else Fraction(0)


def _matrix_total(
    found: Migration, rows: Sequence[FigureRow], name: str, *, with_rate: bool
) -> FigureRow:
    keys = (*_CLASS_KEYS, "gone", "sum")
    values: dict[str, Figure] = {
        key: sum((row.values[key] for row in rows[1:]), rows[0].values[key]) for key in keys
    }
    if with_rate:
        rate = found.downward_rate if name == "before" else found.downward_count_rate
        values["rate"] = rate
    formulas = {**dict.fromkeys(keys, ADDED), "rate": _total_rate()}
    return FigureRow({"title": wording.TOTAL}, values, formulas, total=True)


def _total_rate() -> str:
    """What came down over what both periods have, of the lines of the five classes."""
    codes = [five.value for five in FiveClass]
    worse = {five.value: [o.value for o in FiveClass if o.rank > five.rank] for five in FiveClass}
    down = [f"{{{now}_{place}}}" for place, was in enumerate(codes) for now in worse[was]]
    known = [f"{{{now}_{place}}}" for place in range(len(codes)) for now in codes]
    return f"IF(SUM({','.join(known)})=0,0,SUM({','.join(down)})/SUM({','.join(known)}))"
