"""What the frozen program holds: every module loaded by name, all data, its licences."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

from app.cli.main import COMMANDS
from installer import contents

PLUGINS = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
TRANSLATIONS = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
# Imports everything as the frozen program would: what is excluded is not there.
WITHOUT = """
import importlib, sys
from importlib.machinery import PathFinder
from installer import contents
class Frozen:
    def find_spec(self, name, path=None, target=None):
        return None if name in contents.EXCLUDED else PathFinder.find_spec(name, path, target)
sys.meta_path[:] = [Frozen() if finder is PathFinder else finder for finder in sys.meta_path]
assert importlib.util.find_spec("mypy") is None
for name in sorted({*contents.app_modules(), *contents.imported_modules()}):
    if name != "app.__main__":
        importlib.import_module(name)
"""


@pytest.fixture(scope="module")
def spec(project_root: Path) -> str:
    """The recipe that PyInstaller reads."""
    return (project_root / "installer" / "wuji.spec").read_text(encoding="utf-8")


def test_every_command_is_frozen_though_it_is_loaded_by_name() -> None:
    named = {target.partition(":")[0] for target in COMMANDS.values()}
    assert named <= set(contents.app_modules())


def test_every_module_of_the_program_is_frozen(project_root: Path) -> None:
    folders = {path.parent for path in (project_root / "app").rglob("*.py")}
    assert {".".join(path.relative_to(project_root).parts) for path in folders} <= set(
        contents.app_modules()
    )
    assert "app.ui.main_window" in contents.app_modules()


def test_imports_inside_functions_are_known() -> None:
    lazily = {"pyhanko.sign.fields", "reportlab.pdfbase", "docx", "pypinyin", "openpyxl"}
    assert lazily <= contents.imported_modules()


def test_nothing_that_the_program_imports_is_excluded() -> None:
    named = {*contents.imported_modules(), *contents.app_modules()}
    assert not {name: key for name in named if (key := contents.excluded_by(name))}


def test_everything_can_be_imported_without_what_is_excluded(project_root: Path) -> None:
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, cwd=project_root, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_a_forgotten_module_is_told() -> None:
    everything = {*contents.imported_modules(), *contents.app_modules()}
    assert not contents.missing(everything)
    assert contents.missing(everything - {"app.cli.demo", "pypinyin"}) == [
        "app.cli.demo",
        "pypinyin",
    ]


def test_the_spec_takes_its_lists_from_here(spec: str) -> None:
    ast.parse(spec)
    lists, filters = ["app_modules()", "HIDDEN", "DATA", "EXCLUDED"], ["missing(", "keeps_data("]
    for name in [*lists, *filters, "licences(", "IN_THE_OPEN"]:
        assert f"contents.{name}" in spec


def test_all_resources_go_in(project_root: Path) -> None:
    assert [(project_root / "resources", "resources")] == contents.DATA
    assert all(source.is_dir() for source, _ in contents.DATA)


def test_each_excluded_module_has_its_reason() -> None:
    assert all(contents.EXCLUDED.values())


@pytest.mark.skipif(sys.platform != "linux", reason="file names of Linux")
@pytest.mark.parametrize("folder", sorted(contents.PLUGINS))
def test_the_plugins_are_there(folder: str) -> None:
    there = {path.stem.removeprefix("lib") for path in (PLUGINS / folder).iterdir()}
    assert contents.PLUGINS[folder] - there <= {"qwindows"}


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("/q/Qt/plugins/platforms/libqxcb.so", True),
        ("C:\\q\\plugins\\platforms\\qwindows.dll", True),
        ("/q/Qt/plugins/platforms/libqvnc.so", False),
        ("/q/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("/q/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("/q/Qt/plugins/qmltooling/libqmldbg_tcp.so", False),
        ("/q/Qt/lib/libQt6Core.so.6", True),
    ],
)
def test_plugins(source: str, kept: bool) -> None:
    assert contents.keeps_plugin(source) is kept


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6\\translations\\qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("docx/templates/default.docx", True),
        ("docx/templates/default-docx-template/word/styles.xml", False),
        ("resources/rulesets/inner-mongolia-2007/1-1.toml", True),
        ("pypinyin/py.typed", False),
    ],
)
def test_data(target: str, kept: bool) -> None:
    assert contents.keeps_data(target) is kept


def test_qt_has_the_chinese_translation() -> None:
    assert (TRANSLATIONS / contents.TRANSLATION).is_file()


def test_each_part_of_qt_that_brings_plugins_has_a_hook_of_ours(project_root: Path) -> None:
    used = {name for name in contents.imported_modules() if name.startswith("PySide6.")}
    hooks = {path.stem.removeprefix("hook-") for path in project_root.glob("installer/hooks/*.py")}
    # QtCore has no plug-ins; whatever stands on QtGui would bring all of QtGui's.
    assert used - {"PySide6.QtCore"} <= hooks


def test_licences_of_what_is_inside_come_along() -> None:
    targets = {target for target, _ in contents.licences(["pyhanko.sign", "docx", "PySide6.QtGui"])}
    assert {"licences/LICENSE", "licences/LGPL-3.txt", "licences/GPL-3.txt"} <= targets
    assert {target.split("/")[1] for target in targets} >= {"pyHanko", "python-docx"}
    assert all(Path(source).is_file() for _, source in contents.licences(["pyhanko", "docx"]))


def test_the_version_of_windows_programs() -> None:
    text = contents.windows_version("wuji")
    ast.parse(text)
    assert "'OriginalFilename', 'wuji.exe'" in text
    assert "五级" in text


def test_what_libraries_import_by_text_is_named() -> None:
    code = "import sys, reportlab.graphics.barcode.qr, reportlab.lib.rl_accel; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    barcodes = {name for name in loaded if name.startswith("reportlab.graphics.barcode.")}
    plain = {f"reportlab.graphics.barcode.{name}" for name in ("dmtx", "qrencoder", "widgets")}
    assert {*barcodes - plain, "_rl_accel"} <= set(contents.HIDDEN)
    assert "_rl_accel" in loaded
