"""Remarks that speak for another answer than the one a row was given."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.book.checks import blocking, check_book
from app.book.filling import REMARKS
from app.forms.errors import DefinitionError
from app.forms.evaluation import Context, evaluate
from app.forms.explain import hints_of
from app.forms.loader import (
    builtin_rulesets,
    load_ruleset,
    ruleset_for,
    ruleset_from_snapshot,
)
from app.forms.ruleset import RuleSet
from app.intake import synonyms
from app.intake.hints import hint_findings, remark_words
from app.intake.synonyms import FILE, vocabulary_for
from tests.intake.sheets import CLERK

RULES = ruleset_for(date(2006, 12, 31))


def asked(table_id: str, remark: str, **answers: Any) -> list[str]:
    """What is asked about these answers of a row, where that is remarked on it."""
    table = RULES.table(table_id)
    values = {**answers, REMARKS: remark}
    return [one.message for one in remark_words(RULES).doubts(table, values)]


@pytest.mark.parametrize(
    ("table_id", "remark", "answers", "said"),
    [
        ("1-8", "盘点：有账无物", {"integrity": "intact"}, "「完整性」填的是“完好”"),
        ("1-8", "出租", {"usage": "own_use"}, "「使用情况」填的是“自用”"),
        ("1-8", "已损坏", {"integrity": "intact"}, "“损坏”，「完整性」填的是“完好”"),
        ("1-8", "有账无物", {"use_value": "equal"}, "「使用价值」填的是“净值相当”"),
        ("1-8", "已损坏", {"use_value": "equal"}, "“损坏”，「使用价值」填的是“净值相当”"),
        ("1-8", "盘亏一台", {"accuracy": []}, "「准确性（内容）」填的是“相符”"),
        ("1-8", "无产权证，已出租", {"usage": "own_use"}, "“出租”，「使用情况」填的是“自用”"),
        ("1-8", "行驶证为个人名义", {"title_in_own_name": True}, "名下」填的是“是”"),
        ("1-5", "2007年1月已收回", {}, "“已收回”，「分类日后已收回金额」空着"),
        ("1-5", "下落不明", {"debtor_state": "normal"}, "「债务人状况」填的是“正常”"),
        ("1-4", "借款人死亡", {"debtor_state": "ceased"}, "填的是“停业”"),
        ("1-6", "连年亏损", {"investee_state": "normal"}, "「被投资单位经营状况」填的是“正常”"),
        ("1-9", "2003年停工", {"work_state": "in_progress"}, "「工程状态」填的是“正常建设”"),
    ],
)
def test_an_answer_that_its_remark_speaks_against_is_asked_about(
    table_id: str, remark: str, answers: dict[str, Any], said: str
) -> None:
    (message,) = asked(table_id, remark, **answers)
    assert message.startswith("备注写着“")
    assert said in message


@pytest.mark.parametrize(
    ("table_id", "remark", "answers"),
    [
        ("1-8", "盘点：有账无物", {"integrity": "missing"}),
        ("1-8", "盘亏一台", {"accuracy": ["account_account", "account_thing"]}),
        ("1-8", "有账无物", {}),  # what is not answered is missing, not doubtful
        ("1-8", "已损坏", {"integrity": "severely_damaged"}),
        ("1-8", "部分自用，部分出租", {"usage": "own_use"}),
        ("1-8", "没有出租，从未闲置", {"usage": "own_use"}),
        ("1-8", "拟出租", {"usage": "own_use"}),
        ("1-8", "已停止出租", {"usage": "own_use"}),
        ("1-8", "不存在产权纠纷", {"ownership_disputed": False}),
        ("1-8", "未发现损坏", {"integrity": "intact"}),
        ("1-8", "盘点未见盘亏，不会出租，已不再闲置", {"integrity": "intact", "usage": "own_use"}),
        ("1-8", "盘亏已处理，账实不符已调整", {"integrity": "intact", "accuracy": []}),
        ("1-8", "完好，无丢失、损坏和毁损", {"integrity": "intact"}),
        ("1-4", "至今最终本金未还", {"litigation": "none"}),
        ("1-5", "2007年1月已收回", {"recovered_amount": "100.00"}),
        ("1-5", "多次催收，未收回", {}),
        ("1-6", "转为盈利，没有亏损", {"investee_state": "normal"}),
        ("1-1", "已收回", {}),  # a table that has no such field
    ],
)
def test_what_agrees_or_is_denied_is_not(
    table_id: str, remark: str, answers: dict[str, Any]
) -> None:
    assert asked(table_id, remark, **answers) == []


@pytest.mark.parametrize("text", ["1", "。", "2006-12-31", "——", "①"])
@pytest.mark.parametrize(
    ("table_id", "key", "label"),
    [("1-8", "wp_state", "资产现状"), ("1-5", "reason", "挂账原因"), ("1-5", "name", "资产名称")],
)
def test_an_explanation_without_a_word_is_asked_about(
    book: Book, text: str, table_id: str, key: str, label: str
) -> None:
    values = {"name": "门面房", "asset_no": "1", key: text}
    row = book.add_row(table_id, values, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert (hint.code, hint.field) == ("N102", key)
    assert hint.message == f"「{label}」只写着“{text}”，看不出说的是什么。"
    for said in ("无", "完好，自用。", "ABC"):
        book.set_values(row.id, {key: said}, by=CLERK)
        assert hint_findings(book.store) == [], said


def test_the_number_of_a_voucher_may_be_remarked(book: Book) -> None:
    book.add_row("1-8", {"name": "门面房", "asset_no": "1", REMARKS: "2004-117"}, by=CLERK)
    assert hint_findings(book.store) == []


def test_a_sheet_without_a_word_is_asked_about(book: Book) -> None:
    values = {"name": "被盗款", "carrying_amount": "600000.00", "initial_class": "loss"}
    row = book.add_row("1-5", values, by=CLERK)
    (sheet,) = book.big_losses()
    book.set_big_loss(sheet.row_id, {"responsible": "0", "collection": "已起诉"}, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert (hint.code, hint.row_id, hint.table_id) == ("N102", row.id, "2")
    assert hint.message == "「责任人」只写着“0”，看不出说的是什么。"
    book.set_values(row.id, {"responsible": "0"}, by=CLERK)
    ids = [one.id for one in hint_findings(book.store)]
    assert len(set(ids)) == len(ids) == 2, "the row's own answer is another one"


@pytest.mark.parametrize("left", ["0.00", "50000.00"])
def test_what_can_come_in_still_has_to_fit_the_loss(book: Book, left: str) -> None:
    amounts = {"carrying_amount": "600000.00", "expected_loss": "599900.00"}
    row = book.add_row("1-5", {"name": "被盗款", "initial_class": "loss", **amounts}, by=CLERK)
    book.set_big_loss(row.id, {"recoverable": left}, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert (hint.code, hint.field, hint.table_id) == ("N104", "recoverable", "2")
    assert "600,000.00减预计损失额599,900.00是100.00" in hint.message
    book.set_big_loss(row.id, {"recoverable": "100"}, by=CLERK)
    assert hint_findings(book.store) == []


def test_answers_that_seldom_go_together_are_asked_about(book: Book) -> None:
    values = {"name": "诉讼费", "kind": "litigation_costs", "litigation": "none"}
    values["carrying_amount"] = "100.00"
    row = book.add_row("1-5", values, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert (hint.code, hint.field, hint.severity) == ("N201", "litigation", "hint")
    assert "垫付诉讼费" in hint.message
    assert not any(p.code == "N201" for p in book.evaluate(row).problems)
    book.set_values(row.id, {"recovered_amount": "100.00"}, by=CLERK)
    assert hint_findings(book.store) == [], "nothing is left to sue for"
    book.set_values(row.id, {"recovered_amount": "", "litigation": "suing"}, by=CLERK)
    assert hint_findings(book.store) == []


@pytest.mark.parametrize("table_id", ["1-4", "1-5"])
def test_a_limitation_that_cannot_have_run_out_is_asked_about(book: Book, table_id: str) -> None:
    case = next(c for c in RULES.table(table_id).cases if c.values.get("limitation"))
    values = {**case.values, "limitation": "lapsed", "formed_on": "2006-08-20"}
    row = book.add_row(table_id, values, by=CLERK)
    found = [one for one in hint_findings(book.store) if one.field == "limitation"]
    assert [one.severity for one in found] == ["hint"]
    assert "账龄133天，不到二年" in found[0].message
    book.set_values(row.id, {"formed_on": "2004-12-31"}, by=CLERK)
    assert not any(one.field == "limitation" for one in hint_findings(book.store))


def test_a_thing_that_is_gone_differs_by_all_it_is_worth(book: Book) -> None:
    case = next(c for c in RULES.table("1-8").cases if c.values.get("integrity") == "missing")
    row = book.add_row("1-8", {**case.values, "accuracy_amount": "1.00"}, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert (hint.field, hint.severity) == ("accuracy_amount", "hint")
    assert "只填了1.00" in hint.message
    book.set_values(row.id, {"accuracy_amount": case.values["carrying_amount"]}, by=CLERK)
    assert hint_findings(book.store) == []


def test_a_thing_that_is_gone_is_of_no_use_to_anybody(book: Book) -> None:
    case = next(c for c in RULES.table("1-8").cases if c.values.get("integrity") == "missing")
    row = book.add_row("1-8", {**case.values, "use_value": "equal"}, by=CLERK)
    (hint,) = hint_findings(book.store)
    assert hint.field == "use_value"
    assert "选的却是" in hint.message
    book.set_values(row.id, {"use_value": "untransferable"}, by=CLERK)
    assert hint_findings(book.store) == []


@pytest.mark.parametrize("name", builtin_rulesets())
def test_no_worked_case_is_doubted(name: str) -> None:
    rules: RuleSet = load_ruleset(name)
    words = remark_words(rules)
    assert vocabulary_for(rules).synonyms.remarks
    for table in rules.row_tables:
        for case in table.cases:
            values = {**case.values, REMARKS: case.facts}
            assert list(words.doubts(table, values)) == [], case.facts
            assert list(hints_of(evaluate(table, case.values, Context(case.base_date)))) == []


def test_a_long_remark_of_one_word_is_read_at_once() -> None:
    # Cut short by the test's own time limit, were it not: the cost has to grow in step.
    remark = "未" + "和" * 20_000 + "，闲置"
    assert asked("1-8", remark, usage="own_use")


def test_a_book_gives_a_hint_that_blocks_nothing(book: Book) -> None:
    given = {"name": "门面房", "usage": "own_use", "integrity": "intact", REMARKS: "出租"}
    last = book.add_row("1-8", {**given, "asset_no": "2"}, by=CLERK)
    first = book.add_row("1-5", {"name": "借款", REMARKS: "已收回"}, by=CLERK)
    book.add_row("1-8", {**given, "usage": "leased", "asset_no": "3"}, by=CLERK)
    hints = hint_findings(book.store)
    assert [(one.row_id, one.field) for one in hints] == [
        (first.id, "recovered_amount"),
        (last.id, "usage"),
    ]
    assert {one.severity for one in hints} == {"hint"}
    assert blocking(hints) == []
    assert [one.code for one in hints] == ["N103", "N101"]
    assert "不填就当作没有" in hints[0].way_out
    assert not {one.id for one in hints} & {one.id for one in check_book(book)}


def test_a_field_that_is_not_asked_is_not_doubted(book: Book) -> None:
    values = {"name": "福利费", "kind": "deposit", "case_state": "open", REMARKS: "已结案"}
    row = book.add_row("1-5", values, by=CLERK)
    assert "case_state" not in book.evaluate(row).asked
    assert hint_findings(book.store) == []
    book.set_values(row.id, {"kind": "case_advance"}, by=CLERK)
    assert [one.field for one in hint_findings(book.store)] == ["case_state"]


def test_a_books_own_rules_from_before_a_field_was_named_still_have_their_words() -> None:
    text = RULES.snapshot().decode()
    older = ruleset_from_snapshot(text.replace("work_state", "state_of_work").encode())
    assert (older.id, older.hash != RULES.hash) == (RULES.id, True)
    words = remark_words(older)
    values = {"usage": "own_use", "state_of_work": "in_progress", REMARKS: "停工，已出租"}
    doubted = [one.field for one in words.doubts(older.table("1-9"), values)]
    assert doubted == ["usage"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('[remarks.usages]\nidle = ["闲置"]', "usages"),
        ('[remarks.usage]\nidel = ["闲置"]', "idel"),
        ('[words.usage]\nfilled = ["闲置"]', "filled"),
    ],
)
def test_a_wrong_name_in_the_file_is_told(
    wrong: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / RULES.id
    folder.mkdir()
    (folder / FILE).write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(synonyms, "rulesets_folder", lambda: tmp_path)
    with pytest.raises(DefinitionError, match=told):
        vocabulary_for.__wrapped__(RULES)


def test_words_of_a_printed_column_speak_against_an_answer() -> None:
    words = remark_words(RULES)
    printed = ["无", "/", "", "房权证1号"]
    told = {"all": {"无"}, "none": set(), "purchase_contract": set()}
    told["title_deed"] = {"无", "/", ""}  # equipment may have all it needs, but no such deed
    for answer, against in told.items():
        assert words.against_printed("title_documents", answer, "产权证号", printed) == against
    assert words.against_printed("title_documents", "all", "颜色", printed) == set()
    assert words.against_printed("usage", "own_use", "产权证号", printed) == set()


@pytest.mark.parametrize(
    "part",
    [
        "已收回两万元", "已收回伍万元", "已收回5000", "已收回5,000.50", "已收回三分之一",
        "已收回1/3", "已收回百分之五十", "已收回利息", "部分已收回", "已收回2成",
    ],
)  # fmt: skip
def test_a_remark_of_a_part_is_none_of_the_whole(part: str) -> None:
    whole = ["2007年1月已收回", "已收回（2007年1月5日）", "2007/1/5已收回", "已全部收回"]
    against = remark_words(RULES).against(
        RULES.table("1-5"), "recovered_amount", None, [part, *whole]
    )
    assert against == {part}
