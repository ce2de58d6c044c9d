"""Run the benchmarks and print their figures: ``python -m tests.benchmarks [NAME ...]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks._measurement import Measurement

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """All benchmarks: the modules of this folder without a leading underscore."""
    found = pkgutil.iter_modules([str(FOLDER)])
    return sorted(module.name for module in found if not module.name.startswith(("_", "test_")))


def run(name: str) -> Iterator[Measurement]:
    """The figures of one benchmark, as they come."""
    yield from importlib.import_module(f"tests.benchmarks.{name}").measure()


def line(measurement: Measurement) -> str:
    """One figure as a line to read."""
    sign = "✓" if measurement.kept else "✗"
    side = "at least" if measurement.at_least else "at most"
    note = f"  ({measurement.note})" if measurement.note else ""
    return (
        f"{sign} {measurement.name:<50} {measurement.value:>12,.3f} {measurement.unit:<7} "
        f"{side} {measurement.limit:,g}, {measurement.share:.2f} of it{note}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; the exit status is 1 when a limit was not kept."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(names())}; default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of lines")
    options = parser.parse_args(arguments)
    if unknown := set(options.name) - set(names()):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    measured: list[Measurement] = []
    for name in options.name or names():
        if not options.json:
            print(f"── {name}", flush=True)
        for measurement in run(name):
            measured.append(measurement)
            if not options.json:
                print(line(measurement), flush=True)
    if options.json:
        print(json.dumps([asdict(m) | {"kept": m.kept} for m in measured], ensure_ascii=False))
    return 0 if all(measurement.kept for measurement in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
