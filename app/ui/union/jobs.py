"""Long work of the union's pages: it outlives the page that asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui import remembered
from app.ui.desk import Desk
from app.ui.union.answers_job import AnswersJob
from app.ui.union.decisions_job import DecisionsJob
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.union.intake import Collected

PACKAGE_FILTER = "上报包 (*.wjz)"


class UnionJobs(QObject):
    """Taking packages in and answering them with receipts."""

    collected = Signal()
    """Packages were taken in or refused, or receipts written; `results` says which."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        self.window = window
        self.decisions = DecisionsJob(desk, window)
        self.answers = AnswersJob(desk, window)
        self.results: list[Collected] = []
        """What became of the packages that came last."""
        self.receipts: dict[Path, Path] = {}
        """The receipt that was written for a package."""
        self._questions: list[Collected] = []

    # ── packages

    def take_in(self, paths: Sequence[Path] | None = None) -> None:
        """Takes packages in; without any the files are asked for."""
        if not self.desk.need_person():
            return
        if paths is None:
            folder = remembered.last_folder(self.desk.settings)
            names, _ = QFileDialog.getOpenFileNames(
                self.window, "接收上报包", folder, PACKAGE_FILTER
            )
            paths = [Path(name) for name in names]
        if paths:
            remembered.set_last_folder(self.desk.settings, paths[0])
            self.results, self.receipts = [], {}
            self._start(paths, ())

    def take_in_folder(self) -> None:
        """Takes every package of a folder in."""
        folder = remembered.last_folder(self.desk.settings)
        name = QFileDialog.getExistingDirectory(self.window, "接收文件夹里的上报包", folder)
        if name:
            self.take_in([Path(name)])

    def _start(self, paths: Sequence[Path], accept: Sequence[str]) -> None:
        book, by, period = self.desk.book, self.desk.by, self.desk.book.period.id

        def work(progress: Progress) -> list[Collected]:
            return _collected(book, paths, accept, by, progress)

        self.desk.worker.start("接收上报包", work, lambda found: self._collected(found, period))

    def _collected(self, found: list[Collected], period: int) -> None:
        if not found and not self.results:
            self.desk.messages.tell("那里没有上报包（.wjz 文件）。", kind="warning")
            return
        places = {one.path: place for place, one in enumerate(self.results)}
        for one in found:
            if one.path in places:
                self.results[places[one.path]] = one
            else:
                self.results.append(one)
        if self.desk.book.period.id != period:
            # The package was of another base date: the book works on that one now.
            self.desk.enter_period(self.desk.book.period.id)
        self.desk.rows_were_changed()
        self.collected.emit()
        self._questions += [one for one in found if one.unknown_key]
        self._ask_next()

    def _ask_next(self) -> None:
        """One key after the other: each is compared with another office."""
        if not self._questions:
            return
        from app.book.accepted_keys import keys_of
        from app.ui.union.key_question import ask_key

        one = self._questions.pop(0)
        office = one.institution
        assert office is not None
        earlier = [key.short_code for key in keys_of(self.desk.book.store, office.code)]
        ask_key(
            self.window,
            self.desk.look,
            whose=f"{office.name}（{office.code}）",
            code=one.key_code,
            earlier=earlier[0] if earlier else "",
            then=lambda: self._start([one.path], (one.key_code,)),
            otherwise=self._ask_next,
        )

    # ── receipts

    @property
    def without_receipt(self) -> list[Collected]:
        """What was taken in just now and has no receipt yet."""
        return [one for one in self.results if one.taken and one.path not in self.receipts]

    def ask_receipts(self) -> None:
        """Asks where the receipts go, and for the passphrase."""
        if not self.without_receipt or not self.desk.need_person():
            return
        from app.ui.union.sign_dialog import ask_folder_and_passphrase

        ask_folder_and_passphrase(
            self.window,
            self.desk,
            title="写回执",
            text=f"为刚接收的{len(self.without_receipt)}个上报包各写一份签名的回执，交还信用社。",
            action="写回执",
            folder=self.desk.folder / "回执",
            then=self.write_receipts,
        )

    def write_receipts(self, out: Path, passphrase: str) -> None:
        """Writes the receipts in the worker."""
        book, by, wanted = self.desk.book, self.desk.by, self.without_receipt

        def work(progress: Progress) -> dict[Path, Path]:
            return _receipts(book, wanted, out, passphrase, by, progress)

        self.desk.worker.start("写回执", work, lambda made: self._receipts_made(made, out))

    def _receipts_made(self, made: dict[Path, Path], out: Path) -> None:
        self.receipts |= made
        self.desk.messages.tell(f"已写{len(made)}份回执，放在{out}。", kind="good")
        self.desk.tell_saved()
        self.collected.emit()


def _collected(
    book: Book, paths: Sequence[Path], accept: Sequence[str], by: str, progress: Progress
) -> list[Collected]:
    from app.union.intake import collect, packages_in

    return [
        collect(book, path, by=by, accept=accept, progress=progress) for path in packages_in(paths)
    ]


def _receipts(
    book: Book, wanted: Sequence[Collected], out: Path, passphrase: str, by: str, progress: Progress
) -> dict[Path, Path]:
    from app.book.keys import unlock
    from app.union.receipts import write_receipt

    key = unlock(book, passphrase)
    out.mkdir(parents=True, exist_ok=True)
    made: dict[Path, Path] = {}
    for place, one in enumerate(wanted):
        progress(place, len(wanted), one.path.name)
        made[one.path] = write_receipt(book, one, out, key, by=by)
    return made
