"""What stands there before a book is open: go on, begin, look around."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.buttons import make_main, push_button
from app.ui.look import Look
from app.ui.room import FittingArea
from app.ui.sign_line import soft_label

PATH_ROLE = Qt.ItemDataRole.UserRole
NAME_ROLE = PATH_ROLE + 1
WIDTH = 880
GO_ON, FIRST_TIME, RECENT = "接着做", "第一次用五级", "最近的账套"
TOUR = "在演示账套里走一遍：总览、填表、定级、核对、上报，一步一张小卡片，约三分钟。"
NONE_YET = "还没有打开过账套。新建一个账套，或打开别人拷给您的账套文件（.wuji）。"


class RecentBooks(QListWidget):
    """Name and path of each book; a path too long for the list loses its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add_book(self, name: str, path: str) -> None:
        """One more book at the end."""
        item = QListWidgetItem()
        item.setData(NAME_ROLE, name)
        item.setData(PATH_ROLE, path)
        item.setToolTip(path)
        self.addItem(item)
        self._fit(item)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Paths as long as there is room for now."""
        super().resizeEvent(event)
        for place in range(self.count()):
            self._fit(self.item(place))

    def _fit(self, item: QListWidgetItem) -> None:
        metrics, middle = self.fontMetrics(), Qt.TextElideMode.ElideMiddle
        room = self.viewport().width() - 2 * metrics.averageCharWidth()
        path = metrics.elidedText(item.data(PATH_ROLE), middle, room)
        item.setText(f"{item.data(NAME_ROLE)}\n{path}")


class StartPage(QWidget):
    """Recent books at the left, beginning at the right."""

    new_asked = Signal()
    open_asked = Signal()
    database_asked = Signal()
    demo_asked = Signal()
    tour_asked = Signal()
    book_asked = Signal(object)

    def __init__(self, look: Look, settings: QSettings) -> None:
        super().__init__()
        self.look = look
        self.settings = settings
        px = look.px
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        whole.addWidget(FittingArea(page))
        outer = QVBoxLayout(page)
        outer.setContentsMargins(px(32), px(24), px(32), px(24))
        outer.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._content(), 8)
        middle.addStretch(1)
        outer.addLayout(middle, 12)
        outer.addStretch(3)
        self.renew()

    def _content(self) -> QWidget:
        px = self.look.px
        content = QWidget()
        content.setMaximumWidth(px(WIDTH))
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        title = QLabel("五级")
        title.setFont(self.look.font("title", bold=True))
        layout.addWidget(title)
        layout.addWidget(soft_label("农村信用社非信贷资产风险分类：填底稿、定级、盖章、上报。"))
        layout.addSpacing(px(20))
        columns = QHBoxLayout()
        columns.setSpacing(px(24))
        columns.addWidget(self._recent(), 3)
        columns.addWidget(self._actions(), 2)
        layout.addLayout(columns, 1)
        return content

    def _card(self, title: str) -> tuple[QLabel, QFrame, QVBoxLayout]:
        px = self.look.px
        card = QFrame()
        card.setProperty("surface", "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(px(16), px(12), px(16), px(16))
        layout.setSpacing(px(8))
        head = QLabel(title)
        head.setFont(self.look.font(bold=True))
        layout.addWidget(head)
        return head, card, layout

    def _recent(self) -> QFrame:
        self.recent_head, card, layout = self._card(GO_ON)
        self.recent = RecentBooks()
        self.recent.setProperty("kind", "words")
        self.recent.setAccessibleName("最近的账套")
        self.recent.itemActivated.connect(self._open_item)
        self.recent.itemClicked.connect(self._open_item)
        layout.addWidget(self.recent, 1)
        self.empty = self._nothing_yet()
        layout.addWidget(self.empty)
        self.fill = QWidget()
        layout.addWidget(self.fill, 1)
        self.open_button = push_button("打开账套文件…")
        self.open_button.setToolTip("Ctrl+O")
        self.open_button.clicked.connect(self.open_asked)
        self.database_button = push_button("连接联社数据库…", "几个人合用的联社账套")
        self.database_button.clicked.connect(self.database_asked)
        opening = QHBoxLayout()
        opening.addWidget(self.open_button)
        opening.addWidget(self.database_button)
        opening.addStretch(1)
        layout.addLayout(opening)
        return card

    def _nothing_yet(self) -> QWidget:
        """Without a book: the tour first, then a book of one's own."""
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.look.px(8))
        self.tour_button = push_button("先看一遍演示")
        self.tour_button.clicked.connect(self.tour_asked)
        layout.addWidget(self.tour_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(soft_label(TOUR))
        layout.addSpacing(self.look.px(12))
        layout.addWidget(soft_label(NONE_YET))
        return box

    def _actions(self) -> QFrame:
        _, card, layout = self._card("开始")
        self.new_button = push_button("新建账套…")
        self.new_button.clicked.connect(self.new_asked)
        layout.addWidget(self.new_button)
        layout.addWidget(
            soft_label(
                "一个信用社一个账套，就是一个文件。每个基准日是其中的一期。县联社也从这里建自己的账套。"
            )
        )
        layout.addSpacing(self.look.px(12))
        self.demo_button = push_button("做全套演示…")
        self.demo_button.clicked.connect(self.demo_asked)
        layout.addWidget(self.demo_button)
        layout.addWidget(
            soft_label("程序做完虚构的三个信用社和联社的全部工作，约一分钟，留下账套和报表。")
        )
        layout.addStretch(1)
        return card

    def renew(self) -> None:
        """Reads the recent books again."""
        self.recent.clear()
        books = remembered.recent_books(self.settings)
        for book in books:
            self.recent.add_book(book.institution, str(book.path))
        self.recent.setVisible(bool(books))
        self.empty.setVisible(not books)
        self.fill.setVisible(not books)
        if books:
            self.recent.setCurrentRow(0)
        first = not books and not remembered.tour_seen(self.settings)
        self.recent_head.setText(GO_ON if books else FIRST_TIME if first else RECENT)
        make_main(self.tour_button, main=first)
        make_main(self.new_button, main=not first)
        button = self.tour_button if first else self.new_button
        self.setFocusProxy(self.recent if books else button)

    def _open_item(self, item: QListWidgetItem) -> None:
        self.book_asked.emit(Path(item.data(PATH_ROLE)))
