"""Several files that come into a folder together, or not at all."""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.files import sync_folder
from app.papers.errors import PaperError


@contextmanager
def desk_in(out: Path, name: str) -> Iterator[Path]:
    """A hidden folder to work in, inside `out` so that finished files only change their name."""
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    # Named by the computer too: at a union on a server several may write into one folder.
    prefix = f".export-{name}-{re.sub(r'[^0-9A-Za-z]', '_', platform.node())}-"
    for left_behind in out.glob(f"{prefix}*"):
        # Only an export that was killed here leaves one.
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
        """Moves the files; those of an earlier export are replaced, each at one stroke."""
        self.make_room(files)
        self.replaced.mkdir()
        targets = {self.out / name: path for name, path in files.items()}
        for target, path in targets.items():
            self._undo.append((target, self._second_name(target)))
            os.replace(path, target)
        for folder in {target.parent for target in targets}:
            sync_folder(folder)
        return list(targets)

    def make_room(self, files: Iterable[str]) -> None:
        """Makes the folders, and refuses what can't be put; nothing is replaced yet."""
        for target in (self.out / name for name in files):
            if target.is_dir():
                raise PaperError(f"{target} 是文件夹，文件放不进去。请换一个导出文件夹。")
            self._make_folder(target.parent)

    def _second_name(self, target: Path) -> Path | None:
        """The earlier file under another name; it keeps its own, so that a kill loses nothing."""
        if not target.exists():
            return None
        earlier = self.replaced / str(len(self._undo))
        try:
            os.link(target, earlier)
        except OSError:
            # Memory sticks know no second names.
            shutil.copy2(target, earlier)
        return earlier

    def _make_folder(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(parents=True)
            self._made.append(folder)

    def take_back(self) -> None:
        """Everything as it was before."""
        for target, earlier in reversed(self._undo):
            if earlier is None:
                target.unlink(missing_ok=True)
            else:
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
