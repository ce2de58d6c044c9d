"""One of many answers: a list that filters while one types, by initials too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QToolButton

from app.forms.errors import ValueFault
from app.forms.schema import FieldDef
from app.forms.values import is_empty, parse_value
from app.ui.fields.text import LineEditor
from app.ui.icons import sign_icon
from app.ui.look import Look

SEARCH_ROLE = Qt.ItemDataRole.UserRole
VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
SETTLED_MS = 40
"""Until the form has found its new order: two or three frames."""
STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""The focus is only lent to the list itself, or to another window."""
Initials = Callable[[str], str]


class LabelCompleter(QCompleter):
    """Finds by number, code, label and initials; puts the label into the line."""

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__(model)
        self.setCompletionRole(SEARCH_ROLE)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        # Beyond either end it would empty the line.
        self.setWrapAround(False)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex, /) -> str:
        """The label of the entry."""
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class ChoiceList(LineEditor):
    """One of more than five choices."""

    line_width = 320
    usual_hint = "输入文字、序号或拼音首字母"

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__(field, look)
        self.entries: list[tuple[str, str]] = []
        self._initials: Initials | None = None
        self.model = QStandardItemModel(self)
        self.completer = LabelCompleter(self.model)
        self.completer.setWidget(self.line)
        self.line.setCompleter(self.completer)
        self.completer.activated[QModelIndex].connect(self._pick)  # type: ignore[index]
        self.completer.highlighted[QModelIndex].connect(self._point)  # type: ignore[index]
        self.set_hint(self.usual_hint)
        # What was answered above may bring lines that push the field down: they come first.
        self.line.entered.connect(lambda: QTimer.singleShot(SETTLED_MS, self, self._offer_if_there))
        self.line.installEventFilter(self)
        self.completer.popup().installEventFilter(self)
        self._before = ""
        """What stood in the line before its list was opened, or was typed since."""
        self.line.textEdited.connect(self._remember)
        self.open_button = self._open_button()
        self.row.insertWidget(1, self.open_button)
        self.set_entries((choice.code, choice.label) for choice in field.choices)

    def _open_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(sign_icon("down", self.look.theme.soft))
        button.setToolTip("列出全部（↓）")
        button.setAccessibleName(f"{self.field.label}：列出全部")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self._open_clicked)
        return button

    def set_locked(self, locked: bool) -> None:
        """Nothing can be chosen either."""
        super().set_locked(locked)
        self.open_button.setEnabled(not locked)

    def set_entries(self, entries: Iterable[tuple[str, str]]) -> None:
        """The answers: code and label."""
        self.entries = list(entries)
        self._fill()

    def set_initials(self, initials: Initials) -> None:
        """How the initials of a label are found."""
        self._initials = initials
        self._fill()

    def _fill(self) -> None:
        self.model.clear()
        for number, (code, label) in enumerate(self.entries, start=1):
            item = QStandardItem(self.entry_text(number, code, label))
            initials = self._initials(label) if self._initials else ""
            item.setData(f"{number} {code} {label} {initials}", SEARCH_ROLE)
            item.setData(code, VALUE_ROLE)
            item.setEditable(False)
            self.model.appendRow(item)

    def entry_text(self, number: int, code: str, label: str) -> str:
        """How an entry reads in the list."""
        return f"{number} {label}"

    def shown(self, raw: Any) -> str:
        """The label of a code."""
        label = dict(self.entries).get(str(raw))
        return label if label is not None else super().shown(raw)

    def raw(self) -> Any:
        """The code of what was typed, or the text itself where it is no answer."""
        text = self.line.text().strip()
        if is_empty(text):
            return None
        for number, (code, label) in enumerate(self.entries, start=1):
            if text in (label, code, self.entry_text(number, code, label)):
                return code
        return self._single_match(text) or self._parsed(text)

    def _single_match(self, text: str) -> str:
        """The code of the one entry that holds the text, empty for none or several."""
        if text.isdigit() and 1 <= int(text) <= len(self.entries):
            return self.entries[int(text) - 1][0]
        found = [
            self.model.item(row).data(VALUE_ROLE)
            for row in range(self.model.rowCount())
            if text.lower() in str(self.model.item(row).data(SEARCH_ROLE)).lower()
        ]
        return str(found[0]) if len(found) == 1 else ""

    def _parsed(self, text: str) -> Any:
        try:
            return parse_value(self.field, text)
        except ValueFault:
            return text

    def commit(self) -> None:
        """Hands the answer over and shows its label; the list has done its work."""
        self.completer.popup().hide()
        if self.line.text() == self._shown:
            return
        raw = self.raw()
        self.set_value(raw)
        self.committed.emit(raw)

    def _pick(self, index: QModelIndex) -> None:
        code = index.data(VALUE_ROLE)
        self.set_value(code)
        self.committed.emit(code)

    def _point(self, index: QModelIndex) -> None:
        # The completer writes it into the line next; what is typed then takes its place.
        QTimer.singleShot(0, self.line, self.line.selectAll)
        self.pointed.emit(str(index.data(VALUE_ROLE) or ""))

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Opens the list by keys; without the focus it is not shown."""
        if isinstance(event, QFocusEvent) and event.reason() not in STAYS and event.lostFocus():
            # The completer keeps its list open, and what is typed elsewhere would go to this line.
            self.completer.popup().hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key_pressed(watched, event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _key_pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        """Down in the line shows all answers; Esc in the list changes nothing."""
        popup = self.completer.popup()
        if watched is self.line and event.key() == Qt.Key.Key_Down and not popup.isVisible():
            self._offer()
            return not self.locked
        if watched is popup and event.key() == Qt.Key.Key_Escape:
            # What was only passed by stands in the line already.
            self.line.setText(self._before)
        return False

    def _remember(self, text: str) -> None:
        self._before = text
        QTimer.singleShot(SETTLED_MS, self, self._follow)

    def _follow(self) -> None:
        """The list stays at its line, also where a word of an error above has gone meanwhile."""
        popup, rect = self.completer.popup(), self.line.rect()
        if not popup.isVisible():
            return
        place, line = popup.geometry(), rect.translated(self.line.mapToGlobal(rect.topLeft()))
        if place.center().y() > line.center().y():
            place.moveTop(line.bottom() + 1)
        else:
            place.moveBottom(line.top() - 1)
        popup.move(place.topLeft())

    def _open_clicked(self) -> None:
        self.line.setFocus()
        self._offer()

    def _offer_if_there(self) -> None:
        if self.line.hasFocus() and not self.line.text():
            self._offer()

    def _offer(self) -> None:
        """Shows all answers, the present one chosen."""
        if self.locked or not self.line.isVisible():
            return
        self._before = self.line.text()
        present = self.raw()
        self.line.selectAll()
        self.completer.setCompletionPrefix("")
        self.completer.complete()
        row = next((at for at, (code, _label) in enumerate(self.entries) if code == present), -1)
        if row >= 0:
            self._mark(row)

    def _mark(self, row: int) -> None:
        """Begins at an entry without a word: the line stays as it is."""
        popup = self.completer.popup()
        choosing = popup.selectionModel()
        choosing.blockSignals(True)
        popup.setCurrentIndex(self.completer.completionModel().index(row, 0))
        choosing.blockSignals(False)


class SubjectList(ChoiceList):
    """A subject of the chart of accounts, by code or name."""

    usual_hint = "科目代码或名称"

    def entry_text(self, number: int, code: str, label: str) -> str:
        """Code and name."""
        return f"{code} {label}"

    def shown(self, raw: Any) -> str:
        """Code and name where the chart knows the code."""
        label = dict(self.entries).get(str(raw))
        return f"{raw} {label}" if label else str(raw)

    def _single_match(self, text: str) -> str:
        """The code of the one subject whose code or name holds the text."""
        found = [code for code, label in self.entries if text in f"{code} {label}"]
        return found[0] if len(found) == 1 else ""
