"""Files as pages to look at: PDF, photos, scans of many pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from app.intake import pages
from app.intake.pages import PagePicture, can_be_shown, open_pages
from app.intake.photos import EvidenceFileError
from tests.intake.test_photos import corner, photo


def pdf(*sizes: tuple[float, float]) -> bytes:
    """A PDF of plain pages, a red square in the upper left of each."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer)
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.setFillColorRGB(0, 0, 0.8)
        canvas.rect(0, 0, width, height, stroke=0, fill=1)
        canvas.setFillColorRGB(0.8, 0, 0)
        canvas.rect(0, height / 2, width / 2, height / 2, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def image_of(picture: PagePicture) -> Image.Image:
    assert len(picture.content) == picture.stride * picture.height
    size = (picture.width, picture.height)
    return Image.frombuffer("RGB", size, picture.content, "raw", "BGRX", picture.stride, 1)


def test_the_pages_of_a_pdf() -> None:
    opened = open_pages(pdf((595, 842), (842, 595)), "合同.PDF")
    assert opened.count == 2
    assert [opened.size(page) for page in range(2)] == [(595, 842), (842, 595)]
    for page, expected in ((0, (400, 566)), (1, (400, 283))):
        image = image_of(opened.picture(page, 400))
        assert image.size == pytest.approx(expected, abs=1)
        assert corner(image) == "left top"


def test_a_photo_is_one_upright_page() -> None:
    opened = open_pages(photo((600, 400), orientation=6), "a.jpg")
    assert (opened.count, opened.size(0)) == (1, (400, 600))
    image = image_of(opened.picture(0, 200))
    assert image.size == (200, 300)
    assert corner(image) == "right top"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_every_kind_of_picture(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    opened = open_pages(photo((60, 40), kind, mode=mode), f"a.{kind.lower()}")
    assert image_of(opened.picture(0, 30)).size == (30, 20)


def test_a_scan_of_many_pages() -> None:
    sheets = [Image.new("L", (200, 100 + 50 * n), 255) for n in range(3)]
    buffer = BytesIO()
    sheets[0].save(buffer, "TIFF", save_all=True, append_images=sheets[1:])
    opened = open_pages(buffer.getvalue(), "a.tiff")
    assert opened.count == 3
    assert [opened.size(page)[1] for page in (2, 0, 1)] == [200, 100, 150]


def test_a_large_scan_is_drawn_no_finer_than_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WIDEST", 300)
    monkeypatch.setattr(pages, "LONGEST", 500)
    assert open_pages(photo((3000, 1500)), "a.jpg").picture(0, 9999).width == 300
    strip = open_pages(pdf((100, 1000)), "a.pdf").picture(0, 9999)
    assert (strip.width, strip.height) == pytest.approx((50, 500), abs=1)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.4 broken", "坏.pdf"), (b"", "空.pdf"), (b"x", "坏.png"), (b"x", "表.xlsx")],
)
def test_what_cannot_be_shown_is_said(content: bytes, name: str) -> None:
    with pytest.raises(EvidenceFileError, match=name):
        open_pages(content, name)


def test_which_files_can_be_shown() -> None:
    names = ("a.pdf", "a.JPG", "a.tiff", "a.docx", "pdf")
    assert [can_be_shown(name) for name in names] == [True, True, True, False, False]
