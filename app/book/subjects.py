"""The office's own subjects: what its ledger has beyond the rule set's chart of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.book.derive import table_of
from app.book.errors import BookError
from app.book.history import Changing
from app.book.rows import rejudge
from app.book.types import Json
from app.forms.schema import Subject
from app.models.tables import balances, rows, subjects

if TYPE_CHECKING:
    from app.book.store import Store

CODE = re.compile(r"[0-9]{3,8}")
LONGEST_NAME = 40


def own_subjects(store: Store) -> list[Subject]:
    """The subjects that the office has added, by code."""
    with store.read() as connection:
        return list(store.own_subjects(connection).values())


def add_subject(store: Store, code: str, name: str, table_id: str, *, by: str = "") -> Subject:
    """Adds a subject of the office's own to the chart; rows that use it are judged again."""
    content = new_content(store, code, name, table_id)
    with chart_in_step(store), store.write(by) as change:
        put_subject(store, change, content["code"], content)
    return store.chart[content["code"]]


def change_subject(
    store: Store, code: str, name: str, table_id: str, *, by: str = "", why: str = ""
) -> Subject:
    """Gives one of the office's own subjects another name or table."""
    _need_own(store, code)
    content = _content(store, code, name, table_id)
    with chart_in_step(store), store.write(by, why=why) as change:
        put_subject(store, change, code, content)
    return store.chart[code]


def remove_subject(store: Store, code: str, *, by: str = "", why: str = "") -> None:
    """Takes one of the office's own subjects out again, unless rows or balances use it."""
    own = _need_own(store, code)
    with chart_in_step(store), store.write(by, why=why) as change:
        for table, words in ((rows, "笔资产"), (balances, "个余额")):
            using = select(func.count()).select_from(table).where(table.c.subject == code)
            count = change.connection.execute(using).scalar_one()
            if count:
                raise BookError(
                    f"{code}（{own.name}）还有{count}{words}在用，不能删除。请先改用别的科目。"
                )
        put_subject(store, change, code, None)


def new_content(store: Store, code: str, name: str, table_id: str) -> dict[str, Json]:
    """A new subject as stored; BookError for what can't be one."""
    code = code.strip()
    if not CODE.fullmatch(code):
        raise BookError(f"科目代码“{code}”应为3至8位数字。")
    if code in store.chart:
        raise BookError(f"科目表里已经有{code}（{store.chart[code].name}），不用再加。")
    for known, subject in store.chart.items():
        # A balance must not be counted in two subjects.
        if code.startswith(known):
            raise BookError(
                f"{code}是{known}（{subject.name}）的明细，不用另加：资产和余额都记在{known}。"
            )
        if known.startswith(code):
            raise BookError(
                f"{code}下面已有明细{known}（{subject.name}），不能再列为科目。请记在明细里。"
            )
    return _content(store, code, name, table_id)


def _content(store: Store, code: str, name: str, table_id: str) -> dict[str, Json]:
    name = name.strip()
    if not name:
        raise BookError(f"科目{code}没有名称。请填写名称。")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BookError(f"科目{code}的名称应为1至{LONGEST_NAME}个字。")
    return {"code": code, "name": name, "table_id": table_of(store, table_id).id}


def _need_own(store: Store, code: str) -> Subject:
    own = {subject.code: subject for subject in own_subjects(store)}
    if code in own:
        return own[code]
    if code in store.chart:
        raise BookError(
            f"{code}（{store.chart[code].name}）是规则里的科目，不能改。请另加本社的科目。"
        )
    raise BookError(f"科目表里没有{code}。请核对代码。")


def put_subject(store: Store, change: Changing, code: str, content: dict[str, Json] | None) -> None:
    """Stores, or with None takes away, one own subject, with history; its rows are judged again."""
    mine = subjects.c.code == code
    old = change.connection.execute(select(subjects).where(mine)).first()
    before = dict(old._mapping) if old else None
    if before == content:
        return
    change.connection.execute(subjects.delete().where(mine))
    if content is not None:
        change.connection.execute(subjects.insert(), content)
    change.log("subject", field=code, old=before, new=content)
    store.load_chart(change.connection)
    users = select(rows).where(rows.c.period_id == store.period.id, rows.c.subject == code)
    rejudge(store, change, change.connection.execute(users).all())


@contextmanager
def chart_in_step(store: Store) -> Iterator[None]:
    """Reads the chart again when the block ends: a change that failed leaves none of it."""
    try:
        yield
    finally:
        with store.read() as connection:
            store.load_chart(connection)
