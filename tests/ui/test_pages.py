"""The pages beside the tables: overview, reconciliation, problems, summary, submitting, table 2."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.book.book import Book
from app.book.keys import create_key, office_key
from app.book.types import Balance
from app.forms.classes import FiveClass
from app.ui.balance_import_dialog import BalanceImportDialog
from app.ui.big_loss_page import BigLossPage
from app.ui.campaign import campaign_steps
from app.ui.desk_view import DeskView
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.overview_page import OverviewPage
from app.ui.preview_dialog import PreviewDialog
from app.ui.problems_page import FILLED, ProblemsPage
from app.ui.reconciliation_page import ReconciliationPage
from app.ui.search_page import SearchPage
from app.ui.sign_line import SignLine
from app.ui.submit_page import SubmitPage
from app.ui.summary_page import COLUMNS, SummaryPage
from app.ui.tally import taken
from tests.ui.conftest import ACCOUNTANT, HEAD, PREPARER, BookMaker
from tests.ui.hands import (
    INTERBANK,
    button_named,
    click,
    enter,
    focused,
    open_desk,
    press,
    type_text,
    wait_for,
)

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples" / "qingshan-2006"
PASSPHRASE = "青山 2006 底稿"
OVERDUE = {
    **INTERBANK,
    "name": "逾期的存款",
    "due_on": "2006-10-01",
    "initial_class": "doubtful",
}
"""A finished row that comes out as doubtful; its estimate of no loss is a warning (W003)."""


@pytest.fixture
def book(make_book: BookMaker) -> Book:
    """An empty book."""
    return make_book()


@pytest.fixture
def view(window: MainWindow, book: Book, qtbot: QtBot) -> DeskView:
    """The desk of the book."""
    return open_desk(window, book, qtbot)


def dialog_of(window: MainWindow) -> QDialog:
    """The dialog that is open."""
    return next(d for d in window.findChildren(QDialog) if d.isVisible())


# ── overview


def states(book: Book) -> dict[str, bool]:
    """Which steps are done."""
    return {step.key: step.done for step in campaign_steps(book, taken(book))}


def test_steps_follow_the_state_of_the_book(book: Book) -> None:
    assert states(book) == {
        "people": True,
        "balances": False,
        "rows": False,
        "fill": False,
        "confirm": False,
        "submit": False,
    }
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250000.00"))], by=PREPARER)
    row = book.add_row("1-2", {**INTERBANK, "kind": None}, by=PREPARER)
    assert (states(book)["balances"], states(book)["rows"], states(book)["fill"]) == (
        True,
        True,
        False,
    )
    book.set_values(row.id, {"kind": "interbank_deposit"}, by=PREPARER)
    assert (states(book)["fill"], states(book)["confirm"]) == (True, False)
    book.confirm(None, by=ACCOUNTANT)
    assert states(book)["confirm"]


def test_overview_shows_what_to_do_next_and_leads_there(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250000.00"))], by=PREPARER)
    row = book.add_row("1-2", {**INTERBANK, "kind": None}, by=PREPARER)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: view.desk.tally.rows == 1)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    step = button_named(page, "接着填")
    assert step.property("kind") == "main"
    click(qtbot, step)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.row.id == row.id
    assert table.form is not None
    assert table.form.focused_key == "kind"


def test_overview_sums_up_the_tables(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    view.desk.rows_were_changed("1-2")
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    wait_for(qtbot, lambda: page.table.lines.rows[-1].texts[1] == "1")
    assert page.table.lines.rows[-1].texts[5] == "250,000.00"
    page.table.setFocus()
    page.table.selectRow(1)
    press(qtbot, Qt.Key.Key_Return)
    assert view.navigation.current_key() == "table:1-2"


def test_the_total_of_the_overview_is_the_sum_of_what_stands_above_it(
    view: DeskView, book: Book, big_loss: BigLossPage, qtbot: QtBot
) -> None:
    assert big_loss.desk is view.desk
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250000.00"))], by=PREPARER)
    view.desk.rows_were_changed("1-5")
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    wait_for(qtbot, lambda: view.desk.tally.sheets == 1 and view.desk.tally.differences > 0)
    wait_for(qtbot, lambda: page.table.lines.rows[-1].texts[0] == "账务核对")
    *lines, total, sheets, ledger = page.table.lines.rows
    for column in (1, 2, 3, 4):
        shown = sum(int(line.texts[column].replace("—", "") or 0) for line in lines)
        assert shown == int(total.texts[column] or 0)
    tally = view.desk.tally
    assert (total.texts[0], sheets.texts[0]) == ("合计", "附表2 大额损失")
    assert int(sheets.texts[3]) == tally.sheet_errors > 0
    assert int(ledger.texts[4]) == tally.differences > 0
    assert int(total.texts[3] or 0) + tally.sheet_errors == tally.errors
    assert int(total.texts[4] or 0) + tally.differences == tally.warnings
    page.table.setFocus()
    page.table.selectRow(len(lines) + 2)
    press(qtbot, Qt.Key.Key_Return)
    assert isinstance(view.page, ReconciliationPage)


# ── reconciliation


def test_every_subject_is_compared(view: DeskView, book: Book) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.set_balances(
        [
            Balance("1221", "存放同业款项", Decimal("250000.00")),
            Balance("1391", "其他应收款", Decimal("100.00")),
        ],
        by=PREPARER,
    )
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    shown = {row.texts[1]: (row.texts[0], row.texts[-1]) for row in page.table.lines.rows}
    assert shown == {"1221": ("一致", ""), "1391": ("还没有登记", "100.00")}
    assert page.state.text() == "2个科目，1个还没有登记。"


def test_balances_that_are_not_compared_are_named(view: DeskView, book: Book) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    given = [Balance("1221", "存放同业款项", Decimal("250000.00"))]
    book.set_balances([*given, Balance("3121", "历年亏损挂账", Decimal("9.00"))], by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    assert page.state.text() == (
        "1个科目，全部核对过。3121 历年亏损挂账报的是轧差后的数，不在这里核对。"
    )
    book.set_balances(given, by=PREPARER)
    page.renew()
    assert page.state.text() == "1个科目，全部核对过。"


def test_balances_taken_in_are_seen_at_once(
    view: DeskView, window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    assert page.table.lines.rows == []
    monkeypatch.setattr(BalanceImportDialog, "choose_file", lambda _dialog: None)
    view.go("overview")
    view.do_import_balances()
    dialog = view.findChildren(BalanceImportDialog)[-1]
    dialog.read(SAMPLES / "balances.xlsx")
    wait_for(qtbot, dialog.import_button.isEnabled)
    click(qtbot, dialog.import_button)
    assert view.page is page
    assert len(page.table.lines.rows) == 8
    assert window.focusWidget() is page.table
    summary = view.go("summary")
    assert isinstance(summary, SummaryPage)
    before = [row.texts for row in summary.table.lines.rows]
    view.hands.do_undo()
    assert [row.texts for row in summary.table.lines.rows] != before


def test_check_list_shows_every_relation(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250100.00"))], by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    wait_for(qtbot, lambda: bool(page.checks.lines.rows))
    results = {row.texts[0]: row.texts[2:] for row in page.checks.lines.rows}
    relation = next(text for text in results if text.startswith("1221"))
    assert results[relation] == ("不符", "250,100.00", "250,000.00", "100.00")
    assert "相符" in {texts[0] for texts in results.values()}


def test_a_difference_with_a_reason_is_settled(view: DeskView, book: Book) -> None:
    book.set_balances([Balance("1391", "其他应收款", Decimal("100.00"))], by=PREPARER)
    from app.book.checks import check_book

    finding = check_book(book)[0]
    book.keep(finding.id, "按联社要求列报", by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    assert page.table.lines.rows[0].texts[0] == "已说明"
    assert not page.problems_button.isVisible()


def test_a_difference_is_explained_at_its_own_problem(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    for _ in range(4):  # more than a screen of what is not filled
        book.add_row("1-2", {"subject": "1221"}, by=PREPARER)
    codes = (("1011", "现金"), ("1391", "其他应收款"))
    book.set_balances([Balance(code, name, Decimal("9.00")) for code, name in codes], by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    page.table.selectRow([row.texts[1] for row in page.table.lines.rows].index("1391"))
    click(qtbot, page.problems_button)
    problems = view.page
    assert isinstance(problems, ProblemsPage)
    wait_for(qtbot, lambda: "1391" in problems.detail.text())
    assert problems.keep_button.isEnabled()
    assert problems.view.visualRect(problems.view.currentIndex()).intersects(
        problems.view.viewport().rect()
    )


def test_without_balances_the_page_says_where_to_get_them(view: DeskView) -> None:
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    assert "科目余额表" in page.state.text()


def test_a_balance_is_typed_by_hand(
    view: DeskView, book: Book, window: MainWindow, qtbot: QtBot
) -> None:
    from app.ui.balance_dialog import BalanceDialog

    view.go("reconciliation")
    view.jobs.balance("1391")
    dialog = window.findChild(BalanceDialog)
    assert dialog is not None
    assert dialog.subject.currentData() == "1391"
    dialog.debit.setText("1.5万")
    click(qtbot, dialog.save_button)
    assert [(b.subject, b.debit) for b in book.balances()] == [("1391", Decimal("15000.00"))]
    page = view.page
    assert isinstance(page, ReconciliationPage)
    assert page.table.lines.rows[0].texts[5] == "15,000.00"


def test_an_unreadable_balance_is_refused(
    view: DeskView, book: Book, window: MainWindow, qtbot: QtBot
) -> None:
    from app.ui.balance_dialog import BalanceDialog

    view.jobs.balance("1391")
    dialog = window.findChild(BalanceDialog)
    assert dialog is not None
    dialog.debit.setText("很多")
    told: list[Message] = []
    dialog.messages.told.connect(told.append)
    click(qtbot, dialog.save_button)
    assert "借方余额" in told[0].text
    assert book.balances() == []


# ── problems


def problems_page(view: DeskView, qtbot: QtBot) -> ProblemsPage:
    """The page after its check."""
    page = view.go("problems")
    assert isinstance(page, ProblemsPage)
    wait_for(qtbot, lambda: page.count.text() != "正在检查…")
    return page


def test_problems_are_listed_and_lead_to_their_field(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    row = book.add_row("1-2", {**INTERBANK, "limitation": None}, by=PREPARER)
    page = problems_page(view, qtbot)
    assert page.count.text() == "1个错误，0个警告"
    page.view.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.row.id == row.id
    assert table.form is not None
    assert table.form.focused_key == "limitation"
    assert table.form.rows["limitation"].problem_codes == ["E001"]


def test_rows_waiting_for_the_accountant_are_no_errors_of_the_clerk(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    page = problems_page(view, qtbot)
    assert page.view.lines.rowCount() == 0
    assert "1笔等会计确认" in page.count.text()
    page.filter.setCurrentIndex(page.filter.findData("unconfirmed"))
    assert page.view.lines.rowCount() == 1


def test_what_is_filled_wrongly_is_told_from_what_is_not_filled(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", {"carrying_amount": "-5.00"}, by=PREPARER)
    page = problems_page(view, qtbot)
    assert page.view.lines.rowCount() > 5
    page.filter.setCurrentIndex(page.filter.findText(FILLED))
    assert [finding.code for finding in page.view.lines.findings] == ["E004"]


def test_a_warning_is_kept_and_taken_back(
    view: DeskView, book: Book, window: MainWindow, qtbot: QtBot
) -> None:
    book.add_row("1-2", OVERDUE, by=PREPARER)
    page = problems_page(view, qtbot)
    assert page.keep_button.isEnabled()
    click(qtbot, page.keep_button)
    asked = dialog_of(window)
    choice = asked.findChild(QComboBox)
    assert choice is not None
    choice.setCurrentIndex(1)
    reason = choice.currentText()
    click(qtbot, button_named(asked, "保留"))
    wait_for(qtbot, lambda: "已保留1个" in page.count.text())
    assert [k.reason for k in book.kept()] == [reason]
    page.filter.setCurrentIndex(page.filter.findData("kept"))
    assert PREPARER in page.view.lines.index(0, 3).data()
    click(qtbot, page.unkeep_button)
    wait_for(qtbot, lambda: "1个警告" in page.count.text())
    assert book.kept() == []


def test_after_a_kept_warning_the_next_is_chosen(view: DeskView, book: Book, qtbot: QtBot) -> None:
    for _ in range(3):
        book.add_row("1-2", OVERDUE, by=PREPARER)
    page = problems_page(view, qtbot)
    page.filter.setCurrentIndex(page.filter.findData("warning"))
    shown = [finding.id for finding in page.view.lines.findings]
    assert len(shown) > 2
    page.view.selectRow(1)
    finding = page.view.current()
    assert finding is not None
    page.keep([finding], "已核对原始凭证", "")
    wait_for(qtbot, lambda: "已保留1个" in page.count.text())
    following = page.view.current()
    assert following is not None
    assert following.id == shown[2]


def test_errors_cannot_be_kept(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", {**INTERBANK, "limitation": None}, by=PREPARER)
    page = problems_page(view, qtbot)
    assert not page.keep_button.isEnabled()


def test_a_problem_of_sums_leads_to_the_reconciliation(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.set_balances([Balance("1391", "其他应收款", Decimal("100.00"))], by=PREPARER)
    page = problems_page(view, qtbot)
    click(qtbot, page.go_button)
    assert view.navigation.current_key() == "reconciliation"


# ── summary


def test_summary_shows_every_line_of_the_rule_set(view: DeskView, book: Book) -> None:
    book.add_row("1-2", OVERDUE, by=PREPARER)
    page = view.go("summary")
    assert isinstance(page, SummaryPage)
    rows = {row.texts[0].strip("　"): row.texts for row in page.table.lines.rows}
    assert len(rows) == len(book.ruleset.summary)
    titles = [column.title for column in COLUMNS]
    line = rows["同业债权"]
    assert line[titles.index(FiveClass.DOUBTFUL.label)] == "250,000.00"
    assert line[titles.index("不良率")] == "100.00%"


def test_summary_can_follow_the_suggestions(view: DeskView, book: Book) -> None:
    book.add_row("1-2", {**OVERDUE, "initial_class": None}, by=PREPARER)
    page = view.go("summary")
    assert isinstance(page, SummaryPage)
    titles = [column.title for column in COLUMNS]

    def interbank(column: str) -> str:
        rows = {row.texts[0].strip("　"): row.texts for row in page.table.lines.rows}
        return rows["同业债权"][titles.index(column)]

    assert interbank("未分类") == "250,000.00"
    page.stage.setCurrentIndex(page.stage.findData("suggested"))
    assert interbank("未分类") == ""
    assert interbank("可疑") == "250,000.00"


# ── submitting


def submit_page(view: DeskView, qtbot: QtBot) -> SubmitPage:
    """The page after its check."""
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    wait_for(qtbot, lambda: page.state is not None)
    return page


def lines(page: SubmitPage) -> list[str]:
    """What the page says."""
    return [line.label.text() for line in page.card.findChildren(SignLine) if line.isVisible()]


def test_what_is_to_be_dealt_with_has_the_keyboard_in_its_list(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", {**INTERBANK, "limitation": None}, by=PREPARER)
    button_named(submit_page(view, qtbot), "去处理").setFocus()
    press(qtbot, Qt.Key.Key_Return)
    page = view.page
    assert isinstance(page, ProblemsPage)
    assert page.view.hasFocus()
    wait_for(qtbot, lambda: page.view.current() is not None)
    press(qtbot, Qt.Key.Key_Return)
    table = view.table_page
    assert table is not None
    assert table.session is not None


def test_what_blocks_sealing_is_listed(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", {**INTERBANK, "limitation": None}, by=PREPARER)
    book.add_row("1-2", OVERDUE, by=PREPARER)
    view.desk.rows_were_changed()
    page = submit_page(view, qtbot)
    wait_for(qtbot, lambda: len(lines(page)) == 7)
    said = "".join(lines(page))
    assert "2笔填了资料齐全，一份也没有附" in said
    assert "1个错误要改正" in said
    assert "1个警告要核对" in said
    assert "1笔等会计确认" in said
    assert "还没有密钥" in said
    assert f"请{HEAD}在右上角选自己" in said
    assert not page.seal_button.isEnabled()


def test_somebody_else_takes_the_seat_from_the_page(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    page = submit_page(view, qtbot)
    lines_with_way = [
        one
        for one in page.card.findChildren(SignLine)
        if one.button and one.button.text() == "换人…"
    ]
    said = [one.label.text() for one in lines_with_way]
    assert [words[:7] for words in said] == ["1笔等会计确认", "上报要由负责人"]
    click(qtbot, button_named(lines_with_way[0], "换人…"))
    menu = view.top.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    chosen = next(one for one in menu.actions() if one.text().startswith(ACCOUNTANT))
    chosen.trigger()
    menu.close()
    wait_for(qtbot, lambda: "全部确认" in [b.text() for b in page.card.findChildren(QPushButton)])


def test_accountant_confirms_all_from_the_page(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    view.desk.choose_person(ACCOUNTANT)
    page = submit_page(view, qtbot)
    confirm = next(b for b in page.card.findChildren(QPushButton) if b.text() == "全部确认")
    click(qtbot, confirm)
    asked = seal_question(page)
    assert any("确认1笔资产？" in label.text() for label in asked.findChildren(QLabel))
    assert book.row_count(None, only="confirmed") == 0
    click(qtbot, button_named(asked, "确认"))
    view.window().activateWindow()
    assert book.row_count(None, only="confirmed") == 1
    # The button is gone; the keyboard is on what is to be done next, not somewhere else.
    wait_for(qtbot, lambda: focused() is not page)
    assert focused() is button_named(page.card, "生成密钥")


def test_with_its_key_made_the_keyboard_stands_at_the_passphrase(
    window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.confirm(None, by=ACCOUNTANT)
    view = open_desk(window, book, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    button_named(page.card, "生成密钥").setFocus()
    press(qtbot, Qt.Key.Key_Return)
    dialog = window.findChild(KeyDialog)
    assert dialog is not None
    wait_for(qtbot, dialog.isActiveWindow)
    create_key(book, PASSPHRASE, by=HEAD)
    dialog.close_button.click()
    wait_for(qtbot, page.seal_button.isEnabled)
    window.activateWindow()
    assert window.focusWidget() is page.passphrase


@pytest.fixture
def ready(book: Book) -> Book:
    """A book that can be sealed."""
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.confirm(None, by=ACCOUNTANT)
    create_key(book, PASSPHRASE, by=HEAD)
    return book


def sealing_words(page: SubmitPage, qtbot: QtBot) -> str:
    """What is asked before sealing; the question is called off."""
    click(qtbot, page.seal_button)
    asked = seal_question(page)
    asked.reject()
    return "".join(label.text() for label in asked.findChildren(QLabel))


def press_on(qtbot: QtBot, widget: QWidget, key: Qt.Key) -> None:
    """A key for one widget, wherever the keyboard is."""
    qtbot.keyClick(widget, key)  # type: ignore[no-untyped-call]


def seal_question(page: SubmitPage) -> QDialog:
    """What is asked when the passphrase has been typed."""
    return next(d for d in page.findChildren(QDialog) if d.isVisible())


def test_sealing_makes_the_package_and_locks_the_period(
    window: MainWindow,
    ready: Book,
    tmp_path: Path,
    qtbot: QtBot,
    told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app.package.verify import verify_package

    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    assert page.seal_button.isEnabled()
    out = tmp_path / "上报"
    page.folder.setText(str(out))
    page.passphrase.setFocus()
    type_text(qtbot, PASSPHRASE)
    enter(qtbot)
    asked = seal_question(page)
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 0)
    question = "".join(label.text() for label in asked.findChildren(QLabel))
    assert "2006-12-31这一期：1笔资产，没有附资料。" in question
    assert "账面金额250,000.00元，预计损失0.00元" in question
    assert "还没有预览" in question
    assert ready.period.state == "open"
    wait_for(qtbot, asked.isActiveWindow)
    enter(qtbot)
    window.activateWindow()
    assert page.keyboard() is page
    qtbot.waitUntil(lambda: ready.period.state == "sealed", timeout=60_000)
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    packages = list(out.glob("*.wjz"))
    assert len(packages) == 1
    assert verify_package(packages[0]).holds
    assert ready.period.seal_code in told[-1].text
    wait_for(qtbot, lambda: view.page is not page)
    again = view.page
    assert isinstance(again, SubmitPage)
    wait_for(qtbot, lambda: ready.period.seal_code in "".join(lines(again)))
    key = office_key(ready)
    assert key is not None
    said = [label.text() for label in again.card.findChildren(QLabel)]
    assert any(key.short_code in text for text in said)
    assert f"表、底稿和上报包放在{out}。" in said
    assert again.folder.text() == str(out)
    assert focused() is again.open_button
    assert view.top.saved.text() == "已封印，只能看"
    assert "先重新打开本期" in again.about.text()


def test_who_takes_the_seat_finds_the_keyboard_on_the_page(
    window: MainWindow, ready: Book, qtbot: QtBot
) -> None:
    view = open_desk(window, ready, qtbot)
    page = submit_page(view, qtbot)
    view.top.person.setFocus()
    view.top.show_people()
    menu = view.top.findChildren(QMenu)[-1]
    next(one for one in menu.actions() if HEAD in one.text()).trigger()
    menu.close()
    wait_for(qtbot, page.seal_button.isEnabled)
    wait_for(qtbot, lambda: page.keyboard() is page.passphrase)


def test_an_enter_too_many_does_not_seal(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    page.folder.setText(str(tmp_path / "上报"))
    page.passphrase.setText(PASSPHRASE)
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 60_000)
    page.seal()
    asked = seal_question(page)
    button = button_named(asked, "封印")
    press_on(qtbot, button, Qt.Key.Key_Return)
    press_on(qtbot, button, Qt.Key.Key_Space)
    assert asked.isVisible()
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 0)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    QApplication.sendEvent(button, held)
    assert asked.isVisible()
    assert ready.period.state == "open"
    asked.reject()


def test_what_is_undone_on_the_page_is_not_sealed_as_it_was(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    paper = tmp_path / "凭证.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    ready.attach(ready.row_list("1-2")[0].id, paper, by=PREPARER)
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    assert page.state is not None
    assert page.state.papers == 1
    page.setFocus()
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, lambda: page.state is not None and page.state.papers == 0)


def test_a_package_that_would_be_replaced_is_named_before_sealing(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    page.folder.setText(str(tmp_path))
    page.passphrase.setText(PASSPHRASE)
    assert "换一个文件夹" not in sealing_words(page, qtbot)
    (tmp_path / "QS-2006-12-31.wjz").write_bytes(b"")
    assert "换一个文件夹" in sealing_words(page, qtbot)


def test_a_sheet_that_contradicts_its_loss_is_named_before_sealing(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    add_big_loss(book)
    row_id = book.big_losses()[0].row_id
    book.set_big_loss(row_id, {"recoverable": "119999.00"}, by=PREPARER)
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    wait_for(qtbot, lambda: "附表2有1张的预计可收回额和预计损失额合不上" in "".join(lines(page)))
    sheet = view.go("table:2")
    assert isinstance(sheet, BigLossPage)
    sheet.open_row(row_id)
    assert sheet.session is not None
    assert "「预计可收回额」填的是119,999.00" in sheet.session.doubt("recoverable")


def test_nothing_is_sealed_when_the_question_is_called_off(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot
) -> None:
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    page.folder.setText(str(tmp_path / "上报"))
    page.passphrase.setText(PASSPHRASE)
    click(qtbot, page.seal_button)
    asked = seal_question(page)
    asked.reject()
    # What is counted for the page may still be at work; sealing would be among it.
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert ready.period.state == "open"
    assert page.passphrase.text() == PASSPHRASE
    page.preview()
    dialog = page.findChildren(PreviewDialog)[-1]
    qtbot.waitUntil(lambda: bool(dialog.papers), timeout=60_000)
    dialog.reject()
    assert "还没有预览" not in sealing_words(page, qtbot)
    ready.set_values(ready.row_list("1-2")[0].id, {"remarks": "已函证"}, by=PREPARER)
    view.desk.row_was_saved(ready.row_list("1-2")[0].id)
    ready.confirm(None, by=ACCOUNTANT)
    page.renew()
    wait_for(qtbot, page.seal_button.isEnabled)
    assert "还没有预览" in sealing_words(page, qtbot), "something else would be sealed now"
    page.preview()
    page.findChildren(PreviewDialog)[-1].reject()
    wait_for(qtbot, lambda: not view.desk.worker.busy)
    assert "还没有预览" in sealing_words(page, qtbot), "nothing was shown"


def test_answers_that_their_remarks_speak_against_are_told_but_block_nothing(
    window: MainWindow, book: Book, qtbot: QtBot
) -> None:
    row = book.add_row("1-2", {**INTERBANK, "remarks": "对方已停业"}, by=PREPARER)
    book.confirm(None, by=ACCOUNTANT)
    create_key(book, PASSPHRASE, by=HEAD)
    view = open_desk(window, book, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    wait_for(qtbot, page.seal_button.isEnabled)
    assert any("1处请再核对一遍" in said for said in lines(page))
    assert any("1笔填了资料齐全，一份也没有附" in said for said in lines(page))
    page.passphrase.setText(PASSPHRASE)
    click(qtbot, page.seal_button)
    asked = seal_question(page)
    assert any("1处请再核对" in label.text() for label in asked.findChildren(QLabel))
    asked.reject()
    window.activateWindow()
    click(qtbot, button_named(page.card, "去核对"))
    problems = view.page
    assert isinstance(problems, ProblemsPage)
    wait_for(qtbot, lambda: len(problems.view.lines.findings) == 1)
    assert problems.filter.currentText() == "只看提示"
    assert "1处提示" in problems.count.text()
    assert not problems.keep_button.isEnabled()
    assert "备注写着“停业”" in problems.detail.text()
    enter(qtbot)
    form = view.table_page.form if view.table_page else None
    assert form is not None
    assert form.focused_key == "counterparty_state"
    assert "备注写着“停业”" in form.rows["counterparty_state"].text_below("doubt")
    press(qtbot, Qt.Key.Key_4)
    wait_for(qtbot, lambda: book.row(row.id).values["counterparty_state"] == "ceased")
    assert form.rows["counterparty_state"].text_below("doubt") == ""
    assert isinstance(view.go("problems"), ProblemsPage)
    assert problems.filter.currentIndex() == 0, "the filter was for that one visit"


def test_what_only_the_remark_tells_is_told_before_sealing(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    given = {"name": "李某", "carrying_amount": "7.00", "remarks": "2007年1月已收回"}
    row_id = book.add_row("1-5", given, by=PREPARER).id
    page = submit_page(view, qtbot)
    wait_for(qtbot, lambda: any("1处备注说了、却没有填" in said for said in lines(page)))
    told = next(one for one in page.card.findChildren(SignLine) if "备注说了" in one.label.text())
    assert told.sign == "warning"
    assert page.state is not None
    assert "1处备注说了" in page.state.question("2006-12-31", looked=True)
    click(qtbot, button_named(told, "去核对"))
    problems = view.page
    assert isinstance(problems, ProblemsPage)
    wait_for(qtbot, lambda: problems.view.lines.rowCount() > 0)
    assert problems.view.lines.findings[0].field == "recovered_amount"
    book.set_values(row_id, {"recovered_amount": "0.00"}, by=PREPARER)
    problems.renew()
    wait_for(qtbot, lambda: problems.view.lines.rowCount() == 0)


def test_a_missing_ledger_is_told_but_blocks_nothing(
    window: MainWindow, ready: Book, qtbot: QtBot
) -> None:
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    wait_for(qtbot, lambda: any("总账余额" in said for said in lines(page)))
    assert page.seal_button.isEnabled()
    enter_ledger = next(b for b in page.card.findChildren(QPushButton) if b.text() == "去录入")
    click(qtbot, enter_ledger)
    assert isinstance(view.page, ReconciliationPage)
    ready.set_balance(Balance("1221", "存放同业", Decimal("250000.00")), by=PREPARER)
    again = submit_page(view, qtbot)
    wait_for(qtbot, lambda: any("可以封印" in said for said in lines(again)))
    assert not any("总账余额" in said for said in lines(again))


def test_a_wrong_passphrase_is_told_and_nothing_is_sealed(
    window: MainWindow, ready: Book, tmp_path: Path, qtbot: QtBot, told: list[Message]
) -> None:
    view = open_desk(window, ready, qtbot)
    view.desk.choose_person(HEAD)
    page = submit_page(view, qtbot)
    page.folder.setText(str(tmp_path / "上报"))
    page.passphrase.setText("不对的口令")
    click(qtbot, page.seal_button)
    click(qtbot, button_named(seal_question(page), "封印"))
    window.activateWindow()
    wait_for(qtbot, lambda: any("口令不对" in m.text for m in told))
    wait_for(qtbot, lambda: view.navigation.isEnabled())
    assert ready.period.state == "open"
    assert not list((tmp_path / "上报").glob("*.wjz"))
    assert view.page is page
    assert focused() is page.passphrase
    assert page.folder.text() == str(tmp_path / "上报")


def test_only_the_head_of_the_office_seals(window: MainWindow, ready: Book, qtbot: QtBot) -> None:
    view = open_desk(window, ready, qtbot)
    page = submit_page(view, qtbot)
    assert not page.seal_button.isEnabled()
    view.desk.choose_person(HEAD)
    wait_for(qtbot, page.seal_button.isEnabled)


def test_a_sealed_period_is_opened_again_with_a_reason(
    window: MainWindow,
    ready: Book,
    qtbot: QtBot,
    told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ready.sealing("ABCD-EFGH-JKMN", by=HEAD):
        pass
    view = open_desk(window, ready, qtbot)
    page = view.go("submit")
    assert isinstance(page, SubmitPage)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    click(qtbot, page.open_button)
    assert told[-1].text == "系统没有打开文件夹。"
    assert page.folder.text() in told[-1].way_out
    click(qtbot, page.reopen_button)
    asked = dialog_of(window)
    line = asked.findChild(QLineEdit)
    assert line is not None
    line.setText("联社要求补充资料")
    click(qtbot, button_named(asked, "重新打开"))
    assert ready.period.state == "open"
    assert ready.history()[-1].why == "联社要求补充资料"
    assert told[-1].text == "本期已重新打开，可以修改。"


# ── table 2


def add_big_loss(book: Book, **given: str) -> None:
    """A row that needs a sheet of table 2."""
    table = book.ruleset.table("1-5")
    case = next(c for c in table.cases if c.expected == "loss" and c.number == 12)
    values = {
        k: v
        for k, v in case.values.items()
        if k in table.fields and not table.fields[k].computed and table.fields[k].part != "union"
    }
    book.add_row("1-5", {**values, "carrying_amount": "120000.00", **given}, by=PREPARER)


@pytest.fixture
def big_loss(view: DeskView, book: Book) -> BigLossPage:
    """The page of table 2 with one sheet."""
    add_big_loss(book)
    page = view.go("table:2")
    assert isinstance(page, BigLossPage)
    return page


def test_a_sheet_shows_what_comes_from_the_row(big_loss: BigLossPage, book: Book) -> None:
    sheet = book.big_losses()[0]
    assert big_loss.open_row(sheet.row_id)
    assert big_loss.form is not None
    assert big_loss.form.rows["carrying_amount"].editor.raw() == "120000.00"
    assert big_loss.form.focused_key == "collection"


def test_a_sheet_is_completed_by_keyboard(big_loss: BigLossPage, book: Book, qtbot: QtBot) -> None:
    sheet = book.big_losses()[0]
    big_loss.open_row(sheet.row_id)
    type_text(qtbot, "两次催收，均有回执。")
    enter(qtbot)
    assert book.big_losses()[0].own["collection"] == "两次催收，均有回执。"
    assert big_loss.form is not None
    assert big_loss.form.focused_key == "recoverable"


def test_enter_leads_from_the_left_edge_into_the_first_unfinished_sheet(
    big_loss: BigLossPage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    done = book.big_losses()[0]
    missing = {p.field: "无" for p in done.problems} | {"recoverable": "0.00"}
    book.set_big_loss(done.row_id, missing, by=PREPARER)
    add_big_loss(book, name="李某")
    big_loss.renew()
    assert [row.sign for row in big_loss.list.lines.rows] == ["good", "warning"]
    view.navigation.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert focused() is big_loss.list
    press(qtbot, Qt.Key.Key_Return)
    assert big_loss.session is not None
    assert big_loss.session.row.id == book.big_losses()[1].row_id


def test_enter_behind_the_last_field_goes_on_to_the_next_sheet(
    big_loss: BigLossPage, book: Book, qtbot: QtBot
) -> None:
    add_big_loss(book, name="李某")
    first, second = (sheet.row_id for sheet in book.big_losses())
    big_loss.renew()
    big_loss.open_row(first)
    form = big_loss.form
    assert form is not None
    last = list(form.asked_keys())[-1]
    for _ in form.asked_keys():
        if form.focused_key == last:
            break
        type_text(qtbot, "1")
        enter(qtbot)
    assert form.focused_key == last
    type_text(qtbot, "同意")
    enter(qtbot)
    assert big_loss.session is not None
    assert big_loss.session.row.id == second
    assert form.focused_key == "collection"


def test_a_sheet_is_written_as_the_one_above_it(
    big_loss: BigLossPage, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    add_big_loss(book, name="李某")
    first, second = (sheet.row_id for sheet in book.big_losses())
    big_loss.renew()
    big_loss.open_row(second)
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert "也空着" in told[-1].text
    book.set_big_loss(first, {"collection": "两次催收，均有回执。"}, by=PREPARER)
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert book.big_losses()[1].own["collection"] == "两次催收，均有回执。"
    assert big_loss.form is not None
    assert big_loss.form.rows["collection"].editor.raw() == "两次催收，均有回执。"
    enter(qtbot)
    assert big_loss.form.focused_key == "recoverable"
    big_loss.open_row(first)
    press(qtbot, Qt.Key.Key_Apostrophe, Qt.KeyboardModifier.ControlModifier)
    assert "上面没有别的" in told[-1].text


def test_the_list_marks_the_sheet_in_the_form(big_loss: BigLossPage, book: Book) -> None:
    add_big_loss(book, name="李某")
    first, second = (sheet.row_id for sheet in book.big_losses())
    big_loss.renew()
    big_loss.open_row(first)
    assert big_loss.list.current_key == first
    big_loss.open_row(second)
    assert big_loss.list.current_key == second


def test_f8_goes_on_in_table_2(
    big_loss: BigLossPage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    big_loss.open_row(book.big_losses()[0].row_id)
    type_text(qtbot, "两次催收，均有回执。")
    press(qtbot, Qt.Key.Key_F8)
    assert view.page is big_loss
    assert book.big_losses()[0].own["collection"] == "两次催收，均有回执。"
    assert big_loss.form is not None
    assert big_loss.form.focused_key not in ("", "collection")


def test_filling_many_says_where_it_works(
    big_loss: BigLossPage, view: DeskView, told: list[Message], qtbot: QtBot
) -> None:
    big_loss.list.setFocus()
    press(qtbot, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert told[-1].text.startswith("附表2随认定表自动建立")
    assert view.page is big_loss


def test_a_sheet_of_a_sealed_period_takes_nothing(
    big_loss: BigLossPage, view: DeskView, book: Book, qtbot: QtBot, told: list[Message]
) -> None:
    with book.sealing("ABCD-EFGH-JKMN", by=HEAD):
        pass
    view.desk.period_changed.emit()
    page = view.go("table:2")
    assert isinstance(page, BigLossPage)
    page.open_row(book.big_losses()[0].row_id)
    assert page.form is not None
    assert page.form.focused_key == "collection"
    type_text(qtbot, "abc")
    enter(qtbot)
    assert not page.form.rows["collection"].editor.raw()
    assert "collection" not in book.big_losses()[0].own
    assert told == []


def test_a_sheet_leads_to_its_row(
    big_loss: BigLossPage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    sheet = book.big_losses()[0]
    big_loss.open_row(sheet.row_id)
    click(qtbot, big_loss.head)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.row.id == sheet.row_id
    assert table.table.id == "1-5"


def test_missing_on_a_sheet_leads_from_problems_to_its_field(
    big_loss: BigLossPage, view: DeskView, book: Book, qtbot: QtBot
) -> None:
    page = problems_page(view, qtbot)
    findings = page.view.lines.findings
    place = next(
        n for n, f in enumerate(findings) if f.table_id == "2" and f.field == "responsible"
    )
    page.view.selectRow(place)
    page.go()
    assert isinstance(view.page, BigLossPage)
    assert view.page.form is not None
    assert view.page.form.focused_key == "responsible"


# ── bars and clues


def test_a_bar_leads_to_its_rows_by_keyboard(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.add_row("1-2", OVERDUE, by=PREPARER)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: view.desk.tally.now is not None and view.desk.tally.rows == 2)
    wait_for(qtbot, lambda: bool(page.counts.bars) and page.counts.bars[3].bar.length == 1)
    spoken = [bar.accessibleName() for bar in page.counts.bars]
    assert spoken == ["① 正常 1笔", "② 关注 0笔", "③ 次级 0笔", "④ 可疑 1笔", "⑤ 损失 0笔"]
    assert page.amounts.bars[3].accessibleName() == "④ 可疑 250,000.00"
    page.counts.bars[0].setFocus()
    wait_for(qtbot, page.counts.bars[0].hasFocus)
    for _ in range(3):
        press(qtbot, Qt.Key.Key_Down)
    assert page.counts.bars[3].hasFocus()
    enter(qtbot)
    found = view.page
    assert isinstance(found, SearchPage)
    assert found.title.text() == "④ 可疑的资产"
    assert found.count.text().startswith("找到1笔")
    enter(qtbot)
    table = view.table_page
    assert table is not None
    assert table.session is not None
    assert table.session.row.values["name"] == "逾期的存款"


def test_a_bar_of_losses_leads_to_the_rows_of_its_table(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.add_row("1-2", {**OVERDUE, "expected_loss": "1000.00"}, by=PREPARER)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: bool(page.losses.bars))
    (bar,) = page.losses.bars
    assert bar.accessibleName() == "1-2 同业债权 1,000.00"
    click(qtbot, bar)
    table = view.table_page
    assert table is not None
    assert table.list.view.rows.rowCount() == 1
    assert table.list.filter.currentText() == "有预计损失"
    table.list.show_all()
    assert table.list.view.rows.rowCount() == 2


def test_bars_stand_beside_those_of_last_period(view: DeskView, book: Book, qtbot: QtBot) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    period = book.add_period(date(2007, 12, 31), carry_forward=True, by=PREPARER)
    view.desk.enter_period(period.id)
    page = view.go("overview")
    assert isinstance(page, OverviewPage)
    # What is counted beside the window comes in its own time.
    wait_for(
        qtbot,
        lambda: [bar.accessibleName() for bar in page.counts.bars][:1] == ["① 正常 0笔，上期1笔"],
    )
    assert page.counts.bars[-1].accessibleName() == "（未定） 1笔，上期0笔"
    assert page.amounts.note.text() == "虚线是上期（2006-12-31）。"


def test_states_of_the_tables(view: DeskView, book: Book, qtbot: QtBot) -> None:
    page = view.go("overview")
    assert isinstance(page, OverviewPage)

    def shown() -> tuple[str, ...]:
        return page.table.lines.rows[1].texts[-2:]

    assert shown() == ("", "未登记")
    row = book.add_row("1-2", {**INTERBANK, "kind": None}, by=PREPARER)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: shown() == ("0", "填报中"))
    book.set_values(row.id, {"kind": INTERBANK["kind"]}, by=PREPARER)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: shown() == ("0", "待确认"))
    book.confirm(None, by=ACCOUNTANT)
    view.desk.rows_were_changed("1-2")
    wait_for(qtbot, lambda: shown() == ("1", "已确认"))


def test_a_difference_shows_the_rows_that_may_explain_it(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    twice = book.add_row("1-2", INTERBANK, by=PREPARER)
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250000.00"))], by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    wait_for(qtbot, lambda: bool(page.clues.lines.rows))
    assert "各笔比总账多250,000.00元" in page.why.text()
    assert "重复登记" in page.clues.lines.rows[0].texts[-1]
    page.table.setFocus()
    enter(qtbot)
    table = view.table_page
    assert table is not None
    assert table.list.filter.currentText() == "科目1221"
    view.go("reconciliation")
    wait_for(qtbot, lambda: bool(page.clues.lines.rows))
    page.clues.setFocus()
    page.clues.selectRow(0)
    enter(qtbot)
    assert table.session is not None
    assert table.session.row.id == twice.id


def test_a_difference_without_a_clue_says_where_to_look(
    view: DeskView, book: Book, qtbot: QtBot
) -> None:
    book.add_row("1-2", INTERBANK, by=PREPARER)
    book.set_balances([Balance("1221", "存放同业款项", Decimal("250777.77"))], by=PREPARER)
    page = view.go("reconciliation")
    assert isinstance(page, ReconciliationPage)
    wait_for(qtbot, lambda: "没有找到" in page.why.text())
    assert not page.clues.isVisible()
