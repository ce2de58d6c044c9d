"""Rows of a package into the union's book: new, changed, unchanged, gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from app.book.coding import from_json, maybe_yuan
from app.book.history import Changing
from app.models.functions import among, insert_many
from app.models.tables import attachments, big_losses, kept_warnings, rows
from app.union.errors import NOT_TAKEN, RefusedError
from app.union.incoming import Incoming, Line, content_hash, incoming, stated_difference, table_in
from app.union.resubmission import answered_marks, marks_text

if TYPE_CHECKING:
    from app.book.store import Store

_KNOWN = (
    rows.c.key, rows.c.id, rows.c.content_hash, rows.c.stage, rows.c.marks, rows.c.suggested,
    rows.c.expected_loss, rows.c.seq, rows.c.version,
)  # fmt: skip
BULK = 2000
"""Rows named in one statement: databases limit how many."""
FRESH: dict[str, Any] = {
    "review_loss": None,
    "determined_loss": None,
    "marks": "",
    "sent_before": "",
    "decided_in": None,
}
"""What the union has of a row before anybody looked at it."""


class Merging:
    """One office's rows while its package is taken in."""

    def __init__(
        self,
        store: Store,
        change: Changing,
        office: str,
        package_id: int,
        offices: Sequence[str] = (),
    ) -> None:
        self.store = store
        self.change = change
        self.office = office
        self.package_id = package_id
        self.offices = offices
        """Whose rows a union passes on; none for an office's own package."""
        self.findings: list[dict[str, Any]] = []
        self.counts = {"new": 0, "changed": 0, "unchanged": 0, "gone": 0}
        self._known = {line.id: line for line in change.connection.execute(self._mine())}
        self._first = not self._known
        # Whether something of the office was returned, so that the rest should stay the same.
        self._returned_any = any(line.stage == "returned" for line in self._known.values())
        self._seen: set[str] = set()
        self._last = self._last_classes()

    def _mine(self) -> Any:
        mine = select(*_KNOWN).where(
            rows.c.period_id == self.store.period.id, rows.c.institution == self.office
        )
        # Whoever gives an opinion meanwhile waits, and then sees what was sent.
        return mine.order_by(rows.c.id).with_for_update()

    def _last_classes(self) -> dict[str, str]:
        """What the union determined for this office's rows in the period before."""
        from app.book.periods import all_periods

        before = [p for p in all_periods(self.store) if p.base_date < self.store.period.base_date]
        if not before:
            return {}
        query = select(rows.c.id, rows.c.determined_class).where(
            rows.c.period_id == before[-1].id,
            rows.c.institution == self.office,
            rows.c.determined_class.is_not(None),
        )
        return {line.id: line.determined_class for line in self.change.connection.execute(query)}

    def take(self, lines: Sequence[Line]) -> set[str]:
        """Takes some lines of the package in; the ids of those that are new or changed."""
        new, changed, unchanged = [], [], []
        for line in lines:
            self._check_once(line)
            known = self._known.get(line["id"])
            if known is None:
                new.append(self._judged(line))
            elif known.content_hash == self._hash(line):
                unchanged.append((known, line))
            else:
                changed.append((known, self._judged(line)))
        self._insert(new)
        self._renew(changed)
        self._keep(unchanged)
        return {one.id for one in new} | {one.id for _, one in changed}

    def _check_once(self, line: Line) -> None:
        if line["id"] in self._seen:
            raise RefusedError(f"文件包里资产{line['id'][:40]}出现两次，{NOT_TAKEN}")
        self._seen.add(line["id"])
        own = self._last.get(line["id"])
        if own is not None and own != line["last_class"]:
            self.findings.append(
                {"kind": "last_class", "id": line["id"], "sent": line["last_class"], "own": own}
            )

    def _hash(self, line: Line) -> str:
        return content_hash(table_in(self.store, line, self.office, self.offices), line)

    def _judged(self, line: Line) -> Incoming:
        judged = incoming(self.store, self.office, line, self.offices)
        if judged.difference is not None:
            self.findings.append(judged.difference)
        return judged

    def _insert(self, found: Sequence[Incoming]) -> None:
        if not found:
            return
        self._need_free([one.id for one in found])
        at = self.change.at_text
        common = {"package_id": self.package_id, "created_at": at, "updated_at": at, "version": 0}
        stage = "submitted" if self._first else "under_review"
        fresh = FRESH | common | {"stage": stage}
        insert_many(self.change.connection, rows, [{**one.columns, **fresh} for one in found])
        self._put_kept(found)
        if not self._first:
            self.findings += [{"kind": "added", "id": one.id} for one in found]
        self.counts["new"] += len(found)

    def _need_free(self, ids: Sequence[str]) -> None:
        """A row comes from its office or through its union, never both ways in one period."""
        query = select(rows.c.id, rows.c.institution).where(
            rows.c.period_id == self.store.period.id, among(rows.c.id, ids)
        )
        other = self.change.connection.execute(query.limit(1)).first()
        if other is not None:
            raise RefusedError(f"资产{other.id}本期已由{other.institution}上报，{NOT_TAKEN}")

    def _renew(self, found: Sequence[tuple[Any, Incoming]]) -> None:
        """Rows that say something else now: under review again, opinions stay in their list."""
        if not found:
            return
        lines = []
        ids = [known.id for known, _ in found]
        before = self._sent(ids)
        self._forget(ids)
        for known, one in found:
            old = from_json(before[known.id])
            table = table_in(self.store, one.line, self.office, self.offices)
            marks = answered_marks(table, from_json(known.marks) or (), old, one.line)
            self._judge_change(known, marks)
            lines.append(one.columns | FRESH | {
                "which": known.key, "package_id": self.package_id, "stage": "under_review",
                "marks": marks_text(marks), "sent_before": before[known.id],
                "updated_at": self.change.at_text, "version": known.version + 1,
            })  # fmt: skip
            self.change.log("resubmit", row_id=known.id, field="stage",
                            old=known.stage, new="under_review")  # fmt: skip
            self._note_answers(known.id, marks)
        self.change.connection.execute(update(rows).where(rows.c.key == bindparam("which")), lines)
        self._put_kept([one for _, one in found])
        self.counts["changed"] += len(found)

    def _note_answers(self, row_id: str, marks: Sequence[Line]) -> None:
        """What became of each question stays in the history: a review clears it from the row."""
        if marks:
            self.change.log("answered", row_id=row_id, field="marks", new=list(marks))

    def _judge_change(self, known: Any, marks: Sequence[Line]) -> None:
        if known.stage == "determined":
            raise RefusedError(
                f"资产{known.id}本期已经认定，新的文件包里内容却变了，没有接收。"
                "确有新情况的，请联社重新认定。"
            )
        if not marks and known.stage != "returned" and self._returned_any:
            self.findings.append({"kind": "unmarked", "id": known.id})

    def _sent(self, ids: Sequence[str]) -> dict[str, str]:
        query = select(rows.c.id, rows.c.sent).where(
            rows.c.period_id == self.store.period.id, rows.c.id.in_(ids)
        )
        return {line.id: line.sent for line in self.change.connection.execute(query)}

    def _keep(self, found: Sequence[tuple[Any, Line]]) -> None:
        """Rows that say the same: opinions, stage and layers stay; answers are still asked for."""
        lines = []
        for known, line in found:
            loss = maybe_yuan(known.expected_loss)
            difference = stated_difference(line, known.suggested, loss)
            if difference is not None:
                self.findings.append(difference)
            back = known.stage == "returned"
            lines.append({
                "which": known.key, "package_id": self.package_id, "seq": line["seq"],
                "stage": "under_review" if back else known.stage,
                "sent_before": "", "decided_in": None,
            })  # fmt: skip
            if back:
                self.findings.append({"kind": "unanswered", "id": known.id})
                self._note_answers(known.id, from_json(known.marks) or ())
        if lines:
            statement = update(rows).where(rows.c.key == bindparam("which"))
            self.change.connection.execute(statement, lines)
        self.counts["unchanged"] += len(found)

    def take_out_gone(self) -> None:
        """Rows that the office no longer reports leave the active set; the history keeps them."""
        gone = [line for id_, line in self._known.items() if id_ not in self._seen]
        if self.offices:
            # What was answered no longer goes up.
            gone = [line for line in gone if line.stage != "determined"]
        for line in gone:
            if line.stage == "determined":
                raise RefusedError(f"资产{line.id}本期已经认定，新的文件包里却没有了，{NOT_TAKEN}")
        for start in range(0, len(gone), BULK):
            self._take_out(gone[start : start + BULK])
        self.counts["gone"] += len(gone)

    def _take_out(self, gone: Sequence[Any]) -> None:
        ids = [line.id for line in gone]
        before = self._sent(ids)
        for line in gone:
            self.findings.append({"kind": "gone", "id": line.id})
            self.change.log("gone", row_id=line.id, field="stage", old=line.stage,
                            new={"sent": from_json(before[line.id])})  # fmt: skip
        self._forget(ids)
        this = (rows.c.period_id == self.store.period.id) & rows.c.id.in_(ids)
        self.change.connection.execute(rows.delete().where(this))

    def _forget(self, ids: Sequence[str]) -> None:
        """What hangs on rows and comes anew with the package."""
        for table in (kept_warnings, big_losses, attachments):
            this = (table.c.period_id == self.store.period.id) & table.c.row_id.in_(ids)
            if ids:
                self.change.connection.execute(table.delete().where(this))

    def _put_kept(self, found: Iterable[Incoming]) -> None:
        at = self.change.at_text
        lines = [{**kept, "at": at} for one in found for kept in one.kept]
        if lines:
            self.change.connection.execute(kept_warnings.insert(), lines)
