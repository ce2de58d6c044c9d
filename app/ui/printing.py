"""Papers onto a printer: each page drawn as a picture, off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.errors import KnownError
from app.ui.evidence.renderer import image_of
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.intake.pages import Pages

FINENESS = 300
"""Dots per inch: thin lines and small figures stay sharp, a page stays under 40 MB."""
POINTS = 72


class PrintingError(KnownError):
    """The printer did not take the papers."""


def printer_names() -> list[str]:
    """The printers that the system knows."""
    return QPrinterInfo.availablePrinterNames()


def print_papers(paths: Sequence[Path], printer: QPrinter, progress: Progress) -> int:
    """Prints the chosen pages of the papers; returns how many. A cancelled print is called off."""
    printer.setFullPage(True)
    painter = QPainter()
    try:
        return _Print(printer, painter, progress).run(paths)
    except BaseException:
        if painter.isActive():
            printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()


class _Print:
    """One print job."""

    def __init__(self, printer: QPrinter, painter: QPainter, progress: Progress) -> None:
        self.printer = printer
        self.painter = painter
        self.progress = progress
        self.printed = 0

    def run(self, paths: Sequence[Path]) -> int:
        """Prints one paper after the other."""
        from app.intake.pages import open_pages

        for number, path in enumerate(paths):
            pages = open_pages(path.read_bytes(), path.name)
            try:
                chosen = self._chosen(pages.count)
                for place, page in enumerate(chosen):
                    which = f"第{number + 1}份，共{len(paths)}份" if len(paths) > 1 else "正在打印"
                    self.progress(place, len(chosen), which)
                    self._page(pages, page)
            finally:
                pages.close()
        return self.printed

    def _chosen(self, count: int) -> range:
        """The pages asked for in the system's dialog; all of them where none were."""
        first, last = self.printer.fromPage() or 1, self.printer.toPage() or count
        return range(max(0, first - 1), min(last, count))

    def _page(self, pages: Pages, page: int) -> None:
        width, height = pages.size(page)
        lies = width > height
        self.printer.setPageOrientation(
            QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait
        )
        begun = self.printer.newPage() if self.printed else self.painter.begin(self.printer)
        if not begun:
            raise PrintingError("打印机没有接受打印。请核对打印机已接通、有纸，再打印一次。")
        room = self.printer.paperRect(QPrinter.Unit.DevicePixel)
        fits = QSizeF(width, height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, fits.width(), fits.height())
        target.moveCenter(QRectF(0, 0, room.width(), room.height()).center())
        picture = pages.picture(page, round(width / POINTS * FINENESS))
        self.painter.drawImage(target, image_of(picture))
        self.printed += 1
