"""What the intake of a package noticed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.forms.classes import BY_CODE
from app.forms.values import amount_text

_KINDS = {
    "difference": "重新计算的类别或损失与上报的不同",
    "last_class": "上期类别与联社的认定不同",
    "unmarked": "没有要求补正，却改动了",
    "unanswered": "退回的没有补正",
    "added": "这次新增加的资产",
    "gone": "这次不再上报的资产",
    "subject": "信用社自己加的科目与联社的科目表不同",
}
_NO_ROW = frozenset(("gone", "subject"))


def finding_words(finding: Mapping[str, Any]) -> str:
    """One thing that the intake noticed."""
    kind = finding["kind"]
    words = f"{finding['id']}　{_KINDS[kind]}"
    if kind == "difference":
        sent = _result(finding["sent_class"], finding["sent_loss"])
        return f"{words}：上报{sent}，算出来{_result(finding['class'], finding['loss'])}"
    if kind == "last_class":
        return f"{words}：上报{_class(finding['sent'])}，认定{_class(finding['own'])}"
    if kind == "subject":
        own = finding["own"] or "没有采用"
        return f"{words}：上报{finding['sent']}，联社{own}"
    return words


def row_of(finding: Mapping[str, Any]) -> str:
    """The id of the row that a finding is about; empty where there is none to show."""
    return "" if finding["kind"] in _NO_ROW else str(finding["id"])


def _result(class_: str | None, loss: str | None) -> str:
    return f"{_class(class_)}、损失{amount_text(Decimal(loss)) if loss else '—'}"


def _class(code: str | None) -> str:
    return f"{BY_CODE[code].sign} {BY_CODE[code].label}" if code else "未定"
