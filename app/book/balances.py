"""General-ledger balances of a period."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.book.coding import to_fen, to_yuan
from app.book.errors import BookError
from app.book.history import Changing
from app.book.subjects import CODE, chart_in_step, new_content, put_subject
from app.book.types import Balance, Json
from app.forms.schema import Subject
from app.models.tables import balances

if TYPE_CHECKING:
    from app.book.store import Store

_AMOUNTS = ("debit", "credit", "provisions")


def _balance(line: Any) -> Balance:
    return Balance(
        line.subject, line.name, to_yuan(line.debit), to_yuan(line.credit), to_yuan(line.provisions)
    )


def all_balances(store: Store) -> list[Balance]:
    """The balances of the period, by subject."""
    # A union's book holds them office by office.
    sums = [func.sum(balances.c[name]).label(name) for name in _AMOUNTS]
    query = (
        select(balances.c.subject, func.min(balances.c.name).label("name"), *sums)
        .where(balances.c.period_id == store.period.id)
        .group_by(balances.c.subject)
        .order_by(balances.c.subject)
    )
    with store.read() as connection:
        return [_balance(line) for line in connection.execute(query)]


def set_balances(
    store: Store,
    given: Sequence[Balance],
    *,
    by: str,
    source: str = "typed",
    own: Sequence[Subject] = (),
) -> None:
    """Replaces the balances of the period as a whole; `own`: subjects to be known from now on."""
    codes = [balance.subject for balance in given]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise BookError(f"科目{twice}的余额出现了两次，什么也没有写入。请合成一行。")
    added = [new_content(store, one.code, one.name, one.table) for one in own]
    with chart_in_step(store), store.write(by) as change:
        for content in added:
            put_subject(store, change, content["code"], content)
        stored = select(balances.c.subject).where(balances.c.period_id == store.period.id)
        for code in sorted(set(change.connection.execute(stored).scalars()) - set(codes)):
            put_balance(store, change, code, None)
        for balance in given:
            put_balance(store, change, balance.subject, _content(balance, source))


def set_balance(store: Store, balance: Balance, *, by: str, source: str = "typed") -> None:
    """Sets the balance of one subject."""
    with store.write(by) as change:
        put_balance(store, change, balance.subject, _content(balance, source))


def _content(balance: Balance, source: str) -> dict[str, Json]:
    for amount in (balance.debit, balance.credit, balance.provisions):
        if amount != amount.quantize(Decimal("0.01")):
            raise BookError(f"科目{balance.subject}的余额{amount}超过两位小数，请改成两位。")
    if not CODE.fullmatch(balance.subject):
        raise BookError(f"科目代码“{balance.subject}”应为3至8位数字。")
    amounts = {name: to_fen(getattr(balance, name)) for name in _AMOUNTS}
    return {"name": balance.name, **amounts, "source": source}


def put_balance(
    store: Store, change: Changing, subject: str, content: dict[str, Json] | None
) -> None:
    """Stores, or with None takes away, one balance, with history."""
    mine = (
        (balances.c.period_id == store.period.id)
        & (balances.c.institution == "")
        & (balances.c.subject == subject)
    )
    old = change.connection.execute(select(balances).where(mine)).first()
    names = ("name", *_AMOUNTS, "source")
    before = {name: getattr(old, name) for name in names} if old else None
    if before == content:
        return
    change.connection.execute(balances.delete().where(mine))
    if content is not None:
        line = {**content, "period_id": store.period.id, "institution": "", "subject": subject}
        change.connection.execute(balances.insert(), line)
    change.log("balance", field=subject, old=before, new=content)
