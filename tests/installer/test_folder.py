"""The finished folder is weighed and its libraries are looked for."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from installer import folder


def test_weight_counts_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "_internal" / "qt").mkdir(parents=True)
    (tmp_path / "wuji").write_bytes(b"1" * 10)
    (tmp_path / "_internal" / "qt" / "a.so").write_bytes(b"1" * 200)
    (tmp_path / "_internal" / "link.so").symlink_to("qt/a.so")
    assert folder.weight(tmp_path) == 210
    assert folder.heaviest(tmp_path) == [("qt", 200), ("wuji", 10)]


@pytest.mark.skipif(shutil.which("strip") is None, reason="needs binutils, as the build does")
@pytest.mark.skipif(sys.platform != "linux", reason="strips Linux libraries")
def test_strip_takes_debugging_symbols_and_leaves_the_rest(tmp_path: Path) -> None:
    import PySide6.QtCore

    assert folder.strip(tmp_path) == 0
    (tmp_path / "wuji.txt").write_text("no library", encoding="utf-8")
    library = tmp_path / Path(PySide6.QtCore.__file__).name
    shutil.copy(PySide6.QtCore.__file__, library)
    before = library.stat().st_size
    assert folder.strip(tmp_path) == before - library.stat().st_size >= 0
    assert (tmp_path / "wuji.txt").read_text(encoding="utf-8") == "no library"


@pytest.mark.skipif(shutil.which("objdump") is None, reason="needs binutils, as the build does")
@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux libraries")
def test_a_library_that_is_nowhere_is_told(tmp_path: Path) -> None:
    import PySide6.QtCore

    module = Path(PySide6.QtCore.__file__)
    shutil.copy(module, tmp_path / module.name)
    found = folder.libraries(tmp_path)
    assert "libQt6Core.so.6" in found.lost
    assert "libc.so.6" in found.system
    assert found.glibc >= (2, 2)
    (tmp_path / "libQt6Core.so.6").write_bytes(b"")
    assert "libQt6Core.so.6" not in folder.libraries(tmp_path).lost
