"""Restoring a backup: choose one, look inside, then take it under a new name or in place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.ask import ask
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.places import save_as
from app.ui.room import open_at
from app.ui.sign_line import soft_label
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.restoring import Inside

BOOK_FILTER = "账套的备份 (*.wuji);;全部 (*)"
EMPTY = "先在左边选一份备份，或选别处的文件。"
NONE = "账套旁边还没有备份。"
REPLACE = (
    "现在的账套先移到旁边的“备份”文件夹，改名保存，不会丢；再把这份备份放到它的位置。"
    "备份以后做的{lost}就不在账套里了。"
)


class RestoreDialog(QDialog):
    """恢复备份."""

    chosen = Signal(object)
    """A restored book to open."""
    in_place_asked = Signal(object)
    """The copy that is to take the place of the open book."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.inside: Inside | None = None
        self.present = None if not desk.has_book or desk.book.on_server else desk.book.path
        self._changes_now = 0
        self._asked: Path | None = None
        px = self.look.px
        self.setWindowTitle("恢复备份")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_at(self, self.look, 820, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        self.messages = Messages()
        layout.addWidget(MessageBar(self.look, self.messages))
        both = QHBoxLayout()
        both.setSpacing(px(16))
        both.addLayout(self._left(), 1)
        both.addWidget(self._right(), 1)
        layout.addLayout(both, 1)
        layout.addLayout(self._buttons())
        self._list_copies()

    # ── building

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self.look.px(8))
        self.list = QListWidget()
        self.list.setProperty("kind", "words")
        self.list.setAccessibleName("备份")
        self.list.currentItemChanged.connect(self._item_chosen)
        self.none = soft_label(NONE)
        other = push_button("选别处的文件…")
        other.clicked.connect(self._browse)
        column.addWidget(self.list, 1)
        column.addWidget(self.none)
        column.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _right(self) -> QFrame:
        px = self.look.px
        card = QFrame()
        card.setProperty("surface", "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(px(16), px(12), px(16), px(12))
        layout.setSpacing(px(8))
        self.said = soft_label(EMPTY)
        layout.addWidget(self.said)
        self.facts = QFormLayout()
        self.facts.setVerticalSpacing(px(8))
        self.facts.setHorizontalSpacing(px(14))
        layout.addLayout(self.facts)
        layout.addStretch(1)
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        self.new_button = push_button("恢复成新账套…", "原来的账套不动", main=True)
        self.new_button.clicked.connect(self._ask_name)
        self.place_button = push_button("换下现在的账套…")
        self.place_button.clicked.connect(self._ask_in_place)
        cancel = push_button("取消")
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        for button in (self.new_button, self.place_button, cancel):
            row.addWidget(button)
        self._enable(inside=False)
        return row

    def _enable(self, *, inside: bool) -> None:
        self.new_button.setEnabled(inside)
        found, desk = self.inside, self.desk
        mine = (
            inside
            and found is not None
            and self.present is not None
            and desk.has_book
            and found.institution.code == desk.book.institution.code
            and found.is_union == desk.book.is_union
            and found.path.resolve() != self.present.resolve()
        )
        self.place_button.setEnabled(mine)
        self.place_button.setVisible(self.present is not None)

    # ── which copy

    def _list_copies(self) -> None:
        from app.book.daily import daily_copies, daily_folder

        found: list[Path] = []
        if self.present is not None:
            found = daily_copies(self.present)
            others = [
                path
                for folder in (
                    daily_folder(self.present),
                    remembered.backup_folder(self.desk.settings, self.present),
                )
                for path in sorted(folder.glob(f"{self.present.stem}-*.wuji"), reverse=True)
            ]
            found += [path for path in dict.fromkeys(others) if path not in found]
        for path in found:
            self._add(path)
        self.list.setVisible(bool(found))
        self.none.setVisible(not found)

    def _add(self, path: Path) -> QListWidgetItem:
        moment = datetime.fromtimestamp(path.stat().st_mtime)
        item = QListWidgetItem(f"{path.name}\n{moment:%Y-%m-%d %H:%M} 存在 {path.parent}")
        item.setData(Qt.ItemDataRole.UserRole, str(path))
        item.setToolTip(str(path))
        self.list.addItem(item)
        return item

    def _item_chosen(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.look_into(Path(item.data(Qt.ItemDataRole.UserRole)))

    def _browse(self) -> None:
        settings, present = self.desk.settings, self.present
        folder = (
            remembered.backup_folder(settings, present)
            if present is not None
            else remembered.book_folder(settings)
        )
        name, _ = QFileDialog.getOpenFileName(self, "选一份备份", str(folder), BOOK_FILTER)
        if name:
            self.choose(Path(name))

    def choose(self, path: Path) -> None:
        """Puts a file that lies elsewhere on the list and looks into it."""
        self.list.setVisible(True)
        self.none.setVisible(False)
        self.list.setCurrentItem(self._listed(path) or self._add(path))

    def _listed(self, path: Path) -> QListWidgetItem | None:
        items = (self.list.item(place) for place in range(self.list.count()))
        same = (i for i in items if Path(i.data(Qt.ItemDataRole.UserRole)) == path)
        return next(same, None)

    # ── a look inside

    def look_into(self, path: Path) -> None:
        """Reads what a copy holds, off the window's thread."""
        self.inside, self._asked = None, path
        self._enable(inside=False)
        self._show_facts([])
        self.said.setText("正在看…")
        self.said.setVisible(True)
        self.messages.clear()
        present = self.present if self.desk.has_book else None

        def work(_progress: Progress) -> tuple[Inside | str, int]:
            return _looked(path, present)

        self.desk.worker.start("看备份", work, self._looked, quiet=True)

    def _looked(self, result: tuple[Inside | str, int]) -> None:
        found, self._changes_now = result
        if isinstance(found, str):
            self.said.setText(found)
            return
        if found.path != self._asked:
            return
        self.inside = found
        self.said.setVisible(False)
        self._show_facts(self._lines(found))
        self._enable(inside=True)

    def _lines(self, inside: Inside) -> list[tuple[str, str]]:
        office = f"{inside.institution.name}（{inside.institution.code}）"
        lines = [("机构", office + ("，联社" if inside.is_union else ""))]
        for one in inside.periods:
            sealed = "，已封印" if one.sealed else ""
            lines.append((f"{one.base_date} 期", f"{one.rows}笔{sealed}"))
        if inside.at is not None:
            lines.append(("最后修改", f"{inside.at.astimezone():%Y-%m-%d %H:%M}"))
            lines.append(("由谁", inside.by or "程序"))
            lines.append(("改了什么", inside.words))
        if self._behind(inside):
            lines.append(("与现在比", f"少{self._behind(inside)}次修改"))
        return lines

    def _behind(self, inside: Inside) -> int:
        """How many changes the open book has more, where it is of the same office."""
        desk = self.desk
        same = desk.has_book and inside.institution.code == desk.book.institution.code
        return max(0, self._changes_now - inside.changes) if same else 0

    def _show_facts(self, lines: list[tuple[str, str]]) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for title, text in lines:
            value = QLabel(text)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            self.facts.addRow(soft_label(title, wrap=False), value)

    # ── restoring

    def _ask_name(self) -> None:
        from app.ui.new_book_dialog import free_path

        if self.inside is None:
            return
        folder = self.present.parent if self.present else Path(
            remembered.book_folder(self.desk.settings)
        )  # fmt: skip
        suggestion = free_path(folder, f"{self.inside.institution.name}恢复")
        target = save_as(self, "恢复成", suggestion, "账套 (*.wuji)")
        if target is not None:
            self.restore_as(target)

    def restore_as(self, target: Path) -> None:
        """Restores under a new name, in the worker; an existing file is never overwritten."""
        if self.inside is None:
            return
        source = self.inside.path
        self._enable(inside=False)

        def work(_progress: Progress) -> Path | str:
            return _restored(source, target)

        self.desk.worker.start("恢复", work, self._restored)

    def _restored(self, result: Path | str) -> None:
        if isinstance(result, str):
            self.messages.tell(result, kind="error")
            self._enable(inside=True)
            return
        self.accept()
        self.chosen.emit(result)

    def _ask_in_place(self) -> None:
        if self.inside is None:
            return
        behind = self._behind(self.inside)
        lost = f"{behind}次修改" if behind else "修改"
        ask(
            self, self.look, title="换下现在的账套", text=REPLACE.format(lost=lost),
            action="换下", then=self.restore_in_place,
        )  # fmt: skip

    def restore_in_place(self) -> None:
        """Hands the copy on to the window, which closes the book first."""
        if self.inside is not None:
            source = self.inside.path
            self.accept()
            self.in_place_asked.emit(source)


def _looked(path: Path, present: Path | None) -> tuple[Inside | str, int]:
    """What a copy holds, or why it can't be read; and how many changes the book has now."""
    from app.book.restoring import look_inside
    from app.errors import KnownError

    try:
        now = look_inside(present).changes if present is not None else 0
        return look_inside(path), now
    except KnownError as error:
        return str(error), 0


def _restored(source: Path, target: Path) -> Path | str:
    from app.book.backup import restore
    from app.errors import KnownError

    try:
        restore(source, target)
    except KnownError as error:
        return str(error)
    return target
