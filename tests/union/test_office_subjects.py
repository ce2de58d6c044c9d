"""Subjects that an office added: they travel with its package and are judged alike at the union."""

from __future__ import annotations

import pytest

from app.book.book import Book
from app.forms.schema import Subject
from app.package.verify import verify_package
from app.union.errors import RefusedError
from app.union.findings import finding_words, row_of
from app.union.merging import Merging
from tests.rows import INTERBANK
from tests.union.county import CLERK, HEAD, County

OWN = Subject(code="1299", name="存放其他同业款项", table="1-2")


def use_own(office: Book, name: str = OWN.name, table: str = OWN.table) -> None:
    """The office adds a subject and books an asset there."""
    office.add_subject(OWN.code, name, table, by=HEAD)
    office.add_row("1-2", {**INTERBANK, "subject": OWN.code}, by=CLERK)


def test_an_added_subject_is_judged_alike_at_the_union(county: County, union: Book) -> None:
    county.change("QS", use_own)
    package = county.export("QS")
    manifest = verify_package(package).manifest
    assert manifest is not None
    assert [(s.code, s.name, s.table) for s in manifest.subjects] == [
        (OWN.code, OWN.name, OWN.table)
    ]
    (done,) = county.collected(union, "QS")
    assert done.taken, done.reason
    assert done.findings == []
    assert union.own_subjects() == [OWN]
    row = next(row for row in union.rows() if row.values["subject"] == OWN.code)
    assert row.errors == 0
    assert any(one.kind == "subject" and one.field == OWN.code for one in union.history())


def test_what_the_union_knows_otherwise_stays_and_is_told(county: County, union: Book) -> None:
    union.add_subject(OWN.code, "另一个科目", "1-5")
    county.change("QS", use_own)
    county.export("QS")
    (done,) = county.collected(union, "QS")
    assert done.taken, done.reason
    told = next(finding for finding in done.findings if finding["kind"] == "subject")
    assert finding_words(told) == (
        "1299　信用社自己加的科目与联社的科目表不同："
        "上报存放其他同业款项（附表1-2），联社另一个科目（附表1-5）"
    )
    assert row_of(told) == ""
    assert [subject.name for subject in union.own_subjects()] == ["另一个科目"]


def test_a_code_that_the_unions_chart_excludes_is_told(county: County, union: Book) -> None:
    union.add_subject(OWN.code + "1", "明细", "1-2")
    county.change("QS", use_own)
    county.export("QS")
    (done,) = county.collected(union, "QS")
    told = next(finding for finding in done.findings if finding["kind"] == "subject")
    assert "不能再列为科目" in finding_words(told)


def test_a_refused_package_leaves_no_subject(
    county: County, union: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_merge: Merging) -> None:
        assert OWN.code in union.store.chart
        raise RefusedError("到最后才发现不对。")

    county.change("QS", use_own)
    county.export("QS")
    monkeypatch.setattr(Merging, "take_out_gone", refuse)
    (done,) = county.collected(union, "QS")
    assert done.reason == "到最后才发现不对。"
    assert union.own_subjects() == []
    assert OWN.code not in union.store.chart
