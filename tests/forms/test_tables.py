"""The tables ask what the domain says: fields, types, choices, conditions, columns, subjects."""

from __future__ import annotations

from typing import Any

import pytest

from app.forms import Context, FiveClass, Table, evaluate, load_ruleset
from app.forms.schema import FieldDef
from app.forms.values import choice_label
from tests.forms.rows import BASE, NEW, OLD, codes, data, judged, name_of, row_tables, table

WANTED: dict[str, Any] = data("tables.toml")
# Where the method gives no figure for the row in order, so that an empty one is unanswered.
LOSS_IS_ASKED = {"1-2", "1-4", "1-5", "1-6", "1-7", "1-9", "1-11"}


def wanted_fields(table: Table) -> dict[str, dict[str, Any]]:
    """What the domain says about the fields of a table."""
    entry = WANTED["table"][table.id]
    fields: dict[str, dict[str, Any]] = {}
    for group in entry["takes"]:
        shared = {key: dict(field) for key, field in WANTED["shared"][group].items()}
        for field in shared.values():
            field.update(entry.get("asked_of", {}).get(group, {}))
        fields |= shared
    fields |= entry["fields"]
    if table.ruleset.id == NEW and table.id in WANTED["finance"]["tables"]:
        finance = {key: dict(field) for key, field in WANTED["finance"]["fields"].items()}
        for key, field in finance.items():
            conditions = WANTED["finance"]["asked_on"].get(table.id, {})
            for name, changes in conditions.items():
                field[name] = field.get(name, {}) | changes
            if key == "cured_confirmed":
                field.pop("not_asked", None)
        if table.id == "1-5":
            finance |= WANTED["finance"]["receivables"]
        fields |= finance
    return fields


FIELDS = [
    pytest.param(table, key, wanted, id=f"{name_of(table)}-{key}")
    for table in row_tables()
    for key, wanted in wanted_fields(table).items()
]


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_the_fields_are_those_of_the_domain(table: Table) -> None:
    assert set(table.fields) == set(wanted_fields(table))


@pytest.mark.parametrize(("table", "key", "wanted"), FIELDS)
def test_a_field_is_as_the_domain_says(table: Table, key: str, wanted: dict[str, Any]) -> None:
    field = table.fields[key]
    assert (field.type, field.label) == (wanted["type"], wanted["label"])
    assert [[c.code, c.label] for c in field.choices] == wanted.get("choices", [])
    assert bool(field.computed) is wanted.get("computed", False)
    assert field.part == wanted.get("part", "row")
    assert field.negative is wanted.get("negative", False)
    assert field.month_allowed is field.until_base_date is (key == "formed_on")
    assert bool(field.default) is wanted.get(
        "defaulted", (table.id, key) == ("1-6", "market_value")
    )
    assert bool(field.draft) is wanted.get("drafted", False)
    assert_asked(table, key, wanted)
    assert_required(table, key, wanted)


def assert_asked(table: Table, key: str, wanted: dict[str, Any]) -> None:
    """The field is asked when the domain says so, and only then."""
    if "asked" not in wanted and "last_class" not in wanted:
        assert key in judged(table).asked
        assert not table.fields[key].asked_when
        return
    last = FiveClass(wanted["last_class"]) if "last_class" in wanted else None
    assert key in judged(table, wanted.get("asked"), last_class=last).asked
    assert key not in judged(table, wanted.get("not_asked")).asked


def assert_required(table: Table, key: str, wanted: dict[str, Any]) -> None:
    """An empty answer is missing exactly when the field is required."""
    given = wanted.get("asked", {}) | wanted.get("drafted_when", {}) | {key: ""}
    missing = judged(table, given, complete=True).states[key] == "unanswered"
    needed = wanted.keys().isdisjoint(("optional", "computed", "defaulted", "drafted"))
    if key == "expected_loss":
        needed = table.id in LOSS_IS_ASKED
    assert missing is needed


def is_required(wanted: dict[str, Any]) -> bool:
    """Whether an empty answer to the field is an error, whatever the method gives."""
    return not set(wanted) & {"optional", "computed", "defaulted", "drafted", "minimum"}


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_an_answer_that_works_a_field_out_leaves_nothing_to_type(table: Table) -> None:
    ways = {f.key: table.worked_out_by(f.key) for f in table.fields.values()}
    found = {key: (way[0].key, way[1].code) for key, way in ways.items() if way is not None}
    assert found == (
        {"expected_loss": ("loss_basis", "standard")} if "loss_basis" in table.fields else {}
    )
    for key, (basis, code) in found.items():
        for case in table.cases:
            values = {k: v for k, v in case.values.items() if k != key}
            found_out = evaluate(table, values | {basis: code}, Context(case.base_date))
            assert key not in {p.field for p in found_out.problems if p.code == "E001"}
            assert found_out.suggested is None or found_out.expected_loss is not None


@pytest.mark.parametrize("table", row_tables(), ids=name_of)
def test_a_blank_row_misses_all_that_is_asked(table: Table) -> None:
    evaluation = evaluate(table, {}, Context(BASE))
    named = {p.field for p in evaluation.problems if p.code == "E001"}
    always = {
        key
        for key, wanted in wanted_fields(table).items()
        if is_required(wanted) and "asked" not in wanted and wanted.get("part", "row") == "row"
    }
    assert always <= named
    # Nothing is known, so nothing is said but what no answer could change.
    assert evaluation.suggested is None
    assert evaluation.at_least is FiveClass.NORMAL


@pytest.mark.parametrize("id_", list(WANTED["columns"]))
@pytest.mark.parametrize("ruleset", [OLD, NEW])
def test_the_printed_columns_are_the_official_ones(ruleset: str, id_: str) -> None:
    columns = table(id_, ruleset).columns
    assert ["/".join((*c.group, c.title)) for c in columns] == WANTED["columns"][id_]


@pytest.mark.parametrize("id_", list(WANTED["printed_words"]))
def test_words_printed_instead_of_labels(id_: str) -> None:
    columns = {column.field: column for column in table(id_).columns}
    for field, words in WANTED["printed_words"][id_].items():
        texts = columns[field].texts
        for value, word in words.items():
            assert texts.get(value, texts.get("*")) == word


def test_the_chart_is_that_of_the_domain() -> None:
    chart: dict[str, dict[str, str]] = {}
    for subject in load_ruleset(OLD).chart.values():
        chart.setdefault(subject.table, {})[subject.code] = subject.name
    assert chart == WANTED["chart"]


def test_the_sides_of_the_chart() -> None:
    chart = load_ruleset(OLD).chart
    assert {code for code, s in chart.items() if s.side == "credit"} == {"1502"}
    assert {code for code, s in chart.items() if s.netting} == {
        "1121", "1394", "1451", "1452", "3121",
    }  # fmt: skip
    assert (chart["1501"].tie_field, chart["1502"].tie_field) == (
        "cost",
        "accumulated_depreciation",
    )


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1003", "专项央行票据"),
        ("1011", "存放同业"),
        ("1013", "拆放同业"),
        ("1111", "买入返售"),
        ("1132", "应收利息"),
        ("1221", "其他应收款"),
        ("1231", "坏账准备"),
    ],
)
def test_the_present_chart_holds_what_the_domain_names(code: str, name: str) -> None:
    assert load_ruleset(NEW).chart[code].name.startswith(name)


@pytest.mark.parametrize(
    ("id_", "old", "new"),
    [
        ("1-1", "1011", "1001"),
        ("1-2", "1221", "1011"),
        ("1-5", "1391", "1221"),
        ("1-8", "1501", "1601"),
    ],
)
def test_the_first_subject_stands_for_a_missing_column(id_: str, old: str, new: str) -> None:
    assert load_ruleset(OLD).first_subject(id_) == old
    assert load_ruleset(NEW).first_subject(id_) == new


@pytest.mark.parametrize("subject", ["1221", "9999"])
def test_a_foreign_subject_warns_and_an_unknown_one_is_an_error(subject: str) -> None:
    found = codes(judged(table("1-3"), {"subject": subject}))
    assert found == (["W001"] if subject == "1221" else ["E009"])


def test_labels_of_choices() -> None:
    field: FieldDef = table("1-8").fields["use_value"]
    assert choice_label(field, "to_be_retired") == "将淘汰"
