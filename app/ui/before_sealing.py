"""What the head of the office sees before a period is sealed: what blocks it, what is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.forms.values import amount_text
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.readiness import Readiness

NOT_LOOKED_AT = "这次还没有预览过表和底稿。"


@dataclass(frozen=True, slots=True)
class BeforeSealing:
    """A check of the whole book, and the figures that its papers will show."""

    readiness: Readiness
    kept: int
    """Warnings that somebody has kept with a reason."""
    hints: int
    """Answers to look at again, as those that their remarks speak against."""
    untold: int
    """Empty fields that the remark on their row has something for."""
    uneven: int
    """Sheets of table 2 whose amounts do not make up one another."""
    papers: int
    """Attached files."""
    unproven: int
    """Rows that say their papers are complete while none is attached."""
    carrying_amount: Decimal
    expected_loss: Decimal

    def question(self, base_date: str, *, looked: bool) -> str:
        """What is asked when the passphrase has been typed; `looked`: at the preview."""
        amounts = f"账面金额{amount_text(self.carrying_amount)}元"
        losses = f"预计损失{amount_text(self.expected_loss)}元"
        attached = f"附资料{self.papers}份" if self.papers else "没有附资料"
        lines = [
            f"封印{base_date}这一期：{self.readiness.rows}笔资产，{attached}。",
            f"{amounts}，{losses}。",
        ]
        if self.kept:
            lines.append(f"保留了{self.kept}个警告，理由随上报包交给联社。")
        if self.untold:
            lines.append(untold_told(self.untold))
        if self.uneven:
            lines.append(uneven_told(self.uneven))
        if self.hints:
            lines.append(hints_told(self.hints))
        if self.unproven:
            lines.append(unproven_told(self.unproven))
        if not looked:
            lines.append(NOT_LOOKED_AT)
        return "\n".join(lines)


def hints_told(count: int) -> str:
    """How many answers are to be looked at again; they block nothing."""
    return f"{count}处请再核对一遍：备注说的和填的不一样，或者答案不常见。"


def untold_told(count: int) -> str:
    """How many fields are empty that a remark has something for; the class leaves it out."""
    example = "例如备注写着已收回，分类日后已收回金额空着"
    return f"{count}处备注说了、却没有填（{example}）：不填就当作没有，照样分类。"


def uneven_told(count: int) -> str:
    """How many sheets of table 2 say that more, or less, can come in than their loss leaves."""
    return f"附表2有{count}张的预计可收回额和预计损失额合不上：印出来两个数互相矛盾，请先核对。"


def unproven_told(count: int) -> str:
    """How many rows have their papers elsewhere, which their working papers do not show."""
    return f"{count}笔填了资料齐全，一份也没有附：底稿会印“未附”。纸质资料另外存档的不用管。"


def look_before_sealing(book: Book, progress: Progress) -> BeforeSealing:
    """Checks the whole book."""
    from app.book.checks import check_book
    from app.book.evidence import evidence_counts, unproven_count
    from app.book.readiness import readiness
    from app.intake.hints import UNEVEN, UNFILLED, hint_findings

    progress.check()
    findings, hints = check_book(book), hint_findings(book.store)
    untold, uneven = (sum(one.code == code for one in hints) for code in (UNFILLED, UNEVEN))
    tables = book.progress().values()
    return BeforeSealing(
        readiness(book, findings),
        kept=sum(one.kept is not None for one in findings),
        hints=len(hints) - untold - uneven,
        untold=untold,
        uneven=uneven,
        unproven=unproven_count(book.store),
        papers=sum(evidence_counts(book.store).values()),
        carrying_amount=sum((one.carrying_amount for one in tables), Decimal("0.00")),
        expected_loss=sum((one.expected_loss for one in tables), Decimal("0.00")),
    )
