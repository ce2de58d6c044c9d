"""Pieces of rich text as they are set."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from app.ui import html


@pytest.mark.parametrize("width", range(150, 230, 20))
def test_words_on_a_tint_stay_together_at_the_end_of_a_line(qapp: QApplication, width: int) -> None:
    document = QTextDocument()
    document.setDefaultFont(qapp.font())
    document.setHtml(
        html.bullet(f"逾期三十一天（到期日） {html.tinted('至少可疑', '#fff', '#000')}")
    )
    document.setTextWidth(width)
    document.size()  # sets the lines
    block = document.firstBlock()
    layout, words = block.layout(), block.text()
    lines = [layout.lineAt(n) for n in range(layout.lineCount())]
    set_ = [words[line.textStart() : line.textStart() + line.textLength()] for line in lines]
    chip = "\N{WORD JOINER}".join("至少可疑")
    assert sum(chip in line for line in set_) == 1
