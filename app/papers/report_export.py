"""Reports of a period as it stands, and all sheets of table 2: signed, in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.papers import wording
from app.papers.errors import PaperError
from app.papers.export import BIG_LOSS_SET, REPORT, make_papers
from app.papers.placing import desk_in, placing_into
from app.papers.summary_export import sealing_of

if TYPE_CHECKING:
    from app.book.book import Book


@dataclass(frozen=True, slots=True)
class ReportsMade:
    """The files that were put into the folder, and what the user should know of them."""

    files: list[Path]
    notes: list[str]


def export_reports(
    book: Book, out: Path, passphrase: str, *, progress: Callable[[int, int, str], None]
) -> ReportsMade:
    """Writes both reports, each as signed PDF and as a document to edit; all of it or nothing."""
    return _exported(book, out, passphrase, REPORT, progress)


def export_big_losses(
    book: Book, out: Path, passphrase: str, *, progress: Callable[[int, int, str], None]
) -> ReportsMade:
    """Writes all sheets of table 2 into one signed PDF; where there are none, a note says so."""
    return _exported(book, out, passphrase, BIG_LOSS_SET, progress)


def _exported(
    book: Book, out: Path, passphrase: str, part: str, progress: Callable[[int, int, str], None]
) -> ReportsMade:
    from app.book.keys import unlock
    from app.book.seal_picture import seal_picture

    if not book.row_count(None):
        raise PaperError(wording.nothing_to_report(book.period.base_date))
    key = unlock(book, passphrase)
    sealing = sealing_of(book)
    with desk_in(out, part) as desk:
        made = make_papers(
            book, desk, seal_code=sealing.code, key=key, at=sealing.at,
            seal_picture=seal_picture(book), parts=(part,), progress=progress,
        )  # fmt: skip
        files = {Path(name).name: path for name, path in made.files.items()}
        with placing_into(out, desk / "replaced") as placing:
            return ReportsMade(placing.put(files), made.notes)
