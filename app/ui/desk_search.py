"""The search line of the desk: it filters the list that is shown, or finds in all tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui import navigation
from app.ui.search_page import SearchPage

if TYPE_CHECKING:
    from app.ui.desk_view import DeskView
    from app.ui.row_list_view import RowListView


class DeskSearch(QObject):
    """Shows what is found while one types; an emptied line leads back to where one was."""

    def __init__(self, view: DeskView) -> None:
        super().__init__(view)
        self.view = view
        self._left = ""
        view.top.searched.connect(self.search)
        view.top.search_entered.connect(self.enter)

    def search(self, words: str) -> None:
        """Filters the rows of the page; a page without rows gives way to those of all tables."""
        view = self.view
        if view.table_page is not None:
            view.table_page.list.apply_filter(words)
        elif view.queue_page is not None:
            view.queue_page.search(words)
        elif words.strip():
            self._find_in_all(words)
        elif isinstance(view.page, SearchPage) and self._left:
            view.go(self._left)

    def follow(self) -> None:
        """The line says what the list in sight is searched for, not what another one was."""
        view = self.view
        page = view.table_page or view.queue_page
        if page is not None:
            view.top.show_search(page.list.search)
        elif not isinstance(view.page, SearchPage):
            view.top.show_search("")

    def _find_in_all(self, words: str) -> None:
        if not isinstance(self.view.page, SearchPage):
            self._left = self.view.navigation.current_key()
            self.view.go(navigation.SEARCH)
            self.view.top.search.setFocus()
        if isinstance(self.view.page, SearchPage):
            self.view.page.search(words)

    def enter(self) -> None:
        """Enter: into the list of what was found; the only one found is opened at once."""
        view, page = self.view, self.view.page
        words = view.top.search.text().strip()
        if view.queue_page is not None:
            view.queue_page.list.view.setFocus()
        elif view.table_page is not None and view.table_page.list.view.rows.rowCount():
            rows = view.table_page.list.view
            rows.setFocus()
            if not rows.current_id():
                rows.choose_place(0)
            if words:
                _open_only_one(rows)
        elif words:
            if not isinstance(page, SearchPage):
                self._find_in_all(words)
            if isinstance(view.page, SearchPage):
                view.page.view.setFocus()
                _open_only_one(view.page.view)


def _open_only_one(found: RowListView) -> None:
    if found.rows.rowCount() == 1:
        found.choose_place(0)
        found.opened.emit(found.current_id())
