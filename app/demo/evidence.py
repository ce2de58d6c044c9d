"""Made-up evidence for the demonstration: small pictures that say what they stand for."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from app.resources import resource_path

SIZE = (620, 400)


@lru_cache(maxsize=256)
def picture(paper: str, office: str) -> bytes:
    """A PNG that stands for a paper; it says that it is made up."""
    from PIL import Image, ImageDraw

    image = Image.new("L", SIZE, 246)
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, SIZE[0] - 15, SIZE[1] - 15), outline=90, width=2)
    lines = ((paper, 30, 110), (office, 22, 200), ("演示用，非真实凭证", 20, 320))
    for text, size, top in lines:
        draw.text((SIZE[0] / 2, top), text, fill=40, font=_font(size), anchor="mm")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@lru_cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    file = resource_path("fonts", "NotoSansSC-Regular-GB2312-TGH.ttf")
    return ImageFont.truetype(str(file), size)
