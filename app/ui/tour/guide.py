"""Leads through the steps in the real window: shows, follows, goes on when it was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.ui import remembered
from app.ui.desk_view import DeskView
from app.ui.tour.card import AROUND, GAP, Card, Mark, beside
from app.ui.tour.scenes import (
    Scene,
    give_keyboard,
    has_strayed,
    is_done,
    prepare,
    settle,
    target_rect,
    unvisited,
)
from app.ui.tour.steps import STEPS

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

FOLLOW_MS = 80
"""How often the card looks where its control is and whether it was done."""
STAYS = "演示账套还开着，可以接着试。"
OWN = "做自己的，用“文件—新建账套…”。"
ON_SERVER = "数据库里的账套已经关上，用“文件—连接联社数据库…”再打开。"
BACK = "演示看完了，已回到原来的账套。"


class Guide(QObject):
    """One tour, on the demonstration's book alone; it ends with the book at the latest."""

    def __init__(self, window: MainWindow, before: Path | None = None, *, own: str = OWN) -> None:
        """`before`: the book that was open and comes back at the end; `own`: else, how to go on."""
        super().__init__(window)
        self.window = window
        self.desk = window.desk
        self.before = before
        self.own = own
        self.place = 0
        self.scene: Scene | None = None
        self._done = self._away = False
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self.follow)
        self._make_card()

    def _make_card(self) -> None:
        look = self.window.look
        self.mark = Mark(look, self.window)
        self.card = Card(look, self.window)
        self.card.next_asked.connect(self.go_on)
        self.card.back_asked.connect(lambda: self.show_step(self.place - 1))
        self.card.leave_asked.connect(self.leave)

    def begin(self) -> None:
        """Shows the first step and follows the hands from now on; it counts as seen."""
        remembered.set_tour_seen(self.window.settings)
        self.desk.book_closed.connect(self._put_away)
        self.window.look.changed.connect(self._look_changed)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._timer.start()
        self.show_step(0)

    # ── steps

    @property
    def view(self) -> DeskView | None:
        """The desk as it is now; a new look makes it anew."""
        found = self.window.desk_view
        return found if isinstance(found, DeskView) and self.desk.has_book else None

    def show_step(self, place: int) -> None:
        """Makes the step's page ready and stands beside its control."""
        view = self.view
        if view is None:
            return
        self.place = place
        self._done = False
        step = STEPS[place]
        scene = Scene(self.window, view, step, self._row_id())
        with unvisited(scene):
            prepare(scene)
            self.scene = Scene(self.window, view, step, scene.row_id, scene.value())
            self.card.show_step(step, place, len(STEPS))
            self.card.show()
            self._aim_keyboard()
        self.follow()
        QTimer.singleShot(0, self, lambda: settle(scene))

    def _row_id(self) -> str:
        from app.demo.practice import ROW, TABLE

        found = self.desk.book.row_list(TABLE, search=ROW["name"], limit=1)
        return found[0].id if found else ""

    def _aim_keyboard(self) -> None:
        if self.scene is not None and self.scene.step.here:
            give_keyboard(self.scene)
        else:
            self.card.next_button.setFocus()

    def go_on(self) -> None:
        """The next step; after the last one the tour is over."""
        if self.place + 1 < len(STEPS):
            self.show_step(self.place + 1)
        else:
            self.leave()

    def follow(self) -> None:
        """Stays beside the control wherever it moves, and goes on when it was done."""
        scene = self.scene
        if scene is None or self.view is not scene.view:
            return
        away, self._away = self._away, QApplication.activeModalWidget() is not None
        if away and not self._away and self._done:
            self.card.next_button.setFocus()  # also back from a second look: Enter leads on
        target = target_rect(scene)
        self._stand_beside(target, scene.step.side)
        if not self._done and is_done(scene):
            self._done = True
            if scene.step.stay:
                with unvisited(scene):
                    self.card.show_done(last=self.place + 1 == len(STEPS))
            else:
                self.go_on()
        elif not self._done and has_strayed(scene):
            # What the card says to press would go into the wrong field.
            with unvisited(scene):
                give_keyboard(scene)
            self.card.insist(scene.step)

    def _stand_beside(self, target: QRect, side: str) -> None:
        px = self.window.look.px
        self.mark.setVisible(not target.isEmpty())
        if not target.isEmpty():
            around = px(AROUND)
            target = target.adjusted(-around, -around, around, around) & self.window.rect()
            self.mark.setGeometry(target)
            self.mark.raise_()
        gap = px(GAP)
        room = self.window.rect().adjusted(gap, gap, -gap, -gap)
        size = self.card.wanted_size(room.size())
        self.card.setGeometry(beside(target, size, room, gap, side))
        self.card.raise_()

    def _look_changed(self) -> None:
        """The window makes itself anew, and so does the card, right after it."""
        QTimer.singleShot(0, self, self._show_again)

    def _show_again(self) -> None:
        self._drop_card()
        self._make_card()
        self.show_step(self.place)

    # ── the end

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        """Esc leaves the tour wherever the keyboard is in the window."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape or not self._is_mine():
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.leave()
        return True

    def _is_mine(self) -> bool:
        free = QApplication.activePopupWidget() is None and QApplication.activeModalWidget() is None
        return free and self.window.isActiveWindow() and self.card.isVisible()

    def leave(self) -> None:
        """Ends the tour: back to the own book, or free to go on trying."""
        before = self.before
        self._put_away()
        if before is not None:
            self.window.open_book(before)
            if self.desk.has_book:
                # Else it was told why not.
                self.window.messages.tell(BACK, kind="good")
            return
        self.window.messages.tell(STAYS, self.own, kind="good")
        if self.view is not None:
            self.view.navigation.setFocus()

    def _put_away(self) -> None:
        """Nothing of the tour stays."""
        self._timer.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.desk.book_closed.disconnect(self._put_away)
        self.window.look.changed.disconnect(self._look_changed)
        self.scene = None
        self._drop_card()
        self.window.guide = None
        self.deleteLater()

    def _drop_card(self) -> None:
        for widget in (self.mark, self.card):
            widget.hide()
            widget.deleteLater()
