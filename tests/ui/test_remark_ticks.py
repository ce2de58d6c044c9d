"""Remarks on rows, each with a tick."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.look import Look
from app.ui.remark_ticks import MOST, RemarkTicks


def words(ticks: RemarkTicks) -> list[str]:
    """What stands beside the ticks, the ticked ones with a star."""
    return [f"{'*' if tick.isChecked() else ''}{tick.text()}" for tick, _texts in ticks.ticks]


def test_what_was_ticked_stays_ticked_and_the_rest_is_one(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 9 - number) for number in range(MOST + 2)]
    ticks.show_said(said)
    assert words(ticks) == [f"备注{n}（{9 - n}笔）" for n in range(MOST)] + ["别的（7笔）"]
    with qtbot.waitSignal(ticks.changed):
        ticks.ticks[1][0].click()
    ticks.ticks[-1][0].click()
    assert ticks.aside() == {"备注1", "备注5", "备注6"}
    ticks.show_said(said[1:3])
    assert words(ticks) == ["*备注1（8笔）", "备注2（7笔）"]
    ticks.show_said([])
    assert ticks.isHidden()
    ticks.show_said(said)
    assert ticks.aside() == {"备注1", "备注5", "备注6"}
    ticks.start_again()
    assert ticks.aside() == frozenset(), "another field, another look"


def test_a_column_is_looked_at_and_neither_forgets_its_ticks(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    ticks.set_against({"有账无物"})
    ticks.show_said([("出租", 2), ("有账无物", 1)])
    assert words(ticks) == ["*有账无物（1笔）", "出租（2笔）"]
    assert ticks.column.isHidden(), "a choice of one looks as if it could be opened"
    ticks.show_said([], ["产权证号"])
    assert not ticks.isHidden(), "there is another column to look at"
    assert not ticks.column.isHidden()
    ticks.column.setCurrentIndex(1)
    assert ticks.column_name == "产权证号"
    ticks.show_said([("", 51), ("无", 3)], ["产权证号"])
    assert words(ticks) == ["空着（51笔）", "无（3笔）"]
    ticks.ticks[0][0].click()
    assert ticks.aside("产权证号") == {""}
    assert ticks.aside() == {"有账无物"}
    ticks.column.setCurrentIndex(0)
    ticks.show_said([("出租", 2), ("有账无物", 1)], ["产权证号"])
    assert words(ticks) == ["*有账无物（1笔）", "出租（2笔）"]
    assert ticks.columns_wanted == ("产权证号",)
    ticks.start_again()
    assert not ticks.column_name
    assert not ticks.columns_wanted


def test_what_speaks_against_the_answer_stands_first_and_is_ticked(
    look: Look, qtbot: QtBot
) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 20 - number) for number in range(12)]
    against = {f"备注{number}" for number in range(6, 11)}
    ticks.set_against(against)
    ticks.show_said(said)
    assert words(ticks) == [
        "*备注6（14笔）", "*备注7（13笔）", "*备注8（12笔）", "*别的不合的（21笔）",
        "备注0（20笔）", "别的（94笔）",
    ]  # fmt: skip
    assert ticks.aside() == against


def test_what_says_nothing_has_a_tick_of_its_own(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 20 - number) for number in range(8)] + [("", 2)]
    ticks.set_against({f"备注{number}" for number in range(1, 8)} | {""})
    ticks.show_said(said)
    assert words(ticks)[:5] == [
        "*备注1（19笔）", "*备注2（18笔）", "*备注3（17笔）", "*空着（2笔）", "*别的不合的（58笔）",
    ]  # fmt: skip


def test_another_answer_turns_only_what_speaks_against_it_anew(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [("有账无物", 3), ("盘亏", 2), ("出租", 2), ("待查", 1)]
    ticks.set_against({"有账无物", "盘亏"})
    ticks.show_said(said)
    ticks.ticks[0][0].click()  # filled all the same
    ticks.ticks[3][0].click()  # left aside by hand
    assert ticks.aside() == {"盘亏", "待查"}
    ticks.set_against({"有账无物", "盘亏"})
    ticks.show_said(said)
    assert ticks.aside() == {"盘亏", "待查"}, "counted once more, nothing turns"
    ticks.set_against({"出租"})
    ticks.show_said(said)
    assert ticks.aside() == {"出租", "待查"}
    assert words(ticks)[0] == "*出租（2笔）"
    ticks.set_against({"有账无物", "盘亏"})
    ticks.show_said(said)
    assert ticks.aside() == {"盘亏", "待查"}, "back again, what was unticked stays so"


def test_a_tick_for_the_rest_shows_that_some_of_it_is_left_aside(look: Look, qtbot: QtBot) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    said = [(f"备注{number}", 9 - number) for number in range(MOST + 3)]
    ticks.show_said(said[MOST:])
    ticks.ticks[0][0].click()
    ticks.show_said(said)
    rest = ticks.ticks[-1][0]
    assert rest.checkState() == Qt.CheckState.PartiallyChecked
    rest.click()
    ticks.show_said(said)
    assert rest.checkState() == Qt.CheckState.Checked
    rest.click()
    ticks.show_said(said)
    assert rest.checkState() == Qt.CheckState.Unchecked
    assert not ticks.aside()


def test_words_of_one_column_never_stand_under_the_name_of_another(
    look: Look, qtbot: QtBot
) -> None:
    ticks = RemarkTicks(look)
    qtbot.addWidget(ticks)
    ticks.show_said([("出租", 2)], ["产权证号"])
    assert words(ticks) == ["出租（2笔）"]
    assert ticks.look_at(["房产证号", "产权证号"], ["产权证号"])
    assert (ticks.column_name, words(ticks)) == ("产权证号", [])
    ticks.show_said([("无", 1)], ["产权证号"])
    ticks.column.setCurrentIndex(0)
    with qtbot.waitSignal(ticks.column_asked):
        ticks.column.activated.emit(0)
    assert (ticks.column_name, words(ticks)) == ("", [])
