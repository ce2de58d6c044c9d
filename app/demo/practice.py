"""The book that the tour through the window is made on: an office all but one row is done of."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.book.types import Institution
from app.demo import offices

if TYPE_CHECKING:
    from app.demo.places import Progress

OFFICE = Institution("YS", "演示信用社")
TABLE = "1-2"
ROW: dict[str, Any] = {
    "counterparty": "某某农业银行支行",
    "name": "存放农行定期款",
    "subject": "1221",
    "carrying_amount": "120000.00",
    "formed_on": "2006-05-31",
    "agreement": True,
    "agreement_legality": "legal",
    "vouchers": "complete",
    "compliance": "compliant",
    "accuracy": [],
    "records_complete": True,
    "violates_rules": False,
    "interest_paid": True,
    "ownership_disputed": False,
    "litigation": "none",
    "limitation": "within",
    "expected_loss": "0.00",
    "wp_formation": "2006年5月31日存入，期限半年。",
    "wp_measures": "已发函催收。",
}
"""Left open for the visitor: kind, due date, state of the other side, the last words."""


def made_practice(folder: Path, progress: Progress) -> Path:
    """Makes the book anew in a folder that holds nothing else; what was tried in it is gone."""
    from app.book.book import Book
    from app.book.opening import take_lock

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{OFFICE.name}.wuji"
    take_lock(path).release()  # another window that has the book open is told of
    shutil.rmtree(folder)
    folder.mkdir()
    progress(0, 3, "填写演示账套")
    with Book.create(path, OFFICE, offices.BASE_DATE) as book:
        offices.add_people(book)
        offices.fill_from_cases(book)
        progress(1, 3, "附资料、写底稿")
        offices.finish(book, _quietly)
        progress(2, 3, "留一笔给您填")
        # Not in the ledger either: there is a difference to look into.
        book.add_row(TABLE, ROW, by=offices.PREPARER)
    progress(3, 3, "")
    return path


def _quietly(_done: int, _of: int, _text: str) -> None:
    """The steps inside are too short to be told."""
