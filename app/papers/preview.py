"""The papers of a period for looking at before anything is sealed, by the code of the export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.papers.export import BIG_LOSS_SET, FORMS, REPORT, SUMMARY, ExportProgress, make_papers
from app.papers.index_page import described

if TYPE_CHECKING:
    from app.book.book import Book

STAMPED = "（盖章）"


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """One paper as it prints."""

    title: str
    path: Path


def draft_papers(book: Book, folder: Path, progress: ExportProgress) -> list[PrintedPaper]:
    """Makes every paper as an unsealed draft; nothing has to be finished for that."""
    parts = (SUMMARY, REPORT, BIG_LOSS_SET) if book.is_union else (FORMS, SUMMARY, REPORT)
    made = make_papers(book, folder, seal_code="", key=None, parts=parts, progress=progress)
    return _papers(made.files)


def exported_papers(folder: Path) -> list[PrintedPaper]:
    """The papers that an export has put into a folder; none where there was no export."""
    found = sorted(folder.glob("forms/*.pdf"), key=_order)
    return _papers({path.relative_to(folder).as_posix(): path for path in found})


def _order(path: Path) -> tuple[int, list[tuple[int, str]], str]:
    """Tables by number, each with its working papers; summary and reports behind them."""
    kinds = ("summary", "report", "loss-report", "big-losses")
    if path.stem in kinds:
        return (1 + kinds.index(path.stem), [], "")
    number = path.stem.removesuffix("-working-papers")
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in number.split("-")]
    return (0, parts, path.stem)


def _papers(files: dict[str, Path]) -> list[PrintedPaper]:
    return [
        PrintedPaper(described(name).removesuffix(STAMPED), path)
        for name, path in files.items()
        if path.suffix == ".pdf" and described(name)
    ]
