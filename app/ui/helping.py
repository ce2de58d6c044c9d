"""Opens the window 帮助 for what one is just doing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.desk import Desk

if TYPE_CHECKING:
    from app.ui.big_loss_page import BigLossPage
    from app.ui.help_window import HelpWindow
    from app.ui.table_page import TablePage

KEYS_PAGE = 1


def open_help(desk: Desk, window: QWidget, view: QWidget | None, *, keys: bool) -> HelpWindow:
    """The help with the field in focus first, or the page of all keys."""
    from app.ui.help_window import HelpWindow

    page = _row_page(view)
    form = page.form if page is not None and page.session is not None else None
    field = form.focused_key if form is not None else ""
    table = page.table.id if page is not None else ""

    def can_jump(key: str) -> bool:
        return form is not None and form.session is not None and key in form.rows and (
            form.session.asked(key)
        )  # fmt: skip

    if desk.has_book:
        ruleset = desk.book.ruleset
    else:
        from app.forms.loader import ruleset_for

        ruleset = ruleset_for(date.today())
    found = HelpWindow(desk.look, ruleset, window, table=table, field=field, can_jump=can_jump)

    def go_to(key: str) -> None:
        if form is not None:
            window.activateWindow()
            form.go_to(key)

    found.field_asked.connect(go_to)
    if keys:
        found.tabs.setCurrentIndex(KEYS_PAGE)
    found.learn_initials(desk.worker)
    found.show()
    return found


def _row_page(view: QWidget | None) -> TablePage | BigLossPage | None:
    from app.ui.big_loss_page import BigLossPage
    from app.ui.desk_view import DeskView
    from app.ui.table_page import TablePage

    page = view.page if isinstance(view, DeskView) else None
    return page if isinstance(page, TablePage | BigLossPage) else None
