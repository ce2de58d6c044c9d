"""Papers of a book's period: rows are read and evaluated one by one as the writers ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.book.types import Attachment, KeptWarning, Row
from app.forms.capitals import amount_in_capitals
from app.forms.classes import FiveClass
from app.forms.evaluation import Evaluation
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.forms.values import Typed, amount_text, parse_value, percent_text, shown_text
from app.papers import wording
from app.papers.cells import (
    class_text,
    field_text,
    paper_agreements,
    paper_columns,
    paper_opinions,
    paper_row,
    paper_sections,
    result_text,
)
from app.papers.model import (
    BigLossPaper,
    BigLossSheet,
    PaperEvidence,
    PaperHead,
    PaperItem,
    PaperReason,
    PaperRow,
    TablePaper,
    WorkingPaper,
    WorkingPapers,
)

if TYPE_CHECKING:
    from app.book.big_losses import BigLossSheet as StoredSheet
    from app.book.book import Book

BIG_LOSSES = "2"
_NARRATIVE_ORDER = ("wp_formation", "wp_state", "wp_basis", "wp_measures")


@dataclass(frozen=True, slots=True)
class Sealing:
    """What papers carry of the seal: its code and the moment; both empty for a draft."""

    code: str = ""
    at: datetime | None = None
    people: Mapping[str, Sequence[str]] | None = None
    """Names by role as they were sealed; None: as the book has them now."""
    kept: Sequence[KeptWarning] | None = None
    """The kept warnings to print; None: those that hold now."""


def local_time(moment: datetime) -> datetime:
    """The moment as clocks here show it, without a zone."""
    return moment if moment.tzinfo is None else moment.astimezone().replace(tzinfo=None)


def paper_head(book: Book, sealing: Sealing, table: Table | None = None) -> PaperHead:
    """The head of a paper; with a table, of one that belongs to it."""
    from app.book.seal_record import printed_people

    people = printed_people(book) if sealing.people is None else sealing.people

    def names(role: str) -> str:
        return "、".join(people.get(role, ()))

    return PaperHead(
        office=book.institution.name,
        institution_code=book.institution.code,
        base_date=book.period.base_date,
        table_id=table.id if table else "",
        title=table.title if table else wording.SUMMARY_TITLE,
        ruleset_title=book.ruleset.title,
        seal_code=sealing.code,
        unsealed=_unsealed(book),
        filler=names("preparer"),
        checker=names("accountant"),
        head=names("head"),
        printed_at=sealing.at,
    )


def _unsealed(book: Book) -> str:
    """What stands on a paper that carries no seal code."""
    if book.is_union:
        return wording.CONSOLIDATED
    return wording.FINAL if book.period.state == "closed" else wording.DRAFT


def table_paper(book: Book, table_id: str, sealing: Sealing) -> TablePaper:
    """A determination table."""
    table = book.ruleset.table(table_id)
    progress = book.progress().get(table_id)
    return TablePaper(
        head=paper_head(book, sealing, table),
        columns=paper_columns(table),
        rows=_rows(book, table_id),
        count=progress.rows if progress else 0,
        short_title=table.short_title,
    )


def _rows(book: Book, table_id: str) -> Iterator[PaperRow]:
    for row in book.rows(table_id):
        yield paper_row(book.evaluate(row), {"seq": row.seq, "id": row.id})


def working_papers(book: Book, table_id: str, sealing: Sealing) -> WorkingPapers:
    """The working papers of a table."""
    table = book.ruleset.table(table_id)
    progress = book.progress().get(table_id)
    return WorkingPapers(
        head=paper_head(book, sealing, table),
        papers=_working_papers(book, table_id, sealing),
        count=progress.rows if progress else 0,
        carrying_amount=progress.carrying_amount if progress else Decimal("0.00"),
    )


def _working_papers(book: Book, table_id: str, sealing: Sealing) -> Iterator[WorkingPaper]:
    from app.book.evidence import with_evidence
    from app.book.seal_record import standing_kept

    kept: dict[str, list[KeptWarning]] = {}
    for warning in standing_kept(book) if sealing.kept is None else sealing.kept:
        kept.setdefault(warning.row_id, []).append(warning)
    for row, files in with_evidence(book.store, book.rows(table_id)):
        yield _working_paper(book, row, kept.get(row.id, []), files)


def _working_paper(
    book: Book, row: Row, kept: list[KeptWarning], files: list[Attachment]
) -> WorkingPaper:
    evaluation = book.evaluate(row)
    amount = evaluation.typed.get("carrying_amount")
    rate = evaluation.loss_rate
    loss = evaluation.expected_loss
    carrying = amount if isinstance(amount, Decimal) else Decimal("0.00")
    return WorkingPaper(
        asset_id=row.id,
        seq=row.seq,
        item=field_text(evaluation, "subject"),
        name=field_text(evaluation, "name"),
        amount=carrying,
        amount_label=evaluation.table.fields["carrying_amount"].label,
        capitals=amount_in_capitals(carrying),
        formed_on=field_text(evaluation, "formed_on"),
        result=result_text(evaluation),
        loss="" if loss is None else amount_text(loss),
        loss_rate="" if rate is None else percent_text(rate),
        narrative=_narrative(evaluation),
        sections=paper_sections(evaluation),
        reasons=_reasons(evaluation),
        evidence=_evidence(evaluation, files),
        agreements=paper_agreements(evaluation),
        opinions=paper_opinions(evaluation),
        kept=_kept_words(evaluation, kept),
        prepared_by=row.prepared_by,
        confirmed_by=row.confirmed_by,
        confirmed_on=local_time(row.confirmed_at).date() if row.confirmed_at else None,
    )


def _narrative(evaluation: Evaluation) -> tuple[PaperItem, ...]:
    from app.book.working_paper import paper_texts

    texts = paper_texts(evaluation)
    order = {key: place for place, key in enumerate(_NARRATIVE_ORDER)}
    keys = sorted(texts, key=lambda key: order.get(key, len(order)))
    fields = evaluation.table.fields
    return tuple(
        PaperItem(fields[key].label, texts[key].text, wide=True)
        for key in keys
        if texts[key].text or not fields[key].optional
    )


def _reasons(evaluation: Evaluation) -> tuple[PaperReason, ...]:
    return tuple(
        PaperReason(reason.text, reason.floor.label if reason.floor else "", reason.printed_basis)
        for reason in evaluation.reasons
    )


def _evidence(evaluation: Evaluation, files: list[Attachment]) -> tuple[PaperEvidence, ...]:
    """The papers asked for with their files, then what was attached besides."""
    by_paper: dict[str, list[str]] = {}
    for file in files:
        by_paper.setdefault(file.paper, []).append(file.name)
    items = [
        PaperEvidence(need.paper, need.present, tuple(by_paper.pop(need.paper, ())))
        for need in evaluation.evidence
    ]
    items += [
        PaperEvidence(paper or wording.OTHER_EVIDENCE, True, tuple(names))
        for paper, names in by_paper.items()
    ]
    return tuple(items)


def _kept_words(evaluation: Evaluation, kept: list[KeptWarning]) -> tuple[str, ...]:
    messages = {(p.field, p.code): p.message for p in evaluation.problems}
    labels = {key: field.label for key, field in evaluation.table.fields.items()}
    words = []
    for warning in kept:
        found = messages.get((warning.field, warning.code))
        message = found or f"{labels.get(warning.field, '')}（{warning.code}）"
        reason = "，".join(filter(None, (warning.reason, warning.note)))
        words.append(wording.kept_warning(message, reason, warning.by))
    return tuple(words)


# Table 2


def big_loss_paper(book: Book, sealing: Sealing) -> BigLossPaper:
    """The sheets of table 2."""
    table = book.ruleset.table(BIG_LOSSES)
    stored = book.big_losses()
    sheets = (big_loss_sheet(book, table, sheet) for sheet in stored)
    return BigLossPaper(paper_head(book, sealing, table), sheets, len(stored))


def big_loss_sheet(book: Book, table: Table, sheet: StoredSheet) -> BigLossSheet:
    """One sheet of table 2 as it prints, with the opinions that its own fields hold."""
    texts = {key: _stored_text(book, field, sheet) for key, field in table.fields.items()}
    facts: list[PaperItem] = []
    accounts: list[PaperItem] = []
    opinions: list[PaperItem] = []
    for key, field in table.fields.items():
        if key == "evidence":
            continue
        item = PaperItem(field.label, texts[key])
        if field.part in ("opinion", "union"):
            opinions.append(item)
        else:
            (accounts if field.type == "long" else facts).append(item)
    return BigLossSheet(
        asset_id=sheet.row.id,
        name=texts.get("name", ""),
        origin=wording.row_of_table(sheet.row.table_id, sheet.row.seq),
        facts=tuple(facts),
        accounts=tuple(accounts),
        evidence=tuple(
            PaperEvidence(line, True) for line in texts.get("evidence", "").split("\n") if line
        ),
        opinions=tuple(opinions),
        missing=_missing_labels(table, sheet),
    )


def _missing_labels(table: Table, sheet: StoredSheet) -> tuple[str, ...]:
    keys = [problem.field for problem in sheet.problems if problem.severity == "error"]
    return tuple(dict.fromkeys(table.fields[key].label for key in keys if key in table.fields))


def _stored_text(book: Book, field: FieldDef, sheet: StoredSheet) -> str:
    """A value of a sheet as it is printed; the row's table knows the choices of copied fields."""
    raw = sheet.values.get(field.key)
    if raw is None or raw == "":
        return ""
    if field.key == "item":
        return str(raw)
    if field.type == "code":
        subject = book.chart().get(str(raw))
        return f"{raw} {subject.name}" if subject else str(raw)
    typed: Typed = parse_value(field, raw)
    if isinstance(typed, FiveClass):
        return class_text(typed)
    text = shown_text(field, typed)
    return f"{text} 元" if field.type == "money" else text


def filled_tables(book: Book) -> list[str]:
    """The determination tables that hold rows, in the rule set's order."""
    progress = book.progress()
    return [t.id for t in book.ruleset.row_tables if t.id in progress and progress[t.id].rows]
