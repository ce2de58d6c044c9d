"""Made-up facts that complete a listing's rows, read from the sample's `facts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.forms.values import half_up
from app.resources import resource_path

if TYPE_CHECKING:
    from app.book.types import Row


def sample_facts() -> dict[str, Any]:
    """The facts of the sample office."""
    path = resource_path("samples", "qingshan-2006", "facts.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def completed_values(
    row: Row, facts: Mapping[str, Any], words: Mapping[str, str]
) -> dict[str, Any]:
    """What the clerk fills in for a row, from the words its listing printed (by column)."""
    values = dict(facts["always"])
    for rule in facts["when"]:
        if not _applies(rule, words):
            continue
        values |= rule["values"]
        if "price_share" in rule:
            carrying = Decimal(row.values["carrying_amount"])
            price = half_up(carrying * Decimal(rule["price_share"]), 2)
            values["estimated_price"] = f"{price:.2f}"
        if rule.get("recovered"):
            values["recovered_amount"] = row.values["carrying_amount"]
    return values


def _applies(rule: Mapping[str, Any], words: Mapping[str, str]) -> bool:
    if rule["word"] not in words.get(rule["column"], ""):
        return False
    without = rule.get("without")
    return without is None or without["word"] not in words.get(without["column"], "")
