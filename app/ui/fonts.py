"""The bundled font and the sizes of text."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase

from app.resources import resource_path

# The large file holds everything the small ones hold, and adding it takes no longer.
SCREEN_FONT = ("fonts", "NotoSansSC-Regular-all-hanzi.ttf")

Size = Literal["small", "body", "title"]
POINTS: dict[Size, float] = {"small": 9.0, "body": 10.5, "title": 14.0}


def load_fonts() -> str:
    """Makes the bundled font known to Qt and returns its family name."""
    number = QFontDatabase.addApplicationFont(str(resource_path(*SCREEN_FONT)))
    families = QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else QFont().family()


def font(family: str, size: Size = "body", *, zoom: float = 1.0, bold: bool = False) -> QFont:
    """The font of one of the three sizes and two weights."""
    made = QFont(family)
    made.setPointSizeF(POINTS[size] * zoom)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made
