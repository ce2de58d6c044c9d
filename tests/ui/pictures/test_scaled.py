"""The window at 150 % of the screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage

from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.hands import add_cases
from tests.ui.pictures.taking import (
    FEWEST_COLOURS,
    FOLDER,
    colours,
    make_small,
)

SCALED = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, Qt
from app.ui.application import make_application
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages

application = make_application()
folder, book = Path(sys.argv[1]), Path(sys.argv[2])
settings = QSettings(sys.argv[3], QSettings.IniFormat)
look = Look.from_settings(settings)
look.apply()
window = MainWindow(look, Messages(), settings)
window.setWindowState(Qt.WindowState.WindowNoState)
window.resize(911, 512)
window.show()
for _ in range(3):
    application.processEvents()
assert window.grab().save(str(folder / "start-150.png"))
window.open_book(book)
page = window.desk_view.go("table:1-2")
page.open_row(window.desk.book.row_list("1-2", search="城市信用")[0].id)
page.form.go_to("counterparty_state")
for _ in range(5):
    application.processEvents()
assert window.grab().save(str(folder / "main-window-scaled-150.png"))
window.close()
"""


def test_at_150_percent_of_the_screen(
    make_book: BookMaker, project_root: Path, tmp_path: Path
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    book.close()
    folder = Path(FOLDER or tmp_path).resolve()
    command = [sys.executable, "-c", SCALED, str(folder), str(book.path), str(tmp_path / "s.ini")]
    environment = {**os.environ, "QT_SCALE_FACTOR": "1.5"}
    subprocess.run(command, cwd=project_root, env=environment, check=True, timeout=60)
    for name in ("start-150", "main-window-scaled-150"):
        image = QImage(str(folder / f"{name}.png"))
        assert image.height() == 768
        assert colours(image) >= FEWEST_COLOURS
        if FOLDER:
            make_small(folder / f"{name}.png")


def test_settings_of_the_tests_are_their_own(settings: QSettings, tmp_path: Path) -> None:
    assert Path(settings.fileName()).parent == tmp_path
