"""报告: summary, register, analysis report, written into a folder and signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

SUMMARY, REGISTER, REPORTS = "summary", "register", "reports"
PARTS = (
    (SUMMARY, "汇总表、指标和迁徙表", "轧差后和轧差前的汇总表，签名的 PDF 和带公式的 Excel"),
    (REGISTER, "分类登记簿", "29栏登记簿，Excel"),
    (REPORTS, "分析报告和损失报告", "带图的 PDF，和可以接着改的 Word 文件"),
)


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

        def work(progress: Progress) -> list[Path]:
            return written(book, wanted, out, passphrase, progress)

        self.desk.worker.start("写报告", work, lambda files: self._written(files, out), owner=self)

    def _written(self, files: list[Path], out: Path) -> None:
        self.folder = out
        self.folder_button.show()
        parts = [html.heading(f"已写{len(files)}个文件，放在{out}")]
        parts += [html.bullet(html.link(f"file:{path}", path.name)) for path in files]
        self.made.show_html("".join(parts))
        self.desk.messages.tell(f"已写{len(files)}个文件，放在{out}。", kind="good")

    def _open_folder(self) -> None:
        if self.folder is not None:
            self._open(self.folder)

    def _open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def written(
    book: Book, wanted: Sequence[str], out: Path, passphrase: str, progress: Progress
) -> list[Path]:
    """Writes the parts one after the other; all of them come into the folder, or none."""
    from app.papers.placing import desk_in, placing_into

    files: list[Path] = []
    with desk_in(out, "reports") as desk:
        made = desk / "made"
        parts = [key for key, _, _ in PARTS if key in wanted]
        for number, part in enumerate(parts, 1):
            tell = _telling(progress, f"{number}/{len(parts)} ")
            files += _part_written(book, part, made, passphrase, tell)
        progress.check()
        with placing_into(out, desk / "replaced") as placing:
            return placing.put({path.name: path for path in files})


def _telling(progress: Progress, before: str) -> Callable[[int, int, str], None]:
    """Says which of the parts it is at, too."""
    return lambda done, total, text: progress(done, total, f"{before}{text}")


def _part_written(
    book: Book, part: str, out: Path, passphrase: str, tell: Callable[[int, int, str], None]
) -> list[Path]:
    from app.papers.register_file import write_register
    from app.papers.report_export import export_reports
    from app.papers.summary_export import export_summary

    if part == SUMMARY:
        return export_summary(book, out, passphrase, progress=tell).files
    if part == REPORTS:
        return export_reports(book, out, passphrase, progress=tell)
    out.mkdir(parents=True, exist_ok=True)
    register = out / "register.xlsx"
    write_register(book, register, progress=tell)
    return [register]
