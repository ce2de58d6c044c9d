"""A pane of rich text that says which link was clicked."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser

from app.ui.look import Look

UNDER_LIST = 3
"""The margin of text below a list, which starts where the words of the list do."""


class RichPane(QTextBrowser):
    """Read-only rich text; links go to whoever listens."""

    followed = Signal(str, str)
    """Kind and target of a link: field, due_on."""

    def __init__(self, look: Look, name: str, *, margin: int = 10) -> None:
        """`margin`: around the text, at 100%."""
        super().__init__()
        self.look = look
        self.setOpenLinks(False)
        self.setAccessibleName(name)
        self.document().setDocumentMargin(look.px(margin))
        self.anchorClicked.connect(self._follow)
        self._html = ""

    def show_html(self, html: str) -> None:
        """Shows the text; nothing happens when it is shown already."""
        if html != self._html:
            self._html = html
            self.setHtml(html)

    def _follow(self, url: QUrl) -> None:
        kind, _, target = url.toString().partition(":")
        self.followed.emit(kind, target)
