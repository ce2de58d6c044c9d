"""Tries the frozen program: ``python -m installer.smoke [FOLDER]``.

It runs in an environment of its own, with an empty home and nothing of Python's: the window is
painted offscreen, one row is taken to a sealed and verified package by commands alone, the
demonstration is made, and the start is timed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import __version__
from installer.contents import NAME, ROOT, app_modules, imported_modules
from installer.folder import print_whatever_comes

ROUNDS = 9
LONGEST_SECONDS = 600
CLERK, ACCOUNTANT, HEAD = "王明", "李芳", "赵国强"
BASE_DATE, RULESET, TABLE, CASE = "2006-12-31", "inner-mongolia-2007", "1-8", 6
KEY_ROW = 5
BALANCES = (
    "科目代码,科目名称,借方余额,贷方余额\n1501,固定资产,390000.00,\n1502,累计折旧,,52000.00\n"
)
LEAST_COLOURS = 50
NOBODY = "postgresql://nobody@127.0.0.1:1/none"
"""Nothing listens there: the driver is loaded and says so."""


class SmokeError(RuntimeError):
    """The frozen program did not do what it should."""


@dataclass(frozen=True)
class Program:
    """The frozen program and the folder in which it is tried."""

    file: Path
    place: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of ours: no virtual environment, no settings, no screen."""
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        own = {"HOME": str(self.place), "USERPROFILE": str(self.place), "LANG": "C.UTF-8"}
        return {**kept, **own, "PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", **more}

    def run(self, *arguments: object, status: int = 0, **more: str) -> str:
        """What the program prints when run with these arguments; SmokeError on another status."""
        done = subprocess.run(
            [str(self.file), *map(str, arguments)],
            cwd=self.place,
            env=self.environment(**more),
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
        )
        if done.returncode != status:
            said = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            raise SmokeError(f"{NAME} {' '.join(map(str, arguments))}: {done.returncode}\n{said}")
        return done.stdout if status == 0 else done.stdout + done.stderr

    def json(self, *arguments: object, status: int = 0) -> Any:
        """The document that a command prints."""
        return json.loads(self.run(*arguments, "--json", status=status))


def see_version(program: Program) -> str:
    """The program starts and is this version."""
    said = program.run("--version").strip()
    if said != f"五级 {__version__}":
        raise SmokeError(f"--version says {said!r}")
    return said


def import_all(program: Program) -> str:
    """Everything that the program imports, in functions too, can be imported where it is frozen."""
    names = {*app_modules(), *imported_modules()} - {"app.__main__"}
    program.run(WUJI_IMPORT=" ".join(sorted(names)))
    return f"{len(names)} modules can be imported"


def see_window(program: Program, picture: Path) -> str:
    """The window paints itself; its picture is kept to be looked at."""
    from PIL import Image

    picture.unlink(missing_ok=True)
    program.run(WUJI_FIRST_PAINT="frame", WUJI_PICTURE=str(picture))
    with Image.open(picture) as image:
        colours = len(image.convert("RGB").getcolors(image.width * image.height) or ())
    if colours < LEAST_COLOURS:
        raise SmokeError(f"the window shows {colours} colours only: {picture}")
    return f"window painted: {picture}"


def take_row(program: Program) -> str:
    """One row from an empty book to a sealed package, every step a command."""
    book, out = program.place / "smoke.wuji", program.place / "out"
    passphrase = program.place / "passphrase.txt"
    passphrase.write_text("山高水长 2006\n", encoding="utf-8")
    program.run("new", book, "--institution", "QS,青山信用社", "--base-date", BASE_DATE)
    for name, role in ((CLERK, "preparer"), (ACCOUNTANT, "accountant"), (HEAD, "head")):
        program.run("people", book, "add", name, "--role", role)
    program.run("key", book, "--new", "--passphrase-file", passphrase)
    balances, listing = program.place / "balances.csv", program.place / "listing.xlsx"
    balances.write_text(BALANCES, encoding="utf-8")
    program.run("import", book, balances, "--balances", "--as", CLERK)
    program.run("template", TABLE, listing, "--ruleset", RULESET)
    values = _fill_listing(listing)
    program.run("import", book, listing, "--as", CLERK)
    (row,) = program.json("list", book)
    fill = program.place / "fill.json"
    fill.write_text(json.dumps([{"id": row["id"], **values}], ensure_ascii=False), encoding="utf-8")
    program.run("fill", book, fill, "--as", CLERK)
    program.run("confirm", book, "--as", ACCOUNTANT)
    program.run("check", book)
    program.run("export", book, out, "--passphrase-file", passphrase, "--as", HEAD)
    (package,) = out.glob("*.wjz")
    return _verified(program, package)


def _fill_listing(path: Path) -> dict[str, Any]:
    """Writes name, number and amount of a worked case as a clerk would; returns all its values."""
    from openpyxl import load_workbook

    from app.forms import load_ruleset

    cases = load_ruleset(RULESET).table(TABLE).cases
    values = dict(next(case.values for case in cases if case.number == CASE))
    workbook = load_workbook(path)
    sheet = workbook.active
    plain = {"asset_no": "GZ-1", **{key: values[key] for key in ("name", "carrying_amount")}}
    for column, cell in enumerate(sheet[KEY_ROW], 1):
        if cell.value in plain:
            sheet.cell(KEY_ROW + 1, column, plain[cell.value])
    workbook.save(path)
    return values


def _verified(program: Program, package: Path) -> str:
    said = program.run("verify", package).strip().splitlines()
    broken = package.with_name("broken.wjz")
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    broken.write_bytes(data)
    program.run("verify", broken, status=1)
    return f"{package.name}: {said[0]}; with one bit changed it is refused"


def make_demo(program: Program) -> str:
    """The demonstration: listings, papers, reports, workbooks; the book's summary after it."""
    made = program.json("demo", program.place / "demo", "--offices", "1")
    (office,) = made["offices"]
    if not office["verified"]:
        raise SmokeError(f"the package of the demonstration does not hold: {office['package']}")
    program.run("verify", office["package"])
    program.run("register", office["book"], program.place / "register.xlsx")
    return f"demonstration: {office['rows']} rows, {len(office['files'])} files, sealed, verified"


def see_driver(program: Program) -> str:
    """The driver for a union's server is there, though no server is."""
    said = program.run("list", NOBODY, status=2)
    if "连不上数据库" not in said:
        raise SmokeError(f"no word about the connection: {said}")
    return "driver for PostgreSQL is there"


def first_paint(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from starting the process to the first paint, as the window benchmark takes it."""
    started = time.monotonic()
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return float(done.stdout.split()[-1]) - started


def time_start(program: Program, rounds: int = ROUNDS) -> str:
    """The first paint of the program and of a bare window, both frozen, in turns."""
    times: dict[str, list[float]] = {"frame": [], "bare": []}
    for _ in range(rounds + 1):
        for kind, found in times.items():
            environment = program.environment(WUJI_FIRST_PAINT=kind)
            found.append(first_paint([str(program.file)], environment))
    # The first round warms the disk's cache.
    frame, bare = times["frame"][1:], times["bare"][1:]
    ratio = statistics.median(one / other for one, other in zip(frame, bare, strict=True))
    return (
        f"first paint {statistics.median(frame):.3f} s (best {min(frame):.3f}, first after the "
        f"build {times['frame'][0]:.3f}), {ratio:.2f} × a bare window, {rounds} rounds"
    )


def try_out(folder: Path, picture: Path) -> None:
    """Every step in a folder of its own; prints a line for each."""
    file = folder.resolve() / (f"{NAME}.exe" if sys.platform == "win32" else NAME)
    with tempfile.TemporaryDirectory(prefix="wuji-smoke-") as place:
        program = Program(file, Path(place))
        print(f"✓ {see_version(program)}", flush=True)
        print(f"✓ {see_window(program, picture.resolve())}", flush=True)
        for step in (import_all, take_row, make_demo, see_driver, time_start):
            print(f"✓ {step(program)}", flush=True)


def main(arguments: list[str]) -> int:
    """Tries the folder that is named, or the one that was built last."""
    print_whatever_comes()
    folder = Path(arguments[0]) if arguments else ROOT / "dist" / NAME
    try:
        try_out(folder, ROOT / "build" / "installer" / "window.png")
    except SmokeError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
