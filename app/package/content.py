"""What a package says of a period, as canonical lines; the seal code is taken of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from app.book.evidence import AT_A_TIME, box_line, with_evidence
from app.book.finding_ids import base32, grouped
from app.book.history import changes_of
from app.forms.classes import FiveClass
from app.forms.evaluation import Evaluation

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Attachment, Change, Finding, KeptWarning, Row
    from app.package.manifest import Manifest

SEAL_CODE_LENGTH = 12
UNSEALED_KEYS = ("stage", "history")
"""What may go on changing without a paper becoming another one."""
_CANONICAL = msgspec.json.Encoder(order="sorted")
_WHOLE_ROW = ("values", "provenance")
"""Parts of a history entry that hold a row's values by field."""


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no blanks: the same data always gives the same bytes."""
    return _CANONICAL.encode(data)


@dataclass
class Totals:
    """Counts and sums of a period's rows, kept while the rows stream by."""

    rows: int = 0
    carrying_amount: Decimal = Decimal("0.00")
    expected_loss: Decimal = Decimal("0.00")
    classes: dict[str, int] = field(default_factory=lambda: {c.value: 0 for c in FiveClass})
    tables: dict[str, int] = field(default_factory=dict)
    attachments: int = 0

    def add(self, line: dict[str, Any]) -> None:
        """Counts one line of rows.jsonl."""
        self.rows += 1
        self.carrying_amount += Decimal(line["values"].get("carrying_amount") or 0)
        self.expected_loss += Decimal(line["expected_loss"] or 0)
        self.tables[line["table"]] = self.tables.get(line["table"], 0) + 1
        if line["class"]:
            self.classes[line["class"]] += 1
        self.attachments += len(line["attachments"])

    def plain(self) -> dict[str, Any]:
        """As the manifest holds them."""
        return {
            "rows": self.rows,
            "carrying_amount": f"{self.carrying_amount:.2f}",
            "expected_loss": f"{self.expected_loss:.2f}",
            "classes": self.classes,
            "tables": self.tables,
            "attachments": self.attachments,
        }


def sent_totals(manifest: Manifest) -> Totals:
    """The totals as a manifest holds them, to be counted with."""
    given = manifest.totals
    return Totals(
        given.rows, Decimal(given.carrying_amount), Decimal(given.expected_loss),
        {str(code): count for code, count in given.classes.items()}, dict(given.tables),
        given.attachments,
    )  # fmt: skip


class SealHash:
    """The running hash over what is sealed: head, balances and every row's sealed part."""

    def __init__(self, head: dict[str, Any], balances: list[dict[str, Any]]) -> None:
        self._hash = sha256(canonical({"head": head, "balances": balances}))

    def add(self, line: dict[str, Any]) -> None:
        """Takes one line of rows.jsonl in."""
        sealed = {key: value for key, value in line.items() if key not in UNSEALED_KEYS}
        self._hash.update(b"\n" + canonical(sealed))

    @property
    def code(self) -> str:
        """The short seal code, as it stands on every paper."""
        return grouped(base32(self._hash.digest(), SEAL_CODE_LENGTH))


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed besides rows and balances; frozen when the period is sealed."""

    head: dict[str, Any]
    """Whose period it is, by which rule set, and what stands on every paper."""
    kept: list[KeptWarning]
    """The kept warnings that hold; those of rows travel with the rows."""
    lines: Callable[[], Iterable[dict[str, Any]]] | None = None
    """The rows as lines, where they are others' and only passed on; None: the book's own rows."""


def sealed_of(book: Book, findings: list[Finding] | None = None) -> Sealed:
    """What is sealed of the period besides its rows; `findings` are those of `check_book`."""
    from app.book.seal_record import seal_record, standing_kept

    record = seal_record(book)
    if record is not None:
        return Sealed(record.head, standing_kept(book))
    if findings is None:
        from app.book.checks import check_book

        findings = check_book(book)
    return Sealed(_head(book, findings), standing_kept(book, findings))


def head_of(book: Book) -> dict[str, Any]:
    """What the seal code begins with."""
    return sealed_of(book).head


def _head(book: Book, findings: list[Finding]) -> dict[str, Any]:
    from app.book.seal_picture import seal_picture_digest
    from app.book.seal_record import printed_people

    period = book.period
    own = [{"code": s.code, "name": s.name, "table": s.table} for s in book.own_subjects()]
    whole = [found for found in findings if found.kept is not None and not found.row_id]
    return {
        "institution": {"code": book.institution.code, "name": book.institution.name},
        "base_date": period.base_date.isoformat(),
        "ruleset": {"id": period.ruleset_id, "hash": period.ruleset_hash},
        "people": printed_people(book),
        "seal_picture": seal_picture_digest(book),
        "kept": [_kept_of_period(found) for found in sorted(whole, key=lambda one: one.id)],
    } | ({"subjects": own} if own else {})


def _kept_of_period(found: Finding) -> dict[str, str]:
    assert found.kept is not None
    return {
        "id": found.id,
        "code": found.code,
        "message": found.message,
        "reason": found.kept.reason,
        "note": found.kept.note,
        "by": found.kept.by,
    }


def balances_of(book: Book) -> list[dict[str, Any]]:
    """The GL balances and provisions, by subject."""
    return [
        {
            "subject": balance.subject,
            "name": balance.name,
            "debit": f"{balance.debit:.2f}",
            "credit": f"{balance.credit:.2f}",
            "provisions": f"{balance.provisions:.2f}",
        }
        for balance in sorted(book.balances(), key=lambda b: b.subject)
    ]


def row_lines(book: Book, sealed: Sealed | None = None) -> Iterator[dict[str, Any]]:
    """Every row of the period as a plain line, streamed, table by table in order."""
    if sealed is not None and sealed.lines is not None:
        yield from sealed.lines()
        return
    gathered = _Gathered(book, sealed or sealed_of(book))
    left = with_evidence(book.store, book.rows())
    while part := list(islice(left, AT_A_TIME)):
        histories = changes_of(book.store, [row.id for row, _ in part])
        for row, files in part:
            yield _line(book, row, files, gathered, histories.get(row.id, ()))


class _Gathered:
    """What hangs on rows, fetched once for the whole period."""

    def __init__(self, book: Book, sealed: Sealed) -> None:
        self.kept = _by_row(sealed.kept)
        self.sheets = {sheet.row_id: sheet for sheet in book.big_losses()}


def _by_row(items: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in items:
        found.setdefault(item.row_id, []).append(item)
    return found


def _line(
    book: Book,
    row: Row,
    files: list[Attachment],
    gathered: _Gathered,
    history: Sequence[Change],
) -> dict[str, Any]:
    evaluation = book.evaluate(row)
    # Values kept aside for questions no longer asked stay in the office.
    values = {k: v for k, v in row.values.items() if k in evaluation.asked}
    kept = gathered.kept.get(row.id, [])
    sheet = gathered.sheets.get(row.id)
    answers = [
        {"field": m["field"], "note": m["note"], "answer": m["answer"], "by": m["answered_by"]}
        for m in row.marks
        if m.get("answer")
    ]
    line = {
        "id": row.id,
        "table": row.table_id,
        "seq": row.seq,
        "values": values,
        "class": evaluation.suggested.value if evaluation.suggested else None,
        "expected_loss": _money(evaluation.expected_loss),
        "last_class": row.last_class.value if row.last_class else None,
        "printed": row.printed,
        "stage": row.stage,
        "prepared_by": row.prepared_by,
        "confirmed_by": row.confirmed_by,
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "kept": [
            {"code": k.code, "field": k.field, "reason": k.reason, "note": k.note, "by": k.by}
            for k in kept
        ],
        "attachments": [_attachment(one) for one in files],
        "big_loss": dict(sheet.values) if sheet else None,
        "history": [
            {
                "at": change.at.isoformat(),
                "by": change.by,
                "field": change.field,
                "old": _asked_only(change.old, evaluation),
                "new": _asked_only(change.new, evaluation),
                "why": change.why,
                "kind": change.kind,
            }
            for change in history
            if change.field in evaluation.asked or change.field not in evaluation.table.fields
        ],
    }
    return line | {"answers": answers} if answers else line


def _attachment(one: Attachment) -> dict[str, Any]:
    line = {"sha256": one.sha256, "name": one.name, "paper": one.paper, "size": one.size}
    return line | {"boxes": [box_line(box) for box in one.boxes]} if one.boxes else line


def _asked_only(side: Any, evaluation: Evaluation) -> Any:
    """A side of a change; where it holds a whole row, without the values no longer asked."""
    if not isinstance(side, dict):
        return side
    asked, fields = evaluation.asked, evaluation.table.fields

    def sent(values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {key: value for key, value in values.items() if key in asked or key not in fields}

    return {key: sent(v) if key in _WHOLE_ROW else v for key, v in side.items()}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def seal_code(book: Book, sealed: Sealed | None = None) -> str:
    """The seal code of the period as it stands now."""
    sealed = sealed or sealed_of(book)
    seal = SealHash(sealed.head, balances_of(book))
    for line in row_lines(book, sealed):
        seal.add(line)
    return seal.code
