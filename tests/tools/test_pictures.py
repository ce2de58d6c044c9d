"""The page of pictures: each is shown once, small enough to be looked at anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.pictures import LARGEST, THEMES, main, shown_pictures, variants


def test_every_picture_is_shown_once_and_small(project_root: Path) -> None:
    folder = project_root / "docs" / "pictures"
    shown = re.findall(r"\]\(([^)]+\.png)\)", (folder / "README.md").read_text(encoding="utf-8"))
    there = {path.name: path.stat().st_size for path in folder.glob("*.png")}
    assert sorted(shown) == sorted(there)
    assert [name for name, size in there.items() if size > LARGEST] == []


def test_the_choice_takes_all_of_the_usual_look_and_some_of_others(tmp_path: Path) -> None:
    for name in ("overview", "menu"):
        file = tmp_path / "light-100-1366x768" / f"{name}.png"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"")
    found = shown_pictures(tmp_path)
    assert {"overview", "menu", "overview-dark", "overview-150", "overview-1920"} <= set(found)
    assert "menu-dark" not in found
    assert len(variants()) == len(THEMES) * 6
    assert "light-200-1366x768" in variants()


def test_what_failed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.pictures.command", lambda: ["false"])
    assert main([str(tmp_path), "--look", "dark-150-1920x1080"]) == 1
    assert "dark-150-1920x1080: has failed" in capsys.readouterr().err
    monkeypatch.setattr("tools.pictures.command", lambda: ["true"])
    assert main([str(tmp_path), "--look", "dark-150-1920x1080"]) == 0
