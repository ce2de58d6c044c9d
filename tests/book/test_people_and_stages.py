"""People, confirmation by another person, sealing and opening again."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.book.errors import BookError
from app.book.history import known_history
from app.book.people import remove_person, rename_person
from app.book.types import OPINION_DRAFT, ROLES, STAGES, Row
from tests.book.samples import ACCOUNTANT, CLERK, OTHER_ACCOUNTANT, finished_values


def test_people_have_one_role_each(book: Book) -> None:
    added = book.add_person(" 张建国 ", "负责人", by=CLERK)
    assert (added.name, added.role) == ("张建国", "head")
    assert book.person("张建国") == added
    assert book.change_role("张建国", "accountant", by=CLERK, why="调岗").role == "accountant"
    kinds = [change.kind for change in book.history() if change.field == "张建国"]
    assert kinds == ["person", "person"]


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [
        (CLERK, "head", "已经有"), ("", "head", "1至40个字"), ("长" * 41, "head", "1至40个字"),
        ("甲\n乙", "head", "1至40个字"), ("新人", "boss", "没有“boss”这个岗位"),
    ],
)  # fmt: skip
def test_unfit_people_are_refused(book: Book, name: str, role: str, words: str) -> None:
    with pytest.raises(BookError, match=words):
        book.add_person(name, role)


def test_a_mistyped_name_is_corrected_while_nothing_is_signed_with_it(book: Book) -> None:
    book.add_person("王小每", "preparer", by=CLERK)
    corrected = rename_person(book.store, "王小每", " 王小梅 ", by="王小每")
    assert book.person("王小梅") == corrected
    assert "王小每" not in {person.name for person in book.people()}
    assert book.history()[-1].new == {"name": "王小梅"}
    assert known_history(book.store).whole
    with pytest.raises(BookError, match="已经有"):
        rename_person(book.store, "王小梅", CLERK, by=CLERK)
    with pytest.raises(BookError, match="1至40个字"):
        rename_person(book.store, "王小梅", " ", by=CLERK)


def test_someone_registered_by_mistake_is_taken_out(book: Book) -> None:
    book.add_person("错的人", "preparer", by=CLERK)
    remove_person(book.store, "错的人", by=CLERK)
    assert "错的人" not in {person.name for person in book.people()}
    book.add_person("错的人", "head", by=CLERK)


def test_half_typed_opinions_stay_with_whoever_typed_them(book: Book, deposit: Row) -> None:
    book.add_person("王小每", "preparer", by=CLERK)
    book.save_draft(deposit.id, OPINION_DRAFT + "王小每", "还没写完")
    rename_person(book.store, "王小每", "王小梅", by=CLERK)
    assert [one.field for one in book.drafts()] == [OPINION_DRAFT + "王小梅"]
    remove_person(book.store, "王小梅", by=CLERK)
    assert book.drafts() == []


def test_a_name_that_work_is_signed_with_stays(book: Book, deposit: Row) -> None:
    assert deposit.prepared_by == CLERK
    with pytest.raises(BookError, match=f"“{CLERK}”已有.处记录.*另外登记"):
        rename_person(book.store, CLERK, "新的名字", by=ACCOUNTANT)
    with pytest.raises(BookError, match="不能改"):
        remove_person(book.store, CLERK, by=ACCOUNTANT)
    assert book.person(CLERK).name == CLERK


def test_every_role_and_stage_has_its_chinese_name() -> None:
    assert all(label and not label.isascii() for label in (*ROLES.values(), *STAGES.values()))


def test_the_accountant_confirms_what_the_clerk_prepared(book: Book, deposit: Row) -> None:
    draft = book.add_row("1-2", {"name": "建行存款"}, by=CLERK)
    assert book.confirm(None, by=ACCOUNTANT) == 1
    confirmed = book.row(deposit.id)
    assert (confirmed.stage, confirmed.confirmed_by) == ("confirmed", ACCOUNTANT)
    assert confirmed.confirmed_at == book.saved_at
    assert book.row(draft.id).stage == "draft"
    assert book.confirm(None, by=ACCOUNTANT) == 0
    entry = book.history(deposit.id)[-1]
    assert (entry.kind, entry.by, entry.new) == ("confirm", ACCOUNTANT, "confirmed")


def test_only_an_accountant_confirms(book: Book, deposit: Row) -> None:
    with pytest.raises(BookError, match="只有会计可以确认"):
        book.confirm([deposit.id], by=CLERK)
    with pytest.raises(BookError, match="署名"):
        book.confirm(None, by="")


def test_nobody_confirms_what_he_prepared(book: Book) -> None:
    own = book.add_row("1-2", finished_values("1-2", 19), by=ACCOUNTANT)
    for row_ids in ([own.id], None):
        with pytest.raises(BookError, match="自己初分的"):
            book.confirm(row_ids, by=ACCOUNTANT)
    assert book.confirm([own.id, own.id], by=OTHER_ACCOUNTANT) == 1


def test_the_last_to_change_a_row_is_its_preparer(book: Book, deposit: Row) -> None:
    book.set_values(deposit.id, {"remarks": "补充"}, by=ACCOUNTANT)
    with pytest.raises(BookError, match="自己初分的"):
        book.confirm([deposit.id], by=ACCOUNTANT)
    assert book.confirm([deposit.id], by=OTHER_ACCOUNTANT) == 1


def test_whoever_wrote_into_a_row_does_not_confirm_it(book: Book) -> None:
    own = book.add_row("1-2", finished_values("1-2", 19), by=ACCOUNTANT)
    book.set_values(own.id, {"remarks": "补充"}, by=CLERK)
    with pytest.raises(BookError, match=f"{own.id}里有“{ACCOUNTANT}”填写的内容"):
        book.confirm([own.id], by=ACCOUNTANT)
    with pytest.raises(BookError, match="填写过的"):
        book.confirm(None, by=ACCOUNTANT)
    assert book.confirm(None, by=OTHER_ACCOUNTANT) == 1


def test_a_change_by_nobody_leaves_the_preparers_name(book: Book) -> None:
    own = book.add_row("1-2", finished_values("1-2", 19), by=ACCOUNTANT)
    assert book.set_values(own.id, {"remarks": "补充"}, by="").prepared_by == ACCOUNTANT
    book.set_values(own.id, {"carrying_amount": None}, by="")
    assert book.set_values(own.id, {"carrying_amount": "420000"}, by="").prepared_by == ACCOUNTANT
    with pytest.raises(BookError, match="自己初分的"):
        book.confirm([own.id], by=ACCOUNTANT)


def test_taking_a_listing_in_is_no_judgement_on_its_rows(book: Book) -> None:
    values = finished_values("1-2", 19)
    opinion = values.pop("initial_class")
    taken = book.add_rows("1-2", [values], by=ACCOUNTANT, source="清单.xlsx")[0]
    book.set_values(taken.id, {"initial_class": opinion}, by=CLERK)
    assert book.confirm(None, by=ACCOUNTANT) == 1


def test_an_unfinished_row_is_not_confirmed_and_none_of_the_others(
    book: Book, deposit: Row
) -> None:
    draft = book.add_row("1-5", {"name": "张三借款", "asset_no": "7"}, by=CLERK)
    with pytest.raises(BookError, match=f"{draft.id}（张三借款）填报中，还有.*处没有填好"):
        book.confirm([deposit.id, "1-5:7"], by=ACCOUNTANT)
    assert book.row(deposit.id).stage == "prepared"


def test_a_later_change_takes_the_confirmation_away(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    changed = book.set_values(deposit.id, {"remarks": "更正"}, by=CLERK)
    assert (changed.stage, changed.confirmed_by, changed.confirmed_at) == ("prepared", "", None)
    stages = [(e.old, e.new) for e in book.history(deposit.id, "stage")]
    assert stages == [("prepared", "confirmed"), ("confirmed", "prepared")]
    changed = book.set_values(deposit.id, {"carrying_amount": None}, by=CLERK)
    assert (changed.stage, changed.prepared_by) == ("draft", "")


def test_undo_does_not_bring_a_confirmation_back(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    book.set_values(deposit.id, {"remarks": "更正"}, by=CLERK)
    book.undo(CLERK)
    assert book.row(deposit.id).stage == "prepared"


def test_a_sealed_period_stays_as_it_is(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    with book.sealing("ABCD-EFGH-JKMN", by=CLERK):
        assert book.period.state == "open"
    assert (book.period.state, book.period.seal_code) == ("sealed", "ABCD-EFGH-JKMN")
    assert book.period.sealed_at == book.saved_at
    assert book.row(deposit.id).stage == "submitted"
    for change in (
        lambda: book.set_values(deposit.id, {"remarks": "x"}, by=CLERK),
        lambda: book.add_row("1-2", {}, by=CLERK),
        lambda: book.remove_row(deposit.id, by=CLERK),
        lambda: book.attach(deposit.id, b"x", "x.jpg", by=CLERK),
        lambda: book.confirm(None, by=ACCOUNTANT),
    ):
        with pytest.raises(BookError, match="ABCD-EFGH-JKMN"):
            change()
    assert book.undo(CLERK) is None
    book.add_person("新会计", "accountant")


def test_a_book_whose_history_was_changed_is_not_sealed(book: Book, deposit: Row) -> None:
    book.confirm(None, by=ACCOUNTANT)
    with book.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_no_update")
        connection.exec_driver_sql("UPDATE history SET by = '外人' WHERE kind = 'add'")
    with pytest.raises(BookError, match="历史记录从第5条起对不上"), book.sealing("A", by=CLERK):
        raise AssertionError("nothing may be packed")
    assert book.period.state == "open"


def test_a_failed_package_seals_nothing(book: Book, deposit: Row) -> None:
    entries = book.verify_history().entries
    with pytest.raises(OSError, match="disk full"), book.sealing("ABCD", by=CLERK):
        raise OSError("disk full")
    assert book.period.state == "open"
    assert book.row(deposit.id).stage == "prepared"
    assert book.verify_history().entries == entries


def test_opening_a_sealed_period_again_needs_a_reason(book: Book, deposit: Row) -> None:
    with pytest.raises(BookError, match="没有封印"):
        book.reopen(by=CLERK, why="x")
    book.confirm(None, by=ACCOUNTANT)
    with book.sealing("ABCD", by=CLERK):
        pass
    with pytest.raises(BookError, match="说明理由"):
        book.reopen(by=CLERK, why=" ")
    book.reopen(by=CLERK, why="联社退回")
    assert book.period.state == "open"
    assert book.period.seal_code == "ABCD"
    assert book.row(deposit.id).stage == "confirmed"
    book.set_values(deposit.id, {"remarks": "补充"}, by=CLERK)
    assert [change.kind for change in book.history()][-3:] == ["reopen", "set", "stage"]
