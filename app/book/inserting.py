"""Putting rows into a period: new ones, carried ones, removed ones that come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from app.book import big_losses
from app.book.coding import from_json, maybe_yuan, to_json
from app.book.derive import derived_columns, table_of
from app.book.errors import BookError
from app.book.history import Changing
from app.book.reading import to_class
from app.book.types import Json, Row, Values
from app.forms.classes import BY_CODE
from app.models.tables import rows

if TYPE_CHECKING:
    from app.book.store import Store

BULK = 2000
"""Rows evaluated and written at a time: memory stays flat however many there are."""


class Content(Struct, frozen=True):
    """Everything that makes a row; what the history keeps of one that comes or goes."""

    id: str
    table_id: str
    seq: int
    values: Values
    printed: dict[str, Json]
    provenance: dict[str, str]
    last_class: str | None = None
    import_id: int | None = None
    renamed: dict[str, Json] = field(default_factory=dict)
    """What values were called in the last period, where the new rule set calls them otherwise."""

    @staticmethod
    def of_line(line: Any) -> Content:
        """The content of a stored row."""
        return Content(
            line.id, line.table_id, line.seq,
            from_json(line.field_values), from_json(line.printed), from_json(line.provenance),
            line.last_class, line.import_id,
        )  # fmt: skip

    @staticmethod
    def from_entry(row_id: str, entry: Mapping[str, Any]) -> Content:
        """The content that a history entry kept."""
        values: Values = entry["values"]
        provenance = entry.get("provenance") or dict.fromkeys(values, entry.get("source", ""))
        return Content(
            row_id, entry["table_id"], entry["seq"], values, entry["printed"], provenance,
            entry["last_class"], entry["import_id"],
        )  # fmt: skip

    def entry(self) -> dict[str, Any]:
        """The content as the history keeps it; one source for all values is said once."""
        sources = set(self.provenance.values())
        said: dict[str, Any]
        said = {"source": sources.pop()} if len(sources) == 1 else {"provenance": self.provenance}
        if self.renamed:
            said["renamed"] = self.renamed
        return {
            "table_id": self.table_id,
            "seq": self.seq,
            "values": self.values,
            "printed": self.printed,
            "last_class": self.last_class,
            "import_id": self.import_id,
        } | said


def insert_rows(
    store: Store, change: Changing, contents: Sequence[Content], *, kind: str = "add"
) -> list[Row]:
    """Evaluates and stores rows, with history; table 2 keeps in step."""
    added: list[Row] = []
    for start in range(0, len(contents), BULK):
        part = contents[start : start + BULK]
        lines = [_line(store, change, content) for content in part]
        change.connection.execute(rows.insert(), lines)
        for content, line in zip(part, lines, strict=True):
            change.log(kind, row_id=content.id, new=content.entry())
            big_losses.keep_in_step(store, change, line, new=True)
            added.append(_row(content, line, change))
        change.write_entries()
    return added


def need_named_opinion(change: Changing, values: Mapping[str, Json]) -> None:
    """An opinion needs a name: nobody may confirm what he prepared himself."""
    if values.get("initial_class") and not change.by:
        raise BookError("初分意见要署名。请先选择由谁填写。")


def _line(store: Store, change: Changing, content: Content) -> dict[str, Any]:
    need_named_opinion(change, content.values)
    table = table_of(store, content.table_id)
    last = to_class(content.last_class)
    derived = derived_columns(store, table, content.id, content.values, last_class=last)
    prepared = derived["errors"] == 0
    return derived | {
        "period_id": store.period.id,
        "id": content.id,
        "table_id": content.table_id,
        "seq": content.seq,
        "field_values": to_json(content.values),
        "printed": to_json(content.printed),
        "provenance": to_json(content.provenance),
        "import_id": content.import_id,
        "stage": "prepared" if prepared else "draft",
        "prepared_by": change.by if prepared else "",
        "confirmed_by": "",
        "confirmed_at": None,
        "last_class": content.last_class,
        "created_at": change.at_text,
        "updated_at": change.at_text,
    }


def _row(content: Content, line: Mapping[str, Any], change: Changing) -> Row:
    return Row(
        id=content.id,
        table_id=content.table_id,
        seq=content.seq,
        values=content.values,
        printed=content.printed,
        provenance=content.provenance,
        stage=line["stage"],
        suggested=to_class(line["suggested"]),
        at_least=BY_CODE[line["at_least"]],
        expected_loss=maybe_yuan(line["expected_loss"]),
        errors=line["errors"],
        warnings=line["warnings"],
        prepared_by=line["prepared_by"],
        confirmed_by="",
        confirmed_at=None,
        updated_at=change.at,
        last_class=to_class(content.last_class),
        import_id=content.import_id,
    )
