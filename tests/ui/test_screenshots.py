"""A picture of every screen: nothing may be missing, and they are there to be looked at.

The pictures go to the folder that WUJI_PICTURES names, else to the test's own. With
WUJI_PICTURES=docs/pictures the ones the documentation shows are made anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.daily import daily_copies, make_daily_copy
from app.book.pointing import set_box
from app.book.types import Balance, Box, Institution
from app.forms.classes import FiveClass
from app.package.receiving import receive_answer
from app.ui import remembered
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.desk_view import DeskView
from app.ui.import_dialog import ImportDialog
from app.ui.key_dialog import KeyDialog
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.new_book_dialog import NewBookDialog
from app.ui.overview_page import OverviewPage
from app.ui.paste_dialog import PasteDialog
from app.ui.people_dialog import PeopleDialog
from app.ui.preview_dialog import PreviewDialog
from app.ui.problems_page import ProblemsPage
from app.ui.reconciliation_page import ReconciliationPage
from app.ui.restore_dialog import RestoreDialog
from app.ui.set_many_dialog import SetManyDialog
from app.ui.side_pane import EVIDENCE, HISTORY, PAPER
from app.ui.subjects_dialog import SubjectsDialog
from app.ui.submit_page import SubmitPage
from app.ui.table_page import TablePage
from app.ui.undo_dialog import UndoDialog
from app.ui.union.queue_page import QueuePage
from app.union.offices import add_office
from app.union.review import review
from tests.ui.conftest import PREPARER, BookMaker
from tests.ui.evidence.papers import draw_photo
from tests.ui.hands import add_cases, open_desk, open_form, open_table, scanned_seal, wait_for
from tests.union.county import CLERK, LEADER, REVIEWER, County, collected_union, county_in
from tests.union.county import HEAD as OFFICE_HEAD
from tests.union.steps import (
    checked,
    decided,
    determined,
    entry,
    is_loss,
    of_office,
    reviewed,
)

ENVIRONMENT = "WUJI_PICTURES"
FEWEST_COLOURS = 20
HOME = Path("/home/wangming/账套")
"""What the pictures show as the clerk's folder."""


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[QWidget, str], Path]:
    """Takes a picture of a widget and checks that something is on it."""
    folder = Path(os.environ.get(ENVIRONMENT) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(widget: QWidget, name: str) -> Path:
        path = folder / f"{name}.png"
        for _ in range(3):  # layouts settle, the focused field scrolls into sight
            QApplication.processEvents()
        image = widget.grab().toImage()
        assert image.save(str(path))
        assert colours(image) >= FEWEST_COLOURS
        if os.environ.get(ENVIRONMENT):
            make_small(path)
        return path

    return take


def make_small(path: Path) -> None:
    """Fewer colours: a picture for the documentation then takes a third of the room."""
    from PIL import Image

    with Image.open(path) as found:
        small = found.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def colours(image: QImage) -> int:
    """How many colours a coarse grid of the picture shows."""
    points = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return len({image.pixel(x, y) for x, y in points})


@pytest.fixture
def view(window: MainWindow, make_book: BookMaker, qtbot: QtBot) -> DeskView:
    """The desk of a book that holds all worked cases and a few balances."""
    book = make_book()
    add_cases(book, PREPARER)
    amounts = {"1391": "108000.00", "1392": "4800.00", "1221": "1256000.00", "1231": "1200500.00"}
    book.set_balances(
        [Balance(c, book.chart()[c].name, Decimal(a)) for c, a in amounts.items()], by=PREPARER
    )
    view = open_desk(window, book, qtbot)
    qtbot.waitUntil(lambda: view.desk.tally.sheets > 0)
    return view


def row_named(page: TablePage, words: str) -> str:
    """The id of the first row whose name holds the words."""
    found = page.desk.book.row_list(page.table.id, search=words)
    assert found
    return found[0].id


def test_start_page(
    window: MainWindow,
    picture: Callable[[QWidget, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("青山信用社", "绿水信用社")
    books = [remembered.RecentBook(HOME / f"{name}.wuji", name) for name in names]
    monkeypatch.setattr(remembered, "recent_books", lambda _settings: books)
    assert window.start is not None
    window.start.renew()
    picture(window, "start")


def test_main_window(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.go_to("counterparty_state")
    picture(window, "main-window")


@pytest.mark.parametrize("key", ["overview", "summary"])
def test_pages(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], key: str
) -> None:
    view.go(key)
    picture(window, key)


def test_problems_page(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    qtbot.waitUntil(lambda: bool(page.findings))
    picture(window, "problems")


def test_submit_page(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    qtbot.waitUntil(lambda: page.readiness is not None)
    page.folder.setText(str(HOME / "上报2006-12-31"))
    picture(window, "submit")


def test_preview(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    page.preview()
    dialog = page.findChildren(PreviewDialog)[-1]
    qtbot.waitUntil(lambda: bool(dialog.papers), timeout=60_000)
    dialog.list.setCurrentRow(2)
    wait_for(qtbot, lambda: not dialog.view.sheet.image.isNull() and dialog.view.pages > 0)
    wait_for(qtbot, lambda: not dialog.renderer.worker.busy)
    picture(dialog, "preview")
    dialog.reject()


def test_restore_dialog(
    view: DeskView,
    window: MainWindow,
    picture: Callable[[QWidget, str], Path],
    qtbot: QtBot,
) -> None:
    path = view.book.path
    for day in (date(2007, 1, 12), date(2007, 1, 13), date(2007, 1, 15)):
        make_daily_copy(path, day)
    dialog = RestoreDialog(view.desk, window)
    dialog.open()
    dialog.list.setCurrentRow(1)
    wait_for(qtbot, dialog.new_button.isEnabled)
    for row, copy in enumerate(daily_copies(path)):
        when = f"2007-01-{copy.stem[-2:]} 17:42"
        dialog.list.item(row).setText(f"{copy.name}\n{when} 存在 {HOME / '备份'}")
    picture(dialog, "restore-dialog")
    dialog.reject()


def test_after_a_crash(
    window: MainWindow, make_book: BookMaker, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    row = book.row_list("1-2")[0]
    book.set_values(row.id, {"remarks": "已与对方核对"}, by=PREPARER)
    book.save_draft(row.id, "counterparty", "某某城市信用社营")
    remembered.begin_work(window.settings, book.path)
    view = open_desk(window, book, qtbot)
    qtbot.waitUntil(lambda: view.desk.tally.sheets > 0)
    picture(window, "after-a-crash")


def test_reminder(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    page.away.now = lambda: datetime.now(UTC) + timedelta(days=9)
    page.away.renew()
    assert page.away.isVisible()
    picture(window, "backup-reminder")


def test_list_alone(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    open_table(view, "1-8").list.view.choose_place(0)
    picture(window, "list")


def test_empty_table(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-7")
    for row in list(view.desk.book.rows("1-7")):
        view.desk.book.remove_row(row.id, by=PREPARER)
    page.list.reload()
    picture(window, "empty-table")


@pytest.mark.parametrize(
    ("tab", "name"), [(PAPER, "working-paper"), (EVIDENCE, "evidence"), (HISTORY, "history")]
)
def test_side_pane(
    view: DeskView,
    window: MainWindow,
    picture: Callable[[QWidget, str], Path],
    tab: int,
    name: str,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    page = open_table(view, "1-5")
    open_form(page, row_named(page, "挪用"))
    file = draw_photo(tmp_path / "报案回执.png")
    evidence = page.side.evidence
    page.side.setCurrentIndex(EVIDENCE)
    evidence.attach([file], evidence.needs.item(0).text())
    wait_for(qtbot, lambda: evidence.files.count() == 1)
    page.side.setCurrentIndex(tab)
    picture(window, name)


def test_paper_beside_the_form(
    view: DeskView,
    window: MainWindow,
    picture: Callable[[QWidget, str], Path],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    page, book = open_table(view, "1-2"), view.desk.book
    row_id = row_named(page, "城市信用")
    slip = book.attach(row_id, draw_photo(tmp_path / "存单.png"), by=PREPARER)
    for field, rect in (("carrying_amount", (800, 3150, 8000, 3800)),
                        ("formed_on", (800, 4000, 5200, 4500))):  # fmt: skip
        set_box(book, slip.id, Box(field, 1, rect), by=PREPARER)
    open_form(page, row_id).go_to("carrying_amount")
    page.toggle_paper()
    paper = page.side.evidence.beside.view
    wait_for(qtbot, lambda: paper.area.isVisible() and not paper.renderer.worker.busy)
    picture(window, "evidence-beside")


def test_reasons(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.result.toggle.click()
    picture(window, "reasons")


def test_problems_in_the_form(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-2")
    row = view.desk.book.add_row(
        "1-2", {"subject": "1391", "carrying_amount": "12.345", "formed_on": "前年"}, by=PREPARER
    )
    page.list.reload()
    form = open_form(page, row.id)
    form.check_now()
    form.go_to("formed_on")
    picture(window, "problems-in-form")


def test_big_loss_sheet(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    sheet = view.desk.book.big_losses()[0]
    view.open_row("2", sheet.row_id)
    picture(window, "big-loss")


@pytest.mark.parametrize("kind", [NewBookDialog, PeopleDialog, KeyDialog])
def test_dialogs(
    view: DeskView, picture: Callable[[QWidget, str], Path], kind: type[QDialog], qtbot: QtBot
) -> None:
    dialog = kind(view.desk, view)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    if isinstance(dialog, NewBookDialog):
        dialog.path.setText(str(HOME / "青山信用社.wuji"))
    picture(dialog, kind.__name__.removesuffix("Dialog").lower() + "-dialog")


def test_subjects_dialog(
    view: DeskView, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    view.desk.book.add_subject("1399", "其他暂付", "1-5", by=PREPARER)
    dialog = SubjectsDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.table.show_key("1399")
    picture(dialog, "subjects-dialog")


def test_balance_import_dialog(
    view: DeskView, picture: Callable[[QWidget, str], Path], qtbot: QtBot, tmp_path: Path
) -> None:
    sheet = tmp_path / "科目余额表.csv"
    sheet.write_text(
        "科目代码,科目名称,借方余额,贷方余额\n1221,存放同业款项,1750000.00,\n"
        "1391,其他应收款,47600.00,\n1399,其他暂付,1200.00,\n1502,累计折旧,,52000.00\n"
        "2011,活期存款,,88000000.00\n",
        encoding="gb18030",
    )
    dialog = BalanceImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read(sheet)
    qtbot.waitUntil(lambda: dialog.listing is not None)
    dialog.table.show_key("1399")
    picture(dialog, "balance-import-dialog")


def test_key_dialog_with_a_seal(
    view: DeskView, picture: Callable[[QWidget, str], Path], qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = KeyDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.seal.take(scanned_seal(tmp_path / "公章.png"))
    qtbot.waitUntil(lambda: not dialog.seal.preview.pixmap().isNull())
    picture(dialog, "key-dialog-with-seal")


def test_change_of_role(
    view: DeskView, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    dialog = PeopleDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.list.setCurrentRow(1)
    dialog.ask_role()
    asked = dialog.findChild(QDialog)
    assert asked is not None
    picture(asked, "role-dialog")


def test_unknown_subject_in_the_form(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-5")
    row = view.desk.book.add_row("1-5", {"subject": "1399", "name": "暂付款"}, by=PREPARER)
    page.list.reload()
    form = open_form(page, row.id)
    form.check_now()
    form.go_to("subject")
    picture(window, "unknown-subject")


def test_import_dialog(
    view: DeskView, picture: Callable[[QWidget, str], Path], qtbot: QtBot, tmp_path: Path
) -> None:
    listing = tmp_path / "其他应收款清单.csv"
    listing.write_text(
        "户名,科目,入账日期,账面余额（元）,款项性质,情况说明,经办\n"
        "张某,1391,2003-05-06,12000.00,职工借款,出差借款未还,王\n"
        '李某,1391,2001年3月,"35,600.00",诉讼费,一审胜诉,赵\n'
        "合计,,,47600.00,,,\n",
        encoding="gb18030",
    )
    dialog = ImportDialog(view.desk, view)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read(listing)
    qtbot.waitUntil(lambda: dialog.listing is not None)
    picture(dialog, "import-dialog")


def test_narrow_window(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    window.resize(1024, 700)
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    qtbot.waitUntil(lambda: not page.side.isVisible())
    form.go_to("counterparty_state")
    picture(window, "narrow")


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """A made-up county whose union has both packages."""
    found = county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")
    collected_union(tmp_path_factory.getbasetemp(), found)
    return found


def union_queue(window: MainWindow, book: Book, qtbot: QtBot, key: str) -> QueuePage:
    """A queue of the union's book, read."""
    page = open_desk(window, book, qtbot).go(key)
    assert isinstance(page, QueuePage)
    with qtbot.waitSignal(page.list.loaded, timeout=30_000):
        page.list.reload()
    return page


def test_union_offices(
    window: MainWindow, county: County, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    with Book.open(county.union) as book:
        add_office(book, Institution("HS", "黄沙信用社"), by=REVIEWER)
        view = open_desk(window, book, qtbot)
        window.desk.choose_person(REVIEWER)
        qtbot.waitUntil(lambda: view.desk.tally.union.expected == 3, timeout=30_000)
        qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)
        picture(window, "union-offices")
        window.desk.close_book()


def test_union_review(
    window: MainWindow, county: County, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    with Book.open(county.union) as book:
        page = union_queue(window, book, qtbot, "review")
        window.desk.choose_person(REVIEWER)
        row = next(r for r in book.rows("1-6") if r.suggested is FiveClass.SUBSTANDARD)
        page.open_row(row.id)
        page.add_mark("subject", "缺投资协议，请补在资料里")
        page.pane.opinion.reason.show_text("投资依据不足")
        picture(window, "union-review")
        page.close_row()
        page.list.view.choose_place(2)
        page.list.view.selectAll()
        picture(window, "union-bulk")
        window.desk.close_book()


def test_union_determination_and_decisions(
    window: MainWindow, county: County, picture: Callable[[QWidget, str], Path], qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    with Book.open(county.union) as book:
        rows = of_office(book, "QS")
        reviewed(book, rows)
        checked(book, rows)
        page = union_queue(window, book, qtbot, "determine")
        window.desk.choose_person(LEADER)
        page.open_row(next(row for row in rows if is_loss(row)).id)
        picture(window, "union-determine")
        page.close_row()
        determined(book, rows, tmp_path / "纪要.txt")
        assert window.desk_view is not None
        window.desk_view.go("decide")  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: not window.worker.busy, timeout=30_000)
        picture(window, "union-decide")
        window.desk.close_book()


def test_answers_of_the_union(
    window: MainWindow, county: County, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    with Book.open(county.union) as book:
        first, other = of_office(book, "QS")[2:4]
        marks = (("name", "与合同上的名称不一样"), ("evidence", "缺对账单"))
        review(book, [entry(first.id, marks=marks, reason="依据不足")], by=REVIEWER)
        asked = (("remarks", "写明来由"),)
        review(book, [entry(other.id, marks=asked, reason="来由不清")], by=REVIEWER)
        decision = decided(county, book, county.folder / "decisions")["QS"].path
    with Book.open(county.book("QS")) as book:
        receive_answer(book, decision, by=OFFICE_HEAD)
        view = open_desk(window, book, qtbot)
        window.desk.choose_person(CLERK)
        view.open_first_question()
        qtbot.waitUntil(lambda: view.desk.tally.questions == 3, timeout=30_000)
        picture(window, "questions-in-form")
        view.go("answers")
        picture(window, "answers")
        window.desk.close_book()


@pytest.fixture
def zoomed(look: Look) -> Iterator[Look]:
    """The program's own zoom at 150%."""
    look.zoom = 1.5
    look.apply()
    yield look
    look.zoom = 1.0
    look.apply()


def test_window_at_150_percent(
    zoomed: Look, view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path]
) -> None:
    page = open_table(view, "1-2")
    form = open_form(page, row_named(page, "城市信用"))
    form.go_to("counterparty_state")
    picture(window, "main-window-150")


SCALED = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, Qt
from app.ui.application import make_application
from app.ui.look import Look
from app.ui.main_window import MainWindow
from app.ui.messages import Messages

application = make_application()
folder, book = Path(sys.argv[1]), Path(sys.argv[2])
settings = QSettings(sys.argv[3], QSettings.IniFormat)
look = Look.from_settings(settings)
look.apply()
window = MainWindow(look, Messages(), settings)
window.setWindowState(Qt.WindowState.WindowNoState)
window.resize(911, 512)
window.show()
for _ in range(3):
    application.processEvents()
assert window.grab().save(str(folder / "start-150.png"))
window.open_book(book)
page = window.desk_view.go("table:1-2")
page.open_row(window.desk.book.row_list("1-2", search="城市信用")[0].id)
page.form.go_to("counterparty_state")
for _ in range(5):
    application.processEvents()
assert window.grab().save(str(folder / "main-window-scaled-150.png"))
window.close()
"""


def test_at_150_percent_of_the_screen(
    make_book: BookMaker, project_root: Path, tmp_path: Path
) -> None:
    book = make_book()
    add_cases(book, PREPARER)
    book.close()
    folder = Path(os.environ.get(ENVIRONMENT) or tmp_path).resolve()
    command = [sys.executable, "-c", SCALED, str(folder), str(book.path), str(tmp_path / "s.ini")]
    environment = {**os.environ, "QT_SCALE_FACTOR": "1.5"}
    subprocess.run(command, cwd=project_root, env=environment, check=True, timeout=60)
    for name in ("start-150", "main-window-scaled-150"):
        image = QImage(str(folder / f"{name}.png"))
        assert image.height() == 768
        assert colours(image) >= FEWEST_COLOURS
        if os.environ.get(ENVIRONMENT):
            make_small(folder / f"{name}.png")


def test_settings_of_the_tests_are_their_own(settings: QSettings, tmp_path: Path) -> None:
    assert Path(settings.fileName()).parent == tmp_path


def test_overview_beside_last_period(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    book = view.desk.book
    period = book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    view.desk.enter_period(period.id)
    view.go("overview")
    qtbot.waitUntil(lambda: view.desk.tally.last is not None)
    picture(window, "overview-second-period")


def test_reconciliation_with_clues(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    book = view.desk.book
    extra = {"name": "拆放城市信用社", "subject": "1231", "carrying_amount": "60000.00"}
    book.add_rows("1-2", [extra, extra], by=PREPARER, source="typed")
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    page.table.selectRow(
        next(n for n, row in enumerate(page.table.lines.rows) if row.texts[1] == "1231")
    )
    qtbot.waitUntil(lambda: "正在找" not in page.why.text())
    picture(window, "reconciliation")


def test_pasting_a_block(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    row_id = row_named(page, "城市信用")
    view.desk.book.set_values(row_id, {"asset_no": "T-001"}, by=PREPARER)
    block = (
        "资产编号\t资产名称\t账面金额\t入账日期\t经办\r\n"
        "T-001\t存放城市信用社款项\t1,250,000.00\t2005-03-01\t张三\r\n"
        "T-002\t存放农行活期\t80,000.00\t2006-02-30\t李四\r\n"
        "T-003\t存放邮储活期\t12,345.67\t2006-05-08\t李四\r\n"
    )
    dialog = PasteDialog(view.desk, window, page.table)
    qtbot.addWidget(dialog)
    assert dialog.read(block)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "paste-dialog")
    dialog.close()


def test_a_field_for_many(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    page.list.view.selectAll()
    places = page.list.view.chosen_places()
    dialog = SetManyDialog(view.desk, window, page.table, page.list.view.rows, places)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.field.setCurrentIndex(dialog.field.findData("litigation"))
    editor = dialog.editor
    editor.set_value(page.table.fields["litigation"].choices[1].code)
    editor.commit()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    picture(dialog, "set-many-dialog")
    dialog.close()


def test_the_list_of_what_can_be_undone(
    view: DeskView, window: MainWindow, picture: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = open_table(view, "1-2")
    row_id = row_named(page, "城市信用")
    for values in ({"remarks": "已函证"}, {"carrying_amount": "120000.00", "due_on": "2006-11-30"}):
        view.desk.book.set_values(row_id, values, by=PREPARER)
    dialog = UndoDialog(view.desk, window)
    qtbot.addWidget(dialog)
    dialog.open()
    picture(dialog, "undo-dialog")
    dialog.close()
