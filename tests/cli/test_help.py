"""Every command: its help in Chinese, its place in both READMEs, its own test module."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from app.cli.main import COMMANDS
from app.cli.main import wuji as group
from tests.cli.running import CHINESE, Wuji

HERE = Path(__file__).parent
PROMISED = {
    "demo", "new", "period", "people", "key", "template", "import", "describe", "classify", "fill",
    "list", "confirm", "keep", "check", "attach", "export", "verify", "backup", "restore",
    "collect", "review", "determine", "decide", "receive",
}  # fmt: skip
"""The commands of this issue, as the contract names them."""
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show|Arguments|required|exit|default)\b")


def command_of(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def test_no_command_of_the_contract_is_missing() -> None:
    assert set(COMMANDS) >= PROMISED


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_test_module(name: str) -> None:
    module = HERE / f"test_{name}.py"
    assert module.exists(), f"write tests/cli/{module.name}"
    assert f'wuji("{name}"' in module.read_text(encoding="utf-8") or name == "demo"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_readmes(project_root: Path, readme: str, name: str) -> None:
    text = (project_root / readme).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert any(re.search(rf"`wuji {name}\b", row) for row in rows)


@pytest.mark.parametrize("word", ["--help", "-h"])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_chinese_and_complete(wuji: Wuji, name: str, word: str) -> None:
    shown = wuji(name, word).out
    assert shown.startswith(f"用法：wuji {name} [选项]")
    assert not ENGLISH.search(shown), shown
    for param in command_of(name).params:
        help_text = getattr(param, "help", None)
        assert help_text, f"{name}: {param.name} has no help"
        assert CHINESE.search(help_text)
    listed = [line for line in shown.splitlines() if line.startswith("  ") and line.strip()]
    assert all(CHINESE.search(line) for line in listed), shown


@pytest.mark.parametrize("name", COMMANDS)
def test_no_line_of_help_is_too_wide(wuji: Wuji, name: str) -> None:
    for line in wuji(name, "--help").lines:
        width = sum(2 if ord(c) > 0x2E7F else 1 for c in line)
        assert width <= 110, line


def test_the_help_of_all_lists_only_what_works(wuji: Wuji) -> None:
    shown = wuji("--help").out
    assert not ENGLISH.search(shown), shown
    assert re.findall(r"^  ([a-z]+) ", shown, re.M) == list(COMMANDS)


def test_every_short_help_is_one_chinese_line() -> None:
    for name in COMMANDS:
        short = command_of(name).short_help or ""
        assert CHINESE.search(short)
        assert len(short) <= 35, short


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_answers_in_json(name: str) -> None:
    assert any("--json" in param.opts for param in command_of(name).params)


CHANGING = ("period", "people", "key", "import", "fill", "confirm", "keep", "attach", "export")


@pytest.mark.parametrize("name", CHANGING)
def test_every_change_can_be_signed_for(name: str) -> None:
    assert any("--as" in param.opts for param in command_of(name).params)


@pytest.mark.parametrize("name", ["new", "period", "template", "describe", "classify"])
def test_a_rule_set_can_be_named_where_one_is_chosen(name: str) -> None:
    assert any("--ruleset" in param.opts for param in command_of(name).params)


def test_version(wuji: Wuji) -> None:
    from app import __version__

    assert wuji("--version").out == f"五级 {__version__}\n"
