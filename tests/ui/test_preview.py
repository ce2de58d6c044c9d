"""Papers before sealing: made as drafts, looked at, printed; a cancelled export leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.keys import create_key
from app.ui import printing, worker
from app.ui.desk_view import DeskView
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.preview_dialog import NO_PRINTER, PreviewDialog
from app.ui.submit_page import SubmitPage
from app.ui.work_bar import WorkBar
from app.ui.worker import CancelledError, Job, Progress, Step
from tests.ui.conftest import ACCOUNTANT, HEAD, PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    open_desk,
    press,
    type_text,
    wait_for,
)

PASSPHRASE = "青山 2006 底稿"
PAPERS = ["附表1-2 认定表", "附表1-2 工作底稿", "附表2 大额损失类资产认定表", "汇总表",
          "风险分类分析报告", "损失类报告"]  # fmt: skip


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """A book with a finished row and one that is hardly begun."""
    book = make_book()
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.add_row("1-2", {"name": "刚登记的"}, by=PREPARER)
    return book


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


def submit_page(view: DeskView, qtbot: QtBot) -> SubmitPage:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    wait_for(qtbot, lambda: page.state is not None or not page.form.isVisible())
    return page


def opened(page: SubmitPage, qtbot: QtBot) -> PreviewDialog:
    """The preview after a click on its button, with its papers and the first page drawn."""
    click(qtbot, page.preview_button if page.form.isVisible() else page.look_button)
    dialog = page.findChildren(PreviewDialog)[-1]
    qtbot.waitUntil(lambda: bool(dialog.papers), timeout=30_000)
    wait_for(qtbot, lambda: not dialog.view.sheet.image.isNull())
    return dialog


def test_every_paper_is_shown_and_nothing_is_sealed_or_left(
    view: DeskView, book: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = opened(submit_page(view, qtbot), qtbot)
    items = [dialog.list.item(n).text() for n in range(dialog.list.count())]
    assert items == PAPERS
    folder = dialog.papers[0].path.parent.parent
    assert folder.is_dir()
    assert tmp_path not in folder.parents
    first = dialog.view.sheet.image
    assert dialog.list.hasFocus()
    press(qtbot, Qt.Key.Key_Down)
    wait_for(qtbot, lambda: dialog.view.sheet.image is not first and dialog.view.pages > 1)
    assert dialog.view.title.text() == PAPERS[1]
    qtbot.keyClick(dialog.list, Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]
    zoom = dialog.view.zoom
    qtbot.keyClick(dialog.list, Qt.Key.Key_Equal, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]
    assert dialog.view.zoom > zoom
    qtbot.keyClick(dialog.list, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]
    assert dialog.list.currentRow() == 2
    press(qtbot, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not folder.exists()
    assert book.period.state == "open"


def test_a_draft_says_so_on_its_page(view: DeskView, qtbot: QtBot) -> None:
    import pypdfium2

    dialog = opened(submit_page(view, qtbot), qtbot)
    file = pypdfium2.PdfDocument(dialog.papers[0].path)
    text = file[0].get_textpage().get_text_bounded()
    file.close()
    assert "草稿" in text
    dialog.reject()


def test_enter_while_papers_are_made_waits_for_them(view: DeskView, qtbot: QtBot) -> None:
    page = submit_page(view, qtbot)
    page.preview()
    dialog = page.findChildren(PreviewDialog)[-1]
    making = dialog.making
    assert making is not None
    wait_for(qtbot, dialog.work_bar.isVisible)
    wait_for(qtbot, dialog.isActiveWindow)
    assert dialog.list.hasFocus()
    assert not dialog.view.drop_button.isVisible()
    assert not dialog.view.outside_button.isVisible()
    enter(qtbot)
    making.progress.check()
    assert dialog.isVisible()
    press(qtbot, Qt.Key.Key_Escape)
    with pytest.raises(CancelledError):
        making.progress.check()
    wait_for(qtbot, lambda: not view.desk.worker.busy)


def test_closing_while_papers_are_made_stops_and_clears(
    view: DeskView, qtbot: QtBot, told: list[Message]
) -> None:
    page = submit_page(view, qtbot)
    page.preview()
    dialog = page.findChildren(PreviewDialog)[-1]
    assert dialog.making is not None
    assert dialog._folder is not None
    folder = Path(dialog._folder.name)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)  # type: ignore[no-untyped-call]
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert not folder.exists()
    assert any("已取消：做预览" in message.text for message in told)


def test_without_a_printer_it_is_said_in_one_line(
    view: DeskView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "printer_names", list)
    dialog = opened(submit_page(view, qtbot), qtbot)
    said: list[Message] = []
    dialog.messages.told.connect(said.append)
    click(qtbot, dialog.print_button)
    click(qtbot, dialog.print_all_button)
    dialog.list.setFocus()
    press(qtbot, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert [message.text for message in said] == [NO_PRINTER] * 3
    dialog.reject()


def test_papers_are_printed_page_by_page(view: DeskView, tmp_path: Path, qtbot: QtBot) -> None:
    import pypdfium2

    dialog = opened(submit_page(view, qtbot), qtbot)
    printer = pdf_printer(tmp_path / "printed.pdf")
    said: list[Message] = []
    dialog.messages.told.connect(said.append)
    dialog.print_on(dialog.papers[:2], printer)
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    sizes = [printed.get_page_size(n) for n in range(len(printed))]
    sources = [pypdfium2.PdfDocument(paper.path) for paper in dialog.papers[:2]]
    wanted = [one.get_page_size(n) for one in sources for n in range(len(one))]
    assert said[0].text == f"{len(wanted)}页已送到打印机。"
    assert [w > h for w, h in sizes] == [w > h for w, h in wanted]
    darkest, _lightest = printed[0].render(scale=0.5).to_pil().convert("L").getextrema()
    assert darkest < 100
    for one in (printed, *sources):
        one.close()
    dialog.reject()


def pdf_printer(out: Path) -> QPrinter:
    """A printer that writes a file."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(out))
    return printer


def test_only_the_pages_asked_for_are_printed(view: DeskView, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = opened(submit_page(view, qtbot), qtbot)
    printer = pdf_printer(tmp_path / "one.pdf")
    printer.setFromTo(2, 2)
    assert printing.print_papers([dialog.papers[1].path], printer, Progress()) == 1
    dialog.reject()


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_told(tmp_path: Path, view: DeskView, qtbot: QtBot) -> None:
    dialog = opened(submit_page(view, qtbot), qtbot)
    printer = pdf_printer(tmp_path / "no such folder" / "x.pdf")
    with pytest.raises(printing.PrintingError, match="打印机没有接受"):
        printing.print_papers([dialog.papers[0].path], printer, Progress())
    dialog.reject()


# ── sealing


@pytest.fixture
def ready(make_book: BookMaker) -> Book:
    """A book that can be sealed."""
    book = make_book("绿水")
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.confirm(None, by=ACCOUNTANT)
    create_key(book, PASSPHRASE, by=HEAD)
    return book


def begin_sealing(window: MainWindow, book: Book, out: Path, qtbot: QtBot) -> SubmitPage:
    """The page with everything filled in."""
    view = open_desk(window, book, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    wait_for(qtbot, page.seal_button.isEnabled)
    page.folder.setText(str(out))
    page.passphrase.setFocus()
    type_text(qtbot, PASSPHRASE)
    return page


@pytest.mark.parametrize("at", ["附表1-2", "汇总"])
def test_an_export_called_off_leaves_nothing(
    window: MainWindow,
    ready: Book,
    tmp_path: Path,
    qtbot: QtBot,
    told: list[Message],
    at: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "上报"
    page = begin_sealing(window, ready, out, qtbot)
    steps: list[str] = []
    monkeypatch.setattr(worker, "REPORT_SECONDS", 0)

    def follow(job: Job) -> None:
        # In the job's own thread: it is stopped right there.
        def stop(one: Step) -> None:
            steps.append(one.text)
            if at in one.text:
                job.cancel()

        job.progress.stepped.connect(stop, Qt.ConnectionType.DirectConnection)

    window.worker.started.connect(follow)
    click(qtbot, page.seal_button)
    click(qtbot, button_named(page, "封印"))
    assert window.work_bar.isVisible()
    assert window.work_bar.cancel_button.isVisible()
    qtbot.waitUntil(lambda: any("已取消" in message.text for message in told), timeout=30_000)
    wait_for(qtbot, lambda: not window.worker.busy)
    assert any(at in text for text in steps), steps
    assert ready.period.state == "open"
    assert not out.exists()
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".pdf", ".wjz", ".part")]


def test_the_exported_papers_are_shown_with_their_code(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    import pypdfium2

    out = tmp_path / "上报"
    page = begin_sealing(window, ready, out, qtbot)
    click(qtbot, page.seal_button)
    click(qtbot, button_named(page, "封印"))
    qtbot.waitUntil(lambda: ready.period.state == "sealed", timeout=60_000)
    wait_for(qtbot, lambda: not window.worker.busy)
    view = window.desk_view
    assert isinstance(view, DeskView)
    wait_for(qtbot, lambda: view.page is not page)
    again = view.page
    assert isinstance(again, SubmitPage)
    dialog = opened(again, qtbot)
    assert [paper.title for paper in dialog.papers] == PAPERS
    assert all(out in paper.path.parents for paper in dialog.papers)
    file = pypdfium2.PdfDocument(dialog.papers[0].path)
    assert ready.period.seal_code in file[0].get_textpage().get_text_bounded()
    file.close()
    # The seal is the signature's own picture, red on the page.
    assert reddest(dialog.view.sheet.image) > 80
    dialog.reject()
    assert dialog.papers[0].path.exists()


def reddest(image: QImage) -> int:
    """How much redder than blue the reddest point is, on a grid of every second one."""
    points = ((x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    colours = (image.pixelColor(x, y) for x, y in points)
    return max(colour.red() - colour.blue() for colour in colours)


def test_a_count_at_its_end_leaves_no_full_bar_standing(window: MainWindow, qtbot: QtBot) -> None:
    bar = WorkBar(window.look, window.worker)
    qtbot.addWidget(bar)
    bar._step(Step(1, 2, "附表1-2", 1.0))
    assert (bar.bar.value(), bar.bar.maximum()) == (1, 2)
    bar._step(Step(2, 2, "附表1-2", 2.0))
    assert bar.bar.maximum() == 0


def test_time_left_is_said_of_the_step(window: MainWindow, qtbot: QtBot) -> None:
    bar = WorkBar(window.look, window.worker)
    qtbot.addWidget(bar)
    for seconds, words in ((4.0, "4秒"), (85.0, "85秒"), (600.0, "10分钟")):
        bar._step(Step(1, 2, "附表1-2", seconds))
        assert bar.text.words == f"附表1-2，这一步约还要{words}"


def test_another_count_begins_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("app.ui.worker.time.monotonic", lambda: now[0])
    steps: list[Step] = []
    progress = Progress()
    progress.stepped.connect(steps.append)
    for moment, done, total in ((0.0, 0, 10), (50.0, 10, 10), (51.0, 0, 4), (53.0, 2, 4)):
        now[0] = moment
        progress(done, total, "")
    assert steps[-1].seconds_left == 2.0
