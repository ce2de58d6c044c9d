"""Who has reported: taking packages in, keys compared, receipts, the register."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from app.book.keys import create_key
from app.models.tables import keys
from app.package.verify import verify_package
from app.ui import navigation
from app.ui.desk_view import DeskView
from app.ui.key_dialog import KeyDialog
from app.ui.main_window import MainWindow
from app.ui.messages import Message
from app.ui.sign_line import SignLine
from app.ui.union.jobs import Came
from app.ui.union.offices_page import OfficesPage
from app.union.intake import Collected
from tests.ui.hands import button_named, click, enter, press, type_text, wait_for
from tests.ui.union.acting import (
    accept_key,
    active_dialog,
    back_to,
    drop,
    line_named,
    sign,
    wait_idle,
)
from tests.union.county import PASSPHRASE, REVIEWER, ROWS, County


@pytest.fixture
def page(fresh_view: DeskView) -> OfficesPage:
    """The page that a union's book opens on."""
    found = fresh_view.page
    assert isinstance(found, OfficesPage)
    return found


def lines(page: OfficesPage) -> list[SignLine]:
    """The results that are shown."""
    return page.results.area.widget().findChildren(SignLine)


def rows(page: OfficesPage) -> list[tuple[str, ...]]:
    """What the table shows."""
    return [row.texts for row in page.table.lines.rows]


def test_packages_are_dropped_keys_compared_rows_taken_in(
    page: OfficesPage, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    drop(window, county.package("QS"), county.package("BH"))
    for code in ("QS", "BH"):
        accept_key(window, qtbot, county.key(code))
    wait_for(qtbot, lambda: len(rows(page)) == 3)
    assert [row[0] for row in rows(page)] == ["BH 白河信用社", "QS 青山信用社", "合计"]
    assert [row[1:3] for row in rows(page)[:2]] == [("已接收", str(ROWS))] * 2
    assert rows(page)[0][-1] == county.key("BH")
    assert [line.sign for line in lines(page)] == ["good", "good"]
    assert window.desk.book.row_count(None) == 2 * ROWS


def test_a_key_that_is_not_accepted_takes_nothing_in(
    page: OfficesPage, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    drop(window, county.package("QS"))
    active_dialog(window, qtbot)
    press(qtbot, Qt.Key.Key_Escape)
    assert "等核对密钥" in lines(page)[0].label.text()
    assert window.desk.book.row_count(None) == 0


def test_a_forged_package_is_refused_with_its_reason(
    page: OfficesPage, window: MainWindow, county: County, tmp_path: Path, qtbot: QtBot
) -> None:
    forged = tmp_path / "forged.wjz"
    content = bytearray(county.package("QS").read_bytes())
    content[len(content) // 2] ^= 1
    forged.write_bytes(bytes(content))
    drop(window, forged)
    wait_for(qtbot, lambda: bool(lines(page)))
    assert lines(page)[0].sign == "error"
    assert "forged.wjz：没有接收。" in lines(page)[0].label.text()
    assert len(lines(page)[0].label.text()) > len("forged.wjz：没有接收。")
    click(qtbot, button_named(page.results, "收起"))
    assert not page.results.isVisible()


def test_a_folder_of_packages_and_their_receipts(
    page: OfficesPage,
    window: MainWindow,
    county: County,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[Message],
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "receipts"
    inbox.mkdir()
    shutil.copy(county.package("QS"), inbox)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(inbox))
    click(qtbot, button_named(page, "接收文件夹…"))
    accept_key(window, qtbot, county.key("QS"))
    wait_for(qtbot, page.results.receipts_button.isEnabled)
    click(qtbot, page.results.receipts_button)
    sign(window, qtbot, out)
    wait_for(qtbot, lambda: not page.results.receipts_button.isEnabled())
    receipts = list(out.glob("*.wjz"))
    assert len(receipts) == 1
    assert verify_package(receipts[0]).holds
    assert receipts[0].name in lines(page)[0].label.text()
    assert told[-1].kind == "good"


def test_receipts_for_packages_that_came_in_another_sitting(
    view: DeskView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = view.page
    assert isinstance(page, OfficesPage)
    wait_for(qtbot, lambda: "还没有写回执" in page.details.toPlainText())
    click(qtbot, page.receipts_button)
    sign(window, qtbot, tmp_path / "all")
    wait_for(qtbot, lambda: "写过回执" in page.details.toPlainText())
    made = sorted((tmp_path / "all").glob("*.wjz"))
    assert [one.name.partition("-")[0] for one in made] == ["BH", "QS"]
    found = [verify_package(one) for one in made]
    assert all(one.holds and one.manifest and one.manifest.totals.rows == ROWS for one in found)
    # Once more for the chosen one, whose receipt was lost on its way.
    back_to(window, qtbot)
    click(qtbot, page.receipts_button)
    choice = active_dialog(window, qtbot).findChild(QComboBox)
    assert isinstance(choice, QComboBox)
    assert [choice.itemText(at) for at in range(choice.count())] == ["只给白河信用社"]
    sign(window, qtbot, tmp_path / "again")
    wait_idle(window, qtbot)
    assert [one.name[:2] for one in (tmp_path / "again").glob("*.wjz")] == ["BH"]


def test_without_a_key_the_key_is_made_first(
    page: OfficesPage, window: MainWindow, county: County, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(window, county.package("QS"))
    accept_key(window, qtbot, county.key("QS"))
    with page.desk.book.store.write("", sealed=True) as change:
        change.connection.execute(keys.delete())
    click(qtbot, page.receipts_button)
    click(qtbot, button_named(active_dialog(window, qtbot), "建立密钥…"))
    dialog = active_dialog(window, qtbot)
    assert isinstance(dialog, KeyDialog)
    create_key(page.desk.book, PASSPHRASE, by=REVIEWER)
    dialog.accept()
    sign(window, qtbot, tmp_path / "out")
    wait_idle(window, qtbot)
    assert len(list((tmp_path / "out").glob("*.wjz"))) == 1


def test_a_wrong_passphrase_is_told(
    page: OfficesPage, window: MainWindow, county: County, qtbot: QtBot, told: list[Message],
    tmp_path: Path,
) -> None:  # fmt: skip
    drop(window, county.package("QS"))
    accept_key(window, qtbot, county.key("QS"))
    wait_for(qtbot, page.results.receipts_button.isEnabled)
    page.jobs.write_receipts([1], tmp_path / "out", "不是这个口令")
    wait_for(qtbot, lambda: any(message.kind == "error" for message in told))
    assert not (tmp_path / "out").exists()


def test_offices_that_have_not_reported_are_seen(
    page: OfficesPage, window: MainWindow, qtbot: QtBot
) -> None:
    click(qtbot, button_named(page, "登记机构…"))
    dialog = active_dialog(window, qtbot)
    type_text(qtbot, "HS")
    enter(qtbot)
    assert line_named(dialog, "机构名称").hasFocus()
    type_text(qtbot, "黄沙信用社")
    enter(qtbot)
    wait_for(qtbot, lambda: len(rows(page)) == 1)
    assert rows(page)[0][:2] == ("HS 黄沙信用社", "未上报")
    assert "未报1家" in page.count.text()
    page.excuse("HS", "已撤并")
    wait_for(qtbot, lambda: rows(page)[0][1] == "不要求")


def test_differences_are_shown_with_the_office(
    view: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    from app.models.tables import packages

    finding = {
        "kind": "difference", "id": "QS-0001", "sent_class": "normal", "class": "loss",
        "sent_loss": "0.00", "loss": "9.00",
    }  # fmt: skip
    from app.book.coding import to_json

    with view.desk.book.store.write("", sealed=True) as change:
        change.connection.execute(
            packages.update().where(packages.c.institution == "QS").values(
                findings=to_json([finding])
            )
        )  # fmt: skip
    page = view.go(navigation.OFFICES)
    assert isinstance(page, OfficesPage)
    page.renew()
    wait_idle(window, qtbot)
    page.table.selectRow(1)
    words = page.details.toPlainText()
    assert "QS-0001" in words
    assert "上报① 正常、损失0.00，算出来⑤ 损失、损失9.00" in words


def test_navigation_counts_what_waits(view: DeskView, qtbot: QtBot) -> None:
    wait_for(qtbot, lambda: view.desk.tally.union.reported == 2)
    progress = {entry.key: entry.progress for entry in view.navigation.lines.entries}
    assert progress[navigation.OFFICES] == "2/2"
    assert progress[navigation.REVIEW] == str(2 * ROWS)


def test_a_package_received_long_ago_does_not_lead_to_its_period(
    page: OfficesPage, fresh_view: DeskView, window: MainWindow, county: County, qtbot: QtBot
) -> None:
    desk = fresh_view.desk
    drop(window, county.package("QS"))
    accept_key(window, qtbot, county.key("QS"))
    wait_for(qtbot, lambda: len(lines(page)) == 1)
    then = desk.book.add_period(date(2007, 12, 31), by=REVIEWER)
    desk.enter_period(then.id)
    shown = fresh_view.page
    assert isinstance(shown, OfficesPage)
    # What was said of the period before is not said of this one.
    assert not shown.jobs.results
    assert not shown.results.isVisible()
    drop(window, county.package("QS"))
    wait_for(qtbot, lambda: len(lines(shown)) == 1)
    wait_idle(window, qtbot)
    assert desk.book.period.id == then.id
    assert "（2006-12-31）：以前已接收" in lines(shown)[0].label.text()


def test_of_several_periods_the_newest_that_something_came_into_is_shown(
    fresh_view: DeskView,
) -> None:
    book = fresh_view.desk.book
    first = book.period
    second = book.add_period(date(2007, 12, 31), by=REVIEWER)
    came = Came(periods={Path("a"): second, Path("b"): first, Path("c"): first})
    came.collected = [Collected(Path(name), taken=True) for name in "ab"]
    assert came.newest == second
    came.collected = [Collected(Path("a"), taken=True, again=True), Collected(Path("c"))]
    assert came.newest is None


def test_a_refusal_says_once_that_nothing_was_taken_in(page: OfficesPage) -> None:
    reasons = ("没有2007-06-30这一期，没有接收。请先建立。", "不是上报的文件包。")
    page.jobs.results = [Collected(Path("a.wjz"), reason=one) for one in reasons]
    page.results.show_results()
    texts = [line.label.text() for line in lines(page)]
    assert [text.count("没有接收") for text in texts] == [1, 1]
