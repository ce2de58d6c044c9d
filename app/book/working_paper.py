"""Texts of the working paper that the program drafts until the clerk writes his own."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.forms.evaluation import Evaluation
from app.forms.explain import filled_text
from app.forms.results import DEFAULT_RULE
from app.forms.values import Json, is_empty


class PaperText(Struct, frozen=True):
    """One text of the working paper, and whether the program drafted it."""

    text: str
    drafted: bool


def paper_texts(
    evaluation: Evaluation, written: Mapping[str, Json] | None = None
) -> dict[str, PaperText]:
    """Every text of the working paper: the clerk's where there is one, else the draft.

    `written` is what counts as the clerk's, where it is not all that the row holds.
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
    if field.draft and (safe or field.part != "working_paper"):
        return filled_text(field.draft, evaluation, {})
    return basis_draft(evaluation) if key == "wp_basis" else ""


def basis_draft(evaluation: Evaluation) -> str:
    """Reasons and basis of the class, one numbered line per reason."""
    if not evaluation.reasons:
        return "未发现影响分类的情形，划为正常。" if evaluation.suggested else ""
    lines = []
    for place, reason in enumerate(evaluation.reasons, 1):
        said, basis = "依据", reason.printed_basis.rstrip("。")
        if basis.startswith(DEFAULT_RULE):
            said, basis = f"依据（{DEFAULT_RULE.rstrip('：')}）", basis.removeprefix(DEFAULT_RULE)
        lines.append(f"{place}. {reason.text.rstrip('。')}。{said}：{basis}。")
    if evaluation.suggested is not None:
        lines.append(f"综合以上，划为{evaluation.suggested.label}。")
    return "\n".join(lines)


def is_safe(evaluation: Evaluation) -> bool:
    """Whether the row is a safe asset, whose working paper the program drafts."""
    safe = evaluation.table.program.safe
    return safe is not None and safe.judge(evaluation.row.values, evaluation.row.open) is True
