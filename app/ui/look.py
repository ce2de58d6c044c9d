"""How the window looks just now: theme and zoom, and who wants to know when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from app.ui import fonts
from app.ui.theme import LIGHT, THEMES, Theme, Tint, qt_palette, style_sheet

if TYPE_CHECKING:
    from app.forms.classes import FiveClass

ZOOM_STEPS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class Look(QObject):
    """Theme and zoom of the window; widgets that paint themselves ask it."""

    changed = Signal()

    def __init__(self, family: str, theme: Theme = LIGHT, zoom: float = 1.0) -> None:
        super().__init__()
        self.family = family
        self.theme = theme
        self.zoom = zoom

    @classmethod
    def from_settings(cls, settings: QSettings) -> Look:
        """The look that was chosen last."""
        theme = THEMES.get(str(settings.value("look/theme", "light")), LIGHT)
        zoom = float(str(settings.value("look/zoom", 1.0)))
        return cls(fonts.load_fonts(), theme, zoom if zoom in ZOOM_STEPS else 1.0)

    def px(self, size: int) -> int:
        """A size of the 8 px grid at the present zoom."""
        return round(size * self.zoom)

    def font(self, size: fonts.Size = "body", *, bold: bool = False) -> QFont:
        """The font of one of the three sizes at the present zoom."""
        return fonts.font(self.family, size, zoom=self.zoom, bold=bold)

    def class_tint(self, five_class: FiveClass) -> Tint:
        """Background and text colour of a class."""
        return self.theme.classes[five_class.value]

    def colour(self, name: str) -> QColor:
        """A colour of the theme by its name."""
        return QColor(getattr(self.theme, name))

    def apply(self) -> None:
        """Gives palette, font and style rules to the application."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(qt_palette(self.theme))
            application.setFont(self.font())
            application.setStyleSheet(style_sheet(self.theme, self.px))
        self.changed.emit()

    def step_zoom(self, steps: int) -> None:
        """One zoom step up or down; 0 returns to 100%."""
        place = ZOOM_STEPS.index(self.zoom) + steps
        wanted = ZOOM_STEPS[max(0, min(place, len(ZOOM_STEPS) - 1))] if steps else 1.0
        if wanted != self.zoom:
            self.zoom = wanted
            self.apply()

    def set_theme(self, name: str) -> None:
        """Changes to the theme of that name."""
        self.theme = THEMES[name]
        self.apply()
