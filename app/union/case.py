"""Everything a reviewer has to see of one row, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.coding import from_json, to_moment
from app.book.derive import table_of
from app.book.kept import all_kept
from app.book.reading import row_line, to_class, to_row
from app.book.types import KeptWarning, Row
from app.forms.classes import FiveClass
from app.forms.evaluation import Evaluation
from app.forms.schema import Authority
from app.models.tables import big_losses, offices
from app.union.changing import OPINION_STAGES, Opinion, opinions_of
from app.union.determination import deciding_authority
from app.union.incoming import stated_difference
from app.union.layers import layered, loss_of
from app.union.resubmission import FieldChange, asked_before, changes_between

if TYPE_CHECKING:
    from app.book.book import Book

Json = Any


@dataclass(frozen=True, slots=True)
class Case:
    """A row as its office sent it, what came out here, and what was said of it."""

    row: Row
    office: str
    """Code and name of its office."""
    sent_class: FiveClass | None
    """The class that the package says comes out."""
    sent_loss: Decimal | None
    difference: Mapping[str, Json] | None
    """Class or loss that came out otherwise here."""
    layered: Evaluation | None
    """With the union's own values; None where there are none."""
    kept: tuple[KeptWarning, ...]
    changes: tuple[FieldChange, ...]
    """What the office changed with its last package."""
    asked: tuple[Mapping[str, Json], ...]
    """Questions that are over, with what the office did about each; those still put: row.marks."""
    opinions: tuple[Opinion, ...]
    decides: Authority | None
    """Who decides on a row of this class and amount."""
    told: bool
    """Whether the office has been told of the last result."""
    sheet: Mapping[str, Json]
    """What its office wrote on its sheet of table 2; empty where it has none."""

    @property
    def layered_loss(self) -> Decimal | None:
        """The loss with the union's own values."""
        return loss_of(self.layered) if self.layered is not None else None


def case_of(book: Book, row_id: str) -> Case:
    """The case of a row; BookError for one there is not."""
    store = book.store
    with store.read() as connection:
        line = row_line(store, connection, row_id)
        named = select(offices.c.name).where(offices.c.code == line.institution)
        name = connection.execute(named).scalar() or ""
    row = to_row(line)
    sent = from_json(line.sent) or {}
    return Case(
        row=row,
        office=f"{line.institution} {name}",
        sent_class=to_class(sent.get("class")),
        sent_loss=Decimal(sent["expected_loss"]) if sent.get("expected_loss") else None,
        difference=stated_difference(sent, line.suggested, row.expected_loss) if sent else None,
        layered=layered(store, line, row.layers) if row.layers else None,
        kept=tuple(all_kept(store, row.id)),
        changes=_changes(book, line),
        asked=tuple(asked_before(store, row)),
        opinions=(*_from_below(line, sent), *opinions_of(book, row.id)),
        decides=_decides(book, row),
        told=line.decided_in is not None,
        sheet=_sheet(book, row.id),
    )


def _sheet(book: Book, row_id: str) -> Mapping[str, Json]:
    this = (big_losses.c.period_id == book.period.id) & (big_losses.c.row_id == row_id)
    with book.store.read() as connection:
        stored = connection.execute(select(big_losses.c.field_values).where(this)).scalar()
    found: Mapping[str, Json] = from_json(stored) or {}
    return found


def _from_below(line: Any, sent: Mapping[str, Json]) -> list[Opinion]:
    """What the union that sent the row up had said of it."""
    return [
        Opinion(
            0, line.id, line.institution, one["stage"], to_class(one["class"]),
            Decimal(one["loss"]) if one["loss"] else None, one["layer"], (), one["reason"],
            one["text"], one["vote"], "", None, line.package_id,
            f"{one['by']}（{line.institution}）", to_moment(one["at"]),
        )
        for one in (sent.get("union") or {}).get("opinions", ())
        if one["stage"] in OPINION_STAGES
    ]  # fmt: skip


def _changes(book: Book, line: Any) -> tuple[FieldChange, ...]:
    if not line.sent_before:
        return ()
    table = table_of(book.store, line.table_id)
    return tuple(changes_between(table, from_json(line.sent_before), from_json(line.sent)))


def _decides(book: Book, row: Row) -> Authority | None:
    code = row.values.get("determined_class") or row.values.get("review_class")
    class_ = to_class(code) or row.layer_class or row.suggested
    if class_ is None:
        return None
    amount = row.values.get("carrying_amount")
    return deciding_authority(book.ruleset, class_, Decimal(amount) if amount else None)
