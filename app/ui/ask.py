"""Small questions: they open beside the work, answer through a call, and never block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.buttons import push_button
from app.ui.fields.base import RETURN_KEYS
from app.ui.fields.long import Sheet
from app.ui.look import Look
from app.ui.room import FittingDialog, form_layout


def make_dialog(parent: QWidget, look: Look, title: str, text: str) -> QDialog:
    """An empty dialog with its sentence; it goes when it is closed."""
    dialog = FittingDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setMinimumWidth(look.px(420))
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
    layout.setSpacing(look.px(12))
    if text:
        label = QLabel(text)
        label.setWordWrap(True)
        layout.addWidget(label)
    return dialog


def add_buttons(dialog: QDialog, action: str, then: Callable[[], None]) -> QPushButton:
    """Adds the button that acts and 取消; returns the first."""
    box = QDialogButtonBox()
    button = push_button(action, main=True)
    box.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
    box.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(then)
    box.rejected.connect(dialog.reject)
    layout = dialog.layout()
    if layout is not None:
        layout.addWidget(box)
    if (row := box.layout()) is not None:
        row.setSpacing(box.fontMetrics().height() // 2)  # grows with the letters
    return button


class Deliberate(QObject):
    """Keeps from a question, or a button, the keys that were meant for what led to it."""

    def __init__(self, asking: QWidget) -> None:
        super().__init__(asking)
        self._open = QElapsedTimer()
        self._open.start()
        for widget in (asking, *asking.findChildren(QPushButton)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """An Enter held down, or one too many, answers nothing."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            answers = event.key() in (*RETURN_KEYS, Qt.Key.Key_Space)
            early = self._open.elapsed() < QApplication.doubleClickInterval()
            return answers and (early or event.isAutoRepeat())
        return super().eventFilter(watched, event)


def ask(
    parent: QWidget,
    look: Look,
    *,
    title: str,
    text: str,
    action: str,
    then: Callable[[], None],
    careful: bool = False,
) -> QDialog:
    """A question with one answer that acts, and 取消; `careful`: no Enter too many acts."""
    dialog = make_dialog(parent, look, title, text)

    def accept() -> None:
        dialog.accept()
        then()

    add_buttons(dialog, action, accept)
    dialog.open()
    if careful:
        Deliberate(dialog)
    return dialog


def ask_text(
    parent: QWidget,
    look: Look,
    *,
    title: str,
    text: str,
    label: str,
    action: str,
    then: Callable[[str], None],
) -> QDialog:
    """A question whose answer is a line of text that must not be empty."""
    dialog = make_dialog(parent, look, title, text)
    line = QLineEdit()
    line.setAccessibleName(label)
    form = form_layout(look)
    form.addRow(label, line)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addLayout(form)

    def accept() -> None:
        words = line.text().strip()
        if words:
            dialog.accept()
            then(words)

    button = add_buttons(dialog, action, accept)
    button.setEnabled(False)
    line.textChanged.connect(lambda words: button.setEnabled(bool(words.strip())))
    dialog.open()
    line.setFocus()
    return dialog


def ask_passphrase(
    parent: QWidget, look: Look, *, title: str, text: str, action: str, then: Callable[[str], None]
) -> QDialog:
    """Asks for the passphrase of the key: taken as it is typed, blanks too."""
    dialog = make_dialog(parent, look, title, text)
    line = QLineEdit()
    line.setAccessibleName("密钥口令")
    line.setEchoMode(QLineEdit.EchoMode.Password)
    form = form_layout(look)
    form.addRow("密钥口令", line)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addLayout(form)

    def accept() -> None:
        dialog.accept()
        then(line.text())

    button = add_buttons(dialog, action, accept)
    button.setEnabled(False)
    line.textChanged.connect(lambda words: button.setEnabled(bool(words)))
    dialog.open()
    line.setFocus()
    return dialog


def ask_role(
    parent: QWidget,
    look: Look,
    *,
    person: str,
    roles: Mapping[str, str],
    then: Callable[[str, str], None],
) -> QDialog:
    """Another role for a person, with the reason for it."""
    text = f"{person}以后是什么岗位？以前做过的填报、确认和签字不变。"
    dialog = make_dialog(parent, look, "改岗位", text)
    choice, why = QComboBox(), QLineEdit()
    for code, label in roles.items():
        choice.addItem(label, code)
    choice.setAccessibleName("新岗位")
    why.setAccessibleName("原因")
    why.setPlaceholderText("如：轮岗")
    form = form_layout(look)
    form.addRow("新岗位", choice)
    form.addRow("原因", why)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addLayout(form)

    def accept() -> None:
        dialog.accept()
        then(str(choice.currentData()), why.text().strip())

    add_buttons(dialog, "改岗位", accept)
    dialog.open()
    choice.setFocus()
    return dialog


def ask_reason(
    parent: QWidget,
    look: Look,
    *,
    title: str,
    text: str,
    reasons: Sequence[str],
    then: Callable[[str, str], None],
    needs_note: str = "",
) -> QDialog:
    """A reason chosen from a list, with room for a note; the last reason stands for a note alone.

    `needs_note`: what the note has to say, where none of the reasons is enough by itself.

    None is chosen beforehand: Enter must not put down a reason that nobody gave. The keyboard is
    in the note, so that nothing typed is lost; the arrows choose from there.
    """
    dialog = make_dialog(parent, look, title, text)
    choice, note = QComboBox(), _Note()
    choice.addItems(list(reasons))
    # By mouse or from the note: letters typed on a list would be lost.
    choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    choice.setPlaceholderText(f"请选一条（按 ↓），{'再' if needs_note else '或只'}在下面写明")
    choice.setCurrentIndex(-1)
    choice.setAccessibleName("理由")
    note.setAccessibleName("补充说明")
    note.setPlaceholderText(needs_note or "可以补充：查了什么、问了谁、什么时候处理")
    note.setToolTip("↑ ↓ 选理由，Enter 保留，Alt+Enter 换行")
    note.setFixedHeight(look.px(72))
    form = form_layout(look)
    form.addRow("理由", choice)
    form.addRow("补充说明", note)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addLayout(form)

    def accept() -> None:
        chosen, words = choice.currentText(), note.toPlainText().strip()
        dialog.accept()
        # 其他 says nothing: what is said in own words is the reason then.
        own = words and chosen in ("", reasons[-1])
        then(*((words, "") if own else (chosen, words)))

    button = add_buttons(dialog, "保留", accept)

    def show_button() -> None:
        chosen = choice.currentIndex() >= 0 and not needs_note
        button.setEnabled(chosen or bool(note.toPlainText().strip()))

    show_button()
    choice.currentIndexChanged.connect(lambda _place: show_button())
    note.textChanged.connect(show_button)
    note.chosen.connect(lambda step: _step(choice, step))
    note.stepped.connect(lambda step: button.click() if step > 0 else None)
    dialog.open()
    note.setFocus()
    return dialog


class _Note(Sheet):
    """A note whose arrows choose from the list above it, where no line is left to go to."""

    chosen = Signal(int)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Up and down within the text first."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        before = self.textCursor().position()
        super().keyPressEvent(event)
        if step and self.textCursor().position() == before:
            self.chosen.emit(step)


def _step(choice: QComboBox, step: int) -> None:
    """The next or the last one of a list; it does not turn round."""
    choice.setCurrentIndex(max(0, min(choice.currentIndex() + step, choice.count() - 1)))
