"""The folder a scanner writes to: new files in it are offered, never moved and never deleted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from app.ui import remembered
from app.ui.buttons import link_button
from app.ui.icons import sign_icon
from app.ui.sign_line import soft_label
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.ui.desk import Desk

MOST = 12
"""The newest so many are offered."""
DAY = 24 * 3600
"""What was scanned so long before the folder was named is offered too."""
THUMBNAIL = 72
SETTLE_MS = 400
"""A scanner writes a file bit by bit: looked at when nothing has come for so long."""
NOTHING = "扫描文件夹里没有新文件。"


@dataclass(frozen=True, slots=True)
class Offer:
    """A new file in the folder."""

    path: Path
    key: str
    """Its name, size and time: the same name scanned again is another file."""
    thumbnail: QImage | None


def look_for(folder: Path, since: float, taken: frozenset[str]) -> list[tuple[Path, str]]:
    """The newest files that were not taken yet, newest first; nothing where it can't be read."""
    from app.intake.pages import can_be_shown

    found = []
    try:
        for path in folder.iterdir():
            if not can_be_shown(path.name) or not path.is_file():
                continue
            state = path.stat()
            key = f"{path.name}|{state.st_size}|{state.st_mtime_ns}"
            if state.st_size and state.st_mtime >= since and key not in taken:
                found.append((state.st_mtime_ns, path, key))
    except OSError:  # unplugged, or a file that has just gone: looked at again later
        return []
    found.sort(reverse=True)
    return [(path, key) for _, path, key in found[:MOST]]


def thumbnail(path: Path) -> QImage | None:
    """A small picture of the first page; None where the file can't be read (yet)."""
    from app.errors import KnownError
    from app.intake.pages import open_pages
    from app.ui.evidence.renderer import image_of

    try:
        pages = open_pages(path.read_bytes(), path.name)
        image = image_of(pages.picture(0, 2 * THUMBNAIL))
        pages.close()
    except (KnownError, OSError):
        return None
    return image


class ScanOffers(QFrame):
    """The new files of the folder with a small picture each; a click takes one."""

    taken = Signal(object)
    """The path of a file that is to be attached."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._known: dict[str, QImage | None] = {}
        self._looking = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._soon.start())
        self._watcher.fileChanged.connect(lambda _path: self._soon.start())
        self._build()
        self._show_folder()

    def _build(self) -> None:
        px = self.desk.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        row = QHBoxLayout()
        self.title = soft_label(wrap=False)
        row.addWidget(self.title, 1)
        self.none_button = link_button("都不要", "这些文件不再提示；文件夹里的文件不动")
        self.none_button.clicked.connect(self.dismiss)
        row.addWidget(self.none_button)
        layout.addLayout(row)
        self.list = QListWidget()
        self.list.setAccessibleName("扫描文件夹里的新文件")
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(px(THUMBNAIL), px(THUMBNAIL)))
        self.list.setGridSize(QSize(px(THUMBNAIL + 14), px(THUMBNAIL + 30)))
        self.list.setFixedHeight(px(THUMBNAIL + 38))
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        layout.addWidget(self.list)

    # ── the folder

    @property
    def folder(self) -> Path | None:
        """The folder that is watched."""
        return remembered.scan_folder(self.desk.settings)

    def use_folder(self, folder: Path | None) -> None:
        """Watches another folder from now on, or none."""
        remembered.set_scan_folder(self.desk.settings, folder, time.time() - DAY)
        self._show_folder()
        self.look()

    def _show_folder(self) -> None:
        folder = self.folder
        self.setVisible(folder is not None)
        watched = [*self._watcher.directories(), *self._watcher.files()]
        if watched:
            self._watcher.removePaths(watched)
        self._offer([])
        if folder is not None:
            self._watcher.addPath(str(folder))

    def showEvent(self, event: QShowEvent, /) -> None:
        """Looked at whenever it comes into sight: not every disk tells of new files."""
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """What can't be seen needs no look."""
        super().hideEvent(event)
        self._soon.stop()

    def look(self) -> None:
        """Looks into the folder, off the window's thread."""
        folder = self.folder
        if folder is None or not self.isVisible():
            return
        if self._looking:  # what has come meanwhile is seen by another look
            self._soon.start()
            return
        since, taken = remembered.scans_taken(self.desk.settings)
        known = dict(self._known)

        def work(_progress: Progress) -> list[Offer]:
            return [
                Offer(path, key, known.get(key) or thumbnail(path))
                for path, key in look_for(folder, since, taken)
            ]

        self._looking = True
        job = self.desk.worker.start("看扫描文件夹", work, self._offer, quiet=True)
        job.ended.connect(self._looked)

    def _looked(self) -> None:
        self._looking = False

    # ── what is offered

    def _offer(self, offers: Sequence[Offer]) -> None:
        self._known = {offer.key: offer.thumbnail for offer in offers}
        self.list.clear()
        for offer in offers:
            item = QListWidgetItem(self._icon(offer), offer.path.stem)
            item.setData(Qt.ItemDataRole.UserRole, offer)
            item.setToolTip(f"{offer.path.name}：点一下就附上")
            self.list.addItem(item)
        folder = self.folder
        name = folder.name if folder is not None else ""
        self.title.setText(f"扫描文件夹“{name}”的新文件" if offers else NOTHING)
        self.title.setToolTip(str(folder or ""))
        self.list.setVisible(bool(offers))
        self.none_button.setVisible(bool(offers))
        fresh = [str(one.path) for one in offers if str(one.path) not in self._watcher.files()]
        if fresh:  # one that is still being written gets its picture when it is through
            self._watcher.addPaths(fresh)

    def _icon(self, offer: Offer) -> QIcon:
        if offer.thumbnail is None:
            return sign_icon("paper", self.desk.look.theme.soft, THUMBNAIL)
        return QIcon(QPixmap.fromImage(offer.thumbnail))

    def offers(self) -> list[Offer]:
        """What is offered now."""
        return [self.list.item(n).data(Qt.ItemDataRole.UserRole) for n in range(self.list.count())]

    def _take(self, item: QListWidgetItem) -> None:
        offer: Offer = item.data(Qt.ItemDataRole.UserRole)
        _, taken = remembered.scans_taken(self.desk.settings)
        # The second click of a double one finds it taken.
        if offer.key not in taken and self.desk.need_person():
            self.taken.emit(offer.path)
            self._forget([offer])

    def dismiss(self) -> None:
        """Offers none of these again."""
        self._forget(self.offers())

    def _forget(self, gone: Sequence[Offer]) -> None:
        remembered.add_scans_taken(self.desk.settings, [offer.key for offer in gone])
        left = [offer for offer in self.offers() if offer not in gone]
        # Later: the click that took it is still on its way through the list.
        QTimer.singleShot(0, self, lambda: self._offer(left))
