"""The finished folder: stripped of debugging symbols, weighed, its libraries looked for."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LIBRARY = re.compile(r"\.so(\.\d+)*$")
_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
# What every desktop has and PyInstaller leaves to it: the C library, drivers of the screen.
SYSTEM = re.compile(
    r"^(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv)\.so\.\d+|lib(GL|EGL)\.so\.1"
    r"|libxcb\.so\.1|libwayland-(client|cursor)\.so\.0)$"
)


def print_whatever_comes() -> None:
    """A console that lacks a sign (Windows in Chinese lacks ✓) shows its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@dataclass
class Libraries:
    """What the compiled files of a folder ask for."""

    glibc: tuple[int, int] = (0, 0)
    system: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


def files(folder: Path) -> Iterator[Path]:
    """Every file once; links stand for files that are there anyway."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def weight(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in files(folder))


def heaviest(folder: Path, count: int = 12) -> list[tuple[str, int]]:
    """The parts of the folder that weigh most, with their bytes."""
    parts: Counter[str] = Counter()
    for path in files(folder):
        inner = [part for part in path.relative_to(folder).parts if part != "_internal"]
        parts[inner[0]] += path.stat().st_size
    return parts.most_common(count)


def strip(folder: Path) -> int:
    """Takes debugging symbols out of Linux libraries; how many bytes that saved."""
    program = shutil.which("strip")
    libraries = [str(path) for path in files(folder) if _LIBRARY.search(path.name)]
    if program is None or not libraries:
        return 0
    before = weight(folder)
    subprocess.run([program, "--strip-debug", *libraries], check=True)
    return before - weight(folder)


def libraries(folder: Path) -> Libraries:
    """What the folder's compiled files need: from itself, from the system, from nowhere."""
    inside = {path.name for path in folder.rglob("*")}
    found = Libraries()
    for path in files(folder):
        if not _LIBRARY.search(path.name) and path.parent != folder:
            continue
        shown = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True)
        versions = ((int(major), int(minor)) for major, minor in _GLIBC.findall(shown.stdout))
        found.glibc = max([found.glibc, *versions])
        outside = set(_NEEDED.findall(shown.stdout)) - inside
        found.system |= {name for name in outside if SYSTEM.match(name)}
        found.lost |= {name for name in outside if not SYSTEM.match(name)}
    return found
