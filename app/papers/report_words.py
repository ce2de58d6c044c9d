"""Small pieces of the sentences of reports: counts, amounts, shares, lists of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from app.forms.values import amount_text, percent_text
from app.papers.report_model import Paragraph, Sentence

ALL_ROWS = "*"
_NUMERALS = "〇一二三四五六七八九"
_SHOWN_IDS = 3
MOST_LINES = 300
"""Lines of a table that a report prints; the determination tables hold them all."""


def yuan(amount: Decimal) -> str:
    """1,000.00元."""
    return f"{amount_text(amount)}元"


def share(part: Decimal, whole: Decimal) -> str:
    """12.34%."""
    return percent_text(Fraction(part) / Fraction(whole)) if whole else percent_text(0)


def points(change: Fraction) -> str:
    """上升1.25个百分点, 下降…, 持平."""
    from app.papers.summary_tables import points_text

    text = points_text(change)
    if text == "0.00":
        return "基本持平"
    return f"{'上升' if change > 0 else '下降'}{text.lstrip('+-')}个百分点"


def change(before: Decimal, now: Decimal) -> str:
    """增加10.00元, 减少…, 没有变化."""
    if before == now:
        return "没有变化"
    return f"{'增加' if now > before else '减少'}{yuan(abs(now - before))}"


def numeral(number: int) -> str:
    """一, 二, … 十一, … 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_NUMERALS[tens]}十")
    return head + (_NUMERALS[ones] if ones else "") if number else _NUMERALS[0]


def rows_words(ids: Sequence[str]) -> str:
    """编号QS-0001、QS-0002、QS-0003等12笔."""
    shown = "、".join(ids[:_SHOWN_IDS])
    more = f"等{len(ids)}笔" if len(ids) > _SHOWN_IDS else ""
    return f"编号{shown}{more}"


def paragraph(*sentences: Sentence | None, bullet: bool = False) -> list[Paragraph]:
    """The paragraph of the sentences that could be said; none of none."""
    said = tuple(sentence for sentence in sentences if sentence is not None)
    return [Paragraph(said, bullet)] if said else []


def bullets(sentences: Iterable[Sentence]) -> list[Paragraph]:
    """A bullet for each sentence."""
    return [Paragraph((sentence,), bullet=True) for sentence in sentences]


def ended(text: str) -> str:
    """The text with one full stop at its end."""
    return f"{text.strip().rstrip('。；;.')}。"


def shortened(caption: str, count: int) -> str:
    """The caption of a table that shows only its largest lines."""
    if count <= MOST_LINES:
        return caption
    return f"{caption}（共{count}笔，列出金额最大的{MOST_LINES}笔，其余见认定表）"
