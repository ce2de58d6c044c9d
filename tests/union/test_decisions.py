"""Decisions and what they do at an office: returns, locks, results, ledger, next period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book, Institution
from app.book.errors import BookError
from app.book.key_copies import key_has_signed
from app.book.summary import consolidated_summary
from app.forms.classes import FiveClass
from app.package.errors import PackageError
from app.package.receiving import NotAcceptedError, Received, receive_answer
from app.package.verify import verify_package
from app.union.case import case_of
from app.union.decisions import decide, decisions_waiting
from app.union.intake import collect
from app.union.offices import office_states
from app.union.packages import packages_of
from app.union.review import review
from tests.union.county import ACCOUNTANT, CLERK, HEAD, LEADER, REVIEWER, ROWS, County, sums
from tests.union.steps import decided, entry, of_office, reviewed, through


def received(county: County, code: str, answer: Path) -> Received:
    """The office takes an answer in."""
    with Book.open(county.book(code)) as office:
        return receive_answer(office, answer, by=HEAD)


@pytest.fixture
def returned(county: County, collected: Book, tmp_path: Path) -> str:
    """A row of QS that came back to its office with two questions; the others are reviewed."""
    first, *rest = of_office(collected, "QS")
    reviewed(collected, rest)
    marks = (("备注", "写明来由"), ("evidence", "缺对账单"))
    review(collected, [entry(first.id, marks=marks, reason="依据不足")], by=REVIEWER)
    made = decided(county, collected, tmp_path / "decisions")
    assert made.keys() == {"QS"}
    assert (made["QS"].returned, made["QS"].determined) == (1, 0)
    assert received(county, "QS", made["QS"].path).landed.returned == [first.id]
    return first.id


def test_a_return_opens_the_marked_row_alone(county: County, returned: str) -> None:
    with Book.open(county.book("QS")) as office:
        assert office.period.state == "open"
        row = office.row(returned)
        assert row.stage == "returned"
        assert [(m["field"], m["note"]) for m in row.marks] == [
            ("remarks", "写明来由"), ("evidence", "缺对账单"),
        ]  # fmt: skip
        others = [one for one in office.rows() if one.id != returned]
        assert {one.stage for one in others} == {"submitted"}
        locked = others[0]
        for change in (
            lambda: office.set_values(locked.id, {"remarks": "改"}, by=CLERK),
            lambda: office.remove_row(locked.id, by=CLERK),
            lambda: office.attach(locked.id, b"x", "x.txt", by=CLERK),
        ):
            with pytest.raises(BookError, match="没有退回"):
                change()
        office.set_values(returned, {"remarks": "来由已写明。"}, by=CLERK)
        assert office.row(returned).stage == "prepared"


def test_the_resubmission_shows_only_what_changed(
    county: County, collected: Book, returned: str
) -> None:
    county.change("QS", lambda b: b.set_values(returned, {"remarks": "来由已写明。"}, by=CLERK))
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert done.taken, done.reason
    assert done.counts == {"new": 0, "changed": 1, "unchanged": ROWS - 1, "gone": 0}
    assert done.findings == []
    row = collected.row(returned)
    assert row.stage == "under_review"
    assert [m["answered"] for m in row.marks] == [True, True]
    assert [c.field for c in case_of(collected, returned).changes] == ["remarks"]
    rest = [one for one in of_office(collected, "QS") if one.id != returned]
    assert {one.stage for one in rest} == {"reviewed"}


def test_an_answer_in_words_is_an_answer(county: County, collected: Book, returned: str) -> None:
    county.change("QS", lambda b: b.answer_mark(returned, "evidence", "对方已注销", by=CLERK))
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert done.counts["changed"] == 1
    answers = {m["field"]: (m["answered"], m["answer"]) for m in collected.row(returned).marks}
    assert answers == {"remarks": (False, ""), "evidence": (True, "对方已注销")}


def test_only_questions_can_be_answered(county: County, returned: str) -> None:
    with Book.open(county.book("QS")) as office:
        with pytest.raises(BookError, match="没有就"):
            office.answer_mark(returned, "name", "没有错", by=CLERK)
        with pytest.raises(BookError, match="空"):
            office.answer_mark(returned, "evidence", " ", by=CLERK)


def test_a_row_that_comes_back_as_it_was_is_told(
    county: County, collected: Book, returned: str
) -> None:
    # Evidence put in and taken out again: worked on, and the same in the end.
    def touch(book: Book) -> None:
        added = book.attach(returned, b"x", "x.txt", by=CLERK)
        book.detach(added.id, by=CLERK)

    county.change("QS", touch)
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert [(f["kind"], f["id"]) for f in done.findings] == [("unanswered", returned)]
    assert collected.row(returned).stage == "under_review"
    assert [m["answered"] for m in collected.row(returned).marks] == [False, False]


def test_a_returned_row_is_not_sealed_untouched(county: County, returned: str) -> None:
    from app.book.readiness import readiness

    with Book.open(county.book("QS")) as office:
        with pytest.raises(BookError, match="不能确认"):
            office.confirm([returned], by=ACCOUNTANT)
        assert [f.row_id for f in readiness(office).unconfirmed] == [returned]


# Determined


@pytest.fixture
def final(county: County, collected: Book, tmp_path: Path) -> Path:
    """The decision that determines every row of QS."""
    through(collected, of_office(collected, "QS"), tmp_path / "纪要.txt")
    return decided(county, collected, tmp_path / "decisions")["QS"].path


def test_a_decision_is_a_package_of_the_same_form(
    county: County, collected: Book, final: Path
) -> None:
    assert key_has_signed(collected)
    found = verify_package(final)
    assert found.holds, found.faults
    assert found.manifest is not None
    assert (found.manifest.kind, found.manifest.institution.code) == ("decision", "LS")
    assert found.manifest.to is not None
    assert found.manifest.to.code == "QS"
    with Book.open(county.book("QS"), write=False) as office:
        count, amount = sums(office, "QS")
    assert found.manifest.totals.rows == count
    assert Decimal(found.manifest.totals.carrying_amount) == amount


def test_results_land_the_ledger_is_set_up_the_period_closes(
    county: County, collected: Book, final: Path
) -> None:
    done = received(county, "QS", final)
    assert done.landed.closed
    assert len(done.landed.determined) == ROWS
    with Book.open(county.book("QS")) as office:
        assert office.period.state == "closed"
        for row in office.rows():
            at_union = collected.row(row.id)
            assert row.stage == "determined"
            for key in ("determined_class", "review_class", "department_opinion"):
                assert row.values.get(key) == at_union.values.get(key)
            assert row.determined_loss == at_union.determined_loss
        ledger = office.followups()
        assert len(ledger) == ROWS
        assert sum(one.carrying_amount for one in ledger) == sums(office, "QS")[1]
        assert all(one.class_.value == office.row(one.row_id).values["determined_class"]
                   for one in ledger)  # fmt: skip
        with pytest.raises(BookError, match="认定完毕"):
            office.add_row("1-1", {}, by=CLERK)
        with pytest.raises(BookError, match="没有封印"):
            office.reopen(by=HEAD, why="想改")
        assert office.verify_history().whole
        total = consolidated_summary(office, "determined", netted=False).total
        assert total.unreviewed == 0
        assert total.classified == sums(office, "QS")[1]
    assert len(collected.followups()) == ROWS


def test_the_next_period_starts_from_what_was_determined(county: County, final: Path) -> None:
    received(county, "QS", final)
    with Book.open(county.book("QS")) as office:
        last = {row.id: row.values["determined_class"] for row in office.rows()}
        office.add_period(date(2007, 12, 31), carry_forward=True, by=HEAD)
        for row in office.rows():
            assert row.last_class is not None
            assert row.last_class.value == last[row.id]
            assert not {"determined_class", "review_class", "initial_class", "expected_loss"} & (
                row.values.keys()
            )
            assert row.stage in ("draft", "prepared")
            assert row.marks == ()


def test_a_unions_next_period_waits_for_packages(collected: Book) -> None:
    collected.add_period(date(2007, 12, 31), carry_forward=True, by=REVIEWER)
    assert collected.row_count(None) == 0
    assert [one.state for one in office_states(collected)] == ["missing", "missing"]


def test_nothing_new_makes_no_decision(county: County, collected: Book, final: Path) -> None:
    assert decided(county, collected, final.parent) == {}
    assert len(packages_of(collected.store, direction="out", kind="decision")) == 1


def test_a_new_determination_is_told_again(county: County, collected: Book, final: Path) -> None:
    from app.union.determination import determine
    from tests.union.county import LEADER

    received(county, "QS", final)
    row = next(r for r in of_office(collected, "QS") if r.values["determined_class"] == "normal")
    determine(collected, [entry(row.id, class_="关注", reason="省联社要求")], by=LEADER)
    again = decided(county, collected, final.parent)["QS"]
    assert again.determined == 1
    assert received(county, "QS", again.path).landed.determined == [row.id]
    with Book.open(county.book("QS"), write=False) as office:
        assert office.row(row.id).values["determined_class"] == "special_mention"
        ledger = {one.row_id: one.class_.value for one in office.followups()}
        assert ledger[row.id] == "special_mention"


def test_a_determined_row_that_changed_is_refused(
    county: County, collected: Book, tmp_path: Path
) -> None:
    first = of_office(collected, "QS")[0]
    through(collected, [first], tmp_path / "纪要.txt")
    county.change("QS", lambda b: b.set_values(first.id, {"remarks": "又改"}, by=CLERK))
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert not done.taken
    assert "已经认定" in done.reason
    assert collected.row(first.id).stage == "determined"


def test_what_was_determined_is_told_again_after_a_resubmission(
    county: County, collected: Book, tmp_path: Path
) -> None:
    first, second, *_ = of_office(collected, "QS")
    through(collected, [first], tmp_path / "纪要.txt")
    waits = decisions_waiting(collected)[0]
    assert (waits.determined, waits.again, waits.new) == (1, 0, 1)
    decided(county, collected, tmp_path / "d1")
    # The office never received it, changed another row and sealed again.
    county.change("QS", lambda b: b.set_values(second.id, {"remarks": "补充"}, by=CLERK))
    assert collect(collected, county.export("QS"), by=REVIEWER).taken
    waits = decisions_waiting(collected)[0]
    assert (waits.determined, waits.again, waits.new, waits.open) == (1, 1, 0, ROWS - 1)
    again = decided(county, collected, tmp_path / "d2")["QS"]
    assert received(county, "QS", again.path).landed.determined == [first.id]


# Not accepted


def not_accepted(county: County, code: str, answer: Path, word: str) -> None:
    with Book.open(county.book(code)) as office:
        before = office.verify_history().head
        with pytest.raises((NotAcceptedError, BookError), match=word):
            receive_answer(office, answer, by=HEAD)
        assert office.verify_history().head == before


def test_another_offices_decision_does_not_count(county: County, final: Path) -> None:
    not_accepted(county, "BH", final, "给QS的")


def test_a_decision_on_an_older_package_does_not_count(
    county: County, collected: Book, final: Path
) -> None:
    with Book.open(county.book("QS"), write=False) as office:
        first = next(office.rows()).id
    county.change("QS", lambda b: b.set_values(first, {"remarks": "补充"}, by=CLERK))
    county.export("QS")
    not_accepted(county, "QS", final, "封印码")


def test_the_same_decision_twice_changes_nothing(county: County, final: Path) -> None:
    received(county, "QS", final)
    with Book.open(county.book("QS")) as office:
        head = office.verify_history().head
        assert receive_answer(office, final, by=HEAD).again
        assert office.verify_history().head == head


def test_an_older_decision_after_a_newer_one_does_not_count(
    county: County, collected: Book, tmp_path: Path
) -> None:
    first, second, *_ = of_office(collected, "QS")
    through(collected, [first], tmp_path / "纪要.txt")
    older = decided(county, collected, tmp_path / "d1")["QS"].path
    through(collected, [second], tmp_path / "纪要.txt")
    newer = decided(county, collected, tmp_path / "d2")["QS"].path
    received(county, "QS", newer)
    not_accepted(county, "QS", older, "旧")


def lie(monkeypatch: pytest.MonkeyPatch, **said: Any) -> None:
    """Lets the union say something else of its rows; all else about its decision is right."""
    from app.union import decisions

    genuine = decisions._line
    monkeypatch.setattr(decisions, "_line", lambda *given: genuine(*given) | said)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"id": "QS-9999"}, "QS-9999不在本账套里"),
        ({"table": "1-12"}, "说是附表1-12的"),
        ({"class": None}, "没有说清认定结果"),
        ({"class": "loss"}, "没有说清认定结果"),
        ({"union": {}}, "没有说清认定结果"),
    ],
)
def test_a_decision_that_does_not_fit_the_rows_does_not_count(
    county: County,
    collected: Book,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: dict[str, Any],
    word: str,
) -> None:
    row = next(r for r in of_office(collected, "QS") if r.suggested is FiveClass.NORMAL)
    through(collected, [row], tmp_path / "纪要.txt")
    lie(monkeypatch, **said)
    not_accepted(county, "QS", decided(county, collected, tmp_path / "d")["QS"].path, word)


def test_what_was_determined_does_not_come_back_as_returned(
    county: County, collected: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.union.determination import determine
    from tests.union.county import LEADER

    row = next(r for r in of_office(collected, "QS") if r.suggested is FiveClass.NORMAL)
    through(collected, [row], tmp_path / "纪要.txt")
    received(county, "QS", decided(county, collected, tmp_path / "d1")["QS"].path)
    determine(collected, [entry(row.id, class_="关注", reason="省联社要求")], by=LEADER)
    lie(monkeypatch, outcome="returned")
    again = decided(county, collected, tmp_path / "d2")["QS"].path
    not_accepted(county, "QS", again, "本期已经认定，决定里却是退回")


def test_a_decision_on_a_period_the_office_has_not_does_not_count(
    county: County, final: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other.wuji"
    with Book.create(path, Institution("QS", "青山信用社"), date(2005, 12, 31)) as office:
        office.add_person(HEAD, "head")
        with pytest.raises(NotAcceptedError, match="2006-12-31这一期与本账套对不上"):
            receive_answer(office, final, by=HEAD)


@pytest.mark.parametrize("bit", [0, 40, 200, 1000])
def test_a_broken_decision_does_not_count(
    county: County, final: Path, tmp_path: Path, bit: int
) -> None:
    raw = bytearray(final.read_bytes())
    raw[len(raw) * bit // 1001] ^= 1
    broken = tmp_path / "broken.wjz"
    broken.write_bytes(raw)
    not_accepted(county, "QS", broken, "。")


def test_a_failed_decision_leaves_nothing(
    county: County, collected: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.union import decisions

    through(collected, of_office(collected, "QS")[:1], tmp_path / "纪要.txt")

    def fail(*_given: Any) -> None:
        raise PackageError("磁盘满了")

    out = tmp_path / "decisions"
    with monkeypatch.context() as patched:
        patched.setattr(decisions, "sync_folder", fail)
        with pytest.raises(PackageError):
            decided(county, collected, out)
    assert not out.exists()
    assert decided(county, collected, out)["QS"].determined == 1


class StopError(Exception):
    """Somebody has cancelled."""


def test_a_cancelled_decision_leaves_nothing(
    county: County, collected: Book, tmp_path: Path
) -> None:
    for code in ("QS", "BH"):
        through(collected, of_office(collected, code)[:1], tmp_path / "纪要.txt")
    out, key, waits = tmp_path / "out", county.unlocked(collected), decisions_waiting(collected)
    for stop in range(3):
        said: list[str] = []

        def tell(done: int, total: int, text: str, said: list[str] = said, at: int = stop) -> None:
            said.append(text)
            assert (done, total) == (len(said) - 1, 2)
            if done == at:
                raise StopError

        with pytest.raises(StopError):
            decide(collected, out, key, by=LEADER, progress=tell)
        assert said == ["写BH的决定（1/2）", "写QS的决定（2/2）", "存入账套"][: stop + 1]
        assert not out.exists()
        assert decisions_waiting(collected) == waits


def test_a_determined_big_loss_is_the_same_when_the_package_comes_again(
    county: County, collected: Book, tmp_path: Path
) -> None:
    sheets = {sheet.row_id for sheet in collected.big_losses()}
    first, *rest = sorted(of_office(collected, "BH"), key=lambda row: row.id in sheets)
    assert sheets & {row.id for row in rest}
    through(collected, rest, tmp_path / "纪要.txt")
    review(
        collected, [entry(first.id, marks=(("备注", "写明来由"),), reason="依据不足")], by=REVIEWER
    )
    received(county, "BH", decided(county, collected, tmp_path / "d")["BH"].path)
    # The sheet of table 2 shows the union's opinions at the office now; nobody changed it.
    county.change("BH", lambda b: b.set_values(first.id, {"remarks": "来由已写明。"}, by=CLERK))
    done = collect(collected, county.export("BH"), by=REVIEWER)
    assert done.taken, done.reason
    assert (done.counts["changed"], done.counts["unchanged"]) == (1, ROWS - 1)
    assert {collected.row(row.id).stage for row in rest} == {"determined"}
