"""A report before it is drawn: sections of paragraphs, tables and charts; figures lead to rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from app.papers.model import PaperColumn, PaperHead


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement; every figure in it is of these rows."""

    text: str
    rows: tuple[str, ...] = ()
    """Ids of the rows the figures stand on; empty where a whole table or period is meant."""
    scope: str = ""
    """What the figures are of, where that is no list: a table's number, or ``*`` for all rows."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together; a bullet stands with a mark in front."""

    sentences: tuple[Sentence, ...]
    bullet: bool = False

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of words, each line with the rows it is of."""

    columns: tuple[PaperColumn, ...]
    lines: tuple[tuple[str, ...], ...]
    caption: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    """Ids of the rows of each line, where they are known."""
    with_total: bool = False
    """Whether the last line is a sum."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it is called, how long it is, what stands at its end."""

    label: str
    value: Decimal
    shown: str
    colour: str = ""
    """A class's code, or empty for the plain colour."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beneath one another."""

    title: str
    bars: tuple[Bar, ...]


Block = Paragraph | ReportTable | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    title: str
    blocks: tuple[Block, ...] = ()
    level: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; what could not be said for want of data is listed at its end."""

    head: PaperHead
    sections: tuple[Section, ...]
    missing: tuple[str, ...] = field(default=())

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph, in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield block

    @property
    def text(self) -> str:
        """All words of headings and paragraphs, a line each."""
        lines = []
        for section in self.sections:
            lines.append(section.title)
            lines += [block.text for block in section.blocks if isinstance(block, Paragraph)]
        return "\n".join(lines)
