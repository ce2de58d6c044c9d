"""Breaking texts into lines by measured widths: Chinese anywhere, words and numbers kept whole."""

from __future__ import annotations

import re

from app.papers.fonts import text_width

# What may not begin a line stays with the character before it, what may not end one with the next.
_CLOSING = "，。、；：？！）》」』】〕〉〗”’…—％‰℃°·,.;:?!)]}%"
_OPENING = "（《「『【〔〈〖“‘￥¥([{"
_WORD = r"[!-~\u00a1-\u024f]+"
_CLUSTER = re.compile(rf"[{re.escape(_OPENING)}]*(?:{_WORD}|[^\s])[{re.escape(_CLOSING)}]*|\s+")
_SOFT_BREAK = re.compile(r"[^-/,.、_]*[-/,.、_]?")


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines of a prepared text; at least one, none wider than the width if any way exists."""
    if "\n" not in text and text_width(text, size) <= width:
        return [text.rstrip()]
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, width, size)
    return lines


def _wrap_paragraph(text: str, width: float, size: float) -> list[str]:
    if text_width(text, size) <= width:
        return [text.rstrip()]
    lines: list[str] = []
    line, used = "", 0.0
    for cluster in _clusters(text, width, size):
        step = text_width(cluster, size)
        if line and used + step > width:
            if cluster.isspace():
                continue  # a blank at the edge disappears in the break
            lines.append(line.rstrip())
            line, used = "", 0.0
        if cluster.isspace() and not line and lines:
            continue
        line += cluster
        used += step
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _clusters(text: str, width: float, size: float) -> list[str]:
    clusters: list[str] = []
    for cluster in _CLUSTER.findall(text):
        if text_width(cluster, size) <= width:
            clusters.append(cluster)
        else:
            clusters += _break_cluster(cluster, width, size)
    return clusters


def _break_cluster(cluster: str, width: float, size: float) -> list[str]:
    """Cuts what is wider than a line: after a hyphen or comma if that is enough, else anywhere."""
    pieces: list[str] = []
    for piece in _SOFT_BREAK.findall(cluster):
        if not piece:
            continue
        if text_width(piece, size) <= width:
            pieces.append(piece)
        else:
            pieces += list(piece)
    return pieces


def longest_cluster(text: str, size: float) -> float:
    """Width of the widest piece of a text that should not be broken."""
    return max((text_width(part, size) for part in _CLUSTER.findall(text)), default=0.0)


def wrap_evenly(text: str, width: float, size: float) -> list[str]:
    """Lines of about the same length, as titles look best: 核算/科目 and not 核算科/目."""
    lines = wrap(text, width, size)
    if len(lines) == 1 or "\n" in text:
        return lines
    narrow = width
    while True:
        narrow -= size / 2
        closer = wrap(text, narrow, size) if narrow > size else []
        if len(closer) != len(lines):
            return lines
        lines = closer
