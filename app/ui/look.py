"""How the window looks just now: theme and zoom, and who wants to know when they change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.ui import fonts
from app.ui.theme import (
    BOXES,
    DARK,
    LIGHT,
    THEMES,
    Theme,
    Tint,
    box_palette,
    qt_palette,
    style_sheet,
)

if TYPE_CHECKING:
    from app.forms.classes import FiveClass

ZOOM_STEPS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
SYSTEM = "system"
"""The theme that follows the system: light or dark."""
USUAL_POINTS = 9.0 if sys.platform == "win32" else 11.0
"""The system's font where nobody has made it larger."""
LARGER = 1.15
MOST = 2.0


def system_is_dark() -> bool:
    """Whether the system asks for dark windows."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def theme_named(name: str) -> Theme:
    """A theme by its name; the system's own, light where it does not say or the name is unknown."""
    if name == SYSTEM:
        return DARK if system_is_dark() else LIGHT
    return THEMES.get(name, LIGHT)


def system_scale(points: float) -> float:
    """How much larger than usual the system writes, 1 to 2; small differences don't count."""
    scale = points / USUAL_POINTS
    return min(scale, MOST) if scale >= LARGER else 1.0


class Look(QObject):
    """Theme and zoom of the window; widgets that paint themselves ask it."""

    changed = Signal()

    def __init__(
        self, family: str, chosen: str = "light", zoom: float = 1.0, system: float = 1.0
    ) -> None:
        """`system`: how much larger than usual the system writes."""
        super().__init__()
        self.family = family
        self.chosen = chosen
        self.theme = theme_named(chosen)
        self.zoom = zoom
        self.system = system
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @classmethod
    def from_settings(cls, settings: QSettings) -> Look:
        """The look that was chosen last."""
        chosen = str(settings.value("look/theme", SYSTEM))
        zoom = float(str(settings.value("look/zoom", 1.0)))
        # Asked before the application gets this look's own font.
        system = system_scale(QGuiApplication.font().pointSizeF())
        return cls(fonts.load_fonts(), chosen, zoom if zoom in ZOOM_STEPS else 1.0, system)

    @property
    def scale(self) -> float:
        """What sizes and fonts are multiplied with: the zoom, on top of the system's."""
        return self.zoom * self.system

    def px(self, size: int) -> int:
        """A size of the 8 px grid at the present zoom."""
        return round(size * self.scale)

    def font(self, size: fonts.Size = "body", *, bold: bool = False) -> QFont:
        """The font of one of the three sizes at the present zoom."""
        return fonts.font(self.family, size, zoom=self.scale, bold=bold)

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
            # Qt takes the name as a text, whatever its stubs say.
            for name in BOXES:
                palette = box_palette(self.theme, name)
                application.setPalette(palette, name)  # type: ignore[arg-type]
            application.setFont(self.font())
            application.setStyleSheet(style_sheet(self.theme, self.px))
            self._show_focus(application)
        self.changed.emit()

    def _show_focus(self, application: QApplication) -> None:
        """An application has one look, the last one it was given, and rings of that alone."""
        from app.ui.focus_ring import FocusRings
        from app.ui.places import RoomyFileDialogs

        rings = application.findChild(FocusRings) or FocusRings(self, application)
        files = application.findChild(RoomyFileDialogs) or RoomyFileDialogs(self, application)
        rings.look = files.look = self

    def step_zoom(self, steps: int) -> None:
        """One zoom step up or down; 0 returns to 100%."""
        place = ZOOM_STEPS.index(self.zoom) + steps
        wanted = ZOOM_STEPS[max(0, min(place, len(ZOOM_STEPS) - 1))] if steps else 1.0
        if wanted != self.zoom:
            self.zoom = wanted
            self.apply()

    def set_theme(self, name: str) -> None:
        """Changes to the theme of that name, or to that of the system."""
        self.chosen = name
        self.theme = theme_named(name)
        self.apply()

    def _follow_system(self) -> None:
        if self.chosen == SYSTEM and theme_named(SYSTEM) is not self.theme:
            self.set_theme(SYSTEM)
