"""Photos become evidence: upright, small, without their place; what can't is said in one line."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.intake import photos
from app.intake.photos import EvidenceFileError, evidence_files, upright_photo

RED, BLUE = (200, 30, 40), (30, 40, 200)
PLACE_IFD, SOFTWARE, ORIENTATION = 0x8825, 0x0131, 0x0112


def photo(
    size: tuple[int, int], kind: str = "JPEG", *, orientation: int = 0, place: bool = False,
    mode: str = "RGB", **options: Any,
) -> bytes:  # fmt: skip
    """A picture whose upper left quarter is red, the rest blue."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION] = orientation
    if place:
        exif[SOFTWARE] = "SecretPhone"
        exif.get_ifd(PLACE_IFD).update({1: "N", 2: (40.0, 50.0, 12.0)})
    if orientation or place:
        options["exif"] = exif
    buffer = BytesIO()
    image.convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def read(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def corner(image: Image.Image) -> str:
    """Where the red quarter is."""
    width, height = image.size
    names = {"left top": (1, 1), "right top": (3, 1), "left bottom": (1, 3), "right bottom": (3, 3)}
    plain = image.convert("RGB")
    found = []
    for name, (x, y) in names.items():
        pixel: Any = plain.getpixel((width * x // 4, height * y // 4))
        if pixel[0] > pixel[2]:
            found.append(name)
    return ",".join(found)


def test_a_large_photo_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "房产证.JPG"
    path.write_bytes(photo((4000, 3000)))
    [file] = evidence_files(path, path.name)
    assert file.name == "房产证.jpg"
    assert read(file.content).size == (2000, 1500)
    assert len(file.content) < path.stat().st_size


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(1, "left top"), (3, "right bottom"), (6, "right top"), (8, "left bottom")],
)
@pytest.mark.parametrize("size", [(400, 300), (3000, 2400)])
def test_a_photo_is_turned_upright(orientation: int, expected: str, size: tuple[int, int]) -> None:
    image = read(upright_photo(photo(size, orientation=orientation), "a.jpg").content)
    assert corner(image) == expected
    assert (image.width > image.height) is (orientation in (1, 3))
    assert image.getexif().get(ORIENTATION) in (None, 1)


@pytest.mark.parametrize("size", [(400, 300), (3000, 2400)])
def test_the_place_is_dropped(size: tuple[int, int]) -> None:
    given = photo(size, place=True, comment=b"my secret")
    assert b"SecretPhone" in given
    content = upright_photo(given, "a.jpg").content
    assert not read(content).getexif()
    assert b"SecretPhone" not in content
    assert b"secret" not in content


def test_what_is_small_and_upright_stays_byte_for_byte() -> None:
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        content = photo((800, 600), kind)
        assert evidence_files(content, name) == [photos.EvidenceFile(name, content)]


def test_a_plain_scan_stays_where_scaling_makes_it_larger() -> None:
    content = photo((2480, 3508), "PNG", mode="1")
    [file] = evidence_files(content, "扫描.png")
    assert file.content == content


def test_what_is_transparent_becomes_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (3000, 100), (0, 0, 0, 0)).save(buffer, "PNG", compress_level=0)
    file = upright_photo(buffer.getvalue(), "章.png")
    assert file.name == "章.jpg"
    assert read(file.content).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_are_scaled_too(mode: str) -> None:
    image = read(upright_photo(photo((3000, 2000), mode=mode, orientation=6), "a.jpg").content)
    assert image.size == (1333, 2000)
    assert image.mode == ("L" if mode == "L" else "RGB")


def test_a_bitmap_becomes_a_photo() -> None:
    file = upright_photo(photo((300, 200), "BMP"), "旧.bmp")
    assert (file.name, read(file.content).format) == ("旧.jpg", "JPEG")


def test_the_original_is_kept_on_wish() -> None:
    large, small = photo((3000, 2000)), photo((300, 200))
    scaled, original = evidence_files(large, "合同.JPEG", keep_original=True)
    assert (scaled.name, original.name) == ("合同.jpg", "合同（原件）.JPEG")
    assert original.content == large
    assert len(evidence_files(small, "合同.jpg", keep_original=True)) == 1


def test_many_pages_stay_together() -> None:
    pages = [Image.new("1", (2600, 100), 1) for _ in range(3)]
    buffer = BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    [file] = evidence_files(buffer.getvalue(), "合同.tif")
    assert file.content == buffer.getvalue()


def test_other_files_are_taken_as_they_are(tmp_path: Path) -> None:
    assert evidence_files(b"any bytes", "说明.docx")[0].content == b"any bytes"
    with pytest.raises(EvidenceFileError, match=r"“没有\.pdf”读不出来：没有这个文件"):
        evidence_files(tmp_path / "没有.pdf", "没有.pdf")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.pdf", "是空文件"), (b"", "空.jpg", "是空文件"),
        (b"no picture", "假.png", "不是图片"), (photo((600, 400))[:-3000], "断.jpg", "已损坏"),
        (photo((3000, 2000))[:20000], "断.jpg", "已损坏"), (b"x", "手机.HEIC", "HEIC"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_line(content: bytes, name: str, words: str) -> None:
    with pytest.raises(EvidenceFileError, match=words) as caught:
        evidence_files(content, name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_too_large_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(photos, "LARGEST", 1 << 10)
    path = tmp_path / "大.pdf"
    path.write_bytes(bytes(2000))
    for source in (path, bytes(2000)):
        with pytest.raises(EvidenceFileError, match=r"“大.pdf”超过0兆"):
            evidence_files(source, "大.pdf")
    with pytest.raises(EvidenceFileError, match="超过"):
        evidence_files(photo((900, 900), quality=100), "大.jpg")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(EvidenceFileError, match="像素"):
        evidence_files(photo((100, 100)), "炸.png")
