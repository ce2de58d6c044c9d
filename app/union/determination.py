"""Determination by the leading group: vote, minutes, limits of authority; final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.book.coding import from_json, maybe_yuan, to_fen, to_json
from app.book.derive import table_of
from app.book.evidence import LARGEST, store_bytes
from app.book.history import Changing
from app.book.types import STAGES
from app.forms.classes import BY_CODE, FiveClass
from app.intake.progress import Progress, silent
from app.union.authority import authority_text, beyond_authority, came_up, deciding_authority
from app.union.changing import change_row
from app.union.entries import Entry
from app.union.errors import UnionError
from app.union.layers import class_in, layered, loss_of, need_sound, with_layer
from app.union.review import Reviewed, Work, apply_entries, give_back, refuse_others
from app.union.waiting import checked_first

if TYPE_CHECKING:
    from app.book.book import Book

__all__ = ["authority_text", "beyond_authority", "deciding_authority", "determine"]

_ANSWERED = "按上级批复登记"
ALLOWED = ("class", "loss", "vote", "minutes", "valuations", "marks")


def determine(
    book: Book, entries: Sequence[Entry], *, by: str, progress: Progress = silent
) -> Reviewed:
    """Applies determinations in one transaction, all of them or none."""
    department_first = checked_first(book)

    def one(work: Work, entry: Entry, line: Any) -> None:
        refuse_others(entry, ALLOWED, work.role)
        if entry.marks is not None:
            _deliberate_again(work, entry, line)
        else:
            _determine(work, entry, line, department_first=department_first)

    return apply_entries(book, entries, by, {"leading_group": one}, "认定", progress)


def _deliberate_again(work: Work, entry: Entry, line: Any) -> None:
    """The leading group says no: the row goes back for more material."""
    if line.stage not in ("reviewed", "checked", "returned") or line.decided_in is not None:
        raise UnionError(
            f"{entry.place}：资产{line.id}{STAGES[line.stage]}，不能退回复议。"
            "初审以后、发出决定以前才可以退回。"
        )
    give_back(work.store, work.change, entry, line, "return")


def _determine(work: Work, entry: Entry, line: Any, *, department_first: bool) -> None:
    store = work.store
    answered = _answered_above(entry, line)
    if not answered:
        _need_ready(entry, line, department_first=department_first)
    table = table_of(store, line.table_id)
    class_ = class_in(table, entry, "determined_class") or BY_CODE[line.review_class]
    layers = with_layer(store, line, entry, "determination")
    evaluation = layered(store, line, layers)
    need_sound(evaluation, entry)
    _need_reason(entry, line, class_, evaluation.suggested)
    if answered:
        minutes = _keep_minutes(work.change, entry)
    else:
        minutes = _loss_papers(work, entry, line, class_)
    loss = loss_of(evaluation)
    fen = to_fen(loss) if loss is not None else None
    beyond = None
    if not answered and not came_up(line):
        beyond = beyond_authority(store.ruleset, class_, maybe_yuan(line.carrying_amount))
    columns: dict[str, Any] = {
        "layers": to_json(layers) if layers else "",
        "layer_class": evaluation.suggested.value if layers and evaluation.suggested else None,
        "marks": "",
        "stage": "referred" if beyond else "determined",
    }
    if not beyond:
        columns |= {
            "fields": {"determined_class": class_.value, "determined_reason": entry.reason or None},
            "determined_class": class_.value,
            "determined_loss": fen,
        }
    layer = layers.get("determination", {}).get("values", {}) if entry.has_layer else {}
    change_row(store, work.change, line, entry.version, columns, {
        "stage": "determination", "class_code": class_.value, "loss": fen,
        "layer": to_json(layer) if layer else "", "reason": entry.reason,
        "text": f"超出权限，报{beyond.decides}" if beyond else _ANSWERED if answered else "",
        "vote": entry.vote, **minutes,
    })  # fmt: skip


def _answered_above(entry: Entry, line: Any) -> bool:
    """Whether this records what was decided above on a row that went up; its paper is needed."""
    if line.stage != "referred":
        return False
    _need_all(f"{entry.place}：资产{line.id}已报上级，登记上级的认定", {
        "class": ("认定结果", entry.class_),
        "reason": ("理由", entry.reason),
        "minutes": ("上级的批复", entry.minutes),
    })  # fmt: skip
    return True


def _need_all(said: str, given: Mapping[str, tuple[str, object]]) -> None:
    """Refuses an opinion in which one of these is empty: by its key, its word and what it holds."""
    missing = {key: word for key, (word, value) in given.items() if not value}
    if missing:
        words = "、".join(f"{word}（{key}）" for key, word in missing.items())
        raise UnionError(f"{said}还缺{words}，请补上。", missing=tuple(missing))


def _need_ready(entry: Entry, line: Any, *, department_first: bool) -> None:
    if line.stage == "determined":
        if not entry.reason:
            raise UnionError(
                f"{entry.place}：资产{line.id}本期已认定，重新认定要写理由（reason）。"
            )
        return
    ready = ("checked",) if department_first else ("reviewed", "checked")
    if line.stage not in ready or not line.review_class:
        missing = "归口管理部门还没有审核" if line.stage == "reviewed" else "还没有初审"
        if line.stage == "returned":
            missing = STAGES[line.stage]
        raise UnionError(f"{entry.place}：资产{line.id}{missing}，不能认定。请先办完前一步。")


def _need_reason(entry: Entry, line: Any, class_: FiveClass, suggested: FiveClass | None) -> None:
    differs = class_.value != line.review_class or class_ is not suggested
    # The review's own reason stands where the leading group follows it.
    followed = class_.value == line.review_class and (from_json(line.field_values) or {}).get(
        "review_reason"
    )
    if differs and not followed and not entry.reason:
        raise UnionError(
            f"{entry.place}（{entry.id}）：认定结果与程序建议或初审意见不同，要写理由（reason）。"
        )


def _loss_papers(work: Work, entry: Entry, line: Any, class_: FiveClass) -> dict[str, Any]:
    """Vote and minutes; for a loss both, and the audit opinion before them."""
    if class_ is FiveClass.LOSS:
        values = from_json(line.field_values) or {}
        _need_all(f"{entry.place}：资产{line.id}认定为损失，", {
            "audit_opinion": ("审计意见", values.get("audit_opinion")),
            "vote": ("表决情况", entry.vote),
            "minutes": ("会议纪要", entry.minutes),
        })  # fmt: skip
    if entry.votes is not None and entry.votes[0] <= entry.votes[1]:
        raise UnionError(
            f"{entry.place}：资产{line.id}的表决没有通过（{entry.vote}），不能认定；请退回复议（marks）。"
        )
    return _keep_minutes(work.change, entry)


def _keep_minutes(change: Changing, entry: Entry) -> dict[str, Any]:
    if entry.minutes is None:
        return {}
    content = entry.minutes.read_bytes()
    if not content or len(content) > LARGEST:
        limit = LARGEST // 1024 // 1024
        raise UnionError(
            f"{entry.place}：会议纪要“{entry.minutes.name}”是空的，或超过{limit}兆。请换一份。"
        )
    digest = sha256(content).hexdigest()
    store_bytes(change, digest, content)
    return {"minutes_name": entry.minutes.name, "minutes_sha256": digest}
