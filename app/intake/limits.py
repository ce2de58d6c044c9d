"""How much a file may hold, so that a broken or hostile one is refused at once."""

from __future__ import annotations

MOST_BYTES = 512 * 1024 * 1024
"""Bytes of one unpacked part of a workbook."""

MOST_CELLS = 16_000_000
"""Cells of the rectangle from A1 to the last filled cell; calamine keeps 32 bytes for each."""

MOST_ROWS = 200_000
"""Rows with something in them."""

MOST_COLUMNS = 500

BYTES_TEXT = "512 MB"
RANGE_TEXT = f"{MOST_ROWS // 10000}万行、{MOST_COLUMNS}列"
