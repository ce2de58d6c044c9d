"""Texts of the working paper that the program drafts until the clerk writes his own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.book.types import Json, Values
from app.forms.evaluation import Evaluation
from app.forms.explain import filled_text
from app.forms.values import amount_text, is_empty


@dataclass(frozen=True, slots=True)
class PaperText:
    """One text of the working paper, and whether the program drafted it."""

    text: str
    drafted: bool


def paper_texts(
    evaluation: Evaluation, written: Mapping[str, Json] | None = None
) -> dict[str, PaperText]:
    """Every text of the working paper: the clerk's where there is one, else the draft.

    `written` is what the row stores, where the evaluation was given drafts as well.
    """
    table = evaluation.table
    values = evaluation.row.raw if written is None else written
    safe = is_safe(evaluation)
    found = {}
    for key, field in table.fields.items():
        if field.part != "working_paper" or key not in evaluation.asked:
            continue
        own = values.get(key)
        if not is_empty(own):
            found[key] = PaperText(str(own), drafted=False)
        else:
            found[key] = PaperText(drafted_text(evaluation, key, safe=safe), drafted=True)
    return found


def drafted_text(evaluation: Evaluation, key: str, *, safe: bool) -> str:
    """The draft of one text; empty where the program has nothing to say."""
    field = evaluation.table.fields[key]
    if field.draft:
        return filled_text(field.draft, evaluation, {})
    if key == "wp_basis":
        return basis_draft(evaluation)
    if safe and key == "wp_formation":
        return _safe_formation(evaluation)
    if safe and key == "wp_state":
        return _safe_state(evaluation)
    return ""


def basis_draft(evaluation: Evaluation) -> str:
    """Reasons and basis of the class, one numbered line per reason."""
    if not evaluation.reasons:
        return "未发现影响分类的情形，划为正常。" if evaluation.suggested else ""
    lines = []
    for place, reason in enumerate(evaluation.reasons, 1):
        basis = reason.basis.rstrip("。")
        lines.append(f"{place}. {reason.text.rstrip('。')}。依据：{basis}。")
    if evaluation.suggested is not None:
        lines.append(f"综合以上，划为{evaluation.suggested.label}。")
    return "\n".join(lines)


def is_safe(evaluation: Evaluation) -> bool:
    """Whether the row is a safe asset, whose working paper the program drafts."""
    safe = evaluation.table.safe
    return safe is not None and safe.judge(evaluation.row.values, evaluation.row.open) is True


def with_safe_drafts(evaluation: Evaluation, values: Mapping[str, Json]) -> Values | None:
    """The values with the drafts of a safe item; None where there is nothing to draft."""
    if not is_safe(evaluation):
        return None
    missing = [key for key in evaluation.missing if key in ("wp_formation", "wp_state")]
    drafts = {key: drafted_text(evaluation, key, safe=True) for key in missing}
    return {**values, **drafts} if drafts else None


def _amount(evaluation: Evaluation) -> str:
    amount = evaluation.row.values.get("carrying_amount")
    return f"{amount_text(amount)}元" if amount is not None else "（未填）"


def _name(evaluation: Evaluation) -> str:
    return str(evaluation.row.values.get("name") or "本项")


def _safe_formation(evaluation: Evaluation) -> str:
    day = evaluation.context.base_date.isoformat()
    return f"{_name(evaluation)}为日常业务形成，截至{day}账面余额{_amount(evaluation)}。"


def _safe_state(evaluation: Evaluation) -> str:
    agrees = evaluation.row.values.get("accuracy") == ()
    state = "账款核对相符" if agrees else "账款核对情况见“准确性”一栏"
    return f"{_name(evaluation)}存放正常，可以随时动用，{state}。"
