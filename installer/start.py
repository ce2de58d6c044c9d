"""Where the frozen program begins."""

from __future__ import annotations

import importlib
import os
import sys


def main() -> int:
    """Runs the command; with no arguments, the window."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Windows gives a program without a console nowhere to write.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    if names := os.environ.get("WUJI_IMPORT"):
        # The smoke test names what the program imports anywhere, most of it only when used.
        print(len([importlib.import_module(name) for name in names.split()]))
        return 0
    if kind := os.environ.get("WUJI_FIRST_PAINT"):
        from installer.first_paint import show

        return show(kind, os.environ.get("WUJI_PICTURE", ""))
    from app.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
