"""Which rows an office may change: what it sent and did not get back stays as it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.book.errors import BookError
from app.book.history import Changing
from app.models.tables import rows

LOCKED = ("submitted", "under_review", "reviewed", "checked", "referred", "determined")
"""Stages in which a row is the union's: while others were returned, these stay as they are."""


def need_unlocked(line: Any) -> None:
    """Refuses changes of a row that was sent and not returned."""
    if line.stage in LOCKED:
        final = line.stage == "determined"
        what = (
            "已经认定，不能再改。新的变化请记入下一期"
            if final
            else "已经上报，联社没有退回，不能改。确需修改的，请联社退回"
        )
        raise BookError(f"资产{line.id}（{line.name or '未命名'}）{what}。")


def prepare_again(change: Changing, line: Any) -> None:
    """A returned row that somebody works on is the office's again: prepared, or a draft."""
    if line.stage != "returned":
        return
    stage = "draft" if line.errors else "prepared"
    written = {"stage": stage, "prepared_by": change.by if stage == "prepared" else ""}
    change.connection.execute(update(rows).where(rows.c.key == line.key).values(written))
    change.log("stage", row_id=line.id, field="stage", old="returned", new=stage)
