"""Fonts: which has a character, what neither has, and that rare names can be found again."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from app.papers.fonts import (
    MAIN,
    SPARE,
    PaperFonts,
    Run,
    main_characters,
    text_width,
    to_unicode_map,
)
from app.papers.pen import Pen
from app.papers.spool import PaperFile
from tests.papers.reading import page_texts

RARE_NAMES = "䶮喆堃㛃𬀩"
ONLY_SPARE = "㐀"
NOWHERE = "𡱖"


def one_line(path: Path, text: str) -> PaperFonts:
    """Writes one line of text as a PDF."""
    out = BytesIO()
    file = PaperFile(out, title="t", author="a", created=None)
    fonts = PaperFonts()
    pen = Pen(file, fonts)
    pen.text(20, 50, fonts.prepare(text), 12)
    file.end_page(400, 100, pen.take())
    file.close()
    path.write_bytes(out.getvalue())
    return fonts


def test_rare_names_come_back_as_text(tmp_path: Path) -> None:
    path = tmp_path / "names.pdf"
    fonts = one_line(path, f"姓名{RARE_NAMES}{ONLY_SPARE}")
    assert not fonts.missing
    assert page_texts(path) == [f"姓名{RARE_NAMES}{ONLY_SPARE}"]


def test_characters_beyond_the_bmp_come_back_from_poppler(tmp_path: Path) -> None:
    path = tmp_path / "names.pdf"
    one_line(path, "𬀩𫘧𬘡")
    try:
        done = subprocess.run(
            ["pdftotext", str(path), "-"], capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("poppler-utils is not installed")
    assert done.stdout.strip() == "𬀩𫘧𬘡"


def test_the_unicode_map_writes_pairs_and_blocks_of_a_hundred() -> None:
    codes = [0x2C029, *range(0x4E00, 0x4E00 + 120)]
    text = to_unicode_map("F", codes)
    assert "<00> <D870DC29>" in text
    assert "<01> <4E00>" in text
    assert text.count("100 beginbfchar") == 1
    assert text.count("21 beginbfchar") == 1


def test_what_no_font_has_is_written_as_its_code_and_reported() -> None:
    fonts = PaperFonts()
    assert fonts.prepare(f"王{NOWHERE}明") == "王〔U+21C56〕明"
    assert fonts.prepare(f"{NOWHERE}") == "〔U+21C56〕"
    [missing] = fonts.missing
    assert missing.character == NOWHERE
    assert missing.code_point == "U+21C56"
    assert missing.found_in == f"王{NOWHERE}明"


@pytest.mark.parametrize(
    ("raw", "prepared"),
    [
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("甲\t乙\u2009丙", "甲 乙 丙"),
        ("甲\x07乙\u200b丙\ufeff", "甲乙丙"),
        ("葛\U000e0100", "葛"),
        ("①√□■①℃", "①√□■①℃"),
    ],
)
def test_texts_are_cleaned_of_what_cannot_be_seen(raw: str, prepared: str) -> None:
    fonts = PaperFonts()
    assert fonts.prepare(raw) == prepared
    assert not fonts.missing


def test_a_text_is_cut_where_the_font_changes() -> None:
    runs = PaperFonts().runs(f"王{ONLY_SPARE}{ONLY_SPARE}明")
    assert runs == [Run(MAIN, "王"), Run(SPARE, ONLY_SPARE * 2), Run(MAIN, "明")]


def test_the_spare_font_is_not_loaded_for_ordinary_text() -> None:
    code = (
        "from app.papers import fonts; f = fonts.PaperFonts(); f.prepare('青山信用社䶮');"
        "from reportlab.pdfbase import pdfmetrics; print(sorted(pdfmetrics._fonts))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "WujiSerif" in done.stdout
    assert "WujiHan" not in done.stdout


def test_widths_of_chinese_and_latin() -> None:
    assert text_width("青山", 10) == 20
    figures = [text_width(figure, 10) for figure in "0123456789"]
    assert max(figures) - min(figures) < 0.15
    assert main_characters() > set("青山信用社，。（）《》0123456789")
