"""fcitx, which Chinese desktops set, is spoken to as IBus: Qt as we ship it lacks its plug-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.ui.input_method import choose_input_method


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"QT_IM_MODULE": "fcitx"}, {"QT_IM_MODULE": "ibus"}),
        ({"QT_IM_MODULE": "fcitx5"}, {"QT_IM_MODULE": "ibus"}),
        (
            {"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx;ibus"},
            {"QT_IM_MODULE": "ibus", "QT_IM_MODULES": "wayland;ibus"},
        ),
    ],
)
def test_fcitx_is_spoken_to_as_ibus(
    tmp_path: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    assert choose_input_method(before, tmp_path)
    assert before == {**after, "IBUS_USE_PORTAL": "1"}


@pytest.mark.parametrize("environment", [{}, {"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "compose"}])
def test_other_input_methods_stay(tmp_path: Path, environment: dict[str, str]) -> None:
    as_it_was = dict(environment)
    assert not choose_input_method(environment, tmp_path)
    assert environment == as_it_was


def test_a_plugin_for_fcitx_is_used_where_there_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "platforminputcontexts"
    folder.mkdir()
    (folder / "libfcitx5platforminputcontextplugin.so").touch()
    environment = {"QT_IM_MODULE": "fcitx"}
    assert not choose_input_method(environment, tmp_path)
    assert environment == {"QT_IM_MODULE": "fcitx"}


def test_what_the_user_said_about_the_portal_stays(tmp_path: Path) -> None:
    environment = {"QT_IM_MODULE": "fcitx", "IBUS_USE_PORTAL": "0"}
    assert choose_input_method(environment, tmp_path)
    assert environment["IBUS_USE_PORTAL"] == "0"
