"""The answer of the level above in a union's book: its determinations enter the referred rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.book.accepted_keys import keys_of
from app.book.coding import from_json, to_json
from app.book.errors import NOT_ADOPTED, BookError
from app.book.history import Changing
from app.book.landing import Landed, questions_of, result_of
from app.models.tables import history, offices
from app.package.receiving import NotAcceptedError
from app.union.changing import change_row, stored_row
from app.union.layers import layered, merged_layer
from app.union.packages import packages_of
from app.union.resubmission import marks_text

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.store import Store
    from app.package.manifest import Manifest

Line = Mapping[str, Any]


def need_from_above(book: Book, code: str, key_code: str) -> None:
    """Refuses an answer by one of the union's own offices, or with another institution's key."""
    with book.store.read() as connection:
        own = connection.execute(select(offices.c.code).where(offices.c.code == code)).first()
    if own is not None or code == book.institution.code:
        raise NotAcceptedError(f"{code}不是本联社的上级，它的答复没有采用。请选上级发来的。")
    for key in keys_of(book.store):
        if key.short_code == key_code and key.institution != code:
            raise NotAcceptedError(
                f"答复自称来自{code}，却是用{key.institution}的密钥签的，没有采用。"
                "请打电话向上级核实，文件可能是冒充的。"
            )


class FromAbove:
    """An answer of the level above on its way into a union's book."""

    def __init__(self, book: Book, manifest: Manifest) -> None:
        self.book = book
        self.above = manifest.institution

    def sent(self) -> str:
        """The seal code of what went up last; empty before anything did."""
        code = self.book.institution.code
        found = packages_of(self.book.store, institution=code, direction="out")
        return found[-1].seal_code if found else ""

    def land(
        self, store: Store, change: Changing, lines: Iterable[Line], package_id: int
    ) -> Landed:
        """Brings the lines of the answer into the rows that went up."""
        landed = Landed()
        went_up = _went_up(store, change)
        for line in lines:
            row = stored_row(store, change, line["id"], "", "决定")
            if row.id not in went_up or row.table_id != line["table"]:
                raise BookError(f"决定里的资产{row.id}没有报过上级，{NOT_ADOPTED}")
            if row.stage not in ("referred", "determined"):
                landed.passed_over.append(row.id)
            elif line["outcome"] == "returned":
                self._give_back(store, change, row, line, package_id)
                landed.returned.append(row.id)
            else:
                self._determine(store, change, row, line, package_id)
                landed.determined.append(row.id)
        return landed

    def _give_back(
        self, store: Store, change: Changing, row: Any, line: Line, package_id: int
    ) -> None:
        """Questions from above are the office's to answer: they go on with the next decision."""
        marks = marks_text(questions_of(row, line))
        columns = {"marks": marks, "stage": "returned"}
        change_row(store, change, row, None, columns, {
            "stage": "return", "marks": marks, "reason": line["reason"],
            **self._signed(line, package_id, "退回"),
        })  # fmt: skip

    def _determine(
        self, store: Store, change: Changing, row: Any, line: Line, package_id: int
    ) -> None:
        code, loss = result_of(row, line)
        reason = line["union"].get("determined_reason") or line["reason"]
        layers, added = _with_above(row, line, reason)
        suggested = layered(store, row, layers).suggested if layers else None
        columns = {
            "fields": {"determined_class": code, "determined_reason": reason or None},
            "determined_class": code,
            "determined_loss": loss,
            "layers": to_json(layers) if layers else "",
            "layer_class": suggested.value if suggested else None,
            "marks": "",
            "stage": "determined",
        }
        given = [one for one in line["opinions"] if one["stage"] == "determination"]
        minutes = line["attachments"][-1:]
        change_row(store, change, row, None, columns, {
            "stage": "determination", "class_code": code, "loss": loss,
            "layer": to_json(added) if added else "", "reason": reason,
            "vote": given[-1]["vote"] if given else "",
            "minutes_name": minutes[0]["name"] if minutes else "",
            "minutes_sha256": minutes[0]["sha256"] if minutes else None,
            **self._signed(line, package_id, "认定"),
        })  # fmt: skip

    def _signed(self, line: Line, package_id: int, what: str) -> dict[str, Any]:
        """Who said it above; the paper is the answer itself."""
        who = line["opinions"][-1]["by"] if line["opinions"] else self.above.name
        return {
            "text": f"{self.above.name}{what}，按其决定登记",
            "by": f"{who}（{self.above.code}）",
            "package_id": package_id,
        }


def _with_above(row: Any, line: Line, reason: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row's layers with what the level above set, and that alone."""
    layers: dict[str, Any] = from_json(row.layers) or {}
    above = merged_layer(line["layers"], "review", "determination")
    if above is None:
        return layers, {}
    own = layers.get("determination", {}).get("values", {})
    layers["determination"] = {
        "values": {**own, **above["values"]}, "reason": above["reason"] or reason
    }  # fmt: skip
    added: dict[str, Any] = above["values"]
    return layers, added


def _went_up(store: Store, change: Changing) -> set[str]:
    """The rows of the period that were referred at some time."""
    query = select(history.c.row_id).where(
        history.c.period == store.period_date,
        history.c.kind == "stage",
        history.c.new == to_json("referred"),
    )
    return set(change.connection.execute(query).scalars())
