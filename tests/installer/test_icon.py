"""The program's icon in the forms that desktops ask for."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops

from installer import icon
from installer.contents import ICON


def test_windows_finds_every_size() -> None:
    with Image.open(ICON) as image:
        assert {width for width, _ in image.info["sizes"]} == set(icon.SIZES)


def test_the_picture_is_drawn_from_the_svg(tmp_path: Path) -> None:
    (tmp_path / "wuji.svg").write_bytes((ICON.parent / "wuji.svg").read_bytes())
    png, ico = icon.draw(tmp_path)
    with Image.open(png) as drawn, Image.open(ICON.parent / "wuji.png") as kept:
        assert drawn.size == kept.size == (256, 256)
        low, high = ImageChops.difference(drawn, kept.convert(drawn.mode)).convert("L").getextrema()
        assert (low, high) <= (0, 8)
    assert ico.is_file()
