"""Colours: readable, and the five classes told apart without colour."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import ui
from app.forms.classes import FiveClass
from app.ui.look import Look
from app.ui.theme import (
    BOXES,
    CONTRAST,
    DARK,
    SHEET,
    THEMES,
    Theme,
    box_palette,
    contrast,
    relative_luminance,
    style_sheet,
)

SubElement = QStyle.SubElement
every = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


@every
@pytest.mark.parametrize("five_class", FiveClass)
def test_class_text_is_readable_on_its_tint(theme: Theme, five_class: FiveClass) -> None:
    tint = theme.classes[five_class.value]
    assert contrast(tint.back, tint.ink) >= theme.readable


@every
def test_worse_classes_are_darker(theme: Theme) -> None:
    light = [relative_luminance(theme.classes[c.value].back) for c in FiveClass]
    assert all(one > other for one, other in pairwise(light))


@every
@pytest.mark.parametrize("name", ["error", "warning", "good", "info"])
def test_messages_are_readable_on_their_tint_and_on_paper(theme: Theme, name: str) -> None:
    tint = getattr(theme, name)
    assert contrast(tint.back, tint.ink) >= theme.readable
    assert contrast(theme.paper, tint.ink) >= theme.readable


@every
@pytest.mark.parametrize("ground", ["paper", "desk", "shade", "chosen"])
def test_text_is_readable_on_every_ground(theme: Theme, ground: str) -> None:
    back = getattr(theme, ground)
    assert contrast(back, theme.ink) >= theme.readable
    assert contrast(back, theme.soft) >= theme.readable


@every
def test_the_main_button_is_readable(theme: Theme) -> None:
    assert contrast(theme.accent, theme.on_accent) >= theme.readable


def test_high_contrast_asks_for_more() -> None:
    assert {name: theme.readable for name, theme in THEMES.items()} == {
        "light": 4.5,
        "dark": 4.5,
        "contrast": 7.0,
    }


@every
def test_accents_and_frames_stand_out(theme: Theme) -> None:
    for ground in (theme.paper, theme.desk, theme.shade, theme.chosen):
        assert contrast(ground, theme.accent) >= theme.readable
    assert contrast(theme.line, theme.soft) >= 4.5
    # What frames the focus, and what can be typed in, is no text: 3:1.
    assert contrast(theme.paper, theme.accent) >= 3
    if theme.chip_edge:
        assert contrast(theme.paper, theme.chip_edge) >= 3


def test_papers_are_readable_in_every_theme() -> None:
    assert contrast(SHEET.back, SHEET.ink) >= 4.5
    assert contrast(SHEET.mark, SHEET.on_mark) >= 4.5
    assert contrast(SHEET.highlight, "#000000") >= 7


def test_colours_stand_in_the_table_of_roles_alone() -> None:
    colour = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']|:\s*#[0-9a-fA-F]{3,8}|: (?:white|black)\b""")
    named = re.compile(r"GlobalColor\.(?!transparent)|QColor\(\s*[\"'\d]|\brgba?\(")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(ui.__file__).parent.rglob("*.py"))
        if path.name != "theme.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if colour.search(line) or named.search(line)
    ]
    assert found == []


def test_contrast_of_black_on_white_is_the_greatest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@every
def test_sizes_of_the_rules_follow_the_zoom(theme: Theme) -> None:
    assert "padding: 3px 7px" in style_sheet(theme, lambda n: n)
    assert "padding: 6px 14px" in style_sheet(theme, lambda n: 2 * n)


@every
@pytest.mark.parametrize("name", BOXES)
def test_the_frame_of_a_box_is_seen(theme: Theme, name: str) -> None:
    drawn = box_palette(theme, name).color(QPalette.ColorRole.Window).darker(140)
    assert contrast(drawn.name(), theme.desk) >= (2 if name == "QComboBox" else 4.5)


@every
def test_a_ticked_box_has_a_tick(theme: Theme, look: Look, qtbot: QtBot) -> None:
    box = QCheckBox()
    qtbot.addWidget(box)
    try:
        look.set_theme(theme.name)
        box.setChecked(True)
        box.show()
        QApplication.processEvents()
        option = QStyleOptionButton()
        box.initStyleOption(option)
        part = box.style().subElementRect(SubElement.SE_CheckBoxIndicator, option, box)
        image = box.grab(part.adjusted(2, 2, -2, -2)).toImage()
    finally:
        look.set_theme("light")
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    ground = [point for point in points if contrast(point.name(), theme.paper) < 1.5]
    tick = [point for point in points if contrast(point.name(), theme.paper) >= 4.5]
    assert len(ground) > len(tick) > len(points) // 20


@every
def test_what_a_field_asks_for_is_no_value(theme: Theme) -> None:
    hint = theme.hint or theme.soft
    assert contrast(theme.paper, hint) >= theme.readable
    assert contrast(theme.ink, hint) >= 1.5


@pytest.mark.parametrize("theme", [DARK, CONTRAST], ids=["dark", "contrast"])
def test_scroll_bars_are_seen_on_dark_ground(theme: Theme) -> None:
    found = re.search(r"QScrollBar::handle { background: (#\w+);", style_sheet(theme, lambda n: n))
    assert found
    assert contrast(theme.desk, found[1]) >= 3
    assert contrast(theme.paper, found[1]) >= 3


@every
def test_a_chosen_answer_is_told_by_a_bar_too(theme: Theme) -> None:
    rule = style_sheet(theme, lambda n: n).rpartition('QPushButton[kind="choice"]:checked')[2]
    assert rule.split("}")[0].strip(" {").startswith(f"border-left: 5px solid {theme.accent};")


def test_lists_keep_their_place_when_the_focus_comes() -> None:
    rules = style_sheet(CONTRAST, lambda size: size)
    wide = CONTRAST.focus_width - 1
    assert f"border: {wide}px solid {CONTRAST.paper};" in rules
    assert f"border: {wide}px solid {CONTRAST.accent}; }}" in rules


@every
def test_no_line_of_its_own_stands_above_tabs(theme: Theme, qtbot: QtBot) -> None:
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setStyleSheet(style_sheet(theme, lambda n: n))
    tabs.addTab(QWidget(), "科目核对")
    qtbot.addWidget(tabs)
    tabs.show()
    assert not tabs.tabBar().drawBase()


@every
def test_the_arrow_of_a_choice_grows_with_the_letters(theme: Theme) -> None:
    sizes = []
    for zoom in (1, 2):
        rules = style_sheet(theme, lambda n, by=zoom: n * by)  # type: ignore[misc]
        found = re.search(r'down-arrow { image: url\("(.+?)"\); width: (\d+)px', rules)
        assert found
        assert Path(found[1]).is_file()
        sizes.append(int(found[2]))
    assert sizes[1] == 2 * sizes[0]


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_the_words_of_a_choice_keep_off_its_arrow(look: Look, qtbot: QtBot, zoom: float) -> None:
    look.zoom = zoom
    look.apply()
    try:
        choice = QComboBox()
        qtbot.addWidget(choice)
        choice.addItem("全部类别")
        choice.resize(choice.sizeHint())
        choice.show()
        option = QStyleOptionComboBox()
        choice.initStyleOption(option)
        part = QStyle.SubControl
        arrow, words = (
            choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, one, choice)
            for one in (part.SC_ComboBoxArrow, part.SC_ComboBoxEditField)
        )
        needed = choice.fontMetrics().horizontalAdvance("全部类别")
        assert words.left() + needed + look.px(4) <= arrow.center().x() - look.px(7)
    finally:
        look.zoom = 1.0
        look.apply()
