"""How far a row is from the next worse classes: days to a step, points and yuan to a cut."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.forms.classes import FiveClass
from app.forms.conditions import Atom, Group, Threshold, Values
from app.forms.outcome import class_after_steps
from app.forms.results import Distance
from app.forms.values import amount_text, half_up, percent_text

if TYPE_CHECKING:
    from app.forms.evaluation import Evaluation
    from app.forms.ruleset import CutPoint

_FEN = Decimal("0.01")
HORIZON = 2 * 365
"""Days looked ahead; what lies further off is no distance worth telling."""


def distances_of(evaluation: Evaluation) -> tuple[Distance, ...]:
    """The nearest step to each worse class, best class first."""
    if evaluation.outcome.held and evaluation.outcome.held[0].rule.effect == "direct":
        return ()
    found = [*_band_distances(evaluation), *_step_distances(evaluation)]
    return tuple(sorted(found, key=lambda d: d.to.rank))


def _band_distances(evaluation: Evaluation) -> list[Distance]:
    loss, rate = evaluation.expected_loss, evaluation.loss_rate
    carrying = evaluation.row.values.get("carrying_amount")
    if not evaluation.outcome.banded or loss is None or rate is None or not carrying:
        return []
    base = evaluation.outcome.base.rank
    for cut in reversed(evaluation.table.ruleset.bands):
        worse = _worse_class(cut.floor, evaluation)
        if worse is not None and cut.floor.rank > base:
            text = _band_text(cut, worse, loss, rate, carrying)
            return [Distance(worse, text, "expected_loss")]
    return []


def _worse_class(floor: FiveClass, evaluation: Evaluation) -> FiveClass | None:
    """What a floor would come to with the later steps; None when that is no worse than now."""
    final = class_after_steps(floor, evaluation.outcome, evaluation.row)
    return final if final.rank > evaluation.at_least.rank else None


def _band_text(
    cut: CutPoint, worse: FiveClass, loss: Decimal, rate: Fraction, carrying: Decimal
) -> str:
    if not cut.above and not cut.included:
        return f"预计损失率{percent_text(rate)}；只要有预计损失，就至少为{worse.label}。"
    amount = carrying * cut.above - loss
    cents = amount.quantize(_FEN, ROUND_CEILING)
    if not cut.included and cents == amount:
        cents += _FEN
    points = half_up((Fraction(cut.above) - rate) * 100, 2)
    reach = "达到" if cut.included else "超过"
    return (
        f"预计损失率{percent_text(rate)}；{reach}{percent_text(cut.above)}为{worse.label}，"
        f"还差{points}个百分点，{amount_text(cents)}元。"
    )


def _step_distances(evaluation: Evaluation) -> list[Distance]:
    """Floors that would hold if only time went on: the nearest of each class."""
    nearest: dict[FiveClass, tuple[int, Distance]] = {}
    for compiled in evaluation.table.program.floors:
        floor = _worse_class(compiled.floor, evaluation) if compiled.floor else None
        if floor is None:
            continue
        step = _missing_step(compiled.condition.tree, evaluation)
        days = _days_until(step, evaluation) if step else None
        if step and days and (floor not in nearest or days < nearest[floor][0]):
            text = _step_text(step, floor, days, evaluation)
            nearest[floor] = (days, Distance(floor, text, step.field, days))
    return [distance for _, distance in nearest.values()]


def _missing_step(tree: Atom | Group, evaluation: Evaluation) -> Threshold | None:
    """The one threshold on a count of days that keeps a condition from holding."""
    row = evaluation.row
    if isinstance(tree, Group) and not tree.every:
        found = [(d, s) for p in tree.parts if (s := _missing_step(p, evaluation))
                 if (d := _days_until(s, evaluation))]  # fmt: skip
        return min(found, key=lambda pair: pair[0])[1] if found else None
    parts = tree.parts if isinstance(tree, Group) else (tree,)
    failing = [part for part in parts if not part.judge(row.values, row.open)]
    if len(failing) != 1:
        return None
    if isinstance(failing[0], Group):
        return _missing_step(failing[0], evaluation)
    return failing[0].threshold


def _days_until(step: Threshold, evaluation: Evaluation) -> int | None:
    """Days until a count of days passes the limit as the base date moves on; None: never."""
    count = _counter(step, evaluation)
    if count is None or step.operator not in (">", ">=") or step.field in evaluation.row.open:
        return None
    limit = int(step.limit) + (1 if step.operator == ">" else 0)
    if _count_after(HORIZON, count, evaluation) < limit:
        return None
    return bisect_left(
        range(HORIZON), limit, key=lambda days: _count_after(days, count, evaluation)
    )


def _counter(step: Threshold, evaluation: Evaluation) -> Callable[[Values], Any] | None:
    """The function that counts the step's days, None when it counts something else."""
    if step.count is not None:
        return step.count
    field = evaluation.table.fields.get(step.field)
    if field is None or not field.computed or field.type != "int":
        return None
    formula = evaluation.table.program.formulas[step.field]
    return formula.value if "base_date" in formula.reads else None


def _count_after(days: int, count: Callable[[Values], Any], evaluation: Evaluation) -> int:
    moved = evaluation.context.base_date + timedelta(days=days)
    return int(count({**evaluation.row.values, "base_date": moved}) or 0)


def _step_text(step: Threshold, floor: FiveClass, days: int, evaluation: Evaluation) -> str:
    label = evaluation.table.fields[step.field].label.replace("（天）", "")
    count = _counter(step, evaluation)
    now = _count_after(0, count, evaluation) if count else 0
    subject = f"{label}现为{now}天" if step.count is None else f"自{label}起已{now}天"
    verb = "超过" if step.operator == ">" else "满"
    return f"{subject}；{verb}{step.limit}天至少为{floor.label}，还有{days}天。"
