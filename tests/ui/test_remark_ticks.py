"""Remarks on rows, each with a tick."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.look import Look
from app.ui.remark_ticks import MOST, RemarkTicks


def test_what_was_ticked_stays_ticked_and_the_rest_is_one(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 9 - number) for number in range(MOST + 2)]
    ticks.show_remarks(said)
    words = [tick.text() for tick, _texts in ticks.ticks]
    assert words == [f"备注{n}（{9 - n}笔）" for n in range(MOST)] + ["别的（7笔）"]
    with qtbot.waitSignal(ticks.changed):
        ticks.ticks[1][0].click()
    ticks.ticks[-1][0].click()
    assert ticks.ticked() == {"备注1", "备注5", "备注6"}
    ticks.show_remarks(said[1:3])
    assert [tick.text() for tick, _texts in ticks.ticks] == ["备注1（8笔）", "备注2（7笔）"]
    assert ticks.ticked() == {"备注1"}
    assert ticks.column.isHidden(), "a choice of one looks as if it could be opened"
    ticks.show_remarks([], ["产权证号"])
    assert not ticks.isHidden(), "there is another column to look at"
    assert not ticks.column.isHidden()
    ticks.column.setCurrentIndex(1)
    assert ticks.column_name == "产权证号"
    ticks.show_remarks(said[1:3])
    ticks.ticks[0][0].setChecked(True)
    ticks.start_again()
    assert (ticks.column_name, ticks.ticked()) == ("", set())
    ticks.show_remarks(said[1:3])
    assert ticks.ticked() == set(), "another field, another look"
    ticks.show_remarks([])
    assert ticks.isHidden()


def test_what_speaks_against_the_answer_stands_first_and_is_ticked(
    look: Look, qtbot: QtBot
) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 20 - number) for number in range(12)]
    against = {f"备注{number}" for number in range(6, 11)}
    ticks.show_remarks(said, against=against)
    words = [tick.text() for tick, _texts in ticks.ticks]
    assert words == [
        "备注6（14笔）", "备注7（13笔）", "备注8（12笔）", "别的不合的（21笔）",
        "备注0（20笔）", "别的（94笔）",
    ]  # fmt: skip
    assert ticks.ticked() == against
    ticks.ticks[0][0].click()
    ticks.show_remarks(said, against=against)
    assert ticks.ticked() == against - {"备注6"}, "what somebody unticked stays so"
    ticks.show_remarks(said, against={"备注0"})
    assert ticks.ticked() == {"备注0"}, "another answer, other remarks against it"
    ticks.show_remarks(said)
    assert ticks.ticked() == set()


def test_rows_with_nothing_in_a_column_can_be_left_aside(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    ticks.show_remarks([("", 51), ("无", 3)], ["产权证号"])
    assert ticks.ticks[0][0].text() == "空着（51笔）"
    ticks.ticks[0][0].click()
    assert ticks.ticked() == {""}
