"""Sums to the fen, whatever was changed, returned, sent again and determined before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.book.book import Book
from app.book.coding import from_json
from app.book.summary import consolidated_summary
from app.package.archive import open_archive
from app.package.verify import read_lines
from app.union.merging import Merging
from app.union.offices import office_states
from app.union.review import review
from tests.union.county import REVIEWER, ROWS, County, collected_union, county_in
from tests.union.steps import entry, of_office, reviewed, through

OFFICE = "QS"
AMOUNTS = st.integers(min_value=1, max_value=10**11).map(lambda fen: f"{Decimal(fen) / 100:.2f}")
STEP = st.one_of(
    st.tuples(st.just("amount"), st.integers(0, ROWS - 1), AMOUNTS),
    st.tuples(st.just("drop"), st.integers(0, ROWS - 1), st.just("")),
    st.tuples(st.just("add"), st.integers(0, ROWS - 1), AMOUNTS),
    st.tuples(st.just("return"), st.integers(0, ROWS - 1), st.just("")),
    st.tuples(st.just("review"), st.integers(0, ROWS - 1), st.just("")),
    st.tuples(st.just("determine"), st.integers(0, ROWS - 1), st.just("")),
    st.tuples(st.just("send"), st.just(0), st.just("")),
)


class History:
    """What the office holds, and the union's book beside it."""

    def __init__(self, book: Book, package: Path, folder: Path) -> None:
        self.book = book
        self.folder = folder
        with open_archive(package) as archive:
            self.lines = list(read_lines(archive))
        self.others = sum(
            (Decimal(r.values["carrying_amount"]) for r in of_office(book, "BH")), Decimal(0)
        )
        self.last = ROWS

    def step(self, what: str, place: int, amount: str) -> None:
        """One thing that happens at the office or at the union."""
        line = self.lines[place % len(self.lines)] if self.lines else None
        if what == "send":
            self.send()
        elif line is None:
            return
        elif what in ("amount", "drop", "add"):
            self._at_the_office(what, line, amount)
        else:
            self._at_the_union(what, line["id"])

    def _at_the_office(self, what: str, line: dict[str, Any], amount: str) -> None:
        held = {row.id: row.stage for row in of_office(self.book, OFFICE)}
        if what == "add":
            self.last += 1
            new = {**line, "id": f"{OFFICE}-{self.last:04d}", "seq": self.last}
            new["values"] = {**line["values"], "carrying_amount": amount}
            self.lines.append(new)
        elif held.get(line["id"]) != "determined":
            self.lines.remove(line)
            if what == "amount":
                values = {**line["values"], "carrying_amount": amount}
                self.lines.append({**line, "values": values})

    def _at_the_union(self, what: str, row_id: str) -> None:
        row = next((r for r in of_office(self.book, OFFICE) if r.id == row_id), None)
        if row is None or row.suggested is None or row.stage in ("determined", "returned"):
            return
        # What the office has changed since is not determined over its head.
        sent = next((one for one in self.lines if one["id"] == row_id), None)
        if what == "return":
            amount = self.book.ruleset.tables[row.table_id].fields["carrying_amount"]
            marks = ((amount.label, "请核对"),)
            review(self.book, [entry(row_id, marks=marks, reason="不符")], by=REVIEWER)
        elif what == "review":
            reviewed(self.book, [row])
        elif sent is not None and sent["values"] == self._sent_values(row_id):
            through(self.book, [row], self.folder / "纪要.txt")

    def _sent_values(self, row_id: str) -> Any:
        from sqlalchemy import select

        from app.models.tables import rows

        with self.book.store.read() as connection:
            text = connection.execute(select(rows.c.sent).where(rows.c.id == row_id)).scalar_one()
        return from_json(text)["values"]

    def send(self) -> None:
        """The office's rows go up again as they are."""
        with self.book.store.write(REVIEWER) as change:
            merge = Merging(self.book.store, change, OFFICE, 1)
            merge.take(self.lines)
            merge.take_out_gone()

    def check(self) -> None:
        """Every way to the total gives the same, to the fen."""
        mine = sum(
            (Decimal(r.values["carrying_amount"]) for r in of_office(self.book, OFFICE)),
            Decimal(0),
        )
        whole = mine + self.others
        for stage in ("suggested", "initial", "reviewed", "determined"):
            total = consolidated_summary(self.book, stage, netted=False).total
            assert total.classified == whole
            assert sum(total.classes.values()) + total.unreviewed == whole
        assert sum(one.carrying_amount for one in office_states(self.book)) == whole

    def check_sent(self) -> None:
        """After a package the union holds what the office holds."""
        held = {r.id: r.values["carrying_amount"] for r in of_office(self.book, OFFICE)}
        assert held == {one["id"]: one["values"]["carrying_amount"] for one in self.lines}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county whose union has both packages; copied for each example."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path_factory.mktemp("sums") / "county")
    collected_union(base, county)
    return county


@contextmanager
def history_in(county: County) -> Iterator[History]:
    """A fresh copy of the union's book."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "union.wuji"
        shutil.copyfile(county.union, copy)
        with Book.open(copy) as book:
            yield History(book, county.package(OFFICE), Path(folder))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_the_summary_is_the_sum_of_the_rows(
    ready: County, steps: list[tuple[str, int, str]]
) -> None:
    with history_in(ready) as history:
        for step in steps:
            history.step(*step)
            history.check()
        history.send()
        history.check()
        history.check_sent()
        assert history.book.verify_history().whole
