"""The opinion: class, reason, own values, vote; Enter goes from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.ui import remembered
from app.ui.buttons import link_button, push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.choice_buttons import ClassButtons
from app.ui.fields.long import Sheet
from app.ui.flow_layout import FlowLayout
from app.ui.places import start_in
from app.ui.sign_line import Said, SignLine, soft_label
from app.ui.union.draft import Draft

if TYPE_CHECKING:
    from app.forms.table import Table

TITLES = {
    "working_group": "初审意见",
    "department": "归口部门审核意见",
    "auditor": "审计意见",
    "leading_group": "认定",
}
CLASSED = ("working_group", "department", "leading_group")
VALUED = ("working_group", "leading_group")
RETURNING = ("working_group", "leading_group")
NO_CLASS = {
    "working_group": "不选：各按程序结果",
    "department": "不选：同意初审意见",
    "leading_group": "不选：按初审意见",
}
MINUTES_FILTER = "会议纪要 (*.pdf *.doc *.docx *.jpg *.jpeg *.png *.tif *.tiff *.ofd);;全部 (*)"
VOTES = ("同意", "反对", "弃权")


class OpinionForm(QFrame):
    """What the person at work may say of a row, or of several at once."""

    apply_asked = Signal()
    return_asked = Signal()
    mark_asked = Signal()
    changed = Signal()
    """Class or own values are others: what they come to has to be shown again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.role = ""
        self.bulk = 0
        self.marks: list[tuple[str, str]] = []
        self.setProperty("surface", "paper")
        px = self.look.px
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(12), px(6), px(12), px(8))
        self.body.setSpacing(px(5))
        self.title = QLabel()
        self.title.setFont(self.look.font(bold=True))
        self.body.addWidget(self.title)
        self.said = QVBoxLayout()
        self.body.addLayout(self.said)
        self._build_class()
        self._build_values()
        self._build_vote()
        self._build_foot()
        self.set_role("")

    # ── building

    def _build_class(self) -> None:
        field = self.desk.book.ruleset.row_tables[0].fields["review_class"]
        self.class_ = ClassButtons(field, self.look)
        self.class_.name("类别")
        self.class_.committed.connect(lambda _raw: self.changed.emit())
        self.class_.moved.connect(lambda step: self._move(self.class_, step))
        self.body.addWidget(self.class_)
        self.class_note = soft_label()
        self.class_note.setFont(self.look.font("small"))
        self.body.addWidget(self.class_note)
        self.reason = self._sheet("理由")
        self.body.addWidget(self.reason)

    def _sheet(self, name: str) -> Sheet:
        sheet = Sheet()
        sheet.setAccessibleName(name)
        sheet.setPlaceholderText(name)
        sheet.stepped.connect(lambda step: self._move(sheet, step))
        return sheet

    def _line(self, name: str, *, narrow: bool = False) -> Line:
        line = Line()
        line.setAccessibleName(name)
        line.stepped.connect(lambda step: self._move(line, step))
        if narrow:
            line.setMaximumWidth(self.look.px(52))
        return line

    def _build_values(self) -> None:
        from app.union.entries import VALUATIONS

        self.more = link_button("另定价值或损失、现场核查", "联社自己的数，信用社上报的不动")
        self.more.setCheckable(True)
        self.more.toggled.connect(lambda _on: self._show_parts())
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.values = QWidget()
        grid = QGridLayout(self.values)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(self.look.px(3))
        self.lines: dict[str, Line] = {}
        self.labels: dict[str, QLabel] = {}
        for place, (key, name) in enumerate({"loss": "预计损失", **VALUATIONS}.items()):
            line = self._line(name)
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.exited.connect(self.changed)
            self.labels[key], self.lines[key] = QLabel(name), line
            grid.addWidget(self.labels[key], place, 0)
            grid.addWidget(line, place, 1)
        grid.setColumnStretch(1, 1)
        self.body.addWidget(self.values)
        self.site_check = self._sheet("现场核查记录")
        self.body.addWidget(self.site_check)
        self.preview = QLabel()
        self.preview.setWordWrap(True)
        self.body.addWidget(self.preview)

    def _build_vote(self) -> None:
        px = self.look.px
        self.vote = QWidget()
        layout = QVBoxLayout(self.vote)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        row = FlowLayout(None, px(6))
        self.votes = [self._line(f"{word}票数", narrow=True) for word in VOTES]
        for word, line in zip(VOTES, self.votes, strict=True):
            # A word and its number wrap together.
            pair = QWidget()
            beside = QHBoxLayout(pair)
            beside.setContentsMargins(0, 0, 0, 0)
            for held in (QLabel(word), line, QLabel("票")):
                beside.addWidget(held)
            row.addWidget(pair)
        layout.addLayout(row)
        second = QHBoxLayout()
        self.minutes = self._line("会议纪要")
        self.minutes.setPlaceholderText("会议纪要（文件）")
        browse = push_button("选择…")
        browse.clicked.connect(self._choose_minutes)
        second.addWidget(self.minutes, 1)
        second.addWidget(browse)
        layout.addLayout(second)
        self.body.addWidget(self.vote)

    def _build_foot(self) -> None:
        self.mark_count = soft_label()
        self.body.addWidget(self.mark_count)
        row = FlowLayout(None, self.look.px(6))
        self.apply_button = push_button("写入，下一笔", main=True)
        self.apply_button.clicked.connect(self.apply_asked)
        self.mark_button = push_button("提问题", "对光标所在的一项提问题（F7）")
        self.mark_button.clicked.connect(self.mark_asked)
        self.return_button = push_button("退回", "把提的问题连同理由退给信用社")
        self.return_button.clicked.connect(self.return_asked)
        for button in (self.apply_button, self.mark_button, self.return_button):
            row.addWidget(button)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def _choose_minutes(self) -> None:
        settings, chosen = self.desk.settings, self.minutes.text()
        folder = start_in(Path(chosen).parent if chosen else remembered.last_folder(settings))
        name, _ = QFileDialog.getOpenFileName(self, "会议纪要", folder, MINUTES_FILTER)
        if name:
            remembered.set_last_folder(settings, Path(name))
            self.minutes.setText(name)

    # ── what is shown

    def set_role(self, role: str) -> None:
        """Shows the parts of this role; none for somebody who has no say here."""
        self.role = role
        self.title.setText(TITLES.get(role, ""))
        opinion = role in ("department", "auditor")
        self.reason.setPlaceholderText("意见（要写）" if opinion else "理由")
        self.reason.setAccessibleName("意见" if opinion else "理由")
        self.setVisible(bool(role))
        self._show_parts()

    def set_table(self, table: Table | None) -> None:
        """Offers the values that a row of this table has; without one only those of all."""
        from app.union.layers import may_be_set

        known = may_be_set(table) if table is not None else {}
        for key, line in self.lines.items():
            shown = key == "loss" or key in known
            line.setVisible(shown)
            self.labels[key].setVisible(shown)
            if key in known:
                self.labels[key].setText(known[key])

    def set_bulk(self, count: int) -> None:
        """Several rows at once: each on its own suggestion where no class is chosen."""
        self.bulk = count
        title = TITLES.get(self.role, "")
        self.title.setText(f"{title}：选中的{count}笔一起" if count else title)
        self.apply_button.setText(self._apply_words())
        self._show_parts()

    def _apply_words(self) -> str:
        word = "认定" if self.role == "leading_group" else "写入"
        return f"{word}{self.bulk}笔" if self.bulk else f"{word}，下一笔"

    def _show_parts(self) -> None:
        role, single = self.role, not self.bulk
        self.class_.setVisible(role in CLASSED)
        note = NO_CLASS.get(role, "")
        self.class_note.setText(note)
        self.class_note.setVisible(bool(note) and (self.bulk > 0 or role != "working_group"))
        site = "、现场核查" if role == "working_group" else ""
        self.more.setText(f"另定价值或损失{site}")
        self.more.setVisible(role in VALUED and single)
        more = role in VALUED and single and self.more.isChecked()
        self.values.setVisible(more)
        self.site_check.setVisible(more and role == "working_group")
        self.vote.setVisible(role == "leading_group")
        self.mark_button.setVisible(role in RETURNING and single)
        self.return_button.setVisible(role in RETURNING and single)
        self.apply_button.setText(self._apply_words())
        self._show_marks()

    def open_site_check(self) -> None:
        """The managing department wants it otherwise: a look on site comes first."""
        self.more.setChecked(True)

    def _show_marks(self) -> None:
        count = len(self.marks)
        self.mark_count.setText(f"提了{count}个问题，写明理由后退回。" if count else "")
        self.mark_count.setVisible(bool(count))
        self.return_button.setEnabled(bool(count))

    def say(self, said: list[Said]) -> None:
        """Shows what came of the last attempt: a conflict, a fault."""
        while self.said.count():
            widget: QWidget = self.said.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        for one in said:
            self.said.addWidget(SignLine(self.look, one.sign, one.text))

    def say_of_chosen(self, left_out: int, *, kept: bool) -> None:
        """Tells of rows that a writing in bulk leaves as they are, and of words from before."""
        said = [Said("info", f"另{left_out}笔刚才已经办过，不动。")] if left_out else []
        if kept:
            said.append(Said("info", "下面是以前写了一半的。看清选中的是哪些，再写入。"))
        self.say(said)

    def show_preview(self, text: str) -> None:
        """What the class or the own values come to."""
        self.preview.setText(text)
        self.preview.setVisible(bool(text))

    # ── the draft

    def draft(self) -> Draft:
        """What was typed."""
        raw = self.class_.raw()
        return Draft(
            class_=str(raw) if raw else None,
            reason=self.reason.toPlainText().strip(),
            loss=self.lines["loss"].text().strip(),
            valuations={
                key: line.text().strip()
                for key, line in self.lines.items()
                if key != "loss" and line.text().strip()
            },
            site_check=self.site_check.toPlainText().strip(),
            votes=[line.text().strip() for line in self.votes],
            minutes=self.minutes.text().strip(),
            marks=self.marks,
        )

    def show_draft(self, draft: Draft) -> None:
        """Fills the form with what was typed before, or with nothing."""
        self.class_.set_value(draft.class_)
        self.reason.show_text(draft.reason)
        self.site_check.show_text(draft.site_check)
        for key, line in self.lines.items():
            line.setText(draft.loss if key == "loss" else draft.valuations.get(key, ""))
        for line, text in zip(self.votes, draft.votes, strict=True):
            line.setText(text)
        self.minutes.setText(draft.minutes)
        self.marks = draft.marks
        self.more.setChecked(bool(draft.loss or draft.valuations or draft.site_check))
        self._show_parts()

    def own_values(self) -> Mapping[str, str]:
        """The own values that were typed."""
        return {key: line.text().strip() for key, line in self.lines.items() if line.text().strip()}

    # ── hands

    def go_to_first(self) -> None:
        """Puts the focus where the opinion starts."""
        first = next((widget for widget in self._order() if not widget.isHidden()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_missing(self, keys: Sequence[str]) -> None:
        """Puts the focus on the first field that was left empty; by default on the reason."""
        parts: dict[str, QWidget] = {"class": self.class_, "reason": self.reason}
        if self.vote.isVisibleTo(self):
            # A vote is missing only while none of its numbers is given.
            parts |= {"vote": self.votes[0], "minutes": self.minutes}
        there = [widget for key, widget in parts.items() if key in keys and not widget.isHidden()]
        (there[0] if there else self.reason).setFocus(Qt.FocusReason.OtherFocusReason)

    def _order(self) -> list[QWidget]:
        lines = [line for line in self.lines.values() if self.values.isVisibleTo(self)]
        votes = [*self.votes, self.minutes] if self.vote.isVisibleTo(self) else []
        return [self.class_, self.reason, *lines, self.site_check, *votes, self.apply_button]

    def _move(self, here: QWidget, step: int) -> None:
        order = [widget for widget in self._order() if not widget.isHidden()]
        place = order.index(here) + step
        if 0 <= place < len(order):
            order[place].setFocus(Qt.FocusReason.TabFocusReason)
