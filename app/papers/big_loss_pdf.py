"""Table 2 as PDF: one sheet per big loss, each with the line for names and seal."""

from __future__ import annotations

from pathlib import Path

from app.files import replacing
from app.papers import wording
from app.papers.big_loss_list import MARGINS, draw_list, list_pages, subtitle_label
from app.papers.flow import Cell, Flow, Line, heading, label_cell, pair_lines
from app.papers.model import BigLossPaper, BigLossSheet, PaperItem, PaperResult, Progress
from app.papers.pen import MM
from app.papers.seal import Stamp
from app.papers.sheet import A4_PORTRAIT, Sheet

_LABEL = 0.18
_ROOMY = 15 * MM
_OPINION = 11 * MM
_PRINTED = (9 * MM, 7.5 * MM)
"""The same two where nobody writes by hand any more."""


def write_big_loss_pdf(
    paper: BigLossPaper,
    out: Path,
    *,
    stamp: Stamp | None = None,
    progress: Progress | None = None,
) -> PaperResult:
    """Writes all sheets; the first one's seal is the picture of the signature.

    A list of the sheets stands in front, and is drawn last: only then their pages are known.
    """
    with replacing(out) as part:
        with part.open("wb") as stream:
            sheet = Sheet(stream, paper.head, A4_PORTRAIT, MARGINS, stamp=stamp)
            if paper.lines:
                sheet.leave_front(list_pages(paper, stamp))
            pages = _draw_sheets(sheet, paper, progress)
            if paper.lines:
                sheet.begin_front()
                draw_list(sheet, paper, [pages.get(line.asset_id, 0) for line in paper.lines])
            if not sheet.page:
                _draw_nothing(sheet)
            sheet.finish()
        return sheet.result(out)


def _draw_sheets(sheet: Sheet, paper: BigLossPaper, progress: Progress | None) -> dict[str, int]:
    """Draws sheet after sheet; the page that each one begins on."""
    pages: dict[str, int] = {}
    for done, content in enumerate(paper.sheets, 1):
        pages[content.asset_id] = sheet.page + 1
        _SheetWriter(sheet, paper, content).write()
        if progress is not None:
            progress(done, paper.count)
    return pages


def _draw_nothing(sheet: Sheet) -> None:
    """A period without big losses still has its sealed sheet that says so."""

    def begin() -> float:
        return sheet.draw_subtitle(sheet.draw_title(sheet.begin_page()))

    flow = Flow(sheet, begin)
    flow.add(Line((Cell(wording.NO_SHEETS, 1.0, align="center"),), least=2 * _ROOMY))
    sheet.draw_signatures(flow.y)
    sheet.end_page()


class _SheetWriter:
    """Draws the sheet of one asset."""

    def __init__(self, sheet: Sheet, paper: BigLossPaper, content: BigLossSheet) -> None:
        self.sheet = sheet
        self.paper = paper
        self.content = content
        self.pages = 0
        self.flow = Flow(sheet, self._begin_page)

    def _begin_page(self) -> float:
        y = self.sheet.begin_page()
        self.pages += 1
        if self.pages == 1:
            title = f"{self.content.name}（{self.content.asset_id}）"
            words = " ".join(filter(None, (self.content.office, title)))
            self.sheet.file.add_bookmark(words, self.sheet.page_height)
        y = self.sheet.draw_title(y, continued=self.pages > 1)
        return self.sheet.draw_subtitle(y, label=subtitle_label(self.paper))

    def write(self) -> None:
        """Draws facts, texts, evidence, opinions, and the line for names and seal."""
        flow, content = self.flow, self.content
        roomy, opinion = _PRINTED if self.paper.answered else (_ROOMY, _OPINION)
        if content.office:
            flow.add(heading(content.office))
        facts = [(item.label, item.text) for item in content.facts]
        flow.add(*pair_lines([*facts, (wording.BIG_LOSS_ORIGIN, content.origin)], _LABEL))
        flow.add(*(_wide(item, roomy) for item in content.accounts))
        flow.add(heading(wording.WP_EVIDENCE))
        flow.add(*self._evidence())
        flow.add(heading(wording.WP_OPINIONS))
        closing = [_wide(item, opinion) for item in content.opinions]
        if content.missing:
            missing = PaperItem(wording.BIG_LOSS_MISSING, "、".join(content.missing))
            closing.append(_wide(missing, 0))
        self._close(closing)

    def _close(self, lines: list[Line]) -> None:
        """The last lines; names and seal never stand on a page of their own."""
        flow, sheet = self.flow, self.sheet
        flow.add(*lines[:-1])
        if not self.paper.consolidated and lines:
            flow.room(sheet.signature_height + lines[-1].least)
        flow.add(*lines[-1:])
        if not self.paper.consolidated:
            flow.room(sheet.signature_height)
            sheet.draw_signatures(flow.y)
        sheet.end_page()

    def _evidence(self) -> list[Line]:
        items = self.content.evidence
        if not items:
            return [Line((Cell(wording.NOTHING_ATTACHED, 1.0),))]
        texts = [f"{number}. {item.paper}" for number, item in enumerate(items, 1)]
        texts += [""] * (len(texts) % 2)
        pairs = zip(texts[::2], texts[1::2], strict=True)
        return [Line((Cell(left, 0.5), Cell(right, 0.5))) for left, right in pairs]


def _wide(item: PaperItem, least: float) -> Line:
    cells = (label_cell(item.label, _LABEL), Cell(item.text, 1 - _LABEL))
    return Line(cells, least=max(least, 6.5 * MM))
