"""Drafting the analysis report (风险分类分析报告) from a book; numbers come from nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.papers import from_book, wording
from app.papers.from_book import Sealing
from app.papers.report_facts import ReportFacts, report_facts
from app.papers.report_issues import (
    booked_section,
    problems_section,
    suggestions_section,
    work_section,
)
from app.papers.report_model import Report, Section, Sentence
from app.papers.report_sections import (
    Drafting,
    basic_section,
    comparison_section,
    results_section,
)
from app.papers.report_words import bullets, numeral, paragraph
from app.papers.summary_from_book import stages_with_opinions

if TYPE_CHECKING:
    from app.book.book import Book


def analysis_report(
    book: Book,
    sealing: Sealing,
    *,
    facts: ReportFacts | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report on the period as it stands; what lacks data is left out and listed at the end."""
    stage = stages_with_opinions(book)[-1]
    draft = _drafting(book, stage, facts or report_facts(book, stage, progress))
    basic, work = basic_section(draft), work_section(draft)
    results = list(results_section(draft))
    sections: list[Section | None] = [
        basic,
        work,
        *results,
        comparison_section(draft),
        problems_section(draft),
        booked_section(draft),
        suggestions_section(draft),
    ]
    missing = tuple(dict.fromkeys(draft.missing))
    sections.append(missing_section(missing))
    head = replace(from_book.paper_head(book, sealing), title=wording.REPORT_TITLE)
    return Report(head, numbered(sections), missing)


def _drafting(book: Book, stage: str, facts: ReportFacts) -> Drafting:
    from app.book.compared import Compared, compared_offices
    from app.book.indicators import indicators
    from app.book.migration import earlier_period, migration
    from app.book.summary import consolidated_summary

    earlier = earlier_period(book)
    both = Compared() if earlier is None else compared_offices(book.store, earlier)
    sheet = indicators(book, stage)
    days = {period.id: period.base_date for period in book.periods()}
    return Drafting(
        book=book,
        facts=facts,
        netted=consolidated_summary(book, stage),
        base=consolidated_summary(book, stage, netted=False),
        sheet=sheet,
        compared=indicators(book, stage, offices=both.offices) if both.new else sheet,
        before=None
        if earlier is None
        else indicators(book, "latest", period_id=earlier, offices=both.offices),
        left_out=wording.not_compared(both.missing, both.new),
        before_date="" if earlier is None else wording.date_words(days[earlier]),
        moved=None if earlier is None else migration(book, stage, before=earlier),
    )


def missing_section(missing: tuple[str, ...]) -> Section:
    """What the book does not hold yet, for somebody to add."""
    if not missing:
        return Section(wording.REPORT_MISSING, tuple(paragraph(Sentence("没有。"))))
    return Section(wording.REPORT_MISSING, tuple(bullets(Sentence(text) for text in missing)))


def numbered(sections: Iterable[Section | None]) -> tuple[Section, ...]:
    """The sections that there are, those of the first level numbered 一、二、三."""
    found, number = [], 0
    for section in sections:
        if section is None:
            continue
        if section.level == 1:
            number += 1
            section = replace(section, title=f"{numeral(number)}、{section.title}")
        found.append(section)
    return tuple(found)
