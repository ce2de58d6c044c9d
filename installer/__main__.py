"""Builds the program as one folder and tries it: ``python -m installer``."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from installer import folder as made
from installer import smoke
from installer.contents import NAME, ROOT

WORK = ROOT / "build" / "installer"
DIST = ROOT / "dist"
MB = 1_000_000


class BuildError(RuntimeError):
    """The folder could not be made, or is not as it should be."""


def freeze(dist: Path, work: Path) -> Path:
    """Runs PyInstaller; the folder that it made."""
    work.mkdir(parents=True, exist_ok=True)
    log = work / "log.txt"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm"]
    places = ["--distpath", str(dist), "--workpath", str(work)]
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [*command, *places, str(ROOT / "installer" / "wuji.spec")],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        last = log.read_text(encoding="utf-8").splitlines()[-15:]
        raise BuildError("\n".join([*last, f"PyInstaller failed; all of it: {log}"]))
    return dist / NAME


def finish(folder: Path) -> None:
    """Strips the libraries, looks whether all of them are there, says what weighs how much."""
    saved = made.strip(folder)
    print(f"  {made.weight(folder) / MB:.1f} MB, {len(list(made.files(folder)))} files", end="")
    print(f" ({saved / MB:.1f} MB of debugging symbols taken out)")
    for name, size in made.heaviest(folder):
        print(f"  {size / MB:6.1f} MB  {name}")
    if sys.platform == "linux":
        needs = made.libraries(folder)
        if needs.lost:
            raise BuildError(f"libraries that are nowhere: {', '.join(sorted(needs.lost))}")
        print(f"  from the system: glibc {'.'.join(map(str, needs.glibc))} or later,", end=" ")
        print(", ".join(sorted(name for name in needs.system if "libc.so" not in name)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Freezes, finishes, tries; the exit status is 1 when one of them fails."""
    parser = argparse.ArgumentParser(prog="installer", description=__doc__)
    parser.add_argument("--dist", type=Path, default=DIST, help="where the folder goes")
    parser.add_argument("--work", type=Path, default=WORK, help="where PyInstaller works")
    options = parser.parse_args(arguments)
    made.print_whatever_comes()
    started = time.monotonic()
    try:
        folder = freeze(options.dist.resolve(), options.work.resolve())
        print(f"── {folder}, built in {time.monotonic() - started:.0f} s")
        finish(folder)
        print("── smoke test")
        smoke.try_out(folder, options.work.resolve() / "window.png")
    except (BuildError, smoke.SmokeError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
