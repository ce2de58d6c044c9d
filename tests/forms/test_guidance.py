"""Guidance: everything the definitions explain is there once and is found."""

from __future__ import annotations

from datetime import date

import pytest

from app.book.initials import initials
from app.forms.guidance import Topic, search, topics, with_initials
from app.forms.loader import ruleset_for
from app.forms.ruleset import RuleSet


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return ruleset_for(date(2006, 12, 31))


@pytest.fixture(scope="module")
def given(ruleset: RuleSet) -> list[Topic]:
    return with_initials(topics(ruleset), initials)


def test_every_explanation_of_every_table_is_there(ruleset: RuleSet, given: list[Topic]) -> None:
    for table in ruleset.tables.values():
        mine = [topic for topic in given if table.id in topic.tables]
        fields = {topic.field for topic in mine if topic.kind == "field"}
        assert fields == set(table.fields)
        choices = {(t.field, t.choice) for t in mine if t.kind == "choice"}
        assert choices == {(f.key, c.code) for f in table.fields.values() for c in f.choices}
        assert {t.text for t in mine if t.kind == "case"} == {c.facts for c in table.cases}
        bases = {t.basis for t in mine if t.kind == "rule"}
        assert bases == {rule.basis for rule in table.rules}
    assert sum(t.kind == "band" for t in given) == len(ruleset.bands)


def test_what_several_tables_say_alike_stands_once(given: list[Topic]) -> None:
    said = [topic.said for topic in given]
    assert len(said) == len(set(said))
    assert any(len(topic.tables) > 5 for topic in given)


def test_no_places_of_templates_are_left(given: list[Topic]) -> None:
    assert [t.text for t in given if t.kind in ("rule", "check") and "{" in t.text] == []


def test_all_words_have_to_be_there(given: list[Topic]) -> None:
    hits = search(given, "到期日 ＣＯＮＴＲＡＣＴ")
    assert hits == []
    hits = search(given, "到期日 合同")
    assert hits
    assert all("到期日" in t.searched and "合同" in t.searched for t in hits)


def test_initials_find_titles(given: list[Topic]) -> None:
    assert "逾期天数" in {topic.title for topic in search(given, "yqts")}
    assert search(given, "YQTS") == search(given, "yqts")


def test_the_field_in_focus_stands_first(given: list[Topic]) -> None:
    first = search(given, "", "1-2", "due_on")[0]
    assert (first.kind, first.field) == ("field", "due_on")
    table_first = search(given, "", "1-3")[0]
    assert "1-3" in table_first.tables


def test_titles_come_before_texts(given: list[Topic]) -> None:
    hits = search(given, "到期日")
    in_title = ["到期日" in topic.title for topic in hits]
    assert in_title == sorted(in_title, reverse=True)
    assert False in in_title
