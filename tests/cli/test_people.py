"""wuji people: who works on a book."""

from __future__ import annotations

import pytest

from app.book.types import ROLES
from tests.cli.office import ACCOUNTANT, CLERK, HEAD, Office
from tests.cli.running import Wuji


def test_people_are_listed(wuji: Wuji, empty: Office) -> None:
    assert wuji("people", empty.book).lines == [
        f"{CLERK}  初分人",
        f"{ACCOUNTANT}  会计",
        f"{HEAD}  负责人",
    ]
    listed = wuji("people", empty.book, "--json").json
    assert [(p["name"], p["role"]) for p in listed] == [
        (CLERK, "preparer"),
        (ACCOUNTANT, "accountant"),
        (HEAD, "head"),
    ]


def test_nobody_yet_shows_the_way(wuji: Wuji) -> None:
    wuji("new", "b.wuji", "--institution", "QS,青山", "--base-date", "2006-12-31")
    assert "add" in wuji("people", "b.wuji").out
    assert wuji("people", "b.wuji", "--json").json == []


@pytest.mark.parametrize("role", [*ROLES, *ROLES.values()])
def test_every_role_has_its_code_and_its_name(wuji: Wuji, empty: Office, role: str) -> None:
    done = wuji("people", empty.book, "add", "新人", "--role", role)
    label = ROLES.get(role, role)
    assert done.out == f"已添加 新人（{label}）。\n"


@pytest.mark.parametrize("name", ["喆堃", "𬀩", "欧阳·买买提", "Smith"])
def test_rare_names_are_kept(wuji: Wuji, empty: Office, name: str) -> None:
    wuji("people", empty.book, "add", name, "--role", "preparer")
    assert wuji("people", empty.book, "--json").json[-1]["name"] == name


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("add", CLERK, "--role", "boss"), "preparer（初分人）"),
        (("add", "新人", "--role", "boss"), "preparer（初分人）"),
        (("add", "新人"), "--role"),
        (("add", "--role", "preparer"), "姓名"),
        (("add", " ", "--role", "preparer"), "姓名"),
        (("add", "长" * 41, "--role", "preparer"), "姓名"),
        (("add", "新\n人", "--role", "preparer"), "姓名"),
        (("remove", "新人"), "不认识“remove”"),
        (("add", "新人", "--role", "head", "--as", "谁"), "没有“谁”"),
    ],
)
def test_what_is_refused(wuji: Wuji, empty: Office, arguments: tuple[str, ...], word: str) -> None:
    assert word in wuji.refused("people", empty.book, *arguments)


def test_someone_can_still_join_when_the_period_is_sealed(wuji: Wuji, sealed: Office) -> None:
    wuji("people", sealed.book, "add", "新人", "--role", "preparer", "--as", HEAD)


def test_who_added_whom_is_in_the_history(wuji: Wuji, empty: Office) -> None:
    from app.book.book import Book

    wuji("people", empty.book, "add", "新人", "--role", "preparer", "--as", HEAD)
    with Book.open(empty.book, write=False) as book:
        last = book.history()[-1]
    assert (last.by, last.kind, last.field) == (HEAD, "person", "新人")


def test_someone_changes_role_with_history(wuji: Wuji, empty: Office) -> None:
    from app.book.book import Book

    done = wuji("people", empty.book, "add", CLERK, "--role", "会计")
    assert done.out == f"{CLERK}由初分人改为会计。\n"
    assert wuji("people", empty.book).lines[0] == f"{CLERK}  会计"
    with Book.open(empty.book, write=False) as book:
        last = book.history()[-1]
    assert (last.by, last.old, last.new) == (
        HEAD, {"role": "preparer"}, {"role": "accountant"},
    )  # fmt: skip
    again = wuji("people", empty.book, "add", CLERK, "--role", "accountant", "--as", HEAD)
    assert "没有改动" in again.out


def test_a_change_of_role_says_by_whom(wuji: Wuji, empty: Office) -> None:
    wuji("people", empty.book, "add", "钱进", "--role", "head")
    line = wuji.refused("people", empty.book, "add", CLERK, "--role", "accountant")
    assert "--as" in line
    assert "钱进" in line
