"""No message without a way out: what is refused also says what to do."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.errors import KnownError
from app.intake.messages import TEXTS, IntakeError

APP = Path(__file__).parents[1] / "app"
WAY_OUT = re.compile("请|可选|可以|可用的有|已有的|是否指|应[为如是由只有]|不用|要[由先写有]|最多")
"""Words that tell what to do: a request, the answers there are, what is expected instead."""
CHINESE = re.compile("[一-鿿]")
TOLD_BY_OTHERS = {"app.book.daily": "the window adds its own way out"}
PARTS_OF_OTHERS = {"I028": "lists cells, each with what is expected there"}


def functions() -> Iterator[tuple[ModuleType, ast.FunctionDef]]:
    """Every function below the window that raises something, with its module."""
    for path in sorted(APP.rglob("*.py")):
        place = path.relative_to(APP.parent).with_suffix("")
        source = path.read_text(encoding="utf-8")
        if "ui" in place.parts or "raise " not in source:
            continue
        module = importlib.import_module(".".join(place.parts))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                yield module, node


def constants(node: ast.AST) -> str:
    """The fixed words of an expression."""
    found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return "".join(value for value in found if isinstance(value, str))


def words(node: ast.AST, module: ModuleType, around: ast.FunctionDef) -> str:
    """The fixed words of an expression, and those that its names stand for."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    known = (getattr(module, name, "") for name in names)
    given = (
        constants(one.value)
        for one in ast.walk(around)
        if isinstance(one, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id in names for to in one.targets)
    )
    return "".join((constants(node), *filter(lambda k: isinstance(k, str), known), *given))


def refusals() -> Iterator[tuple[str, str]]:
    """Where each known error is raised with words of its own, and these."""
    for module, around in functions():
        for node in ast.walk(around):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            kind = getattr(module, ast.unparse(node.exc.func), None)
            if not (isinstance(kind, type) and issubclass(kind, KnownError)) or not node.exc.args:
                continue
            if issubclass(kind, IntakeError):  # its words stand in a catalogue
                continue
            said = words(node.exc.args[0], module, around)
            if CHINESE.search(said) and module.__name__ not in TOLD_BY_OTHERS:
                yield f"{module.__name__}:{node.lineno}", said


def test_every_refusal_says_what_to_do() -> None:
    found = list(refusals())
    assert len(found) > 200
    without = [f"{place} {said}" for place, said in found if not WAY_OUT.search(said)]
    assert not without, "\n".join(without)


def test_every_refusal_of_a_file_says_what_to_do() -> None:
    refused = {c: text for c, text in TEXTS.items() if c[0] == "I" and c not in PARTS_OF_OTHERS}
    assert not [text for text in refused.values() if not WAY_OUT.search(text)]


@pytest.mark.parametrize(("said", "tells"), [("口令不对。", False), ("口令不对，请核对。", True)])
def test_a_bare_refusal_is_noticed(said: str, tells: bool) -> None:
    assert bool(WAY_OUT.search(said)) is tells
