"""Limits of authority: the shipped scheme, the one by level, and what each does with a row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.types import Row
from app.forms.classes import FiveClass
from app.forms.loader import load_ruleset
from app.resources import resource_path
from app.union.authority import authority_text, beyond_authority, office_authority
from app.union.changing import opinions_of
from app.union.determination import determine
from app.union.errors import UnionError
from tests.union.county import HEAD, LEADER
from tests.union.steps import checked, determined, entry, reviewed
from tests.union.test_review import row_of

UNION = load_ruleset("inner-mongolia-2007")
BY_LEVEL = load_ruleset(resource_path("samples", "authority-by-level"))
EDGE = Decimal("5000000.00")


@pytest.fixture
def by_level(collected: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A union whose rule set decides by level."""
    monkeypatch.setattr(collected.store, "ruleset", BY_LEVEL)
    return collected


@pytest.mark.parametrize("class_", list(FiveClass))
@pytest.mark.parametrize("amount", [None, Decimal(0), EDGE, EDGE + 1])
def test_the_shipped_scheme_leaves_everything_to_the_union(
    class_: FiveClass, amount: Decimal | None
) -> None:
    assert beyond_authority(UNION, class_, amount) is None
    assert office_authority(UNION, class_, amount) is None


@pytest.mark.parametrize("class_", list(FiveClass))
def test_by_level_every_class_has_its_place(class_: FiveClass) -> None:
    performing = class_ in (FiveClass.NORMAL, FiveClass.SPECIAL_MENTION)
    for amount in (EDGE, EDGE + Decimal("0.01")):
        assert (office_authority(BY_LEVEL, class_, amount) is not None) == performing
        above = class_ is FiveClass.LOSS and amount > EDGE
        assert (beyond_authority(BY_LEVEL, class_, amount) is not None) == above


def test_by_level_only_the_limits_differ() -> None:
    assert BY_LEVEL.parent == UNION.id
    assert BY_LEVEL.tables.keys() == UNION.tables.keys()
    assert len(authority_text(BY_LEVEL)) == 4
    assert "5,000,000.00元以内" in authority_text(BY_LEVEL)[2]


def test_what_is_the_offices_own_is_determined_by_its_head(by_level: Book) -> None:
    row = row_of(by_level, class_="normal")
    assert reviewed(by_level, [row]).stages == {"determined": 1}
    after = by_level.row(row.id)
    assert after.values["determined_class"] == "normal"
    assert after.determined_loss == row.expected_loss
    last = opinions_of(by_level, row.id)[-1]
    assert (last.stage, last.by) == ("determination", HEAD)
    assert "本社负责人" in last.text


def test_another_opinion_than_the_offices_goes_the_usual_way(by_level: Book) -> None:
    from app.union.review import review
    from tests.union.county import REVIEWER

    row = row_of(by_level, class_="normal")
    given = entry(row.id, class_="关注", reason="资料不全")
    assert review(by_level, [given], by=REVIEWER).stages == {"reviewed": 1}
    checked(by_level, [row])
    assert determine(by_level, [entry(row.id)], by=LEADER).stages == {"determined": 1}


def test_worse_classes_are_the_unions(by_level: Book) -> None:
    row = row_of(by_level, class_="doubtful")
    assert reviewed(by_level, [row]).stages == {"reviewed": 1}


@pytest.fixture
def referred(collected: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Row:
    """A loss beyond the union's authority, after its leading group spoke."""
    row: Row = row_of(collected, class_="loss")
    reviewed(collected, [row])
    checked(collected, [row])
    monkeypatch.setattr(collected.store, "ruleset", BY_LEVEL)
    monkeypatch.setattr(
        "app.union.determination.beyond_authority",
        lambda ruleset, class_, _amount: beyond_authority(ruleset, class_, EDGE + 1),
    )
    assert determined(collected, [row], tmp_path / "纪要.txt").stages == {"referred": 1}
    return row


def test_the_answer_from_above_is_recorded_with_its_paper(
    collected: Book, referred: Row, tmp_path: Path
) -> None:
    answer = tmp_path / "批复.txt"
    answer.write_text("同意认定为损失", encoding="utf-8")
    for given, word in (
        (entry(referred.id), "认定结果"),
        (entry(referred.id, class_="损失", reason="批复"), "上级的批复"),
        (entry(referred.id, class_="损失", minutes=answer), "理由"),
    ):
        with pytest.raises(UnionError, match=word):
            determine(collected, [given], by=LEADER)
    given = entry(referred.id, class_="损失", reason="省联社批复第3号", minutes=answer)
    assert determine(collected, [given], by=LEADER).stages == {"determined": 1}
    assert collected.row(referred.id).values["determined_class"] == "loss"
    last = opinions_of(collected, referred.id)[-1]
    assert (last.minutes_name, last.text) == ("批复.txt", "按上级批复登记")
