"""What a package holds beside its rows: entries, evidence, table 2, balances."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.book.big_losses import TABLE, sheet_evaluation
from app.book.coding import to_json
from app.book.evidence import boxes_text, media_type
from app.book.history import Changing
from app.book.types import Box
from app.models.functions import insert_once
from app.models.tables import attachments, balances, big_losses, blobs
from app.package.archive import MAX_MANIFEST, read_entry
from app.package.manifest import MANIFEST, SIGNATURE, Manifest
from app.union.errors import NOT_TAKEN, RefusedError
from app.union.incoming import LARGEST_FEN, fen_of
from app.union.packages import known_blobs, put_entry

if TYPE_CHECKING:
    from app.book.store import Store

Line = Mapping[str, Any]


class Contents:
    """What hangs on one package while it is taken in."""

    def __init__(self, store: Store, change: Changing, office: str, package_id: int) -> None:
        self.store = store
        self.change = change
        self.office = office
        self.package_id = package_id

    def take_entries(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        """Keeps every entry, each content once, so that the package can be shown again."""
        known = known_blobs(self.change.connection, (one.sha256 for one in manifest.entries))
        for one in manifest.entries:
            if one.sha256 not in known:
                self._put_blob(one.sha256, read_entry(archive, one.path, one.size))
                known.add(one.sha256)
            put_entry(self.change, self.package_id, one.path, one.sha256)
        for path in (MANIFEST, SIGNATURE):
            content = read_entry(archive, path, MAX_MANIFEST)
            digest = sha256(content).hexdigest()
            if not known_blobs(self.change.connection, [digest]):
                self._put_blob(digest, content)
            put_entry(self.change, self.package_id, path, digest)

    def _put_blob(self, digest: str, content: bytes) -> None:
        if sha256(content).hexdigest() != digest:
            raise RefusedError("文件包在接收的时候变了，没有接收。请重新接收。")
        line = {"sha256": digest, "size": len(content), "content": content}
        connection = self.change.connection
        connection.execute(insert_once(connection, blobs), line)

    def take_of_rows(self, lines: Sequence[Line]) -> None:
        """Evidence and table 2 sheets of new and changed rows."""
        evidence = [self._attachment(line, item) for line in lines for item in line["attachments"]]
        if evidence:
            self.change.connection.execute(attachments.insert(), evidence)
        sheets = [self._sheet(line) for line in lines if line["big_loss"] is not None]
        if sheets:
            self.change.connection.execute(big_losses.insert(), sheets)

    def _attachment(self, line: Line, item: Line) -> dict[str, Any]:
        return {
            "period_id": self.store.period.id,
            "row_id": line["id"],
            "sha256": item["sha256"],
            "name": item["name"],
            "paper": item["paper"],
            "size": item["size"],
            "media_type": media_type(item["name"]),
            "added_by": line["prepared_by"],
            "added_at": self.change.at_text,
            "carried_from": "",
            "boxes": boxes_text(Box(**one) for one in item.get("boxes") or ()),
        }

    def _sheet(self, line: Line) -> dict[str, Any]:
        own = line["big_loss"]
        table = self.store.ruleset.tables.get(TABLE)
        fields = table.fields if table is not None else {}
        known = {k: v for k, v in own.items() if k in fields and not fields[k].computed}
        return {
            "period_id": self.store.period.id,
            "row_id": line["id"],
            "field_values": to_json(known),
            "errors": sheet_evaluation(self.store, known).error_count if fields else 0,
            "created_at": self.change.at_text,
        }

    def take_balances(self, given: Sequence[Line]) -> None:
        """The office's ledger, in place of what it sent before."""
        mine = (balances.c.period_id == self.store.period.id) & (
            balances.c.institution == self.office
        )
        self.change.connection.execute(balances.delete().where(mine))
        lines = [self._balance(line) for line in given]
        if len({line["subject"] for line in lines}) != len(lines):
            raise RefusedError(f"文件包的总账余额里有重复的科目，{NOT_TAKEN}")
        if lines:
            self.change.connection.execute(balances.insert(), lines)

    def _balance(self, line: Line) -> dict[str, Any]:
        amounts = {name: fen_of(line[name]) for name in ("debit", "credit", "provisions")}
        if any(abs(fen) > LARGEST_FEN for fen in amounts.values()):
            raise RefusedError(f"文件包的总账余额大得不可能，{NOT_TAKEN}")
        if "\0" in line["subject"] + line["name"]:
            raise RefusedError(f"文件包的总账余额里有空字符，{NOT_TAKEN}")
        return {
            "period_id": self.store.period.id,
            "institution": self.office,
            "subject": line["subject"],
            "name": line["name"],
            **amounts,
            "source": self.office,
        }
