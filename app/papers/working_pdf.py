"""Working papers as PDF: a cover, then a page or more for each asset, with a bookmark each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.files import replacing
from app.forms.values import amount_text
from app.papers import wording
from app.papers.flow import (
    PAD,
    Cell,
    Flow,
    Line,
    ending_together,
    heading,
    is_long,
    label_cell,
    pair_lines,
)
from app.papers.model import (
    PaperEvidence,
    PaperItem,
    PaperResult,
    PaperSection,
    Progress,
    WorkingPaper,
    WorkingPapers,
)
from app.papers.pen import MM
from app.papers.seal import ACCOUNTING_SIZE, Stamp, draw_accounting_stamp
from app.papers.sheet import A4_PORTRAIT, Margins, Sheet
from app.papers.text import wrap

_LABEL = 0.18
_HALF = 0.5 - _LABEL
_MARGINS = Margins(left=20 * MM, right=14 * MM, top=14 * MM, bottom=8 * MM)
_COVER_LABEL = 0.3
_NUMBER = 0.07
_CONFIRMATION = 0.52
_STAMPED = ACCOUNTING_SIZE[1] + 7 * MM
"""Height of the line with the accountant's stamp."""
_OPINION = 240
"""Characters of an opinion that is not parted from the confirmation below it."""
_ROOMY = 14 * MM
"""Least height of the main texts, as the printed form has it."""


def write_working_papers_pdf(
    papers: WorkingPapers,
    out: Path,
    *,
    stamp: Stamp | None = None,
    progress: Progress | None = None,
) -> PaperResult:
    """Writes all working papers of a table; the office's seal belongs on the cover."""
    with replacing(out) as part:
        with part.open("wb") as stream:
            sheet = Sheet(
                stream,
                papers.head,
                A4_PORTRAIT,
                _MARGINS,
                title=wording.WORKING_PAPERS,
                stamp=stamp,
            )
            _draw_cover(sheet, papers)
            for done, paper in enumerate(papers.papers, 1):
                _PaperWriter(sheet, paper).write()
                if progress is not None:
                    progress(done, papers.count)
            sheet.finish()
        return sheet.result(out)


def _draw_cover(sheet: Sheet, papers: WorkingPapers) -> None:
    head = papers.head
    y = sheet.begin_page() - 62 * MM
    middle = (sheet.left + sheet.right) / 2
    for line in wrap(sheet.prepare(wording.WORKING_PAPERS), sheet.width, 24):
        sheet.pen.centred(middle, y, line, 24, bold=0.5)
        y -= 34
    sheet.pen.centred(middle, y - 4, sheet.prepare(f"（{head.title}）"), 13)
    facts = [
        (wording.OFFICE, f"{head.office}（{head.institution_code}）"),
        (wording.BASE_DATE, wording.date_words(head.base_date)),
        (wording.WP_COVER_TABLE, f"{head.number}　{head.title}"),
        (wording.WP_COVER_COUNT, wording.count_words(papers.count)),
        (wording.WP_COVER_AMOUNT, wording.amount_with_unit(papers.carrying_amount)),
    ]
    flow = Flow(sheet, lambda: y - 26 * MM)
    flow.add(*(_cover_line(label, text) for label, text in facts))
    sheet.draw_signatures(flow.y - 16 * MM, 10.0)
    sheet.end_page()


def _cover_line(label: str, text: str) -> Line:
    label_part = Cell(label, _COVER_LABEL, label=True, align="center", size=11)
    return Line((label_part, Cell(text, 1 - _COVER_LABEL, size=11)), least=11 * MM)


class _PaperWriter:
    """Draws the working paper of one asset."""

    def __init__(self, sheet: Sheet, paper: WorkingPaper) -> None:
        self.sheet = sheet
        self.paper = paper
        self.pages = 0
        self.flow = Flow(sheet, self._begin_page)

    def _begin_page(self) -> float:
        y = self.sheet.begin_page()
        self.pages += 1
        if self.pages == 1:
            paper = self.paper
            title = f"{paper.seq}　{paper.name}（{paper.asset_id}）{paper.result}"
            self.sheet.file.add_bookmark(title, self.sheet.page_height)
        y = self.sheet.draw_title(y, continued=self.pages > 1)
        y = self.sheet.draw_subtitle(y)
        return y if self.pages == 1 else self._draw_whose(y)

    def _draw_whose(self, y: float) -> float:
        """On further pages: whose paper it is."""
        paper, size = self.paper, 9.0
        text = self.sheet.prepare(f"{paper.asset_id}　{paper.name}")
        for line in wrap(text, self.sheet.width, size):
            self.sheet.pen.text(self.sheet.left, y - size, line, size)
            y -= size * 1.4
        return y - 1 * MM

    def write(self) -> None:
        """Draws the official paper with the accountant's stamp, then all that the table asks."""
        self.flow.add(*self._facts())
        self.flow.add(*(_wide(item, _ROOMY) for item in self.paper.narrative))
        self._add_evidence()
        self._add_agreements()
        closing = [*self._opinions(), self._confirmation()]
        self.flow.add(*ending_together(closing, _OPINION))
        self._draw_stamp()
        self._add_reasons()
        sections = [line for section in self.paper.sections for line in self._items(section)]
        self.flow.add(*ending_together(sections))
        self.sheet.end_page()

    def _facts(self) -> list[Line]:
        paper = self.paper
        facts = [
            (wording.WP_ITEM, paper.item),
            (wording.WP_ID, paper.asset_id),
            (wording.WP_NAME, paper.name),
            (wording.WP_SEQ, str(paper.seq)),
            (paper.amount_label, amount_text(paper.amount)),
            (wording.WP_CAPITALS, paper.capitals),
            (wording.WP_LOSS, paper.loss),
            (wording.WP_RATE, paper.loss_rate),
            (wording.WP_FORMED, paper.formed_on),
        ]
        lines = pair_lines(facts[:-1], _LABEL)
        label, formed = facts[-1]
        result = Cell(paper.result or wording.WP_OPEN, _HALF, size=11, bold=0.25)
        cells = (label_cell(label, _LABEL), Cell(formed, _HALF))
        lines.append(Line((*cells, label_cell(wording.WP_RESULT, _LABEL), result)))
        return lines

    def _add_reasons(self) -> None:
        shares = (_NUMBER, 0.39, 0.11, 1 - 0.39 - 0.11 - _NUMBER)
        heads = (wording.WP_NUMBER, wording.WP_FOUND, wording.WP_DEMANDS, wording.WP_BASIS)
        rows = [
            (str(number), reason.text, reason.demands, reason.basis)
            for number, reason in enumerate(self.paper.reasons, 1)
        ]
        self._add_list(wording.WP_REASONS, heads, shares, rows, wording.WP_NO_REASONS)

    def _add_evidence(self) -> None:
        shares = (_NUMBER, 0.45, 0.13, 1 - 0.45 - 0.13 - _NUMBER)
        heads = (wording.WP_NUMBER, wording.WP_PAPER, wording.WP_STATE, wording.WP_FILES)
        rows = [
            (str(number), item.paper, state_words(item), "、".join(item.files))
            for number, item in enumerate(self.paper.evidence, 1)
        ]
        self._add_list(wording.WP_EVIDENCE, heads, shares, rows, wording.WP_NO_EVIDENCE)

    def _add_list(
        self,
        title: str,
        heads: tuple[str, ...],
        shares: tuple[float, ...],
        rows: Sequence[tuple[str, ...]],
        nothing: str,
    ) -> None:
        flow = self.flow
        flow.add(heading(title))
        if not rows:
            flow.add(Line((Cell(nothing, 1.0),)))
            return
        cells = tuple(label_cell(text, share) for text, share in zip(heads, shares, strict=True))
        flow.add(Line(cells, with_next=True))
        for row in rows:
            flow.add(
                Line(
                    tuple(
                        Cell(text, share, align="center" if share < 0.2 else "left")
                        for text, share in zip(row, shares, strict=True)
                    )
                )
            )

    def _add_agreements(self) -> None:
        agreements = self.paper.agreements
        if not agreements:
            return
        share = 1 / len(agreements)
        words = {True: wording.WP_AGREES, False: wording.WP_DIFFERS, None: ""}
        self.flow.add(heading(wording.WP_AGREEMENTS))
        heads = tuple(label_cell(item.label, share) for item in agreements)
        states = tuple(Cell(words[item.holds], share, align="center") for item in agreements)
        self.flow.add(Line(heads, with_next=True), Line(states))

    def _items(self, section: PaperSection) -> list[Line]:
        if not section.items:
            return []
        lines = [heading(f"{wording.WP_FIELDS}：{section.title}")]
        room = _HALF * self.sheet.width - 2 * PAD
        short: list[tuple[str, str]] = []
        for item in section.items:
            if item.wide or is_long(self.sheet.prepare(item.text), room):
                lines += [*pair_lines(short, _LABEL), _wide(item)]
                short = []
            else:
                short.append((item.label, item.text))
        return lines + pair_lines(short, _LABEL)

    def _opinions(self) -> list[Line]:
        paper, lines = self.paper, []
        if paper.opinions:
            lines += [heading(wording.WP_OPINIONS), *map(_wide, paper.opinions)]
        if paper.kept:
            lines += [heading(wording.WP_KEPT), *(Line((Cell(text, 1.0),)) for text in paper.kept)]
        return lines

    def _confirmation(self) -> Line:
        """The accountant's words left, room for his stamp right; no figure stands below it."""
        paper = self.paper
        text = wording.WP_CONFIRMED_TEXT if paper.confirmed_by else wording.NOT_CONFIRMED
        prepared = wording.labelled(wording.WP_PREPARED_BY, paper.prepared_by)
        accountant = wording.labelled(wording.WP_ACCOUNTANT, paper.confirmed_by)
        words = f"{text}\n{prepared}　　{accountant}"
        cells = (
            label_cell(wording.WP_CONFIRMATION, _LABEL),
            Cell(words, _CONFIRMATION),
            Cell("", 1 - _CONFIRMATION - _LABEL),
        )
        return Line(cells, least=_STAMPED)

    def _draw_stamp(self) -> None:
        """Into the line that was drawn last."""
        sheet, paper, flow = self.sheet, self.paper, self.flow
        if paper.confirmed_by:
            box_width = (1 - _CONFIRMATION - _LABEL) * sheet.width
            left = sheet.right - box_width + (box_width - ACCOUNTING_SIZE[0]) / 2
            draw_accounting_stamp(
                sheet.pen,
                left,
                flow.y + (_STAMPED - ACCOUNTING_SIZE[1]) / 2,
                office=sheet.head.office,
                name=paper.confirmed_by,
                day=paper.confirmed_on,
            )


def _wide(item: PaperItem, least: float = 0.0) -> Line:
    cells = (label_cell(item.label, _LABEL), Cell(item.text, 1 - _LABEL))
    return Line(cells, least=least) if least else Line(cells)


def state_words(item: PaperEvidence) -> str:
    """已附, 未附, or 未登记."""
    if item.present is None:
        return wording.UNKNOWN
    return wording.ATTACHED if item.present else wording.LACKING
