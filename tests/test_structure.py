"""The shape of the project: layers, documentation, sizes, and what must not be in it."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A layer imports its own rank and lower ones; modules of app/ itself belong to nobody's layer.
RANKS = {
    "forms": 0,
    "models": 1,
    "book": 2,
    "intake": 3,
    "papers": 3,
    "package": 3,
    "union": 3,
    "demo": 4,
    "cli": 5,
    "ui": 5,
}
SHARED_MODULES = {"app", "app.resources"}
# The one handler at the top, which turns a mistake of ours into a line that says so.
TOP_HANDLERS = {"app/cli/main.py": 1}
# What only the function that needs it may load (docs/decisions/001-dependencies.md).
HEAVY = {
    "PIL",
    "PySide6",
    "aiohttp",
    "cryptography",
    "docx",
    "openpyxl",
    "psycopg",
    "pyhanko",
    "pypdfium2",
    "pypinyin",
    "python_calamine",
    "reportlab",
    "sqlalchemy",
    "xlsxwriter",
}
LONGEST_FUNCTION = 60
LONGEST_MODULE = 500
MEDIAN_FUNCTION = 12

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders: str) -> list[Path]:
    """All Python files below the folders, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """The path as people write it, relative to the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_of(path: Path) -> str:
    """The dotted name of a file: app/forms/values.py → app.forms.values."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, nodes: Iterable[ast.AST] | None = None) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import; ``from a import b`` counts as a.b too."""
    for node in nodes or ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def functions(path: Path) -> Iterator[Function]:
    """All functions and methods of a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def length_of(function: Function) -> int:
    """Lines from def to the last one."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def layer_of(module: str) -> str:
    """The layer a module of app belongs to; empty for app itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and (ROOT / "app" / parts[1]).is_dir() else ""


APP = sources("app")


def test_every_folder_of_app_has_its_place() -> None:
    layers = {path.relative_to(ROOT / "app").parts[0] for path in APP if path.parent.name != "app"}
    assert layers <= set(RANKS), "give the new layer a rank and say so in the design"


@pytest.mark.parametrize("path", APP, ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    own = layer_of(module_of(path))
    upwards = [
        f"{name_of(path)}:{line}: {name}"
        for line, name in imported(path)
        if own and layer_of(name) and name.startswith("app.") and RANKS[layer_of(name)] > RANKS[own]
    ]
    assert not upwards


@pytest.mark.parametrize("path", sources("app/forms"), ids=name_of)
def test_forms_imports_nothing_of_the_others(path: Path) -> None:
    foreign = [
        f"{name_of(path)}:{line}: {name}"
        for line, name in imported(path)
        if name.split(".")[0] == "app"
        and layer_of(name) != "forms"
        and not any(name == known or name.startswith(known + ".") for known in SHARED_MODULES)
    ]
    assert not foreign


def test_only_the_window_imports_qt() -> None:
    found = [
        f"{name_of(path)}:{line}: {name}"
        for path in APP
        if not name_of(path).startswith("app/ui/")
        for line, name in imported(path)
        if name.split(".")[0] in {"PySide6", "shiboken6"}
    ]
    assert not found


def test_nothing_of_the_program_imports_the_tests() -> None:
    found = [
        f"{name_of(path)}:{line}: {name}"
        for path in sources("app", "installer", "tools")
        for line, name in imported(path)
        if name.split(".")[0] in {"tests", "pytest", "hypothesis"}
    ]
    assert not found


def test_tests_below_the_window_do_not_need_it() -> None:
    found = [
        f"{name_of(path)}:{line}: {name}"
        for path in sources("tests")
        if name_of(path).startswith(
            ("tests/forms/", "tests/models/", "tests/book/", "tests/union/")
        )
        for line, name in imported(path)
        if name.startswith("tests.ui")
    ]
    assert not found


def loaded_by(path: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules of app that importing a file loads at once."""
    names = {name for _, name in imported(path, tree_of(path).body) if name in known}
    own = module_of(path)
    # `from package import module` needs the module; the package is loaded before anything in it.
    return {name for name in names if name != own and not own.startswith(name + ".")}


def test_every_library_is_declared() -> None:
    """What app imports is named in pyproject.toml, not only there by way of something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonical(re.split("[<>=!;[ ]", line)[0]) for line in project["dependencies"]}
    provided = packages_distributions()
    undeclared = {
        f"{name_of(path)}:{line}: {name}"
        for path in APP
        for line, name in imported(path)
        if (root := name.split(".")[0]) not in sys.stdlib_module_names | {"app"}
        and declared.isdisjoint(canonical(known) for known in provided.get(root, ()))
    }
    assert not undeclared


def test_every_declared_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "decisions" / "001-dependencies.md").read_text(encoding="utf-8")
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.split("[<>=!;[ ]", line)[0] for line in lines]
    assert not [name for name in names if canonical(name) not in canonical(page)]


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = {module_of(path): path for path in APP}
    edges = {module: loaded_by(path, known) for module, path in known.items()}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in sorted(edges[module]):
                visit(name, (*way, module))
            done.add(module)

    for module in sorted(edges):
        visit(module, ())


def undocumented(path: Path) -> Iterator[str]:
    """Modules, classes and public functions without a docstring."""
    if not ast.get_docstring(tree_of(path)):
        yield f"{name_of(path)}: module"

    def inside(body: list[ast.stmt]) -> Iterator[ast.ClassDef | Function]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield node
                if not node.name.startswith("_"):
                    yield from inside(node.body)
            elif isinstance(node, Function) and not node.name.startswith("_"):
                yield node

    for node in inside(tree_of(path).body):
        decorators = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
        # An overload or a setter has said it above.
        if not ast.get_docstring(node) and not decorators & {"overload", "setter"}:
            yield f"{name_of(path)}:{node.lineno}: {node.name}"


@pytest.mark.parametrize("path", sources("app", "installer", "tools"), ids=name_of)
def test_everything_public_has_a_docstring(path: Path) -> None:
    assert not list(undocumented(path))


@pytest.mark.parametrize("path", sources("tests"), ids=name_of)
def test_test_modules_say_what_they_test(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(tree_of(path))


def test_no_function_is_too_long() -> None:
    long = [
        f"{name_of(path)}:{function.lineno}: {function.name} has {length_of(function)} lines"
        for path in sources("app", "installer", "tools", "tests")
        for function in functions(path)
        if length_of(function) > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("app", "installer", "tools")
    }
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE}


def test_most_functions_are_short() -> None:
    lengths = [length_of(function) for path in APP for function in functions(path)]
    assert statistics.median(lengths) < MEDIAN_FUNCTION


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches everything and keeps it; tidying up and raising again is fine."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in {"Exception", "BaseException"} for kind in types)


@pytest.mark.parametrize("path", sources("app", "installer", "tools"), ids=name_of)
def test_errors_are_caught_by_name(path: Path) -> None:
    broad = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]
    assert len(broad) <= TOP_HANDLERS.get(name_of(path), 0), f"lines {broad}"


def text_files() -> list[Path]:
    """Every text file of the project that people write."""
    kinds = {".py", ".toml", ".md", ".sh", ".cfg", ".txt", ".json", ".qss"}
    folders = ("app", "tools", "tests", "resources", "docs", "installer")
    inner = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    outer = (path for path in ROOT.iterdir() if path.name != "LICENSE")
    return sorted(
        path
        for path in (*inner, *outer, ROOT / ".ci" / "run")
        if path.is_file()
        and (path.suffix in kinds or path.name in {"do", "run"})
        and "__pycache__" not in path.parts
    )


def test_nothing_is_left_to_do() -> None:
    # Written so that this file does not find itself.
    marks = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_and_hash_everything_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.findall(r"\w+://\S*|--[a-z-]*(?:index|links)\b.*|\w+\.(?:org|io)\b", text)
    pinned = re.findall(r"^([\w.-]+)==\S+(?: ;.*)? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)
    assert pinned
    assert len(pinned) == len(re.findall(r"^[\w.-]+", text, re.M)), "a line without version or hash"


def test_the_development_lock_holds_the_programs_own() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[\w.-]+==\S+", text, re.M))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


def test_the_command_starts_light() -> None:
    code = "import sys, app.cli.main; print('\\n'.join({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())
