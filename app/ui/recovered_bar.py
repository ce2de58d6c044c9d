"""After a crash: what was saved last, what was being typed, and the way there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from app.ui.buttons import link_button
from app.ui.desk import Desk
from app.ui.icons import sign_icon, sign_pixmap
from app.ui.navigation import BIG_LOSS_TABLE

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Draft

BIG_LOSS_DRAFT = f"{BIG_LOSS_TABLE}."
"""Before the field's name in a draft of table 2."""
HALF = "{row}{more}的意见写了一半，还没有写入，都留着，可以接着写。"
UNCLEAN = "上次没有正常关闭，已保存的都在。"
LAST = "最后保存的是{moment}“{words}”（{by}）。"
DRAFT = "“{row}”的“{field}”没来得及保存，输入已经找回{more}；请在该项下面选保存或放弃。"


def recovered_words(book: Book, drafts: list[Draft], *, unclean: bool) -> str:
    """What is said on opening; empty when all is as it should be."""
    parts = []
    if unclean:
        parts.append(UNCLEAN + _last_words(book))
    if drafts and book.is_union:
        more = f"等{len(drafts)}笔" if len(drafts) > 1 else ""
        name = str(book.row(drafts[0].row_id).values.get("name") or drafts[0].row_id)
        parts.append(HALF.format(row=f"“{name}”", more=more))
    elif drafts:
        more = f"（共{len(drafts)}处）" if len(drafts) > 1 else ""
        row, field = place_words(book, drafts[0])
        parts.append(DRAFT.format(row=row, field=field, more=more))
    return "\n".join(parts)


def _last_words(book: Book) -> str:
    from app.book.sitting import last_step

    last = last_step(book.store)
    if last is None:
        return ""
    moment = f"{last.at.astimezone():%Y-%m-%d %H:%M}"
    return LAST.format(moment=moment, words=last.words, by=last.by or "程序")


def place_words(book: Book, draft: Draft) -> tuple[str, str]:
    """The row and the field a draft belongs to, as the clerk knows them."""
    row = book.row(draft.row_id)
    # Table 2 keeps its drafts under names of its own.
    table_id = BIG_LOSS_TABLE if draft.field.startswith(BIG_LOSS_DRAFT) else row.table_id
    fields = book.ruleset.table(table_id).fields
    key = draft.field.removeprefix(BIG_LOSS_DRAFT)
    label = fields[key].label if key in fields else key
    return str(row.values.get("name") or row.id), label


class RecoveredBar(QFrame):
    """Stands above the pages until it is put away or nothing is left to look at."""

    draft_asked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._left: list[Draft] = []
        """Half opinions that were not led to yet."""
        self.is_shown: Callable[[Draft], bool] = lambda _draft: False
        """Whether a half opinion stands in the window already."""
        look = desk.look
        px = look.px
        self.setProperty("tint", "info")
        self.setVisible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(4), px(6), px(4))
        row.setSpacing(px(8))
        sign = QLabel()
        sign.setPixmap(sign_pixmap("info", look.theme.info.ink, look.px(16)))
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.go_button = link_button("去看")
        self.go_button.clicked.connect(self.go_on)
        self.close_button = QToolButton()
        self.close_button.setIcon(sign_icon("close", look.theme.info.ink))
        self.close_button.setToolTip("知道了")
        self.close_button.setAccessibleName("知道了，收起")
        self.close_button.clicked.connect(self.hide)
        desk.person_changed.connect(self._person_changed)
        row.addWidget(sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.go_button)
        row.addWidget(self.close_button)

    def tell(self) -> list[Draft]:
        """Says what there is to say about the opened book; returns the drafts that were kept."""
        book, drafts = self.desk.book, self._drafts()
        self._left = drafts
        words = recovered_words(book, drafts, unclean=self.desk.unclean)
        self.text.setText(words)
        self.setAccessibleName(words)
        self.go_button.setVisible(bool(drafts))
        self.setVisible(bool(words))
        return drafts

    def _person_changed(self) -> None:
        """In a union's book everybody has left something else half typed."""
        if self.desk.has_book and self.desk.book.is_union:
            self.tell()

    def go_on(self) -> None:
        """Leads to the next draft that is still undecided; without one the bar goes."""
        # Half an opinion may stay one: each is looked at once.
        left = [one for one in self._left if not self.is_shown(one)]
        drafts = left if self.desk.book.is_union else self._drafts()
        self._left = drafts[1:]
        if drafts:
            self.draft_asked.emit(drafts[0])
        else:
            self.hide()

    def _drafts(self) -> list[Draft]:
        """In a union's book the half opinions of who works."""
        book = self.desk.book
        if not book.is_union:
            return book.drafts()
        from app.ui.union.kept_drafts import drafts_of

        return drafts_of(book, self.desk.by) if self.desk.by else []
