"""Templates: what they look like, and that what is filled in comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.book.book import Book
from app.forms.classes import FiveClass
from app.forms.loader import builtin_rulesets, load_ruleset
from app.forms.schema import FieldDef
from app.forms.values import parse_value, stored_value
from app.intake.importing import import_listing
from app.intake.listing import recognise
from app.intake.messages import FaultsError, IntakeError
from app.intake.template import (
    FIRST_ROW,
    KEY_ROW,
    LABEL_ROW,
    choice_words,
    template_columns,
    write_template,
)
from app.intake.workbook import read_sheets
from tests.intake.sheets import BASE_DATE, CLERK, RULESET, codes

TABLES = [table.id for table in RULESET.row_tables]
ALL = [(name, t.id) for name in builtin_rulesets() for t in load_ruleset(name).row_tables]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The template of every table."""
    folder = tmp_path_factory.mktemp("templates")
    return {
        id_: write_template(RULESET, id_, folder / f"{id_}.xlsx").read_bytes() for id_ in TABLES
    }


def columns_of(sheet: Worksheet) -> dict[str, int]:
    """By field key the number of its column."""
    return {cell.value: cell.column for cell in sheet[KEY_ROW] if cell.value}


def put(sheet: Worksheet, row: int, values: dict[str, Any]) -> None:
    """Fills a row; a text stays a text, as it does in a cell of the format text."""
    columns = columns_of(sheet)
    for key, value in values.items():
        cell = sheet.cell(FIRST_ROW + row, columns[key], value)
        if isinstance(value, str):
            cell.data_type = "s"


@pytest.mark.parametrize(("ruleset", "table_id"), ALL)
def test_every_typed_in_field_of_a_row_has_a_column_with_its_instruction(
    tmp_path: Path, ruleset: str, table_id: str
) -> None:
    rules = load_ruleset(ruleset)
    table = rules.table(table_id)
    path = write_template(rules, table_id, tmp_path / "t.xlsx")
    sheet = load_workbook(path).worksheets[0]
    expected = {k for k, f in table.fields.items() if f.part != "union" and not f.computed}
    assert {"wp_formation", "wp_measures", "initial_class", "initial_reason"} <= expected
    columns = columns_of(sheet)
    assert set(columns) == expected
    for key, column in columns.items():
        field = table.fields[key]
        label = sheet.cell(LABEL_ROW, column)
        assert label.value == field.label
        assert field.instruction in label.comment.text
        assert all(choice.explanation in label.comment.text for choice in field.choices)
    assert table.title in sheet["A1"].value
    assert sheet.row_dimensions[KEY_ROW].hidden


def test_choices_have_drop_downs_with_all_their_labels(tmp_path: Path) -> None:
    for table_id in TABLES:
        table = RULESET.table(table_id)
        book = load_workbook(write_template(RULESET, table_id, tmp_path / "t.xlsx"))
        sheet, lists = book.worksheets[0], book["选项"]
        offered = {}
        for rule in sheet.data_validations.dataValidation:
            (area,) = rule.sqref.ranges
            cells = lists[rule.formula1.partition("!")[2].replace("$", "")]
            offered[area.min_col] = tuple(cell.value for (cell,) in cells)
        for column in template_columns(table):
            words = choice_words(column.field, RULESET, table_id)
            assert offered.get(columns_of(sheet)[column.field.key], ()) == words
        assert lists.sheet_state == "hidden"


def test_texts_and_half_known_dates_are_kept_as_texts(templates: dict[str, bytes]) -> None:
    sheet = load_workbook(BytesIO(templates["1-2"])).worksheets[0]
    formats = {
        key: sheet.column_dimensions[sheet.cell(KEY_ROW, column).column_letter].number_format
        for key, column in columns_of(sheet).items()
    }
    assert formats["name"] == "@"
    assert formats["formed_on"] == "@"
    assert formats["due_on"] == "yyyy-mm-dd"
    assert formats["carrying_amount"] == "#,##0.00"


@pytest.mark.parametrize(("table_id", "code"), [("2", "I037"), ("1-13", "I022"), ("", "I022")])
def test_only_tables_of_assets_have_templates(tmp_path: Path, table_id: str, code: str) -> None:
    out = tmp_path / "t.xlsx"
    with pytest.raises(IntakeError) as caught:
        write_template(RULESET, table_id, out)
    assert caught.value.code == code
    assert not out.exists()


def test_a_template_that_can_not_be_saved_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder.xlsx"
    target.mkdir()
    with pytest.raises(OSError, match=r"folder\.xlsx"):
        write_template(RULESET, "1-2", target)
    assert list(tmp_path.iterdir()) == [target]


# What is filled in comes back

TEXT = st.text(
    st.characters(
        codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00a0_"
    ),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() and text.strip() not in ("合计", "小计", "总计", "共计"))
MONEY = st.integers(0, 10**13).map(lambda fen: Decimal(fen).scaleb(-2))
DAYS = st.dates(date(1900, 3, 1), BASE_DATE)
MONTHS = DAYS.map(lambda day: day.isoformat()[:7])
YEARS = DAYS.map(lambda day: day.isoformat()[:4])


def answers(field: FieldDef) -> st.SearchStrategy[Any]:
    """What a clerk may put into the cell of a field."""
    labels = [choice.label for choice in field.choices]
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "text": lambda: TEXT,
        "long": lambda: TEXT,
        "money": lambda: MONEY,
        "date": lambda: DAYS | MONTHS | YEARS if field.month_allowed else DAYS,
        "int": lambda: st.integers(0, int(field.maximum or 999)),
        "rate": lambda: st.integers(0, 10000).map(lambda n: Decimal(n).scaleb(-4)),
        "bool": lambda: st.sampled_from(["是", "否"]),
        "one": lambda: st.sampled_from(labels + [choice.code for choice in field.choices]),
        "class5": lambda: st.sampled_from([five.label for five in FiveClass]),
        "many": lambda: (
            st.lists(st.sampled_from(labels), min_size=1, unique=True).map("、".join)
            | st.just(field.none_label)
        ),
        "code": lambda: st.sampled_from(sorted(RULESET.chart)),
    }
    return kinds[field.type]()


def rows_of(table_id: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some rows with some of their cells filled."""
    fields = [column.field for column in template_columns(RULESET.table(table_id))]
    row = st.fixed_dictionaries({}, optional={field.key: answers(field) for field in fields})
    return st.lists(row.filter(bool), min_size=1, max_size=3)


def _numbered(row: dict[str, Any], number: int) -> dict[str, Any]:
    """The row with an asset number that no other has."""
    return row | {"asset_no": f"{row['asset_no'][:10]}{number}"} if "asset_no" in row else row


@pytest.mark.parametrize("table_id", TABLES)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Shrinking writes a workbook for every try.
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data())
def test_what_is_filled_in_comes_back_unchanged(
    templates: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    table_id: str,
    data: st.DataObject,
) -> None:
    drawn = data.draw(rows_of(table_id))
    rows = [_numbered(row, number) for number, row in enumerate(drawn)]
    book = load_workbook(BytesIO(templates[table_id]))
    for number, row in enumerate(rows):
        put(book.worksheets[0], number, row)
    path = tmp_path_factory.mktemp("filled") / "a.xlsx"
    book.save(path)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    fields = RULESET.table(table_id).fields
    expected = [
        {key: stored_value(fields[key], parse_value(fields[key], v)) for key, v in row.items()}
        for row in rows
    ]
    assert listing.template
    assert listing.faults == []
    assert [row.values for row in listing.rows] == expected
    assert all(row.printed == {} for row in listing.rows)


def filled(templates: dict[str, bytes], path: Path, table_id: str, *rows: dict[str, Any]) -> Path:
    """A filled template."""
    book = load_workbook(BytesIO(templates[table_id]))
    for number, row in enumerate(rows):
        put(book.worksheets[0], number, row)
    book.save(path)
    return path


def test_a_filled_template_goes_into_the_book(
    templates: dict[str, bytes], tmp_path: Path, book: Book
) -> None:
    values = {
        "kind": "存放同业款项",
        "counterparty": "农行××支行",
        "name": "农行存款第二笔",
        "subject": "1221 存放同业款项",
        "carrying_amount": 1000000,
        "formed_on": date(2006, 3, 20),
        "due_on": date(2006, 4, 19),
        "accuracy": "相符",
        "records_complete": "是",
    }
    path = filled(templates, tmp_path / "a.xlsx", "1-2", values)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    assert listing.notes == []
    report = import_listing(book, listing, by=CLERK)
    stored = book.row(report.row_ids[0]).values
    assert stored["subject"] == "1221"
    assert stored["kind"] == "interbank_deposit"
    assert stored["accuracy"] == []
    assert stored["carrying_amount"] == "1000000.00"


LAPSED = {
    "name": "垫付诉讼费",
    "kind": "垫付诉讼费",
    "debtor": "甲厂",
    "debtor_state": "停业",
    "subject": "1391",
    "carrying_amount": 100,
    "formed_on": "2000-01-01",
    "compliance": "合规",
    "accuracy": "相符",
    "records_complete": "是",
    "reason": "执行不到",
    "litigation": "未诉讼",
    "limitation": "已失时效",
    "expected_loss": 100,
    "remarks": "全额损失",
}
"""A row of 1-5 that comes out as loss."""


def test_working_paper_and_opinion_of_a_template_make_a_row_complete(
    templates: dict[str, bytes], tmp_path: Path, book: Book
) -> None:
    paper = {"wp_formation": "2000年垫付。", "wp_state": "厂已停业。", "wp_measures": "申请核销。"}
    opinion = {"initial_class": "损失", "initial_reason": "与测算结果相同。"}
    path = filled(templates, tmp_path / "a.xlsx", "1-5", LAPSED | paper | opinion)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    report = import_listing(book, listing, by=CLERK)
    row = book.row(report.row_ids[0])
    assert (row.stage, row.prepared_by, row.errors) == ("prepared", CLERK, 0)
    assert row.values["initial_class"] == "loss"
    assert paper.items() <= row.values.items()


def test_a_better_opinion_than_the_class_worked_out_is_named_with_its_cell(
    templates: dict[str, bytes], tmp_path: Path, book: Book
) -> None:
    path = filled(templates, tmp_path / "a.xlsx", "1-5", LAPSED | {"initial_class": "正常"})
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    (found,) = import_listing(book, listing, by=CLERK).findings
    column = next(c for c in template_columns(RULESET.table("1-5")) if c.field.key == found.field)
    assert (found.code, found.field) == ("E011", "initial_class")
    assert f"工作表“附表1-5”{column.letter}{FIRST_ROW}" in found.message
    assert found.way_out


def test_only_what_each_row_needs_at_once_is_marked_as_needed(
    templates: dict[str, bytes],
) -> None:
    for table_id, data in templates.items():
        sheet = load_workbook(BytesIO(data)).worksheets[0]
        fields = RULESET.table(table_id).fields
        for key, column in columns_of(sheet).items():
            if fields[key].part != "row" or fields[key].draft:
                assert sheet.cell(LABEL_ROW, column).fill.fgColor.rgb == "00EFEFEF"


@pytest.mark.parametrize(
    ("values", "found", "expected"),
    [
        ({"kind": "存款"}, "存款", "存放同业款项"),
        ({"agreement": "大概有"}, "大概有", "是或否"),
        ({"accuracy": "账账不符、别的"}, "别的", "相符"),
        ({"subject": "现金等等吧"}, "现金等等吧", "科目"),
        ({"carrying_amount": "很多"}, "很多", "金额"),
        ({"carrying_amount": 1.005}, "1.005", "两位小数"),
        ({"due_on": "2006-04"}, "2006-04", "写到日"),
        ({"formed_on": "去年"}, "去年", "年月"),
        ({"initial_class": "还行"}, "还行", "正常、关注、次级、可疑、损失"),
    ],
)
def test_an_unknown_word_in_a_template_is_a_fault(
    templates: dict[str, bytes],
    tmp_path: Path,
    book: Book,
    values: dict[str, Any],
    found: str,
    expected: str,
) -> None:
    path = filled(templates, tmp_path / "a.xlsx", "1-2", values)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    (fault,) = listing.faults
    assert (fault.sheet, fault.found) == ("附表1-2", found)
    assert expected in fault.expected
    with pytest.raises(FaultsError):
        import_listing(book, listing, by=CLERK)
    assert book.row_count(None) == 0


def test_a_template_of_another_table_than_told_is_refused(
    templates: dict[str, bytes], tmp_path: Path
) -> None:
    path = filled(templates, tmp_path / "a.xlsx", "1-2", {"name": "甲"})
    with pytest.raises(IntakeError) as caught:
        recognise(read_sheets(path), RULESET, table="1-3", base_date=BASE_DATE)
    assert caught.value.code == "I023"


def test_an_empty_template_is_refused(templates: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(templates["1-5"])
    with pytest.raises(IntakeError) as caught:
        recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    assert caught.value.code == "I027"


def test_a_changed_key_is_a_fault(templates: dict[str, bytes], tmp_path: Path) -> None:
    book = load_workbook(BytesIO(templates["1-5"]))
    sheet = book.worksheets[0]
    put(sheet, 0, {"name": "甲", "carrying_amount": 5})
    sheet.cell(KEY_ROW, columns_of(sheet)["debtor"], "debter")
    book.save(tmp_path / "a.xlsx")
    listing = recognise(read_sheets(tmp_path / "a.xlsx"), RULESET, base_date=BASE_DATE)
    (fault,) = listing.faults
    assert fault.found == "debter"


def test_columns_of_the_clerks_own_are_kept_as_printed(
    templates: dict[str, bytes], tmp_path: Path
) -> None:
    book = load_workbook(BytesIO(templates["1-5"]))
    sheet = book.worksheets[0]
    put(sheet, 0, {"name": "甲"})
    column = sheet.max_column + 1
    sheet.cell(LABEL_ROW, column, "本社附注")
    sheet.cell(FIRST_ROW, column, "三楼")
    book.save(tmp_path / "a.xlsx")
    listing = recognise(read_sheets(tmp_path / "a.xlsx"), RULESET, base_date=BASE_DATE)
    assert listing.rows[0].printed == {"本社附注": "三楼"}
    assert codes(listing.notes) == ["N004"]


def test_a_template_of_another_rule_set_is_read_by_the_books(tmp_path: Path) -> None:
    other = load_ruleset("financial-assets-2023")
    path = write_template(other, "1-3", tmp_path / "a.xlsx")
    book = load_workbook(path)
    put(book.worksheets[0], 0, {"name": "甲"})
    book.save(path)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    assert codes(listing.notes) == ["N011"]
    assert listing.rows[0].values == {"name": "甲"}


def test_what_the_books_rules_do_not_ask_is_kept_as_printed(tmp_path: Path) -> None:
    path = write_template(load_ruleset("financial-assets-2023"), "1-2", tmp_path / "a.xlsx")
    book = load_workbook(path)
    put(book.worksheets[0], 0, {"name": "甲", "evading": "是"})
    book.save(path)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    assert listing.faults == []
    assert listing.rows[0].printed == {"债务人是否逃废债务": "是"}
    assert sorted(codes(listing.notes)) == ["N004", "N011"]


def test_a_template_whose_hidden_sheets_were_deleted_is_a_listing(
    templates: dict[str, bytes], tmp_path: Path
) -> None:
    book = load_workbook(BytesIO(templates["1-8"]))
    values = {"name": "楼", "cost": 5, "accumulated_depreciation": 2, "carrying_amount": 3}
    put(book.worksheets[0], 0, values | {"title_documents": "均无", "subject": "1501"})
    del book["wuji"], book["选项"]
    book.save(tmp_path / "a.xlsx")
    listing = recognise(read_sheets(tmp_path / "a.xlsx"), RULESET, base_date=BASE_DATE)
    assert (listing.table_id, listing.template, listing.faults) == ("1-8", False, [])
    (row,) = listing.rows
    assert row.values == {
        "name": "楼",
        "cost": "5.00",
        "accumulated_depreciation": "2.00",
        "carrying_amount": "3.00",
        "title_documents": "none",
        "subject": "1501",
    }


def test_sums_under_a_filled_template_are_no_rows(
    templates: dict[str, bytes], tmp_path: Path
) -> None:
    rows = [{"name": "甲", "carrying_amount": 5}, {"name": "乙", "carrying_amount": 6}]
    total = {"asset_no": "合计", "carrying_amount": 12}
    path = filled(templates, tmp_path / "a.xlsx", "1-5", *rows, total)
    listing = recognise(read_sheets(path), RULESET, base_date=BASE_DATE)
    assert len(listing.rows) == 2
    assert [line.field for line in listing.total_lines] == ["carrying_amount"]


def test_the_unit_of_a_template_may_be_changed(templates: dict[str, bytes], tmp_path: Path) -> None:
    book = load_workbook(BytesIO(templates["1-5"]))
    sheet = book.worksheets[0]
    sheet["A2"] = sheet["A2"].value.replace("单位：元", "单位：万元")
    put(sheet, 0, {"name": "甲", "carrying_amount": 1.5})
    book.save(tmp_path / "a.xlsx")
    listing = recognise(read_sheets(tmp_path / "a.xlsx"), RULESET, base_date=BASE_DATE)
    assert listing.rows[0].values["carrying_amount"] == "15000.00"
    assert codes(listing.notes) == ["N002"]
