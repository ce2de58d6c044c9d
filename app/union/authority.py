"""Limits of authority: who decides on a class up to an amount, as the rule set says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.book.coding import from_json
from app.forms.classes import BY_CODE, FiveClass
from app.forms.schema import Authority
from app.forms.values import amount_text

if TYPE_CHECKING:
    from app.forms.ruleset import RuleSet


def deciding_authority(
    ruleset: RuleSet, class_: FiveClass, amount: Decimal | None
) -> Authority | None:
    """The first authority of the rule set that covers class and amount."""
    listed: tuple[Authority, ...] = ruleset.definition.authority
    for one in listed:
        covers = one.up_to is None or (amount or Decimal(0)) <= one.up_to
        if class_.value in one.classes and covers:
            return one
    return None


def beyond_authority(
    ruleset: RuleSet, class_: FiveClass, amount: Decimal | None
) -> Authority | None:
    """Who decides instead of the union, where class and amount go beyond it; None: the union."""
    deciding = deciding_authority(ruleset, class_, amount)
    return deciding if deciding is not None and deciding.level == "above" else None


def came_up(line: Any) -> bool:
    """Whether a stored row was sent up by a union below: then the deciding is this one's."""
    return bool((from_json(line.sent) or {}).get("union"))


def office_authority(
    ruleset: RuleSet, class_: FiveClass, amount: Decimal | None
) -> Authority | None:
    """The office's own manager, where class and amount are left to him; None: the union."""
    deciding = deciding_authority(ruleset, class_, amount)
    return deciding if deciding is not None and deciding.level == "office" else None


def authority_text(ruleset: RuleSet) -> list[str]:
    """The limits of authority in words, one line each."""
    return [
        "、".join(BY_CODE[code].label for code in one.classes)
        + (f"（{amount_text(one.up_to)}元以内）" if one.up_to is not None else "")
        + f"：{one.decides}"
        for one in ruleset.definition.authority
    ]
