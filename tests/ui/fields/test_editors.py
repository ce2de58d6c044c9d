"""One editor per kind of field: what is typed, what is shown, what is handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.forms.classes import FiveClass
from app.forms.loader import builtin_rulesets, load_ruleset
from app.forms.schema import Choice, FieldDef, FieldType
from app.ui.fields.base import Editor
from app.ui.fields.choice_buttons import (
    ChoiceButton,
    ChoiceButtons,
    ClassButtons,
    ManyButtons,
    YesNoButtons,
)
from app.ui.fields.choice_list import ChoiceList, SubjectList
from app.ui.fields.computed import ComputedValue
from app.ui.fields.date import DateEditor
from app.ui.fields.long import MOST_LINES, LongEditor
from app.ui.fields.registry import EDITORS, editor_class, make_editor
from app.ui.look import Look
from tests.ui.hands import click, press, type_text, wait_for

Made = tuple[Any, list[Any], list[Any]]
"""Editor, what it said while typing, what it handed over."""
Make = Callable[..., Made]

LETTERS = ("甲", "乙", "丙", "丁", "戊", "己", "庚")


def field_of(kind: FieldType, count: int = 0, **attributes: Any) -> FieldDef:
    """A field of a kind, with so many choices."""
    choices = tuple(
        Choice(code=f"c{n}", label=LETTERS[n - 1], explanation=f"第{n}种。")
        for n in range(1, count + 1)
    )
    return FieldDef(
        key="x", label="项目", type=kind, instruction="填。", source="D", choices=choices,
        **attributes,
    )  # fmt: skip


@pytest.fixture
def make(look: Look, qtbot: QtBot) -> Make:
    """Makes an editor that has the keyboard."""
    hosts: list[QWidget] = []

    def made(kind: FieldType, count: int = 0, **attributes: Any) -> Made:
        host = QWidget()
        hosts.append(host)
        layout = QVBoxLayout(host)
        editor = make_editor(field_of(kind, count, **attributes), look)
        layout.addWidget(QLineEdit())
        layout.addWidget(editor)
        qtbot.addWidget(host)
        typed: list[Any] = []
        committed: list[Any] = []
        editor.typed.connect(typed.append)
        editor.committed.connect(committed.append)
        with qtbot.waitActive(host):
            host.show()
            host.activateWindow()
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        return editor, typed, committed

    return made


def test_long_answers_are_shortened_where_there_is_no_room(look: Look, qtbot: QtBot) -> None:
    words = "依法关闭、撤销或宣告破产，并已终止法人资格"
    labels = {"a": "正常", "b": words}
    choices = tuple(Choice(code=c, label=w, explanation="一种。") for c, w in labels.items())
    field = FieldDef(
        key="x", label="项目", type="one", instruction="填。", source="D", choices=choices
    )
    editor = ChoiceButtons(field, look)
    qtbot.addWidget(editor)
    editor.show()
    short, long = editor.buttons
    whole = long.sizeHint().width()
    editor.resize(whole + 20, 100)
    QApplication.processEvents()
    assert (long.width(), long.toolTip()) == (whole, "")
    # A little less room: small letters before any of them goes.
    editor.resize(whole * 9 // 10, 100)
    QApplication.processEvents()
    assert isinstance(long, ChoiceButton)
    assert (long.width(), long.shown_words) == (whole * 9 // 10, f"2 {words}")
    usual = long.grab().toImage()
    long.small = long.font()
    assert long.shown_words.endswith("…")
    assert long.grab().toImage() != usual
    long.small = look.font("small")
    narrow = editor.minimumSizeHint().width()
    assert narrow < whole
    editor.resize(narrow, 100)
    QApplication.processEvents()
    assert long.width() <= narrow
    assert long.toolTip() == f"2 {words}" == long.text()
    option = QStyleOptionButton()
    long.initStyleOption(option)
    assert str(option.text).endswith("…")  # type: ignore[attr-defined]
    assert (short.width(), short.toolTip()) == (short.sizeHint().width(), "")


def test_every_kind_has_an_editor() -> None:
    assert set(EDITORS) == set(get_args(FieldType))


@pytest.mark.parametrize("ruleset", builtin_rulesets())
def test_every_field_of_every_table_gets_an_editor(ruleset: str, look: Look, qtbot: QtBot) -> None:
    for table in load_ruleset(ruleset).tables.values():
        for field in table.fields.values():
            editor = make_editor(field, look)
            qtbot.addWidget(editor)
            assert isinstance(editor, Editor)


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("one", 2, ChoiceButtons),
        ("one", 5, ChoiceButtons),
        ("one", 6, ChoiceList),
        ("many", 6, ManyButtons),
        ("bool", 0, YesNoButtons),
        ("class5", 0, ClassButtons),
        ("code", 0, SubjectList),
    ],
)
def test_up_to_five_choices_are_buttons_more_a_list(
    kind: FieldType, count: int, expected: type[Editor]
) -> None:
    assert editor_class(field_of(kind, count)) is expected


def test_computed_field_is_never_typed() -> None:
    assert editor_class(field_of("money", computed="a + b")) is ComputedValue


# ── lines of text


def test_text_is_typed_and_handed_over_on_enter(make: Make, qtbot: QtBot) -> None:
    _editor, typed, committed = make("text")
    type_text(qtbot, "abc")
    assert (typed, committed) == (["a", "ab", "abc"], [])
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["abc"]


def test_text_is_handed_over_when_the_focus_leaves(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("text")
    type_text(qtbot, "农业银行")
    editor.line.clearFocus()
    assert committed == ["农业银行"]


def test_unchanged_text_is_not_handed_over(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("text")
    editor.set_value("旧")
    press(qtbot, Qt.Key.Key_Return)
    assert committed == []


def test_emptied_text_is_no_answer(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("text")
    editor.set_value("abc")
    editor.line.selectAll()
    press(qtbot, Qt.Key.Key_Delete)
    press(qtbot, Qt.Key.Key_Return)
    assert committed == [None]


@pytest.mark.parametrize(
    ("modifier", "step"),
    [(Qt.KeyboardModifier.NoModifier, 1), (Qt.KeyboardModifier.ShiftModifier, -1)],
)
def test_enter_moves_on_and_shift_enter_back(
    make: Make, qtbot: QtBot, modifier: Qt.KeyboardModifier, step: int
) -> None:
    editor, _typed, _committed = make("text")
    with qtbot.waitSignal(editor.moved) as moved:
        press(qtbot, Qt.Key.Key_Return, modifier)
    assert moved.args == [step]


def test_entering_by_keyboard_selects_what_is_there(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("text")
    editor.set_value("abc")
    editor.line.clearFocus()
    editor.setFocus(Qt.FocusReason.TabFocusReason)
    type_text(qtbot, "z")
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["z"]


# ── amounts, numbers, rates, dates


def test_amount_is_shown_with_separators_and_read_in_capitals(make: Make) -> None:
    editor, _typed, _committed = make("money")
    editor.set_value("1234567.80")
    assert editor.line.text() == "1,234,567.80"
    assert editor.line.alignment() & Qt.AlignmentFlag.AlignRight
    assert editor.note("12000") == "壹万贰仟元整"


@pytest.mark.parametrize("raw", [None, "", "1.2.3", "abc"])
def test_unreadable_amount_has_no_capitals(make: Make, raw: str | None) -> None:
    editor, _typed, _committed = make("money")
    assert editor.note(raw) == ""


def test_amount_that_cannot_be_read_stays_as_typed(make: Make) -> None:
    editor, _typed, _committed = make("money")
    editor.set_value("12.345")
    assert editor.line.text() == "12.345"


def test_unit_stands_behind_the_line(make: Make) -> None:
    editor, _typed, _committed = make("money")
    editor.set_unit("元")
    assert editor.row.itemAt(1).widget().text() == "元"


def test_rate_is_shown_as_percentage(make: Make) -> None:
    editor, _typed, _committed = make("rate")
    editor.set_value("0.38")
    assert editor.line.text() == "38.00%"


@pytest.mark.parametrize(
    ("raw", "shown"), [("2007-03-20", "2007-03-20"), ("1993-01", "1993年1月"), ("1992", "1992年")]
)
def test_date_is_shown_with_its_precision(make: Make, raw: str, shown: str) -> None:
    editor, _typed, _committed = make("date", month_allowed=True)
    editor.set_value(raw)
    assert editor.line.text() == shown


def test_date_can_be_picked_from_a_calendar(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("date")
    assert isinstance(editor, DateEditor)
    editor.set_value("2006-12-30")
    click(qtbot, editor.calendar_button)
    calendar = editor.calendar
    assert calendar is not None
    assert calendar.selectedDate() == QDate(2006, 12, 30)
    calendar.clicked.emit(QDate(2006, 12, 31))
    assert committed == ["2006-12-31"]
    assert not calendar.isVisible()


# ── long texts


def test_alt_enter_breaks_the_line_and_enter_moves_on(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("long")
    type_text(qtbot, "a")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    type_text(qtbot, "b")
    with qtbot.waitSignal(editor.moved):
        press(qtbot, Qt.Key.Key_Return)
    assert committed == ["a\nb"]


def test_tab_leaves_a_long_text(make: Make) -> None:
    editor, _typed, _committed = make("long")
    assert editor.sheet.tabChangesFocus()


def test_long_text_grows_with_its_text(make: Make) -> None:
    editor, _typed, _committed = make("long")
    assert isinstance(editor, LongEditor)
    small = editor.sheet.sizeHint().height()
    editor.set_value("一\n二\n三\n四\n五")
    assert editor.sheet.sizeHint().height() > small


def test_showing_a_stored_long_text_is_no_typing(make: Make) -> None:
    editor, typed, committed = make("long")
    editor.set_value("存着的")
    assert (typed, committed) == ([], [])


# ── choices


@pytest.mark.parametrize("place", range(1, 6))
def test_number_keys_choose(make: Make, qtbot: QtBot, place: int) -> None:
    _editor, _typed, committed = make("one", 5)
    type_text(qtbot, str(place))
    assert committed == [f"c{place}"]


def test_number_without_choice_says_which_there_are(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 3)
    refused: list[str] = []
    editor.refused.connect(refused.append)
    type_text(qtbot, "4")
    editor.take_number(0)
    press(qtbot, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)  # a part of the form
    assert committed == []
    assert refused == [f"没有可以选的答案{number}，请按1、2、3。" for number in "40"]


def test_arrows_point_and_space_takes(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 3)
    pointed: list[str] = []
    editor.pointed.connect(pointed.append)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    assert pointed == ["c2", "c3"]
    press(qtbot, Qt.Key.Key_Space)
    assert committed == ["c3"]


def test_a_click_chooses(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 3)
    click(qtbot, editor.buttons[1])
    assert committed == ["c2"]


def test_backspace_takes_the_answer_back(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 3)
    editor.set_value("c2")
    press(qtbot, Qt.Key.Key_Backspace)
    assert committed == [None]
    assert not any(button.isChecked() for button in editor.buttons)


def test_buttons_carry_their_numbers(make: Make) -> None:
    editor, _typed, _committed = make("one", 2)
    assert [button.text() for button in editor.buttons] == ["1 甲", "2 乙"]


def test_the_chosen_answer_is_spoken(make: Make) -> None:
    editor, _typed, _committed = make("one", 2)
    assert editor.accessibleDescription() == "未选"
    editor.set_value("c2")
    assert editor.accessibleDescription() == "乙"


@pytest.mark.parametrize(("key", "value"), [("1", True), ("2", False)])
def test_yes_and_no(make: Make, qtbot: QtBot, key: str, value: bool) -> None:
    _editor, _typed, committed = make("bool")
    type_text(qtbot, key)
    assert committed == [value]


@pytest.mark.parametrize("raw", [True, "是", "true"])
def test_yes_is_shown_however_it_is_stored(make: Make, raw: Any) -> None:
    editor, _typed, _committed = make("bool")
    editor.set_value(raw)
    assert [button.isChecked() for button in editor.buttons] == [True, False]


def test_many_answers_are_toggled_in_their_order(make: Make, qtbot: QtBot) -> None:
    _editor, _typed, committed = make("many", 6)
    type_text(qtbot, "31")
    assert committed == [["c3"], ["c1", "c3"]]
    type_text(qtbot, "3")
    assert committed[-1] == ["c1"]


def test_none_of_many_is_an_answer_of_its_own(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("many", 6, none_label="相符")
    assert editor.buttons[0].text() == "0 相符"
    assert not editor.buttons[0].isChecked()
    type_text(qtbot, "0")
    assert committed == [[]]
    assert editor.buttons[0].isChecked()


def test_none_clears_the_others(make: Make, qtbot: QtBot) -> None:
    _editor, _typed, committed = make("many", 6)
    type_text(qtbot, "20")
    assert committed[-1] == []


def test_better_classes_than_the_best_allowed_cannot_be_pressed(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("class5")
    editor.set_best(FiveClass.SUBSTANDARD)
    assert [b.isEnabled() for b in editor.buttons] == [False, False, True, True, True]
    type_text(qtbot, "2")
    assert committed == []
    type_text(qtbot, "4")
    assert committed == ["doubtful"]


# ── lists


@pytest.mark.parametrize("typed", ["己", "6", "c6"])
def test_list_takes_label_number_or_code(make: Make, qtbot: QtBot, typed: str) -> None:
    editor, _typed, committed = make("one", 7)
    type_text(qtbot, typed)
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["c6"]
    assert editor.line.text() == "己"


def test_list_takes_initials(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 7)
    editor.set_initials(lambda label: {"丙": "b"}.get(label, "z"))
    assert editor.completer.model().rowCount() == 7
    type_text(qtbot, "b")
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["c3"]


def test_list_narrows_while_typing(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("one", 7)
    type_text(qtbot, "庚")
    assert editor.completer.completionCount() == 1


def test_down_in_the_empty_list_shows_all_answers_again(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("one", 7)
    type_text(qtbot, "庚")
    editor.line.clear()
    editor.completer.popup().hide()
    press(qtbot, Qt.Key.Key_Down)
    assert editor.completer.popup().isVisible()
    assert editor.completer.completionCount() == 7


@pytest.mark.parametrize("way", ["down", "button"])
def test_an_answer_that_is_there_can_be_chosen_anew(make: Make, qtbot: QtBot, way: str) -> None:
    editor, _typed, committed = make("one", 7)
    editor.set_value("c3")
    popup = editor.completer.popup()
    if way == "down":
        press(qtbot, Qt.Key.Key_Down)
    else:
        editor.open_button.click()
    assert popup.isVisible()
    assert editor.completer.completionCount() == 7
    assert popup.currentIndex().row() == 2
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    editor.commit()
    assert committed == [], "what was only passed by is no answer"
    press(qtbot, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert committed == ["c4"]


def test_the_ends_of_the_list_leave_the_answer(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 7)
    editor.set_value("c6")
    popup = editor.completer.popup()
    press(qtbot, Qt.Key.Key_Down)
    for _ in range(3):
        QTest.keyClick(popup, Qt.Key.Key_Down)
    assert popup.currentIndex().row() == 6
    editor.commit()
    assert committed == ["c7"]
    press(qtbot, Qt.Key.Key_Down)
    for _ in range(9):
        QTest.keyClick(popup, Qt.Key.Key_Up)
    editor.commit()
    assert committed == ["c7", "c1"]


def test_what_is_typed_takes_the_place_of_an_opened_answer(make: Make, qtbot: QtBot) -> None:
    editor, _typed, committed = make("one", 7)
    editor.set_value("c3")
    popup = editor.completer.popup()
    press(qtbot, Qt.Key.Key_Down)
    popup.hide()
    editor.commit()
    assert committed == [], "only looked at"
    press(qtbot, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_1)
    assert editor.line.text() == "1"
    editor.commit()
    assert committed == ["c1"]
    press(qtbot, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QApplication.processEvents()
    QTest.keyClick(popup, Qt.Key.Key_5)
    assert editor.line.text() == "5", "what was only passed by does not stay in front"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert editor.line.text() == "5"


def test_a_list_that_is_locked_does_not_open(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("one", 7)
    editor.set_value("c3")
    editor.set_locked(True)
    press(qtbot, Qt.Key.Key_Down)
    assert not editor.completer.popup().isVisible()
    assert not editor.open_button.isEnabled()


def test_word_that_is_no_choice_is_handed_over_as_it_is(make: Make, qtbot: QtBot) -> None:
    _editor, _typed, committed = make("one", 7)
    type_text(qtbot, "哪个")
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["哪个"]


@pytest.mark.parametrize("typed", ["1221", "1221 存放同业款项", "存放同业"])
def test_subject_is_found_by_code_or_name(make: Make, qtbot: QtBot, typed: str) -> None:
    editor, _typed, committed = make("code")
    editor.set_entries([("1221", "存放同业款项"), ("1231", "拆放银行业")])
    type_text(qtbot, typed)
    press(qtbot, Qt.Key.Key_Return)
    assert committed == ["1221"]
    assert editor.line.text() == "1221 存放同业款项"


# ── computed


def test_computed_value_says_so_and_tells_how_on_click(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("int", computed="a", unit="天")
    editor.set_value(61, "61")
    assert editor.label.text() == "61 天（计算）"
    with qtbot.waitSignal(editor.asked_how):
        click(qtbot, editor.label)


def test_computed_value_that_is_open_is_a_dash(make: Make) -> None:
    editor, _typed, _committed = make("int", computed="a")
    editor.set_value(None)
    assert editor.label.text() == "—（计算）"


def test_a_text_that_fits_has_nothing_to_scroll(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("long")
    editor.window().resize(300, 400)
    editor.set_value("2004年3月10日签订拆借合同，拆出100万元，期限一年，到期没有收回。")
    wait_for(qtbot, lambda: editor.sheet.height() == editor.sheet.sizeHint().height())
    assert editor.sheet.blockBoundingRect(editor.sheet.document().begin()).height() > 0
    assert editor.sheet.verticalScrollBar().maximum() == 0
    editor.set_value("很长的一段。" * 200)
    wait_for(qtbot, lambda: editor.sheet.verticalScrollBar().maximum() > 0)


def test_a_draft_is_shown_whole(make: Make, qtbot: QtBot) -> None:
    editor, _typed, _committed = make("long")
    editor.window().resize(300, 900)
    editor.set_hint("不填按：" + "交易对手已依法关闭、撤销、解散或破产。" * 12)
    wait_for(qtbot, lambda: editor.sheet.height() == editor.sheet.sizeHint().height())
    line = editor.sheet.fontMetrics().lineSpacing()
    assert editor.sheet.viewport().height() > MOST_LINES * line
    editor.set_value("已核对。")
    wait_for(qtbot, lambda: editor.sheet.height() < MOST_LINES * line)
