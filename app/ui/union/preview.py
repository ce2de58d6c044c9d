"""What an opinion would come to before it is written: both results, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.forms.classes import BY_CODE
from app.ui.union.case_session import CaseSession
from app.ui.union.draft import Draft
from app.ui.union.words import class_words, money
from app.ui.union.writing import plain


def preview_words(session: CaseSession, role: str, draft: Draft, given: Mapping[str, str]) -> str:
    """The lines below the own values; empty where there is nothing to say."""
    words = [_layered(session, role, given)] if given else []
    words += [_authority(session, draft)] if role == "leading_group" else []
    return "\n".join(word for word in words if word)


def _layered(session: CaseSession, role: str, given: Mapping[str, str]) -> str:
    from app.union.errors import UnionError
    from app.union.layers import loss_of, previewed

    stage = "determination" if role == "leading_group" else "review"
    row = session.row
    valuations = {key: value for key, value in given.items() if key != "loss"}
    try:
        found = previewed(
            session.desk.book, row.id, stage, loss=given.get("loss"), valuations=valuations
        )
    except UnionError as fault:
        return plain(str(fault)).removeprefix(f"（{row.id}）：")
    return (
        f"按联社的数：{class_words(found.suggested)}，损失{money(loss_of(found))}元"
        f"（上报：{class_words(row.suggested)}，损失{money(row.expected_loss)}元）"
    )


def _authority(session: CaseSession, draft: Draft) -> str:
    from app.union.determination import authority_text, beyond_authority

    code = draft.class_ or session.row.values.get("review_class")
    if not code:
        return ""
    ruleset = session.desk.book.ruleset
    amount = session.row.values.get("carrying_amount")
    beyond = beyond_authority(ruleset, BY_CODE[str(code)], Decimal(amount) if amount else None)
    if beyond is not None:
        return f"超出联社权限，认定后报{beyond.decides}。"
    limits = authority_text(ruleset)
    return f"权限：{'；'.join(limits)}。" if limits else ""
