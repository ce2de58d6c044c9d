"""What can be done with the rows chosen in a table's list: by right click or the menu key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from app.ui.desk_view import DeskView
    from app.ui.table_page import TablePage


def show_row_menu(view: DeskView, page: TablePage, at: QPoint) -> None:
    """Opens the menu at a place of the screen; without a chosen row there is none."""
    count = page.list.view.chosen_count()
    if not count:
        return
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if count == 1:
        menu.addAction("打开\tEnter", page.list.view.open_current)
        menu.addAction("复制这一笔\tCtrl+D", view.hands.do_copy_row)
        menu.addAction("移出资产…\tDelete", view.row.do_remove_row)
    else:
        menu.addAction(f"给选中的{count}笔填同一项…\tCtrl+M", view.hands.do_set_many)
        menu.addAction(f"移出选中的{count}笔…\tDelete", view.hands.remove_chosen)
    menu.popup(at)
