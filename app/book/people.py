"""Who works on the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select

from app.book.drafts import hand_over_opinions
from app.book.errors import BookError
from app.book.types import ROLES, Person, Role
from app.forms.errors import likeliest
from app.models.tables import history, people

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.book.store import Store

LONGEST_NAME = 40


def role_of(word: str) -> Role:
    """The role of this code or Chinese name; BookError for another word."""
    by_word = {code: code for code in ROLES} | {label: code for code, label in ROLES.items()}
    role = by_word.get(word.strip())
    if role is None:
        known = "、".join(f"{code}（{label}）" for code, label in ROLES.items())
        raise BookError(f"没有“{word}”这个岗位。可选：{known}。")
    return cast("Role", role)


def _person(line: Any) -> Person:
    return Person(line.id, line.name, line.role)


def all_people(store: Store) -> list[Person]:
    """Everyone, in the order of joining."""
    with store.read() as connection:
        return [_person(line) for line in connection.execute(select(people).order_by(people.c.id))]


def person_named(store: Store, name: str) -> Person:
    """The person of this name; BookError names the likeliest one otherwise."""
    everyone = {person.name: person for person in all_people(store)}
    if name not in everyone:
        near = likeliest(name, everyone)
        hint = f"（是否指“{near}”？）" if near else ""
        raise BookError(f"账套里没有“{name}”这个人{hint}。请先添加人员。")
    return everyone[name]


def _fit_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BookError(f"姓名应为1至{LONGEST_NAME}个字。")
    return name


def _need_free(connection: Connection, name: str) -> None:
    found = connection.execute(select(people).where(people.c.name == name)).first()
    if found is not None:
        label = ROLES.get(found.role, found.role)
        raise BookError(f"已经有“{name}”（{label}）。重名的请加上区别，如“{name}（二）”。")


def add_person(store: Store, name: str, role: str, *, by: str | None = None) -> Person:
    """Adds someone; a name stands for one person."""
    name = _fit_name(name)
    code = role_of(role)
    with store.write(by or "", sealed=True) as change:
        _need_free(change.connection, name)
        line = {"name": name, "role": code, "added_at": change.at_text}
        added = change.connection.execute(people.insert(), line).inserted_primary_key
        change.log("person", field=name, new={"role": code})
    assert added is not None
    return Person(int(added[0]), name, code)


def change_role(store: Store, name: str, role: str, *, by: str, why: str = "") -> Person:
    """Gives someone another role."""
    person = person_named(store, name)
    code = role_of(role)
    if code != person.role:
        with store.write(by, why=why, sealed=True) as change:
            renewed = people.update().where(people.c.id == person.id).values(role=code)
            change.connection.execute(renewed)
            change.log("person", field=name, old={"role": person.role}, new={"role": code})
    return Person(person.id, name, code)


def rename_person(store: Store, name: str, new_name: str, *, by: str) -> Person:
    """Corrects a mistyped name, as long as nothing is signed with it."""
    person = person_named(store, name)
    new_name = _fit_name(new_name)
    if new_name != name:
        with store.write("" if by == name else by, sealed=True) as change:
            _need_unused(change.connection, name)
            _need_free(change.connection, new_name)
            renewed = people.update().where(people.c.id == person.id).values(name=new_name)
            change.connection.execute(renewed)
            hand_over_opinions(change.connection, name, new_name)
            change.log("person", field=new_name, old={"name": name}, new={"name": new_name})
    return Person(person.id, new_name, person.role)


def remove_person(store: Store, name: str, *, by: str) -> None:
    """Takes someone out who has done nothing yet."""
    person = person_named(store, name)
    with store.write("" if by == name else by, sealed=True) as change:
        _need_unused(change.connection, name)
        change.connection.execute(people.delete().where(people.c.id == person.id))
        hand_over_opinions(change.connection, name, "")
        change.log("person", field=name, old={"role": person.role})


def _need_unused(connection: Connection, name: str) -> None:
    """Refuses to touch a name that work is signed with; registering people is no such work."""
    signed = (history.c.by == name, history.c.kind != "person")
    count = connection.execute(
        select(func.count()).select_from(history).where(*signed)
    ).scalar_one()
    if count:
        raise BookError(
            f"“{name}”已有{count}处记录，记录上的姓名不能改。"
            "请另外登记正确的姓名，以后由那个人填报。"
        )
