"""What waits for the level above, went there and came back, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui import html
from app.ui.sign_line import Said

if TYPE_CHECKING:
    from app.union.above import Above, Answer
    from app.union.packages import StoredPackage

ONLY_LAST = "上级只答复最近的一份。"


def asked_words(above: Above) -> str:
    """What the package will hold, before it is made."""
    words = f"把超出权限的{above.rows}笔，连同全县汇总和报告，写成签名的上报包。"
    if above.unanswered:
        words += f"其中{above.unanswered}笔以前报过、还没有答复，随这一份再报。{ONLY_LAST}"
    return words


def waiting_line(above: Above, other: str) -> Said:
    """What waits; `other`: who sends it up, where the person at work may not."""
    if not above.rows:
        return Said("good", "报上级的都有了答复。")
    asked = f"报上级由{other}来做，请在右上角选人。" if other else ""
    if above.new:
        words = f"{above.new}笔超出联社权限，等着报上级"
        words += f"；另有{above.unanswered}笔报过、还没有答复。" if above.unanswered else "。"
        return Said("warning", words + asked)
    return Said("info", f"{above.unanswered}笔已报上级，等上级答复。{asked}")


def sent_html(above: Above) -> str:
    """The packages that went up, newest first, each with its answers under it."""
    parts = [html.heading(f"本期已报上级{len(above.sent)}次")] if above.sent else []
    left = list(above.answers)
    for one in reversed(above.sent):
        parts.append(html.bullet(html.text(_sent(one))))
        # The same rows sent twice have one code: the answer stands under the later one.
        mine = [each for each in left if each.package.answers == one.seal_code]
        left = [each for each in left if each not in mine]
        parts += [html.bullet(html.text(_answered(each))) for each in mine]
    return "".join(parts)


def _sent(one: StoredPackage) -> str:
    return f"{_moment(one)}　上报　封印码 {one.seal_code}　{one.by}"


def _answered(one: Answer) -> str:
    from app.package.receiving import KINDS

    kind, package = KINDS[one.package.kind], one.package
    words = f"{_moment(package)}　上级的{kind}"
    said = [f"认定{one.determined}笔"] if one.determined else []
    said += [f"退回{one.returned}笔"] if one.returned else []
    words += f"：{'，'.join(said)}" if said else ""
    return f"{words}　答复封印码 {package.answers}　{package.by}接收"


def _moment(one: StoredPackage) -> str:
    return f"{one.at.astimezone():%Y-%m-%d %H:%M}"
