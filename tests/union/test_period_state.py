"""Where a union's period stands, and that nothing is locked once it is done."""

from __future__ import annotations

from datetime import date

from app.book.book import Book, Institution
from app.ui.tally import taken
from app.union.determination import determine
from app.union.offices import add_office
from app.union.period_state import PeriodState, period_states
from tests.union.county import LEADER, REVIEWER, County
from tests.union.steps import decided, entry, is_loss, of_office, reviewed, through


def state(book: Book) -> PeriodState:
    """The chosen period's."""
    found = taken(book).union.period
    assert found is not None
    assert found == period_states(book)[book.period.id]
    return found


def test_a_period_is_done_when_everything_is_determined_and_told(
    county: County, collected: Book
) -> None:
    rows = list(collected.rows())
    assert state(collected).words == f"本期还没有办完：待审查{len(rows)}笔。"
    reviewed(collected, rows[:1])
    assert state(collected).words == f"本期还没有办完：待审查{len(rows) - 1}笔，已审未认定1笔。"
    through(collected, rows, county.folder / "m.txt")
    found = state(collected)
    assert (found.done, found.words) == (False, "本期还没有办完：2家有结果等下发决定。")
    decided(county, collected, county.folder / "down")
    found = state(collected)
    assert found.done
    assert found.words.startswith(f"本期已办结：{len(rows)}笔全部认定")
    assert collected.period.state == "open"


def test_a_new_determination_opens_it_again(county: County, collected: Book) -> None:
    rows = list(collected.rows())
    through(collected, rows, county.folder / "m.txt")
    decided(county, collected, county.folder / "down")
    row = next(row for row in of_office(collected, "QS") if not is_loss(row))
    given = entry(row.id, class_="关注", reason="复查发现新情况")
    determine(collected, [given], by=LEADER)
    assert state(collected).words == "本期还没有办完：1家有结果等下发决定。"
    decided(county, collected, county.folder / "again")
    assert state(collected).done


def test_who_has_not_reported_keeps_it_open_but_no_earlier_one(
    county: County, collected: Book
) -> None:
    through(collected, list(collected.rows()), county.folder / "m.txt")
    decided(county, collected, county.folder / "down")
    first = collected.period.id
    add_office(collected, Institution("HS", "黑水信用社"), by=REVIEWER)
    assert state(collected).words == "本期还没有办完：1家还没有上报。"
    later = collected.add_period(date(2007, 12, 31), by=REVIEWER).id
    found = period_states(collected)
    assert (found[first].done, found[later].done) == (True, False)
    assert found[later].words == ""
    assert collected.period.id == later
