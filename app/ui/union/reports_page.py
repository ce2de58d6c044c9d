"""报告: summary, register, analysis report, table 2, written into a folder and signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from app.ui import html
from app.ui.desk import Desk
from app.ui.page import Page
from app.ui.rich_pane import UNDER_LIST, RichPane
from app.ui.sign_line import soft_label
from app.ui.worker import Progress

if TYPE_CHECKING:
    from app.book.book import Book

SUMMARY, REGISTER, REPORTS, BIG_LOSSES = "summary", "register", "reports", "big_losses"
PARTS = (
    (SUMMARY, "汇总表、指标和迁徙表", "轧差后和轧差前的汇总表，签名的 PDF 和带公式的 Excel"),
    (REGISTER, "分类登记簿", "29栏登记簿，Excel"),
    (REPORTS, "分析报告和损失报告", "带图的 PDF，和可以接着改的 Word 文件"),
    (BIG_LOSSES, "附表2", "大额损失一笔一张，带各级意见，合成一份签名的 PDF；没有大额损失就不写"),
)


@dataclass(slots=True)
class Written:
    """The files that lie in the folder now, and why something that was ticked is not there."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ReportsPage(Page):
    """What may be written at any time; nothing is sealed by it."""

    def __init__(self, desk: Desk) -> None:
        about = "按现在的内容写，随时可以重写；不封印，也不改账套。"
        super().__init__(desk, "报告", about, scrolls=True)
        self.folder: Path | None = None
        px = self.look.px
        self.folder_button = self.add_action(
            "打开文件夹", "刚写好的报告所在的文件夹", self._open_folder
        )
        self.folder_button.hide()
        self.write_button = self.add_action("写报告…", "签名要密钥口令", self.ask, main=True)
        card = QFrame()
        card.setProperty("surface", "card")
        lines = QVBoxLayout(card)
        lines.setContentsMargins(px(16), px(12), px(16), px(12))
        self.parts: dict[str, QCheckBox] = {}
        for key, words, about in PARTS:
            box = QCheckBox(words)
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._show_button())
            self.parts[key] = box
            lines.addWidget(box)
            label = soft_label(about)
            label.setContentsMargins(px(22), 0, 0, px(6))
            lines.addWidget(label)
        self.body.addWidget(card)
        self.made = RichPane(self.look, "写好的文件", margin=UNDER_LIST)
        self.made.followed.connect(lambda _kind, path: self._open(Path(path)))
        self.made.show_html(html.soft("写好的文件列在这里，点一下就打开。", self.look))
        self.body.addWidget(self.made, 1)

    @property
    def wanted(self) -> list[str]:
        """The parts that are ticked."""
        return [key for key, box in self.parts.items() if box.isChecked()]

    def _show_button(self) -> None:
        self.write_button.setEnabled(bool(self.wanted))

    def ask(self) -> None:
        """Asks where the reports go, and for the passphrase."""
        from app.ui.union.sign_dialog import ask_folder_and_passphrase

        book = self.desk.book
        ask_folder_and_passphrase(
            self,
            self.desk,
            title="写报告",
            text="写进这个文件夹；以前写的同名文件换成新的。",
            action="写报告",
            folder=self.desk.folder / f"报告{book.period.base_date}",
            then=self.write,
        )

    def write(self, out: Path, passphrase: str) -> None:
        """Writes what is ticked, in the worker."""
        book, wanted = self.desk.book, self.wanted

        def work(progress: Progress) -> Written:
            return written(book, wanted, out, passphrase, progress)

        self.desk.worker.start("写报告", work, lambda made: self._written(made, out), owner=self)

    def _written(self, made: Written, out: Path) -> None:
        notes = [html.soft(note, self.look) for note in made.notes]
        if not made.files:
            self.made.show_html("".join(notes))
            self.desk.messages.tell("".join(made.notes))
            return
        self.folder = out
        self.folder_button.show()
        said = f"已写{len(made.files)}个文件，放在{out}"
        parts = [html.heading(said)]
        parts += [html.bullet(html.link(f"file:{path}", path.name)) for path in made.files]
        self.made.show_html("".join(parts + notes))
        self.desk.messages.tell("".join((f"{said}。", *made.notes)), kind="good")

    def _open_folder(self) -> None:
        if self.folder is not None:
            self._open(self.folder)

    def _open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def written(
    book: Book, wanted: Sequence[str], out: Path, passphrase: str, progress: Progress
) -> Written:
    """Writes the parts one after the other; all of them come into the folder, or none."""
    from app.papers.export import BIG_LOSSES_PDF
    from app.papers.placing import desk_in, placing_into
    from app.papers.wording import left_behind

    with desk_in(out, "reports") as desk:
        writing = _Writing(book, desk / "made", passphrase)
        # The summary last: its page lists what lies beside it.
        parts = sorted((key for key, _, _ in PARTS if key in wanted), key=SUMMARY.__eq__)
        for number, part in enumerate(parts, 1):
            writing.write(part, _telling(progress, f"{number}/{len(parts)} "))
        progress.check()
        with placing_into(out, desk / "replaced") as placing:
            files = placing.put({path.name: path for path in writing.made.files})
    notes = writing.made.notes
    if (
        BIG_LOSSES in parts
        and out / BIG_LOSSES_PDF not in files
        and (out / BIG_LOSSES_PDF).exists()
    ):
        notes.append(left_behind(BIG_LOSSES_PDF))
    return Written(files, notes)


def _telling(progress: Progress, before: str) -> Callable[[int, int, str], None]:
    """Says which of the parts it is at, too."""
    return lambda done, total, text: progress(done, total, f"{before}{text}")


@dataclass(slots=True)
class _Writing:
    """What is being written beside the folder, before any of it is put into it."""

    book: Book
    out: Path
    passphrase: str
    made: Written = field(default_factory=Written)

    def write(self, part: str, tell: Callable[[int, int, str], None]) -> None:
        """Writes one part."""
        from app.papers.report_export import export_big_losses, export_reports

        if part == SUMMARY:
            self._summary(tell)
        elif part == REGISTER:
            self._register(tell)
        else:
            export = export_big_losses if part == BIG_LOSSES else export_reports
            done = export(self.book, self.out, self.passphrase, progress=tell)
            self.made.files += done.files
            self.made.notes += done.notes

    def _summary(self, tell: Callable[[int, int, str], None]) -> None:
        from app.papers.summary_export import export_summary

        beside = [path.name for path in self.made.files]
        done = export_summary(self.book, self.out, self.passphrase, beside=beside, progress=tell)
        self.made.files[:0] = done.files

    def _register(self, tell: Callable[[int, int, str], None]) -> None:
        from app.papers.register_file import write_register

        self.out.mkdir(parents=True, exist_ok=True)
        register = self.out / "register.xlsx"
        write_register(self.book, register, progress=tell)
        self.made.files.append(register)
