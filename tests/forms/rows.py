"""Rows for the tests: one in order for each table, changed one thing at a time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.forms import Context, Evaluation, RuleSet, Table, evaluate, load_ruleset

DATA = Path(__file__).parent / "data"
OLD, NEW = "inner-mongolia-2007", "financial-assets-2023"
RULESETS = (OLD, NEW)
BASE = date(2006, 12, 31)
TODAY = date(2007, 2, 15)
_RELATIVE = re.compile(r"base([+-]\d+)")

Values = dict[str, Any]


@cache
def data(name: str) -> dict[str, Any]:
    """A data file of these tests."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def dated(values: Mapping[str, Any], base: date = BASE) -> Values:
    """The values with days counted from the base date ("base-30") written out."""

    def written(value: Any) -> Any:
        match = _RELATIVE.fullmatch(value) if isinstance(value, str) else None
        return (base + timedelta(days=int(match.group(1)))).isoformat() if match else value

    return {key: written(value) for key, value in values.items()}


def row(table: Table, changes: Mapping[str, Any] | None = None, base: date = BASE) -> Values:
    """The table's row in which everything is in order, with changes; old subjects made new ones."""
    own = dict(data("rows.toml")["rows"][table.id])
    changes = dict(changes or {})
    if table.ruleset.id == NEW:
        own |= data("rows.toml")["rows_2023"][table.id]
        mapping = data("rows.toml")["chart_2023"]
        if "subject" in changes:
            changes["subject"] = mapping.get(changes["subject"], changes["subject"])
    return dated(own | changes, base)


def judged(table: Table, changes: Mapping[str, Any] | None = None, **context: Any) -> Evaluation:
    """The evaluation of the table's row with changes; opinions only where `complete`."""
    base = context.pop("base_date", BASE)
    values = row(table, changes, base)
    if not context.get("complete") and "initial_class" not in (changes or {}):
        del values["initial_class"]
    return evaluate(table, values, Context(base, **({"today": TODAY} | context)))


def table(id_: str, ruleset: str = OLD) -> Table:
    """A table of a shipped rule set."""
    return load_ruleset(ruleset).table(id_)


def row_tables() -> list[Table]:
    """Every row table of both rule sets."""
    return [table for name in RULESETS for table in load_ruleset(name).row_tables]


def rulesets() -> list[RuleSet]:
    """Both shipped rule sets."""
    return [load_ruleset(name) for name in RULESETS]


def name_of(thing: Any) -> str:
    """How a parameter is called in the list of tests."""
    if isinstance(thing, Table):
        return f"{thing.ruleset.id[-4:]}:{thing.id}"
    return str(thing)


def codes(evaluation: Evaluation) -> list[str]:
    """The codes of the problems found."""
    return [problem.code for problem in evaluation.problems]


def rules(evaluation: Evaluation) -> set[str]:
    """The rules that held."""
    return {reason.rule for reason in evaluation.reasons}


def class_of(evaluation: Evaluation) -> str | None:
    """The class suggested, as code."""
    return evaluation.suggested.value if evaluation.suggested else None
