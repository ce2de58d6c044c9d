"""Evidence of one asset: what is asked for, what is there, bringing in, looking at, removing."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.ask import ask_text
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.evidence.adding import DropFrame, EvidenceAdder, Given, given_in, given_paths
from app.ui.evidence.beside import Beside
from app.ui.evidence.needs import NeedsList
from app.ui.evidence.scanner import ScanOffers
from app.ui.form_session import FormSession
from app.ui.places import start_in
from app.ui.sign_line import soft_label

if TYPE_CHECKING:
    from app.book.types import Attachment

ATTACHMENT_ROLE = Qt.ItemDataRole.UserRole
FILTER = "资料 (*.jpg *.jpeg *.png *.tif *.tiff *.pdf *.doc *.docx *.xls *.xlsx *.ofd);;全部 (*)"
EMPTY = "还没有附资料。把文件拖到这里，或粘贴、点“添加”。"


class EvidenceView(DropFrame):
    """The papers that the rules ask for, the files attached, and the one that is looked at."""

    count_changed = Signal(int)
    paper_shown = Signal(bool)
    """A paper wants room beside the form, or gives it back."""
    field_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.session: FormSession | None = None
        self.setProperty("surface", "paper")
        self.adder = EvidenceAdder(desk)
        self.adder.attached.connect(self._attached_now)
        self.dropped.connect(self.attach_given)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.lists = self._lists()
        layout.addWidget(self.lists)
        self.beside = Beside(desk)
        self.beside.closed.connect(self.close_paper)
        self.beside.outside_asked.connect(self.open_outside)
        self.beside.field_asked.connect(self.field_asked)
        self.beside.changed.connect(self._changed)
        layout.addWidget(self.beside)
        self.beside.hide()

    def _lists(self) -> QWidget:
        px = self.look.px
        lists = QWidget()
        layout = QVBoxLayout(lists)
        layout.setContentsMargins(px(10), px(8), px(10), px(8))
        layout.setSpacing(px(6))
        layout.addWidget(soft_label("规则要求的资料"))
        self.needs = NeedsList(self.look)
        self.needs.named.connect(self.name_current)
        self.needs.itemActivated.connect(lambda item: self.add(item.text()))
        layout.addWidget(self.needs, 4)
        layout.addWidget(soft_label("已附的文件"))
        self.files = _list("已附的文件")
        self.files.itemActivated.connect(lambda _item: self.open_current())
        self.files.itemSelectionChanged.connect(self._show_buttons)
        layout.addWidget(self.files, 3)
        self.empty = soft_label(EMPTY)
        layout.addWidget(self.empty)
        self.offers = ScanOffers(self.desk)
        self.offers.taken.connect(lambda path: self.attach([path]))
        layout.addWidget(self.offers)
        layout.addLayout(self._buttons())
        return lists

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(6))
        self.add_button = push_button("添加…", "附上照片、扫描件或文件；也可以拖进来、粘贴")
        self.add_button.clicked.connect(self._choose_paper)
        self.open_button = push_button("对照", "在表格旁边打开，对照着填（F3）")
        self.open_button.clicked.connect(self.open_current)
        self.more_button = push_button("更多", "移除、粘贴、扫描文件夹、照片原件")
        self.more_button.clicked.connect(self._show_more)
        for button in (self.add_button, self.open_button, self.more_button):
            row.addWidget(button)
        row.addStretch(1)
        return row

    # ── what is shown

    def show_session(self, session: FormSession | None) -> None:
        """Shows the evidence of another row."""
        self.session = session
        self.takes_drops = self.open_for_changes
        self.renew()

    @property
    def open_for_changes(self) -> bool:
        """Whether files may come and go."""
        return self.session is not None and not self.session.locked

    def renew(self) -> None:
        """Reads needs and files again."""
        chosen = self._current()
        self.files.clear()
        attached = self._attached()
        for one in attached:
            item = QListWidgetItem(f"{_file_words(one)}　{_size_words(one.size)}")
            item.setData(ATTACHMENT_ROLE, one)
            item.setToolTip(_tip(one))
            self.files.addItem(item)
        self.empty.setVisible(not attached)
        self.files.setVisible(bool(attached))
        self.renew_needs()
        self.choose(chosen.id if chosen else 0)
        self._show_buttons()
        self.beside.show_files(self.session, attached)
        self.count_changed.emit(len(attached))

    def _attached(self) -> list[Attachment]:
        return self.desk.book.attachments(self.session.row.id) if self.session else []

    def choose(self, attachment_id: int) -> None:
        """Marks a file in the list."""
        for place in range(self.files.count()):
            if self.files.item(place).data(ATTACHMENT_ROLE).id == attachment_id:
                self.files.setCurrentRow(place)

    def renew_needs(self) -> None:
        """Shows what the rules that hold ask for."""
        self.needs.show_needs(self.session.evaluation.evidence if self.session else ())

    def _show_buttons(self) -> None:
        current, open_ = self._current(), self.open_for_changes
        for button in (self.add_button, self.more_button):
            button.setVisible(open_)
        self.offers.setVisible(open_ and self.offers.folder is not None)
        self.empty.setText(EMPTY if open_ else "没有附资料。")
        self.open_button.setEnabled(current is not None)
        self.needs.show_file(current.paper if current and open_ else None)

    # ── bringing in

    def _choose_paper(self) -> None:
        """Which of the papers asked for the file is; without any, straight to the file."""
        papers = [n.paper for n in self.session.evaluation.evidence] if self.session else []
        if not papers:
            self.add("")
            return
        menu = QMenu(self)
        for paper in papers:
            menu.addAction(paper, partial(self.add, paper))
        menu.addSeparator()
        menu.addAction("其他资料", lambda: self.add(""))
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().topLeft()))

    def more_menu(self) -> QMenu:
        """Other ways in, and what is remembered of them."""
        menu = QMenu(self)
        remove = menu.addAction("移除选中的文件…（Del）", self._ask_remove)
        remove.setEnabled(self._current() is not None)
        menu.addAction("粘贴图片或文件（Ctrl+V）", self.paste)
        menu.addAction("选扫描文件夹…", self._choose_scan_folder)
        if self.offers.folder is not None:
            menu.addAction("不用扫描文件夹", lambda: self._use_scan_folder(None))
        menu.addSeparator()
        keep = menu.addAction("照片另存原件（占地方）")
        keep.setCheckable(True)
        keep.setChecked(remembered.keep_originals(self.desk.settings))
        keep.toggled.connect(lambda on: remembered.set_keep_originals(self.desk.settings, on))
        return menu

    def _show_more(self) -> None:
        self.more_menu().popup(self.more_button.mapToGlobal(self.more_button.rect().topLeft()))

    def _choose_scan_folder(self) -> None:
        start = start_in(self.offers.folder or remembered.last_folder(self.desk.settings))
        found = QFileDialog.getExistingDirectory(self, "扫描仪存文件的文件夹", start)
        if found:
            self._use_scan_folder(Path(found))

    def _use_scan_folder(self, folder: Path | None) -> None:
        self.offers.use_folder(folder)
        self._show_buttons()

    def add(self, paper: str) -> None:
        """Asks for files and attaches them as this paper."""
        if not self.open_for_changes:
            return
        folder = remembered.last_folder(self.desk.settings)
        title = f"附上：{paper}" if paper else "附上资料"
        names, _ = QFileDialog.getOpenFileNames(self, title, folder, FILTER)
        if names:
            remembered.set_last_folder(self.desk.settings, Path(names[0]))
            self.attach([Path(name) for name in names], paper)

    def attach(self, paths: list[Path], paper: str = "") -> None:
        """Attaches files to the row."""
        self.attach_given(given_paths(paths), paper)

    def attach_given(self, given: list[Given], paper: str = "") -> None:
        """Attaches what was dropped, pasted or chosen to the row."""
        if self.session is not None and self.open_for_changes:
            self.adder.add(self.session.row.id, given, paper)

    def paste(self) -> None:
        """Attaches the picture or the files of the clipboard."""
        if not self.open_for_changes:
            return
        given = given_in(QGuiApplication.clipboard().mimeData())
        if given:
            self.attach_given(given)
        else:
            self.desk.messages.tell("剪贴板里没有图片或文件。", "请先复制，再到这里粘贴。")

    def event(self, event: QEvent, /) -> bool:
        """Ctrl+V is the evidence's own here, whatever the window makes of it elsewhere."""
        asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asked and event.matches(QKeySequence.StandardKey.Paste):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Pastes; asks whether to remove the chosen file."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Delete) and self.files.hasFocus():
            self._ask_remove()
        else:
            super().keyPressEvent(event)

    def _attached_now(self, row_id: str, added: list[Attachment]) -> None:
        if not self.isVisible():
            self.desk.messages.tell(f"已附上{len(added)}份资料。", kind="good")
        if self.session is not None and self.session.row.id == row_id:
            self._changed()
            self.choose(added[0].id)
        else:
            self.desk.row_was_saved(row_id)

    def _changed(self) -> None:
        """What is attached to the row, or known of it, is different now."""
        if self.session is not None:
            self.session.reload()
            self.renew()
            self.desk.row_was_saved(self.session.row.id)

    # ── looking at, naming, removing

    def _current(self) -> Attachment | None:
        found: list[Attachment] = [i.data(ATTACHMENT_ROLE) for i in self.files.selectedItems()]
        return found[0] if found else None

    def open_current(self) -> None:
        """Shows the chosen file beside the form; one without pages with the system's program."""
        from app.intake.pages import can_be_shown

        attachment = self._current()
        if attachment is None:
            return
        if can_be_shown(attachment.name):
            self.show_paper(attachment)
        else:
            self.open_outside(attachment)

    def show_paper(self, attachment: Attachment) -> None:
        """Puts the paper in the place of the lists and asks for room."""
        self.lists.hide()
        self.beside.show()
        self.paper_shown.emit(True)
        self.beside.open(attachment)

    def toggle_paper(self) -> None:
        """The paper beside the form, or the lists again: the chosen file, else the first."""
        from app.intake.pages import can_be_shown

        if self.beside.isVisibleTo(self):
            self.close_paper()
            return
        current = self._current()
        wanted = [current] if current else []
        shown = [one for one in [*wanted, *self._attached()] if can_be_shown(one.name)]
        if shown:
            self.show_paper(shown[0])
        else:
            self.desk.messages.tell("这笔还没有能对照的资料。", "请先附上照片、扫描件或PDF。")

    def close_paper(self) -> None:
        """Back to the lists."""
        if self.beside.isVisibleTo(self):
            self.beside.close_file()
            self.beside.hide()
            self.lists.show()
            self.paper_shown.emit(False)

    def open_outside(self, attachment: Attachment) -> None:
        """Opens a copy of a file with the program the system has for it."""
        folder = Path(tempfile.mkdtemp(prefix="wuji-"))
        target = folder / Path(attachment.name).name
        with self.desk.messages.guarded() as guard:
            target.write_bytes(self.desk.book.attachment_bytes(attachment.sha256))
        if guard.ok and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(target))):
            self.desk.messages.tell(
                f"系统没有能打开“{attachment.name}”的程序。", f"文件已取出，放在{target}。"
            )

    def name_current(self, paper: str) -> None:
        """Says which of the papers asked for the chosen file is."""
        from app.book.pointing import name_paper

        attachment = self._current()
        if attachment is None or not self.desk.need_person():
            return
        with self.desk.messages.guarded():
            name_paper(self.desk.book, attachment.id, paper, by=self.desk.by)
        self._changed()

    def _ask_remove(self) -> None:
        attachment = self._current()
        if attachment is not None and self.open_for_changes:
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
        self._changed()


def _list(name: str) -> QListWidget:
    found = QListWidget()
    found.setAccessibleName(name)
    found.setWordWrap(True)
    return found


def _file_words(one: Attachment) -> str:
    stem = one.name.rpartition(".")[0]
    named = f"{one.paper}（{one.name}）" if one.paper not in ("", one.name, stem) else one.name
    return f"▣ {named}" if one.boxes else named


def _tip(one: Attachment) -> str:
    boxed = f"　▣ 框出了{len(one.boxes)}项的出处" if one.boxes else ""
    return f"{one.name}　{one.added_by} {one.added_at:%Y-%m-%d %H:%M} 附{boxed}"


def _size_words(size: int) -> str:
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}\u00a0MB"
    return f"{max(1, round(size / 1024))}\u00a0KB"
