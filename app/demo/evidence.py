"""Made-up evidence for the demonstration: small pictures that say what they stand for."""

from __future__ import annotations

import io

from app.resources import resource_path

SIZE = (620, 400)


def picture(paper: str, office: str, subject: str) -> bytes:
    """A PNG that stands for a paper; it says that it is made up."""
    from PIL import Image, ImageDraw, ImageFont

    font_file = str(resource_path("fonts", "NotoSansSC-Regular-GB2312-TGH.ttf"))
    image = Image.new("L", SIZE, 246)
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, SIZE[0] - 15, SIZE[1] - 15), outline=90, width=2)
    lines = (
        (paper, 34, 90),
        (office, 22, 170),
        (subject, 22, 215),
        ("演示用，非真实凭证", 20, 320),
    )
    for text, size, top in lines:
        font = ImageFont.truetype(font_file, size)
        draw.text((SIZE[0] / 2, top), text, fill=40, font=font, anchor="mm")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
