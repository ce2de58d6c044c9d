"""The growing PDF file: valid with any number of pages, same bytes for the same input."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from app.papers.fonts import PaperFonts
from app.papers.pen import Pen
from app.papers.spool import PaperFile
from tests.papers.reading import bookmarks, page_texts


def pages(count: int, *, marks: bool = False) -> bytes:
    """A file with numbered pages."""
    out = BytesIO()
    file = PaperFile(out, title="标题（试）", author="青山", created=datetime(2007, 1, 15, 14, 3))
    pen = Pen(file, PaperFonts())
    file.reserve_form("Total")
    for number in range(1, count + 1):
        if marks:
            file.add_bookmark(f"第{number}项", 180)
        pen.text(10, 100, f"第{number}页", 10)
        pen.draw_form("Total", 60, 100)
        file.end_page(200, 200, pen.take())
    pen.text(0, 0, f"共{count}页", 10)
    file.put_form("Total", (0, -5, 100, 20), pen.take())
    file.close()
    return out.getvalue()


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_every_page_is_there_in_order(tmp_path: Path, count: int) -> None:
    path = tmp_path / "pages.pdf"
    path.write_bytes(pages(count, marks=True))
    assert page_texts(path) == [f"第{n}页共{count}页" for n in range(1, count + 1)]
    assert bookmarks(path) == [(f"第{n}项", n - 1) for n in range(1, count + 1)]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert pages(3) == pages(3)


def test_document_properties(tmp_path: Path) -> None:
    path = tmp_path / "pages.pdf"
    path.write_bytes(pages(1))
    with pypdfium2.PdfDocument(path) as document:
        found = document.get_metadata_dict()
    assert found["Title"] == "标题（试）"
    assert found["Author"] == "青山"
    assert found["CreationDate"] == "D:20070115140300"


def test_the_cross_reference_table_points_at_every_object() -> None:
    data = pages(120, marks=True)
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    table = data[start:].split(b"trailer")[0].splitlines()[2:]
    used = [int(line[:10]) for line in table if line.endswith(b"n ")]
    assert len(used) > 360
    assert all(re.match(rb"\d+ 0 obj\n", data[at : at + 20]) for at in used)


def test_pictures_keep_their_transparency(tmp_path: Path) -> None:
    out = BytesIO()
    file = PaperFile(out, title="t", author="a", created=None)
    pen = Pen(file, PaperFonts())
    picture = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    picture.putpixel((1, 0), (0, 0, 0, 0))
    file.put_image("Seal", picture)
    pen.draw_image("Seal", 0, 0, 100, 50)
    file.put_form("Form", (0, 0, 100, 50), pen.take())
    pen.draw_form("Form")
    file.end_page(100, 50, pen.take())
    file.close()
    path = tmp_path / "picture.pdf"
    path.write_bytes(out.getvalue())
    with pypdfium2.PdfDocument(path) as document:
        shown = document[0].render(scale=1).to_pil().convert("RGB")
    assert shown.getpixel((20, 25)) == (255, 0, 0)
    assert shown.getpixel((80, 25)) == (255, 255, 255)
