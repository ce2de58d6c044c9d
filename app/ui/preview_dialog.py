"""Every paper in the window exactly as it will print: list at the left, pages at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.ui import printing
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.evidence.paper_view import PaperView
from app.ui.evidence.renderer import PageRenderer
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.sign_line import soft_label
from app.ui.work_bar import WorkBar
from app.ui.worker import Job, Progress

if TYPE_CHECKING:
    from app.papers.preview import PrintedPaper

DRAFTS = "还没有封印：每页印着“草稿”，没有章和封印码。封印后的版面与这里相同。"
FINAL = "本期已经全部认定：这些是认定后的表，没有新的章和封印码。"
SEALED = "已封印：这些就是导出的表，章和封印码都在上面。"
NO_PRINTER = "这台电脑上没有打印机。"
WAY_OUT = "请先在系统里添加打印机；也可以把导出的 PDF 文件拿到别的电脑上打印。"


class PreviewDialog(QDialog):
    """预览和打印; with `ready` the papers of an export, else drafts made for looking at."""

    def __init__(
        self, desk: Desk, parent: QWidget, ready: list[PrintedPaper] | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.papers: list[PrintedPaper] = []
        self.making: Job | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._closed = False
        self.setWindowTitle("预览和打印")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._build()
        self._take_size(parent)
        desk.book_closed.connect(self.reject)
        if ready is None:
            self.about.setText(FINAL if desk.book.period.state == "closed" else DRAFTS)
            self.list.setFocus()
            self._make()
        else:
            self.about.setText(SEALED)
            self._show_papers(ready)

    def _take_size(self, parent: QWidget) -> None:
        size = parent.window().size()
        self.resize(size.width() * 19 // 20, size.height() * 19 // 20)

    # ── building

    def _build(self) -> None:
        px = self.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(10), px(12), px(10))
        layout.setSpacing(px(8))
        self.messages = Messages()
        layout.addWidget(MessageBar(self.look, self.messages))
        self.work_bar = WorkBar(self.look, self.desk.worker)
        # Esc stops the making; an Enter too many, from the button that led here, must not.
        self.work_bar.cancel_button.setAutoDefault(False)
        layout.addWidget(self.work_bar)
        self.about = soft_label()
        layout.addWidget(self.about)
        self.list = QListWidget()
        self.list.setProperty("kind", "words")
        self.list.setAccessibleName("要打印的表")
        self.list.setSpacing(px(2))
        self.list.currentRowChanged.connect(self._show_paper)
        self.renderer = PageRenderer(self.messages)
        self.view = PaperView(self.look, self.renderer)
        self.list.itemActivated.connect(lambda _item: self.view.area.setFocus())
        self._name_commands()
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        split.setSizes([px(280), px(960)])
        layout.addWidget(split, 1)
        layout.addLayout(self._buttons())

    def _name_commands(self) -> None:
        """The paper's own commands under the names they have here; papers don't lie askew."""
        view = self.view
        view.area.setAccessibleName("页面")
        for action, words in (("next_file", "下一份（Alt+Right）"), ("ask_close", "关闭（Esc）")):
            view.buttons[action].setToolTip(words)
            view.buttons[action].setAccessibleName(words.partition("（")[0])
        view.buttons["turn_right"].hide()
        view.next_asked.connect(self._next_paper)
        view.close_asked.connect(self.reject)
        view.outside_asked.connect(self._open_outside)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        self.print_button = push_button("打印这一份…", "Ctrl+P")
        self.print_button.clicked.connect(self.print_this)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.print_this)
        self.print_all_button = push_button("全部打印…")
        self.print_all_button.clicked.connect(self.print_all)
        self.close_button = push_button("关闭", "Esc")
        self.close_button.clicked.connect(self.reject)
        hint = soft_label("↑ ↓ 换一份，Alt+PgDn 翻页，Alt+＋ 放大", wrap=False)
        row.addWidget(hint)
        row.addStretch(1)
        for button in (self.print_button, self.print_all_button, self.close_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self._enable()
        return row

    def _enable(self) -> None:
        for button in (self.print_button, self.print_all_button):
            button.setEnabled(bool(self.papers))

    # ── making the papers

    def _make(self) -> None:
        book = self.desk.book
        self._folder = TemporaryDirectory(prefix="wuji-preview-")
        folder = Path(self._folder.name)

        def work(progress: Progress) -> list[PrintedPaper]:
            from app.papers.preview import draft_papers

            return draft_papers(book, folder, progress)

        self.making = self.desk.worker.start("做预览", work, self._show_papers)
        self.making.ended.connect(self._making_ended)

    def _making_ended(self) -> None:
        self.making = None
        if self._closed:
            self._clear()
        elif not self.papers:
            self.reject()

    def _show_papers(self, papers: list[PrintedPaper]) -> None:
        if self._closed:
            return
        self.papers = papers
        self.list.clear()
        for paper in papers:
            item = QListWidgetItem(paper.title)
            item.setToolTip(paper.title)
            self.list.addItem(item)
        self._enable()
        if papers:
            self.list.setCurrentRow(0)
            self.list.setFocus()

    # ── looking

    def _show_paper(self, row: int) -> None:
        if 0 <= row < len(self.papers):
            paper = self.papers[row]
            self.view.open(paper.path.name, paper.path.read_bytes)
            self.view.title.setText(paper.title)

    def _next_paper(self) -> None:
        if self.papers:
            self.list.setCurrentRow((self.list.currentRow() + 1) % len(self.papers))

    def _open_outside(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self.papers):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.papers[row].path)))

    # ── printing

    def print_this(self) -> None:
        """Asks for a printer and the pages, and prints the paper that is shown."""
        row = self.list.currentRow()
        if 0 <= row < len(self.papers):
            self._ask_printer([self.papers[row]], pages=self.view.pages)

    def print_all(self) -> None:
        """Asks for a printer and prints every paper of the list."""
        self._ask_printer(self.papers, pages=0)

    def _ask_printer(self, papers: list[PrintedPaper], *, pages: int) -> None:
        if not papers:
            return
        if not printing.printer_names():
            self.messages.tell(NO_PRINTER, WAY_OUT, kind="warning")
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(papers[0].title if len(papers) == 1 else "非信贷资产风险分类")
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印")
        option = QAbstractPrintDialog.PrintDialogOption.PrintPageRange
        dialog.setOption(option, pages > 1)
        if pages > 1:
            dialog.setMinMax(1, pages)
        dialog.accepted.connect(self._printing(papers, printer))
        dialog.finished.connect(lambda _code: dialog.deleteLater())
        QDialog.open(dialog)  # its own needs a slot's name

    def _printing(self, papers: list[PrintedPaper], printer: QPrinter) -> Callable[[], None]:
        return lambda: self.print_on(papers, printer)

    def print_on(self, papers: list[PrintedPaper], printer: QPrinter) -> None:
        """Prints in the worker, with progress and cancel."""
        paths = [paper.path for paper in papers]

        def work(progress: Progress) -> int:
            return printing.print_papers(paths, printer, progress)

        def done(count: int) -> None:
            self.messages.tell(f"{count}页已送到打印机。", kind="good")

        self.desk.worker.start("打印", work, done)

    # ── closing

    def done(self, code: int, /) -> None:
        """Whatever is being made or drawn is stopped; the folder goes when nobody uses it."""
        if self._closed:
            return
        self._closed = True
        self.renderer.stop()
        self.renderer.worker.close()
        super().done(code)
        making = self.making
        if making is not None and making.future is not None and not making.future.done():
            making.cancel()  # its end clears up
        else:
            self._clear()

    def _clear(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self.deleteLater()
