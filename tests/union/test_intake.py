"""Intake: whole or refused with a reason, evaluated again, kept, superseded."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.book.accepted_keys import keys_of
from app.book.book import Book, Institution
from app.book.summary import consolidated_summary
from app.models.tables import package_entries
from app.union.case import case_of
from app.union.errors import UnionError
from app.union.intake import collect, packages_in
from app.union.offices import (
    add_office,
    excuse_office,
    office_named,
    office_states,
)
from app.union.packages import packages_of
from app.union.receipts import write_receipt
from app.union.review import review
from tests.cli.office import Office
from tests.package.forging import Forger
from tests.union.county import BOX, CLERK, OFFICES, REVIEWER, ROWS, County, sums
from tests.union.steps import entry, of_office, through
from tests.union.test_queue import OVERDUE

WAY_OUT = re.compile("请|不用")
"""What a refusal says besides its reason."""


def refused(book: Book, package: Path, *words: str, accept: tuple[str, ...] = ()) -> None:
    """The package is not taken in, the reason holds the words, the book stays as it was."""
    before = (book.row_count(None), packages_of(book.store), office_states(book))
    done = collect(book, package, by=REVIEWER, accept=accept)
    assert not done.taken
    for word in words:
        assert word in done.reason, done.reason
    assert WAY_OUT.search(done.reason), done.reason
    assert (book.row_count(None), packages_of(book.store), office_states(book)) == before


def test_an_unknown_key_is_refused_until_a_person_compared_it(county: County, union: Book) -> None:
    code = county.key("QS")
    refused(union, county.package("QS"), code, "请与对方核对短码")
    refused(union, county.package("QS"), code, accept=(county.key("BH"),))
    done = collect(union, county.package("QS"), by=REVIEWER, accept=[code])
    assert done.taken
    assert [(k.institution, k.short_code, k.accepted_by) for k in keys_of(union.store)] == [
        ("QS", code, REVIEWER)
    ]


def test_rows_come_as_the_office_sent_them(county: County, collected: Book) -> None:
    for code in ("QS", "BH"):
        with Book.open(county.book(code), write=False) as office:
            assert sums(collected, code) == sums(office, code)
            for own in office.rows():
                row = collected.row(own.id)
                assert row.suggested == own.suggested
                assert row.expected_loss == own.expected_loss
                assert row.stage == "submitted"
                assert row.prepared_by == CLERK
                assert (row.errors, row.warnings) == (own.errors, own.warnings)
                attached = [(a.name, a.sha256, a.boxes) for a in office.attachments(own.id)]
                here = collected.attachments(own.id)
                assert [(a.name, a.sha256, a.boxes) for a in here] == attached
            sheets = {s.row_id: s.own for s in office.big_losses()}
            held = {s.row_id: s.own for s in collected.big_losses() if s.row_id.startswith(code)}
            assert held == sheets
    boxes = [box for one in collected.attachments() for box in one.boxes]
    assert boxes == [BOX] * len(OFFICES)
    assert collected.big_losses()


def test_the_summary_is_the_sum_of_the_offices(county: County, collected: Book) -> None:
    totals = []
    for code in ("QS", "BH"):
        with Book.open(county.book(code), write=False) as office:
            totals.append(consolidated_summary(office, "initial", netted=False).total)
    whole = consolidated_summary(collected, "initial", netted=False).total
    assert whole.classified == sum(one.classified for one in totals)
    assert whole.expected_loss == sum(one.expected_loss for one in totals)
    assert whole.balance == sum(one.balance for one in totals)


def stored_entries(book: Book, package_id: int) -> dict[str, str]:
    """The entries of a stored package: path to SHA-256 of its bytes."""
    query = select(package_entries).where(package_entries.c.package_id == package_id)
    with book.store.read() as connection:
        return {line.path: line.sha256 for line in connection.execute(query)}


def test_every_entry_of_a_package_is_kept(county: County, collected: Book) -> None:
    from app.package.verify import verify_package

    package = packages_of(collected.store, institution="QS")[0]
    manifest = verify_package(county.package("QS")).manifest
    assert manifest is not None
    stored = stored_entries(collected, package.id)
    assert {e.path: e.sha256 for e in manifest.entries}.items() <= stored.items()
    assert {"manifest.json", "manifest.sig"} == stored.keys() - {e.path for e in manifest.entries}
    assert collected.attachment_bytes(stored["manifest.json"]).startswith(b"{")


def test_the_same_package_again_changes_nothing(county: County, collected: Book) -> None:
    before = collected.verify_history().entries
    done = collect(collected, county.package("QS"), by=REVIEWER)
    assert done.taken
    assert done.again
    assert done.counts["unchanged"] == ROWS
    assert collected.verify_history().entries == before
    assert len(packages_of(collected.store, institution="QS")) == 1


def test_offices_show_how_far_they_are(county: County, union: Book) -> None:
    add_office(union, Institution("HH", "黑河信用社"), by=REVIEWER)
    county.collected(union, "QS")
    states = {one.code: one for one in office_states(union)}
    assert {code: one.state for code, one in states.items()} == {"HH": "missing", "QS": "received"}
    assert states["QS"].rows == ROWS
    assert states["QS"].key_code == county.key("QS")
    assert [one.code for one in office_states(union) if one.lacking] == ["HH"]
    excuse_office(union, "HH", by=REVIEWER, why="并入青山信用社")
    assert not any(one.lacking for one in office_states(union))
    assert office_named(union.store, "QS") == Institution("QS", "青山信用社")
    with pytest.raises(UnionError, match="XX"):
        office_named(union.store, "XX")
    with pytest.raises(UnionError, match="理由"):
        excuse_office(union, "QS", by=REVIEWER, why=" ")


def test_only_a_unions_book_takes_packages_in(county: County) -> None:
    with Book.open(county.book("QS")) as office, pytest.raises(UnionError, match="联社"):
        collect(office, county.package("BH"), by="")


def test_folders_are_opened(county: County) -> None:
    found = packages_in([county.folder / "out-QS", county.package("BH")])
    assert found == [county.package("QS"), county.package("BH")]


# Refused


def test_another_period_is_refused(county: County, tmp_path: Path) -> None:
    path = tmp_path / "other.wuji"
    with Book.create(path, Institution("LS", "某县联社"), date(2005, 12, 31), union=True) as book:
        book.add_person(REVIEWER, "working_group")
        refused(book, county.package("QS"), "2006-12-31", "期")


def test_another_rule_set_is_refused(county: County, tmp_path: Path) -> None:
    from app.forms import load_ruleset

    path = tmp_path / "other.wuji"
    rules = load_ruleset("financial-assets-2023")
    with Book.create(
        path, Institution("LS", "某县联社"), date(2006, 12, 31), union=True, ruleset=rules
    ) as book:
        book.add_person(REVIEWER, "working_group")
        refused(book, county.package("QS"), "规则集")


def test_a_missing_or_broken_file_is_refused(county: County, union: Book, tmp_path: Path) -> None:
    refused(union, tmp_path / "nothing.wjz", "找不到")
    raw = bytearray(county.package("QS").read_bytes())
    raw[len(raw) // 2] ^= 1
    broken = tmp_path / "broken.wjz"
    broken.write_bytes(raw)
    refused(union, broken, "校验码", accept=(county.key("QS"),))


def test_what_the_union_sent_itself_is_refused(
    county: County, collected: Book, tmp_path: Path
) -> None:
    done = collect(collected, county.package("QS"), by=REVIEWER)
    receipt = write_receipt(collected, done, tmp_path, county.unlocked(collected), by=REVIEWER)
    refused(collected, receipt, "联社发出的")


def test_a_file_that_changes_meanwhile_is_refused(county: County, union: Book) -> None:
    package = county.package("QS")

    def meddle(_done: int, _total: int, _text: str) -> None:
        with package.open("ab") as file:
            file.write(b"x")

    done = collect(union, package, by=REVIEWER, accept=[county.key("QS")], progress=meddle)
    assert not done.taken
    assert "在接收的时候变了" in done.reason
    assert (union.row_count(None), packages_of(union.store), keys_of(union.store)) == (0, [], [])


@pytest.fixture
def forger(county: County, tmp_path: Path) -> Forger:
    """Someone with a key of his own, which the union was talked into accepting."""
    return Forger(county.package("QS"), Office(tmp_path), tmp_path / "forged.wjz")


def forged(county: County, forger: Forger) -> Path:
    """The forger's package, signed by the office's own key."""
    from app.package.signature import sign_manifest
    from tests.package.forging import MANIFEST, SIGNATURE, write_archive

    forger.agree()
    with Book.open(county.book("QS")) as book:
        key = county.unlocked(book)
    forger.entries[SIGNATURE] = sign_manifest(forger.entries[MANIFEST], key)
    return write_archive(forger.out, forger.entries)


def test_a_class_that_comes_out_otherwise_is_reported(
    county: County, union: Book, forger: Forger
) -> None:
    def better(rows: list[dict[str, Any]]) -> None:
        worst = next(row for row in rows if row["class"] not in (None, "normal"))
        worst["class"] = "normal"

    forger.change_rows(better)
    done = collect(union, forged(county, forger), by=REVIEWER, accept=[county.key("QS")])
    assert done.taken, done.reason
    assert done.differences == 1
    finding = done.findings[0]
    assert (finding["kind"], finding["sent_class"]) == ("difference", "normal")
    row = union.row(finding["id"])
    assert row.suggested is not None
    assert row.suggested.value == finding["class"] != "normal"
    assert packages_of(union.store)[0].findings == tuple(done.findings)


def _foreign_id(rows: list[dict[str, Any]]) -> None:
    rows[0]["id"] = "BH-0001"


def _twice(rows: list[dict[str, Any]]) -> None:
    rows[1]["id"] = rows[0]["id"]


def _no_table(rows: list[dict[str, Any]]) -> None:
    rows[0]["table"] = "2"


def _huge(rows: list[dict[str, Any]]) -> None:
    rows[0]["seq"] = 1 << 70


def _no_moment(rows: list[dict[str, Any]]) -> None:
    rows[0]["confirmed_at"] = "昨天"


def _empty_character(rows: list[dict[str, Any]]) -> None:
    rows[0]["values"]["remarks"] = "无\0"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_foreign_id, "BH-0001"), (_twice, "两次"), (_no_table, "缺少"), (_huge, "大得"),
        (_no_moment, "时间"), (_empty_character, "空字符"),
    ],
)  # fmt: skip
def test_lies_in_rows_are_refused(
    county: County, union: Book, forger: Forger, change: Any, word: str
) -> None:
    forger.change_rows(change)
    refused(union, forged(county, forger), word, accept=(county.key("QS"),))


def test_an_office_can_not_sign_for_another(county: County, union: Book, forger: Forger) -> None:
    county.collected(union, "QS")

    def as_another(manifest: dict[str, Any]) -> None:
        manifest["institution"] = {"code": "HH", "name": "黑河信用社"}

    forger.change_manifest(as_another)
    refused(union, forged(county, forger), "HH", "QS", accept=(county.key("QS"),))


@pytest.mark.parametrize("made_at", ["2020-01-01T00:00:00+08:00", "昨天", "2020-01-01"])
def test_an_older_package_or_one_without_a_time_is_refused(
    county: County, collected: Book, forger: Forger, made_at: str
) -> None:
    forger.change_manifest(lambda manifest: manifest.update(made_at=made_at))
    refused(collected, forged(county, forger), "没有接收")


# Superseding


def test_a_newer_package_supersedes_and_only_changes_show(county: County, collected: Book) -> None:
    with Book.open(county.book("QS"), write=False) as office:
        ids = [row.id for row in office.rows()]
    changed = ids[0]
    county.change(
        "QS", lambda book: book.set_values(changed, {"remarks": "重新核对过。"}, by=CLERK)
    )
    county.change("QS", lambda book: book.remove_row(ids[-1], by=CLERK, why="已收回"))
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert done.taken, done.reason
    assert done.superseded
    assert done.counts == {"new": 0, "changed": 1, "unchanged": ROWS - 2, "gone": 1}
    assert {(f["kind"], f["id"]) for f in done.findings} == {("gone", ids[-1])}
    assert collected.row(changed).stage == "under_review"
    assert [(c.field, c.new) for c in case_of(collected, changed).changes] == [
        ("remarks", "重新核对过。")
    ]
    assert case_of(collected, ids[1]).changes == ()
    older, newer = packages_of(collected.store, institution="QS")
    assert (older.superseded_by, newer.superseded_by) == (newer.id, None)
    assert stored_entries(collected, older.id)
    with Book.open(county.book("QS"), write=False) as office:
        assert sums(collected, "QS") == sums(office, "QS")
    assert collected.history(ids[-1])[-1].kind == "gone"


def test_a_row_more_comes_with_its_kept_warnings(county: County, collected: Book) -> None:
    county.change("QS", lambda office: office.add_row("1-2", OVERDUE, by=CLERK))
    done = collect(collected, county.export("QS"), by=REVIEWER)
    assert done.counts == {"new": 1, "changed": 0, "unchanged": ROWS, "gone": 0}
    (finding,) = done.findings
    assert finding["kind"] == "added"
    row = collected.row(finding["id"])
    assert row.stage == "under_review"

    def said(book: Book) -> list[tuple[str, ...]]:
        return [
            (k.row_id, k.code, k.field, k.reason, k.note, k.by) for k in book.kept() if k.row_id
        ]

    with Book.open(county.book("QS"), write=False) as office:
        assert said(collected) == said(office) != []
    # Still tied to the values they were kept for: the row counts none as open.
    assert (row.errors, row.warnings) == (0, 0)


def test_a_change_nobody_asked_for_is_told(county: County, collected: Book, forger: Forger) -> None:
    first, second = (row.id for row in of_office(collected, "QS")[:2])
    marks = (("备注", "写明来由"),)
    review(collected, [entry(first, marks=marks, reason="依据不足")], by=REVIEWER)

    def meddle(rows: list[dict[str, Any]]) -> None:
        next(row for row in rows if row["id"] == second)["values"]["remarks"] = "顺手改的"

    forger.change_rows(meddle)
    done = collect(collected, forged(county, forger), by=REVIEWER)
    assert done.taken, done.reason
    assert {(f["kind"], f["id"]) for f in done.findings} == {
        ("unanswered", first), ("unmarked", second),
    }  # fmt: skip


def test_a_determined_row_does_not_go(county: County, collected: Book, tmp_path: Path) -> None:
    first = of_office(collected, "QS")[0]
    through(collected, [first], tmp_path / "纪要.txt")
    county.change("QS", lambda book: book.remove_row(first.id, by=CLERK, why="已收回"))
    refused(collected, county.export("QS"), first.id, "已经认定", "却没有了")


def test_the_superseded_package_does_not_come_back(
    county: County, collected: Book, tmp_path: Path
) -> None:
    old = tmp_path / "old.wjz"
    old.write_bytes(county.package("QS").read_bytes())
    first = next(r.id for r in collected.rows() if r.institution == "QS")
    county.change("QS", lambda book: book.set_values(first, {"remarks": "补充。"}, by=CLERK))
    assert collect(collected, county.export("QS"), by=REVIEWER).taken
    refused(collected, old, "取代")


def test_money_is_exact(collected: Book) -> None:
    total = sum((Decimal(r.values["carrying_amount"]) for r in collected.rows()), Decimal(0))
    by_office = sum((one.carrying_amount for one in office_states(collected)), Decimal(0))
    assert by_office == total
