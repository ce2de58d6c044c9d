"""The hidden folder that an export works in."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from app.papers.placing import desk_in


def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path: Path) -> None:
    with desk_in(tmp_path, "decide") as desk:
        left = desk.with_name(f"{desk.name}-left")
        left.mkdir()
    with desk_in(tmp_path, "decide"):
        assert not left.exists()


def test_two_computers_may_write_into_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "node", lambda: "审查-1")
    with desk_in(tmp_path, "decide") as mine:
        (mine / "part").touch()
        monkeypatch.setattr(platform, "node", lambda: "PC[2]")
        with desk_in(tmp_path, "decide"):
            assert (mine / "part").exists()
