"""What is sealed: the code changes with any value, and with nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.book.book import Book
from app.book.checks import check_book
from app.book.pointing import set_box
from app.book.seal_record import standing_kept
from app.book.types import Balance, Box
from app.package.content import SealHash, Totals, canonical, head_of, row_lines, seal_code
from app.package.verify import verify_package
from tests.cli.office import ACCOUNTANT, CLERK, HEAD, Office

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")


@pytest.fixture
def book(finished: Office) -> Iterator[Book]:
    """The finished office's book, open."""
    with Book.open(finished.book) as opened:
        yield opened


def test_the_code_is_short_and_stays_the_same(book: Book) -> None:
    code = seal_code(book)
    assert CODE.fullmatch(code)
    assert seal_code(book) == code


def test_the_code_is_the_same_after_opening_again(finished: Office) -> None:
    codes = set()
    for _ in range(2):
        with Book.open(finished.book, write=False) as book:
            codes.add(seal_code(book))
    assert len(codes) == 1


def _value(book: Book) -> None:
    book.set_values(book.find_row("1-2:TY-1").id, {"remarks": "改过"}, by=CLERK)


def _amount(book: Book) -> None:
    book.set_values(book.find_row("1-2:TY-1").id, {"carrying_amount": "750000.01"}, by=CLERK)


def _paper(book: Book) -> None:
    book.set_values(book.find_row("1-8:GZ-1").id, {"wp_state": "改过"}, by=CLERK)


def _opinion(book: Book) -> None:
    changed = {"initial_class": "doubtful", "initial_reason": "从严"}
    book.set_values(book.find_row("1-2:TY-1").id, changed, by=CLERK)


def _evidence(book: Book) -> None:
    book.attach(book.find_row("1-8:GZ-1").id, b"picture", "房产证.png", by=CLERK)


def _label_of_evidence(book: Book) -> None:
    attachment = book.attachments()[0]
    book.detach(attachment.id, by=CLERK)
    content = book.attachment_bytes(attachment.sha256)
    book.attach(attachment.row_id, content, attachment.name, by=CLERK, paper="划款凭证")


def _box_on_evidence(book: Book) -> None:
    box = Box("carrying_amount", 1, (1000, 2000, 4000, 2500))
    set_box(book, book.attachments()[0].id, box, by=CLERK)


def _balance(book: Book) -> None:
    book.set_balance(Balance("1501", "固定资产", Decimal("390000.01")), by=CLERK)


def _big_loss(book: Book) -> None:
    book.set_big_loss(book.find_row("1-5:FL-1").id, {"responsible": "另一人"}, by=CLERK)


def _new_row(book: Book) -> None:
    book.add_row("1-1", {"item": "cash"}, by=CLERK)


def _removed_row(book: Book) -> None:
    book.remove_row(book.find_row("1-8:GZ-1").id, by=CLERK)


def _reason_of_the_period(book: Book) -> None:
    (kept,) = book.kept()
    assert not kept.row_id, "the ledger's difference belongs to no row"
    book.unkeep(kept.finding_id, by=CLERK)
    book.keep(kept.finding_id, "别的理由", by=CLERK)


def _name_on_papers(book: Book) -> None:
    book.add_person("孙行", "accountant", by=HEAD)


def _seal_picture(book: Book) -> None:
    from app.book.seal_picture import set_seal_picture

    set_seal_picture(book, b"picture", by=HEAD)


CHANGES = (
    _value, _amount, _paper, _opinion, _evidence, _label_of_evidence, _box_on_evidence,
    _balance, _big_loss,
    _new_row, _removed_row, _reason_of_the_period, _name_on_papers, _seal_picture,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_the_code_changes_with_what_is_sealed(book: Book, change: Callable[[Book], None]) -> None:
    before = seal_code(book)
    change(book)
    assert seal_code(book) != before


def test_a_value_taken_back_leaves_only_the_new_confirmation(book: Book) -> None:
    def sealed_line() -> dict[str, object]:
        line = next(line for line in row_lines(book) if line["id"] == row.id)
        return {k: v for k, v in line.items() if k not in ("history", "confirmed_at")}

    row = book.find_row("1-8:GZ-1")
    before = sealed_line()
    book.set_values(row.id, {"wp_state": "改过"}, by=CLERK)
    assert sealed_line() != before
    book.set_values(row.id, {"wp_state": row.values["wp_state"]}, by=CLERK)
    book.confirm([row.id], by=ACCOUNTANT)
    assert sealed_line() == before


def test_the_stage_is_not_sealed(book: Book) -> None:
    before = seal_code(book)
    with book.sealing(before, by=HEAD):
        assert seal_code(book) == before
    assert {row.stage for row in book.rows()} == {"submitted"}
    assert seal_code(book) == before


def test_answers_kept_aside_stay_in_the_office(book: Book) -> None:
    row = book.find_row("1-2:TY-1")
    book.set_values(row.id, {"compliance": "misbooked", "compliance_amount": "1777.77"}, by=CLERK)
    with_amount = next(line for line in row_lines(book) if line["id"] == row.id)
    assert with_amount["values"]["compliance_amount"] == "1777.77"
    book.set_values(row.id, {"compliance": "compliant"}, by=CLERK)
    assert book.row(row.id).values["compliance_amount"] == "1777.77"
    line = next(line for line in row_lines(book) if line["id"] == row.id)
    assert "compliance_amount" not in line["values"]
    assert "1777.77" not in json.dumps(line, ensure_ascii=False)


def test_answers_of_a_new_row_kept_aside_stay_in_the_office(book: Book) -> None:
    values = dict(book.find_row("1-2:TY-1").values)
    values |= {"asset_no": "TY-9", "compliance": "misbooked", "compliance_amount": "1777.77"}
    row = book.add_row("1-2", values, by=CLERK)
    book.set_values(row.id, {"compliance": "compliant"}, by=CLERK)
    line = next(line for line in row_lines(book) if line["id"] == row.id)
    (added,) = [entry for entry in line["history"] if entry["kind"] == "add"]
    assert added["new"]["values"]["carrying_amount"] == "750000.00"
    assert "1777.77" not in json.dumps(line, ensure_ascii=False)


def test_a_reason_given_for_other_values_does_not_travel(book: Book) -> None:
    row = book.find_row("1-8:GZ-1")
    book.add_row("1-8", {**row.values, "asset_no": "GZ-2"}, by=CLERK)
    (double,) = [f for f in check_book(book) if f.code == "W004"]
    book.keep(double.id, "确为两笔不同的资产", by=CLERK)

    def kept() -> list[str]:
        return [one["code"] for line in row_lines(book) for one in line["kept"]]

    assert kept() == ["W004"]
    book.set_values(double.row_id, {"carrying_amount": "1.00"}, by=CLERK)
    assert len(book.kept()) == 2
    assert kept() == []
    assert all(not one.row_id for one in standing_kept(book))


def test_the_ledger_difference_travels_with_its_reason(genuine: Path) -> None:
    manifest = verify_package(genuine).manifest
    assert manifest is not None
    (kept,) = manifest.kept
    assert (kept.code, kept.reason, kept.by) == ("W005", "已查明，次月补记", CLERK)
    assert "相差500.00元" in kept.message


def test_a_row_travels_with_its_history_and_kept_warnings(book: Book) -> None:
    row = book.find_row("1-8:GZ-1")
    book.set_values(row.id, {"carrying_amount": "338500.00"}, by=CLERK, why="照抄")
    book.set_values(row.id, {"carrying_amount": "338000.00"}, by=CLERK, why="按卡片改正")
    line = next(line for line in row_lines(book) if line["id"] == row.id)
    changed = [h for h in line["history"] if h["field"] == "carrying_amount"]
    assert [(h["old"], h["new"], h["by"], h["why"]) for h in changed[-2:]] == [
        ("338000.00", "338500.00", CLERK, "照抄"),
        ("338500.00", "338000.00", CLERK, "按卡片改正"),
    ]


def test_totals_of_a_period(book: Book) -> None:
    totals = Totals()
    for line in row_lines(book):
        totals.add(line)
    assert totals.plain() == {
        "rows": 4,
        "carrying_amount": "2238000.00",
        "expected_loss": "337500.00",
        "classes": {"normal": 2, "special_mention": 0, "substandard": 1, "doubtful": 0, "loss": 1},
        "tables": {"1-1": 1, "1-2": 1, "1-5": 1, "1-8": 1},
        "attachments": 1,
    }


WORDS = st.text(max_size=4)
JSON = st.recursive(st.none() | st.integers() | WORDS, st.lists, max_leaves=4)


@given(st.dictionaries(WORDS, JSON, max_size=4))
def test_canonical_lines_do_not_depend_on_order(data: dict[str, object]) -> None:
    try:
        line = canonical(data)
    except UnicodeEncodeError:
        return
    plain = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert line == plain.encode()
    assert canonical(dict(reversed(data.items()))) == line
    assert json.loads(line) == data
    assert b"\n" not in line


def test_the_code_depends_on_the_head_and_on_the_order_of_rows(book: Book) -> None:
    lines = list(row_lines(book))

    def code(head: dict[str, object], listed: list[dict[str, object]]) -> str:
        seal = SealHash(head, [])
        for line in listed:
            seal.add(line)
        return seal.code

    head = head_of(book)
    codes = {
        code(head, lines),
        code(head, lines[::-1]),
        code(head, lines[1:]),
        code(head | {"base_date": "2007-12-31"}, lines),
    }
    assert len(codes) == 4
