"""Whether a listing fits another table better than the one it is read for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.forms.loader import ruleset_for
from app.intake.listing import likelier_table, recognise
from app.intake.workbook import read_sheets

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples" / "qingshan-2006"
DAY = date(2006, 12, 31)


@pytest.mark.parametrize(
    ("name", "table", "likelier"),
    [
        ("fixed-assets.xlsx", "1-5", "1-8"),
        ("fixed-assets.xlsx", "1-8", ""),
        ("other-receivables.csv", "1-8", "1-5"),
        ("other-receivables.csv", "1-5", ""),
    ],
)
def test_the_table_that_more_columns_speak_for(name: str, table: str, likelier: str) -> None:
    sheets = read_sheets(SAMPLES / name)
    listing = recognise(sheets, ruleset_for(DAY), table=table, base_date=DAY)
    assert likelier_table(listing, sheets) == likelier
