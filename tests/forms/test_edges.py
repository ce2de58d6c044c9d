"""Edges of rates, days, amounts, dates; the order of the rules; what is open and what is absent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.forms import FiveClass, load_ruleset, ruleset_for
from app.forms.classify import classified
from app.forms.reported_date import ReportedDate
from tests.forms.rows import BASE, NEW, OLD, class_of, codes, judged, row, rules, table

Changes = dict[str, Any]


# ---------------------------------------------------------------- rates

RATES = [
    ("0.00", "normal"),
    ("1.00", "substandard"),
    ("2999.00", "substandard"),
    ("2999.99", "substandard"),
    ("3000.00", "doubtful"),
    ("3000.01", "doubtful"),
    ("9000.00", "doubtful"),
    ("9000.01", "loss"),
    ("9001.00", "loss"),
    ("10000.00", "loss"),
]


@pytest.mark.parametrize("ruleset", [OLD, NEW])
@pytest.mark.parametrize("id_", ["1-2", "1-4", "1-5", "1-6", "1-7", "1-9"])
@pytest.mark.parametrize(("loss", "expected"), RATES)
def test_bands_of_the_loss_rate(ruleset: str, id_: str, loss: str, expected: str) -> None:
    evaluation = judged(table(id_, ruleset), {"expected_loss": loss, "remarks": "估计"})
    assert class_of(evaluation) == expected
    assert evaluation.loss_rate == Fraction(Decimal(loss)) / 10000


@pytest.mark.parametrize("id_", ["1-3", "1-8", "1-10", "1-12"])
@pytest.mark.parametrize(("loss", "expected"), RATES)
def test_bands_of_realisable_values(id_: str, loss: str, expected: str) -> None:
    price = f"{Decimal(10000) - Decimal(loss):.2f}"
    changes = {"use_value": "depreciated", "estimated_price": price, "remarks": "估价"}
    changes |= {"disposal_costs": "0", "disposal_taxes": "0"}
    changes = {k: v for k, v in changes.items() if k in table(id_).fields}
    evaluation = judged(table(id_), changes)
    assert class_of(evaluation) == expected
    assert evaluation.expected_loss == Decimal(loss)
    assert not [p for p in evaluation.problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("carrying", "loss", "expected"),
    [
        ("100000.01", "30000.00", "substandard"),
        ("100000.01", "30000.01", "doubtful"),
        ("0.10", "0.03", "doubtful"),
        ("0.10", "0.02", "substandard"),
        ("0.10", "0.09", "doubtful"),
        ("9999999999999.99", "2999999999999.99", "substandard"),
        ("9999999999999.99", "3000000000000.00", "doubtful"),
        ("9999999999999.90", "8999999999999.91", "doubtful"),
        ("9999999999999.90", "8999999999999.92", "loss"),
        ("33333.33", "10000.00", "doubtful"),
        ("33333.34", "10000.00", "substandard"),
    ],
)
def test_rates_are_compared_exactly(carrying: str, loss: str, expected: str) -> None:
    changes = {"carrying_amount": carrying, "expected_loss": loss, "remarks": "估计"}
    assert class_of(judged(table("1-2"), changes)) == expected


def test_the_rate_is_shown_half_up_but_judged_exactly() -> None:
    changes = {"carrying_amount": "200000.00", "expected_loss": "59999.99", "remarks": "估计"}
    answer = classified(table("1-2"), row(table("1-2"), changes), BASE)
    assert answer["loss_rate"] == "0.3000"
    assert answer["class"] == "substandard"


def test_a_carrying_amount_of_zero() -> None:
    evaluation = judged(table("1-2"), {"carrying_amount": "0.00"})
    assert evaluation.loss_rate == 0
    assert class_of(evaluation) == "normal"
    assert codes(evaluation) == ["W103"]
    above = judged(table("1-2"), {"carrying_amount": "0", "expected_loss": "0.01", "remarks": "x"})
    assert "E014" in codes(above)
    assert class_of(above) == "normal"
    unknown = judged(table("1-2"), {"carrying_amount": "0", "expected_loss": ""})
    assert class_of(unknown) == "normal"
    assert [c for c in codes(unknown) if c.startswith("E")] == ["E001"]


# ---------------------------------------------------------------- days and ages

DAYS: list[tuple[str, Changes, str, dict[int, str]]] = [
    ("1-2", {"kind": "interbank_deposit"}, "due_on", {0: "normal", 1: "substandard",
     30: "substandard", 31: "doubtful", 90: "doubtful", 91: "doubtful", 360: "doubtful",
     361: "loss"}),
    ("1-2", {"kind": "lending_bank", "subject": "1231"}, "due_on", {0: "normal", 1: "substandard",
     30: "substandard", 31: "substandard", 90: "substandard", 91: "doubtful", 360: "doubtful",
     361: "loss"}),
    ("1-4", {"kind": "interest", "subject": "1381", "formed_on": "2004-01-01"}, "due_on",
     {0: "normal", 1: "special_mention", 90: "special_mention", 91: "substandard",
      180: "substandard", 181: "doubtful", 360: "doubtful", 361: "loss"}),
    ("1-4", {}, "formed_on", {180: "normal", 181: "special_mention", 365: "special_mention",
     366: "substandard", 730: "substandard", 731: "doubtful", 1095: "doubtful", 1096: "loss"}),
    ("1-5", {}, "formed_on", {180: "normal", 181: "special_mention", 365: "special_mention",
     366: "substandard", 730: "substandard", 731: "doubtful", 1095: "doubtful", 1096: "loss"}),
    ("1-5", {"kind": "buyout"}, "formed_on", {0: "special_mention", 180: "special_mention",
     181: "doubtful", 360: "doubtful", 361: "loss", 1096: "loss"}),
    ("1-5", {"kind": "case_advance", "case_state": "open", "subject": "1393"}, "formed_on",
     {0: "substandard", 730: "substandard", 731: "loss"}),
    ("1-5", {"kind": "case_advance", "case_state": "solved", "subject": "1393"}, "formed_on",
     {366: "substandard", 731: "doubtful", 1096: "loss"}),
    ("1-6", {}, "due_on", {0: "normal", 1: "substandard", 90: "substandard", 91: "doubtful",
     360: "doubtful", 361: "loss"}),
    ("1-7", {"formed_on": "2004-01-01"}, "due_on", {0: "normal", 1: "special_mention",
     90: "special_mention", 91: "substandard", 180: "substandard", 181: "doubtful",
     360: "doubtful", 361: "loss"}),
    ("1-3", {}, "formed_on", {730: "normal", 731: "substandard"}),
    ("1-3", {"asset_kind": "goods"}, "formed_on", {365: "normal", 366: "substandard"}),
    ("1-9", {"work_state": "suspended", "dispute": True}, "formed_on",
     {1095: "doubtful", 1096: "loss"}),
    ("1-6", {"claim_enforceable": False}, "formed_on", {3650: "doubtful", 3651: "loss"}),
]  # fmt: skip
DAY_ROWS = [
    pytest.param(id_, changes | {field: f"base-{days}"}, wanted, id=f"{place}-{id_}-{days}")
    for place, (id_, changes, field, steps) in enumerate(DAYS)
    for days, wanted in steps.items()
]


@pytest.mark.parametrize(("id_", "changes", "expected"), DAY_ROWS)
def test_ladders(id_: str, changes: Changes, expected: str) -> None:
    # Day 0 of a ladder means that day itself.
    changes = {k: "base+0" if v == "base-0" else v for k, v in changes.items()}
    assert class_of(judged(table(id_), changes)) == expected


def test_days_across_a_leap_day() -> None:
    changes = {"formed_on": "2007-01-01", "due_on": "2008-02-28"}
    for base, days in ((date(2008, 2, 29), 1), (date(2008, 3, 1), 2), (date(2008, 3, 30), 31)):
        evaluation = judged(table("1-2"), changes, base_date=base)
        assert evaluation.typed["overdue_days"] == days
    assert class_of(judged(table("1-2"), changes, base_date=date(2008, 3, 29))) == "substandard"
    assert class_of(judged(table("1-2"), changes, base_date=date(2008, 3, 30))) == "doubtful"


def test_a_year_is_365_days_also_across_a_leap_day() -> None:
    leap = date(2008, 12, 31)
    old = judged(table("1-4"), {"formed_on": "2008-01-01"}, base_date=leap)
    assert old.typed["age_days"] == 365
    assert class_of(old) == "special_mention"
    older = judged(table("1-4"), {"formed_on": "2007-12-31"}, base_date=leap)
    assert older.typed["age_days"] == 366
    assert class_of(older) == "substandard"


def test_a_leap_day_itself() -> None:
    changes = {"formed_on": "2008-02-29", "due_on": "2008-02-29"}
    evaluation = judged(table("1-2"), changes, base_date=date(2008, 2, 29))
    assert evaluation.typed["overdue_days"] == 0
    assert not evaluation.problems
    assert codes(judged(table("1-2"), {"formed_on": "2007-02-29"}))[0] == "E002"


@pytest.mark.parametrize(
    ("formed_on", "age", "expected"),
    [
        ("2006-07-03", 181, "special_mention"),
        ("2006-07-04", 180, "normal"),
        ("2006-08", 152, "normal"),
        ("2006-07", 183, "special_mention"),
        ("2006", 364, "special_mention"),
        ("2005", 729, "substandard"),
        ("2004", 1095, "doubtful"),
        ("2003", 1460, "loss"),
    ],
)
def test_a_month_or_year_counts_from_its_first_day(formed_on: str, age: int, expected: str) -> None:
    evaluation = judged(table("1-4"), {"formed_on": formed_on})
    assert evaluation.typed["age_days"] == age
    assert class_of(evaluation) == expected
    shown = evaluation.typed["formed_on"]
    assert isinstance(shown, ReportedDate)
    assert shown.stored == formed_on


def test_a_deposit_ages_from_the_end_of_its_contract() -> None:
    given = {"kind": "deposit", "formed_on": "base-2000"}
    assert class_of(judged(table("1-5"), given)) == "loss"
    for end, age in (("base+10", 0), ("base+0", 0), ("base-180", 180), ("base-2500", 2000)):
        evaluation = judged(table("1-5"), given | {"contract_end": end})
        assert evaluation.typed["age_days"] == age
    assert class_of(judged(table("1-5"), given | {"contract_end": "base-181"})) == "special_mention"


# ---------------------------------------------------------------- amounts


def test_the_threshold_of_big_losses() -> None:
    for name in (OLD, NEW):
        threshold = load_ruleset(name).big_loss_threshold
        assert Decimal("99999.99") < threshold
        assert Decimal("100000.00") >= threshold


@pytest.mark.parametrize("amount", ["99999.99", "100000.00", "100000.01"])
def test_amounts_round_the_threshold_are_exact(amount: str) -> None:
    changes = {"carrying_amount": amount, "debtor_state": "dead_or_bankrupt"}
    evaluation = judged(table("1-5"), changes)
    assert evaluation.typed["carrying_amount"] == Decimal(amount)
    assert class_of(evaluation) == "loss"


# ---------------------------------------------------------------- computed values

COMPUTED: list[tuple[str, Changes, Changes]] = [
    ("1-2", {"due_on": "base-61"}, {"overdue_days": 61, "overdue_band": "to_90"}),
    ("1-2", {"due_on": "base-90"}, {"overdue_days": 90, "overdue_band": "to_90"}),
    ("1-2", {"due_on": "base-91"}, {"overdue_days": 91, "overdue_band": "over_90"}),
    ("1-2", {"due_on": "base+5"}, {"overdue_days": 0, "overdue_band": "none"}),
    ("1-2", {}, {"overdue_days": 0, "overdue_band": "none", "loss_rate": "0.0000"}),
    ("1-2", {"market_value": "9000"}, {"market_shortfall": "1000.00"}),
    ("1-2", {"market_value": "10000"}, {"market_shortfall": None}),
    ("1-2", {}, {"market_shortfall": None}),
    ("1-3", {"formed_on": "base-365"}, {"held_years": "1"}),
    ("1-3", {"formed_on": "base-547"}, {"held_years": "1.5"}),
    ("1-3", {"formed_on": "base-3650"}, {"held_years": "10"}),
    ("1-3", {}, {"net_realisable_value": "10000.00"}),
    ("1-3", {"estimated_price": "999.99"}, {"net_realisable_value": "0.00"}),
    ("1-3", {"integrity": "missing"}, {"net_realisable_value": None}),
    ("1-7", {}, {"advanced_amount": "6000.00"}),
    ("1-7", {"entrusted_funds": "10000.01"}, {"advanced_amount": "0.00"}),
    ("1-9", {}, {"vouchers": "complete"}),
    ("1-9", {"papers": []}, {"vouchers": "none"}),
    ("1-9", {"papers": ["contract", "budget"]}, {"vouchers": "important_missing"}),
    ("1-9", {"papers": ["land_certificate", "planning_permit", "approval", "budget"]},
     {"vouchers": "minor_missing"}),
    ("1-9", {"papers": ["land_certificate", "planning_permit", "approval"]},
     {"vouchers": "minor_missing"}),
    ("1-11", {}, {"should_have_been_amortised": "0.00"}),
    ("1-11", {"amortised": "3000", "carrying_amount": "9000"},
     {"should_have_been_amortised": "1000.00"}),
    ("1-11", {"formed_on": "1990", "amortised": "4000"}, {"should_have_been_amortised": "8000.00"}),
    ("1-11", {"original_amount": "10000", "amortised": "0", "carrying_amount": "10000"},
     {"should_have_been_amortised": "3333.33"}),
    ("1-11", {"original_amount": "0.05", "amortised": "0", "carrying_amount": "0.05",
              "amortisation_months": 24, "formed_on": "2006-06-30"},
     {"should_have_been_amortised": "0.01"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "changes", "expected"), COMPUTED, ids=[f"{c[0]}-{i}" for i, c in enumerate(COMPUTED)]
)
def test_computed_values(id_: str, changes: Changes, expected: Changes) -> None:
    computed = classified(table(id_), row(table(id_), changes), BASE)["computed"]
    assert {key: computed.get(key) for key in expected} == expected


def test_every_computed_field_is_tried() -> None:
    tried = {(id_, key) for id_, _, expected in COMPUTED for key in expected}
    shared = {"overdue_days", "overdue_band", "loss_rate", "market_shortfall", "age_days"}
    shared |= {"net_realisable_value", "id", "seq"}
    for known in load_ruleset(OLD).row_tables:
        own = {key for key, f in known.fields.items() if f.computed} - shared
        assert {(known.id, key) for key in own} <= tried


# ---------------------------------------------------------------- expected loss


def loss_of(id_: str, changes: Changes) -> Decimal | None:
    """The expected loss of the row with changes and no figure typed in."""
    return judged(table(id_), {"expected_loss": "", "remarks": "x"} | changes).expected_loss


SHARE = {"investment_type": "other", "agreement": True, "agreement_legality": "legal"}
LOSSES: list[tuple[str, Changes, str | None]] = [
    ("1-1", {}, "0.00"),
    ("1-1", {"item": "special_bill", "redemption": "within"}, "0.00"),
    ("1-1", {"item": "special_bill", "redemption": "past"}, None),
    ("1-3", {"estimated_price": "6000.00"}, "5000.00"),
    ("1-3", {"estimated_price": "90000.00"}, "0.00"),
    ("1-3", {"integrity": "missing"}, "10000.00"),
    ("1-4", {"recovered_amount": "10000", "recovered_on": "base+9"}, "0.00"),
    ("1-4", {}, None),
    ("1-5", {"kind": "welfare_overdraft"}, "10000.00"),
    ("1-5", {"kind": "welfare_overdraft", "recovered_amount": "4000", "recovered_on": "base+9"},
     "6000.00"),
    ("1-5", {"kind": "welfare_overdraft", "recovered_amount": "10000", "recovered_on": "base+9"},
     "0.00"),
    ("1-6", {"market_value": "7000"}, "3000.00"),
    ("1-6", {"market_value": "70000"}, "0.00"),
    ("1-6", {}, None),
    ("1-6", SHARE | {"share_percent": "30%", "investee_equity": "20000"}, "4000.00"),
    ("1-6", SHARE | {"share_percent": "30%", "investee_equity": "-20000"}, "10000.00"),
    ("1-6", SHARE | {"share_percent": "0.38", "investee_equity": "10000.01"}, "6200.00"),
    ("1-6", SHARE | {"share_percent": "30%", "investee_equity": "20000", "market_value": "9000"},
     "1000.00"),
    ("1-6", {"investment_type": "union_share", "market_value": "1"}, "0.00"),
    ("1-7", {"entrusted_funds": "10000"}, "0.00"),
    ("1-7", {}, None),
    ("1-8", {}, "0.00"),
    ("1-8", {"integrity": "missing"}, "10000.00"),
    ("1-8", {"integrity": "missing", "fully_depreciated": True}, "10000.00"),
    ("1-8", {"fully_depreciated": True, "use_value": "retired"}, "0.00"),
    ("1-8", {"use_value": "depreciated", "estimated_price": "8000", "disposal_costs": "100",
             "disposal_taxes": "0.01"}, "2100.01"),
    ("1-9", {"market_value": "9999.99"}, "0.01"),
    ("1-9", {"integrity": "missing", "market_value": "10000"}, "10000.00"),
    ("1-10", {"estimated_price": "0", "disposal_costs": "0", "disposal_taxes": "0"}, "10000.00"),
    ("1-12", {"subject": "1631"}, "10000.00"),
    ("1-12", {"estimated_price": "5000"}, "6000.00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "changes", "loss"), LOSSES, ids=[f"{c[0]}-{i}" for i, c in enumerate(LOSSES)]
)
def test_the_loss_that_the_method_gives(id_: str, changes: Changes, loss: str | None) -> None:
    found = loss_of(id_, changes)
    assert found == (None if loss is None else Decimal(loss))


def test_a_loss_below_the_methods_is_an_error_and_the_methods_counts() -> None:
    evaluation = judged(
        table("1-3"), {"estimated_price": "6000.00", "expected_loss": "0.00", "remarks": "估价"}
    )
    assert codes(evaluation) == ["E007"]
    assert evaluation.expected_loss == Decimal("5000.00")
    assert evaluation.typed["expected_loss"] == Decimal("5000.00")
    assert class_of(evaluation) == "doubtful"


def test_a_loss_above_the_methods_stands() -> None:
    evaluation = judged(
        table("1-3"), {"estimated_price": "6000.00", "expected_loss": "9500.00", "remarks": "更低"}
    )
    assert not evaluation.problems
    assert class_of(evaluation) == "loss"


def test_a_loss_above_what_is_left() -> None:
    part = {"recovered_amount": "4000.00", "recovered_on": "base+5", "remarks": "估计"}
    assert not codes(judged(table("1-5"), part | {"expected_loss": "6000.00"}))
    evaluation = judged(table("1-5"), part | {"expected_loss": "6000.01"})
    assert codes(evaluation) == ["E014"]
    assert class_of(evaluation) == "doubtful"
    # More recovered than booked: nothing is left to lose.
    over = judged(table("1-5"), part | {"recovered_amount": "10000.01", "expected_loss": "0.01"})
    assert set(codes(over)) == {"E101", "E014"}
    assert class_of(over) == "normal"


def test_a_part_recovered_leaves_the_ladders() -> None:
    part = {"recovered_amount": "9999.99", "recovered_on": "base+5", "formed_on": "base-1096"}
    assert class_of(judged(table("1-5"), part)) == "loss"
    assert class_of(judged(table("1-4"), part)) == "loss"


def test_recovered_in_full_is_normal_whatever_the_age() -> None:
    full = {"recovered_amount": "10000.00", "recovered_on": "base+5", "formed_on": "1985"}
    for id_ in ("1-4", "1-5"):
        for ruleset in (OLD, NEW):
            changes = full | {"limitation": "lapsed", "debtor_state": "dead_or_bankrupt"}
            assert class_of(judged(table(id_, ruleset), changes)) == "normal"


STANDARD = [
    ({}, "normal", "0.00"),
    ({"counterparty_state": "strained"}, "special_mention", "200.00"),
    ({"counterparty_state": "deteriorated"}, "substandard", "2500.00"),
    ({"counterparty_state": "ceased"}, "doubtful", "5000.00"),
    ({"counterparty_state": "closed"}, "loss", "10000.00"),
]


@pytest.mark.parametrize(("changes", "expected", "loss"), STANDARD)
def test_standard_rates(changes: Changes, expected: str, loss: str) -> None:
    given = {"loss_basis": "standard", "expected_loss": "", "remarks": "按标准比率"}
    evaluation = judged(table("1-2"), given | changes)
    assert class_of(evaluation) == expected
    assert evaluation.expected_loss == Decimal(loss)
    assert not evaluation.problems
    assert "common.loss_band" not in rules(evaluation)


@pytest.mark.parametrize(
    ("carrying", "state", "loss"),
    [
        ("0.01", "strained", "0.00"),
        ("0.25", "strained", "0.01"),
        ("0.24", "strained", "0.00"),
        ("0.02", "deteriorated", "0.01"),
        ("0.01", "ceased", "0.01"),
        ("100.01", "ceased", "50.01"),
        ("33.33", "deteriorated", "8.33"),
        ("33.34", "deteriorated", "8.34"),
    ],
)
def test_the_standard_loss_is_rounded_half_up_to_the_fen(
    carrying: str, state: str, loss: str
) -> None:
    changes = {"loss_basis": "standard", "carrying_amount": carrying, "counterparty_state": state}
    assert judged(table("1-2"), changes).expected_loss == Decimal(loss)


def test_the_standard_loss_takes_the_class_after_steps_3_and_4() -> None:
    changes = {"loss_basis": "standard", "ownership_disputed": True, "violates_rules": True}
    evaluation = judged(table("1-2"), changes | {"expected_loss": ""})
    assert class_of(evaluation) == "doubtful"
    assert evaluation.expected_loss == Decimal("5000.00")


def test_the_standard_loss_is_at_most_what_is_left() -> None:
    part = {"recovered_amount": "9000.00", "recovered_on": "base+5", "limitation": "lapsed"}
    changes = part | {"loss_basis": "standard", "expected_loss": "", "remarks": "按标准比率"}
    evaluation = judged(table("1-4"), changes)
    assert class_of(evaluation) == "doubtful"
    assert evaluation.expected_loss == Decimal("1000.00")
    assert not evaluation.problems


def test_a_typed_figure_does_not_count_beside_the_standard_rate() -> None:
    changes = {"loss_basis": "standard", "expected_loss": "9999.00", "remarks": "x"}
    evaluation = judged(table("1-2"), changes)
    assert class_of(evaluation) == "normal"
    assert evaluation.expected_loss == 0
    answer = classified(table("1-2"), row(table("1-2"), changes), BASE)
    assert [(p["field"], p["code"]) for p in answer["problems"]] == [("expected_loss", "W002")]


def test_no_standard_loss_while_the_class_is_open() -> None:
    changes = {"loss_basis": "standard", "expected_loss": "", "limitation": ""}
    evaluation = judged(table("1-2"), changes)
    assert evaluation.suggested is None
    assert evaluation.expected_loss is None
    assert [p.field for p in evaluation.problems if p.code == "E001"] == ["limitation"]


@pytest.mark.parametrize(
    ("loss", "state", "warned"),
    [
        ("0.00", "ceased", True),
        ("2999.99", "ceased", True),
        ("3000.00", "ceased", False),
        ("9000.00", "closed", True),
        ("9000.01", "closed", False),
        ("0.00", "strained", False),
        ("0.00", "deteriorated", True),
        ("0.01", "deteriorated", False),
        ("0.00", "normal", False),
    ],
)
def test_an_estimate_better_than_the_floors_warns(loss: str, state: str, warned: bool) -> None:
    changes = {"expected_loss": loss, "counterparty_state": state, "remarks": "估计"}
    evaluation = judged(table("1-2"), changes)
    assert ("W003" in codes(evaluation)) is warned
    assert evaluation.expected_loss == Decimal(loss)


def test_the_warning_tells_the_rates_of_the_class() -> None:
    evaluation = judged(table("1-2"), {"counterparty_state": "ceased"})
    [problem] = evaluation.problems
    assert "30.00%" in problem.message
    assert "90.00%" in problem.message
    assert "50.00%" in problem.message + problem.way_out


# ---------------------------------------------------------------- the order

MISBOOKED = {"compliance": "misbooked", "compliance_amount": "1.00"}
NO_PAPERS = {"records_complete": False, "records_note": "缺合同"}
STEPS: list[tuple[Changes, str]] = [
    (NO_PAPERS, "special_mention"),
    (MISBOOKED, "special_mention"),
    (MISBOOKED | NO_PAPERS, "substandard"),
    ({"violates_rules": True}, "special_mention"),
    ({"violates_rules": True} | NO_PAPERS, "substandard"),
    ({"accuracy": ["account_cash"], "accuracy_amount": "1"} | NO_PAPERS, "special_mention"),
    ({"accuracy": ["account_cash"], "accuracy_amount": "1"} | MISBOOKED, "substandard"),
    ({"counterparty_state": "strained"} | NO_PAPERS, "special_mention"),
    ({"counterparty_state": "strained"} | MISBOOKED, "substandard"),
    ({"counterparty_state": "strained"} | MISBOOKED | NO_PAPERS, "substandard"),
    ({"counterparty_state": "deteriorated"} | NO_PAPERS, "substandard"),
    ({"counterparty_state": "deteriorated"} | MISBOOKED, "doubtful"),
    ({"counterparty_state": "ceased"} | MISBOOKED, "loss"),
    ({"counterparty_state": "closed"} | MISBOOKED | NO_PAPERS, "loss"),
    # The question is not asked of what is not compliant, so it does not count twice.
    (MISBOOKED | {"violates_rules": True}, "special_mention"),
]


@pytest.mark.parametrize(("changes", "expected"), STEPS)
def test_steps_3_and_4(changes: Changes, expected: str) -> None:
    evaluation = judged(table("1-2"), changes)
    assert class_of(evaluation) == expected
    assert evaluation.at_least is evaluation.suggested


def test_safe_but_misbooked_is_special_mention() -> None:
    assert class_of(judged(table("1-1"), MISBOOKED)) == "special_mention"
    share = SHARE | {"investment_type": "union_share"} | MISBOOKED
    assert class_of(judged(table("1-6"), share)) == "special_mention"
    paid = {"recovered_amount": "10000", "recovered_on": "base+1"} | MISBOOKED | NO_PAPERS
    assert class_of(judged(table("1-5"), paid)) == "substandard"


def test_loss_with_a_breach_stays_loss() -> None:
    for id_, changes in (
        ("1-5", {"kind": "welfare_overdraft", "expected_loss": ""}),
        ("1-8", {"integrity": "missing", "use_value": "untransferable"}),
        ("1-2", {"expected_loss": "9500", "remarks": "x"}),
    ):
        assert class_of(judged(table(id_), changes | MISBOOKED | NO_PAPERS)) == "loss"


def test_fully_depreciated_and_missing() -> None:
    gone = {"fully_depreciated": True, "integrity": "missing", "accumulated_depreciation": "20000",
            "carrying_amount": "0.00", "use_value": "untransferable"}  # fmt: skip
    evaluation = judged(table("1-8"), gone)
    assert class_of(evaluation) == "loss"
    assert evaluation.expected_loss == 0
    assert evaluation.loss_rate == 0
    there = judged(table("1-8"), gone | {"integrity": "severely_damaged"})
    assert class_of(there) == "normal"


def test_a_direct_rule_comes_before_every_floor() -> None:
    evaluation = judged(
        table("1-6"),
        {"investment_type": "union_share", "agreement": True, "agreement_legality": "legal",
         "investee_state": "bankrupt", "ownership_clear": False, "claim_enforceable": False},
    )  # fmt: skip
    assert class_of(evaluation) == "normal"
    assert rules(evaluation) == {"investment.union_share"}
    assert evaluation.distance == ()


def test_the_listed_order_of_direct_rules() -> None:
    paid = {"kind": "welfare_overdraft", "recovered_amount": "10000", "recovered_on": "base+1"}
    assert rules(judged(table("1-5"), paid)) == {"other_receivables.recovered_in_full"}


@pytest.mark.parametrize(
    ("subject", "price", "expected"),
    [
        ("1631", "", "loss"),
        ("3121", "", "loss"),
        ("1531", "11000", "normal"),
        ("1531", "10999.99", "substandard"),
        ("1531", "8000.00", "doubtful"),
        ("1531", "2000.00", "doubtful"),
        ("1531", "1999.99", "loss"),
    ],
)
def test_the_subjects_of_direct_loss(subject: str, price: str, expected: str) -> None:
    changes = {"subject": subject, "estimated_price": price, "remarks": "x"}
    for ruleset in (OLD, NEW):
        assert class_of(judged(table("1-12", ruleset), changes)) == expected


def test_direct_loss_knows_no_steps_3_and_4() -> None:
    assert not {"compliance", "accuracy", "records_complete"} & set(table("1-12").fields)
    changes = {"booking_proper": False, "data_accurate": False}
    evaluation = judged(table("1-12"), changes)
    assert class_of(evaluation) == "normal"
    assert codes(evaluation) == ["W320", "W321"]


def test_reasons_stand_with_the_deciding_one_first() -> None:
    changes: Changes = {"counterparty_state": "strained", "limitation": "lapsed"}
    changes |= {"expected_loss": "100", "remarks": "x", "interest_paid": False}
    evaluation = judged(table("1-2"), changes)
    ranks = [r.floor.rank for r in evaluation.reasons if r.floor]
    assert ranks == sorted(ranks, reverse=True)
    assert evaluation.reasons[0].rule == "limitation.lapsed"
    assert len(evaluation.reasons) == 4


def test_a_step_that_made_it_worse_stands_first() -> None:
    evaluation = judged(table("1-2"), {"ownership_disputed": True} | MISBOOKED)
    assert evaluation.reasons[0].rule == "common.compliance"
    assert evaluation.reasons[0].floor is FiveClass.DOUBTFUL


# ---------------------------------------------------------------- open and absent


def outcome(id_: str, changes: Changes, ruleset: str = OLD) -> tuple[str | None, str]:
    """Class and the least class of a row."""
    evaluation = judged(table(id_, ruleset), changes)
    return class_of(evaluation), evaluation.at_least.value


@pytest.mark.parametrize(
    ("id_", "changes", "expected"),
    [
        # What is missing could make it worse.
        ("1-2", {"counterparty_state": ""}, (None, "normal")),
        ("1-2", {"counterparty_state": "", "ownership_disputed": True}, (None, "substandard")),
        ("1-2", {"expected_loss": ""}, (None, "normal")),
        ("1-2", {"records_complete": ""}, (None, "normal")),
        ("1-2", {"compliance": ""}, (None, "normal")),
        ("1-2", {"accuracy": None}, (None, "normal")),
        ("1-2", {"formed_on": ""}, ("normal", "normal")),
        ("1-2", {"carrying_amount": "abc", "expected_loss": "1"}, (None, "normal")),
        # What is missing can't make it worse than it is.
        ("1-2", {"interest_paid": "", "counterparty_state": "strained"},
         ("special_mention", "special_mention")),
        ("1-2", {"ownership_disputed": "", "counterparty_state": "ceased"},
         ("doubtful", "doubtful")),
        ("1-2", {"limitation": "", "counterparty_state": "ceased"}, ("doubtful", "doubtful")),
        ("1-2", {"records_complete": "", "interest_paid": False},
         ("special_mention", "special_mention")),
        ("1-2", {"counterparty_state": "closed", "limitation": "", "litigation": "",
                 "compliance": "", "records_complete": "", "expected_loss": "",
                 "accuracy": None}, ("loss", "loss")),
        # True or open holds, false and open does not.
        ("1-2", {"kind": "", "due_on": "base-361"}, ("loss", "loss")),
        ("1-2", {"kind": "", "due_on": "base-10"}, (None, "normal")),
        ("1-2", {"kind": "", "due_on": "base-60"}, (None, "normal")),
        ("1-2", {"kind": "", "due_on": "base+1"}, ("normal", "normal")),
        ("1-5", {"kind": "", "debtor_state": "dead_or_bankrupt"}, ("loss", "loss")),
        ("1-6", {"ownership_clear": "", "claim_enforceable": True}, (None, "normal")),
        ("1-6", {"ownership_clear": "", "claim_enforceable": False, "formed_on": "base-4000"},
         ("loss", "loss")),
        # Invalid is as open as unanswered.
        ("1-2", {"counterparty_state": "unknown"}, (None, "normal")),
        ("1-2", {"due_on": "soon"}, (None, "normal")),
        ("1-2", {"due_on": "soon", "counterparty_state": "closed"}, ("loss", "loss")),
        ("1-2", {"expected_loss": "-1"}, (None, "normal")),
        # A direct rule that is open could make it better.
        ("1-1", {"item": "", "subject": "1131"}, (None, "normal")),
        ("1-8", {"fully_depreciated": True, "integrity": ""}, (None, "normal")),
        ("1-1", {"item": "special_bill", "redemption": ""}, (None, "normal")),
        # The method's figure is open while a part of it is.
        ("1-3", {"estimated_price": ""}, (None, "normal")),
        ("1-3", {"estimated_price": "", "use_value": "untransferable"}, ("loss", "loss")),
        ("1-3", {"estimated_price": "", "expected_loss": "9500", "remarks": "x"},
         ("loss", "loss")),
        ("1-3", {"estimated_price": "", "expected_loss": "5000", "remarks": "x"},
         (None, "doubtful")),
    ],
)  # fmt: skip
def test_what_is_open(id_: str, changes: Changes, expected: tuple[str | None, str]) -> None:
    assert outcome(id_, changes) == expected


def test_an_open_condition_opens_what_it_asks() -> None:
    evaluation = judged(table("1-2"), {"compliance": ""})
    assert evaluation.states["compliance"] == "unanswered"
    assert evaluation.states["violates_rules"] == "not_asked"
    # Only what is surely asked is called missing.
    assert [p.field for p in evaluation.problems] == ["compliance"]


def test_states_of_fields() -> None:
    changes = {"due_on": "soon", "limitation": "", "bond_name": "x", "market_value": ""}
    states = judged(table("1-2"), changes).states
    wanted = {
        "counterparty": "answered",
        "due_on": "invalid",
        "limitation": "unanswered",
        "bond_name": "not_asked",
        "market_value": "empty",
        "overdue_days": "computed",
        "loss_basis": "answered",
        "violates_rules": "answered",
    }
    assert {key: states[key] for key in wanted} == wanted


def test_an_optional_value_left_empty_is_answered() -> None:
    for id_, key in (("1-2", "due_on"), ("1-2", "market_value"), ("1-4", "recovered_amount"),
                     ("1-5", "responsible"), ("1-8", "impairment"), ("1-10", "remaining_years"),
                     ("1-6", "due_on")):  # fmt: skip
        assert class_of(judged(table(id_), {key: ""})) == "normal"
        assert class_of(judged(table(id_), {key: None})) == "normal"


def test_an_absent_amount_counts_as_nothing_where_it_is_subtracted() -> None:
    with_, without = {"impairment": "0.00"}, {"impairment": ""}
    for changes in (with_, without):
        assert not judged(table("1-8"), changes).problems
    assert judged(table("1-4"), {"recovered_amount": ""}).most_left() == Decimal("10000.00")


def test_a_rule_on_what_is_not_asked_does_not_hold() -> None:
    # interest_paid and the like are asked always; agreement_legality only with an agreement.
    changes = {"agreement": False, "agreement_legality": "illegal"}
    assert "E222" not in codes(judged(table("1-2"), changes))
    # On shares the questions of 2023 are not asked.
    share = SHARE | {"credit_impaired": True, "in_liquidation": True, "evading": True}
    assert class_of(judged(table("1-6", NEW), share)) == "normal"


def test_a_default_stands_for_an_empty_answer() -> None:
    cash = judged(table("1-1"), {"name": "", "formed_on": ""})
    assert cash.typed["name"] == "现金"
    assert cash.typed["formed_on"] == ReportedDate(BASE)
    assert judged(table("1-12"), {"formed_on": ""}).typed["formed_on"] == ReportedDate(BASE)
    assert judged(table("1-2"), {"loss_basis": ""}).typed["loss_basis"] == "estimated"
    assert judged(table("1-2"), {"violates_rules": ""}).typed["violates_rules"] is False


# ---------------------------------------------------------------- the rule set of 2023

TECHNICAL = {"due_on": "base-7", "technical_overdue": True}
NEW_ROWS: list[tuple[str, Changes, str | None]] = [
    ("1-4", {"due_on": "base-1", "technical_overdue": False}, "special_mention"),
    ("1-4", {"due_on": "base-7", "technical_overdue": False}, "special_mention"),
    ("1-4", TECHNICAL, "normal"),
    ("1-4", {"due_on": "base-8", "technical_overdue": True}, "special_mention"),
    ("1-4", {"due_on": "base-7"}, None),
    ("1-5", TECHNICAL, "normal"),
    ("1-4", {"due_on": "base-90"}, "special_mention"),
    ("1-4", {"due_on": "base-91"}, "substandard"),
    ("1-4", {"due_on": "base-270", "formed_on": "base-280"}, "substandard"),
    ("1-4", {"due_on": "base-271", "formed_on": "base-280"}, "doubtful"),
    ("1-4", {"due_on": "base-360", "formed_on": "base-361"}, "doubtful"),
    ("1-4", {"due_on": "base-361", "formed_on": "base-361"}, "loss"),
    ("1-5", {"due_on": "base-91"}, "substandard"),
    ("1-5", {"due_on": "base-271", "formed_on": "base-280"}, "doubtful"),
    ("1-7", {"due_on": "base-90"}, "special_mention"),
    ("1-7", {"due_on": "base-361", "formed_on": "base-361"}, "loss"),
    ("1-7", {"due_on": "base-361", "formed_on": "base-361", "entrusted_funds": "10000"}, "normal"),
    ("1-2", TECHNICAL, "substandard"),
    ("1-4", {"credit_impaired": True}, "substandard"),
    ("1-4", {"credit_impaired": True, "expected_loss": "4999.99", "remarks": "x"}, "doubtful"),
    ("1-4", {"credit_impaired": True, "expected_loss": "5000.00", "remarks": "x"}, "doubtful"),
    ("1-4", {"credit_impaired": True, "expected_loss": "8999.99", "remarks": "x"}, "doubtful"),
    ("1-4", {"credit_impaired": True, "expected_loss": "9000.00", "remarks": "x"}, "loss"),
    ("1-4", {"expected_loss": "9000.00", "remarks": "x"}, "doubtful"),
    ("1-4", {"evading": True}, "doubtful"),
    ("1-4", {"in_liquidation": True, "credit_impaired": True}, "loss"),
    ("1-4", {"debtor_npl_here": True}, "substandard"),
    ("1-4", {"debtor_overdue_elsewhere": True}, "substandard"),
    ("1-4", {"debtor_npl_here": ""}, None),
    ("1-4", {"debtor_npl_here": "", "evading": True}, "doubtful"),
    ("1-5", {"recovered_amount": "10000", "recovered_on": "base+1", "evading": True}, "normal"),
    ("1-6", {"due_on": "base-1", "technical_overdue": True}, "substandard"),
]


@pytest.mark.parametrize(
    ("id_", "changes", "expected"), NEW_ROWS, ids=[f"{c[0]}-{i}" for i, c in enumerate(NEW_ROWS)]
)
def test_floors_of_2023(id_: str, changes: Changes, expected: str | None) -> None:
    assert class_of(judged(table(id_, NEW), changes)) == expected


@pytest.mark.parametrize("last", ["substandard", "doubtful", "loss"])
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["E001"]),
        ({"cured_confirmed": False}, ["E190"]),
        ({"cured_confirmed": True}, []),
        ({"cured_confirmed": False, "interest_paid": False}, ["E190"]),
        ({"interest_paid": False}, ["E001"]),
        ({"interest_paid": False, "ownership_disputed": True, "cured_confirmed": ""}, ["W003"]),
    ],
)
def test_a_cure_needs_its_confirmation(last: str, changes: Changes, found: list[str]) -> None:
    assert codes(judged(table("1-2", NEW), changes, last_class=FiveClass(last))) == found


@pytest.mark.parametrize("last", [None, "normal", "special_mention"])
def test_no_cure_of_what_was_well(last: str | None) -> None:
    last_class = FiveClass(last) if last else None
    assert not judged(table("1-2", NEW), last_class=last_class).problems
    given = judged(table("1-2", NEW), {"cured_confirmed": False}, last_class=last_class)
    assert not given.problems
    assert "cured_confirmed" in given.ignored


def test_the_last_class_comes_with_the_row_of_a_command() -> None:
    values = row(table("1-2", NEW)) | {"last_class": "doubtful", "base_date": "2006-12-31"}
    answer = classified(table("1-2", NEW), values, BASE)
    assert [p["code"] for p in answer["problems"]] == ["E001"]


def test_the_rule_set_in_force() -> None:
    assert ruleset_for(date(2023, 6, 30)).id == OLD
    assert ruleset_for(date(2023, 7, 1)).id == NEW
    assert ruleset_for(date(2006, 12, 31)).id == OLD
    assert ruleset_for(date(1990, 1, 1)).id == OLD
