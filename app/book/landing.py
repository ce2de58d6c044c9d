"""Decisions of the union row by row: questions reopen a row, determinations fill and close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from app.book import big_losses
from app.book.coding import from_json, to_fen, to_json
from app.book.errors import NOT_ADOPTED, BookError
from app.book.followups import set_up_followups
from app.book.history import Changing
from app.book.locks import prepare_again
from app.book.reading import row_line
from app.book.types import PeriodState
from app.models.tables import opinions, periods, rows

if TYPE_CHECKING:
    from app.book.store import Store

Json = Any
Line = Mapping[str, Json]


@dataclass
class Landed:
    """What a decision changed in the book."""

    returned: list[str] = field(default_factory=list)
    determined: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Rows changed at the union after they went up: the answer is about what they were."""
    closed: bool = False
    """Whether everything is determined now and the period is closed."""


def land(store: Store, change: Changing, lines: Iterable[Line], package_id: int) -> Landed:
    """Brings the lines of a decision into the rows they are about."""
    landed = Landed()
    for line in lines:
        row = _row(store, change, line)
        if line["outcome"] == "returned":
            _give_back(change, row, line)
            landed.returned.append(row.id)
        else:
            _determine(store, change, row, line)
            landed.determined.append(row.id)
        _note_opinions(store, change, row, line, package_id)
    return landed


def _row(store: Store, change: Changing, line: Line) -> Any:
    try:
        row = row_line(store, change.connection, line["id"])
    except BookError:
        raise BookError(f"决定里的资产{line['id']}不在本账套里，{NOT_ADOPTED}") from None
    if row.table_id != line["table"]:
        raise BookError(f"决定里的资产{row.id}说是附表{line['table']}的，{NOT_ADOPTED}")
    return row


def questions_of(row: Any, line: Line) -> list[dict[str, Any]]:
    """What a row that is returned is asked, nothing of it answered yet."""
    if row.stage == "determined":
        raise BookError(f"资产{row.id}本期已经认定，决定里却是退回，{NOT_ADOPTED}")
    return [{**mark, "answer": "", "answered": False} for mark in line["marks"]]


def result_of(row: Any, line: Line) -> tuple[str, int | None]:
    """The class that counts and the loss in fen; BookError where the line contradicts itself."""
    code, loss = line["class"], line["expected_loss"]
    if not code or line["union"].get("determined_class") != code:
        raise BookError(f"决定里的资产{row.id}没有说清认定结果，{NOT_ADOPTED}")
    return code, to_fen(Decimal(loss)) if loss else None


def _give_back(change: Changing, row: Any, line: Line) -> None:
    """The row is the office's again, its questions beside its fields."""
    marks = questions_of(row, line)
    written = {
        "stage": "returned",
        "marks": to_json(marks),
        "confirmed_by": "",
        "confirmed_at": None,
        "updated_at": change.at_text,
    }
    change.connection.execute(update(rows).where(rows.c.key == row.key).values(written))
    new = {"reason": line["reason"], "marks": marks}
    change.log("return", row_id=row.id, field="stage", old=row.stage, new=new)


def _determine(store: Store, change: Changing, row: Any, line: Line) -> None:
    """The result that counts, with the opinions that led to it."""
    fields = store.ruleset.table(row.table_id).fields
    given = {k: v for k, v in line["union"].items() if k in fields and fields[k].part == "union"}
    code, loss = result_of(row, line)
    written = {
        "field_values": to_json({**(from_json(row.field_values) or {}), **given}),
        "review_class": given.get("review_class"),
        "determined_class": code,
        "determined_loss": loss,
        "layers": to_json(line["layers"]) if line["layers"] else "",
        "marks": "",
        "stage": "determined",
        "updated_at": change.at_text,
    }
    change.connection.execute(update(rows).where(rows.c.key == row.key).values(written))
    if (row.determined_class, row.stage) != (code, "determined"):
        new = {"class": code, "loss": line["expected_loss"], "reason": line["reason"]}
        change.log("determine", row_id=row.id, field="determined_class",
                   old=row.determined_class, new=new)  # fmt: skip
    big_losses.keep_in_step(store, change, {**row._mapping, **written})


def _note_opinions(store: Store, change: Changing, row: Any, line: Line, package_id: int) -> None:
    """The opinions of the union as they came, each once."""
    known = select(opinions.c.stage, opinions.c.by, opinions.c.at).where(
        opinions.c.period_id == store.period.id, opinions.c.row_id == row.id
    )
    held = {(one.stage, one.by, one.at) for one in change.connection.execute(known)}
    minutes = {item["name"]: item["sha256"] for item in line["attachments"]}
    new = [
        {
            "period_id": store.period.id,
            "institution": "",
            "row_id": row.id,
            "stage": one["stage"],
            "class_code": one["class"],
            "loss": to_fen(Decimal(one["loss"])) if one["loss"] else None,
            "layer": to_json(one["layer"]) if one["layer"] else "",
            "marks": "",
            "reason": one["reason"],
            "text": one["text"],
            "vote": one["vote"],
            "minutes_name": "",
            "minutes_sha256": None,
            "package_id": package_id,
            "by": one["by"],
            "at": one["at"],
        }
        for one in line["opinions"]
        if (one["stage"], one["by"], one["at"]) not in held
    ]
    if new and minutes and new[-1]["stage"] == "determination":
        name = list(minutes)[-1]
        new[-1] |= {"minutes_name": name, "minutes_sha256": minutes[name]}
    if new:
        change.connection.execute(opinions.insert(), new)


def settle_period(store: Store, change: Changing, landed: Landed) -> PeriodState:
    """Opens the period where rows came back, closes it and sets up the ledger when all is final."""
    query = (
        select(rows.c.stage, func.count().label("rows"))
        .where(rows.c.period_id == store.period.id)
        .group_by(rows.c.stage)
    )
    stages = {line.stage: line.rows for line in change.connection.execute(query)}
    state: PeriodState = store.period.state
    if stages.keys() <= {"determined"}:
        state = "closed"
    elif landed.returned:
        state = "open"
    if state == "closed":
        set_up_followups(store, change)
    if state != store.period.state:
        this = periods.c.id == store.period.id
        change.connection.execute(update(periods).where(this).values(state=state))
        change.log("period_state", old=store.period.state, new=state)
    landed.closed = state == "closed"
    return state


def answer_mark(store: Store, row_id: str, field_key: str, text: str, *, by: str) -> None:
    """Answers the union's questions on a field in words, where nothing has to be changed."""
    text = text.strip()
    if not text:
        raise BookError("答复是空的，没有写入。请写明这一项为什么不改。")
    with store.write(by) as change:
        row = row_line(store, change.connection, row_id)
        marks = from_json(row.marks) or []
        mine = [mark for mark in marks if mark["field"] == field_key]
        if not mine:
            raise BookError(f"联社没有就资产{row.id}的这一项提出问题，不用答复。")
        for mark in mine:
            change.log("answer", row_id=row.id, field=field_key, old=mark["answer"], new=text)
            mark |= {"answer": text, "answered_by": by}
        this = rows.c.key == row.key
        change.connection.execute(update(rows).where(this).values(marks=to_json(marks)))
        prepare_again(change, row)
