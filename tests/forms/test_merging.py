"""Child rule sets over their parents; snapshots; what a union can change."""

from __future__ import annotations

import json
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.forms import (
    Context,
    DefinitionError,
    FiveClass,
    RuleSet,
    evaluate,
    load_ruleset,
    ruleset_from_snapshot,
)
from app.forms.merging import merged, resolved_table
from app.resources import resource_path
from tests.forms.rows import BASE, NEW, OLD, TODAY, class_of, data, judged, row, row_tables, table

HERE = Path(__file__).parent


def child_of(folder: Path, parent: str, *, settings: str = "", **files: str) -> RuleSet:
    """A rule set laid over a shipped one; keyword "t1_2" is the file 1-2.toml."""
    folder.mkdir()
    head = (
        f'id = "union"\ntitle = "某联社的规则集"\napplies_from = 2008-01-01\nparent = "{parent}"\n'
    )
    (folder / "ruleset.toml").write_text(head + settings, encoding="utf-8")
    for name, text in files.items():
        stem = name.removeprefix("t").replace("_", "-") if name.startswith("t") else name
        (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
    return load_ruleset(folder)


# ---------------------------------------------------------------- entries


def test_entries_are_merged_by_their_key() -> None:
    parent = {"rule": [{"id": "a.a", "floor": "loss", "text": "x"}, {"id": "b.b"}], "title": "旧"}
    child = {"rule": [{"id": "a.a", "floor": "doubtful"}, {"id": "c.c"}], "title": "新"}
    assert merged(parent, child) == {
        "rule": [{"id": "a.a", "floor": "doubtful", "text": "x"}, {"id": "b.b"}, {"id": "c.c"}],
        "title": "新",
    }
    assert parent["rule"][0] == {"id": "a.a", "floor": "loss", "text": "x"}


def test_entries_are_taken_out() -> None:
    parent = {"rule": [{"id": "a.a"}, {"id": "b.b"}], "subject": [{"code": "1"}], "totals": ["x"]}
    child: dict[str, Any] = {"remove": {"rule": ["a.a"], "subject": ["1"]}}
    assert merged(parent, child) == {"rule": [{"id": "b.b"}], "subject": [], "totals": ["x"]}
    assert merged(parent, {"remove": {"check": ["E1"]}})["check"] == []


def test_a_section_gains_fields_at_its_end() -> None:
    parent = {"section": [{"key": "credit", "title": "信用", "fields": ["a", "b"]}]}
    child = {"section": [{"key": "credit", "add": ["b", "c"]}]}
    assert merged(parent, child)["section"] == [
        {"key": "credit", "title": "信用", "fields": ["a", "b", "c"]}
    ]


def test_a_section_with_fields_of_its_own_replaces_them() -> None:
    parent = {"section": [{"key": "credit", "title": "信用", "fields": ["a", "b"]}]}
    child = {"section": [{"key": "credit", "fields": ["b"]}, {"key": "new", "fields": ["a"]}]}
    assert [s["fields"] for s in merged(parent, child)["section"]] == [["b"], ["a"]]


def test_choices_are_merged_by_their_code() -> None:
    parent = {"field": [{"key": "k", "choices": [{"code": "x", "label": "旧"}, {"code": "y"}]}]}
    child = {
        "field": [{"key": "k", "choices": [{"code": "x", "label": "新"}, {"code": "z"}],
                   "remove": {"choices": ["y"]}}]
    }  # fmt: skip
    assert merged(parent, child)["field"][0]["choices"] == [
        {"code": "x", "label": "新"},
        {"code": "z"},
    ]


def test_values_of_a_case_are_merged_one_by_one() -> None:
    parent = {"case": [{"number": 1, "values": {"subject": "1011", "name": "现金"}}]}
    child = {"case": [{"number": 1, "values": {"subject": "1001"}}]}
    assert merged(parent, child)["case"][0]["values"] == {"subject": "1001", "name": "现金"}


def test_settings_that_are_tables_are_merged() -> None:
    parent = {"standard_rates": {"loss": "1", "normal": "0"}}
    assert merged(parent, {"standard_rates": {"loss": "0.9"}}) == {
        "standard_rates": {"loss": "0.9", "normal": "0"}
    }


def test_a_table_takes_shared_entries_and_changes_what_it_names() -> None:
    common = {
        "field": [{"key": "a", "label": "甲", "type": "int"}, {"key": "b", "label": "乙"}],
        "rule": [{"id": "s.s", "text": "共"}],
        "check": [{"code": "W100"}],
    }
    own = {
        "section": [{"key": "x", "fields": ["a", "c"]}],
        "field": [{"key": "a", "label": "丙"}, {"key": "c"}],
        "common_rules": ["s.s"],
        "rule": [{"id": "t.t"}],
    }
    result = resolved_table(own, common)
    assert result["field"] == [{"key": "a", "label": "丙", "type": "int"}, {"key": "c"}]
    assert result["rule"] == [{"id": "s.s", "text": "共"}, {"id": "t.t"}]
    assert result["check"] == []


# ---------------------------------------------------------------- the shipped child


def test_the_child_adds_and_keeps() -> None:
    for id_ in ("1-2", "1-4", "1-5", "1-6", "1-7"):
        old, new = table(id_), table(id_, NEW)
        assert {r.id for r in old.rules} < {r.id for r in new.rules}
        assert set(old.fields) < set(new.fields)
        assert {c.number for c in old.cases} < {c.number for c in new.cases}
        assert [c.field for c in old.columns] == [c.field for c in new.columns]
    for id_ in ("1-1", "1-3", "1-8", "1-9", "1-10", "1-11", "1-12"):
        old, new = table(id_), table(id_, NEW)
        assert old.rules == new.rules
        assert old.checks == new.checks
        assert list(old.fields) == list(new.fields)


def test_the_child_takes_subjects_out() -> None:
    assert {"1131", "1371", "3121"} <= set(load_ruleset(OLD).chart)
    assert not {"1131", "1371", "3121"} & set(load_ruleset(NEW).chart)
    assert "pooled_funds" not in {line.key for line in load_ruleset(NEW).summary}


def test_the_files_of_the_child_hold_only_what_differs() -> None:
    folder = resource_path("rulesets", NEW)
    for path in sorted(folder.glob("1-*.toml")):
        parent = tomllib.loads(
            resource_path("rulesets", OLD, path.name).read_text(encoding="utf-8")
        )
        own = tomllib.loads(path.read_text(encoding="utf-8"))
        for field in own.get("field", []):
            same = [f for f in parent.get("field", []) if f == field]
            assert not same, f"{path.name}: {field['key']} says what the parent says"


# ---------------------------------------------------------------- snapshots


@pytest.mark.parametrize("name", [OLD, NEW])
def test_a_snapshot_comes_back_whole(name: str) -> None:
    ruleset = load_ruleset(name)
    again = ruleset_from_snapshot(ruleset.snapshot())
    assert again.hash == ruleset.hash
    assert again.snapshot() == ruleset.snapshot()
    assert (again.id, again.title, again.applies_from, again.parent) == (
        ruleset.id,
        ruleset.title,
        ruleset.applies_from,
        ruleset.parent,
    )
    assert list(again.tables) == list(ruleset.tables)
    assert list(again.chart.values()) == list(ruleset.chart.values())
    assert again.bands == ruleset.bands
    for id_, known in ruleset.tables.items():
        assert again.table(id_).definition == known.definition


@pytest.mark.parametrize("name", [OLD, NEW])
def test_a_snapshot_evaluates_the_same(name: str) -> None:
    ruleset = load_ruleset(name)
    again = ruleset_from_snapshot(ruleset.snapshot())
    for known in ruleset.row_tables:
        rows = [(case.values, case.base_date) for case in known.cases]
        rows += [(row(known), BASE), ({}, BASE)]
        for values, base in rows:
            first = evaluate(known, values, Context(base, today=TODAY))
            second = evaluate(again.table(known.id), values, Context(base, today=TODAY))
            assert first.suggested is second.suggested
            assert first.at_least is second.at_least
            assert first.expected_loss == second.expected_loss
            assert first.reasons == second.reasons
            assert first.problems == second.problems
            assert first.typed == second.typed
            assert first.evidence == second.evidence


def test_a_hash_is_of_the_content() -> None:
    ruleset = load_ruleset(OLD)
    assert len(ruleset.hash) == 64
    raw = json.loads(ruleset.snapshot())
    shuffled = dict(reversed(raw.items()))
    assert RuleSet(shuffled).hash == ruleset.hash
    raw["ruleset"]["title"] += "。"
    assert RuleSet(raw).hash != ruleset.hash
    assert load_ruleset(NEW).hash != ruleset.hash


def test_a_snapshot_is_text_in_chinese_without_floats() -> None:
    snapshot = load_ruleset(NEW).snapshot().decode()
    assert "逾期" in snapshot

    def refused(text: str) -> Any:
        raise AssertionError(f"a float: {text}")

    json.loads(snapshot, parse_float=refused)


# ---------------------------------------------------------------- what a union can change


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rule set of 2007, to be changed."""
    return shutil.copytree(resource_path("rulesets", OLD), tmp_path / "copy")


def replaced(path: Path, old: str, new: str) -> None:
    """Changes a file in one place."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_copy_with_other_cut_points(copy: Path) -> None:
    replaced(copy / "ruleset.toml", 'id = "inner-mongolia-2007"', 'id = "other-2008"')
    replaced(copy / "ruleset.toml", "above = 0.90", "above = 0.95")
    union = load_ruleset(copy)
    for loss, expected in (
        ("9000.01", "doubtful"),
        ("9500.00", "doubtful"),
        ("9500.01", "loss"),
        ("3000.00", "doubtful"),
    ):
        changes = {"expected_loss": loss, "remarks": "估计"}
        assert class_of(judged(union.table("1-2"), changes)) == expected
    assert class_of(judged(table("1-2"), {"expected_loss": "9000.01", "remarks": "x"})) == "loss"
    assert union.hash != load_ruleset(OLD).hash


def test_a_cut_point_that_is_not_included(copy: Path) -> None:
    replaced(
        copy / "ruleset.toml", "above = 0.30\nincluded = true", "above = 0.30\nincluded = false"
    )
    union = load_ruleset(copy)
    for loss, expected in (("3000.00", "substandard"), ("3000.01", "doubtful")):
        changes = {"expected_loss": loss, "remarks": "估计"}
        assert class_of(judged(union.table("1-2"), changes)) == expected


def test_a_child_with_only_a_parent(tmp_path: Path) -> None:
    union = child_of(tmp_path / "union", OLD)
    assert union.parent == OLD
    assert union.id == "union"
    assert list(union.tables) == list(load_ruleset(OLD).tables)
    for known in union.row_tables:
        assert known.rules == table(known.id).rules
        for case in known.cases:
            evaluation = evaluate(known, case.values, Context(case.base_date))
            assert class_of(evaluation) == case.expected


def test_a_child_with_other_rates_and_cuts(tmp_path: Path) -> None:
    settings = """
big_loss_threshold = 50000

[standard_rates]
special_mention = 0.015
substandard = 0.30
doubtful = 0.60

[[band]]
floor = "loss"
above = 0.95
"""
    union = child_of(tmp_path / "union", OLD, settings=settings)
    assert union.big_loss_threshold == Decimal(50000)
    assert union.standard_rates[FiveClass.SUBSTANDARD] == Decimal("0.30")
    assert union.standard_rates[FiveClass.LOSS] == 1
    assert [str(band.above) for band in union.bands] == ["0.95", "0.30", "0"]
    given = {"loss_basis": "standard", "expected_loss": "", "counterparty_state": "ceased"}
    assert judged(union.table("1-2"), given).expected_loss == Decimal("6000.00")
    changes = {"expected_loss": "9500.00", "remarks": "估计"}
    assert class_of(judged(union.table("1-2"), changes)) == "doubtful"


def test_a_child_changes_drops_and_adds_rules(tmp_path: Path) -> None:
    text = """
remove = { rule = ["interbank.interest_unpaid"] }

[[rule]]
id = "interbank.enforcing"
floor = "doubtful"

[[rule]]
id = "interbank.big"
floor = "special_mention"
when = "carrying_amount >= 1000000"
text = "金额{carrying_amount}，达到一百万元"
basis = "本联社规定：一百万元以上的同业债权至少划为关注。"
source = "D"
"""
    union = child_of(tmp_path / "union", OLD, t1_2=text)
    changed = union.table("1-2")
    assert class_of(judged(changed, {"interest_paid": False})) == "normal"
    assert class_of(judged(changed, {"litigation": "enforcing"})) == "doubtful"
    big = judged(changed, {"carrying_amount": "1000000.00"})
    assert class_of(big) == "special_mention"
    assert big.reasons[0].text == "金额1,000,000.00元，达到一百万元"
    assert class_of(judged(changed, {"carrying_amount": "999999.99"})) == "normal"


def test_a_child_changes_what_the_clerk_reads(tmp_path: Path) -> None:
    text = """
[[field]]
key = "interest_paid"
instruction = "看本联社统一打印的利息清单填写。"
"""
    field = child_of(tmp_path / "union", OLD, t1_2=text).table("1-2").fields["interest_paid"]
    assert field.instruction == "看本联社统一打印的利息清单填写。"
    assert field.label == table("1-2").fields["interest_paid"].label


def test_a_child_adds_a_subject_and_leaves_tables_out(tmp_path: Path) -> None:
    settings = 'tables = ["1-1", "1-2"]\nremove = { subject = [%s], line = [%s] }\n'
    parent = load_ruleset(OLD)
    gone = [c for c, s in parent.chart.items() if s.table not in ("1-1", "1-2")]
    lines = [line.key for line in parent.summary if {*line.subjects} & {*gone} or line.sum_of]
    filled = settings % (", ".join(f'"{c}"' for c in gone), ", ".join(f'"{k}"' for k in lines))
    subject = '[[subject]]\ncode = "1012001"\nname = "柜员尾箱"\ntable = "1-1"\n'
    union = child_of(tmp_path / "union", OLD, settings=filled, subjects=subject)
    assert list(union.tables) == ["1-1", "1-2"]
    assert union.chart["1012001"].name == "柜员尾箱"
    assert not judged(union.table("1-1"), {"item": "working_fund", "subject": "1012001"}).problems


def test_a_grandchild(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (first / "ruleset.toml").write_text(
        f'id = "first"\ntitle = "省联社"\napplies_from = 2024-01-01\nparent = "{NEW}"\n',
        encoding="utf-8",
    )
    second = child_of(tmp_path / "union", "first", settings="big_loss_threshold = 80000\n")
    assert second.big_loss_threshold == Decimal(80000)
    assert class_of(judged_new(second, "1-4", {"evading": True})) == "doubtful"


def judged_new(ruleset: RuleSet, id_: str, changes: dict[str, Any]) -> Any:
    """The evaluation of a row with the questions of 2023, by a rule set over it."""
    known = ruleset.table(id_)
    values = row(table(id_, NEW), changes)
    del values["initial_class"]
    return evaluate(known, values, Context(BASE))


def test_a_child_can_be_broken_too(tmp_path: Path) -> None:
    text = '[[rule]]\nid = "interbank.enforcing"\nwhen = "litigatio == \'suing\'"\n'
    with pytest.raises(DefinitionError) as caught:
        child_of(tmp_path / "union", OLD, t1_2=text)
    for word in ("union/1-2.toml", "line 2", "did you mean 'litigation'"):
        assert word in str(caught.value)


def test_every_shipped_row_is_in_order_in_the_rows_of_the_tests() -> None:
    known = {t.id for t in row_tables()}
    assert set(data("rows.toml")["rows"]) == known
