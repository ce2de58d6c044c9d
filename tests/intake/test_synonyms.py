"""The words of listings: complete, right, inherited; and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.forms.errors import DefinitionError
from app.forms.loader import builtin_rulesets, load_ruleset
from app.intake import synonyms
from app.intake.cells import word_key
from app.intake.synonyms import FILE, vocabulary_for

ALL = [(name, t.id) for name in builtin_rulesets() for t in load_ruleset(name).row_tables]


@pytest.mark.parametrize(("ruleset", "table_id"), ALL)
def test_every_label_and_choice_of_the_definitions_is_known(ruleset: str, table_id: str) -> None:
    rules = load_ruleset(ruleset)
    words = vocabulary_for(rules).table(table_id)
    for field in rules.table(table_id).fields.values():
        assert words.heads[word_key(field.label)].field == field.key
        known = words.words(field)
        for choice in field.choices:
            assert known[word_key(choice.label)] == choice.code
            assert known[choice.code.replace("_", "")] == choice.code


@pytest.mark.parametrize(("ruleset", "table_id"), ALL)
def test_every_table_has_titles_and_columns_it_needs(ruleset: str, table_id: str) -> None:
    rules = load_ruleset(ruleset)
    words = vocabulary_for(rules).table(table_id)
    assert words.titles
    assert {"carrying_amount"} <= set(words.required)
    assert set(words.required) <= set(rules.table(table_id).fields)
    for key in words.required:
        assert words.head_words(key)


@pytest.mark.parametrize(("ruleset", "table_id"), ALL)
def test_no_word_means_two_answers_of_a_field(ruleset: str, table_id: str) -> None:
    rules = load_ruleset(ruleset)
    vocabulary = vocabulary_for(rules)
    own = vocabulary.synonyms.table[table_id]
    for source in (own.words, vocabulary.synonyms.words):
        for key, answers in source.items():
            seen: dict[str, str] = {}
            for code, listed in answers.items():
                for word in listed:
                    place = f"{key}: {word}"
                    assert seen.setdefault(word_key(word) or word, code) == code, place


@pytest.mark.parametrize(
    ("head", "table_id", "field"),
    [
        ("入账日期", "1-8", "formed_on"),
        ("情况说明", "1-5", "remarks"),
        ("户名", "1-5", "debtor"),
        ("户名", "1-2", "counterparty"),
        ("项目名称", "1-6", "name"),
        ("项目名称", "1-8", "category"),
        ("合规性 金额", "1-2", "compliance_amount"),
        ("折 旧 年 限", "1-8", "depreciation_years"),
    ],
)
def test_heads_mean_fields(head: str, table_id: str, field: str) -> None:
    words = vocabulary_for(load_ruleset("inner-mongolia-2007")).table(table_id)
    assert words.heads[word_key(head)].field == field


@pytest.mark.parametrize(
    ("table_id", "field", "word", "code"),
    [
        ("1-5", "kind", "诉讼费", "litigation_costs"),
        ("1-5", "kind", "食堂周转金", "working_advance"),
        ("1-5", "kind", "暂付款", "other"),
        ("1-8", "category", "其它", "other"),
        ("1-8", "depreciation_correct", "准确", "yes"),
        ("1-5", "debtor_state", "死亡", "dead_or_bankrupt"),
        ("1-9", "papers", "均无", "none"),
        ("1-2", "interest_paid", "√", "yes"),
        ("1-2", "interest_paid", "×", "no"),
    ],
)
def test_words_mean_answers(table_id: str, field: str, word: str, code: str) -> None:
    rules = load_ruleset("inner-mongolia-2007")
    known = vocabulary_for(rules).table(table_id).words(rules.table(table_id).fields[field])
    assert (known.get(word_key(word)) or known.get(word)) == code


def test_a_child_has_its_parents_words_and_its_own() -> None:
    child = vocabulary_for(load_ruleset("financial-assets-2023"))
    assert child.table("1-5").heads["户名"].field == "debtor"
    assert word_key("债权投资") in child.table("1-6").titles
    parent = vocabulary_for(load_ruleset("inner-mongolia-2007"))
    assert word_key("债权投资") not in parent.table("1-6").titles


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('unknown = ["x"]', "unknown"),
        ('ignored = "x"', "ignored"),
        ("[columns]\nnmae = ['x']", "did you mean 'name'"),
        ("[table.'1-88']\ntitles = ['x']", "no table '1-88'"),
        ("[table.'1-8'.columns]\ncots = ['x']", "did you mean 'cost'"),
        ("[table.'1-8'.words.category]\nelectronic = ['x']", "did you mean 'electronics'"),
        ("[table.'1-8'.words.depreciation_correct]\nmaybe = ['x']", "no answer 'maybe'"),
        ("[words.limitation]\nlapse = ['x']", "did you mean 'lapsed'"),
        ("[table.'1-8']\nheading = 'categories'", "did you mean 'category'"),
        ("broken = ", FILE),
    ],
)
def test_a_wrong_file_is_told_with_the_likeliest_right_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, told: str
) -> None:
    name = "inner-mongolia-2007"
    (tmp_path / name).mkdir()
    (tmp_path / name / FILE).write_text(content, encoding="utf-8")
    rules = load_ruleset(name)
    monkeypatch.setattr(synonyms, "rulesets_folder", lambda: tmp_path)
    vocabulary_for.cache_clear()
    try:
        with pytest.raises(DefinitionError, match=told):
            vocabulary_for(rules)
    finally:
        vocabulary_for.cache_clear()
