"""Known errors of the form language."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable


class DefinitionError(KnownError):
    """A definition file is wrong; the message names file, place, key and likeliest word."""


class ExpressionError(Exception):
    """An expression is not of the rule language; the message names the column."""


class ValueFault(Exception):  # noqa: N818  (a fault of the value, not of the program)
    """A typed value can't be read: problem code, and what is expected, in Chinese."""

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected


def likeliest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a wrong one, empty when none is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def with_suggestion(message: str, word: str, known: Iterable[str]) -> str:
    """The message, with the likeliest right word where there is one."""
    near = likeliest(word, known)
    return f"{message}; did you mean '{near}'?" if near else message
