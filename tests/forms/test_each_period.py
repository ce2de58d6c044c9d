"""Which answers belong to one base date, and which subject of the old chart became which."""

from __future__ import annotations

import msgspec
import pytest

from app.forms import Table, load_ruleset
from app.forms.ruleset import ruleset_from_snapshot
from tests.forms.rows import NEW, OLD, judged, name_of, row_tables, table

COMPLIANCE = {
    "compliance", "compliance_amount", "compliance_note", "accuracy", "accuracy_amount",
    "violates_rules",
}  # fmt: skip
LOSS = {"expected_loss", "remarks", "experts", "expert_opinion", "wp_basis"}
OPINIONS = {
    "initial_class", "initial_reason", "review_class", "review_reason", "department_opinion",
    "site_check", "audit_opinion", "determined_class", "determined_reason",
}  # fmt: skip
PRICE = {
    "estimated_price", "disposal_costs", "disposal_taxes", "appraisal", "valued_by", "valued_on",
}  # fmt: skip
RECOVERED = {"recovered_amount", "recovered_on"}
OWN = {
    "1-1": COMPLIANCE,
    "1-2": COMPLIANCE | {"loss_basis", "market_value"},
    "1-3": COMPLIANCE | PRICE | {"use_value"},
    "1-4": COMPLIANCE | RECOVERED | {"loss_basis", "underlying_class"},
    "1-5": COMPLIANCE | RECOVERED | {"loss_basis"},
    "1-6": COMPLIANCE | {"market_value", "investee_equity"},
    "1-7": COMPLIANCE | {"loss_basis"},
    "1-8": COMPLIANCE | PRICE | {"use_value", "depreciation_correct"},
    "1-9": COMPLIANCE | {"use_value", "market_value"},
    "1-10": COMPLIANCE | PRICE | {"remaining_years"},
    "1-11": COMPLIANCE,
    "1-12": PRICE | {"booking_proper", "data_accurate", "judgement"},
}
FINANCE = {
    "credit_impaired", "technical_overdue", "debtor_npl_here", "debtor_overdue_elsewhere",
    "cured_confirmed",
}  # fmt: skip
FINANCIAL = ("1-2", "1-4", "1-5", "1-6", "1-7")


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_what_is_asked_again(table: Table) -> None:
    wanted = OWN[table.id] | LOSS | OPINIONS
    if table.ruleset.id == NEW and table.id in FINANCIAL:
        wanted |= FINANCE
    assert {key for key, field in table.fields.items() if field.each_period} == wanted


@pytest.mark.parametrize("name", [OLD, NEW])
def test_what_a_sheet_of_table_two_is_asked_again(name: str) -> None:
    fields = load_ruleset(name).table("2").fields
    own = {key for key, field in fields.items() if not field.computed and field.part == "row"}
    assert {key for key in own if fields[key].each_period} == {
        "recoverable", "responsibility_opinion",
    }  # fmt: skip
    assert own >= {"collection", "responsible"}


def test_a_snapshot_that_does_not_know_the_mark_still_opens() -> None:
    raw = msgspec.json.decode(load_ruleset(OLD).snapshot())
    for definition in raw["tables"].values():
        for field in definition["field"]:
            field.pop("each_period", None)
            field.pop("decimals", None)
    raw["tables"]["1-3"]["field"] = [
        field | {"computed": "fen(max(0, days(formed_on, base_date)) / 3650) * 10"}
        if field["key"] == "held_years"
        else field
        for field in raw["tables"]["1-3"]["field"]
    ]
    older = ruleset_from_snapshot(msgspec.json.encode(raw))
    assert older.hash != load_ruleset(OLD).hash
    assert not any(f.each_period for t in older.row_tables for f in t.fields.values())
    held = judged(older.table("1-3"), {"formed_on": "2003-10-20"}).typed["held_years"]
    assert held == judged(table("1-3"), {"formed_on": "2003-10-20"}).typed["held_years"]


def test_every_subject_of_the_old_chart_has_a_follower_of_its_table() -> None:
    old, new = load_ruleset(OLD), load_ruleset(NEW)
    for code, subject in old.chart.items():
        followers = [s for s in new.chart.values() if code in s.formerly]
        assert followers, code
        assert {(s.table, s.side) for s in followers} == {(subject.table, subject.side)}


def test_followers_of_one_subject_share_every_answer_between_them() -> None:
    new = load_ruleset(NEW)
    for code in load_ruleset(OLD).chart:
        followers = [s for s in new.chart.values() if code in s.formerly]
        if len(followers) == 1:
            assert not followers[0].formerly_where
            continue
        (key,) = {key for s in followers for key in s.formerly_where}
        answers = [answer for s in followers for answer in s.formerly_where[key]]
        field = new.table(followers[0].table).fields[key]
        assert sorted(answers) == sorted(choice.code for choice in field.choices)


def test_no_subject_of_the_first_rule_set_had_another_code() -> None:
    assert not any(s.formerly or s.formerly_where for s in load_ruleset(OLD).chart.values())


def test_years_held_have_one_decimal() -> None:
    field = table("1-3").fields["held_years"]
    assert (field.type, field.decimals) == ("int", 1)
    others = [f for t in row_tables() for f in t.fields.values() if f.key != "held_years"]
    assert not any(f.decimals for f in others)
