"""History: what is written, the chain, tampering noticed, undo and redo, drafts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from app.book.book import Book, Institution
from app.book.history import changes_of, entry_hash
from app.book.removal import remove_rows
from app.book.types import Balance, Row
from tests.book.samples import ACCOUNTANT, BASE_DATE, CLERK, RULESET, case_values, finished_values


def test_a_change_says_who_when_what_and_why(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"carrying_amount": "430000"}, by=CLERK, why="对账后更正")
    entry = book.history(deposit.id, "carrying_amount")[0]
    assert (entry.kind, entry.by, entry.old, entry.new, entry.why) == (
        "set", CLERK, "420000.00", "430000.00", "对账后更正",
    )  # fmt: skip
    assert entry.at == book.saved_at == book.row(deposit.id).updated_at
    assert entry.period == "2006-12-31"


def test_several_values_are_one_change(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲", "wp_state": "乙"}, by=CLERK)
    newest = book.history(deposit.id)[-2:]
    assert {entry.field for entry in newest} == {"remarks", "wp_state"}
    assert newest[0].change_no == newest[1].change_no


def test_each_entry_carries_the_hash_of_the_one_before(book: Book, deposit: Row) -> None:
    state = book.verify_history()
    assert state.whole
    assert state.entries == len(book.history())
    assert state.head == book.history()[-1].hash
    assert entry_hash("a", {**dict.fromkeys(ENTRY, "x")}) != entry_hash(
        "b", dict.fromkeys(ENTRY, "x")
    )


ENTRY = (
    "id", "change_no", "at", "by", "period", "row_id", "field", "old", "new", "why", "kind",
    "reverts",
)  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE history SET by = '赵会计' WHERE id = 5", 5),
        ("UPDATE history SET new = '\"1.00\"' WHERE id = 6", 6),
        ("UPDATE history SET hash = 'x' WHERE id = 3", 3),
        ("DELETE FROM history WHERE id = 4", 4),
        ("DELETE FROM history WHERE id = 6", 6),
    ],
)
def test_tampering_is_noticed(
    book: Book, deposit: Row, book_path: Path, statement: str, broken_at: int
) -> None:
    book.set_values(deposit.id, {"carrying_amount": "430000"}, by=CLERK)
    assert book.verify_history().entries == 6
    book.close()
    with closing(sqlite3.connect(book_path)) as connection:
        connection.execute("DROP TRIGGER history_no_update")
        connection.execute("DROP TRIGGER history_no_delete")
        connection.execute(statement)
        connection.commit()
    with Book.open(book_path) as again:
        assert again.verify_history().broken_at == broken_at


# Undo and redo


def test_histories_of_many_rows_are_those_of_each(book: Book, deposit: Row, vehicles: Row) -> None:
    book.set_values(deposit.id, {"remarks": "改过一次"}, by=CLERK)
    ids = [deposit.id, vehicles.id]
    assert changes_of(book.store, ids) == {row_id: book.history(row_id) for row_id in ids}
    assert changes_of(book.store, ["QS-999999"]) == {}


def test_undo_and_redo_are_new_entries(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    book.set_values(deposit.id, {"remarks": "乙"}, by=CLERK)
    for expected in ("甲", None):
        assert book.undo(CLERK)
        assert book.row(deposit.id).values.get("remarks") == expected
    for expected in ("甲", "乙"):
        assert book.redo(CLERK)
        assert book.row(deposit.id).values.get("remarks") == expected
    assert book.redo(CLERK) is None
    entries = book.history(deposit.id, "remarks")
    assert [entry.why for entry in entries] == ["", "", "撤销", "撤销", "重做", "重做"]
    assert book.verify_history().whole


def test_undo_after_redo_undoes_the_same_again(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    for _ in range(3):
        book.undo(CLERK)
        assert "remarks" not in book.row(deposit.id).values
        book.redo(CLERK)
        assert book.row(deposit.id).values["remarks"] == "甲"


def test_a_new_change_ends_redoing(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    book.undo(CLERK)
    assert book.can_redo()
    book.set_values(deposit.id, {"remarks": "丙"}, by=CLERK)
    assert not book.can_redo()
    assert book.can_undo()


def test_adding_and_removing_rows_can_be_undone(book: Book, deposit: Row) -> None:
    attached = book.attach(deposit.id, b"scan", "合同.pdf", by=CLERK, paper="存单")
    book.add_row("1-2", {"name": "建行存款"}, by=CLERK)
    book.remove_row(deposit.id, by=CLERK, why="记错")
    assert [row.values["name"] for row in book.rows("1-2")] == ["建行存款"]
    book.undo(CLERK)
    back = book.row(deposit.id)
    assert (back.values, back.seq, back.provenance) == (
        deposit.values, 1, deposit.provenance,
    )  # fmt: skip
    assert [one.sha256 for one in book.attachments(deposit.id)] == [attached.sha256]
    book.undo(CLERK)
    assert book.row_count("1-2") == 1
    book.redo(CLERK)
    assert [row.seq for row in book.rows("1-2")] == [1, 2]


@pytest.mark.parametrize("gone", [(0, 1, 2, 3, 4, 5), (1, 2, 4), (5,), (0, 2, 3, 5)])
def test_several_rows_are_removed_and_put_back_together(book: Book, gone: tuple[int, ...]) -> None:
    ids = [book.add_row("1-2", {"name": f"第{n}户"}, by=CLERK).id for n in range(6)]
    before = [(row.id, row.seq) for row in book.rows("1-2")]
    steps: list[int] = []
    taken = [ids[n] for n in reversed(gone)]
    count = remove_rows(
        book.store, taken, by=CLERK, why="登错表", progress=lambda done, *_: steps.append(done)
    )
    assert (count, steps) == (len(gone), [0])
    left = [one for n, one in enumerate(ids) if n not in gone]
    assert [(row.id, row.seq) for row in book.rows("1-2")] == list(
        zip(left, range(1, 7), strict=False)
    )
    assert {entry.why for entry in book.history(ids[gone[0]])} == {"", "登错表"}
    book.undo(CLERK)
    assert [(row.id, row.seq) for row in book.rows("1-2")] == before
    book.redo(CLERK)
    assert [row.id for row in book.rows("1-2")] == left
    book.undo(CLERK)
    assert [(row.id, row.seq) for row in book.rows("1-2")] == before


def test_rows_of_several_tables_come_back_to_their_places(book: Book) -> None:
    ids = [
        book.add_row(table_id, {"name": f"第{n}户"}, by=CLERK).id
        for n in range(4)
        for table_id in ("1-2", "1-5")
    ]
    before = [(row.id, row.seq) for row in book.rows()]
    remove_rows(book.store, [ids[n] for n in (2, 0, 5)], by=CLERK)
    assert [row.seq for row in book.rows()] == [1, 2, 1, 2, 3]
    book.undo(CLERK)
    assert [(row.id, row.seq) for row in book.rows()] == before


def test_the_rows_below_are_renumbered_once_however_many_go_or_come(book: Book) -> None:
    ids = [book.add_row("1-2", {"name": f"第{n}户"}, by=CLERK).id for n in range(12)]
    renumbered: list[str] = []

    @event.listens_for(book.store.engine, "before_cursor_execute")
    def _note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE rows SET seq"):
            renumbered.append(statement)

    remove_rows(book.store, ids[::2], by=CLERK)
    assert len(renumbered) == 1
    book.undo(CLERK)
    assert len(renumbered) == 2
    book.redo(CLERK)
    assert len(renumbered) == 3


def test_an_import_is_undone_as_a_whole(book: Book) -> None:
    listed = [case_values("1-5", 151, name=f"第{n}户") for n in range(30)]
    book.add_rows("1-5", listed, by=CLERK, source="list.csv", totals={})
    before = list(book.rows())
    book.undo(CLERK)
    assert book.row_count(None) == 0
    book.redo(CLERK)
    assert [row.values for row in book.rows()] == [row.values for row in before]
    assert [row.id for row in book.rows()] == [row.id for row in before]


def test_balances_evidence_and_sheets_can_be_undone(book: Book, vehicles: Row) -> None:
    book.set_balances([Balance("1371", "待处理抵债资产")], by=CLERK)
    book.attach(vehicles.id, b"x", "a.jpg", by=CLERK)
    book.set_big_loss(vehicles.id, {"collection": "多次催收。"}, by=CLERK)
    for _ in range(3):
        assert book.undo(CLERK)
    assert book.balances() == []
    assert book.attachments() == []
    assert book.big_losses()[0].own == {}
    for _ in range(3):
        assert book.redo(CLERK)
    assert book.balances() == [Balance("1371", "待处理抵债资产")]
    assert book.attachments(vehicles.id)[0].name == "a.jpg"
    assert book.big_losses()[0].own == {"collection": "多次催收。"}


def test_people_are_passed_over(book: Book, deposit: Row) -> None:
    book.add_person("新人", "head")
    assert book.undo(CLERK)
    assert book.row_count(None) == 0
    assert book.undo(CLERK) is None


def test_nothing_before_a_confirmation_or_seal_is_undone(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    assert not book.can_undo()
    assert book.undo(CLERK) is None
    with book.sealing("ABCD", by=CLERK):
        pass
    book.reopen(by=CLERK, why="联社退回")
    assert book.undo(CLERK) is None
    book.set_values(deposit.id, {"remarks": "甲"}, by=CLERK)
    assert book.undo(CLERK)
    assert book.undo(CLERK) is None
    assert book.row(deposit.id).values == deposit.values


def test_undo_and_redo_keep_where_values_came_from(book: Book) -> None:
    values = case_values("1-5", 151, wp_state=None)
    row = book.add_rows("1-5", [values], by=CLERK, source="list.csv")[0]
    book.set_values(row.id, {"name": "另一户", "remarks": "甲"}, by=CLERK)
    book.set_values(row.id, {"remarks": "乙", "wp_state": "丙"}, by=CLERK, source="fill.xlsx")
    book.set_values(row.id, {"name": None}, by=CLERK)
    states = [book.row(row.id)]
    while len(states) < 4:
        assert book.undo(CLERK)
        states.append(book.row(row.id))
    sources = [
        {key: state.provenance.get(key) for key in ("name", "remarks", "wp_state")}
        for state in states
    ]
    assert sources == [
        {"name": None, "remarks": "fill.xlsx", "wp_state": "fill.xlsx"},
        {"name": "typed", "remarks": "fill.xlsx", "wp_state": "fill.xlsx"},
        {"name": "typed", "remarks": "typed", "wp_state": None},
        {"name": "list.csv", "remarks": None, "wp_state": None},
    ]
    assert states[-1].provenance == row.provenance
    for state in reversed(states[:-1]):
        assert book.redo(CLERK)
        assert book.row(row.id).provenance == state.provenance
    assert book.verify_history().whole


def test_undo_reaches_back_to_the_opening_of_the_book(
    book: Book, deposit: Row, book_path: Path
) -> None:
    book.close()
    with Book.open(book_path) as again:
        assert not again.can_undo()
        assert again.undo(CLERK) is None


STEPS = st.lists(st.sampled_from(["甲", "乙", "丙", "", "undo", "redo"]), max_size=14)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_undo_and_redo_agree_with_a_plain_stack(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("undo") / "x.wuji"
    with Book.create(path, Institution("A", "甲社"), BASE_DATE, ruleset=RULESET) as book:
        book.add_person(CLERK, "preparer")
        row = book.add_row("1-5", {}, by=CLERK)
        book.store.opened_at_change = book.history()[-1].change_no
        past: list[str] = []
        future: list[str] = []
        now = ""
        for step in steps:
            if step == "undo":
                assert (book.undo(CLERK) is not None) is bool(past)
                if past:
                    future.append(now)
                    now = past.pop()
            elif step == "redo":
                assert (book.redo(CLERK) is not None) is bool(future)
                if future:
                    past.append(now)
                    now = future.pop()
            else:
                book.set_values(row.id, {"reason": step}, by=CLERK)
                if step != now:
                    past.append(now)
                    future.clear()
                    now = step
            assert book.row(row.id).values.get("reason", "") == now
        assert book.verify_history().whole


# Drafts


def test_a_draft_waits_until_the_value_is_committed(
    book: Book, deposit: Row, book_path: Path
) -> None:
    entries = book.verify_history().entries
    book.save_draft(deposit.id, "remarks", "对方来")
    book.save_draft(deposit.id, "remarks", "对方来函承认")
    book.save_draft(deposit.id, "wp_state", "正")
    assert book.verify_history().entries == entries
    book.close()
    with Book.open(book_path) as again:
        assert {(d.field, d.text) for d in again.drafts(deposit.id)} == {
            ("remarks", "对方来函承认"), ("wp_state", "正"),
        }  # fmt: skip
        again.set_values(deposit.id, {"remarks": "对方来函承认。"}, by=CLERK)
        again.clear_draft(deposit.id, "wp_state")
        assert again.drafts() == []


def test_a_removed_row_leaves_no_draft(book: Book, deposit: Row) -> None:
    book.save_draft(deposit.id, "remarks", "x")
    book.remove_row(deposit.id, by=CLERK)
    assert book.drafts() == []


def test_finished_values_are_finished(book: Book) -> None:
    # Keeps the samples honest.
    for table_id, number in (("1-2", 19), ("1-3", 14), ("1-8", 6), ("1-5", 12), ("1-12", 18)):
        assert book.add_row(table_id, finished_values(table_id, number), by=CLERK).errors == 0
