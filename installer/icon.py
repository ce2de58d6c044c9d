"""Draws the program's icon from its SVG: ``python -m installer.icon``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from installer.contents import ICON

SIZES = (16, 20, 24, 32, 48, 64, 128, 256)


def draw(folder: Path) -> list[Path]:
    """Writes wuji.png, for windows, and wuji.ico, for Windows, beside the SVG."""
    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication(["icon", "-platform", "offscreen"])
    renderer = QSvgRenderer(str(folder / "wuji.svg"))
    pictures = []
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        pictures.append(Image.open(io.BytesIO(bytes(buffer.data().data()))))
    del application
    png, ico = folder / "wuji.png", folder / ICON.name
    pictures[-1].save(png, optimize=True)
    shapes = [picture.size for picture in pictures]
    pictures[-1].save(ico, sizes=shapes, append_images=pictures[:-1])
    return [png, ico]


if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in draw(ICON.parent))
