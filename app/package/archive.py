"""The ZIP of a package: its own hash as comment, opened only when whole and harmless."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from app.package.errors import REFUSED, PackageError

COMMENT_LENGTH = 64
CHUNK = 1 << 20
MAX_ENTRIES = 200_000
MAX_MANIFEST = 64 << 20
MAX_TOTAL = 8 << 30
MAX_RATIO = 200
"""No honest entry shrinks more; a bomb does. Small entries are let pass whatever their ratio."""
_RATIO_FREE = 1 << 20
_FIXED_TIME = (2000, 1, 1, 0, 0, 0)
_STORED = (".pdf", ".xlsx", ".docx", ".jpg", ".png", ".sig")
_ALLOWED = re.compile(
    r"manifest\.json|manifest\.sig|rows\.jsonl|balances\.json|tables\.xlsx|summary\.xlsx"
    r"|report\.docx|index\.html|attachments/[0-9a-f]{64}|forms/[0-9A-Za-z_.-]{1,80}\.pdf"
)


class ArchiveWriter:
    """Writes a package file entry by entry; `close` sets the comment that covers every byte."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.entries: dict[str, tuple[str, int]] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Adds an entry from memory."""
        with self._opened(name, len(content)) as target:
            target.write(content)
        self.entries[name] = (sha256(content).hexdigest(), len(content))

    def add_file(self, name: str, source: Path) -> None:
        """Adds an entry from a file, in pieces."""
        digest, size = sha256(), 0
        with source.open("rb") as file, self._opened(name, source.stat().st_size) as target:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.entries[name] = (digest.hexdigest(), size)

    def _opened(self, name: str, size: int) -> BinaryIO:
        if name in self.entries or not _ALLOWED.fullmatch(name):
            raise ValueError(f"not an entry of a package: {name}")
        # A fixed time: the same content gives the same bytes.
        info = zipfile.ZipInfo(name, _FIXED_TIME)
        info.external_attr = 0o644 << 16
        stored = name.endswith(_STORED)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        return self._zip.open(info, "w", force_zip64=size >= 1 << 31)  # type: ignore[return-value]

    def close(self) -> None:
        """Finishes the file: comment over all bytes before it, flushed to the disk."""
        self._zip.comment = b"0" * COMMENT_LENGTH
        self._zip.close()
        digest = _hash_before_comment(self.path)
        with self.path.open("r+b") as file:
            file.seek(-COMMENT_LENGTH, os.SEEK_END)
            file.write(digest.encode())
            file.flush()
            os.fsync(file.fileno())

    def abandon(self) -> None:
        """Lets go of a file that will not be finished."""
        with suppress(OSError, ValueError):
            self._zip.close()


def _hash_before_comment(path: Path) -> str:
    digest = sha256()
    left = path.stat().st_size - COMMENT_LENGTH
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def check_whole(path: Path) -> None:
    """Refuses a file whose comment is not the hash of all bytes before it."""
    try:
        size = path.stat().st_size
    except OSError:
        raise PackageError(f"找不到文件包 {path.name}。请核对文件名。") from None
    if size < COMMENT_LENGTH + 22:
        raise PackageError(f"{path.name} 不是完整的文件包：文件太短。请重新传送。")
    with path.open("rb") as file:
        file.seek(size - COMMENT_LENGTH - 22)
        tail = file.read()
    ends_well = tail[:4] == b"PK\x05\x06" and tail[20:22] == COMMENT_LENGTH.to_bytes(2, "little")
    if not ends_well:
        raise PackageError(f"{path.name} 不是本系统的文件包，或已被截断。请重新传送。")
    if tail[22:] != _hash_before_comment(path).encode():
        raise PackageError(f"{path.name} 的内容在制作之后变动过（校验码不符）。请重新传送。")


def open_archive(path: Path) -> zipfile.ZipFile:
    """Opens a whole package; refuses strange names, doubles, links, encryption and bombs."""
    check_whole(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise PackageError(f"{path.name} 的目录损坏，打不开。请重新传送。") from None
    try:
        _check_entries(path.name, archive.infolist())
        _check_layout(path, archive.infolist())
    except PackageError:
        archive.close()
        raise
    return archive


def _check_entries(package: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise PackageError(f"{package} 中的文件太多（{len(entries)}个），{REFUSED}")
    seen: set[str] = set()
    total = 0
    for info in entries:
        name = info.filename
        if not _ALLOWED.fullmatch(name) or info.orig_filename != name:
            raise PackageError(f"{package} 中有不该有的文件“{_shown(name)}”，{REFUSED}")
        if name.casefold() in seen:
            raise PackageError(f"{package} 中“{name}”出现两次，{REFUSED}")
        seen.add(name.casefold())
        mode = info.external_attr >> 16
        if info.flag_bits & 1 or (mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode)):
            raise PackageError(f"{package} 中“{name}”是加密文件或链接，{REFUSED}")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackageError(f"{package} 中“{name}”的压缩方法不认识，{REFUSED}")
        total += info.file_size
        ratio_limit = max(info.compress_size * MAX_RATIO, _RATIO_FREE)
        if info.file_size > ratio_limit or total > MAX_TOTAL:
            raise PackageError(f"{package} 中“{name}”解开后过大，{REFUSED}")


def _shown(name: str) -> str:
    """A name that anybody may have chosen, fit for a terminal."""
    return "".join(c if c.isprintable() else "□" for c in name[:60])


def _check_layout(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuses bytes before the first entry, and entries that share their bytes."""
    first = min((info.header_offset for info in entries), default=0)
    if first != 0 or sum(info.compress_size for info in entries) > path.stat().st_size:
        raise PackageError(f"{path.name} 的内部结构不对，不是本系统制作的，{REFUSED}")


def read_entry(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one entry, at most `limit`; PackageError when it can't be read."""
    try:
        with archive.open(name) as file:
            content = file.read(limit + 1)
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise PackageError(f"文件包中缺少“{name}”或它已损坏。请重新传送。") from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise PackageError(f"文件包中“{name}”已损坏。请重新传送。") from None
    if len(content) > limit:
        raise PackageError(f"文件包中“{name}”过大，{REFUSED}")
    return content


def hash_entry(archive: zipfile.ZipFile, name: str, size: int) -> str:
    """SHA-256 of an entry read in pieces; empty when it is not of that size or broken."""
    digest, read = sha256(), 0
    try:
        with archive.open(name) as file:
            while piece := file.read(CHUNK):
                read += len(piece)
                if read > size:
                    return ""
                digest.update(piece)
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        return ""
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        return ""
    return digest.hexdigest() if read == size else ""
