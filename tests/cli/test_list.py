"""wuji list: rows with class, stage and problems."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.cli.main import main
from app.union.queue import all_samples
from tests.cli.office import CLERK, RULESET, Office
from tests.cli.running import Wuji
from tests.union.county import REVIEWER, collected_union, county_in

MORE = {"id", "table", "seq", "class", "at_least", "stage", "problems"}


def test_rows_are_flat_objects_with_every_field(wuji: Wuji, listed: Office) -> None:
    rows = wuji("list", listed.book, "--json").json
    assert len(rows) == 65 + 87
    for row in rows:
        assert set(row) == set(RULESET.table(row["table"]).fields) | MORE
        assert row["stage"] == "draft"
        # Nothing could make it better than a loss by its age, however much is still open.
        assert row["class"] in (None, "loss")
        for key, field in RULESET.table(row["table"]).fields.items():
            if field.type == "money" and row[key] is not None:
                assert isinstance(row[key], str), key
        for problem in row["problems"]:
            assert set(problem) == {"field", "code", "severity", "message"}


def test_a_finished_row(wuji: Wuji, finished: Office) -> None:
    rows = {row["id"]: row for row in wuji("list", finished.book, "--json").json}
    row = rows["QS-0002"]
    assert row["table"] == "1-2"
    assert row["carrying_amount"] == "750000.00"
    assert row["expected_loss"] == "187500.00"
    assert row["loss_rate"] == "0.2500"
    assert row["formed_on"] == "1996-06"
    assert row["agreement"] is True
    assert row["accuracy"] == []
    assert row["compliance_amount"] is None, "not asked"
    assert (row["class"], row["at_least"]) == ("substandard", "substandard")
    assert (row["stage"], row["problems"]) == ("confirmed", [])
    assert [r["class"] for r in rows.values()] == ["normal", "substandard", "loss", "normal"]


def test_one_table_alone(wuji: Wuji, listed: Office) -> None:
    rows = wuji("list", listed.book, "--table", "1-8", "--json").json
    assert {row["table"] for row in rows} == {"1-8"}
    assert [row["seq"] for row in rows] == list(range(1, 66))
    assert wuji("list", listed.book, "--table", "1-3", "--json").json == []


def test_a_name_that_follows_from_the_kind_is_shown(wuji: Wuji, empty: Office) -> None:
    case = next(case for case in RULESET.table("1-1").cases if case.number == 9)
    values = {key: value for key, value in case.values.items() if key != "name"}
    with Book.open(empty.book) as book:
        book.add_row("1-1", values, by=CLERK)
    (line, _count) = wuji("list", empty.book, "--table", "1-1").lines
    assert line.startswith("QS-0001  1-1  专项央行票据  ")


def test_the_list_for_people(wuji: Wuji, finished: Office) -> None:
    assert wuji("list", finished.book).lines == [
        "QS-0001  1-1  专项央行票据（2005年第三期）  1000000.00  正常  会计已确认",
        "QS-0002  1-2  =存放同业  750000.00  次级  会计已确认",
        "QS-0003  1-5  应付福利费垫款  150000.00  损失  会计已确认",
        "QS-0004  1-8  分社营业房  338000.00  正常  会计已确认",
        "共4笔。",
    ]


def test_open_rows_for_people(wuji: Wuji, listed: Office) -> None:
    lines = wuji("list", listed.book).lines
    assert lines[0] == "QS-0066  1-5  张静华  23602.32  损失  填报中  错误11  警告1"
    assert lines[87] == "QS-0001  1-8  储蓄所门面房1号  39052.51  未定（至少正常）  填报中  错误15"
    assert lines[-1] == "共152笔。"


def test_sheets_of_table_2(wuji: Wuji, finished: Office) -> None:
    (sheet,) = wuji("list", finished.book, "--table", "2", "--json").json
    assert set(sheet) == set(RULESET.table("2").fields) | {
        "id", "table", "class", "stage", "problems",
    }  # fmt: skip
    assert (sheet["id"], sheet["table"], sheet["class"]) == ("QS-0003", "2", "loss")
    assert sheet["carrying_amount"] == "150000.00"
    assert wuji("list", finished.book, "--table", "2").lines == [
        "QS-0003  附表2  应付福利费垫款",
        "共1张。",
    ]


def test_what_is_listed_is_what_classify_says(wuji: Wuji, finished: Office, tmp_path: Path) -> None:
    """One engine: a row judged without a book comes out the same."""
    for row in wuji("list", finished.book, "--json").json:
        fields = RULESET.table(row["table"]).fields
        typed = [k for k, f in fields.items() if not f.computed and f.part != "union"]
        given: dict[str, Any] = {k: row[k] for k in typed if row[k] is not None}
        given["base_date"] = "2006-12-31"
        Path("row.json").write_text(json.dumps(given), encoding="utf-8")
        answer = wuji("classify", row["table"], "row.json").json
        assert answer["class"] == row["class"]
        assert answer["computed"].items() <= row.items()


@pytest.mark.parametrize("word", ["1-13", "x", ""])
def test_an_unknown_table(wuji: Wuji, empty: Office, word: str) -> None:
    assert f"没有认定表“{word}”" in wuji.refused("list", empty.book, "--table", word)


def test_nobody_else_is_kept_from_writing(wuji: Wuji, filled: Office) -> None:
    from app.book.book import Book

    with Book.open(filled.book) as book:
        before = wuji("list", filled.book, "--json").json
        book.set_values("QS-0002", {"remarks": "新"}, by=CLERK)
        after = wuji("list", filled.book, "--json").json
    assert before != after


def test_a_new_book_is_empty(wuji: Wuji, empty: Office) -> None:
    assert wuji("list", empty.book).out == "共0笔。\n"
    assert wuji("list", empty.book, "--json").out == "[]\n"


@pytest.mark.parametrize("command", ["list", "check", "people", "period"])
def test_a_book_of_an_earlier_program_is_brought_up_to_date(
    wuji: Wuji, project_root: Path, command: str
) -> None:
    shutil.copy(project_root / "tests" / "models" / "books" / "v1.wuji", "b.wuji")
    first = main([command, "b.wuji", "--json"])
    assert wuji(command, "b.wuji", "--json", code=first).json
    # The old file was kept.
    assert Path("b.v1.wuji").is_file()


def test_a_sample_is_drawn_and_drawn_again_by_its_seed(
    wuji: Wuji, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    drawn = wuji("list", county.union, "--sample", 3, "--as", REVIEWER, "--json").json
    assert len({row["id"] for row in drawn}) == 3
    seed = drawn[0]["seed"]
    again = wuji("list", county.union, "--sample", 3, "--seed", seed)
    assert [line.split()[0] for line in again.lines[:-1]] == [row["id"] for row in drawn]
    assert seed in again.lines[-1]
    with Book.open(county.union, write=False) as union:
        assert [(one.seed, one.size, one.by) for one in all_samples(union)] == [
            (seed, 3, REVIEWER), (seed, 3, ""),
        ]  # fmt: skip


def test_only_a_union_draws_samples(wuji: Wuji, finished: Office) -> None:
    assert "联社" in wuji.refused("list", finished.book, "--sample", 1)
    assert "--sample" in wuji.refused("list", finished.book, "--seed", "1")
