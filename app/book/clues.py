"""Which rows may explain why a subject's rows do not add up to its balance in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.coding import to_fen, to_yuan
from app.book.ledger import Tie, amount_of
from app.forms.values import amount_text
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

MOST = 50
_SCALES = (10, 100, 1000, 10_000, 100_000_000)


@dataclass(frozen=True, slots=True)
class Clue:
    """A row that may be the reason for a difference, and why it may be."""

    row_id: str
    table_id: str
    name: str
    amount: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what a clue is looked for by."""

    id: str
    table_id: str
    seq: int
    name: str
    subject: str
    formed_on: str
    fen: int | None


def clues(store: Store, tie: Tie) -> list[Clue]:
    """The likeliest rows first; none where both agree, or where the ledger has nothing at all."""
    gap = to_fen(tie.ledger - tie.rows)
    if not gap or not tie.ledger:
        return []
    lines = _lines(store, tie)
    mine = [line for line in lines if _belongs(line, tie)]
    found: dict[str, Clue] = {}
    for line, why in (
        *_alike(mine, gap),
        *_scaled(mine, gap),
        *_exact(mine, lines, tie, gap),
        *_transposed(mine, gap),
        *_unfinished(store, mine, lines, tie, gap),
        *_pairs(mine, gap),
    ):
        found.setdefault(line.id, _clue(line, why))
        if len(found) >= MOST:
            break
    return list(found.values())


def _lines(store: Store, tie: Tie) -> list[_Line]:
    query = (
        select(
            rows.c.id, rows.c.table_id, rows.c.seq, rows.c.name, rows.c.subject, rows.c.formed_on,
            amount_of(tie.subject.tie_field).label("fen"),
        )
        .where(rows.c.period_id == store.period.id)
        .order_by(rows.c.table_id, rows.c.seq)
    )  # fmt: skip
    with store.read() as connection:
        return [
            _Line(line.id, line.table_id, line.seq, line.name or "", line.subject or "",
                  line.formed_on or "", line.fen)
            for line in connection.execute(query)
        ]  # fmt: skip


def _belongs(line: _Line, tie: Tie) -> bool:
    if tie.subject.side == "credit":
        return line.table_id == tie.subject.table
    return line.subject == tie.subject.code


def _clue(line: _Line, why: str) -> Clue:
    amount = None if line.fen is None else to_yuan(line.fen)
    return Clue(line.id, line.table_id, line.name, amount, why)


def _alike(mine: list[_Line], gap: int) -> Iterator[tuple[_Line, str]]:
    """Rows that stand there twice, while there is too much."""
    if gap > 0:
        return
    seen: dict[tuple[Any, ...], _Line] = {}
    for line in mine:
        if not line.fen or not line.name:
            continue
        first = seen.setdefault((line.name, line.formed_on, line.fen), line)
        if first is not line:
            yield line, f"与第{first.seq}笔的名称、日期和金额都相同，可能重复登记"


def _scaled(mine: list[_Line], gap: int) -> Iterator[tuple[_Line, str]]:
    """Amounts that are wrong by noughts: the unit was mistaken."""
    for line in mine:
        if not line.fen:
            continue
        for scale in _SCALES:
            if line.fen * (scale - 1) == gap:
                yield line, f"金额乘{scale}就一致，可能少填了{_noughts(scale)}"
            elif line.fen % scale == 0 and line.fen // scale - line.fen == gap:
                yield line, f"金额除以{scale}就一致，可能多填了{_noughts(scale)}"


def _noughts(scale: int) -> str:
    return f"{len(str(scale)) - 1}个0"


def _exact(
    mine: list[_Line], lines: list[_Line], tie: Tie, gap: int
) -> Iterator[tuple[_Line, str]]:
    """Rows whose amount is the difference itself."""
    if gap < 0:
        for line in mine:
            if line.fen == -gap:
                yield line, "金额正好等于多出的数，可能不在这个科目，或已经不在账上"
        return
    for line in lines:
        if line.fen == gap and not _belongs(line, tie):
            where = f"科目{line.subject}" if line.subject else "没有填科目"
            yield line, f"金额正好等于缺少的数，现在是{where}（附表{line.table_id}）"


def _transposed(mine: list[_Line], gap: int) -> Iterator[tuple[_Line, str]]:
    """Two neighbouring digits that were swapped; such differences are multiples of nine."""
    if gap % 9:
        return
    for line in mine:
        digits = str(line.fen) if line.fen and line.fen > 0 else ""
        for place in range(len(digits) - 1):
            one, two = digits[place], digits[place + 1]
            swapped = int(digits[:place] + two + one + digits[place + 2 :])
            if one != two and swapped - int(digits) == gap:
                right = amount_text(to_yuan(swapped))
                yield line, f"有两位数字可能颠倒，改为{right}就一致"
                break


def _unfinished(
    store: Store, mine: list[_Line], lines: list[_Line], tie: Tie, gap: int
) -> Iterator[tuple[_Line, str]]:
    """Rows that count nothing yet: no amount, no subject, or one the chart does not know."""
    if gap < 0:
        return
    for line in mine:
        if line.fen is None:
            yield line, "没有填金额，或金额读不出来"
    for line in lines:
        if line.table_id != tie.subject.table:
            continue
        if not line.subject:
            yield line, "没有填科目，还没有算进任何科目"
        elif line.subject not in store.chart:
            yield line, f"科目{line.subject}不在科目表里，没有算进来"


def _pairs(mine: list[_Line], gap: int) -> Iterator[tuple[_Line, str]]:
    """Two rows that together are too much."""
    if gap > 0:
        return
    seen: dict[int, _Line] = {}
    for line in mine:
        if not line.fen:
            continue
        other = seen.get(-gap - line.fen)
        if other is not None:
            why = "与第{}笔合起来正好等于多出的数"
            yield other, why.format(line.seq)
            yield line, why.format(other.seq)
            return
        seen.setdefault(line.fen, line)
