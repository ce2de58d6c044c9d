"""What union and office said to each other about a row, as its history tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.book.coding import from_json
from app.forms.table import Table
from app.ui import html
from app.ui.union.words import class_words, money

if TYPE_CHECKING:
    from app.book.types import Change


def exchange_words(change: Change, table: Table) -> str:
    """An opinion, a return with its questions, or what was answered, as rich text."""
    match change.kind:
        case "answer":
            return f"{_place(change.field, table)}{html.text(str(change.new))}"
        case "answered":
            return "；".join(asked_words(mark, table, over=True) for mark in change.new)
        case "return":
            return _join([html.text(change.new.get("reason") or "")], change.new["marks"], table)
        case "determine":
            said = f"{class_words(change.new['class'])}，损失{money(change.new['loss'])}元"
            return _join([html.text(said), html.text(change.new["reason"])], (), table)
        case _:
            return _opinion(change, table)


def _opinion(change: Change, table: Table) -> str:
    from app.union.changing import OPINION_STAGES

    given = change.new
    head = OPINION_STAGES.get(change.field, change.field)
    head += f" {class_words(given['class_code'])}" if given.get("class_code") else ""
    said = [given.get(key) or "" for key in ("text", "reason", "vote")]
    return _join(
        [html.text(head), *map(html.text, said)], from_json(given.get("marks")) or (), table
    )


def _join(parts: list[str], marks: Any, table: Table) -> str:
    asked = (asked_words(one, table) for one in marks)
    return "；".join(part.rstrip("。；") for part in (*parts, *asked) if part)


def asked_words(mark: Mapping[str, Any], table: Table, *, over: bool = False) -> str:
    """A question with its field; once it is over also with what the office did about it."""
    asked = f"问{_place(mark['field'], table)}{html.text(str(mark['note']))}"
    if not over:
        return asked
    if mark.get("answer"):
        return f"{asked}（答：{html.text(str(mark['answer']))}）"
    return f"{asked}（{'已改' if mark.get('answered') else '没有答复'}）"


def _place(field: str, table: Table) -> str:
    """The field's label, as a link where the form has it."""
    from app.union.resubmission import WITHOUT_FIELD

    if field in table.fields:
        return f"“{html.link(f'field:{field}', table.fields[field].label)}”："
    return f"“{html.text(WITHOUT_FIELD[field][1])}”：" if field in WITHOUT_FIELD else "："
