"""A bulk that is refused says each reason once."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.ui.union.draft import Draft
from app.ui.union.writing import bulk_entries, written
from app.union.entries import Entry
from app.union.refusals import refusal_words
from tests.union.county import DEPARTMENT, LEADER, REVIEWER
from tests.union.steps import of_office


def entry(number: int) -> Entry:
    """One of many."""
    return Entry(f"QS-{number}", f"第{number}条")


def test_one_sentence_for_rows_with_the_same_fault() -> None:
    refused = [(entry(n), f"第{n}条（QS-{n}）：要写理由（reason）。") for n in range(1, 6)]
    refused.append((entry(6), "第6条：资产QS-6已认定，不能初审。"))
    assert refusal_words(refused) == (
        "5笔（第1条、第2条、第3条等）：要写理由（reason）。"
        "第6条：资产QS-6已认定，不能初审。什么也没有写入。"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("资产QS-{0}已认定，不能初审。", "已认定，不能初审。"),
        ("资产QS-{0}的表决没有通过。", "表决没有通过。"),
        ("归口部门要求调整资产QS-{0}，要先核查。", "归口部门要求调整，要先核查。"),
    ],
)
def test_the_sentence_reads_without_the_row(words: str, told: str) -> None:
    refused = [(entry(n), f"第{n}条：{words.format(n)}") for n in (1, 2)]
    assert refusal_words(refused) == f"2笔（第1条、第2条）：{told}什么也没有写入。"


def test_what_names_its_row_stays_apart_and_the_list_ends() -> None:
    refused = [(entry(n), f"第{n}条：本期没有编号为“QS-{n}”的资产。") for n in range(1, 9)]
    told = refusal_words(refused)
    assert told.count("本期没有编号为") == 5
    assert told.endswith("（还有3笔有别的问题）什么也没有写入。")


@pytest.mark.parametrize(
    ("by", "role", "told"),
    [
        (REVIEWER, "working_group", "要写理由"),
        (DEPARTMENT, "department", "要写审核意见"),
        (LEADER, "leading_group", "还没有初审，不能认定。"),
    ],
)
def test_the_window_names_the_assets(collected: Book, by: str, role: str, told: str) -> None:
    rows = [row for row in of_office(collected, "QS") if row.values["initial_class"] != "loss"]
    ids = [row.id for row in rows]
    entries = bulk_entries(collected, role, Draft(class_="loss"), ids, {})
    fault = written(collected, role, entries, by).fault
    assert fault.count(told) == 1
    names = "、".join(entry.place for entry in entries[:3])
    assert f"{len(ids)}笔（{names}等）：" in fault
    assert not any(one in fault for one in ids)
