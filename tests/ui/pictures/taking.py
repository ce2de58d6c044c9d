"""Taking pictures: the variant that is asked for, and what a picture must be."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.main_window import MainWindow
from app.ui.table_page import TablePage

FOLDER = os.environ.get("WUJI_PICTURES", "")
"""Where the pictures go; empty: to each test's own folder."""
FEWEST_COLOURS = 20
HOME = Path("/home/wangming/账套")
"""What the pictures show as the clerk's folder."""

Taker = Callable[[QWidget, str], Path]


@dataclass(frozen=True, slots=True)
class Variant:
    """A theme, a zoom and a size of the window."""

    theme: str
    percent: int
    width: int
    height: int

    @classmethod
    def named(cls, name: str) -> Variant:
        """What is meant by dark-150-1366x768."""
        theme, percent, size = name.split("-")
        width, height = size.split("x")
        return cls(theme, int(percent), int(width), int(height))


VARIANT = Variant.named(os.environ.get("WUJI_LOOK", "light-100-1366x768"))


def take(widget: QWidget, path: Path) -> Path:
    """A picture of a widget; something must be on it, and a window must fit its screen."""
    for _ in range(3):  # layouts settle, the focused field scrolls into sight
        QApplication.processEvents()
    image = widget.grab().toImage()
    assert image.save(str(path))
    assert colours(image) >= FEWEST_COLOURS
    if FOLDER:
        make_small(path)
    room = (max(VARIANT.width, 1024), VARIANT.height)
    assert image.width() <= room[0], f"{path.stem}: {image.width()} wide"
    assert image.height() <= room[1], f"{path.stem}: {image.height()} high"
    assert not isinstance(widget, MainWindow) or widget.isVisible()
    return path


def make_small(path: Path) -> None:
    """Fewer colours: a picture for the documentation then takes a third of the room."""
    from PIL import Image

    with Image.open(path) as found:
        small = found.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def colours(image: QImage) -> int:
    """How many colours a coarse grid of the picture shows."""
    points = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return len({image.pixel(x, y) for x, y in points})


def row_named(page: TablePage, words: str) -> str:
    """The id of the first row whose name holds the words."""
    found = page.desk.book.row_list(page.table.id, search=words)
    assert found
    return found[0].id
