"""A shelf of broken definition files: each error says where it is and names the likeliest word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app.forms import DefinitionError, load_ruleset

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.toml"))
CHILD = """
id = "broken"
title = "坏的规则集"
applies_from = 2020-01-01
parent = "small"
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the small rule set and a child that changes nothing yet."""
    shutil.copytree(HERE / "small", tmp_path / "small")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "ruleset.toml").write_text(CHILD, encoding="utf-8")
    return tmp_path


def error_of(folder: Path) -> str:
    """What loading the folder complains about, in one line."""
    with pytest.raises(DefinitionError) as caught:
        load_ruleset(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_small_rule_set_is_whole(shelf: Path) -> None:
    assert load_ruleset(shelf / "small").table("1-1").cases
    child = load_ruleset(shelf / "broken")
    assert child.id == "broken"
    assert child.parent == "small"


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused(shelf: Path, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = re.search(r"^# as: (.+)$", text, re.M)
    words = re.search(r"^# must say: (.+)$", text, re.M)
    assert words
    shutil.copy(path, shelf / "broken" / (name.group(1) if name else "1-1.toml"))
    message = error_of(shelf / "broken")
    missing = [word for word in words.group(1).split(" | ") if word not in message]
    assert not missing, message
    assert message.startswith("broken/")


def test_no_such_rule_set() -> None:
    with pytest.raises(DefinitionError, match="did you mean 'inner-mongolia-2007'"):
        load_ruleset("inner-mongolia-2006")


def test_a_table_without_a_file(shelf: Path) -> None:
    (shelf / "small" / "1-1.toml").unlink()
    message = error_of(shelf / "small")
    assert "small/1-1.toml" in message
    assert "missing" in message


def test_a_file_that_no_rule_set_names(shelf: Path) -> None:
    shutil.copy(shelf / "small" / "1-1.toml", shelf / "small" / "1-3.toml")
    message = error_of(shelf / "small")
    assert "1-3.toml" in message


def test_a_file_that_holds_another_table(shelf: Path) -> None:
    path = shelf / "small" / "1-1.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('id = "1-1"', 'id = "1-2"'), encoding="utf-8"
    )
    message = error_of(shelf / "small")
    assert "1-1.toml" in message
    assert "'1-2'" in message


def test_a_missing_parent(shelf: Path) -> None:
    shutil.rmtree(shelf / "small")
    message = error_of(shelf / "broken")
    assert "broken/ruleset.toml" in message
    assert "parent 'small'" in message


def test_parents_in_a_circle(shelf: Path) -> None:
    path = shelf / "small" / "ruleset.toml"
    path.write_text('parent = "broken"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    message = error_of(shelf / "broken")
    assert "circle" in message


def test_a_file_that_is_no_text(shelf: Path) -> None:
    (shelf / "broken" / "1-1.toml").write_bytes("标题 = '现金'".encode("gb18030"))
    assert "broken/1-1.toml" in error_of(shelf / "broken")


def test_every_broken_file_says_what_it_must() -> None:
    assert len(BROKEN) >= 60
    for path in BROKEN:
        assert "# must say: " in path.read_text(encoding="utf-8")
