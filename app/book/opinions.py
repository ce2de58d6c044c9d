"""Which of a row's classes counts: the latest opinion that somebody gave, else the suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func

from app.models.tables import rows

OPINIONS = ("initial_class", "review_class", "determined_class")
"""The opinions in the order in which they are given."""
LATEST_FIRST = (*reversed(OPINIONS), "suggested")
LATEST: ColumnElement[Any] = func.coalesce(*(rows.c[name] for name in LATEST_FIRST))
"""The class that counts, as SQL over the rows."""


def latest_class(line: Mapping[str, Any]) -> str | None:
    """The code of the class that counts of a stored row; None: no opinion and no suggestion."""
    return next((line[name] for name in LATEST_FIRST if line[name]), None)
