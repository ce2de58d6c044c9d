"""One field of the guided form: label, editor, unit, and what is said about it below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.book.types import UNKNOWN_SUBJECT
from app.forms.evaluation import Problem
from app.forms.schema import FieldDef
from app.ui.fields.base import Editor
from app.ui.fields.computed import ComputedValue
from app.ui.fields.registry import make_editor
from app.ui.look import Look
from app.ui.sign_line import Said, SignLine, soft_label

LABEL_WIDTH = 132
STACKED_BELOW = 396
"""The width of the form under which labels stand above their fields: beside them a date with its
hint would be cut."""
SUBJECT_WAY = "请核对代码；本社账上确有的，列入科目表。"
SOURCE_WIDTH = 28
WIDEST = 16_777_215
"""Qt's word for: as wide as it likes."""
_SOURCES = {
    "": ("", ""),
    "typed": ("", "来源：录入"),
    "carried": ("上期", "来源：由上期带来"),
    "copied": ("复制", "来源：从另一笔复制"),
    "pasted": ("粘贴", "来源：从表格软件粘贴"),
    "suggested": ("测算", "来源：初分人采用程序测算的结果"),
    "computed": ("", "来源：程序计算"),
}
KEPT_TEXT = "已保留：{reason}"


def source_words(source: str) -> tuple[str, str]:
    """Where a value came from: the word at the field, and the sentence of its tip."""
    return _SOURCES.get(source, ("导入", f"来源：从{source}导入"))


class FieldRow(QWidget):
    """A field with its editor; hidden while the field isn't asked."""

    keep_asked = Signal(str, str)
    """Field key and problem code of a warning that is to be kept."""
    mark_acted = Signal(str, int)
    """Field key and place of a question that something is to be done about."""
    subject_asked = Signal()
    """The subject in this field is to be taken into the chart of accounts."""
    draft_kept = Signal(str)
    draft_dropped = Signal(str)

    def __init__(self, field: FieldDef, look: Look) -> None:
        super().__init__()
        self.field = field
        self.look = look
        self.editor: Editor = make_editor(field, look)
        self.editor.name(field.label)
        self._below: dict[str, QWidget] = {}
        self._problems: tuple[Any, ...] = ()
        self._marks: tuple[Said, ...] = ()
        self._stacked = False
        self._build()

    def _build(self) -> None:
        px = self.look.px
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, px(3), 0, px(3))
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(2))
        self.label = QLabel(self.field.label)
        self.label.setWordWrap(True)
        self.label.setFixedWidth(px(LABEL_WIDTH))
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(self.editor)
        # The first line of the label stands on the line of what is typed.
        self.label.setContentsMargins(0, px(5), 0, 0)
        grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.editor, 0, 1)
        unit = self._unit()
        if unit:
            self.editor.set_unit(unit)
        grid.setColumnStretch(1, 1)
        self.source = soft_label(wrap=False)
        self.source.setFont(self.look.font("small"))
        self.source.setFixedWidth(px(SOURCE_WIDTH))
        self.source.setContentsMargins(0, px(6), 0, 0)
        grid.addWidget(self.source, 0, 2, Qt.AlignmentFlag.AlignTop)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(px(2))
        grid.addLayout(self._lines, 1, 1)

    def set_stacked(self, stacked: bool) -> None:
        """Puts the label above the field, for narrow forms, or left of it."""
        if stacked == self._stacked:
            return
        self._stacked = stacked
        first, columns = (0, 2) if stacked else (1, 1)
        below = 1 if stacked else 0
        for held in (self.label, self.editor, self.source):
            self._grid.removeWidget(held)
        self._grid.removeItem(self._lines)
        top = Qt.AlignmentFlag.AlignTop
        width = self.look.px(LABEL_WIDTH)
        self.label.setMinimumWidth(0 if stacked else width)
        self.label.setMaximumWidth(WIDEST if stacked else width)
        self._grid.addWidget(self.label, 0, 0, 1, 3 if stacked else 1, top)
        self._grid.addWidget(self.editor, below, first, 1, columns)
        self._grid.addWidget(self.source, below, 2, top)
        self._grid.addLayout(self._lines, below + 1, first, 1, columns)

    def _unit(self) -> str:
        if self.field.computed:
            return ""
        return self.field.unit or ("元" if self.field.type == "money" else "")

    def set_value(self, raw: Any, shown: str = "") -> None:
        """Shows a stored or computed value."""
        self.editor.set_value(raw, shown)
        self.show_note(raw)

    def show_source(self, source: str) -> None:
        """Says quietly where the value came from; what was typed in needs no word."""
        word, told = source_words(source)
        if word == self.source.text() and told == self.source.toolTip():
            return
        self.source.setText(word)
        self.source.setToolTip(told)
        for widget in (self.editor, self.editor.focusProxy()):
            if widget is not None:
                widget.setAccessibleDescription(told)

    def show_note(self, raw: Any) -> None:
        """Restates the value under the editor."""
        self._put_text("note", self.editor.note(raw), 0)
        note = self._below.get("note")
        if note is not None and self.is_computed:
            # A computed value has no frame; its words stand in by the padding of one.
            note.setContentsMargins(self.look.px(8), 0, 0, 0)

    def show_help(self, text: str) -> None:
        """The instruction under the field, for windows without help pane; empty takes it away."""
        self._put_text("help", text, 99)

    def show_recovered(self, text: str) -> None:
        """Says that an unsaved input was found again; empty takes it away."""
        if ("recovered" in self._below) == bool(text):
            return
        if not text:
            self._drop("recovered")
            return
        line = SignLine(self.look, "warning", text, "保存")
        line.acted.connect(lambda: self.draft_kept.emit(self.field.key))
        drop = SignLine(self.look, "info", "不要这次输入，恢复原来的值", "放弃")
        drop.acted.connect(lambda: self.draft_dropped.emit(self.field.key))
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line)
        layout.addWidget(drop)
        self._put("recovered", box, 1)

    def show_problems(self, problems: Sequence[Problem], kept: dict[str, str]) -> None:
        """Errors and warnings under the field; kept warnings with their reason."""
        now = tuple((p.code, p.message, kept.get(p.code)) for p in problems)
        if now == self._problems:
            return
        self._problems = now
        for name in [name for name in self._below if name.startswith("problem")]:
            self._drop(name)
        before = self.editor.focusProxy() or self.editor
        for place, problem in enumerate(problems):
            line = self._problem_line(problem, kept.get(problem.code))
            self._put(f"problem{place}", line, 2)
            if line.button is not None:
                # Made last, it would be reached last; it belongs right behind its field.
                QWidget.setTabOrder(before, line.button)
                before = line.button
        open_problems = [p for p in problems if p.code not in kept]
        worst = min((p.severity for p in open_problems), default="")
        self.editor.set_state(worst)

    def show_doubt(self, text: str) -> None:
        """Asks quietly whether the value is meant so; empty takes the question away."""
        present = self._below.get("doubt")
        if isinstance(present, SignLine) and text:
            present.label.setText(text)
        elif text:
            self._put("doubt", SignLine(self.look, "warning", text), 3)
        else:
            self._drop("doubt")

    def show_marks(self, marks: Sequence[Said]) -> None:
        """The union's questions on this field, above its problems."""
        now = tuple(marks)
        if now == self._marks:
            return
        self._marks = now
        for name in [name for name in self._below if name.startswith("mark")]:
            self._drop(name)
        before = self.editor.focusProxy() or self.editor
        for place, mark in enumerate(now):
            line = SignLine(self.look, mark.sign, mark.text, mark.action)
            line.acted.connect(lambda at=place: self.mark_acted.emit(self.field.key, at))
            self._put(f"mark{place}", line, 1)
            if line.button is not None:
                QWidget.setTabOrder(before, line.button)
                before = line.button

    @property
    def marks(self) -> tuple[Said, ...]:
        """The questions shown just now."""
        return self._marks

    def _problem_line(self, problem: Problem, kept: str | None) -> SignLine:
        text = f"{problem.message}{problem.way_out}"
        if kept is not None:
            text = f"{problem.message}{KEPT_TEXT.format(reason=kept)}"
            return SignLine(self.look, "good", text)
        if problem.code == UNKNOWN_SUBJECT:
            # The way out names menu and command; here it is a button away.
            text = f"{problem.message}{SUBJECT_WAY}"
            line = SignLine(self.look, problem.severity, text, "列入科目表…")
            line.acted.connect(self.subject_asked)
            return line
        may_keep = problem.severity == "warning" and not self.editor.locked
        action = "保留并说明" if may_keep else ""
        line = SignLine(self.look, problem.severity, text, action)
        line.acted.connect(lambda: self.keep_asked.emit(self.field.key, problem.code))
        return line

    @property
    def problem_codes(self) -> list[str]:
        """Codes of the problems shown just now."""
        return [code for code, _message, _kept in self._problems]

    def text_below(self, name: str) -> str:
        """The text of the note, help line or question, empty when it isn't there."""
        widget = self._below.get(name)
        if isinstance(widget, SignLine):
            return widget.label.text()
        return widget.text() if isinstance(widget, QLabel) else ""

    def _put_text(self, name: str, text: str, place: int) -> None:
        present = self._below.get(name)
        if not text:
            self._drop(name)
        elif isinstance(present, QLabel):
            present.setText(text)
        else:
            label = soft_label(text)
            label.setFont(self.look.font("small"))
            self._put(name, label, place)

    def _put(self, name: str, widget: QWidget, place: int) -> None:
        self._drop(name)
        widget.setProperty("place", place)
        self._below[name] = widget
        at = 0
        while at < self._lines.count():
            if int(self._lines.itemAt(at).widget().property("place")) > place:
                break
            at += 1
        self._lines.insertWidget(at, widget)

    def _drop(self, name: str) -> None:
        widget = self._below.pop(name, None)
        if widget is not None:
            self._lines.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    @property
    def is_computed(self) -> bool:
        """Whether the value is the program's."""
        return isinstance(self.editor, ComputedValue)
