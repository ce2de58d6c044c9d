"""The people and the key of the union: its own roles and words, not an office's."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.desk_view import DeskView
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from app.ui.people_dialog import PeopleDialog
from app.ui.period_dialog import PeriodDialog
from tests.ui.hands import click
from tests.ui.union.acting import words_of


def test_the_unions_own_roles_come_first_and_say_what_they_do(
    fresh_view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = PeopleDialog(fresh_view.desk, window)
    assert [dialog.role.itemText(at) for at in range(4)] == [
        "工作小组", "归口管理部门", "审计", "领导小组",
    ]  # fmt: skip
    told = set()
    for at in range(dialog.role.count()):
        dialog.role.setCurrentIndex(at)
        told.add(dialog.help.text())
    assert len(told) == dialog.role.count()
    assert "填报" not in words_of(dialog) + dialog.choose_button.text()
    dialog.role.setCurrentIndex(0)
    dialog.name.setText("钱初审")
    click(qtbot, dialog.add_button)
    assert fresh_view.desk.book.person("钱初审").role == "working_group"


def test_the_key_is_told_to_the_offices(fresh_view: DeskView, window: MainWindow) -> None:
    words = words_of(KeyDialog(fresh_view.desk, window))
    assert "告诉各社" in words
    assert "各社凭短码" in words
    assert "联社凭短码" not in words


def test_a_new_period_of_a_union_speaks_of_packages_and_carries_nothing(
    view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = PeriodDialog(view.desk, window)
    assert dialog.carry.isHidden()
    assert "上报包" in words_of(dialog)
    dialog.day.setText("2007-06-30")
    click(qtbot, dialog.create_button)
    book = view.desk.book
    assert str(book.period.base_date) == "2007-06-30"
    assert list(book.rows()) == []
    dialog.deleteLater()
