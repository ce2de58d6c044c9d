"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def temporary_beside(target: Path) -> Path:
    """A name in the target's folder that no one else uses while it is being written."""
    return target.with_name(f".{target.name}.{os.getpid()}.part")


@contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[Path]:
    """Gives a temporary path; after the block its file is on disk under the target's name.

    When the block fails, the target stays as it was and the temporary file is gone. `private`:
    nobody else who works on the machine can read it, at no moment.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = temporary_beside(target)
    if private:
        part.unlink(missing_ok=True)
        part.touch(0o600)
    try:
        yield part
        sync_file(part)
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Brings the bytes of a file to the disk."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Brings the names in a folder to the disk."""
    # A rename survives a power cut only when the folder is flushed too; Windows has no such call.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
