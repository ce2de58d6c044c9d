"""Determination: ready rows only, vote and minutes for losses, limits of authority, final."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.forms.classes import FiveClass
from app.forms.loader import load_ruleset
from app.forms.ruleset import RuleSet, ruleset_from_snapshot
from app.package.receiving import receive_answer
from app.papers.from_book import Sealing
from app.papers.report_loss import loss_report
from app.union.authority import beyond_authority
from app.union.changing import opinions_of
from app.union.determination import determine
from app.union.errors import UnionError
from app.union.review import review
from tests.union.county import AUDITOR, DEPARTMENT, HEAD, LEADER, REVIEWER, County
from tests.union.steps import (
    checked,
    decided,
    determined,
    entry,
    is_loss,
    of_office,
    reviewed,
    through,
)
from tests.union.test_review import row_of


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    """Minutes of the leading group."""
    path = tmp_path / "纪要.txt"
    path.write_text("会议纪要第1号", encoding="utf-8")
    return path


def refused(book: Book, word: str, given: Any, by: str = LEADER) -> None:
    """Nothing is written, the message holds the word."""
    before = book.verify_history().head
    with pytest.raises(UnionError, match=word):
        determine(book, [given], by=by)
    assert book.verify_history().head == before


def test_the_way_ends_with_a_determination(collected: Book, minutes: Path) -> None:
    rows = of_office(collected, "QS")
    done = through(collected, rows, minutes)
    assert done.stages == {"determined": len(rows)}
    for row in rows:
        after = collected.row(row.id)
        assert row.suggested is not None
        assert after.values["determined_class"] == row.suggested.value
        assert after.determined_loss == row.expected_loss
        assert [one.stage for one in opinions_of(collected, row.id)][-1] == "determination"
    assert collected.verify_history().whole


def test_rows_must_be_ready(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    refused(collected, "还没有初审", entry(row.id))
    reviewed(collected, [row])
    refused(collected, "归口管理部门还没有审核", entry(row.id))
    refused(collected, "工作小组", entry(row.id), by=REVIEWER)
    checked(collected, [row])
    determine(collected, [entry(row.id)], by=LEADER)


def test_without_a_department_the_review_is_enough(collected: Book) -> None:
    collected.change_role(DEPARTMENT, "working_group", by=REVIEWER)
    row = row_of(collected, class_="normal")
    reviewed(collected, [row])
    determine(collected, [entry(row.id)], by=LEADER)
    assert collected.row(row.id).stage == "determined"


def test_a_loss_needs_audit_vote_and_minutes(collected: Book, minutes: Path) -> None:
    row = row_of(collected, class_="loss")
    reviewed(collected, [row])
    review(collected, [entry(row.id, department_opinion="同意")], by=DEPARTMENT)
    refused(collected, "审计意见.*表决.*纪要", entry(row.id))
    review(collected, [entry(row.id, audit_opinion="属实")], by=AUDITOR)
    refused(collected, "纪要", entry(row.id, vote="同意5票"))
    refused(collected, "表决", entry(row.id, minutes=minutes))
    for votes in ((2, 3), (3, 3)):
        refused(collected, "没有通过", entry(row.id, vote="表决", votes=votes, minutes=minutes))
    determine(collected, [entry(row.id, vote="同意5票", minutes=minutes)], by=LEADER)
    opinion = opinions_of(collected, row.id)[-1]
    assert (opinion.vote, opinion.minutes_name) == ("同意5票", minutes.name)
    assert opinion.minutes_sha256 is not None
    assert collected.attachment_bytes(opinion.minutes_sha256) == minutes.read_bytes()


def test_a_no_gives_the_row_back(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    reviewed(collected, [row])
    checked(collected, [row])
    no = entry(row.id, marks=(("备注", "补充材料"),), reason="复议")
    assert determine(collected, [no], by=LEADER).stages == {"returned": 1}


def test_only_a_reviewed_row_is_given_back(collected: Book, minutes: Path) -> None:
    row = row_of(collected, class_="normal")
    no = entry(row.id, marks=(("备注", "补充材料"),), reason="复议")
    refused(collected, "不能退回复议", no)
    through(collected, [row], minutes)
    refused(collected, "不能退回复议", no)


def test_minutes_are_neither_empty_nor_endless(
    collected: Book, minutes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(collected, class_="normal")
    reviewed(collected, [row])
    checked(collected, [row])
    nothing = minutes.with_name("空.txt")
    nothing.touch()
    refused(collected, "“空.txt”是空的", entry(row.id, minutes=nothing))
    monkeypatch.setattr("app.union.determination.LARGEST", len(minutes.read_bytes()) - 1)
    refused(collected, "超过", entry(row.id, minutes=minutes))


def test_a_determination_is_final_but_for_a_new_one_with_a_reason(
    collected: Book, minutes: Path
) -> None:
    row = row_of(collected, class_="normal")
    through(collected, [row], minutes)
    refused(collected, "理由", entry(row.id, class_="关注"))
    with pytest.raises(UnionError, match="已认定"):
        reviewed(collected, [collected.row(row.id)])
    determine(collected, [entry(row.id, class_="关注", reason="省联社要求")], by=LEADER)
    after = collected.row(row.id)
    assert after.values["determined_class"] == "special_mention"
    classes = [o.class_ for o in opinions_of(collected, row.id) if o.stage == "determination"]
    assert classes == [FiveClass.NORMAL, FiveClass.SPECIAL_MENTION]


def test_another_class_than_the_reviews_needs_a_reason(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    reviewed(collected, [row])
    checked(collected, [row])
    refused(collected, "理由", entry(row.id, class_="关注"))


def test_the_reviews_reason_stands_where_it_is_followed(collected: Book) -> None:
    row = row_of(collected, class_="normal")
    review(collected, [entry(row.id, class_="关注", reason="回函不全")], by=REVIEWER)
    checked(collected, [row])
    # Back to what the program suggests is another class than the review's.
    refused(collected, "理由", entry(row.id, class_="normal"))
    determine(collected, [entry(row.id)], by=LEADER)
    assert collected.row(row.id).values["determined_class"] == "special_mention"


def test_the_leading_group_sets_a_loss_in_its_own_layer(collected: Book) -> None:
    row = row_of(collected, class_="normal", field="loss_basis")
    reviewed(collected, [row])
    checked(collected, [row])
    half = f"{Decimal(row.values['carrying_amount']) / 2:.2f}"
    given = entry(row.id, class_="可疑", loss=half, reason="会议重估")
    determine(collected, [given], by=LEADER)
    after = collected.row(row.id)
    assert after.determined_loss == Decimal(half)
    assert after.review_loss == row.expected_loss
    assert after.layers["determination"]["values"]["expected_loss"] == half
    assert after.suggested is FiveClass.NORMAL


# Limits of authority


def with_authority(scheme: list[dict[str, Any]]) -> RuleSet:
    """The shipped rule set with other limits of authority."""
    source = json.loads(load_ruleset("inner-mongolia-2007").snapshot())
    _definition(source)["authority"] = scheme
    return ruleset_from_snapshot(json.dumps(source).encode())


def dezhou() -> RuleSet:
    """The shipped rule set with the other scheme of authority."""
    scheme: list[dict[str, Any]] = [
        {"classes": ["normal", "special_mention"], "decides": "经营机构", "level": "office"},
        {"classes": ["substandard", "doubtful"], "decides": "县联社"},
        {"classes": ["loss"], "up_to": "1000", "decides": "县联社"},
        {"classes": ["loss"], "decides": "省联社", "level": "above"},
    ]
    return with_authority(scheme)


def _definition(source: dict[str, Any]) -> dict[str, Any]:
    """The part of a snapshot that holds the rule set's own settings."""
    if "authority" in source:
        return source
    return next(v for v in source.values() if isinstance(v, dict) and "authority" in v)


@pytest.mark.parametrize(
    ("class_", "amount", "above"),
    [
        (FiveClass.NORMAL, "9999999.00", False),
        (FiveClass.DOUBTFUL, "9999999.00", False),
        (FiveClass.LOSS, "1000.00", False),
        (FiveClass.LOSS, "1000.01", True),
    ],
)
def test_limits_include_their_edge(class_: FiveClass, amount: str, above: bool) -> None:
    found = beyond_authority(dezhou(), class_, Decimal(amount))
    assert (found is not None) == above
    shipped = load_ruleset("inner-mongolia-2007")
    assert beyond_authority(shipped, class_, Decimal(amount)) is None


def test_what_is_beyond_the_union_goes_up(
    collected: Book, minutes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(
        r for r in collected.rows()
        if r.suggested is FiveClass.LOSS and Decimal(r.values["carrying_amount"]) > 1000
    )  # fmt: skip
    reviewed(collected, [row])
    checked(collected, [row])
    monkeypatch.setattr(collected.store, "ruleset", dezhou())
    assert determined(collected, [row], minutes).stages == {"referred": 1}
    after = collected.row(row.id)
    assert "determined_class" not in after.values
    assert "省联社" in opinions_of(collected, row.id)[-1].text


def test_entries_say_who_they_are(collected: Book) -> None:
    given = replace(entry("QS-9999"), place="第7条")
    refused(collected, "第7条.*QS-9999", given)


def test_the_loss_report_tells_vote_and_minutes_at_both_levels(
    county: County, collected: Book, minutes: Path, tmp_path: Path
) -> None:
    rows = of_office(collected, "QS")
    lost = [row.id for row in rows if is_loss(row)]
    through(collected, rows, minutes)
    answer = decided(county, collected, tmp_path / "decisions")["QS"].path
    with Book.open(county.book("QS")) as office:
        receive_answer(office, answer, by=HEAD)
        texts = [loss_report(book, Sealing()).text for book in (collected, office)]
    assert lost
    for text in texts:
        told = [line for line in text.splitlines() if "会议纪要：纪要.txt" in line]
        assert len(told) == len(lost)
        assert all("表决：同意5票；" in line for line in told)
