"""The steps of a campaign: which are done, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ui.tally import Tally

if TYPE_CHECKING:
    from app.book.book import Book


@dataclass(frozen=True, slots=True)
class CampaignStep:
    """One step: what it is, how it stands, and where it is done."""

    key: str
    title: str
    state: str
    done: bool
    action: str = ""


def campaign_steps(book: Book, tally: Tally) -> list[CampaignStep]:
    """All steps in order, from the state of the book."""
    counts = _Counts(book, tally)
    return [_people(book), _balances(book), _rows(counts), _filled(counts), _confirmed(counts),
            _sealed(book)]  # fmt: skip


class _Counts:
    """How many rows there are and how far they are."""

    def __init__(self, book: Book, tally: Tally) -> None:
        self.rows = tally.rows
        self.unfinished = tally.rows - tally.finished
        self.prepared = book.row_count(None, only="prepared")


def _people(book: Book) -> CampaignStep:
    from app.book.readiness import lacking_roles
    from app.book.types import ROLES

    lacking = [ROLES[role] for role in lacking_roles(book)]
    state = f"还缺{'、'.join(lacking)}" if lacking else f"{len(book.people())}人"
    return CampaignStep("people", "登记人员", state, not lacking, "登记人员…")


def _balances(book: Book) -> CampaignStep:
    count = len(book.balances())
    state = f"{count}个科目" if count else "还没有总账余额，各笔合计无从核对"
    return CampaignStep("balances", "取得总账余额", state, bool(count), "导入余额…")


def _rows(counts: _Counts) -> CampaignStep:
    state = f"{counts.rows}笔" if counts.rows else "还没有资产"
    return CampaignStep("rows", "登记资产", state, bool(counts.rows), "导入清单…")


def _filled(counts: _Counts) -> CampaignStep:
    if not counts.rows:
        return CampaignStep("fill", "填写各表和底稿", "先登记资产", False)
    state = f"还有{counts.unfinished}笔没有填完" if counts.unfinished else "全部填完"
    return CampaignStep("fill", "填写各表和底稿", state, not counts.unfinished, "接着填")


def _confirmed(counts: _Counts) -> CampaignStep:
    waiting = counts.prepared
    done = bool(counts.rows) and not waiting and not counts.unfinished
    rest = "全部确认" if done else "填完以后由会计确认"
    state = f"{waiting}笔等会计确认" if waiting else rest
    return CampaignStep("confirm", "会计确认", state, done, "确认…" if waiting else "")


def _sealed(book: Book) -> CampaignStep:
    states = {
        "open": "全部做完后封印、导出上报包",
        "sealed": f"已封印，封印码 {book.period.seal_code}",
        "closed": "联社已全部认定，本期关闭",
    }
    done = book.period.state != "open"
    return CampaignStep("submit", "封印上报", states[book.period.state], done, "去上报")
