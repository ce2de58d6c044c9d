"""What calamine does not tell of .xlsx: how far cells reach, error values, unvalued formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from zipfile import ZipFile

from app.intake.cells import UNCOMPUTED, BadCell, column_number
from app.intake.limits import MOST_CELLS, MOST_ROWS

Place = tuple[int, int]

# Some programs write a prefix before every tag; P stands for it.
_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_ROW = rb'<Prow\b[^>]*? r="(\d+)"'
_COLUMN = rb'<Pc\b[^>]*? r="([A-Z]{1,3})\d'
_FILLED = rb' r="([A-Z]{1,3})(\d+)"[^<>]*>\s*<P(?:v|is|f)\b'
_ERROR = rb'<Pc\b([^>]*\bt="e"[^>]*)>(.*?)</Pc>'
_ERROR_WORD = rb"<Pv>([^<]*)<"
_UNCOMPUTED = (
    rb"<Pc\b([^>]*)>\s*<Pf\b(?:[^>]*/>|[^>]*>[^<]*</Pf>)\s*"
    rb"(?:<Pv\s*/>\s*|<Pv>\s*</Pv>\s*)?</Pc>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')


def sheet_parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and of the archive's entry that holds it."""
    targets = {
        node.get("Id", ""): node.get("Target", "")
        for node in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    entries = set(archive.namelist())
    for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        # The attribute's namespace differs between the transitional and the strict format.
        relation = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if node.tag.rpartition("}")[2] == "sheet" and part in entries:
            yield node.get("name", ""), part


class SheetScan:
    """One pass over the XML of a sheet."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        root = _ROOT.search(xml)
        self.prefix = (root.group(1) if root else None) or b""
        self.filled_rows = 0
        """How many rows hold something; 0 when there are so few that nobody counted."""

    def _pattern(self, source: bytes) -> re.Pattern[bytes]:
        return re.compile(source.replace(b"P", self.prefix), re.DOTALL)

    def last_cell(self) -> Place:
        """Last row and last column, from 0, at least as far as the filled cells reach."""
        numbers = self._pattern(_ROW).findall(self.xml)
        rows = max(map(int, numbers), default=1)
        columns = _last_column(self._pattern(_COLUMN).findall(self.xml))
        if len(numbers) > MOST_ROWS or rows * (columns + 1) > MOST_CELLS:
            # Styled but empty cells don't count; only now is the slow, exact look worth its time.
            filled = self._pattern(_FILLED).findall(self.xml)
            filled_rows = {row for _, row in filled}
            self.filled_rows = len(filled_rows)
            rows = max(map(int, filled_rows), default=1)
            columns = _last_column([letters for letters, _ in filled])
        return rows - 1, columns

    def bad_cells(self) -> dict[Place, BadCell]:
        """Error values, and formulas that no program has computed."""
        return self._errors() | self._uncomputed()

    def _errors(self) -> dict[Place, BadCell]:
        found: dict[Place, BadCell] = {}
        pattern, word = self._pattern(_ERROR), self._pattern(_ERROR_WORD)
        for at in self._tags_with(b't="e"'):
            match = pattern.match(self.xml, at)
            if match:
                shown = word.search(match.group(2))
                bad = BadCell(shown.group(1).decode() if shown else "#")
                found |= dict.fromkeys(_places(match.group(1)), bad)
        return found

    def _uncomputed(self) -> dict[Place, BadCell]:
        found: dict[Place, BadCell] = {}
        pattern = self._pattern(_UNCOMPUTED)
        for at in self._tags_with(b"<" + self.prefix + b"f"):
            match = pattern.match(self.xml, at)
            # An empty text is a computed value too.
            if match and b't="str"' not in match.group(1):
                bad = BadCell(UNCOMPUTED, formula=True)
                found |= dict.fromkeys(_places(match.group(1)), bad)
        return found

    def _tags_with(self, sign: bytes) -> Iterator[int]:
        """Where the tags begin that hold the sign or stand before it; quicker than a regex."""
        at = self.xml.find(sign)
        while at >= 0:
            yield self.xml.rfind(b"<", 0, at)
            at = self.xml.find(sign, at + 1)


def _last_column(letters: list[bytes]) -> int:
    return max((column_number(text.decode()) for text in set(letters)), default=0)


def _places(attributes: bytes) -> list[Place]:
    match = _PLACE.search(attributes)
    if not match:
        return []
    return [(int(match.group(2)) - 1, column_number(match.group(1).decode()))]
