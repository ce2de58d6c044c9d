"""What the READMEs promise is there: commands of the door, commands of wuji, pictures."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

READMES = ["README.md", "README.zh-CN.md"]


def read(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def door_commands(root: Path) -> set[str]:
    """What the last `case` of ./do answers to, aliases and help aside."""
    answers = read(root, "do").rsplit("\ncase ", 1)[1]
    return set(re.findall(r"^    ([a-z]+)\)", answers, re.M))


def promised(text: str) -> set[str]:
    """The commands of wuji in a table of commands."""
    return set(re.findall(r"`wuji ([a-z]+)", text))


def test_the_help_of_the_door_lists_every_command(project_root: Path) -> None:
    shown = subprocess.run(["./do", "help"], cwd=project_root, capture_output=True, text=True)
    assert set(re.findall(r"^\./do ([a-z]+)", shown.stdout, re.M)) == door_commands(project_root)


def test_the_door_refuses_what_it_does_not_know(project_root: Path) -> None:
    done = subprocess.run(["./do", "nosuch"], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 2
    assert "./do test" in done.stderr


def test_the_readme_names_every_command_of_the_door(project_root: Path) -> None:
    named = set(re.findall(r"\./do ([a-z]+)", read(project_root, "README.md")))
    assert named - {"help"} == door_commands(project_root) - {"setup"}


@pytest.mark.parametrize("name", READMES)
def test_the_readme_lists_what_the_command_can_do(project_root: Path, name: str) -> None:
    from click import Context

    from app.cli.main import wuji

    assert promised(read(project_root, name)) == set(wuji.list_commands(Context(wuji)))


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_of_the_readme_are_there(project_root: Path, name: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", read(project_root, name))
    assert links
    assert not [link for link in links if not (project_root / link).exists()]


def test_the_first_command_of_both_readmes_is_the_same(project_root: Path) -> None:
    first, second = (re.findall(r"^\./do \w+", read(project_root, name), re.M) for name in READMES)
    assert first[:2] == second[:2] == ["./do demo", "./do test"]
