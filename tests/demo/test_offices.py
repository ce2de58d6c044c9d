"""The offices of the demonstration: listings with their faults put right, worked cases, others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.checks import check_book
from app.book.types import Institution
from app.demo import offices
from app.demo.facts import completed_values, sample_facts
from app.forms import load_ruleset
from tests.demo.made import Demo

RULESET = load_ruleset("inner-mongolia-2007")


class TestFirst:
    """Made from the listings of the sample office."""

    @pytest.fixture
    def book(self, demo: Demo) -> Iterator[Book]:
        with demo.book("青山信用社") as opened:
            yield opened

    def test_rows_of_the_listings_and_by_hand(self, book: Book) -> None:
        counts = {table: progress.rows for table, progress in book.progress().items()}
        assert {table: n for table, n in counts.items() if n} == {
            "1-1": 2,
            "1-2": 2,
            "1-5": 87,
            "1-6": 1,
            "1-8": 65,
            "1-12": 2,
        }

    def test_the_two_wrong_nets_are_corrected_with_history(self, book: Book) -> None:
        wrong = {7: ("1136857.13", "1136357.13"), 23: ("944029.27", "943529.27")}
        corrected = {}
        for row in book.rows("1-8"):
            cost, depreciation, net = (
                Decimal(row.values[key])
                for key in ("cost", "accumulated_depreciation", "carrying_amount")
            )
            assert cost - depreciation == net
            changes = book.history(row.id, "carrying_amount")
            if changes:
                (change,) = changes
                corrected[row.seq] = (change.old, change.new)
                assert change.by == offices.PREPARER
                assert change.why == sample_facts()["corrections"]["why"]
        assert corrected == wrong

    def test_totals_after_the_corrections(self, book: Book) -> None:
        progress = book.progress()
        assert progress["1-8"].carrying_amount == Decimal("18131076.39")
        assert progress["1-5"].carrying_amount == Decimal("1999628.98")

    def test_the_ledger_difference_is_kept_with_its_reason(self, book: Book) -> None:
        (ledger,) = [f for f in check_book(book) if f.code == "W005"]
        assert "1391" in ledger.message
        assert {ledger.left, ledger.right} == {Decimal("2000878.98"), Decimal("1999628.98")}
        assert abs(ledger.difference or 0) == Decimal("1250.00")
        assert ledger.kept is not None
        assert ledger.kept.reason == sample_facts()["reasons"]["W005"]
        assert "1,250.00" in ledger.kept.reason

    def test_nothing_is_left_open(self, book: Book) -> None:
        findings = check_book(book)
        assert all(f.severity == "warning" and f.kept is not None for f in findings)

    def test_answers_follow_from_what_the_listing_printed(self, book: Book) -> None:
        facts = sample_facts()["fixed_assets"]
        for row in book.rows("1-8"):
            deed = str(row.printed.get("产权证号") or "")
            if "房权证" in deed:
                assert row.values["title_documents"] == "title_deed"
        assert facts["always"]["compliance"] == "compliant"

    def test_every_class_is_shown(self, book: Book) -> None:
        assert {row.suggested.value for row in book.rows() if row.suggested} == {
            "normal",
            "special_mention",
            "substandard",
            "doubtful",
            "loss",
        }


class TestSecond:
    """Holds the worked cases, each with the class that was told."""

    @pytest.fixture
    def book(self, demo: Demo) -> Iterator[Book]:
        with demo.book("白河信用社") as opened:
            yield opened

    @pytest.mark.parametrize("table_id", [table.id for table in RULESET.row_tables])
    def test_classes_are_those_of_the_cases(self, book: Book, table_id: str) -> None:
        cases = [case for case in RULESET.table(table_id).cases if not case.problem]
        rows = list(book.rows(table_id))
        assert len(rows) == len(cases) > 0
        for row, case in zip(rows, cases, strict=True):
            assert row.suggested is not None
            assert row.suggested.value == case.expected, f"{table_id} case {case.number}"

    def test_case_2_was_moved_a_year_back(self, book: Book) -> None:
        row = next(row for row in book.rows("1-2") if row.values.get("due_on") == "2006-04-19")
        assert row.values["formed_on"] == "2006-03-20"
        assert row.suggested is not None
        assert row.suggested.value == "doubtful"

    def test_balances_come_from_the_rows(self, book: Book) -> None:
        assert book.balances()
        assert not [f for f in check_book(book) if f.code in ("W005", "W008")]


class TestOthers:
    """Any further office: the cases with other amounts, as many as are asked for."""

    @pytest.fixture
    def book(self, tmp_path: Path) -> Iterator[Book]:
        institution = Institution("YS03", "演示第3信用社")
        with Book.create(tmp_path / "b.wuji", institution, offices.BASE_DATE) as made:
            offices.add_people(made)
            yield made

    def test_as_many_rows_as_asked_for_and_nothing_open(self, book: Book) -> None:
        offices.fill_at_random(book, 60, 3)
        offices.finish(book, lambda *_: None)
        assert book.row_count(None) == 60
        open_ones = [f for f in check_book(book) if f.severity == "error" or f.kept is None]
        assert not open_ones

    def test_names_differ(self, book: Book) -> None:
        offices.fill_at_random(book, 60, 3)
        names = [row.values["name"] for row in book.rows() if "name" in row.values]
        assert len(set(names)) == len(names)


def test_a_rule_of_the_facts_applies_by_its_word(tmp_path: Path) -> None:
    with Book.create(tmp_path / "b.wuji", Institution("QS", "青山"), offices.BASE_DATE) as book:
        offices.add_people(book)
        row = book.add_row("1-8", {"carrying_amount": "100.00"}, by=offices.PREPARER)
        facts = {
            "always": {"usage": "own_use"},
            "when": [
                {"column": "备注", "word": "坏", "without": {"column": "备注", "word": "不坏"},
                 "values": {"integrity": "severely_damaged"}, "price_share": "0.333"},
            ],
        }  # fmt: skip
        assert completed_values(row, facts, {"备注": "已坏"}) == {
            "usage": "own_use",
            "integrity": "severely_damaged",
            "estimated_price": "33.30",
        }
        for words in ({"备注": "不坏"}, {"备注": "好"}, {}):
            assert completed_values(row, facts, words) == {"usage": "own_use"}
