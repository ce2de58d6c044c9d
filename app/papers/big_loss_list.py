"""The list in front of many sheets of table 2: each with its amounts and its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import groupby

from app.forms.values import amount_text
from app.papers import wording
from app.papers.flow import Cell, Flow, Line
from app.papers.model import BigLossLine, BigLossPaper
from app.papers.pen import MM
from app.papers.seal import Stamp
from app.papers.sheet import A4_PORTRAIT, Margins, Sheet

MARGINS = Margins(left=20 * MM, right=14 * MM, top=14 * MM, bottom=8 * MM)
_SHARES = (0.055, 0.15, 0.12, 0.23, 0.07, 0.16, 0.16, 0.055)
_ALIGNS = ("center", "left", "left", "left", "center", "right", "right", "center")
_OFFICE, _NAME = 1, 3
_SIZE = 8.5


def list_pages(paper: BigLossPaper, stamp: Stamp | None) -> int:
    """How many pages the list takes: it is laid out once on paper that is thrown away."""
    sheet = Sheet(BytesIO(), paper.head, A4_PORTRAIT, MARGINS, stamp=stamp)
    draw_list(sheet, paper, ())
    return sheet.page


def draw_list(sheet: Sheet, paper: BigLossPaper, pages: Sequence[int]) -> None:
    """Draws the list; `pages` says where each sheet begins, 0 or nothing where it is not known."""
    shares = _shares(paper)
    flow = Flow(sheet, lambda: _begin_page(sheet, paper, shares))
    for line in _lines(paper, pages, shares):
        flow.add(line)
    if paper.consolidated:
        flow.room(sheet.signature_height)
        sheet.draw_signatures(flow.y)
    sheet.end_page()


def _shares(paper: BigLossPaper) -> tuple[float, ...]:
    """The widths of the columns; an office's own list needs no column for the office."""
    if paper.consolidated:
        return _SHARES
    shares = list(_SHARES)
    shares[_NAME] += shares[_OFFICE]
    shares[_OFFICE] = 0.0
    return tuple(shares)


def _begin_page(sheet: Sheet, paper: BigLossPaper, shares: Sequence[float]) -> float:
    first = sheet.page == 0
    y = sheet.draw_title(sheet.begin_page(), title=wording.BIG_LOSS_LIST, continued=not first)
    y = sheet.draw_subtitle(y, label=subtitle_label(paper))
    head = Flow(sheet, lambda: y)
    head.add(_row(wording.BIG_LOSS_COLUMNS, shares, head=True))
    return head.y


def subtitle_label(paper: BigLossPaper) -> str:
    """What the institution in the head is to the paper: it filled it in, or brought it together."""
    return wording.CONSOLIDATOR if paper.consolidated else wording.OFFICE


def _lines(paper: BigLossPaper, pages: Sequence[int], shares: Sequence[float]) -> Iterator[Line]:
    place = 0
    for office, found in groupby(paper.lines, key=lambda line: line.office):
        mine = list(found)
        for line in mine:
            page = pages[place] if place < len(pages) else 0
            place += 1
            yield _row(_texts(place, line, page), shares)
        if paper.consolidated:
            yield _sum_line(wording.subtotal_of(office, len(mine)), mine, shares)
    yield _sum_line(wording.total_of(len(paper.lines)), paper.lines, shares)


def _texts(number: int, line: BigLossLine, page: int) -> tuple[str, ...]:
    return (
        str(number), line.office, line.asset_id, line.name, line.table_id,
        amount_text(line.amount), amount_text(line.loss), str(page or ""),
    )  # fmt: skip


def _row(texts: Sequence[str], shares: Sequence[float], *, head: bool = False) -> Line:
    cells = zip(texts, shares, _ALIGNS, strict=True)
    return Line(
        tuple(
            Cell(text, share, label=head, align="center" if head else align, size=_SIZE)
            for text, share, align in cells
            if share
        )
    )


def _sum_line(title: str, lines: Sequence[BigLossLine], shares: Sequence[float]) -> Line:
    amount = sum((line.amount for line in lines), Decimal("0.00"))
    loss = sum((line.loss for line in lines), Decimal("0.00"))
    *titled, first, second, last = shares
    return Line(
        (
            Cell(title, sum(titled), size=_SIZE, bold=0.2),
            Cell(amount_text(amount), first, align="right", size=_SIZE, bold=0.2),
            Cell(amount_text(loss), second, align="right", size=_SIZE, bold=0.2),
            Cell("", last, size=_SIZE),
        )
    )
