"""What calamine does not tell of .xls and other OLE files: content, passwords, error values.

The container is Microsoft's compound file (MS-CFB), the workbook a stream of BIFF records (MS-XLS).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from

from app.intake.cells import BadCell

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
Place = tuple[int, int]

_FREE = 0xFFFFFFFA
"""Sector numbers from here on mark ends, not sectors."""
_SMALL = 4096
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"} | {
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DIMENSIONS = 0x809, 0x0A, 0x85, 0x2F, 0x200
_FORMULA, _BOOLERR, _MULRK = 0x06, 0x205, 0xBD
_CELLS = frozenset((_FORMULA, _BOOLERR, _MULRK, 0xFD, 0x203, 0x204, 0x27E, 0xD6))
"""Records of cells with a value: each begins with row and column."""
_MOST_ROWS, _MOST_COLUMNS = 65536, 256


@dataclass(slots=True)
class SheetScan:
    """How far the cells of a sheet reach, and its error values."""

    last_row: int = 0
    last_column: int = 0
    bad: dict[Place, BadCell] = field(default_factory=dict)

    def reach(self, row: int, column: int) -> None:
        """Counts a cell."""
        if column >= _MOST_COLUMNS:
            raise BrokenContainerError("column")
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)


class BrokenContainerError(Exception):
    """The bytes are not a whole compound file."""


class Container:
    """A compound file, read as far as the streams of a workbook need."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.shift = unpack_from("<H", data, 30)[0]
            if self.shift not in (9, 12):
                raise BrokenContainerError("sector size")
            self._fat = self._allocation()
            self.entries = dict(self._directory(unpack_from("<I", data, 48)[0]))
            small_fat = b"".join(self._sectors(unpack_from("<I", data, 60)[0]))
            self._small_fat = unpack_from(f"<{len(small_fat) // 4}I", small_fat)
        except struct.error as error:
            raise BrokenContainerError(str(error)) from error

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; those below 4,096 bytes lie in pieces of the root's stream."""
        start, size = self.entries[name]
        if size >= _SMALL:
            return b"".join(self._sectors(start))[:size]
        root = b"".join(self._sectors(self.entries["Root Entry"][0]))
        pieces = (root[n * 64 : n * 64 + 64] for n in _chain(self._small_fat, start))
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        size = 1 << self.shift
        start = (number + 1) * size
        if start >= len(self.data):
            raise BrokenContainerError(f"sector {number} lies outside")
        return self.data[start : start + size].ljust(size, b"\0")

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return unpack_from(f"<{1 << self.shift - 2}I", self._sector(sector))

    def _allocation(self) -> list[int]:
        sectors = [n for n in unpack_from("<109I", self.data, 76) if n < _FREE]
        following, left = unpack_from("<II", self.data, 68)
        while following < _FREE and left > 0:
            *numbers, following = self._numbers(following)
            sectors += [n for n in numbers if n < _FREE]
            left -= 1
        return [number for sector in sectors for number in self._numbers(sector)]

    def _sectors(self, start: int) -> Iterator[bytes]:
        return map(self._sector, _chain(self._fat, start))

    def _directory(self, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
        data = b"".join(self._sectors(start))
        for at in range(0, len(data) - 127, 128):
            length = unpack_from("<H", data, at + 64)[0]
            if 2 < length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                yield name, unpack_from("<II", data, at + 116)


def _chain(table: Sequence[int], start: int) -> Iterator[int]:
    """The numbers of the sectors of a stream, from the first on."""
    for _ in range(len(table) + 1):
        if start >= _FREE:
            return
        yield start
        if start >= len(table):
            break
        start = table[start]
    raise BrokenContainerError("a chain of sectors has no end")


def workbook_stream(container: Container) -> bytes | None:
    """The BIFF records, None when the container holds no workbook."""
    name = next((n for n in ("Workbook", "Book") if n in container.entries), None)
    return container.stream(name) if name else None


def is_encrypted(container: Container) -> bool:
    """Whether the container is an encrypted .xlsx, or a workbook with a password."""
    if "EncryptedPackage" in container.entries:
        return True
    stream = workbook_stream(container)
    if stream is None:
        return False
    for kind, _ in _records(stream, 0):
        if kind == _FILEPASS:
            return True
        if kind == _EOF:
            break
    return False


def sheet_scans(stream: bytes) -> dict[str, SheetScan]:
    """What each sheet holds besides its values."""
    found = {}
    for kind, body in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _BOUNDSHEET and len(body) > 8:
            found[_sheet_name(body)] = _scan(stream, unpack_from("<I", body)[0])
    return found


def _sheet_name(body: bytes) -> str:
    wide = body[7] & 1
    return body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _scan(stream: bytes, start: int) -> SheetScan:
    scan = SheetScan()
    depth = 0
    for kind, body in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
        if kind == _DIMENSIONS:
            _check_dimensions(body)
        elif kind in _CELLS and len(body) >= 4:
            row, column = unpack_from("<HH", body)
            if kind == _MULRK:
                column = unpack_from("<H", body, len(body) - 2)[0]
            scan.reach(row, column)
            code = _error_code(kind, body)
            if code is not None:
                scan.bad[row, column] = BadCell(_ERRORS.get(code, "#"))
    return scan


def _check_dimensions(body: bytes) -> None:
    """calamine sets memory aside as the sheet claims; a claim beyond the format is a break."""
    if len(body) == 14:
        first_row, last_row, first_column, last_column = unpack_from("<IIHH", body)
    elif len(body) == 10:
        first_row, last_row, first_column, last_column = unpack_from("<HHHH", body)
    else:
        raise BrokenContainerError("dimensions")
    ordered = first_row <= last_row and first_column <= last_column
    if not ordered or last_row > _MOST_ROWS or last_column > _MOST_COLUMNS:
        raise BrokenContainerError("dimensions")


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
