"""Take a picture of every screen in every look, and renew the ones the documentation shows.

``python -m tools.pictures [FOLDER]`` (or ``./do pictures``): one subfolder for each of three
themes, three zooms and two sizes of the window, made by ``tests/ui/pictures``. With ``--docs`` the
small choice of them in ``docs/pictures`` is made anew as well. Exit status: 0 all well, 1 a
picture could not be taken or does not fit its screen.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = "tests/ui/pictures"
SHOWN = ROOT / "docs" / "pictures"
THEMES, PERCENTS, SIZES = ("light", "dark", "contrast"), (100, 150, 200), ("1366x768", "1920x1080")
USUAL = "light-100-1366x768"
MAIN = ("start-first", "overview", "main-window", "problems", "submit", "union-review")
"""What is shown in more than the usual look."""
ALSO = {"dark-100-1366x768": "dark", "light-150-1366x768": "150"}
CONTRAST, LARGE = "contrast-100-1366x768", "light-100-1920x1080"
LARGEST = 150_000


def variants() -> list[str]:
    """The names of all looks."""
    return [
        f"{theme}-{percent}-{size}" for theme, percent, size in product(THEMES, PERCENTS, SIZES)
    ]


def command() -> list[str]:
    """The tests that take the pictures, in this process's Python."""
    return [sys.executable, "-m", "pytest", "-q", "--numprocesses=auto", TESTS]


def screen_of(folder: Path, size: str) -> str:
    """The platform plugin with a screen of that size, so that windows know their room."""
    width, height = size.split("x")
    screen = {"name": "picture", "x": 0, "y": 0, "width": int(width), "height": int(height)}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    file = folder / f"screen-{size}.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={file}"


def take(folder: Path, variant: str) -> bool:
    """Takes all pictures of one look; whether every one is well."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": screen_of(folder, variant.rpartition("-")[2]),
        "WUJI_PICTURES": str(folder / variant),
        "WUJI_LOOK": variant,
    }
    print(f"── {variant}", flush=True)
    return subprocess.run(command(), cwd=ROOT, env=environment, check=False).returncode == 0


def shown_pictures(folder: Path) -> dict[str, Path]:
    """Names in the documentation, and the pictures that they are."""
    found = {path.stem: path for path in sorted((folder / USUAL).glob("*.png"))}
    for variant, word in ALSO.items():
        found |= {f"{name}-{word}": folder / variant / f"{name}.png" for name in MAIN}
    found["main-window-contrast"] = folder / CONTRAST / "main-window.png"
    found["overview-1920"] = folder / LARGE / "overview.png"
    return found


def show(folder: Path) -> list[str]:
    """Copies the choice into the documentation; returns the names of those that are too large."""
    found = shown_pictures(folder)
    for name, path in found.items():
        shutil.copyfile(path, SHOWN / f"{name}.png")
    return [name for name, path in found.items() if path.stat().st_size > LARGEST]


def main(argv: Sequence[str]) -> int:
    """Takes the pictures that are asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="pictures", description="Pictures of every screen.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "pictures")
    parser.add_argument("--look", action="append", choices=variants(), help="only this one")
    parser.add_argument("--docs", action="store_true", help="renew docs/pictures too")
    given = parser.parse_args(argv)
    folder: Path = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    failed = [name for name in given.look or variants() if not take(folder, name)]
    large = show(folder) if given.docs else []
    for words, names in (("has failed", failed), ("is too large to show", large)):
        for name in names:
            print(f"{name}: {words}", file=sys.stderr)
    return 1 if failed or large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
