"""What the union's pages say about offices, packages, findings and opinions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.forms.classes import BY_CODE, FiveClass
from app.forms.values import amount_text
from app.ui import html
from app.union.findings import finding_words, row_of

if TYPE_CHECKING:
    from app.ui.look import Look
    from app.union.changing import Opinion
    from app.union.offices import OfficeState

MOST = 50
"""Findings listed one by one; the rest only by number."""


def class_words(found: FiveClass | str | None) -> str:
    """③ 次级, also for a stored code; 未定 for none."""
    if not found:
        return "未定"
    one = found if isinstance(found, FiveClass) else BY_CODE[found]
    return f"{one.sign} {one.label}"


def money(amount: Decimal | str | None) -> str:
    """An amount in yuan; a dash for none."""
    if amount is None or amount == "":
        return "—"
    return amount_text(Decimal(amount))


def office_html(one: OfficeState, look: Look) -> str:
    """The package of an office that counts now, and what was noticed when it came."""
    parts = [html.heading(f"{one.code} {one.name}")]
    if one.package is None:
        parts.append(html.paragraph("还没有上报。" if one.expected else "不要求上报。"))
        return "".join(parts)
    package = one.package
    parts.append(
        html.paragraph(
            f"{package.made_at.astimezone():%Y-%m-%d %H:%M}封印，"
            f"{package.at.astimezone():%Y-%m-%d %H:%M}由{package.by or '程序'}接收。"
            f"封印码 {package.seal_code}，密钥 {package.key_code}。{_receipt_words(one)}"
        )
    )
    if not package.findings:
        parts.append(html.soft("每一笔都重新计算过，与上报的一致。", look))
        return "".join(parts)
    parts.append(html.heading(f"接收时发现{len(package.findings)}处"))
    parts += [
        html.bullet(html.link(f"row:{row_of(finding)}", finding_words(finding)))
        if row_of(finding)
        else html.bullet(html.text(finding_words(finding)))
        for finding in package.findings[:MOST]
    ]
    if len(package.findings) > MOST:
        parts.append(html.soft(f"还有{len(package.findings) - MOST}处没有列出。", look))
    return "".join(parts)


def _receipt_words(one: OfficeState) -> str:
    if one.receipt_at is None:
        return "还没有写回执。"
    return f"{one.receipt_at.astimezone():%Y-%m-%d %H:%M}写过回执。"


def opinion_html(one: Opinion) -> str:
    """An opinion as it was given."""
    from app.union.changing import OPINION_STAGES

    said = f" {class_words(one.class_)}" if one.class_ else ""
    said += f"，损失{money(one.loss)}" if one.class_ and one.loss else ""
    head = f"{OPINION_STAGES[one.stage]}{said}"
    words = "；".join(word for word in (one.text, one.reason, one.vote) if word)
    who = f"{one.by} {one.at.astimezone():%m-%d %H:%M}"
    papers = f"（纪要：{one.minutes_name}）" if one.minutes_name else ""
    return html.bullet(
        f"<b>{html.text(head)}</b>　{html.text(who)}"
        + (f"<br/>{html.text(words + papers)}" if words or papers else "")
    )
