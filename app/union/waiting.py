"""What a row under review waits for: an opinion, a check, the audit, a determination, an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, func, or_

from app.forms.classes import FiveClass
from app.models.functions import json_part
from app.models.tables import rows
from app.union.errors import UnionError

if TYPE_CHECKING:
    from app.book.book import Book

_UNDECIDED = ("submitted", "under_review", "reviewed", "checked")
# Quotes inside a text are written with a backslash, so no question can hold this.
_UNANSWERED = '%"answered":false%'
WAITS = ("review", "department", "audit", "determination", "answer")


def checked_first(book: Book) -> bool:
    """Whether the managing department has its say before the leading group: where there is one."""
    return any(person.role == "department" for person in book.people())


def waits_for(book: Book, what: str) -> ColumnElement[bool]:
    """The rows that wait for this, as SQL."""
    match what:
        case "review":
            return rows.c.stage.in_(_UNDECIDED[:2])
        case "department":
            return rows.c.stage == "reviewed" if checked_first(book) else false()
        case "audit":
            return _for_audit()
        case "determination":
            return rows.c.stage.in_(_UNDECIDED[3:] if checked_first(book) else _UNDECIDED[2:])
        case "answer":
            return rows.c.marks.like(_UNANSWERED)
        case _:
            raise UnionError(f"没有“{what}”这种等待。请核对写法。")


def _for_audit() -> ColumnElement[bool]:
    """Rows that would be a loss, whoever says so, and that the auditor has said nothing of."""
    before_review: Any = or_(
        rows.c.initial_class == FiveClass.LOSS.value,
        func.coalesce(rows.c.layer_class, rows.c.suggested) == FiveClass.LOSS.value,
    )
    loss = or_(
        rows.c.review_class == FiveClass.LOSS.value,
        and_(rows.c.review_class.is_(None), before_review),
    )
    said = func.coalesce(json_part(rows.c.field_values, "audit_opinion"), "")
    return and_(rows.c.stage.in_(_UNDECIDED), loss, said == "")
