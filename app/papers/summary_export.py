"""The summary of a period as it stands, signed, in a folder of its own; nothing is sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.papers import wording
from app.papers.errors import PaperError
from app.papers.export import SUMMARY_XLSX, sign_paper
from app.papers.from_book import Sealing, local_time
from app.papers.index_page import INDEX, IndexPage, write_index
from app.papers.ledger_xlsx import LEDGER_XLSX, write_ledger
from app.papers.placing import desk_in, placing_into
from app.papers.summary_from_book import stages_with_opinions, summary_paper

if TYPE_CHECKING:
    from app.book.book import Book
    from app.papers.summary_tables import SummaryPaper

SUMMARY_PDF = "summary.pdf"


@dataclass(frozen=True, slots=True)
class SummaryMade:
    """The files of a summary, and what it says."""

    files: list[Path]
    paper: SummaryPaper


def export_summary(
    book: Book,
    out: Path,
    passphrase: str,
    *,
    beside: Sequence[str] = (),
    progress: Callable[[int, int, str], None],
) -> SummaryMade:
    """Writes summary.pdf, signed, summary.xlsx, index.html, and ledger.xlsx once there is one.

    A union's page has the totals only: its rows are in the packages of the offices. `beside` names
    other files of the folder that the page lists.
    """
    from app.book.followups import followup_count
    from app.book.keys import unlock
    from app.book.seal_picture import seal_picture
    from app.papers.seal import Stamp
    from app.papers.summary_tables import write_summary_pdf
    from app.papers.summary_xlsx import write_summary_xlsx

    if not book.row_count(None):
        raise PaperError(wording.nothing_to_report(book.period.base_date))
    key = unlock(book, passphrase)
    progress(0, 4, wording.ADDING_UP)
    sealing = sealing_of(book)
    paper = summary_paper(book, sealing)
    assert sealing.at is not None
    stamp = None
    if sealing.code or book.is_union:  # an open period's is a draft
        picture = seal_picture(book)
        stamp = Stamp(book.institution.name, sealing.at.date(), sealing.code, picture)
    with desk_in(out, "summary") as desk:
        ledger = (LEDGER_XLSX,) if followup_count(book.store) else ()
        names = (SUMMARY_PDF, SUMMARY_XLSX, *ledger, *beside)
        stage = stages_with_opinions(book)[-1]
        page = IndexPage(paper.head, stage, names, with_rows=not book.is_union)
        index = write_index(book, page, desk / INDEX)
        progress(1, 4, wording.making_file(SUMMARY_PDF))
        result = write_summary_pdf(paper, desk / SUMMARY_PDF, stamp=stamp)
        sign_paper(result, key, stamp)
        progress(2, 4, wording.making_file(SUMMARY_XLSX))
        workbook = write_summary_xlsx(paper, desk / SUMMARY_XLSX)
        progress(3, 4, wording.making_file(LEDGER_XLSX))
        made = {SUMMARY_PDF: result.path, SUMMARY_XLSX: workbook, INDEX: index}
        if write_ledger(book, desk / LEDGER_XLSX):
            made[LEDGER_XLSX] = desk / LEDGER_XLSX
        with placing_into(out, desk / "replaced") as placing:
            files = placing.put(made)
    return SummaryMade(files, paper)


def sealing_of(book: Book) -> Sealing:
    """The seal code of a sealed period with what was sealed; none while it is open."""
    from app.book.seal_record import seal_record

    period, record = book.period, seal_record(book)
    if record is not None:
        return Sealing(period.seal_code, local_time(record.at), record.head["people"])
    code = period.seal_code if period.state == "sealed" else ""
    moment = period.sealed_at if code and period.sealed_at else datetime.now()
    return Sealing(code, local_time(moment))
