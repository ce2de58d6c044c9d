"""Starting the window: one application, one window, one handler for what nobody foresaw."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.resources import resource_path
from app.ui import remembered
from app.ui.collecting import WindowCollector
from app.ui.input_method import choose_input_method
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages, bug_detail


def run(argv: Sequence[str]) -> int:
    """Opens the window, with the book named first when there is one; returns the exit status."""
    # Off until the collector takes over: what a start loads stays, and looking through it costs.
    gc.disable()
    application = make_application()
    collector = WindowCollector(application)
    window = make_window(opening=bool(argv))
    window.desk.book_opened.connect(collector.settle_soon)
    window.desk.book_closed.connect(collector.thaw)
    install_handler(window.messages)
    window.show()
    if argv:
        # After the first paint: the frame stands before the book is read.
        QTimer.singleShot(0, lambda: window.open_chosen(Path(argv[0])))
    return application.exec()


def make_application() -> QApplication:
    """The application with style, language and names."""
    present = QApplication.instance()
    if present is None:
        plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
        choose_input_method(os.environ, Path(plugins))
    application = present if isinstance(present, QApplication) else QApplication(["wuji"])
    application.setApplicationName(remembered.APPLICATION)
    application.setOrganizationName(remembered.ORGANISATION)
    application.setApplicationDisplayName("五级")
    application.setWindowIcon(QIcon(str(resource_path("icons", "wuji.png"))))
    application.setStyle("Fusion")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    load_translation(application)
    return application


def load_translation(application: QApplication) -> bool:
    """Qt's own words in Chinese: buttons, menus and file kinds of its dialogs."""
    theirs = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    places = {"qtbase_zh_CN": theirs, "file_kinds_zh_CN": str(resource_path("words"))}
    done = True
    for name, folder in places.items():
        translator = QTranslator(application)
        done &= translator.load(name, folder) and application.installTranslator(translator)
    return done


def make_window(*, opening: bool = False) -> MainWindow:
    """The main window with the look that was chosen last; `opening`: a book comes at once."""
    settings = remembered.open_settings()
    look = Look.from_settings(settings)
    look.apply()
    return MainWindow(look, Messages(), settings, opening=opening)


def install_handler(messages: Messages) -> None:
    """Known errors that reach the top are told in one line, others with their detail."""

    def handle(
        _kind: type[BaseException], error: BaseException, _place: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        print(bug_detail(error), file=sys.stderr)
        messages.tell_error(error)

    sys.excepthook = handle
