"""Table 2 as PDF: one sheet per big loss, each with the line for names and seal."""

from __future__ import annotations

from pathlib import Path

from app.files import replacing
from app.papers import wording
from app.papers.flow import Cell, Flow, Line, heading, label_cell, pair_lines
from app.papers.model import BigLossPaper, BigLossSheet, PaperItem, PaperResult, Progress
from app.papers.pen import MM
from app.papers.seal import Stamp
from app.papers.sheet import A4_PORTRAIT, Margins, Sheet

_MARGINS = Margins(left=20 * MM, right=14 * MM, top=14 * MM, bottom=8 * MM)
_LABEL = 0.18
_ROOMY = 15 * MM
_OPINION = 11 * MM


def write_big_loss_pdf(
    paper: BigLossPaper,
    out: Path,
    *,
    stamp: Stamp | None = None,
    progress: Progress | None = None,
) -> PaperResult:
    """Writes all sheets; the first one's seal is the picture of the signature."""
    with replacing(out) as part:
        with part.open("wb") as stream:
            sheet = Sheet(stream, paper.head, A4_PORTRAIT, _MARGINS, stamp=stamp)
            for done, content in enumerate(paper.sheets, 1):
                _SheetWriter(sheet, content).write()
                if progress is not None:
                    progress(done, paper.count)
            if not sheet.page:
                _draw_nothing(sheet)
            sheet.finish()
        return sheet.result(out)


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

    def __init__(self, sheet: Sheet, content: BigLossSheet) -> None:
        self.sheet = sheet
        self.content = content
        self.pages = 0
        self.flow = Flow(sheet, self._begin_page)

    def _begin_page(self) -> float:
        y = self.sheet.begin_page()
        self.pages += 1
        if self.pages == 1:
            title = f"{self.content.name}（{self.content.asset_id}）"
            self.sheet.file.add_bookmark(title, self.sheet.page_height)
        y = self.sheet.draw_title(y, continued=self.pages > 1)
        return self.sheet.draw_subtitle(y)

    def write(self) -> None:
        """Draws facts, texts, evidence, opinions, and the line for names and seal."""
        flow, content = self.flow, self.content
        facts = [(item.label, item.text) for item in content.facts]
        flow.add(*pair_lines([*facts, (wording.BIG_LOSS_ORIGIN, content.origin)], _LABEL))
        flow.add(*(_wide(item, _ROOMY) for item in content.accounts))
        flow.add(heading(wording.WP_EVIDENCE))
        flow.add(*self._evidence())
        flow.add(heading(wording.WP_OPINIONS))
        flow.add(*(_wide(item, _OPINION) for item in content.opinions))
        if content.missing:
            missing = PaperItem(wording.BIG_LOSS_MISSING, "、".join(content.missing))
            flow.add(_wide(missing, 0))
        flow.room(self.sheet.signature_height)
        self.sheet.draw_signatures(flow.y)
        self.sheet.end_page()

    def _evidence(self) -> list[Line]:
        items = self.content.evidence
        if not items:
            return [Line((Cell(wording.WP_NO_EVIDENCE, 1.0),))]
        texts = [f"{number}. {item.paper}" for number, item in enumerate(items, 1)]
        texts += [""] * (len(texts) % 2)
        pairs = zip(texts[::2], texts[1::2], strict=True)
        return [Line((Cell(left, 0.5), Cell(right, 0.5))) for left, right in pairs]


def _wide(item: PaperItem, least: float) -> Line:
    cells = (label_cell(item.label, _LABEL), Cell(item.text, 1 - _LABEL))
    return Line(cells, least=max(least, 6.5 * MM))
