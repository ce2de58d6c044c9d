"""The bar at the top: whose book, which period, search, who works, when it was saved."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
)

from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.icons import sign_icon
from app.ui.search_field import SearchField
from app.ui.sign_line import soft_label

SEARCH_DELAY_MS = 200
PERIOD_WORDS = {"open": "", "sealed": "（已封印）", "closed": "（已认定，关闭）"}
DONE = "（已办结）"
"""A union's period with everything determined and told; unlike a closed one it can go on."""


class TopBar(QFrame):
    """Where one is and who one is."""

    person_chosen = Signal()
    """Somebody has taken the seat: the keyboard is wanted on the page."""
    searched = Signal(str)
    search_entered = Signal()
    people_asked = Signal()
    new_period_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        px = self.look.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(6), px(10), px(6))
        row.setSpacing(px(10))
        self.office = QLabel()
        self.office.setFont(self.look.font(bold=True))
        self.period = QComboBox()
        self.period.setAccessibleName("基准日")
        self.period.setToolTip("换一期")
        # Also when the words have grown: a period that has just been closed says so.
        self.period.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.period.activated.connect(self._choose_period)
        self.search = self._search_line()
        self.person = push_button()
        self.person.setAccessibleName("由谁填报")
        self.person.setToolTip("换人、登记人员")
        self.person.clicked.connect(self.show_people)
        self.saved = soft_label(wrap=False)
        self.saved.setMinimumWidth(px(112))
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.office)
        row.addWidget(self.period)
        row.addStretch(1)
        row.addWidget(self.search, 8)  # what can be searched for is read before room is left free
        row.addStretch(1)
        row.addWidget(self.person)
        row.addWidget(self.saved)
        desk.saved.connect(self.show_saved)
        desk.person_changed.connect(self._show_person)
        desk.people_changed.connect(self._show_person)
        desk.period_changed.connect(self.show_book)
        desk.progress_changed.connect(self._show_done)

    def _search_line(self) -> QLineEdit:
        line = SearchField(self.look)
        line.setPlaceholderText("找名称、编号、金额、备注、拼音首字母　Ctrl+F")
        line.setAccessibleName("搜索")
        line.setMaximumWidth(self.look.px(384))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.search.text()))
        line.textChanged.connect(lambda _text: self._timer.start())
        line.returnPressed.connect(self._enter)
        return line

    def _enter(self) -> None:
        self._timer.stop()
        self.searched.emit(self.search.text())
        self.search_entered.emit()

    def show_search(self, words: str) -> None:
        """Shows what the list in sight is searched for; nothing is searched by that."""
        self.search.setText(words)
        self._timer.stop()

    def show_book(self) -> None:
        """Shows office and periods of the open book."""
        book = self.desk.book
        self.office.setText(book.institution.name)
        self.office.setToolTip(
            f"{book.institution.code}　{book.name if book.on_server else book.path}"
        )
        self.period.clear()
        for period in book.periods():
            state = PERIOD_WORDS[period.state]
            self.period.addItem(f"{period.base_date}{state}", period.id)
        self.period.addItem("新的一期…", None)
        self.period.setCurrentIndex(self.period.findData(book.period.id))
        self._show_done()
        self._show_person()
        self.show_saved(book.saved_at)

    def _show_done(self) -> None:
        """Whether the union's period is done, as far as it was counted."""
        book, state = self.desk.book, self.desk.tally.union.period
        if book.is_union:
            words = DONE if state is not None and state.done else ""
            self.period.setItemText(self.period.currentIndex(), f"{book.period.base_date}{words}")

    def _choose_period(self, place: int) -> None:
        wanted = self.period.itemData(place)
        self.period.setCurrentIndex(self.period.findData(self.desk.book.period.id))
        if wanted is None:
            self.new_period_asked.emit()
        else:
            self.desk.choose_period(int(wanted))

    def _show_person(self) -> None:
        from app.book.types import ROLES

        person = self.desk.person
        words = f"{person.name}（{ROLES[person.role]}）" if person else "请选择人员"
        self.person.setText(words)
        self.person.setIcon(sign_icon("down", self.look.theme.soft))
        self.person.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    def show_people(self) -> None:
        """Opens the choice of persons."""
        from app.book.types import ROLES

        menu = QMenu(self)
        for person in self.desk.book.people():
            action = menu.addAction(f"{person.name}（{ROLES[person.role]}）")
            action.setCheckable(True)
            action.setChecked(self.desk.person == person)
            action.triggered.connect(lambda _on=False, name=person.name: self._choose(name))
        menu.addSeparator()
        menu.addAction("登记人员…", self.people_asked.emit)
        menu.popup(self.person.mapToGlobal(self.person.rect().bottomLeft()))

    def _choose(self, name: str) -> None:
        self.desk.choose_person(name)
        self.person_chosen.emit()

    def show_saved(self, moment: datetime | None) -> None:
        """已保存, and when."""
        if self.desk.has_book and self.desk.book.period.state == "sealed":
            self.saved.setText("已封印，只能看")
            return
        self.saved.setText(f"已保存 {moment.astimezone():%H:%M:%S}" if moment else "没有改动")
