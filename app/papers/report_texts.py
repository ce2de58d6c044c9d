"""The words of reports that a union may change: evaluations, disposals, suggestions, causes."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.forms.classes import FiveClass
from app.forms.schema import ClassCode
from app.resources import resource_path

Text = Annotated[str, Meta(min_length=1)]


class Evaluation(Struct, frozen=True, forbid_unknown_fields=True):
    """What to say of a table up to a non-performing ratio."""

    up_to: Decimal
    text: Text


class Disposal(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do about a table's rows of certain classes."""

    table: str
    classes: tuple[ClassCode, ...]
    text: Text


class Suggestion(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do where one of the rules held."""

    rules: tuple[Text, ...]
    text: Text

    def fits(self, rule: str) -> bool:
        """Whether the rule calls for it."""
        return _among(rule, self.rules)


class Cause(Struct, frozen=True, forbid_unknown_fields=True, rename={"but": "except"}):
    """A kind of cause of losses, with the rules that speak for it."""

    kind: Text
    title: Text
    rules: tuple[Text, ...]
    text: Text
    but: tuple[Text, ...] = ()


class ReportTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    evaluation: tuple[Evaluation, ...]
    disposal: tuple[Disposal, ...]
    suggestion: tuple[Suggestion, ...]
    cause: tuple[Cause, ...]

    def evaluation_of(self, ratio: Fraction) -> str:
        """The sentence for a non-performing ratio."""
        return next(one.text for one in self.evaluation if ratio <= Fraction(one.up_to))

    def disposal_of(self, table_id: str, classes: set[FiveClass]) -> str:
        """What to do about a table that has rows of these classes; empty when nothing."""
        codes = {five.value for five in classes}
        fitting = (one for one in self.disposal if one.table == table_id)
        return next((one.text for one in fitting if codes.intersection(one.classes)), "")

    def cause_of(self, rule: str) -> Cause:
        """The kind of cause that a rule speaks for; the last kind takes the rest."""
        fitting = (c for c in self.cause if _among(rule, c.rules) and not _among(rule, c.but))
        return next(fitting, self.cause[-1])


def _among(rule: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)


@cache
def report_texts() -> ReportTexts:
    """The words, read once."""
    text = resource_path("reports", "analysis.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text, parse_float=Decimal), ReportTexts, strict=False)
