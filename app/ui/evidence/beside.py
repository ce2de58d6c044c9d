"""The paper beside the form: keeps file, page and boxes in step with the field in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.evidence.paper_view import PaperView
from app.ui.evidence.renderer import PageRenderer
from app.ui.evidence.sheet import Rect

if TYPE_CHECKING:
    from app.book.types import Attachment, Box
    from app.ui.desk import Desk
    from app.ui.form_session import FormSession


class Beside(QWidget):
    """Which of a row's papers is looked at; boxes are stored with it."""

    closed = Signal()
    changed = Signal()
    """A box has come or gone."""
    field_asked = Signal(str)
    outside_asked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: FormSession | None = None
        self.files: list[Attachment] = []
        self.present: Attachment | None = None
        self.field = ""
        self._made: PaperView | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> PaperView:
        """The viewer, made when the first paper is looked at."""
        if self._made is None:
            renderer = PageRenderer(self.desk.messages)
            self.desk.book_closed.connect(renderer.stop)
            view = PaperView(self.desk.look, renderer)
            view.box_drawn.connect(self._box_drawn)
            view.box_dropped.connect(self._box_dropped)
            view.field_asked.connect(self.field_asked)
            view.next_asked.connect(self.next_file)
            view.close_asked.connect(self.closed)
            view.outside_asked.connect(self._ask_outside)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(view)
            self._made = view
        return self._made

    # ── files

    def show_files(self, session: FormSession | None, files: list[Attachment]) -> None:
        """The row's files as they are now; the one that is looked at stays."""
        from app.intake.pages import can_be_shown

        self.session = session
        self.files = [one for one in files if can_be_shown(one.name)]
        if self.present is None:
            return
        known = {one.id: one for one in self.files}
        self.present = known.get(self.present.id)
        if self.present is not None:
            self._show_boxes()
        elif not self.isHidden() and not self.open_first():
            self.closed.emit()

    def open(self, attachment: Attachment) -> None:
        """Looks at a file, at the box of the field in focus where it has one."""
        self.present = attachment
        book, digest = self.desk.book, attachment.sha256
        box = self._box(attachment, self.field)
        self.view.open(
            attachment.name, lambda: book.attachment_bytes(digest), page=box.page - 1 if box else 0
        )
        several = len(self.files) > 1
        self.view.buttons["next_file"].setVisible(several)
        self._show_boxes()
        self.view.show_field(self.field)

    def open_first(self) -> bool:
        """Looks at the first file; False where there is none to look at."""
        self.present = None
        if self.files:
            self.open(self.files[0])
        return bool(self.files)

    def next_file(self) -> None:
        """Looks at the next file, in a circle."""
        ids = [one.id for one in self.files]
        if self.present is not None and len(ids) > 1:
            place = ids.index(self.present.id) + 1 if self.present.id in ids else 0
            self.open(self.files[place % len(ids)])

    def close_file(self) -> None:
        """Nothing is looked at any more."""
        self.present = None
        self.view.close_file()

    def _ask_outside(self) -> None:
        if self.present is not None:
            self.outside_asked.emit(self.present)

    # ── fields and boxes

    def show_field(self, field: str) -> None:
        """Another field has the focus: its box is shown, on whichever file it is."""
        self.field = field
        if self.present is None:
            return
        if self._box(self.present, field) is None:
            other = next((one for one in self.files if self._box(one, field)), None)
            if other is not None:
                self.open(other)
                return
        self.view.show_field(field)

    def _box(self, attachment: Attachment, field: str) -> Box | None:
        return next((box for box in attachment.boxes if box.field == field), None)

    def _label(self, field: str) -> str:
        fields = self.session.table.fields if self.session is not None else {}
        return fields[field].label if field in fields else field

    @property
    def _editable(self) -> bool:
        return self.session is not None and not self.session.locked and self.desk.writable

    def _show_boxes(self) -> None:
        if self.present is not None:
            self.view.show_boxes(self.present.boxes, self._label, editable=self._editable)

    def _box_drawn(self, page: int, rect: Rect) -> None:
        from app.book.pointing import set_box
        from app.book.types import Box

        if self.present is None or not self.field:
            return
        box = Box(self.field, page, rect)
        with self.desk.messages.guarded():
            set_box(self.desk.book, self.present.id, box, by=self.desk.by)
        self.changed.emit()

    def _box_dropped(self) -> None:
        from app.book.pointing import drop_box

        if self.present is None:
            return
        with self.desk.messages.guarded():
            drop_box(self.desk.book, self.present.id, self.field, by=self.desk.by)
        self.changed.emit()
