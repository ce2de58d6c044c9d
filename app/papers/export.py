"""All papers of a period into a folder: written, stamped, signed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.papers import from_book, wording
from app.papers.from_book import Sealing
from app.papers.model import MissingCharacter, PaperResult
from app.papers.summary_from_book import summary_paper

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import KeptWarning
    from app.papers.seal import Stamp
    from app.papers.sign import PaperKey

ExportProgress = Callable[[int, int, str], None]
FORMS, SUMMARY, REPORT = "forms", "summary", "report"
BIG_LOSS_SET = "big_losses"
"""Every sheet of table 2 as it stands now: goes with the reports where no forms are made."""
BIG_LOSSES_PDF = "big-losses.pdf"
TABLES_XLSX = "tables.xlsx"
SUMMARY_XLSX = "summary.xlsx"
REPORT_DOCX, LOSS_REPORT_DOCX = "report.docx", "loss-report.docx"
SHARE = 1000
"""What each file counts for in the progress of the whole."""


@dataclass(frozen=True, slots=True)
class PapersMade:
    """The files by the name they have in a package, and what could not be drawn in them."""

    files: dict[str, Path] = field(default_factory=dict)
    missing: list[tuple[str, MissingCharacter]] = field(default_factory=list)
    """File name and character that no font has; it is printed as 〔U+…〕."""
    left_out: list[str] = field(default_factory=list)
    """Why something that was asked for is not there."""

    @property
    def notes(self) -> list[str]:
        """Lines for the user: what there is none of, and characters that could not be drawn."""
        return self.left_out + [
            wording.missing_character(name, lack.character, lack.code_point, lack.found_in)
            for name, lack in self.missing
        ]


def make_papers(
    book: Book,
    folder: Path,
    *,
    seal_code: str,
    key: PaperKey | None,
    at: datetime | None = None,
    seal_picture: bytes | None = None,
    people: Mapping[str, Sequence[str]] | None = None,
    kept: Sequence[KeptWarning] | None = None,
    parts: Iterable[str] = (FORMS, SUMMARY),
    progress: ExportProgress | None = None,
) -> PapersMade:
    """Writes the papers of the period into the folder.

    With a key every PDF is signed, and with a seal code too the seal stands on it as the
    signature's picture; without one of them the papers are drafts without a seal. ``at`` is the
    moment of sealing, now by default; ``people`` and ``kept`` what was sealed, by default what
    the book holds now.
    """
    moment = from_book.local_time(at or datetime.now())
    sealing = Sealing(seal_code if key else "", moment, people, kept)
    parts = tuple(parts)
    maker = _Maker(book, folder, sealing, key, seal_picture)
    if progress is not None:
        maker.progress = progress
        maker.planned = maker.count(parts)
    if FORMS in parts:
        maker.make_forms()
    if SUMMARY in parts:
        maker.make_summary()
    if REPORT in parts:
        maker.make_reports()
    if BIG_LOSS_SET in parts:
        maker.make_big_loss_set()
    return maker.made


class _Maker:
    """Writes one paper after the other."""

    def __init__(
        self,
        book: Book,
        folder: Path,
        sealing: Sealing,
        key: PaperKey | None,
        picture: bytes | None,
    ) -> None:
        from app.papers.seal import Stamp

        self.book = book
        self.folder = folder
        self.key = key
        self.sealing = sealing
        self.stamp = None
        # A union seals nothing, but its reports are no drafts either.
        stamped = bool(sealing.code) or (book.is_union and key is not None)
        if stamped and sealing.at is not None:
            day = sealing.at.date()
            self.stamp = Stamp(book.institution.name, day, sealing.code, picture)
        self.made = PapersMade()
        self.progress: ExportProgress | None = None
        self.planned = self.begun = self.shown = 0

    def count(self, parts: Collection[str]) -> int:
        """How many files (and readings of all rows) there will be: what progress goes through."""
        tables = len(from_book.filled_tables(self.book))
        forms = 2 * tables + (from_book.BIG_LOSSES in self.book.ruleset.tables) + 1
        counts = {FORMS: forms, SUMMARY: 1, REPORT: 5, BIG_LOSS_SET: 1}
        return sum(count for part, count in counts.items() if part in parts)

    def make_forms(self) -> None:
        """Tables, working papers, table 2, and the workbook of the tables."""
        from app.papers.big_loss_pdf import write_big_loss_pdf
        from app.papers.table_pdf import write_table_pdf
        from app.papers.tables_xlsx import write_tables_xlsx
        from app.papers.working_pdf import write_working_papers_pdf

        book, sealing = self.book, self.sealing
        table_ids = from_book.filled_tables(book)
        for table_id in table_ids:
            tell = self._telling(wording.making_table(table_id))
            paper = from_book.table_paper(book, table_id, sealing)
            out = self._out(f"forms/{table_id}.pdf")
            self._sign(write_table_pdf(paper, out, stamp=self.stamp, progress=tell))
            tell = self._telling(wording.making_working_papers(table_id))
            papers = from_book.working_papers(book, table_id, sealing)
            out = self._out(f"forms/{table_id}-working-papers.pdf")
            self._sign(write_working_papers_pdf(papers, out, stamp=self.stamp, progress=tell))
        if from_book.BIG_LOSSES in book.ruleset.tables:
            sheets = from_book.big_loss_paper(book, sealing)
            out = self._out("forms/2.pdf")
            tell = self._telling(wording.MAKING_BIG_LOSSES)
            self._sign(write_big_loss_pdf(sheets, out, stamp=self.stamp, progress=tell))
        tables = (from_book.table_paper(book, table_id, sealing) for table_id in table_ids)
        tell = self._telling(wording.MAKING_WORKBOOK)
        head = from_book.paper_head(book, sealing)
        write_tables_xlsx(tables, head, self._out(TABLES_XLSX), progress=tell)

    def make_summary(self) -> None:
        """The summary as PDF and workbook."""
        from app.papers.summary_tables import write_summary_pdf
        from app.papers.summary_xlsx import write_summary_xlsx

        self._telling(wording.SUMMARY_TITLE)
        paper = summary_paper(self.book, self.sealing)
        self._sign(write_summary_pdf(paper, self._out("forms/summary.pdf"), stamp=self.stamp))
        write_summary_xlsx(paper, self._out(SUMMARY_XLSX))

    def make_reports(self) -> None:
        """The analysis report and the loss report, each as PDF and as a document to edit."""
        from app.papers.report_docx import write_report_docx
        from app.papers.report_draft import analysis_report
        from app.papers.report_facts import report_facts
        from app.papers.report_loss import loss_report
        from app.papers.report_pdf import write_report_pdf
        from app.papers.summary_from_book import stages_with_opinions

        tell = self._telling(wording.REPORT_TITLE)
        facts = report_facts(self.book, stages_with_opinions(self.book)[-1], tell)
        for draft, pdf, document in (
            (analysis_report, "forms/report.pdf", REPORT_DOCX),
            (loss_report, "forms/loss-report.pdf", LOSS_REPORT_DOCX),
        ):
            self._telling(wording.making_file(Path(pdf).name))
            report = draft(self.book, self.sealing, facts=facts)
            self._sign(write_report_pdf(report, self._out(pdf), stamp=self.stamp))
            self._telling(wording.making_file(document))
            write_report_docx(report, self._out(document))

    def make_big_loss_set(self) -> None:
        """Every sheet of table 2 with all opinions; a line instead where there are none."""
        from app.papers.big_loss_pdf import write_big_loss_pdf
        from app.papers.big_loss_set import big_loss_set, why_no_set

        paper = big_loss_set(self.book, self.sealing)
        if paper is None:
            self.made.left_out.append(why_no_set(self.book))
            return
        tell = self._telling(wording.MAKING_BIG_LOSSES)
        out = self._out(f"{FORMS}/{BIG_LOSSES_PDF}")
        self._sign(write_big_loss_pdf(paper, out, stamp=self.stamp, progress=tell))

    def _out(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.made.files[name] = path
        return path

    def _telling(self, text: str) -> Callable[[int, int], None]:
        """Says that the next file is begun; what comes back says how far it is."""
        before = self.begun * SHARE
        self.begun += 1

        def tell(done: int, of: int) -> None:
            if self.progress is not None:
                share = SHARE * min(done, of) // of if of else 0
                # A workbook counts table after table: back is no way to go.
                self.shown = max(self.shown, before + share)
                self.progress(self.shown, self.planned * SHARE, text)

        tell(0, 1)
        return tell

    def _sign(self, result: PaperResult) -> None:
        self.made.missing.extend((result.path.name, char) for char in result.missing)
        if self.key is not None:
            sign_paper(result, self.key, self.stamp)


def sign_paper(result: PaperResult, key: PaperKey, stamp: Stamp | None) -> None:
    """Signs a written paper in place, with the stamp as the signature's picture."""
    from app.papers.sign import sign_pdf

    if stamp is None:
        # Without a seal nothing is shown: the library's own picture says nothing to a reader.
        sign_pdf(result.path, result.path, key)
        return
    sign_pdf(result.path, result.path, key, place=result.seal, picture=stamp.pdf)
