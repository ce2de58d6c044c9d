"""Whose listing it is, by what stands above its head."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.forms.loader import ruleset_for
from app.intake.balances import read_balances
from app.intake.layout import TitleLine
from app.intake.synonyms import vocabulary_for
from app.intake.whose import other_institution

WORDS = vocabulary_for(ruleset_for(date(2006, 12, 31))).synonyms
SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples" / "qingshan-2006"


def found(own: str, *titles: str) -> list[str]:
    """What is noted of titles in A1, A2 and so on."""
    lines = [TitleLine(f"A{number}", text) for number, text in enumerate(titles, 1)]
    return list(other_institution(lines, own, WORDS))


@pytest.mark.parametrize(
    ("own", "title", "named"),
    [
        ("河口信用社", "青山信用社业务状况表", "青山信用社"),
        ("河口信用社", "编制单位：青 山 农村信用合作社", "青山农村信用合作社"),
        ("河口信用社", "机构名称:青山县农村信用合作联社", "青山县农村信用合作联社"),
    ],
)
def test_another_institution_is_named_with_its_place(own: str, title: str, named: str) -> None:
    (note,) = found(own, title, "日期：2006-12-31")
    assert note.startswith(f"A1写的是“{named}”，账套是“{own}”，")


@pytest.mark.parametrize(
    "titles",
    [
        ("河口信用社业务状况表",),
        ("河口农村信用合作社东门分社固定资产明细表",),
        ("青山县农村信用合作联社", "填报单位：河口信用社"),
        ("固定资产明细表", "单位：元"),
        ("存放联社款项明细",),
        ("拆放信用社款项明细表",),
        ("各信用社汇总表",),
        (),
    ],
)
def test_the_own_name_or_none_says_nothing(titles: tuple[str, ...]) -> None:
    assert found("河口信用社", *titles) == []


def test_nobody_is_asked_for_without_a_name() -> None:
    assert found("", "青山信用社业务状况表") == []
    assert found("信用社", "青山信用社业务状况表") == []


def test_a_balance_sheet_of_another_office_is_noted_first() -> None:
    day, path = date(2006, 12, 31), SAMPLES / "balances.xlsx"
    first = read_balances(path, day, institution="河口信用社").notes[0]
    assert (first.code, first.address) == ("N020", "A1")
    assert "青山信用社" in first
    own = read_balances(path, day, institution="青山信用社").notes
    assert own == read_balances(path, day).notes
