"""Stamps: a drawn business stamp, or the office's scanned seal with its paper taken away."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from app.papers.errors import PaperError
from app.papers.pen import MM
from app.papers.seal import SealPictureError, Stamp, clear_paper
from tests.papers.reading import page_sizes, page_texts


def scanned_seal(size: tuple[int, int] = (400, 300)) -> bytes:
    """A scan: grey-white paper with a red ring in its middle."""
    picture = Image.new("RGB", size, (244, 242, 238))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((100, 50, 300, 250), outline=(200, 30, 40), width=12)
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_the_drawn_stamp_names_office_purpose_day_and_code(tmp_path: Path, stamp: Stamp) -> None:
    path = tmp_path / "stamp.pdf"
    path.write_bytes(stamp.pdf)
    assert page_texts(path) == ["青山信用社非信贷资产分类业务章2007.01.157K3M-Q9XT-4HRD"]
    assert page_sizes(path) == [(round(46 * MM), round(24 * MM))]


def test_a_long_office_name_is_made_smaller_not_cut(tmp_path: Path) -> None:
    name = "内蒙古自治区青山县农村信用合作社联合社红旗大街信用社"
    path = tmp_path / "stamp.pdf"
    path.write_bytes(Stamp(name, date(2007, 1, 15), "7K3M-Q9XT-4HRD").pdf)
    assert name in page_texts(path)[0]


def test_the_paper_of_a_scan_becomes_transparent_and_its_edges_go() -> None:
    seal = clear_paper(scanned_seal())
    assert abs(seal.width - 201) <= 6
    assert abs(seal.height - 201) <= 6
    middle = seal.getpixel((seal.width // 2, seal.height // 2))
    edge = seal.getpixel((6, seal.height // 2))
    assert isinstance(middle, tuple)
    assert isinstance(edge, tuple)
    assert middle[3] == 0
    assert edge[3] == 255
    assert edge[0] > 150


def test_a_scanned_seal_keeps_its_shape(tmp_path: Path) -> None:
    stamp = Stamp("青山信用社", date(2007, 1, 15), "", scanned_seal())
    width, height = stamp.size
    assert abs(width - height) < 4
    assert max(width, height) == pytest.approx(42 * MM)
    path = tmp_path / "stamp.pdf"
    path.write_bytes(stamp.pdf)
    with pypdfium2.PdfDocument(path) as document:
        shown = document[0].render(scale=1).to_pil().convert("RGB")
    assert shown.getpixel((shown.width // 2, shown.height // 2)) == (255, 255, 255)
    assert page_texts(path) == [""]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(SealPictureError, match="打不开"):
        clear_paper(content)


def test_an_empty_scan_is_refused() -> None:
    out = BytesIO()
    Image.new("RGB", (50, 50), (255, 255, 255)).save(out, "PNG")
    with pytest.raises(PaperError, match="没有看到印迹"):
        clear_paper(out.getvalue())
