"""Which of the papers asked for a file is, said with one click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.buttons import push_button
from app.ui.flow_layout import FlowLayout
from app.ui.look import Look
from app.ui.sign_line import soft_label

OTHER = "其他"


class PaperNames(QWidget):
    """One button for each paper that the rules ask for; the present one is pressed."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._papers: list[str] = []
        self._present: str | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(3))
        layout.addWidget(soft_label("选中的这份是："))
        self._room = QWidget()
        self._room.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._flow = FlowLayout(self._room, look.px(4))
        layout.addWidget(self._room)
        self.hide()

    def show_papers(self, papers: Sequence[str]) -> None:
        """The papers to choose from."""
        if list(papers) == self._papers:
            return
        self._papers = list(papers)
        self._build()

    def show_file(self, paper: str | None) -> None:
        """What the chosen file is called now; None: no file to be named."""
        if paper != self._present:
            self._present = paper
            self._build()
        self.setVisible(paper is not None and bool(self._papers))

    def buttons(self) -> list[QPushButton]:
        """The buttons, in order."""
        return [w for w in self._room.findChildren(QPushButton) if not w.isHidden()]

    def _build(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        papers = list(self._papers)
        if self._present and self._present not in papers:
            papers.append(self._present)
        for words, paper in [*((paper, paper) for paper in papers), (OTHER, "")]:
            button = push_button(words, f"这份文件是“{words}”")
            button.setFont(self.look.font("small"))
            button.setCheckable(True)
            button.setChecked(paper == self._present)
            button.clicked.connect(partial(self._choose, paper))
            self._flow.addWidget(button)

    def _choose(self, paper: str, _checked: bool = False) -> None:
        self.chosen.emit(paper)
