"""What every table, field, choice, rule, check and column must have: a new one without it fails."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from app.forms import RuleSet, Table, load_ruleset
from app.forms.schema import Check
from app.resources import resource_path
from tests.forms.rows import NEW, OLD, data, name_of, row_tables, rulesets

TABLES = [table for ruleset in rulesets() for table in ruleset.tables.values()]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Marks as they stand in the domain; every rule not named here is a default (D).
FROM_THE_SOURCE = set(data("sources.toml")["S"])
FROM_REGULATION = set(data("sources.toml")["R"])


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_table_says_what_it_is(table: Table) -> None:
    assert all(CHINESE.search(t) for t in (table.title, table.short_title, table.method))
    assert len(table.about) >= 40
    assert len(table.short_title) <= 12
    assert table.definition.source in ("S", "R", "D")


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_field_tells_the_clerk_what_to_do(table: Table) -> None:
    for field in table.fields.values():
        assert CHINESE.search(field.label)
        assert len(field.label) <= 32
        assert len(field.instruction) >= 15
        assert field.label not in (field.instruction, field.instruction.rstrip("。"))
        assert field.instruction.endswith(("。", "）"))
        if field.computed:
            assert "程序" in field.instruction or "系统" in field.instruction
            assert not field.default
            assert not field.optional or table.id == "2"


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_instructions_are_not_copied_from_field_to_field(table: Table) -> None:
    counts = Counter(field.instruction for field in table.fields.values())
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_choice_is_explained(table: Table) -> None:
    for choice in [c for field in table.fields.values() for c in field.choices]:
        assert CHINESE.search(choice.label)
        assert len(choice.explanation) >= 10
        assert choice.explanation.rstrip("。") != choice.label


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_the_explanations_of_a_field_differ(table: Table) -> None:
    for field in table.fields.values():
        for texts in (
            [choice.explanation for choice in field.choices],
            [choice.label for choice in field.choices],
            [choice.code for choice in field.choices],
        ):
            assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_rule_has_its_basis_and_mark(table: Table) -> None:
    for rule in table.rules:
        assert len(rule.text) >= 4
        assert len(rule.basis) >= 15
        assert rule.text != rule.basis
        assert rule.evidence, "a rule asks for the papers that show it"
        marked = "S" if rule.id in FROM_THE_SOURCE else "R" if rule.id in FROM_REGULATION else "D"
        assert rule.source == marked
        assert rule.basis.startswith("默认规则：") is (marked == "D")
        assert ("联社可在规则集中修改" in rule.basis) is (marked == "D")


def test_marks_name_only_rules_that_are_there() -> None:
    known = {rule.id for table in TABLES for rule in table.rules}
    assert known >= FROM_THE_SOURCE | FROM_REGULATION


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_check_says_what_and_how_out(table: Table) -> None:
    for check in table.checks:
        assert CHINESE.search(check.text)
        assert CHINESE.search(check.way_out)
        assert check.text != check.way_out
        assert not check.text.endswith(("！", "!"))


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_a_code_means_one_thing_in_a_rule_set(ruleset: RuleSet) -> None:
    checks: dict[str, Check] = {}
    for table in ruleset.tables.values():
        for check in table.checks:
            same = checks.setdefault(check.code, check)
            assert same == check, check.code
    assert not set(checks) & set(ruleset.problems)
    assert all(int(code[1:]) < 50 for code in ruleset.problems)


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_codes_of_checks_lie_in_the_range_of_their_table(table: Table) -> None:
    start = 200 + 10 * int(table.id.split("-")[1])
    own = [int(c.code[1:]) for c in table.checks if int(c.code[1:]) >= 200]
    assert all(start <= number < start + 10 for number in own)
    assert all(int(c.code[1:]) >= 100 for c in table.checks)


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_rules_and_checks_are_named_once(table: Table) -> None:
    for names in ([r.id for r in table.rules], [c.code for c in table.checks]):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_a_rule_means_one_thing_in_a_rule_set(ruleset: RuleSet) -> None:
    """A rule may speak of a table's own fields (1-7: the advance), but demands the same class."""
    seen: dict[str, tuple[Any, ...]] = {}
    for table in ruleset.tables.values():
        for rule in table.rules:
            said = (rule.effect, rule.floor, rule.source, rule.basis)
            assert seen.setdefault(rule.id, said) == said, rule.id


@pytest.mark.parametrize("name", [OLD, NEW])
def test_nothing_shared_is_unused(name: str) -> None:
    file = resource_path("rulesets", name, "common.toml")
    common = tomllib.loads(file.read_text(encoding="utf-8"))
    tables = load_ruleset(name).tables.values()
    used = {rule.id for table in tables for rule in table.rules}
    assert {rule["id"] for rule in common["rule"]} <= used
    used = {check.code for table in tables for check in table.checks}
    assert {check["code"] for check in common["check"]} <= used
    used = {key for table in tables for key in table.fields}
    assert {field["key"] for field in common["field"]} <= used


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_every_answer_is_printed(table: Table) -> None:
    """In a column of the official table, or in the working paper, which prints the sections."""
    in_sections = {key for section in table.sections for key in section.fields}
    columns = {column.field for column in table.columns}
    assert set(table.fields) == in_sections | columns
    assert columns <= set(table.fields)
    for section in table.sections:
        assert section.fields
        assert CHINESE.search(section.title)
    parts = [table.fields[key].part for section in table.sections for key in section.fields]
    order = ["row", "working_paper", "opinion", "union"]
    assert parts == sorted(parts, key=order.index)


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_columns_have_at_most_three_levels(table: Table) -> None:
    for column in table.columns:
        assert len(column.group) <= 2
        assert set(column.texts) - {"*", "[]", "true", "false"} <= {
            choice.code for choice in table.fields[column.field].choices
        }
    paths = [(*column.group, column.title) for column in table.columns]
    assert len(set(paths)) == len(paths)
    # A group stands together: its header is one cell.
    for depth in (1, 2):
        groups = [column.group[:depth] for column in table.columns]
        runs = [g for g, before in zip(groups, [None, *groups], strict=False) if g != before and g]
        whole = [g for g in runs if len(g) == depth]
        assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_columns_end_as_the_official_table_does(table: Table) -> None:
    ends = ["expected_loss", "loss_rate", "remarks", "initial_class"]
    ends += ["review_class", "determined_class"]
    fields = [column.field for column in table.columns]
    assert fields[0] == "seq"
    assert fields[-1] == "determined_class"
    if table.id != "1-12":
        assert fields[-6:] == ends
        groups = ["/".join(column.group) for column in table.columns]
        assert groups.count("操作风险/合规性") == groups.count("操作风险/准确性") == 2


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_totals_are_sums_of_money(table: Table) -> None:
    columns = {column.field for column in table.columns}
    for total in table.definition.totals:
        assert table.fields[total].type == "money"
        assert total in columns


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_table_shows_worked_cases(table: Table) -> None:
    assert len(table.cases) >= 2 or table.id == "2"
    assert bool(table.cases) is not (table.id == "2")
    for case in table.cases:
        assert len(case.facts) >= 20
        assert CHINESE.search(case.title)


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_every_subject_stands_in_one_line_of_the_summary(ruleset: RuleSet) -> None:
    lines = {line.key: line for line in ruleset.summary}
    assert len(lines) == len(ruleset.summary)
    leaves = Counter(code for line in ruleset.summary for code in line.subjects)
    assert leaves == Counter(dict.fromkeys(ruleset.chart, 1))
    for line in ruleset.summary:
        assert not (line.subjects and line.sum_of)
        assert set(line.sum_of) <= set(lines)
    summed = Counter(key for line in ruleset.summary for key in line.sum_of)
    assert set(summed.values()) == {1}


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_every_subject_of_a_table_is_in_the_total(ruleset: RuleSet) -> None:
    lines = {line.key: line for line in ruleset.summary}

    def below(key: str) -> set[str]:
        line = lines[key]
        return set(line.subjects).union(*(below(part) for part in line.sum_of))

    with_table = {code for code, subject in ruleset.chart.items() if subject.table}
    assert below("total") == with_table
    assert below("safe_assets").isdisjoint(below("risk_bearing_assets"))
    safe = {code for code, s in ruleset.chart.items() if s.table == "1-1"}
    assert below("safe_assets") == safe - below("special_bills")


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_every_subject_belongs_to_a_table_that_is_there(ruleset: RuleSet) -> None:
    for subject in ruleset.chart.values():
        if subject.table:
            assert subject.tie_field in ruleset.table(subject.table).fields
        else:
            assert subject.side == "credit", "only counter-accounts have no table"
    for table in ruleset.row_tables:
        assert ruleset.first_subject(table.id)


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_big_losses_are_those_of_the_five_items(ruleset: RuleSet) -> None:
    assert ruleset.big_loss_tables == ("1-3", "1-4", "1-5", "1-8", "1-9")
    assert str(ruleset.big_loss_threshold) in ("100000", "100000.00")


@pytest.mark.parametrize("ruleset", rulesets(), ids=lambda r: r.id)
def test_standard_rates_and_bands(ruleset: RuleSet) -> None:
    rates = {member.value: str(rate) for member, rate in ruleset.standard_rates.items()}
    assert rates == {
        "normal": "0",
        "special_mention": "0.02",
        "substandard": "0.25",
        "doubtful": "0.50",
        "loss": "1.00",
    }
    bands = [(band.floor.value, str(band.above), band.included) for band in ruleset.bands]
    assert bands == [
        ("loss", "0.90", False),
        ("doubtful", "0.30", True),
        ("substandard", "0", False),
    ]


def test_texts_speak_of_no_system_busy() -> None:
    text = "".join(str(table.definition) for table in TABLES)
    assert "系统忙" not in text
