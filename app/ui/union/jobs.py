"""Long work of the union's pages: it outlives the page that asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from app.ui import remembered
from app.ui.desk import Desk
from app.ui.union.answers_job import AnswersJob
from app.ui.union.decisions_job import DecisionsJob
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Period
    from app.union.intake import Collected
    from app.union.offices import OfficeState

PACKAGE_FILTER = "上报包、上级答复 (*.wjz)"


@dataclass
class Came:
    """Files that came in: packages of offices, taken in or refused, and answers from above."""

    collected: list[Collected] = field(default_factory=list)
    answers: list[Path] = field(default_factory=list)
    periods: dict[Path, Period] = field(default_factory=dict)
    """The periods that packages belong to, by file."""

    @property
    def newest(self) -> Period | None:
        """The latest period that something new came into; what was there before leads nowhere."""
        new = [self.periods[one.path] for one in self.collected if one.taken and not one.again]
        return max(new, key=lambda period: period.base_date, default=None)


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
        self.periods: dict[Path, Period] = {}
        """The periods that they belong to, by file."""
        self._said_of = 0
        """The period whose page tells of them."""
        self.receipts: dict[int, Path] = {}
        """The receipt that was written in this sitting for a package, by the package's id."""
        self._questions: list[Collected] = []
        desk.period_changed.connect(self._forget)

    def _forget(self) -> None:
        """Goes to another period without what became of packages: it was said of the one before."""
        if self.desk.book.period.id != self._said_of:
            self.results, self.receipts, self.periods = [], {}, {}
            self.collected.emit()

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
            self.results, self.receipts, self.periods = [], {}, {}
            self._start(paths, ())

    def take_in_folder(self) -> None:
        """Takes every package of a folder in."""
        folder = remembered.last_folder(self.desk.settings)
        name = QFileDialog.getExistingDirectory(self.window, "接收文件夹里的上报包", folder)
        if name:
            self.take_in([Path(name)])

    def _start(self, paths: Sequence[Path], accept: Sequence[str]) -> None:
        book, by, period = self.desk.book, self.desk.by, self.desk.book.period.id

        def work(progress: Progress) -> Came:
            return _collected(book, paths, accept, by, progress)

        self.desk.worker.start("接收文件", work, lambda came: self._came(came, period))

    def _came(self, came: Came, period: int) -> None:
        """What offices sent is shown; what the level above answered goes its own way."""
        if came.collected or not came.answers:
            self.periods |= came.periods
            self._collected(came.collected, period)
        if came.answers:
            self.answers.take_in(came.answers)

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
        self._said_of = self.desk.book.period.id
        if self._said_of != period:
            # The package was of another base date: the book works on that one now.
            self.desk.enter_period(self._said_of)
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

    def ask_receipts(self, office: OfficeState | None = None) -> None:
        """Asks for whom, where the receipts go, and for the passphrase.

        All packages that have none yet, whenever they came; that of one office also once more.
        """
        if not self.desk.need_person():
            return
        from app.ui.union.sign_dialog import ask_folder_and_passphrase
        from app.union.receipts import unanswered

        lacking = [one.id for one in unanswered(self.desk.book.store)]
        choice = QComboBox()
        choice.setAccessibleName("给哪些")
        if lacking:
            choice.addItem(f"没有回执的{len(lacking)}个上报包", lacking)
        if office is not None and office.package is not None:
            choice.addItem(f"只给{office.name}", [office.package.id])
        if not choice.count():
            self.desk.messages.tell("收到的上报包都有回执了。", "要再写一份，先选那个机构。")
            return
        ask_folder_and_passphrase(
            self.window,
            self.desk,
            title="写回执",
            text="为每个上报包各写一份签名的回执，交还信用社。",
            action="写回执",
            folder=self.desk.folder / "回执",
            then=lambda out, passphrase: self.write_receipts(choice.currentData(), out, passphrase),
            choice=choice,
        )

    def write_receipts(self, wanted: Sequence[int], out: Path, passphrase: str) -> None:
        """Writes receipts for packages, by their ids, in the worker."""
        book, by = self.desk.book, self.desk.by

        def work(progress: Progress) -> dict[int, Path]:
            return _receipts(book, wanted, out, passphrase, by, progress)

        self.desk.worker.start("写回执", work, lambda made: self._receipts_made(made, out))

    def _receipts_made(self, made: dict[int, Path], out: Path) -> None:
        self.receipts |= made
        self.desk.messages.tell(f"已写{len(made)}份回执，放在{out}。", kind="good")
        self.desk.tell_saved()
        self.collected.emit()


def _collected(
    book: Book, paths: Sequence[Path], accept: Sequence[str], by: str, progress: Progress
) -> Came:
    from app.package.verify import is_answer
    from app.union.intake import collect, packages_in

    came, before = Came(), book.period
    for path in packages_in(paths):
        if is_answer(path):
            came.answers.append(path)
            continue
        one = collect(book, path, by=by, accept=accept, progress=progress)
        came.collected.append(one)
        if one.taken:
            came.periods[one.path] = book.period
    # The book went from file to file; the last one may have been the oldest.
    book.select_period((came.newest or before).id)
    return came


def _receipts(
    book: Book, wanted: Sequence[int], out: Path, passphrase: str, by: str, progress: Progress
) -> dict[int, Path]:
    from app.book.keys import unlock
    from app.union.receipts import receipt_for

    key = unlock(book, passphrase)
    out.mkdir(parents=True, exist_ok=True)
    made: dict[int, Path] = {}
    for place, package in enumerate(wanted):
        progress(place, len(wanted), "写回执")
        made[package] = receipt_for(book, package, out, key, by=by)
    return made
