"""The office's sample listings: what must come out, to the fen."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.book.book import Book
from app.book.checks import check_book
from app.intake.balances import import_balances, read_balances
from app.intake.importing import import_listing
from app.intake.types import Listing
from app.resources import resource_path
from tests.intake.sheets import BASE_DATE, CLERK, codes, listed

SAMPLES = resource_path("samples", "qingshan-2006")
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def fixed_assets() -> Listing:
    """The fixed-asset listing."""
    return listed(SAMPLES / "fixed-assets.xlsx")


@pytest.fixture(scope="module")
def receivables() -> Listing:
    """The listing of other receivables."""
    return listed(SAMPLES / "other-receivables.csv")


def test_fixed_assets_come_out_to_the_fen(fixed_assets: Listing) -> None:
    expected = EXPECTED["fixed_assets"]
    assert (fixed_assets.table_id, fixed_assets.unit) == ("1-8", EXPECTED["unit"])
    assert len(fixed_assets.rows) == expected["rows"]
    assert not fixed_assets.faults
    assert fixed_assets.sum_of("cost") == Decimal(expected["cost"])
    assert fixed_assets.sum_of("accumulated_depreciation") == Decimal(expected["depreciation"])
    assert fixed_assets.sum_of("carrying_amount") == Decimal(expected["printed_net"])


def test_subtotals_and_totals_are_no_rows_and_agree(fixed_assets: Listing) -> None:
    expected = EXPECTED["fixed_assets"]
    assert fixed_assets.totals == {
        "cost": Decimal(expected["cost"]),
        "accumulated_depreciation": Decimal(expected["depreciation"]),
        "carrying_amount": Decimal(expected["printed_net"]),
    }
    assert fixed_assets.total_lines == []


def test_columns_of_fixed_assets_are_recognised(fixed_assets: Listing) -> None:
    mapping = {match.printed: match.field for match in fixed_assets.mapping}
    assert mapping == {
        "序号": None,
        "资产编号": "asset_no",
        "资产类别": "category",
        "资产名称": "name",
        "入账日期": "formed_on",
        "折旧年限": "depreciation_years",
        "原值": "cost",
        "累计折旧": "accumulated_depreciation",
        "净值": "carrying_amount",
        "产权证号": None,
        "备注": "remarks",
    }
    assert codes(fixed_assets.notes) == ["N004", "N012"]
    assert fixed_assets.rows[2].printed == {"产权证号": "房权证字第93158号"}
    assert fixed_assets.rows[1].printed == {}


def test_dates_and_full_width_digits_of_fixed_assets(fixed_assets: Listing) -> None:
    by_number = {row.values["asset_no"]: row.values for row in fixed_assets.rows}
    dates = {number: by_number[f"GZ11000{number}"]["formed_on"] for number in ("01", "03", "04")}
    assert dates == {"01": "1987-08", "03": "2004-10-20", "04": "1992-03-03"}
    assert by_number["GZ1100003"]["name"] == "营业楼3"
    assert by_number["GZ1100043"]["formed_on"] == "2006-01"
    assert all(row.values["subject"] == "1501" for row in fixed_assets.rows)
    assert len({row.values["category"] for row in fixed_assets.rows}) == 6


def test_receivables_come_out_to_the_fen(receivables: Listing) -> None:
    expected = EXPECTED["other_receivables"]
    assert receivables.table_id == "1-5"
    assert len(receivables.rows) == expected["rows"]
    assert not receivables.faults
    assert receivables.sum_of("carrying_amount") == Decimal(expected["total"])
    assert receivables.totals == {"carrying_amount": Decimal(expected["total"])}
    assert receivables.total_lines == []


def test_words_of_receivables_are_understood(receivables: Listing) -> None:
    mapping = {match.printed: match.field for match in receivables.mapping}
    assert mapping["款项性质"] == "kind"
    assert mapping["户名"] == "debtor"
    assert mapping["情况说明"] == "remarks"
    assert mapping["挂账日期"] == "formed_on"
    kinds = {row.values["kind"] for row in receivables.rows}
    assert {"litigation_costs", "working_advance", "other"} <= kinds
    assert len(kinds) == 7
    assert all("kind" in row.values for row in receivables.rows)
    assert receivables.rows[4].values["debtor"] == "周敏䶮"
    assert all(row.values["subject"] == "1391" for row in receivables.rows)


def test_a_month_that_may_be_october_is_told(receivables: Listing) -> None:
    (note,) = [note for note in receivables.notes if note.code == "N006"]
    assert note.address == "D61"
    assert "2006年1月" in note
    assert "2006年10月" in note


def test_the_two_wrong_nets_are_reported_and_kept_as_printed(
    book: Book, fixed_assets: Listing
) -> None:
    report = import_listing(book, fixed_assets, by=CLERK)
    assert report.rows == 65
    assert report.contradicted
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert {finding.code for finding in errors} == {"E280"}
    assert {finding.field for finding in errors} == {"carrying_amount"}
    wrong = EXPECTED["fixed_assets"]["rows_whose_net_is_wrong"]
    seqs = {book.row(finding.row_id).seq: finding for finding in errors}
    assert sorted(seqs) == [line["no"] for line in wrong]
    for line in wrong:
        row = book.row(seqs[line["no"]].row_id)
        assert row.values["carrying_amount"] == line["printed"]
        assert f"{Decimal(line['should_be']):,.2f}" in seqs[line["no"]].message
        assert "500.00" in seqs[line["no"]].message
    assert seqs[7].message.startswith("工作表“固定资产明细”I10：")


def test_the_subject_that_differs_from_the_ledger_is_found(
    book: Book, fixed_assets: Listing, receivables: Listing
) -> None:
    import_listing(book, fixed_assets, by=CLERK)
    report = import_listing(book, receivables, by=CLERK)
    assert not report.contradicted
    balances = read_balances(SAMPLES / "balances.xlsx", BASE_DATE)
    assert import_balances(book, balances, by=CLERK).notes == []
    differing = [found for found in check_book(book) if found.code == "W005"]
    (expected,) = EXPECTED["balances_differ"]
    (found,) = differing
    assert found.left == Decimal(expected["ledger"])
    assert found.right == Decimal(expected["rows"])
    assert found.difference == Decimal(expected["difference"])


def test_balances_come_out_to_the_fen(book: Book) -> None:
    listing = read_balances(SAMPLES / "balances.xlsx", BASE_DATE)
    assert [line.code for line in listing.lines] == [
        *("1011", "1111", "1221", "1391", "1431", "1501", "1631", "3121", "1502")
    ]
    import_balances(book, listing, by=CLERK)
    balances = {balance.subject: balance for balance in book.balances()}
    assert balances["1501"].debit == Decimal("33977423.23")
    assert balances["1502"].credit == Decimal("15846346.84")
    assert balances["1391"].name == "其他应收款"


def test_values_remember_the_file_they_came_from(book: Book, fixed_assets: Listing) -> None:
    report = import_listing(book, fixed_assets, by=CLERK)
    row = book.row(report.row_ids[0])
    assert row.provenance["cost"] == "fixed-assets.xlsx"
    assert row.printed == {"产权证号": "无"}
    (record,) = book.imports()
    assert (record.source, record.row_count) == ("fixed-assets.xlsx", 65)


def test_taking_the_same_listing_in_again_writes_nothing(book: Book, fixed_assets: Listing) -> None:
    from app.intake.messages import IntakeError

    import_listing(book, fixed_assets, by=CLERK)
    with pytest.raises(IntakeError, match=r"B4.*GZ1100001.*第1笔") as caught:
        import_listing(book, fixed_assets, by=CLERK)
    assert caught.value.code == "I029"
    assert book.row_count("1-8") == 65


def test_receivables_taken_in_twice_are_warned_of(book: Book, receivables: Listing) -> None:
    import_listing(book, receivables, by=CLERK)
    report = import_listing(book, receivables, by=CLERK)
    doubles = [found for found in report.findings if found.code == "W004"]
    assert len(doubles) == 87
    assert not report.contradicted
    known = {found.id for found in check_book(book)}
    assert {found.id for found in doubles} <= known
