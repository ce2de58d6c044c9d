"""帮助: everything the rule set explains, searched by words and initials; and the keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.forms.guidance import KINDS, Topic, search, topics, with_initials
from app.forms.ruleset import RuleSet
from app.ui import html
from app.ui.help_pane import HelpPane
from app.ui.keys_page import KeysPage
from app.ui.look import Look
from app.ui.room import open_at
from app.ui.search_field import SearchField
from app.ui.shortcuts import shortcut_lines
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable
from app.ui.worker import Worker

COLUMNS = (
    TextColumn("是什么", 64),
    TextColumn("内容", 220, stretches=True),
    TextColumn("附表", 72),
)
MOST = 400
"""Lines that are listed; whoever needs more types another word."""
SEVERAL = 3
TO_FIELD = "按回车或双击，到表单里的这一项。"
NO_ROW = "打开一笔资产后，按回车可以到表单里的这一项。"


class SearchLine(SearchField):
    """Down and Enter lead into the list."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """The list is a key away."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class HelpWindow(QDialog):
    """Stands beside the work; Enter on a line goes to its field where a row is open."""

    field_asked = Signal(str)

    def __init__(
        self,
        look: Look,
        ruleset: RuleSet,
        parent: QWidget,
        *,
        table: str = "",
        field: str = "",
        can_jump: Callable[[str], bool] = lambda _key: False,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.ruleset = ruleset
        self.table_id = table
        self.field_key = field
        self.can_jump = can_jump
        self.topics = topics(ruleset)
        self.found: list[Topic] = []
        self.setWindowTitle("帮助")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_at(self, look, 920, 600)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("帮助、快捷键")
        self.tabs.addTab(self._topics_page(), "填报说明")
        self.tabs.addTab(KeysPage(look, shortcut_lines()), "快捷键")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(12))
        layout.addWidget(self.tabs)
        self.renew()
        self.line.setFocus()

    def _topics_page(self) -> QWidget:
        px = self.look.px
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, px(10), 0, 0)
        layout.setSpacing(px(8))
        self.line = SearchLine(self.look)
        self.line.setAccessibleName("在帮助里找")
        self.line.setPlaceholderText("写要找的词或拼音首字母，如：逾期、抵债资产、yqts")
        self.line.textChanged.connect(lambda _words: self.renew())
        self.count = soft_label()
        self.list = TextTable(self.look, "找到的说明", COLUMNS)
        self.list.opened.connect(lambda _key: self.jump())
        self.list.selectionModel().currentChanged.connect(lambda _now, _then: self._show())
        self.line.entered.connect(self.list.setFocus)
        self.pane = HelpPane(self.look)
        self.pane.followed.connect(self._follow)
        self.way = soft_label()
        layout.addWidget(self.line)
        layout.addWidget(self.count)
        halves = QSplitter()
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.list)
        halves.addWidget(self.pane)
        halves.setSizes([px(460), px(420)])
        layout.addWidget(halves, 1)
        layout.addWidget(self.way)
        return page

    # ── what is found

    def learn_initials(self, worker: Worker) -> None:
        """From when the dictionary is read, initials are found too."""
        given = self.topics

        def work(_progress: object) -> list[Topic]:
            from app.book.initials import initials

            return with_initials(given, initials)

        worker.start("读拼音", work, self._take_initials, quiet=True)

    def _take_initials(self, given: list[Topic]) -> None:
        self.topics = given
        self.renew()

    def renew(self) -> None:
        """Lists what matches; the field in focus stands first while nothing is looked for."""
        words = self.line.text()
        hits = search(self.topics, words, self.table_id, self.field_key)
        self.found = hits[:MOST]
        more = f"，先列{MOST}条，再多写一个词会更准" if len(hits) > MOST else ""
        self.count.setText(
            f"共{len(hits)}条{more}。" if hits else "没有找到，换一个词或少写几个字试试。"
        )
        self.list.show_rows([self._row(n, topic) for n, topic in enumerate(self.found)])
        if self.found:
            self.list.selectRow(0)
        self._show()

    def _row(self, place: int, topic: Topic) -> TextRow:
        tables = topic.tables
        where = "、".join(tables) if len(tables) < SEVERAL else f"{len(tables)}张表"
        at_field = topic.field == self.field_key and self.table_id in topic.tables
        bold = bool(self.field_key) and at_field and topic.kind == "field"
        return TextRow((KINDS[topic.kind], topic.title, where), str(place), bold=bold)

    @property
    def topic(self) -> Topic | None:
        """What is chosen in the list."""
        key = self.list.current_key
        return self.found[int(key)] if key and int(key) < len(self.found) else None

    def _show(self) -> None:
        topic = self.topic
        if topic is None:
            self.pane.show_html("")
            self.way.setText("")
            return
        self._show_topic(topic)
        can = bool(topic.field) and self.can_jump(topic.field)
        self.way.setText(TO_FIELD if can else NO_ROW if topic.field else "")

    def _show_topic(self, topic: Topic) -> None:
        here = self.table_id if self.table_id in topic.tables else next(iter(topic.tables), "")
        table = self.ruleset.tables.get(here)
        if table is not None and topic.kind == "table":
            self.pane.show_table(table)
        elif table is not None and topic.kind in ("field", "choice"):
            self.pane.show_field(table, table.fields[topic.field], topic.choice)
        elif topic.case is not None:
            self.pane.show_cases((topic.case,))
        else:
            basis = html.soft(f"依据：{topic.basis}", self.look) if topic.basis else ""
            words = html.heading(f"{KINDS[topic.kind]}：{topic.title}")
            self.pane.show_html(words + html.paragraph(topic.text) + basis)

    def _follow(self, kind: str, _target: str) -> None:
        topic = self.topic
        if kind == "table" and topic is not None and topic.tables:
            mine = self.table_id in topic.tables
            table = self.table_id if mine else topic.tables[0]
            self.pane.show_table(self.ruleset.tables[table])

    def jump(self) -> None:
        """To the field in the form; without a row the window stays."""
        topic = self.topic
        if topic is not None and topic.field and self.can_jump(topic.field):
            self.accept()
            self.field_asked.emit(topic.field)
