"""Several files that come into a folder together, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.papers.errors import PaperError
from app.papers.files import sync_folder


@contextmanager
def desk_in(out: Path, name: str) -> Iterator[Path]:
    """A hidden folder to work in, inside `out` so that finished files only change their name."""
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    prefix = f".export-{name}-"
    for left_behind in out.glob(f"{prefix}*"):
        # Only a killed export of this very book, which is locked, leaves one.
        shutil.rmtree(left_behind, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(dir=out, prefix=prefix) as folder:
            yield Path(folder)
    finally:
        if is_new and not any(out.iterdir()):
            out.rmdir()


class Placing:
    """Puts finished files into their place, and takes all of them back when that fails."""

    def __init__(self, out: Path, replaced: Path) -> None:
        self.out = out
        self.replaced = replaced
        self._undo: list[tuple[Path, Path | None]] = []
        self._made: list[Path] = []

    def put(self, files: Mapping[str, Path]) -> list[Path]:
        """Moves the files; those of an earlier export are replaced."""
        self.replaced.mkdir()
        targets = {self.out / name: path for name, path in files.items()}
        for target, path in targets.items():
            if target.is_dir():
                raise PaperError(f"{target} 是文件夹，文件放不进去。请换一个导出文件夹。")
            self._make_folder(target.parent)
            earlier = self.replaced / str(len(self._undo)) if target.exists() else None
            if earlier is not None:
                os.replace(target, earlier)
            self._undo.append((target, earlier))
            os.replace(path, target)
        for folder in {target.parent for target in targets}:
            sync_folder(folder)
        return list(targets)

    def _make_folder(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(parents=True)
            self._made.append(folder)

    def take_back(self) -> None:
        """Everything as it was before."""
        for target, earlier in reversed(self._undo):
            target.unlink(missing_ok=True)
            if earlier is not None:
                os.replace(earlier, target)
        for folder in reversed(self._made):
            folder.rmdir()


@contextmanager
def placing_into(out: Path, replaced: Path) -> Iterator[Placing]:
    """Puts files into a folder; when the block fails, everything is as it was before."""
    placing = Placing(out, replaced)
    try:
        yield placing
    except BaseException:
        placing.take_back()
        raise
