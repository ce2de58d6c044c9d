"""wuji template: an empty form as a workbook; filled in, it comes back through import."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.forms import builtin_rulesets, load_ruleset
from app.forms.ruleset import RuleSet
from tests.cli.office import CLERK, RULESET, case_values, fill_template
from tests.cli.running import Wuji

OFFICE = ("--institution", "QS,青山信用社", "--base-date", "2006-12-31")
TABLES = [table.id for table in RULESET.row_tables]


def book_for(wuji: Wuji, ruleset: RuleSet) -> str:
    """A new book by this rule set."""
    wuji("new", "b.wuji", *OFFICE, "--ruleset", ruleset.id)
    wuji("people", "b.wuji", "add", CLERK, "--role", "preparer")
    return "b.wuji"


def fillable(ruleset: RuleSet, table_id: str) -> list[dict[str, Any]]:
    """The worked cases of a table, as far as they are typed into the form, that hold by then."""
    table = ruleset.table(table_id)
    rows = []
    for case in table.cases:
        if not case.problem and case.base_date.isoformat() == "2006-12-31":
            typed = {k: v for k, v in case.values.items() if table.fields[k].part != "union"}
            rows.append(typed | {"asset_no": f"N{case.number}"})
    return rows


@pytest.mark.parametrize("ruleset_id", builtin_rulesets())
@pytest.mark.parametrize("table_id", TABLES)
def test_what_is_filled_in_comes_back(wuji: Wuji, table_id: str, ruleset_id: str) -> None:
    ruleset = load_ruleset(ruleset_id)
    wuji("template", table_id, "t.xlsx", "--ruleset", ruleset_id)
    rows = fillable(ruleset, table_id)
    assert rows
    fill_template(Path("t.xlsx"), rows, ruleset)
    done = wuji("import", book_for(wuji, ruleset), "t.xlsx", "--as", CLERK, "--json").json
    assert (done["table"], done["rows"]) == (table_id, len(rows))
    assert {p["severity"] for p in done["problems"]} <= {"warning"}
    listed = wuji("list", "b.wuji", "--json").json
    for given, row in zip(rows, listed, strict=True):
        # What a row does not ask (any more) is kept aside and not listed.
        asked = {key: plain(value) for key, value in given.items() if row[key] is not None}
        assert {key: plain(row[key]) for key in asked} == asked
        assert len(asked) > len(given) / 2
        assert row["stage"] == "prepared"


def plain(value: Any) -> Any:
    """A value for comparison: the order of several answers does not count, nor 0.3 and 0.30."""
    if isinstance(value, list):
        return sorted(value)
    rate = isinstance(value, str) and value.startswith("0.")
    return Decimal(value) if rate else value


@pytest.mark.parametrize("table_id", TABLES)
def test_cases_come_out_of_the_template_with_their_class(wuji: Wuji, table_id: str) -> None:
    wuji("template", table_id, "t.xlsx", "--ruleset", RULESET.id)
    fill_template(Path("t.xlsx"), fillable(RULESET, table_id))
    wuji("import", book_for(wuji, RULESET), "t.xlsx", "--as", CLERK)
    expected = {f"N{c.number}": c.expected for c in RULESET.table(table_id).cases}
    for row in wuji("list", "b.wuji", "--json").json:
        assert row["class"] == expected[row["asset_no"]], row["asset_no"]


@pytest.mark.parametrize("table_id", TABLES)
def test_a_template_made_without_a_book_fits_an_old_one(wuji: Wuji, table_id: str) -> None:
    """Without a base date the rules of today are taken; what they ask more is passed over."""
    wuji("template", table_id, "t.xlsx")
    today = load_ruleset("financial-assets-2023")
    common = set(RULESET.table(table_id).fields)
    values = {k: v for k, v in fillable(RULESET, table_id)[0].items() if k in common}
    fill_template(Path("t.xlsx"), [values], today)
    done = wuji("import", book_for(wuji, RULESET), "t.xlsx", "--as", CLERK, "--json").json
    assert done["rows"] == 1
    assert any("financial-assets-2023" in note for note in done["notes"])


def test_answers_the_books_rules_do_not_ask_are_kept_and_reported(wuji: Wuji) -> None:
    today = load_ruleset("financial-assets-2023")
    wuji("template", "1-2", "t.xlsx", "--ruleset", today.id)
    fill_template(Path("t.xlsx"), [case_values("1-2", 1, {"evading": True})], today)
    done = wuji("import", book_for(wuji, RULESET), "t.xlsx", "--as", CLERK, "--json").json
    label = today.table("1-2").fields["evading"].label
    assert [note for note in done["notes"] if label in note]


@pytest.mark.parametrize("table_id", TABLES)
def test_the_workbook_explains_itself(wuji: Wuji, table_id: str) -> None:
    wuji("template", table_id, "t.xlsx", "--ruleset", RULESET.id)
    sheet = openpyxl.load_workbook("t.xlsx")[f"附表{table_id}"]
    table = RULESET.table(table_id)
    assert table.title in str(sheet["A1"].value)
    notes = {cell.value: cell.comment.text for cell in sheet[4] if cell.comment}
    typed = [f for f in table.fields.values() if f.part != "union" and not f.computed]
    assert set(notes) == {field.label for field in typed}
    for field in typed:
        assert field.instruction in notes[field.label]
        for choice in field.choices:
            assert choice.explanation in notes[field.label]
    offered = sum(field.type in ("one", "bool", "many", "code", "class5") for field in typed)
    assert len(sheet.data_validations.dataValidation) == offered


def test_an_opinion_is_not_taken_in_without_a_name(wuji: Wuji) -> None:
    wuji("template", "1-2", "t.xlsx", "--ruleset", RULESET.id)
    fill_template(Path("t.xlsx"), [case_values("1-2", 1, {})])
    wuji("new", "b.wuji", *OFFICE, "--ruleset", RULESET.id)
    assert "署名" in wuji("import", "b.wuji", "t.xlsx", code=2).err


def test_the_command_says_what_to_do_next(wuji: Wuji) -> None:
    assert wuji("template", "1-8", "t.xlsx").out == "已生成 t.xlsx。填好后用 wuji import 导入。\n"
    assert wuji("template", "1-8", "t.xlsx", "--json").json["table"] == "1-8"


@pytest.mark.parametrize("table_id", ["2", "1-13", "x"])
def test_tables_without_rows_have_no_template(wuji: Wuji, table_id: str) -> None:
    assert "附表" in wuji.refused("template", table_id, "t.xlsx") or table_id != "2"


def test_an_unwritable_place_is_named(wuji: Wuji, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in wuji.refused("template", "1-8", "file/t.xlsx")


def test_an_unknown_rule_set_writes_nothing(wuji: Wuji) -> None:
    assert "规则集" in wuji.refused("template", "1-8", "t.xlsx", "--ruleset", "nosuch")
