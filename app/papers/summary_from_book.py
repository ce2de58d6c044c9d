"""The summary of a book: every stage with opinions, before netting, change, indicators, checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.papers import from_book, wording
from app.papers.from_book import Sealing

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.summary import Summary
    from app.papers.figures import FigureTable
    from app.papers.summary_tables import SummaryPaper, SummaryPart, TableSum


def summary_paper(book: Book, sealing: Sealing) -> SummaryPaper:
    """The summary at each stage that has opinions, before netting, and against last period."""
    from app.book.checks import check_list
    from app.book.migration import earlier_period
    from app.book.summary import consolidated_summary
    from app.papers.summary_tables import SummaryPaper, SummaryPart

    parts = []
    stages = stages_with_opinions(book)
    for stage in stages:
        words = wording.STAGE_WORDS[stage]
        netted = consolidated_summary(book, stage)
        note = netted_note(netted)
        parts.append(SummaryPart(wording.summary_title(words), netted, note=note))
        base = consolidated_summary(book, stage, netted=False)
        note = netted_note(base)
        parts.append(SummaryPart(wording.base_summary_title(words), base, note=note))
    earlier = earlier_period(book)
    if earlier is not None:
        parts.append(_change_part(book, stages[-1], parts[-2].summary, earlier))
    return SummaryPaper(
        from_book.paper_head(book, sealing),
        tuple(parts),
        tuple(_table_sums(book)),
        tuple(check_list(book)),
        book.ruleset.definition.ledger_tolerance,
        tuple(_figures(book, stages[-1], earlier)),
    )


def _change_part(book: Book, stage: str, now: Summary, earlier: int) -> SummaryPart:
    """This period beside the last one, at the union only of the offices that are in both."""
    from app.book.compared import compared_offices
    from app.book.summary import consolidated_summary
    from app.papers.summary_tables import SummaryPart

    both = compared_offices(book.store, earlier)
    before = consolidated_summary(book, "latest", period_id=earlier, offices=both.offices)
    if both.new:
        now = consolidated_summary(book, stage, offices=both.offices)
    title = wording.change_title(wording.STAGE_WORDS[stage])
    return SummaryPart(title, now, before, wording.not_compared(both.missing, both.new))


def netted_note(summary: Summary) -> str:
    """What the differences of a summary leave out; sums of lines say nothing of their own."""
    lines = [
        line for line in summary.lines if not line.sum_of and (line.balance or line.classified)
    ]
    whole = [line.title for line in lines if line.difference is None]
    partly = [
        line.title
        for line in lines
        if line.difference is not None and line.difference != line.balance - line.classified
    ]
    return wording.netted_note(whole, partly)


def stages_with_opinions(book: Book) -> list[str]:
    """The stages to report on: the initial one, later ones only once somebody gave an opinion."""
    from app.book.summary import consolidated_summary

    return [
        stage
        for stage in wording.STAGE_WORDS
        if stage == "initial" or any(consolidated_summary(book, stage).total.classes.values())
    ]


def _figures(book: Book, stage: str, earlier: int | None) -> Iterable[FigureTable]:
    """Indicators and migration of the last stage that has opinions."""
    from app.book.compared import Compared, compared_offices
    from app.book.indicators import indicators, office_indicators, progress_across, total_of
    from app.book.migration import migration
    from app.papers.indicator_tables import indicator_table, migration_tables, office_table

    words = wording.STAGE_WORDS[stage]
    both = Compared() if earlier is None else compared_offices(book.store, earlier)
    left_out = wording.not_compared(both.missing, both.new)
    before = None
    if earlier is not None:
        before = indicators(book, "latest", period_id=earlier, offices=both.offices)
    alike = indicators(book, stage, offices=both.offices) if both.new else None
    yield indicator_table(indicators(book, stage), before, words, left_out, alike)
    parts = office_indicators(book, stage) if book.is_union else ()
    if parts:
        across = progress_across({one.key: one.non_performing_ratio for one in parts})
        yield office_table(parts, across, total_of(parts, parts[0].base))
    moved = migration(book, stage, before=earlier) if earlier is not None else None
    if moved is not None:
        yield from migration_tables(moved, words, left_out)


def _table_sums(book: Book) -> Iterable[TableSum]:
    from app.papers.summary_tables import TableSum

    progress = book.progress()
    for table in book.ruleset.row_tables:
        line = progress.get(table.id)
        if line is not None and line.rows:
            yield TableSum(
                table.id, table.title, line.rows, line.carrying_amount, line.expected_loss
            )
