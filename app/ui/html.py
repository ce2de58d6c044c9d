"""Small pieces of rich text for the panes that explain: escaped, with links to fields."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from app.ui.look import Look


def text(words: str) -> str:
    """Plain words, line breaks kept."""
    return escape(words).replace("\n", "<br/>")


def heading(words: str) -> str:
    """A heading of a part."""
    return f'<p style="margin:10px 0 2px 0;"><b>{text(words)}</b></p>'


def paragraph(words: str) -> str:
    """A paragraph of plain words."""
    return f'<p style="margin:2px 0 6px 0;">{text(words)}</p>'


def soft(words: str, look: Look) -> str:
    """A paragraph of secondary words."""
    return f'<p style="margin:2px 0 6px 0; color:{look.theme.soft};">{text(words)}</p>'


def link(target: str, words: str) -> str:
    """A link that the pane's owner follows."""
    return f'<a href="{escape(target, quote=True)}">{text(words)}</a>'


def field_links(keys: Iterable[str], labels: dict[str, str]) -> str:
    """Links to fields by their labels."""
    return "　".join(link(f"field:{key}", labels[key]) for key in keys if key in labels)


def bullet(rich: str) -> str:
    """An entry of a list; the words are rich text already."""
    return f'<p style="margin:2px 0 4px 12px; text-indent:-12px;">· {rich}</p>'


def tinted(words: str, back: str, ink: str) -> str:
    """Words on a tint, which no end of a line tears apart."""
    whole = text("\N{WORD JOINER}".join(words))
    return f'<span style="background-color:{back}; color:{ink};">&nbsp;{whole}&nbsp;</span>'
