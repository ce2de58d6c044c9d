"""What goes into the folder of the frozen program, and what stays out and why."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path, PurePath

from app import __version__

ROOT = Path(__file__).resolve().parent.parent
NAME = "wuji"
WINDOW_NAME = "wuji-window"
"""The second program on Windows, which opens no console; elsewhere `wuji` does both."""
TITLE = "五级"
ICON = ROOT / "resources" / "icons" / "wuji.ico"
DATA = [(ROOT / "resources", "resources")]
OWN_LICENCES = [ROOT / "LICENSE", *sorted((ROOT / "installer" / "licences").glob("*.txt"))]

# What libraries import by text that PyInstaller does not read.
_BARCODES = (
    "code128",
    "code39",
    "code93",
    "common",
    "eanbc",
    "fourstate",
    "lto",
    "qr",
    "usps",
    "usps4s",
)
HIDDEN = (
    "_rl_accel",  # reportlab's compiled part; without it pages are drawn at half the speed
    *(f"reportlab.graphics.barcode.{name}" for name in (*_BARCODES, "ecc200datamatrix")),
)

# python-docx reads `docx/parts/../templates`: that folder must be there, not only in the archive.
IN_THE_OPEN = {"docx.parts": "pyz+py"}

# Modules that some library imports in places where this program never comes, each with the reason.
EXCLUDED = {
    "PIL.AvifImagePlugin": "5 MB for pictures that nobody's scanner makes",
    "PIL.ImageQt": "Pillow's window parts",
    "PIL.ImageTk": "Pillow's window parts",
    "PySide6.QtDBus": "Qt's library is enough; nobody speaks D-Bus in Python",
    "PySide6.QtNetwork": "the program is offline",
    "PySide6.QtOpenGL": "widgets are drawn without OpenGL",
    "PySide6.QtQml": "no QML",
    "PySide6.QtQuick": "no QML",
    "PySide6.QtSvg": "signs are drawn as lines",
    "PySide6.QtVirtualKeyboard": "needs QML; input methods come from the desktop",
    "_distutils_hack": "build tool",
    "cffi": "only its compiled part is used, by cryptography",
    "charset_normalizer": "reportlab's guess at XML encodings",
    "curses": "no screens in the terminal",
    "distutils": "build tool",
    "doctest": "tests of libraries",
    "ftplib": "the program is offline",
    "hypothesis": "test tool; msgspec knows it",
    "lib2to3": "build tool",
    "lxml.html": "only XML is read and written",
    "lxml.isoschematron": "only XML is read and written",
    "lxml.objectify": "only XML is read and written",
    "markdown_it": "rich's Markdown",
    "mypy": "SQLAlchemy's plug-in for the type checker",
    "numpy": "never installed by us; openpyxl and psycopg would take it",
    "oscrypto": "the system's trusted roots; an office's key is trusted by its short code",
    "pdb": "debugger",
    "psutil": "mypy's",
    "pydantic": "yarl would offer it types",
    "pydantic_core": "yarl looks for it to tell whether pydantic is there",
    "pydoc": "help of the interpreter",
    "pydoc_data": "help of the interpreter",
    "pygments": "rich's coloured program text",
    "pytest": "test tool",
    "readline": "no interpreter to type into",
    "rlcompleter": "no interpreter to type into",
    "setuptools": "build tool",
    "sqlalchemy.dialects.mssql": "books are SQLite or PostgreSQL",
    "sqlalchemy.dialects.mysql": "books are SQLite or PostgreSQL",
    "sqlalchemy.dialects.oracle": "books are SQLite or PostgreSQL",
    "sqlalchemy.ext.mypy": "the type checker's plug-in",
    "sqlalchemy.testing": "tests of SQLAlchemy",
    "tkinter": "another window library",
    "unittest": "tests of libraries",
    "xlsxwriter.test": "tests of XlsxWriter",
    "xmlrpc": "the program is offline",
}  # fmt: skip

# Qt's plug-ins by folder, without lib… and .so or .dll; other folders of plug-ins stay out.
PLUGINS: dict[str, frozenset[str]] = {
    # generic is Wayland without OpenGL; offscreen is what the smoke test draws on.
    "platforms": frozenset({"qxcb", "qwayland-generic", "qoffscreen", "qwindows"}),
    "wayland-shell-integration": frozenset({"xdg-shell"}),
    "wayland-decoration-client": frozenset({"bradient"}),
    # Chinese input: IBus (fcitx 5 answers to it too), and dead keys where neither runs.
    "platforminputcontexts": frozenset(
        {"ibusplatforminputcontextplugin", "composeplatforminputcontextplugin"}
    ),
    # File dialogs of the desktop where it offers them through its portal.
    "platformthemes": frozenset({"qxdgdesktopportal"}),
    # PNG and BMP are built in; these are what scanners and phones make.
    "imageformats": frozenset({"qjpeg", "qtiff", "qgif", "qwebp"}),
    # Comes along only when something prints.
    "printsupport": frozenset({"cupsprintersupport"}),
}
TRANSLATION = "qtbase_zh_CN.qm"
# Data that libraries bring and never read at run time.
UNREAD = re.compile(r"^docx/templates/default-docx-template/|/py\.typed$|\.pyi$")
_LICENCE = re.compile(r"licen[cs]e|copying|notice|authors|ofl", re.IGNORECASE)


def app_files() -> list[Path]:
    """The program's own Python files."""
    return sorted((ROOT / "app").rglob("*.py"))


def app_modules() -> list[str]:
    """All modules of the program: commands and pages are loaded by name, when first used."""
    names = (path.relative_to(ROOT).with_suffix("").parts for path in app_files())
    return [".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in names]


@cache
def imported_modules() -> frozenset[str]:
    """What any line of the program imports, in functions too, standard library included."""
    return frozenset(name for path in app_files() for name in _imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def missing(frozen: Iterable[str]) -> list[str]:
    """The modules that the program imports and that are not among the frozen ones."""
    known = {*frozen, *sys.builtin_module_names}
    return sorted(name for name in {*imported_modules(), *app_modules()} if name not in known)


def excluded_by(name: str) -> str | None:
    """Which entry keeps a module out."""
    parts = name.split(".")
    heads = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((head for head in heads if head in EXCLUDED), None)


def keeps_plugin(source: str) -> bool:
    """Whether one of Qt's plug-ins goes in; files that are no plug-ins do."""
    parts = PurePath(source.replace("\\", "/")).parts
    if "plugins" not in parts:
        return True
    folder, file = parts[parts.index("plugins") + 1], parts[-1]
    return file.split(".")[0].removeprefix("lib") in PLUGINS.get(folder, frozenset())


def keeps_data(target: str) -> bool:
    """Whether a data file of a library goes in; of Qt's translations only the Chinese one."""
    path = PurePath(target.replace("\\", "/"))
    if "translations" in path.parts and "PySide6" in path.parts:
        return path.name == TRANSLATION
    return not UNREAD.search(path.as_posix())


def licences(modules: Iterable[str]) -> list[tuple[str, str]]:
    """(target, source) of the licence texts of every library that a frozen module is from."""
    provided = packages_distributions()
    tops = {name.split(".")[0] for name in modules}
    names = sorted({name for top in tops for name in provided.get(top, ()) if name != NAME})
    found = [(f"licences/{file.name}", str(file)) for file in OWN_LICENCES]
    # Beside the standard library on Linux, above it on Windows; Debian's Python has none.
    library = Path(os.__file__).parent
    python = [path / "LICENSE.txt" for path in (library, library.parent)]
    found += [("licences/Python/LICENSE.txt", str(file)) for file in python if file.is_file()][:1]
    return [*found, *(pair for name in names for pair in _licences_of(name))]


def _licences_of(name: str) -> Iterator[tuple[str, str]]:
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        return
    for file in files:
        if ".dist-info" in file.parts[0] and _LICENCE.search(file.name):
            inner = "-".join(part for part in file.parts[1:] if part != "licenses")
            yield f"licences/{name}/{inner}", str(file.locate())


def windows_version(file_name: str) -> str:
    """The version resource of a Windows program, in PyInstaller's notation."""
    numbers = (*(int(part) for part in re.findall(r"\d+", __version__)[:3]), 0)
    words = {
        "FileDescription": f"{TITLE}：农村信用社非信贷资产风险分类",
        "FileVersion": __version__,
        "InternalName": file_name,
        "OriginalFilename": f"{file_name}.exe",
        "ProductName": TITLE,
        "ProductVersion": __version__,
    }
    lines = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('080404B0', [{lines}])]), "
        "VarFileInfo([VarStruct('Translation', [2052, 1200])])])"
    )
