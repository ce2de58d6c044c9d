"""Evidence of one asset: what is asked for, what is there, adding, opening, removing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
)

from app.ui import remembered
from app.ui.ask import ask_text
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.form_session import FormSession
from app.ui.icons import sign_icon
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.types import Attachment

ATTACHMENT_ROLE = Qt.ItemDataRole.UserRole
FILTER = "资料 (*.jpg *.jpeg *.png *.tif *.tiff *.pdf *.doc *.docx *.xls *.xlsx *.ofd);;全部 (*)"


EMPTY = "还没有附资料。点“添加”选照片、扫描件或文件，存在账套里。"


class EvidenceView(QFrame):
    """The papers that the rules ask for, and the files attached."""

    count_changed = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.session: FormSession | None = None
        self.setProperty("surface", "paper")
        px = self.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(10), px(8), px(10), px(8))
        layout.setSpacing(px(6))
        layout.addWidget(soft_label("规则要求的资料"))
        self.needs = QListWidget()
        self.needs.setAccessibleName("要求的资料")
        self.needs.setWordWrap(True)
        self.needs.setIconSize(QSize(px(16), px(16)))
        self.needs.itemActivated.connect(lambda item: self.add(item.text()))
        layout.addWidget(self.needs, 2)
        layout.addWidget(soft_label("已附的文件"))
        self.files = QListWidget()
        self.files.setAccessibleName("已附的文件")
        self.files.setWordWrap(True)
        self.files.itemActivated.connect(lambda _item: self.open_current())
        self.files.itemSelectionChanged.connect(self._show_buttons)
        layout.addWidget(self.files, 3)
        self.empty = soft_label(EMPTY)
        layout.addWidget(self.empty)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        self.add_button = push_button("添加…")
        self.add_button.setToolTip("附上照片、扫描件或文件")
        self.add_button.clicked.connect(self._choose_paper)
        self.open_button = push_button("打开")
        self.open_button.clicked.connect(self.open_current)
        self.remove_button = push_button("移除…")
        self.remove_button.clicked.connect(self._ask_remove)
        for button in (self.add_button, self.open_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def show_session(self, session: FormSession | None) -> None:
        """Shows the evidence of another row."""
        self.session = session
        self.renew()

    def renew(self) -> None:
        """Reads needs and files again."""
        self.files.clear()
        attached = self._attached()
        for one in attached:
            words = (
                f"{one.paper}（{one.name}）" if one.paper and one.paper != one.name else one.name
            )
            item = QListWidgetItem(f"{words}　{_size_words(one.size)}")
            item.setData(ATTACHMENT_ROLE, one)
            item.setToolTip(f"{one.added_by} {one.added_at:%Y-%m-%d %H:%M} 附")
            self.files.addItem(item)
        self.empty.setVisible(not attached)
        self.renew_needs()
        self._show_buttons()
        self.count_changed.emit(len(attached))

    def _attached(self) -> list[Attachment]:
        return self.desk.book.attachments(self.session.row.id) if self.session else []

    def renew_needs(self) -> None:
        """Shows what the rules that hold ask for."""
        theme = self.look.theme
        needs = self.session.evaluation.evidence if self.session else ()
        shown = [(self.needs.item(i).text(), self.needs.item(i).data(ATTACHMENT_ROLE))
                 for i in range(self.needs.count())]  # fmt: skip
        if shown == [(need.paper, need.present) for need in needs]:
            return
        self.needs.clear()
        for need in needs:
            item = QListWidgetItem(need.paper)
            item.setData(ATTACHMENT_ROLE, need.present)
            sign, colour = ("good", theme.good.ink) if need.present else ("open", theme.soft)
            item.setIcon(sign_icon(sign, colour))
            item.setToolTip("已附" if need.present else "还没有附；回车可为它添加文件")
            self.needs.addItem(item)

    def _show_buttons(self) -> None:
        chosen = self._current() is not None
        open_ = self.session is not None and not self.session.locked
        self.add_button.setVisible(open_)
        self.remove_button.setVisible(open_)
        self.empty.setText(EMPTY if open_ else "没有附资料。")
        self.open_button.setEnabled(chosen)
        self.remove_button.setEnabled(chosen)

    def _choose_paper(self) -> None:
        """Which of the papers asked for the file is; without any, straight to the file."""
        lacking = [n.paper for n in self.session.evaluation.evidence] if self.session else []
        if not lacking:
            self.add("")
            return
        menu = QMenu(self)
        for paper in lacking:
            menu.addAction(paper, lambda paper=paper: self.add(paper))
        menu.addSeparator()
        menu.addAction("其他资料", lambda: self.add(""))
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().topLeft()))

    def add(self, paper: str) -> None:
        """Asks for files and attaches them as this paper."""
        if self.session is None or self.session.locked:
            return
        folder = remembered.last_folder(self.desk.settings)
        title = f"附上：{paper}" if paper else "附上资料"
        names, _ = QFileDialog.getOpenFileNames(self, title, folder, FILTER)
        if names:
            remembered.set_last_folder(self.desk.settings, Path(names[0]))
            self.attach([Path(name) for name in names], paper)

    def attach(self, paths: list[Path], paper: str = "") -> None:
        """Attaches files to the row."""
        if self.session is None or not self.desk.need_person():
            return
        row_id = self.session.row.id
        with self.desk.messages.guarded():
            self.desk.book.attach_files(row_id, paths, by=self.desk.by, paper=paper)
        self.session.reload()
        self.renew()
        self.desk.row_was_saved(row_id)

    def _current(self) -> Attachment | None:
        found: list[Attachment] = [i.data(ATTACHMENT_ROLE) for i in self.files.selectedItems()]
        return found[0] if found else None

    def open_current(self) -> None:
        """Opens a copy of the chosen file with the program the system has for it."""
        attachment = self._current()
        if attachment is None:
            return
        folder = Path(tempfile.mkdtemp(prefix="wuji-"))
        target = folder / Path(attachment.name).name
        with self.desk.messages.guarded() as guard:
            target.write_bytes(self.desk.book.attachment_bytes(attachment.sha256))
        if guard.ok and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(target))):
            self.desk.messages.tell(
                f"系统没有能打开“{attachment.name}”的程序。", f"文件已取出，放在{target}。"
            )

    def _ask_remove(self) -> None:
        attachment = self._current()
        if attachment is not None:
            ask_text(
                self,
                self.look,
                title="移除资料",
                text=f"从这笔资产移除“{attachment.name}”？历史里会留下记录。",
                label="原因",
                action="移除",
                then=lambda why: self.remove(attachment, why),
            )

    def remove(self, attachment: Attachment, why: str) -> None:
        """Takes a file away from the row."""
        if self.session is None:
            return
        with self.desk.messages.guarded():
            self.desk.book.detach(attachment.id, by=self.desk.by, why=why)
        self.session.reload()
        self.renew()
        self.desk.row_was_saved(self.session.row.id)


def _size_words(size: int) -> str:
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"
