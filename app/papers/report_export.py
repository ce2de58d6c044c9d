"""The analysis report and the loss report of a period as it stands, signed, in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.papers import wording
from app.papers.errors import PaperError
from app.papers.export import REPORT, make_papers
from app.papers.placing import desk_in, placing_into
from app.papers.summary_export import sealing_of

if TYPE_CHECKING:
    from app.book.book import Book


def export_reports(
    book: Book, out: Path, passphrase: str, *, progress: Callable[[int, int, str], None]
) -> list[Path]:
    """Writes both reports, each as signed PDF and as a document to edit; all of it or nothing."""
    from app.book.keys import unlock
    from app.book.seal_picture import seal_picture

    if not book.row_count(None):
        raise PaperError(wording.nothing_to_report(book.period.base_date))
    key = unlock(book, passphrase)
    sealing = sealing_of(book)
    with desk_in(out, REPORT) as desk:
        made = make_papers(
            book, desk, seal_code=sealing.code, key=key, at=sealing.at,
            seal_picture=seal_picture(book), parts=(REPORT,), progress=progress,
        )  # fmt: skip
        files = {Path(name).name: path for name, path in made.files.items()}
        with placing_into(out, desk / "replaced") as placing:
            return placing.put(files)
