"""印章图片: the office's scanned seal, chosen, shown as papers will show it, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLabel

from app.ui import remembered
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.messages import Messages
from app.ui.sign_line import soft_label
from app.ui.theme import SHEET
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book

PICTURE_FILTER = "图片 (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp);;全部 (*)"
SIDE = 112
WITH = "表和上报包盖这个章。图片上的白底去掉，只留章本身。"
WITHOUT = "还没有印章图片，表上盖程序画的业务章（单位名称、日期、封印码）。"
HINT = "在白纸上盖一次本社公章，扫描或拍正后选择这张图片。只能用本社自己的章。"


class SealCard(QFrame):
    """The seal that papers are stamped with; a sealed period keeps the one it was sealed with."""

    def __init__(self, desk: Desk, messages: Messages) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.messages = messages
        self.setProperty("surface", "card")
        px = self.look.px
        grid = QGridLayout(self)
        grid.setContentsMargins(px(14), px(12), px(14), px(12))
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        self.preview = QLabel()
        self.preview.setAccessibleName("印章预览")
        self.preview.setFixedSize(QSize(px(SIDE), px(SIDE)))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Papers are white in the dark look too.
        self.preview.setStyleSheet(
            f"background: {SHEET.back}; color: {SHEET.ink}; border: 1px solid {SHEET.line};"
        )
        title = QLabel("印章图片")
        title.setFont(self.look.font(bold=True))
        self.state = QLabel()
        self.state.setWordWrap(True)
        grid.addWidget(self.preview, 0, 0, 4, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(title, 0, 1)
        grid.addWidget(self.state, 1, 1)
        grid.addWidget(soft_label(HINT), 2, 1)
        grid.addLayout(self._buttons(), 3, 1)
        grid.setColumnStretch(1, 1)
        self._show(None)
        self.renew()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        self.choose_button = push_button("选择图片…")
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose)
        self.remove_button = push_button("去掉图片")
        self.remove_button.setAutoDefault(False)
        self.remove_button.clicked.connect(self.remove)
        row.addWidget(self.choose_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        return row

    def renew(self) -> None:
        """Reads the seal again; clearing a scan takes a moment, so not in the window's thread."""
        book = self.desk.book
        self.desk.worker.start("读印章", lambda p: shown_seal(book, p), self._show, quiet=True)

    def _show(self, picture: bytes | None) -> None:
        pixmap = QPixmap()
        if picture is not None:
            pixmap.loadFromData(picture)
            inner = self.look.px(SIDE - 12)
            pixmap = pixmap.scaled(
                inner,
                inner,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self.preview.setPixmap(pixmap)
        if picture is None:
            self.preview.setText("没有图片")
        self.state.setText(WITHOUT if picture is None else WITH)
        self.choose_button.setText("选择图片…" if picture is None else "换一张…")
        self.remove_button.setVisible(picture is not None)

    def choose(self) -> None:
        """Asks for the file."""
        folder = remembered.last_folder(self.desk.settings)
        name, _ = QFileDialog.getOpenFileName(self, "选择印章图片", folder, PICTURE_FILTER)
        if name:
            remembered.set_last_folder(self.desk.settings, Path(name))
            self.take(Path(name))

    def take(self, file: Path) -> None:
        """Makes a picture the office's seal; one that can't be used is told."""
        from app.papers.seal import take_seal_picture

        with self.messages.guarded() as guard:
            take_seal_picture(self.desk.book, file, by=self.desk.by)
        if guard.ok:
            self._changed("印章图片已存入账套。")

    def remove(self) -> None:
        """The drawn stamp again."""
        from app.book.seal_picture import set_seal_picture

        with self.messages.guarded() as guard:
            set_seal_picture(self.desk.book, None, by=self.desk.by)
        if guard.ok:
            self._changed("已去掉印章图片。")

    def _changed(self, words: str) -> None:
        self.messages.tell(words, kind="good")
        self.desk.tell_saved()
        self.renew()


def shown_seal(book: Book, progress: Progress) -> bytes | None:
    """The office's seal as papers show it; None without one."""
    from app.book.seal_picture import seal_picture
    from app.papers.seal import seal_preview

    progress.check()
    picture = seal_picture(book)
    return None if picture is None else seal_preview(picture)
