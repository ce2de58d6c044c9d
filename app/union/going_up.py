"""What goes further up in a package: rows beyond the union's authority, summary, reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import select

from app.book.big_losses import BigLossSheet
from app.book.book import Book
from app.book.coding import from_json, to_yuan
from app.book.types import ROLES, Attachment, Balance, Row, TableProgress
from app.errors import system_reason
from app.models.tables import rows
from app.package.content import Sealed
from app.package.errors import PackageError
from app.package.exporting import ALL_PARTS, Export
from app.union.changing import Opinion, opinions_of
from app.union.decisions import UNION_FIELDS, opinion_line
from app.union.offices import office_named
from app.union.packages import file_hash, put_package

if TYPE_CHECKING:
    from app.book.keys import SigningKey
    from app.book.store import Store
    from app.book.types import Finding
    from app.package.build import Progress
    from app.papers.export import PapersMade
    from app.papers.placing import Placing

UNION_PARTS = ("summary", "report")
"""What a union prints of its own: tables are its offices'."""
SENDERS = ("leading_group", "head")
"""Whose roles send rows on to the level above."""


class ReferredRows(Book):
    """A union's book with nothing in sight but the rows it refers, numbered as they go up."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        query = (
            select(rows.c.id, rows.c.table_id)
            .where(rows.c.period_id == store.period.id, rows.c.stage == "referred")
            .order_by(rows.c.institution, rows.c.seq)
        )
        self.ids: dict[str, list[str]] = {table.id: [] for table in store.ruleset.row_tables}
        with store.read() as connection:
            for line in connection.execute(query):
                self.ids[line.table_id].append(line.id)

    @property
    def offices(self) -> list[str]:
        """Whose rows they are, by code."""
        found = {one.rpartition("-")[0] for ids in self.ids.values() for one in ids}
        return sorted(found)

    def rows(self, table_id: str | None = None) -> Iterator[Row]:
        """The rows that go up."""
        for one in self.ids if table_id is None else (table_id,):
            for place, row_id in enumerate(self.ids.get(one, ()), 1):
                yield replace(self.row(row_id), seq=place)

    def progress(self) -> dict[str, TableProgress]:
        """Count and sums of the rows that go up."""
        return {table_id: self._progress(table_id) for table_id in self.ids}

    def _progress(self, table_id: str) -> TableProgress:
        mine = list(self.rows(table_id))
        nothing = to_yuan(0)
        carrying = sum((Decimal(r.values.get("carrying_amount") or 0) for r in mine), nothing)
        loss = sum((row.expected_loss or nothing for row in mine), nothing)
        return TableProgress(len(mine), len(mine), 0, 0, carrying, loss)

    def big_losses(self) -> list[BigLossSheet]:
        """The sheets of table 2 of these rows."""
        wanted = {one for ids in self.ids.values() for one in ids}
        return [sheet for sheet in super().big_losses() if sheet.row.id in wanted]

    def attachments(self, row_id: str | None = None) -> list[Attachment]:
        """The evidence of one of these rows, or of all of them."""
        if row_id is not None:
            return super().attachments(row_id)
        return [one for ids in self.ids.values() for each in ids for one in self.attachments(each)]

    def balances(self) -> list[Balance]:
        """None: a ledger says nothing about some of its rows; the summary goes up as a paper."""
        return []

    def lines(self) -> Iterator[dict[str, Any]]:
        """The rows as their offices sent them, with what the union says of each."""
        for row in self.rows():
            with self.store.read() as connection:
                query = select(rows.c.sent, rows.c.layers, rows.c.field_values).where(
                    rows.c.period_id == self.store.period.id, rows.c.id == row.id
                )
                stored = connection.execute(query).one()
            given = opinions_of(self, row.id)
            sent: dict[str, Any] = from_json(stored.sent) or {}
            yield sent | {
                "seq": row.seq,
                "stage": "referred",
                "attachments": [*sent["attachments"], *self._minutes(given)],
                "union": _said(given, from_json(stored.layers), from_json(stored.field_values)),
            }

    def _minutes(self, given: list[Opinion]) -> list[dict[str, Any]]:
        return [
            {
                "sha256": one.minutes_sha256,
                "name": one.minutes_name,
                "paper": "会议纪要",
                "size": len(self.attachment_bytes(one.minutes_sha256)),
            }
            for one in given
            if one.minutes_sha256
        ]


def _said(
    given: list[Opinion], layers: Mapping[str, Any] | None, values: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The union's side of a row: the leading group's opinion and everything that led to it."""
    last = next(one for one in reversed(given) if one.stage == "determination" and one.class_)
    assert last.class_ is not None
    return {
        "class": last.class_.value,
        "expected_loss": None if last.loss is None else f"{last.loss:.2f}",
        "fields": {key: values[key] for key in UNION_FIELDS if values and values.get(key)},
        "layers": dict(layers or {}),
        "opinions": [opinion_line(one) for one in given],
    }


def union_export(
    book: Book, out: Path, by: str, parts: tuple[str, ...], progress: Progress
) -> Export:
    """The export of a union's book: summary and reports, and a package where rows go up."""
    referred = ReferredRows(book.store)
    goes_up = any(referred.ids.values())
    if parts == ALL_PARTS:
        parts = (*UNION_PARTS, "package") if goes_up else UNION_PARTS
    allowed = (*UNION_PARTS, "package") if goes_up else UNION_PARTS
    if other := [part for part in parts if part not in allowed]:
        why = "" if goes_up else "；没有报上级的资产，不用上报文件包（package）"
        raise PackageError(
            f"联社的账套只导出汇总和报告，没有{'、'.join(other)}{why}。可选：{'、'.join(allowed)}。"
        )
    if "package" not in parts:
        return Export(book, out, by, parts, progress)
    return _GoingUp(book, out, by, parts, progress, referred)


class _GoingUp(Export):
    """An export whose package takes rows to the level above; the union's period goes on."""

    def __init__(
        self,
        book: Book,
        out: Path,
        by: str,
        parts: tuple[str, ...],
        progress: Progress,
        referred: ReferredRows,
    ) -> None:
        super().__init__(book, out, by, parts, progress)
        self.seals = False
        self.packs = referred
        self.referred = referred
        if not by or book.person(by).role not in SENDERS:
            may = "或".join(ROLES[role] for role in SENDERS)
            raise PackageError(
                f"有报上级认定的资产，上报文件包要由{may}来做（命令里用 --as 写明姓名）。"
                f"只要汇总和报告的，加 --only {','.join(UNION_PARTS)}。"
            )

    def sealed(self, findings: list[Finding]) -> Sealed:
        """Whose rows go up, and who answers for it."""
        sealed = super().sealed(findings)
        store = self.book.store
        offices = [office_named(store, code) for code in self.referred.offices]
        head = sealed.head | {
            "people": sealed.head["people"] | {"head": [self.by]},
            # What offices explained of their own ledgers was explained to this union.
            "kept": [],
            "for": [{"code": one.code, "name": one.name} for one in offices],
        }
        return Sealed(head, sealed.kept, self.referred.lines)

    def papers(
        self, desk: Path, key: SigningKey, code: str, sealed: Sealed, at: datetime
    ) -> PapersMade:
        """Tables and working papers of what goes up; summary and reports of the whole county."""
        made = self.papers_of(self.book, desk, key, code, sealed, at, UNION_PARTS)
        forms = self.papers_of(self.packs, desk, key, code, sealed, at, ("forms",))
        made.files.update(forms.files)
        made.missing.extend(forms.missing)
        return made

    def write_down(self, code: str, sealed: Sealed, at: datetime) -> None:
        """Remembers what went up, so that only its answer counts."""
        packed = self.packed_as
        assert packed is not None
        store = self.book.store
        with store.write(self.by, sealed=True, for_export=True) as change:
            put_package(
                store, change, packed.manifest, direction="out",
                institution=self.book.institution.code, digest=file_hash(packed.path),
                key_code=packed.key_code,
            )  # fmt: skip
            change.log("export", new={"parts": list(self.parts), "seal_code": code})

    def _placed(self, placing: Placing, files: dict[str, Path], code: str) -> list[Path]:
        try:
            return placing.put(files)
        except OSError as error:
            # Written down is that it went up; a package that nobody has is answered by nobody.
            raise PackageError(
                f"已登记报上级，但文件没有放进{self.out}：{system_reason(error)}。"
                "请再报一次，上级只答复最近的一份。"
            ) from error
