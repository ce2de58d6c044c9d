"""Where I am and how far: pages, and the tables with progress and problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.look import Look
from app.ui.tally import Tally, UnionCounts

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole
WIDTH, WIDE, WIDE_FROM = 192, 206, 1300
"""As wide as the pages can spare: from a window of that width on no table's name is cut."""
ROW_HEIGHT, GAP_HEIGHT = 28, 13

OVERVIEW, RECONCILIATION, PROBLEMS, SUMMARY, SUBMIT, SEARCH = (
    "overview", "reconciliation", "problems", "summary", "submit", "search",
)  # fmt: skip
OFFICES, REVIEW, DETERMINE, DECIDE = "offices", "review", "determine", "decide"
ANSWERS, LEDGER, REPORTS, FIGURE = "answers", "ledger", "reports", "figure"
TABLE = "table:"
BIG_LOSS_TABLE = "2"
BADGED = (RECONCILIATION, PROBLEMS, ANSWERS)
"""Pages that may have a number on a tint at the right edge, beside the tables."""


class Entry(Struct, frozen=True):
    """One line of the navigation; a gap has no key."""

    key: str
    title: str = ""
    progress: str = ""
    errors: int = 0
    warnings: int = 0
    said: str = ""
    """The progress in words."""

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        parts = [self.title, self.said or self.progress]
        parts += [f"{self.errors}个错误"] if self.errors else []
        parts += [f"{self.warnings}个警告"] if self.warnings else []
        return "，".join(part for part in parts if part)


def short_name(title: str) -> str:
    """A table's name without the word for kind, so that it fits the navigation."""
    return title.removesuffix("资产类").removesuffix("类") or title


def entries(
    tables: Sequence[tuple[str, str]],
    tally: Tally,
) -> list[Entry]:
    """All lines: pages, then each table with finished/rows and its problems."""
    found = [
        Entry(OVERVIEW, "总览"),
        Entry(RECONCILIATION, "账务核对", warnings=tally.differences),
        Entry(""),
    ]
    for table_id, title in tables:
        if table_id == BIG_LOSS_TABLE:
            words = f"{tally.sheets - tally.unfinished_sheets}/{tally.sheets}"
            found.append(Entry(TABLE + table_id, f"附表2 {title}", words, tally.sheet_errors))
            continue
        done = tally.progress.get(table_id)
        words = f"{done.finished}/{done.rows}" if done else "0/0"
        errors, warnings = (done.errors, done.warnings) if done else (0, 0)
        found.append(Entry(TABLE + table_id, f"{table_id} {title}", words, errors, warnings))
    found += [
        Entry(""),
        Entry(PROBLEMS, "问题", errors=tally.errors, warnings=tally.warnings),
        Entry(SUMMARY, "汇总与报表"),
        Entry(REPORTS, "报告"),
        Entry(SUBMIT, "上报"),
        Entry(ANSWERS, "联社答复", warnings=tally.questions),
    ]
    if tally.followups:
        found.append(Entry(LEDGER, "台账", str(tally.followups)))
    return found


def union_entries(tally: Tally, role: str = "") -> list[Entry]:
    """The lines of a union's book, with what waits at each step; in 审查 for this role."""
    counts = tally.union
    told = f"{counts.to_decide}家等下发" if counts.to_decide else ""
    up = f"{counts.to_send_up}笔等报上级" if counts.to_send_up else ""
    # What goes up is one file more beside one for each office.
    files = counts.to_decide + bool(counts.to_send_up)
    return [
        Entry(OFFICES, "各社上报", f"{counts.reported}/{counts.expected}"),
        Entry(""),
        _waiting(REVIEW, "审查", *_to_review(counts, role)),
        _waiting(DETERMINE, "认定", counts.to_determine, "待认定{}笔"),
        _waiting(DECIDE, "下发决定", files, "，".join(filter(None, (told, up)))),
        Entry(""),
        Entry(SUMMARY, "汇总与报表"),
        Entry(REPORTS, "报告"),
    ]


def _to_review(counts: UnionCounts, role: str) -> tuple[int, str]:
    """What waits for somebody of this role, as the first filter of the queue has it."""
    if role == "department":
        return counts.to_check, "待归口审核{}笔"
    if role == "auditor":
        return counts.to_audit, "损失待审计{}笔"
    return counts.to_review, "待初审{}笔"


def _waiting(key: str, title: str, count: int, words: str) -> Entry:
    return Entry(key, title, str(count), said=words.format(count)) if count else Entry(key, title)


def home(is_union: bool) -> str:
    """The page that a book opens on."""
    return OFFICES if is_union else OVERVIEW


class NavigationModel(QAbstractListModel):
    """The lines of the navigation."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show_entries(self, found: list[Entry]) -> None:
        """Shows new lines; only what differs is drawn again when their number is the same."""
        if [e.key for e in found] == [e.key for e in self.entries]:
            self.entries = found
            self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        self.beginResetModel()
        self.entries = found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """How many lines."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """A line's words."""
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return entry.spoken
        return None

    def flags(self, index: Index, /) -> Qt.ItemFlag:
        """Gaps can't be chosen."""
        if not self.entries[index.row()].key:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class NavigationDelegate(QStyledItemDelegate):
    """Draws a line: words left, progress and problems right."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """28 px a line, less for a gap."""
        entry: Entry = index.data(ENTRY_ROLE)
        height = ROW_HEIGHT if entry.key else GAP_HEIGHT
        return QSize(self.look.px(WIDTH), self.look.px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Ground, accent bar, words, progress, badge."""
        entry: Entry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        theme, px = self.look.theme, self.look.px
        painter.save()
        if not entry.key:
            painter.setPen(QColor(theme.line))
            middle = rect.center().y()
            painter.drawLine(rect.left() + px(12), middle, rect.right() - px(12), middle)
            painter.restore()
            return
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(theme.chosen))
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), theme.accent)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(theme.line))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), theme.focus_width))
            inset = (theme.focus_width + 1) // 2
            painter.drawRect(rect.adjusted(inset, inset, -inset, -inset))
        right = self._paint_badge(painter, rect, entry)
        right = self._paint_progress(painter, rect, right, entry)
        painter.setPen(QColor(theme.ink))
        painter.setFont(self.look.font())
        box = QRect(rect.left() + px(14), rect.top(), right - rect.left() - px(18), rect.height())
        if painter.fontMetrics().horizontalAdvance(entry.title) > box.width():
            painter.setFont(self.look.font("small"))  # before anything is cut
        words = painter.fontMetrics().elidedText(
            entry.title, Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_badge(self, painter: QPainter, rect: QRect, entry: Entry) -> int:
        """Errors, else warnings, as a number on a tint; returns what is left to its left."""
        px, theme = self.look.px, self.look.theme
        right = rect.right() - px(8)
        count, tint = (
            (entry.errors, theme.error) if entry.errors else (entry.warnings, theme.warning)
        )
        if not count:
            return right - px(30) if entry.key in BADGED or entry.key.startswith(TABLE) else right
        painter.setFont(self.look.font("small"))
        words = "99+" if count > 99 else f"{count}{'!' if entry.errors else ''}"
        width = max(px(22), painter.fontMetrics().horizontalAdvance(words) + px(8))
        box = QRectF(right - width, rect.center().y() - px(8), width, px(17))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint.back))
        painter.drawRoundedRect(box, px(8), px(8))
        painter.setPen(QColor(tint.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        return right - max(px(30), width + px(2))

    def _paint_progress(self, painter: QPainter, rect: QRect, right: int, entry: Entry) -> int:
        if not entry.progress:
            return right
        painter.setFont(self.look.font("small"))
        painter.setPen(QColor(self.look.theme.soft))
        width = painter.fontMetrics().horizontalAdvance(entry.progress)
        box = QRect(right - width, rect.top(), width, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, entry.progress)
        return right - width - self.look.px(4)


class Navigation(QListView):
    """The list at the left edge."""

    went = Signal(str)
    entered = Signal(str)
    """Enter on the page that is shown already: its work is to begin."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.lines = NavigationModel()
        self.setModel(self.lines)
        self.setItemDelegate(NavigationDelegate(look, self))
        self.setMouseTracking(True)
        self.setAccessibleName("导航")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("place", "navigation")
        self.fit(0)
        self.clicked.connect(self._go)

    def fit(self, window_width: int) -> None:
        """Takes the room that a window of this width has for it."""
        px = self.look.px
        self.setFixedWidth(px(WIDE if window_width >= px(WIDE_FROM) else WIDTH))

    def show_entries(self, found: list[Entry]) -> None:
        """Shows new lines and keeps the chosen one, and the one that the arrows have come to."""
        key, sought = self.current_key(), self.keyboard_key()
        self.lines.show_entries(found)
        if key:
            self.choose(key)
        keys = [entry.key for entry in self.lines.entries]
        if sought in keys:
            none = QItemSelectionModel.SelectionFlag.NoUpdate
            index = self.lines.index(keys.index(sought))
            self.selectionModel().setCurrentIndex(index, none)

    def current_key(self) -> str:
        """The key of the page that is shown."""
        chosen = self.selectedIndexes()
        return self.lines.entries[chosen[0].row()].key if chosen else ""

    def keyboard_key(self) -> str:
        """The key of the line that the arrows have come to."""
        index = self.currentIndex()
        return self.lines.entries[index.row()].key if index.isValid() else ""

    def choose(self, key: str) -> None:
        """Marks a page's line without going there."""
        for row, entry in enumerate(self.lines.entries):
            if entry.key == key:
                self.setCurrentIndex(self.lines.index(row))
                return
        self.clearSelection()

    def _go(self, index: QModelIndex) -> None:
        self.went.emit(self.lines.entries[index.row()].key)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Only the left button goes anywhere: another one must not move the mark alone."""
        if event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None, /
    ) -> QItemSelectionModel.SelectionFlag:
        """The mark stays on the page that is shown while keys only look for another."""
        if isinstance(event, QKeyEvent):
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows look for a line, Enter goes there, and once more into it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            key = self.keyboard_key()
            (self.entered if key == self.current_key() else self.went).emit(key)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Who comes back begins at the page that is shown."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.choose(self.current_key())
