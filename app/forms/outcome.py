"""The order of the rules: from a read row to its class, decided or open."""

from __future__ import annotations

from typing import NamedTuple

from app.forms.classes import BY_CODE, BY_RANK, FiveClass
from app.forms.expressions import Battery
from app.forms.program import CompiledRule
from app.forms.reading import Row
from app.forms.ruleset import CutPoint


class Outcome(NamedTuple):
    """What the rules give: the class, or the worst that is certain, and every step that held."""

    suggested: FiveClass | None
    at_least: FiveClass
    base: FiveClass
    """The base class of the decided rules, before steps 3 and 4."""
    held: tuple[CompiledRule, ...]
    band: CutPoint | None
    banded: bool
    """Whether the loss band took part."""


def _judged(
    rules: tuple[CompiledRule, ...], battery: Battery, row: Row
) -> tuple[list[CompiledRule], list[CompiledRule]]:
    """The rules that hold and those that are open."""
    verdicts = battery.judge(row.values, row.open)
    held = [rules[place] for place, verdict in enumerate(verdicts) if verdict]
    if None not in verdicts:
        return held, []
    return held, [rules[place] for place, verdict in enumerate(verdicts) if verdict is None]


def _floor_rank(compiled: CompiledRule, row: Row) -> int:
    """The rank a floor demands; one read from an open field may be any, so the worst."""
    if compiled.floor is not None:
        return compiled.floor.rank
    value = row.values.get(compiled.rule.class_field)
    if value is None:
        return 5 if compiled.rule.class_field in row.open else 1
    return BY_CODE[value].rank


def _worst(rank: int, rules: list[CompiledRule], row: Row) -> int:
    """The worst rank of a given one and those the rules demand."""
    for rule in rules:
        rank = max(rank, _floor_rank(rule, row))
    return rank


def band_of(row: Row) -> tuple[CutPoint | None, bool]:
    """The band of the loss rate, and whether the rate is open."""
    values = row.values
    loss, carrying = values.get("expected_loss"), values.get("carrying_amount")
    loss_open = "expected_loss" in row.open
    if carrying == 0 or (loss == 0 and not loss_open):
        # The rate is 0 whatever the other figure turns out to be.
        return None, False
    is_open = loss_open or "carrying_amount" in row.open
    if loss is None or carrying is None:
        return None, is_open
    for band in row.table.ruleset.bands:
        if band.reached(loss, carrying):
            return band, is_open
    return None, is_open


def classify(row: Row, *, with_band: bool = True) -> Outcome:
    """Direct rules, else the worst of band and floors; then the lifts, then one class worse."""
    program = row.table.program
    ranges: list[tuple[int, int]] = []
    direct: CompiledRule | None = None
    for rule in program.direct:
        verdict = rule.condition.judge(row.values, row.open)
        if verdict is not False and rule.floor is not None:
            ranges.append((rule.floor.rank, rule.floor.rank))
        if verdict:
            direct = rule
            break
    held, open_floors = _judged(program.floors, program.floor_battery, row)
    band, band_open = band_of(row) if with_band else (None, False)
    if direct is None:
        low = _worst(band.floor.rank if band else 1, held, row)
        high = 5 if band_open else _worst(low, open_floors, row)
        ranges.append((low, high))
        base = BY_RANK[low]
    else:
        base = direct.floor or FiveClass.NORMAL
        held, band = [direct], None
    return _with_steps(row, ranges, base, held, band, with_band and direct is None)


def _with_steps(
    row: Row,
    ranges: list[tuple[int, int]],
    base: FiveClass,
    held: list[CompiledRule],
    band: CutPoint | None,
    banded: bool,
) -> Outcome:
    """Steps 3 and 4 over every base class that is still possible."""
    program = row.table.program
    steps, open_steps = _judged(program.later_rules, program.step_battery, row)
    at_least = _stepped(base.rank, steps, row)
    lowest = min([_stepped(low, steps, row) for low, _ in ranges])
    highest = max([_stepped(high, steps + open_steps, row) for _, high in ranges])
    suggested = BY_RANK[lowest] if lowest == highest else None
    return Outcome(suggested, BY_RANK[at_least], base, (*held, *steps), band, banded)


def class_after_steps(floor: FiveClass, outcome: Outcome, row: Row) -> FiveClass:
    """The class that a base class would end up as, with the later steps that hold now."""
    steps = [rule for rule in outcome.held if rule.rule.effect in ("lift", "worsen")]
    return BY_RANK[_stepped(floor.rank, steps, row)]


def _stepped(rank: int, steps: list[CompiledRule], row: Row) -> int:
    """The rank after the lifts and, once, one class worse."""
    worse = 0
    for step in steps:
        if step.rule.effect == "worsen":
            worse = 1
        else:
            rank = max(rank, _floor_rank(step, row))
    return min(rank + worse, 5)
