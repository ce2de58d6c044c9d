"""What was done since the book was opened: the changes that undo and redo would take, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.book.coding import from_json, to_moment
from app.book.history import last_change_no
from app.book.undo import waiting
from app.models.tables import history, rows

if TYPE_CHECKING:
    from app.book.store import Store

MOST = 200
_FOLLOWING = ("stage", "source", "big_loss", "import", "left")
_WORDS = {
    "add": "登记",
    "remove": "移出",
    "balance": "登记总账余额",
    "subject": "改科目表",
    "attach": "附上资料",
    "detach": "移除资料",
    "box": "标出资料上的位置",
    "paper": "说明是什么资料",
    "big_loss_set": "填写附表2",
    "keep": "保留警告",
    "unkeep": "收回保留的警告",
    "book": "建立账套",
    "carry": "由上期带来",
    "period": "开始新的一期",
    "person": "登记人员",
    "accept_key": "确认密钥",
    "seal_picture": "换印章图片",
    "confirm": "会计确认",
    "stage": "会计确认",
    "seal": "封印上报",
    "period_state": "封印上报",
    "export": "导出草稿",
    "reopen": "重新打开本期",
    "gone": "移出",
    "import": "导入",
    "receipt": "收到联社回执",
    "answer": "答复联社",
    "followup": "改台账",
    "followups": "改台账",
    "collect": "接收上报包",
    "opinion": "填审核意见",
    "sample": "抽样",
    "return": "退回信用社",
    "determine": "认定",
    "decide": "发出决定",
    "office": "登记信用社",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One change that can be undone, or done again."""

    change_no: int
    at: datetime
    by: str
    words: str
    """What it did: 农行存款第一笔：到期日."""
    rows: int
    """How many rows it touched."""
    place: tuple[str, str, str] | None = None
    """Table, row and first field, where it set fields of one row that is still there."""


def steps(store: Store, *, forward: bool = False, most: int = MOST) -> list[Step]:
    """The changes in the order in which undo (or redo) takes them."""
    numbers = list(islice(waiting(store, forward=forward), most))
    # What the entries held is left aside: of an import it would be every value of every row.
    wanted = (history.c.id, history.c.change_no, history.c.at, history.c.by, history.c.why,
              history.c.kind, history.c.row_id, history.c.field)  # fmt: skip
    query = select(*wanted).where(history.c.change_no.in_(numbers)).order_by(history.c.id)
    by_number: dict[int, list[Any]] = {}
    with store.read() as connection:
        for line in connection.execute(query):
            by_number.setdefault(line.change_no, []).append(line)
        return [_step(store, connection, by_number[number]) for number in numbers]


def last_step(store: Store) -> Step | None:
    """The change that was saved last, whether or not it can be undone; None in an empty history."""
    with store.read() as connection:
        number = last_change_no(connection)
        query = select(history).where(history.c.change_no == number).order_by(history.c.id)
        lines = connection.execute(query).all()
        return _step(store, connection, lines) if lines else None


def _step(store: Store, connection: Connection, lines: Sequence[Any]) -> Step:
    mine = [line for line in lines if line.kind not in _FOLLOWING] or list(lines)
    first, count = mine[0], len({line.row_id for line in mine if line.row_id})
    row = _row(store, connection, first.row_id)
    words = _words(store, connection, mine, row)
    alone = row is not None and count == 1 and {line.kind for line in mine} == {"set"}
    place = (row.table_id, row.id, first.field) if alone and row is not None else None
    return Step(first.change_no, to_moment(first.at), first.by, words, count, place)


def _row(store: Store, connection: Connection, row_id: str) -> Any:
    query = select(rows.c.id, rows.c.name, rows.c.table_id).where(
        rows.c.period_id == store.period.id, rows.c.id == row_id
    )
    return connection.execute(query).first() if row_id else None


def _words(store: Store, connection: Connection, lines: Sequence[Any], row: Any) -> str:
    first, count = lines[0], len({line.row_id for line in lines if line.row_id})
    name = (row.name or row.id) if row is not None else _name_then(connection, first)
    if count > 1:
        name += f"等{count}笔"
    kinds = list(dict.fromkeys(line.kind for line in lines))
    if kinds == ["set"]:
        return f"{name}：{_fields(store, lines, row)}"
    said = "、".join("修改" if kind == "set" else _WORDS.get(kind, kind) for kind in kinds)
    if first.why and kinds[0] in ("add", "set"):
        said = first.why
    return f"{name}：{said}" if name else said


def _name_then(connection: Connection, line: Any) -> str:
    """What the entry is about, where no row of the period is it: a removed row, a subject."""
    if not line.row_id:
        return str(line.field or "")
    query = select(history.c.old, history.c.new).where(history.c.id == line.id)
    held = connection.execute(query).one()
    content = from_json(held.old) or from_json(held.new)
    values = content.get("values", {}) if isinstance(content, dict) else {}
    return str(values.get("name") or line.row_id)


def _fields(store: Store, lines: Sequence[Any], row: Any) -> str:
    table = store.ruleset.tables.get(row.table_id) if row is not None else None
    keys = dict.fromkeys(line.field for line in lines)
    labels = [
        table.fields[key].label if table is not None and key in table.fields else key
        for key in keys
    ]
    return "、".join(labels[:3]) + (f"等{len(labels)}项" if len(labels) > 3 else "")
