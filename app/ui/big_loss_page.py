"""Table 2: the sheets of big losses, made by the program, completed by the clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.forms.evaluation import Evaluation, evaluate
from app.forms.table import Table
from app.forms.values import amount_text, is_empty, parse_value, shown_text
from app.intake.hints import Doubt, uneven
from app.ui.buttons import link_button
from app.ui.desk import Desk, why_shut
from app.ui.form_session import FormSession
from app.ui.form_view import FormView
from app.ui.help_pane import HelpPane
from app.ui.sign_line import soft_label
from app.ui.simple_table import TextColumn, TextRow, TextTable

if TYPE_CHECKING:
    from app.book.big_losses import BigLossSheet
    from app.book.types import Row

COLUMNS = (
    TextColumn("表", 60),
    TextColumn("资产名称", 150, stretches=True),
    TextColumn("账面金额", 118, right=True, spare=1),
    TextColumn("待补", 48, right=True),
)


class SheetSession(FormSession):
    """A sheet of table 2 being completed; what comes from the row is only shown."""

    def __init__(self, desk: Desk, table: Table, sheet: BigLossSheet) -> None:
        self.sheet = sheet
        super().__init__(desk, table, sheet.row)
        self.locked = why_shut(desk.book.period)

    @property
    def stored(self) -> dict[str, Any]:
        """What the clerk wrote on the sheet."""
        return self.sheet.own

    def draft_key(self, key: str) -> str:
        """Drafts of the sheet are kept apart from those of the row."""
        return f"2.{key}"

    def store(self, key: str, raw: Any) -> None:
        """Saves one value of the sheet."""
        self.desk.book.set_big_loss(self.row.id, {key: raw}, by=self.desk.by)
        self.sheet = _sheet_of(self.desk, self.row.id) or self.sheet

    def judge(self) -> Evaluation:
        """The sheet's own fields."""
        return evaluate(self.table, self.values, self.context)

    def look_again(self) -> list[Doubt]:
        """What is asked of its own fields, and whether the amounts make up one another."""
        came_in = {"recovered_amount": self.row.values.get("recovered_amount")}
        return [*super().look_again(), *uneven(self.sheet.values | self.values | came_in)]

    def value(self, key: str) -> Any:
        """Own values, and what the row gives."""
        return self.values.get(key) if key in self.pending else self.sheet.values.get(key)

    def shown(self, key: str) -> str:
        """The value as a person reads it."""
        raw, field = self.sheet.values.get(key), self.table.fields[key]
        return "" if is_empty(raw) else shown_text(field, parse_value(field, raw))

    def read_row(self) -> Row:
        """The row that the sheet belongs to."""
        self.sheet = _sheet_of(self.desk, self.row.id) or self.sheet
        return self.sheet.row


def _sheet_of(desk: Desk, row_id: str) -> BigLossSheet | None:
    return next((s for s in desk.book.big_losses() if s.row_id == row_id), None)


SIDE_FROM = 900
"""Below this width the help stands under the field."""


class BigLossPage(QWidget):
    """List of sheets, form, help."""

    row_asked = Signal(str, str)
    """Table and id of the row behind a sheet."""

    def __init__(self, desk: Desk, table: Table) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.table = table
        self.form: FormView | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        layout.addWidget(self.splitter)
        self.splitter.addWidget(self._list_panel())
        self.sheet = QFrame()
        self.sheet.setProperty("surface", "paper")
        self._sheet_layout = QVBoxLayout(self.sheet)
        self._sheet_layout.setContentsMargins(0, 0, 0, 0)
        self._sheet_layout.setSpacing(0)
        self.sheet.hide()
        self.splitter.addWidget(self.sheet)
        self.help = HelpPane(self.look)
        self.help.show_table(table)
        self.splitter.addWidget(self.help)
        self.splitter.setStretchFactor(1, 1)
        # A method of the page, not a lambda: Qt lets go of it when the book is closed.
        desk.rows_changed.connect(self._rows_changed)

    def _list_panel(self) -> QFrame:
        px = self.look.px
        panel = QFrame()
        panel.setProperty("surface", "paper")
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, px(10), 0, 0)
        title = QLabel(f"附表2 {self.table.short_title}")
        title.setFont(self.look.font(bold=True))
        title.setContentsMargins(px(12), 0, px(12), 0)
        layout.addWidget(title)
        self.empty = soft_label("现在没有要填附表2的资产。符合条件的会自动列在这里。")
        self.empty.setContentsMargins(px(12), px(8), px(12), px(8))
        layout.addWidget(self.empty)
        self.list = TextTable(self.look, "附表2", COLUMNS)
        self.list.opened.connect(self.open_row)
        self.list.clicked.connect(lambda _index: self.open_row(str(self.list.current_key)))
        layout.addWidget(self.list, 1)
        return panel

    def _rows_changed(self, _table: str) -> None:
        self._renew_if_seen()

    def _renew_if_seen(self) -> None:
        if self.isVisible() and self.desk.has_book:
            self.renew()

    def showEvent(self, event: Any, /) -> None:
        """What is shown is always fresh."""
        super().showEvent(event)
        if self.desk.has_book:
            self.renew()

    def renew(self) -> None:
        """Reads the sheets again."""
        rows = []
        for sheet in self.desk.book.big_losses():
            amount = parse_value(
                self.table.fields["carrying_amount"], sheet.values.get("carrying_amount", "0")
            )
            errors = sum(p.severity == "error" for p in sheet.problems)
            texts = (
                sheet.row.table_id,
                str(sheet.values.get("name") or sheet.row_id),
                amount_text(amount) if not isinstance(amount, str) else amount,  # type: ignore[arg-type]
                str(errors or ""),
            )
            rows.append(TextRow(texts, sheet.row_id, sign="warning" if errors else "good"))
        self.list.show_rows(rows)
        if self.session is not None:
            self.list.show_key(self.session.row.id)
        self.empty.setVisible(not rows)

    def focus_first(self) -> None:
        """The list, at the first sheet with something to do: Enter opens it."""
        rows = self.list.lines.rows
        unfinished = (row.key for row in rows if row.sign == "warning")
        if rows and not self.list.current_key:
            self.list.show_key(next(unfinished, rows[0].key))
        self.list.setFocus()

    @property
    def session(self) -> FormSession | None:
        """The sheet in the form."""
        return self.form.session if self.form is not None else None

    def open_row(self, row_id: str, field: str = "") -> bool:
        """Opens the sheet of a row."""
        sheet = _sheet_of(self.desk, row_id)
        if sheet is None:
            return False
        if self.form is None:
            self.form = FormView(self.desk, self.table)
            self.form.result.hide()
            self.form.field_focused.connect(self._show_help)
            self.form.how_asked.connect(self._show_help)
            self.form.saved.connect(lambda _key: self.renew())
            self.form.ended.connect(self._go_on)
            self.head = link_button("", "到认定表里的这一笔")
            self.head.clicked.connect(self._go_to_row)
            above = QHBoxLayout()
            above.setContentsMargins(self.look.px(16) - self.look.px(4) - 1, self.look.px(4), 0, 0)
            above.addWidget(self.head)
            self._sheet_layout.addLayout(above)
            self._sheet_layout.addWidget(self.form, 1)
        self.head.setText(f"来自附表{sheet.row.table_id}：{sheet.values.get('name') or row_id}")
        self.form.show_row(SheetSession(self.desk, self.table, sheet))
        self.list.show_key(row_id)
        if self.sheet.isHidden():
            self.sheet.show()
            self._place_panes()
        if field:
            self.form.go_to(field)
        else:
            self.form.go_to_first()
        return True

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Narrow windows put the help under the field."""
        super().resizeEvent(event)
        if self.help.isHidden() == self.is_wide:
            self._place_panes()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for the help beside the form."""
        return self.width() >= self.look.px(SIDE_FROM)

    def _place_panes(self) -> None:
        px = self.look.px
        wide = self.is_wide
        self.help.setVisible(wide)
        if self.form is not None:
            self.form.set_help_below(not wide)
        if not self.sheet.isHidden():
            left, right = px(330), px(270) if wide else 0
            left = min(max(left, self.width() // 4), self.width() * 2 // 5)
            self.splitter.setSizes([left, max(0, self.width() - left - right), right])

    def _show_help(self, key: str) -> None:
        self.help.show_field(self.table, self.table.fields[key])

    def _go_to_row(self) -> None:
        session = self.session
        if session is not None:
            self.row_asked.emit(session.row.table_id, session.row.id)

    def close_form(self) -> None:
        """Back to the list alone."""
        if self.form is not None:
            self.form.close_row()
        self.sheet.hide()

    def step(self, by: int) -> None:
        """The next sheet or the one before."""
        place = self.list.currentIndex().row() + by
        if 0 <= place < len(self.list.lines.rows):
            self.list.selectRow(place)
            self.open_row(str(self.list.current_key))

    def _go_on(self) -> None:
        """Enter behind the last field: to what is still to be filled in, else back to the list."""
        if self.form is not None:
            self.form.commit_focused()
        if not self.go_to_next_problem():
            self.list.setFocus()

    def go_to_next_problem(self) -> bool:
        """F8: on this sheet; where it has nothing to do, on the next one that has."""
        if self.form is not None and self.session is not None and self.form.go_to_next_problem():
            return True
        for sheet in self.desk.book.big_losses():
            if sheet.problems and self.open_row(sheet.row_id):
                return self.form is not None and self.form.go_to_next_problem(from_top=True)
        return False

    def reload_row(self) -> None:
        """Shows the stored values again."""
        if self.form is not None and self.session is not None:
            self.session.reload()
            self.form.refill()
