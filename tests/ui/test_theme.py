"""Colours: readable, and the five classes told apart without colour."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.forms.classes import FiveClass
from app.ui.theme import THEMES, Theme, contrast, relative_luminance, style_sheet

READABLE = 4.5
both = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


@both
@pytest.mark.parametrize("five_class", FiveClass)
def test_class_text_is_readable_on_its_tint(theme: Theme, five_class: FiveClass) -> None:
    tint = theme.classes[five_class.value]
    assert contrast(tint.back, tint.ink) >= READABLE


@both
def test_worse_classes_are_darker(theme: Theme) -> None:
    light = [relative_luminance(theme.classes[c.value].back) for c in FiveClass]
    assert all(one > other for one, other in pairwise(light))


@both
@pytest.mark.parametrize("name", ["error", "warning", "good", "info"])
def test_messages_are_readable_on_their_tint_and_on_paper(theme: Theme, name: str) -> None:
    tint = getattr(theme, name)
    assert contrast(tint.back, tint.ink) >= READABLE
    assert contrast(theme.paper, tint.ink) >= READABLE


@both
@pytest.mark.parametrize("ground", ["paper", "desk", "shade", "chosen"])
def test_text_is_readable_on_every_ground(theme: Theme, ground: str) -> None:
    back = getattr(theme, ground)
    assert contrast(back, theme.ink) >= READABLE
    assert contrast(back, theme.soft) >= READABLE


@both
def test_the_main_button_is_readable(theme: Theme) -> None:
    assert contrast(theme.accent, theme.on_accent) >= READABLE


def test_contrast_of_black_on_white_is_the_greatest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@both
def test_sizes_of_the_rules_follow_the_zoom(theme: Theme) -> None:
    assert "padding: 3px 7px" in style_sheet(theme, lambda n: n)
    assert "padding: 6px 14px" in style_sheet(theme, lambda n: 2 * n)
