"""The main window: start page or desk, menus, and what leads from one page to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QSettings, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.desk import Desk
from app.ui.keeping import Keeping
from app.ui.look import Look
from app.ui.look_menu import LookMenu
from app.ui.menu_row import MenuRow
from app.ui.message_bar import show_bug
from app.ui.messages import Message, Messages
from app.ui.shortcuts import MENUS, SHORTCUTS, Shortcut
from app.ui.work_bar import WorkBar
from app.ui.worker import Worker

if TYPE_CHECKING:
    from app.ui.restore_dialog import RestoreDialog
    from app.ui.start_page import StartPage
    from app.ui.tour.guide import Guide

TITLE = "五级"
FIRST_SIZE = (1280, 800)
SPARE = 120
"""Room that a window leaves around it; where there is less, it takes all."""
BOOK_SUFFIX, PACKAGE_SUFFIX = ".wuji", ".wjz"
BOOK_FILTER = "账套 (*.wuji);;全部 (*)"


def _dropped(data: QMimeData) -> list[Path]:
    """What the window can do something with among the files that are dragged."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [p for p in paths if p.suffix in (BOOK_SUFFIX, PACKAGE_SUFFIX) or p.is_dir()]


class MainWindow(QMainWindow):
    """One window, one book."""

    def __init__(
        self, look: Look, messages: Messages, settings: QSettings, *, opening: bool = False
    ) -> None:
        """`opening`: a book comes right after the first paint, so no start page is made."""
        super().__init__()
        self.look = look
        self.messages = messages
        self.settings = settings
        self.worker = Worker(messages)
        self.desk = Desk(look, messages, self.worker, settings)
        self.keeping = Keeping(self.desk)
        self.copies_meant: set[Path] = set()
        """Copies of books that somebody has opened as they are, knowing what they are."""
        self.guide: Guide | None = None
        """The tour, while it lasts."""
        self.actions_by_name: dict[str, QAction] = {}
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.menu_row = MenuRow(look, messages)
        self.setMenuWidget(self.menu_row)
        self._build()
        self._build_menus()
        self._connect()
        if not remembered.restore_geometry(settings, self):
            self._take_first_size()
        if opening:
            self._enable_actions(has_book=False)
        else:
            self._show_start()

    # ── building

    def _build(self) -> None:
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.work_bar = WorkBar(self.look, self.worker, self._page)
        self.stack = QStackedWidget()
        self.start: StartPage | None = None
        self.desk_view: QWidget | None = None
        layout.addWidget(self.work_bar)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(central)

    def _page(self) -> QWidget:
        """What is shown below the bars."""
        view: Any = self.desk_view
        page: QWidget = self.stack.currentWidget() if view is None else view.page
        return page

    def _take_first_size(self) -> None:
        """A comfortable size; on a laptop's screen all there is."""
        room = self.screen().availableSize()
        self.resize(*FIRST_SIZE)
        if room.width() < FIRST_SIZE[0] + SPARE or room.height() < FIRST_SIZE[1] + SPARE:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _build_menus(self) -> None:
        bar = self.menu_row.menus
        menus = {name: bar.addMenu(f"{name}(&{key})") for name, key in MENUS.items()}
        for shortcut in SHORTCUTS:
            action = QAction(shortcut.words, self)
            action.setShortcuts([QKeySequence(keys) for keys in shortcut.keys])
            action.setToolTip(shortcut.tip or shortcut.words)
            action.triggered.connect(self._caller(shortcut))
            menus[shortcut.menu].addAction(action)
            self.actions_by_name[shortcut.name] = action
        self._recent_menu = QMenu("最近的账套", self)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        menus["文件"].insertMenu(self.actions_by_name["new_period"], self._recent_menu)
        self.look_menu = LookMenu(self.look, self)
        menus["视图"].insertMenu(self.actions_by_name["zoom_in"], self.look_menu)
        for number in range(1, 10):
            keys = QShortcut(QKeySequence(f"Alt+{number}"), self)
            keys.activated.connect(lambda n=number: self._on_page("go_to_section_number", n))

    def _caller(self, shortcut: Shortcut) -> Callable[[], None]:
        """What the action calls: a method of the window, or of the desk's view."""
        own = getattr(self, f"do_{shortcut.name}", None)
        if own is not None and shortcut.leaves:
            return lambda: self._unless_at_work(own)
        if own is not None:
            return lambda: own()
        return lambda: self._on_page(shortcut.name)

    def _unless_at_work(self, leave: Callable[[], object]) -> None:
        """Puts the open book away, unless long work would be lost with it."""
        work = self.worker.at_work
        if work:
            self.messages.tell(
                f"正在做“{work}”，账套还不能换。",
                "请等它做完；不想等，先按上面的“取消”。",
                kind="warning",
            )
        else:
            leave()

    def _on_page(self, name: str, *arguments: object) -> None:
        view: Any = self.desk_view
        if view is not None and self.desk.has_book:
            called = f"do_{name}"
            target = next(part for part in view.commands if hasattr(part, called))
            getattr(target, called)(*arguments)

    def _connect(self) -> None:
        self.desk.book_opened.connect(self._show_desk)
        self.desk.book_closed.connect(self._show_start)
        self.messages.told.connect(self._told)
        self.look.changed.connect(self._look_changed)

    # ── start and desk

    def _make_start(self) -> StartPage:
        from app.ui.start_page import StartPage

        page = StartPage(self.look, self.settings)
        page.new_asked.connect(self.actions_by_name["new_book"].trigger)
        page.open_asked.connect(self.actions_by_name["open_book"].trigger)
        page.database_asked.connect(self.actions_by_name["open_database"].trigger)
        page.demo_asked.connect(lambda: self._unless_at_work(self.do_demo))
        page.tour_asked.connect(self.actions_by_name["tour"].trigger)
        page.book_asked.connect(self._open_other)
        self.stack.addWidget(page)
        return page

    def _show_start(self) -> None:
        if self.start is None:
            self.start = self._make_start()
        self.start.renew()
        self.stack.setCurrentWidget(self.start)
        self.start.setFocus()
        self.setWindowTitle(TITLE)
        if self.desk_view is not None:
            self.stack.removeWidget(self.desk_view)
            self.desk_view.deleteLater()
            self.desk_view = None
        self._enable_actions(has_book=False)

    def _show_desk(self) -> None:
        from app.ui.copy_question import title_of
        from app.ui.desk_view import DeskView

        view = DeskView(self.desk)
        self.desk_view = view
        self.stack.addWidget(view)
        self.stack.setCurrentWidget(view)
        self.setWindowTitle(f"{title_of(self.desk.book)} — {TITLE}")
        self._enable_actions(has_book=True)
        view.show_first_page()

    def _enable_actions(self, *, has_book: bool) -> None:
        union = has_book and self.desk.book.is_union
        for shortcut in SHORTCUTS:
            action = self.actions_by_name[shortcut.name]
            if shortcut.needs_book:
                action.setEnabled(has_book)
            # What can't be seen has no key either.
            action.setVisible(not (union and shortcut.office))
            words = (union and shortcut.at_union) or shortcut.words
            action.setText(words)
            action.setToolTip(words if words != shortcut.words else shortcut.tip or words)

    def open_book(self, path: Path) -> None:
        """Opens a book; what can't be opened is told."""
        self.messages.clear()
        if self.desk.has_book:
            self.do_close_book()
        if not self.desk.open_book(path):
            self._show_start()

    def _open_other(self, path: Path) -> None:
        self._unless_at_work(lambda: self.open_chosen(path))

    def open_chosen(self, path: Path) -> None:
        """Opens the book that somebody has chosen; a copy of another one only after a question."""
        from app.ui.copy_question import open_chosen

        if open_chosen(self, path) and not self.desk.has_book:
            self._show_start()  # behind the question, which may be answered with 取消

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for book in remembered.recent_books(self.settings):
            self._recent_menu.addAction(
                f"{book.institution}　{book.path.name}",
                lambda path=book.path: self._open_other(path),
            )
        if self._recent_menu.isEmpty():
            self._recent_menu.addAction("还没有").setEnabled(False)

    # ── commands that need no book

    def do_new_book(self) -> None:
        """新建账套."""
        from app.ui.new_book_dialog import NewBookDialog

        NewBookDialog(self.desk, self).open()

    def do_open_book(self) -> None:
        """打开账套."""
        folder = remembered.book_folder(self.settings)
        name, _ = QFileDialog.getOpenFileName(self, "打开账套", str(folder), BOOK_FILTER)
        if name:
            self.open_chosen(Path(name))

    def do_open_database(self) -> None:
        """连接联社数据库."""
        from app.ui.database_dialog import DatabaseDialog

        DatabaseDialog(self.desk, self).open()

    def do_demo(self) -> None:
        """Makes the demonstration in a folder and opens its first book."""
        folder = remembered.book_folder(self.settings)
        name = QFileDialog.getExistingDirectory(self, "演示放在哪个文件夹", str(folder))
        if name:
            self.run_demo(Path(name) / "五级演示")

    def run_demo(self, folder: Path) -> None:
        """Runs the demonstration in the worker."""
        from app.ui.demo_job import free_folder, made_demo

        target = free_folder(folder)
        self.worker.start("做演示", lambda progress: made_demo(target, progress), self.open_book)

    def do_restore_backup(self) -> RestoreDialog:
        """恢复备份."""
        from app.ui.restore_dialog import RestoreDialog

        dialog = RestoreDialog(self.desk, self)
        dialog.chosen.connect(self._open_restored)
        dialog.in_place_asked.connect(self.restore_in_place)
        dialog.open()
        return dialog

    def _open_restored(self, path: Path) -> None:
        self.open_book(path)
        self.messages.tell(f"已恢复成{path}，现在打开的就是它。", kind="good")

    def restore_in_place(self, source: Path) -> None:
        """Closes the book, puts it away, and opens the copy in its place."""
        from app.ui.restoring_job import put_in_place

        path = self.desk.book.path
        self.keeping.skip_next = True
        self.do_close_book()

        def done(result: tuple[str, str]) -> None:
            self.open_book(path)
            fault, put_away = result
            if fault:
                self.messages.tell(fault, kind="error")
            else:
                self.messages.tell("已换成这份备份。", f"原来的账套在{put_away}。", kind="good")

        self.worker.start("恢复", lambda _progress: put_in_place(source, path), done)

    def do_close_book(self) -> None:
        """Saves what is being typed and closes the book."""
        if self.desk_view is not None:
            self._on_page("leave")
            self._on_page("leave_blank")
        self.desk.close_book()

    def do_quit(self) -> None:
        """退出."""
        self.close()

    def do_zoom_in(self) -> None:
        """放大."""
        self.look.step_zoom(1)

    def do_zoom_out(self) -> None:
        """缩小."""
        self.look.step_zoom(-1)

    def do_zoom_reset(self) -> None:
        """原来大小."""
        self.look.step_zoom(0)

    def do_help(self) -> None:
        """F1: the explanation of the field in focus, and everything else, searched."""
        from app.ui.helping import open_help

        open_help(self.desk, self, self.desk_view, keys=False)

    def do_shortcuts(self) -> None:
        """The page of all shortcuts."""
        from app.ui.helping import open_help

        open_help(self.desk, self, self.desk_view, keys=True)

    def do_tour(self) -> None:
        """先看一遍演示: steps through the window, on a book of its own."""
        from app.ui.tour.start import start_tour

        start_tour(self)

    def do_about(self) -> None:
        """What program this is."""
        from app.ui.about import show_about

        show_about(self, self.look)

    # ── files that are dropped on the window

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Books, packages, and folders of packages may be dropped."""
        if _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """A book is opened, packages are taken in."""
        paths = _dropped(event.mimeData())
        event.acceptProposedAction()
        book = next((path for path in paths if path.suffix == BOOK_SUFFIX), None)
        # Later: whoever has dropped the files is not to wait for what is done with them.
        if book is not None:
            QTimer.singleShot(0, self, lambda: self._open_other(book))
        elif self.desk.has_book:
            QTimer.singleShot(0, self, lambda: self._on_page("take_in", paths))
        else:
            self.messages.tell("请先打开账套，再把文件包拖进来。", kind="warning")

    # ── the rest

    def _told(self, message: Message) -> None:
        if message.detail:
            show_bug(self, self.look, message)

    def _look_changed(self) -> None:
        """A new zoom or theme: pages are built again, the open row stays open."""
        self.settings.setValue("look/zoom", self.look.zoom)
        self.settings.setValue("look/theme", self.look.chosen)
        self._rebuild_later()

    def _rebuild_later(self) -> None:
        QTimer.singleShot(0, self, self._rebuild)

    def _rebuild(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            # The system changes when it likes: what is being answered is not taken away.
            gone = dialog.finished if isinstance(dialog, QDialog) else dialog.destroyed
            gone.connect(self._rebuild_later)
            return
        place = ("", "")
        if self.desk_view is not None:
            place = self.desk_view.do_leave()  # type: ignore[attr-defined]
        old = self.takeCentralWidget()
        self.menu_row.renew(self.look, self.messages)
        self._build()
        old.deleteLater()
        if self.desk.has_book:
            self._show_desk()
            self._on_page("restore", *place)
        else:
            self._show_start()

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Nothing is asked: what is being typed is saved, long work is stopped."""
        remembered.keep_geometry(self.settings, self)
        # Out of sight at once: the day's copy of a large book takes a moment.
        self.hide()
        if self.desk.has_book:
            self.do_close_book()
        self.keeping.finish()
        self.worker.close()
        event.accept()
