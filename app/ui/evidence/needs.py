"""The papers that the rules ask for; with a file chosen, one click says which of them it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.ui.icons import sign_icon

if TYPE_CHECKING:
    from app.forms.evaluation import EvidenceNeed
    from app.ui.look import Look

PRESENT_ROLE = Qt.ItemDataRole.UserRole
THIS, NOT_THIS = "是这份", "不是这份"
Index = QModelIndex | QPersistentModelIndex


class NeedsList(QListWidget):
    """One line for each paper; what stands at its end names the chosen file."""

    named = Signal(str)
    """The chosen file is this paper; empty: none of them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.chosen_paper: str | None = None
        """What the chosen file is called; None where no file is to be named."""
        self.setAccessibleName("要求的资料")
        self.setWordWrap(True)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.setItemDelegate(NeedDelegate(self))

    def show_needs(self, needs: Sequence[EvidenceNeed]) -> None:
        """Another row, or rules that hold now."""
        theme = self.look.theme
        shown = [
            (self.item(n).text(), self.item(n).data(PRESENT_ROLE)) for n in range(self.count())
        ]
        if shown == [(need.paper, need.present) for need in needs]:
            return
        self.clear()
        for need in needs:
            item = QListWidgetItem(need.paper)
            item.setData(PRESENT_ROLE, need.present)
            sign, colour = ("good", theme.good.ink) if need.present else ("open", theme.soft)
            item.setIcon(sign_icon(sign, colour))
            item.setToolTip("已附" if need.present else "还没有附；回车可为它添加文件")
            self.addItem(item)

    def show_file(self, paper: str | None) -> None:
        """Another file is chosen, or none."""
        if paper != self.chosen_paper:
            self.chosen_paper = paper
            self.scheduleDelayedItemsLayout()
            self.viewport().update()

    def word_for(self, paper: str) -> str:
        """What a click at the end of a line says of the chosen file."""
        if self.chosen_paper is None:
            return ""
        return NOT_THIS if paper == self.chosen_paper else THIS

    def name_as(self, paper: str) -> None:
        """The chosen file is this paper, or no longer."""
        word = self.word_for(paper)
        if word:
            self.named.emit(paper if word == THIS else "")

    def place_of_word(self, line: QRect) -> QRect:
        """The end of a line, where the word stands."""
        wide = self.fontMetrics().horizontalAdvance(NOT_THIS) + self.look.px(12)
        return QRect(line.right() - wide, line.top(), wide, line.height())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """The space bar does what the click does."""
        place = self.currentRow()
        if event.key() == Qt.Key.Key_Space and place >= 0 and self.chosen_paper is not None:
            self.name_as(self.item(place).text())
        else:
            super().keyPressEvent(event)


class NeedDelegate(QStyledItemDelegate):
    """A line with room for a word at its end, which is pressed like a link."""

    def __init__(self, needs: NeedsList) -> None:
        super().__init__(needs)
        self.needs = needs

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """The paper as usual in what the word leaves."""
        line = QRect(option.rect)  # type: ignore[attr-defined]
        word = self.needs.word_for(str(index.data()))
        if not word:
            super().paint(painter, option, index)
            return
        place = self.needs.place_of_word(line)
        option.rect = line.adjusted(0, 0, -place.width(), 0)  # type: ignore[attr-defined]
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(self.needs.look.colour("accent"))
        painter.setFont(self.needs.look.font("small"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """As high as the paper's name needs in what the word leaves."""
        if self.needs.word_for(str(index.data())):
            line = QRect(0, 0, self.needs.viewport().width(), 1)
            option.rect = line.adjusted(  # type: ignore[attr-defined]
                0, 0, -self.needs.place_of_word(line).width(), 0
            )
        return super().sizeHint(option, index)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem,
        index: Index, /,
    ) -> bool:  # fmt: skip
        """A click on the word."""
        line: QRect = option.rect  # type: ignore[attr-defined]
        released = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        if released and self.needs.place_of_word(line).contains(event.position().toPoint()):  # type: ignore[attr-defined]
            self.needs.name_as(str(index.data()))
            return True
        return super().editorEvent(event, model, option, index)
