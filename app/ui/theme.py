"""Colours as data: a light, a dark and a high-contrast theme, and what Qt is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from PySide6.QtGui import QColor, QPalette

from app.resources import resource_path


class Tint(Struct, frozen=True):
    """A background and the text that is read on it."""

    back: str
    ink: str


class Theme(Struct, frozen=True):
    """Every colour the window uses, by what it means."""

    name: str
    desk: str
    """Behind the sheets: navigation, bars."""
    paper: str
    """The sheet itself."""
    line: str
    edge: str
    """The frame of something that can be typed in or pressed."""
    ink: str
    soft: str
    """Secondary text: units, dates, explanations."""
    accent: str
    """Focus, links, the chosen entry."""
    on_accent: str
    chosen: str
    """Background of a chosen row or answer."""
    error: Tint
    warning: Tint
    good: Tint
    info: Tint
    classes: Mapping[str, Tint]
    """By the code of the class, so that the first paint needs no forms."""
    shade: str
    """Every second row of a list, headers."""
    readable: float = 4.5
    """The contrast that every text of this theme reaches."""
    focus_width: int = 2
    """Pixels of the frame around what has the focus."""
    chip_edge: str = ""
    """A frame around each class, where its tint alone does not stand out; empty: none."""
    hint: str = ""
    """What an empty field asks for, told apart from what somebody has typed; empty: `soft`."""


class Sheet(Struct, frozen=True):
    """Colours on scanned papers and seals, which are white in every theme."""

    back: str = "#ffffff"
    ink: str = "#59615c"
    line: str = "#c9cfcc"
    mark: str = "#1b5a86"
    """The box of the field in focus, and the ground of its name."""
    on_mark: str = "#ffffff"
    highlight: str = "#fff1b8"
    """As a text marker: what is written under it stays dark."""


SHEET = Sheet()
DARK_GROUND = 0.2
"""How light a ground is at most that Fusion's frames drown in."""
BOXES = {"QComboBox": "edge", "QCheckBox": "soft", "QRadioButton": "soft"}
"""What Fusion draws itself, and the colour of its frame: a small box needs a clear one."""
FRAME_PERCENT = 140
"""How much lighter than its frame Fusion takes a window to be."""


LIGHT = Theme(
    name="light",
    desk="#f2f3f0",
    paper="#ffffff",
    line="#dcded8",
    edge="#a3a9a0",
    ink="#1d2320",
    soft="#59615c",
    accent="#1b5a86",
    on_accent="#ffffff",
    chosen="#dcebf5",
    error=Tint("#fbe9e7", "#a3201b"),
    warning=Tint("#fdf1d5", "#7a4a00"),
    good=Tint("#e4f2e4", "#1d5c2a"),
    info=Tint("#e3eef6", "#16496d"),
    classes={
        "normal": Tint("#dff0df", "#174f24"),
        "special_mention": Tint("#f8e39a", "#4f3c00"),
        "substandard": Tint("#f3b678", "#4d2400"),
        "doubtful": Tint("#dd776c", "#2e0503"),
        "loss": Tint("#5c1733", "#ffffff"),
    },
    shade="#f7f8f6",
)

DARK = Theme(
    name="dark",
    desk="#1c1f1e",
    paper="#252928",
    line="#3b413f",
    edge="#6c7572",
    ink="#eceeec",
    soft="#b3bab6",
    accent="#7fbce6",
    on_accent="#0d2230",
    chosen="#2d4656",
    error=Tint("#4a2422", "#ffb4ab"),
    warning=Tint("#46370f", "#f6d58a"),
    good=Tint("#20402a", "#a9dcb0"),
    info=Tint("#21394a", "#b5d9f1"),
    classes={
        "normal": Tint("#bfe3c2", "#0f3a1a"),
        "special_mention": Tint("#e3c766", "#3a2c00"),
        "substandard": Tint("#d9924a", "#2c1400"),
        "doubtful": Tint("#c25b52", "#140000"),
        "loss": Tint("#6d2441", "#ffffff"),
    },
    shade="#2a2f2d",
)

CONTRAST = Theme(
    name="contrast",
    desk="#000000",
    paper="#000000",
    line="#5e5e5e",
    edge="#ffffff",
    ink="#ffffff",
    soft="#e0e0e0",
    accent="#ffe033",
    on_accent="#000000",
    chosen="#003a66",
    error=Tint("#3d0000", "#ffc2bd"),
    warning=Tint("#332600", "#ffd866"),
    good=Tint("#00260a", "#9df0ae"),
    info=Tint("#001f38", "#a8dcff"),
    classes={
        "normal": Tint("#c9f5cd", "#000000"),
        "special_mention": Tint("#f2cf3f", "#000000"),
        "substandard": Tint("#ef9a3d", "#000000"),
        "doubtful": Tint("#8f1d14", "#ffffff"),
        "loss": Tint("#47001f", "#ffffff"),
    },
    shade="#141414",
    readable=7.0,
    focus_width=3,
    chip_edge="#ffffff",
    hint="#a8a8a8",
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


def qt_palette(theme: Theme) -> QPalette:
    """The palette that Fusion draws the native widgets with."""
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: theme.desk,
        role.WindowText: theme.ink,
        role.Base: theme.paper,
        role.AlternateBase: theme.shade,
        role.Text: theme.ink,
        role.Button: theme.desk,
        role.ButtonText: theme.ink,
        role.BrightText: theme.on_accent,
        role.Highlight: theme.chosen,
        role.HighlightedText: theme.ink,
        role.ToolTipBase: theme.paper,
        role.ToolTipText: theme.ink,
        role.PlaceholderText: theme.hint or theme.soft,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        # What lines and bevels of Fusion are made of; white and grey where nothing is said.
        role.Light: theme.line,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.edge,
        role.Accent: theme.accent,
    }
    for colour_role, name in colours.items():
        palette.setColor(colour_role, QColor(name))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.soft))
    return palette


def box_palette(theme: Theme, name: str) -> QPalette:
    """The palette of boxes: the frame that Fusion makes of the window's colour is hardly seen."""
    palette = qt_palette(theme)
    frame = QColor(getattr(theme, BOXES[name]))
    palette.setColor(QPalette.ColorRole.Window, frame.lighter(FRAME_PERCENT))
    return palette


def style_sheet(theme: Theme, px: Callable[[int], int]) -> str:
    """The few rules that Fusion and the palette leave open; sizes go through `px` (zoom)."""
    # Inputs last: some of them are scroll areas, which have no frame otherwise.
    rules = [_surface_rules(theme, px), _button_rules(theme, px), _input_rules(theme, px)]
    if relative_luminance(theme.desk) < DARK_GROUND:
        rules.append(_scroll_rules(theme, px))
    return "\n".join(rules)


def _scroll_rules(theme: Theme, px: Callable[[int], int]) -> str:
    """On dark ground Fusion's scroll bars are hardly seen."""
    handle = theme.hint or theme.edge
    return f"""
QScrollBar {{ background: {theme.desk}; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {px(12)}px; }}
QScrollBar:horizontal {{ height: {px(12)}px; }}
QScrollBar::handle {{ background: {handle}; border-radius: {px(3)}px; margin: {px(2)}px; }}
QScrollBar::handle:vertical {{ min-height: {px(24)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(24)}px; }}
QScrollBar::handle:hover {{ background: {theme.accent}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
"""


def _input_rules(theme: Theme, px: Callable[[int], int]) -> str:
    inputs = "QLineEdit, QPlainTextEdit"
    more = theme.focus_width - 1
    # Fusion's own arrow keeps its size, however large the letters are.
    arrow = resource_path("icons", f"down-{theme.name}.png").as_posix()
    focused = ", ".join(f"{name}:focus" for name in inputs.split(", "))
    return f"""
{inputs} {{ background: {theme.paper}; color: {theme.ink}; border: 1px solid {theme.edge};
  border-radius: 3px; padding: {px(3)}px {px(7)}px; selection-background-color: {theme.accent};
  selection-color: {theme.on_accent}; placeholder-text-color: {theme.hint or theme.soft}; }}
{focused} {{ border: {theme.focus_width}px solid {theme.accent};
  padding: {px(3) - more}px {px(7) - more}px; }}
QLineEdit[state="error"], QPlainTextEdit[state="error"] {{ border-color: {theme.error.ink}; }}
QLineEdit[state="warning"], QPlainTextEdit[state="warning"] {{ border-color: {theme.warning.ink}; }}
QLineEdit:read-only, QPlainTextEdit[readOnly="true"] {{ background: {theme.desk};
  border-color: {theme.line}; }}
QComboBox {{ combobox-popup: 0; padding: {px(1)}px {px(6)}px {px(1)}px {px(3)}px; }}
QComboBox::drop-down {{ border: none; width: {px(20)}px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: {px(14)}px; height: {px(14)}px; }}
QComboBox QAbstractItemView {{ border: 1px solid {theme.edge}; background: {theme.paper};
  selection-background-color: {theme.chosen}; selection-color: {theme.ink}; }}
"""


def _button_rules(theme: Theme, px: Callable[[int], int]) -> str:
    width, more = theme.focus_width, theme.focus_width - 1
    bar = px(5)
    return f"""
QPushButton {{ background: {theme.paper}; color: {theme.ink}; border: 1px solid {theme.edge};
  border-radius: 3px; padding: {px(4)}px {px(12)}px; outline: none; }}
QPushButton:hover {{ background: {theme.shade}; border-color: {theme.accent}; }}
QPushButton:pressed {{ background: {theme.chosen}; }}
QPushButton:focus {{ border: {width}px solid {theme.accent};
  padding: {px(4) - more}px {px(12) - more}px; }}
QPushButton:disabled {{ color: {theme.soft}; border-color: {theme.line};
  background: {theme.desk}; }}
QPushButton[kind="main"] {{ background: {theme.accent}; color: {theme.on_accent};
  border-color: {theme.accent}; }}
QPushButton[kind="main"]:focus {{ border: {width}px solid {theme.ink}; }}
QPushButton[kind="main"]:disabled {{ background: {theme.line}; color: {theme.soft};
  border-color: {theme.line}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent;
  color: {theme.accent}; padding: {px(2)}px {px(4)}px; text-align: left; }}
QPushButton[kind="link"][dense="true"] {{ padding: {px(2)}px {px(3)}px; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border: {width}px solid {theme.accent};
  padding: {max(px(2) - more, 0)}px {max(px(4) - more, 0)}px; }}
QPushButton[kind="link"]:disabled {{ color: {theme.soft}; }}
QPushButton[kind="choice"] {{ padding: {px(3)}px {px(10)}px; text-align: left; }}
QPushButton[kind="choice"]:checked {{ background: {theme.chosen}; color: {theme.accent};
  border: 1px solid {theme.accent}; }}
QPushButton[kind="choice"][pointed="true"] {{ border: {width}px solid {theme.ink};
  padding: {px(3) - more}px {px(10) - more}px; }}
QPushButton[kind="choice"]:checked {{ border-left: {bar}px solid {theme.accent};
  padding-left: {px(10) + 1 - bar}px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 3px; padding: {px(3)}px; }}
QToolButton:hover {{ background: {theme.chosen}; }}
QToolButton:focus {{ border: {width}px solid {theme.accent};
  padding: {max(px(3) - more, 0)}px; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton {{ qproperty-iconSize: {px(16)}px; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {px(14)}px; height: {px(14)}px; }}
QPushButton, QListView, QTabBar {{ icon-size: {px(16)}px; }}
"""


def _surface_rules(theme: Theme, px: Callable[[int], int]) -> str:
    tints = "".join(
        f'QFrame[tint="{name}"] {{ background: {tint.back}; border: 1px solid {tint.ink};'
        f' border-radius: 3px; }}\nQFrame[tint="{name}"] QLabel {{ color: {tint.ink}; }}\n'
        for name, tint in (
            ("error", theme.error),
            ("warning", theme.warning),
            ("good", theme.good),
            ("info", theme.info),
        )
    )
    return f"""
QLabel[tone="soft"] {{ color: {theme.soft}; }}
QLabel[kind="computed"] {{ color: {theme.soft}; padding: {px(5)}px {px(8)}px; }}
QLabel[kind="computed"]:hover {{ text-decoration: underline; }}
QLabel[tone="error"] {{ color: {theme.error.ink}; }}
QLabel[tone="warning"] {{ color: {theme.warning.ink}; }}
QLabel[tone="good"] {{ color: {theme.good.ink}; }}
QFrame[surface="paper"] {{ background: {theme.paper}; }}
QFrame[surface="card"] {{ background: {theme.paper}; border: 1px solid {theme.line};
  border-radius: 4px; }}
QFrame[surface="tour"] {{ background: {theme.paper}; border-radius: 4px;
  border: {theme.focus_width}px solid {theme.accent}; }}
QFrame[surface="line"] {{ background: {theme.line}; border: none; }}
{tints}QAbstractScrollArea {{ background: {theme.paper}; border: none; }}
QTextBrowser {{ border: {theme.focus_width - 1}px solid {theme.paper}; }}
QTreeView, QTableView, QListView {{ background: {theme.paper}; outline: none;
  border: {theme.focus_width - 1}px solid {theme.paper};
  gridline-color: {theme.line}; selection-background-color: {theme.chosen};
  selection-color: {theme.ink}; alternate-background-color: {theme.shade}; }}
QTableView:focus, QListView:focus, QTreeView:focus, QTextBrowser:focus {{
  border: {theme.focus_width - 1}px solid {theme.accent}; }}
QListWidget[kind="words"]::item {{ padding: {px(3)}px {px(6)}px; }}
QHeaderView::section {{ background: {theme.shade}; color: {theme.soft}; border: none;
  border-bottom: 1px solid {theme.line}; padding: {px(4)}px {px(3)}px; }}
QSplitter::handle {{ background: {theme.line}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {theme.line}; background: {theme.paper}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {theme.soft}; padding: {px(6)}px {px(10)}px;
  border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {theme.ink}; border-bottom: 2px solid {theme.accent}; }}
QTabBar::tab:focus {{ background: {theme.chosen}; border: 1px solid {theme.accent};
  border-bottom: 2px solid {theme.accent}; }}
QToolTip {{ background: {theme.paper}; color: {theme.ink}; border: 1px solid {theme.edge};
  padding: {px(4)}px; }}
QProgressBar {{ border: 1px solid {theme.line}; border-radius: 3px; background: {theme.desk};
  text-align: center; height: {px(14)}px; }}
QProgressBar::chunk {{ background: {theme.accent}; border-radius: 2px; }}
QMenuBar {{ background: {theme.desk}; }}
QMenuBar::item {{ padding: {px(4)}px {px(9)}px; }}
QMenuBar::item:selected {{ background: {theme.chosen}; }}
"""


def relative_luminance(colour: str) -> float:
    """How light a colour is to the eye, 0 to 1 (WCAG)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    parts = QColor(colour)
    red, green, blue = (linear(p) for p in (parts.redF(), parts.greenF(), parts.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG)."""
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
