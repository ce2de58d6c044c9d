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
    assert not ticks.column.isEnabled()
    ticks.show_remarks([], ["产权证号"])
    assert not ticks.isHidden(), "there is another column to look at"
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
