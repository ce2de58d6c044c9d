"""Brings files into the book: from a drop, the clipboard, a dialog or a scanner's folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFrame, QWidget

from app.ui import remembered
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.types import Attachment
    from app.intake.photos import EvidenceFile
    from app.ui.desk import Desk

OTHERS = frozenset((".wuji", ".wjz"))
"""Books and packages are no evidence; the window itself takes them."""
QUIET = 2
"""So many files are brought in without a bar."""


class Given(Struct, frozen=True):
    """A file or a picture somebody gives."""

    source: Path | QImage
    name: str


def given_paths(paths: Sequence[Path]) -> list[Given]:
    """Files by their paths."""
    return [Given(path, path.name) for path in paths]


def given_in(mime: QMimeData) -> list[Given]:
    """The files in what was dropped or copied, else its picture."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    files = [path for path in paths if path.is_file() and path.suffix.lower() not in OTHERS]
    if files or paths:
        return given_paths(files)
    picture = mime.imageData() if mime.hasImage() else None
    if isinstance(picture, QImage) and not picture.isNull():
        return [Given(picture, f"粘贴的图片 {datetime.now():%Y-%m-%d %H%M%S}.png")]
    return []


class DropFrame(QFrame):
    """Takes files and pictures that are dropped on it; the rest goes on to who stands behind."""

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.takes_drops = True

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Files and pictures may be dropped."""
        if self.takes_drops and given_in(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Says what was dropped."""
        given = given_in(event.mimeData())
        event.acceptProposedAction()
        self.dropped.emit(given)


def pass_drops_on(form: QWidget) -> None:
    """Files dropped on a field are the form's: a field would take their names for text."""
    for child in form.findChildren(QWidget):
        child.setAcceptDrops(False)


class EvidenceAdder(QObject):
    """Reads and scales off the window's thread, then attaches in one change."""

    attached = Signal(str, object)
    """A row's id and what was attached to it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def add(self, row_id: str, given: Sequence[Given], paper: str = "") -> None:
        """Attaches files to a row as this paper."""
        if not given or not self.desk.need_person():
            return
        keep = remembered.keep_originals(self.desk.settings)
        wanted = list(given)
        self.desk.new_row.keep(row_id)  # it is to be there when the files have been read

        def work(progress: Progress) -> tuple[list[EvidenceFile], list[str]]:
            return _read_all(wanted, progress, keep_original=keep)

        def done(result: tuple[list[EvidenceFile], list[str]]) -> None:
            self._attach(row_id, *result, paper)

        self.desk.worker.start("附资料", work, done, quiet=len(wanted) <= QUIET)

    def _attach(
        self, row_id: str, files: Sequence[EvidenceFile], faults: Sequence[str], paper: str
    ) -> None:
        added: list[Attachment] = []
        with self.desk.messages.guarded() as guard:
            if files:
                contents = [(file.content, file.name, paper) for file in files]
                added = self.desk.book.attach_contents(row_id, contents, by=self.desk.by)
        if not guard.ok:
            return
        if faults:
            more = f"还有{len(faults) - 1}个文件也没有附上。" if len(faults) > 1 else ""
            rest = "其余的已附上。" if added else ""
            self.desk.messages.tell(faults[0], more + rest, kind="error")
        if added:
            self.attached.emit(row_id, added)


def _read_all(
    given: Sequence[Given], progress: Progress, *, keep_original: bool
) -> tuple[list[EvidenceFile], list[str]]:
    """What could be read, and one line for each file that couldn't."""
    from app.errors import KnownError
    from app.intake.photos import evidence_files

    files: list[EvidenceFile] = []
    faults: list[str] = []
    for number, one in enumerate(given, 1):
        progress(number - 1, len(given), one.name)
        try:
            source = one.source if isinstance(one.source, Path) else _png(one.source)
            files += evidence_files(source, one.name, keep_original=keep_original)
        except KnownError as error:
            faults.append(str(error))
    return files, faults


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # The stubs ask for bytes, the library for text.
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
