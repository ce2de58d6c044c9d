"""The union's pages by their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.ui import navigation

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.desk_view import DeskView


def _offices(view: DeskView) -> QWidget:
    from app.ui.union.offices_page import OfficesPage

    page = OfficesPage(view.desk, view.union)
    page.take_in_asked.connect(view.do_take_in)
    return page


UNION_MAKERS: dict[str, Callable[[DeskView], QWidget]] = {
    navigation.OFFICES: _offices,
}
