"""File dialogs: the system's own where it has them, in Chinese, from a place that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from app.ui import places, remembered
from app.ui.desk import Desk
from app.ui.look import Look
from app.ui.places import ROOMY
from app.ui.restore_dialog import RestoreDialog
from app.ui.union.opinion_form import OpinionForm
from tests.ui.hands import wait_for

APP = Path(places.__file__).parent


class Answers:
    """Answers a file dialog with one name after the other and keeps what it was asked with."""

    def __init__(self, *names: Path) -> None:
        self.names = [str(name) for name in names]
        self.starts: list[str] = []
        self.filters: list[str] = []

    def __call__(self, _parent: object, _title: str, start: str, words: str) -> tuple[str, str]:
        self.starts.append(start)
        self.filters.append(words)
        return (self.names.pop(0) if self.names else ""), ""


def test_nothing_keeps_the_system_from_showing_its_own_dialog(qapp: QApplication) -> None:
    assert not qapp.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    sources = (path.read_text(encoding="utf-8") for path in APP.rglob("*.py"))
    assert not any("DontUseNative" in text for text in sources)


@pytest.mark.parametrize(
    "words",
    ["Look in:", "File &name:", "Files of type:", "&Open", "&Save", "&Choose", "Parent Directory",
     "Create New Folder", "%1 already exists.\nDo you want to replace it?"],
)  # fmt: skip
def test_qts_own_dialog_speaks_chinese(qapp: QApplication, words: str) -> None:
    assert re.search("[\u4e00-\u9fff]", QCoreApplication.translate("QFileDialog", words))


def test_kinds_of_files_are_chinese_in_qts_own_dialog(qapp: QApplication) -> None:
    """As Qt asks for them: the words it ships with stand under another heading."""
    for words, note in (("Folder", "All other platforms"), ("Drive", ""), ("%1 File", "suffix")):
        found = QCoreApplication.translate("QAbstractFileIconProvider", words, note)
        assert re.search("[\u4e00-\u9fff]", found), words


def test_every_kind_of_file_has_a_chinese_name() -> None:
    found = {
        text
        for path in APP.rglob("*.py")
        for text in re.findall(r'"([^"]*) \(\*[.)]', path.read_text(encoding="utf-8"))
    }
    assert len(found) > 5
    assert not {text for text in found if not re.search("[\u4e00-\u9fff]", text)}


def test_a_dialog_begins_in_the_nearest_folder_that_is_there(tmp_path: Path) -> None:
    assert places.start_in(tmp_path) == str(tmp_path)
    assert places.start_in(tmp_path / "上报" / "2006") == str(tmp_path)
    documents = str(remembered.documents_folder())
    assert places.start_in("") == documents
    assert places.start_in(Path(tmp_path.anchor) / "拔掉的优盘" / "上报") == documents


def test_where_the_last_folder_is_gone_the_books_folder_is_offered(
    settings: QSettings, tmp_path: Path
) -> None:
    book = tmp_path / "账套" / "甲.wuji"
    book.parent.mkdir()
    book.touch()
    remembered.add_recent(settings, book, "甲信用社")
    assert remembered.last_folder(settings) == str(tmp_path)
    remembered.set_last_folder(settings, tmp_path / "拔掉的优盘" / "清单.xlsx")
    assert remembered.last_folder(settings) == str(book.parent)
    settings.remove("files/folder")
    assert remembered.last_folder(settings) == str(book.parent)


def test_a_name_without_its_ending_gets_it(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Answers(tmp_path / "模板", tmp_path / "模板.v2")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", asked)
    parent = QWidget()
    qtbot.addWidget(parent)
    for expected in ("模板.xlsx", "模板.v2.xlsx"):
        found = places.save_as(parent, "", tmp_path / "附表.xlsx", "Excel 工作簿 (*.xlsx)")
        assert found == tmp_path / expected


def test_a_file_is_not_replaced_because_its_ending_was_not_typed(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "模板.xlsx"
    there.touch()
    asked = Answers(tmp_path / "模板")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", asked)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert places.save_as(parent, "", tmp_path / "附表.xlsx", "Excel 工作簿 (*.xlsx)") is None
    assert asked.starts[-1] == str(there), "asked again under the whole name"


def test_a_backup_is_looked_for_where_backups_are(
    desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "优盘"
    stick.mkdir()
    remembered.set_backup_folder(desk.settings, desk.place, stick)
    asked = Answers()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", asked)
    parent = QWidget()
    qtbot.addWidget(parent)
    RestoreDialog(desk, parent)._browse()
    assert asked.starts == [str(stick)]


def test_minutes_are_looked_for_where_files_were_chosen_last(
    desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = tmp_path / "会议" / "纪要.pdf"
    minutes.parent.mkdir()
    asked = Answers(minutes)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", asked)
    form = OpinionForm(desk)
    qtbot.addWidget(form)
    form._choose_minutes()
    form._choose_minutes()
    assert asked.starts == [str(tmp_path), str(minutes.parent)]
    assert form.minutes.text() == str(minutes)
    assert "会议纪要" in asked.filters[0]


def test_qts_own_dialog_has_room_for_its_columns(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}月固定资产清单（青山信用社）.xlsx").write_bytes(b"x" * 40_000)
    dialog = QFileDialog(None, "选择清单", str(tmp_path), "清单 (*.xlsx)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    qtbot.addWidget(dialog)
    dialog.show()
    tree = dialog.findChild(QTreeView, "treeView")
    assert tree is not None
    wait_for(qtbot, lambda: bool(dialog.property(ROOMY)))
    wait_for(qtbot, lambda: tree.model().rowCount(tree.rootIndex()) == 3)
    header = tree.header()
    wait_for(qtbot, lambda: header.length() <= tree.viewport().width())
    cut = [n for n in range(1, 4) if header.sectionSize(n) < tree.sizeHintForColumn(n)]
    assert cut == []
    assert header.sectionSize(0) >= look.px(120)


def test_a_roomy_dialog_of_a_window_at_the_edge_stays_on_the_screen(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(0, 0, 300, 200)
    window.show()
    dialog = QFileDialog(window, "选择清单", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    wait_for(qtbot, lambda: bool(dialog.property(ROOMY)))
    assert dialog.screen().availableGeometry().contains(dialog.frameGeometry())
    dialog.close()
