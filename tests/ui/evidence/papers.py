"""Made-up papers for the window's tests: photos and PDFs with something to look at."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

LINES = (
    "存款单（演示用，非真实凭证）", "户名：青山信用社", "开户行：某某银行某某支行",
    "金额：人民币 贰拾伍万元整  ￥250,000.00", "存入日：2005年1月10日", "到期日：2007年1月10日",
)  # fmt: skip


def draw_photo(path: Path, size: tuple[int, int] = (1240, 1754)) -> Path:
    """A scan of a deposit slip."""
    from PIL import Image, ImageDraw, ImageFont

    from app.resources import resource_path

    font = ImageFont.truetype(
        str(resource_path("fonts", "NotoSansSC-Regular-GB2312-TGH.ttf")), size[0] // 26
    )
    image = Image.new("RGB", size, (250, 249, 244))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, size[0] - 60, size[1] - 60), outline=(90, 90, 90), width=3)
    for number, line in enumerate(LINES):
        pen.text((120, 140 + number * size[1] // 12), line, fill=(30, 30, 30), font=font)
    image.save(path)
    return path


def draw_pdf(path: Path, pages: int = 3) -> Path:
    """A contract of some pages."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 28)
        canvas.drawString(80, 740, f"CONTRACT {number}/{pages}")
        canvas.rect(80, 80 + 100 * number, 300, 60)
        canvas.showPage()
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path
