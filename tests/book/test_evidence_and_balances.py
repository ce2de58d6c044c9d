"""Evidence stored by content; balances in the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from app.book import evidence
from app.book.book import Book
from app.book.errors import BookError
from app.book.types import Balance, Row
from tests.book.samples import CLERK


def test_evidence_is_kept_in_the_book(book: Book, deposit: Row, tmp_path: Path) -> None:
    file = tmp_path / "转存凭证.jpg"
    file.write_bytes(b"a picture")
    one = book.attach(deposit.id, file, by=CLERK, paper="存单")
    assert (one.name, one.paper, one.size, one.media_type) == (
        "转存凭证.jpg",
        "存单",
        9,
        "image/jpeg",
    )
    assert one.sha256 == sha256(b"a picture").hexdigest()
    assert (one.added_by, one.added_at, one.carried_from) == (CLERK, book.saved_at, "")
    file.unlink()
    assert book.attachment_bytes(one.sha256) == b"a picture"
    assert book.attachments(deposit.id) == book.attachments() == [one]


def test_the_same_content_is_stored_once(book: Book, deposit: Row, book_path: Path) -> None:
    other = book.add_row("1-5", {"asset_no": "7"}, by=CLERK)
    for row_id, name in ((deposit.id, "a.pdf"), (deposit.id, "b.pdf"), ("1-5:7", "a.pdf")):
        book.attach(row_id, b"the same", name, by=CLERK)
    assert len(book.attachments()) == 3
    assert [one.row_id for one in book.attachments("1-5:7")] == [other.id]
    book.close()
    with closing(sqlite3.connect(book_path)) as connection:
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (1,)


def test_several_files_are_attached_all_or_none(book: Book, deposit: Row, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    files = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    two = book.attach_files(deposit.id, files, by=CLERK, paper="存单")
    assert [(one.name, one.paper) for one in two] == [("a.jpg", "存单"), ("b.jpg", "存单")]
    with pytest.raises(BookError, match="读不出来"):
        book.attach_files(deposit.id, [files[0], tmp_path / "no.jpg"], by=CLERK)
    assert book.attachments() == two
    assert book.undo(CLERK)
    assert book.attachments() == []


def test_evidence_of_many_rows_is_one_change(
    book: Book, deposit: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = book.add_row("1-5", {"asset_no": "7"}, by=CLERK)
    given = [(deposit.id, [(b"x", "a.pdf", "存单")]), (other.id, [(b"x", "b.pdf", "")] * 2)]
    added = evidence.attach_each(book.store, given, by=CLERK)
    assert added == book.attachments()
    monkeypatch.setattr(evidence, "AT_A_TIME", 1)
    together = list(evidence.with_evidence(book.store, book.rows()))
    assert together == [(row, book.attachments(row.id)) for row in book.rows()]
    assert evidence.evidence_counts(book.store) == {deposit.id: 1, other.id: 2}
    assert book.undo(CLERK)
    assert book.attachments() == []
    with pytest.raises(BookError, match="空文件"):
        evidence.attach_each(book.store, [given[0], (other.id, [(b"", "c.pdf", "")])], by=CLERK)
    assert book.attachments() == []


def test_attached_papers_answer_what_the_rules_ask_for(book: Book, deposit: Row) -> None:
    needs = book.evaluate(deposit).evidence
    assert needs
    assert not any(need.present for need in needs)
    book.attach(deposit.id, b"x", "x.jpg", by=CLERK, paper=needs[0].paper)
    again = {need.paper: need.present for need in book.evaluate(deposit).evidence}
    assert again[needs[0].paper] is True


def test_detached_evidence_stays_readable_for_the_history(book: Book, deposit: Row) -> None:
    one = book.attach(deposit.id, b"x", "x.jpg", by=CLERK)
    book.detach(one.id, by=CLERK, why="附错了")
    assert book.attachments() == []
    entry = book.history(deposit.id)[-1]
    assert (entry.kind, entry.why, entry.old["sha256"]) == ("detach", "附错了", one.sha256)
    assert book.attachment_bytes(one.sha256) == b"x"
    with pytest.raises(BookError, match="没有编号为"):
        book.detach(one.id, by=CLERK)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\资料\\合同.pdf", "合同.pdf"),
        ("a<b>:\n.txt", "ab.txt"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)  # fmt: skip
def test_names_are_plain(book: Book, deposit: Row, name: str, kept: str) -> None:
    assert book.attach(deposit.id, b"x", name, by=CLERK).name == kept


def test_unfit_evidence_is_refused(
    book: Book, deposit: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "LARGEST", 8)
    big = tmp_path / "big.bin"
    big.write_bytes(b"123456789")
    for content, name, words in (
        (b"", "a.pdf", "是空文件"), (b"123456789", "a.pdf", "超过"), (big, "", "超过"),
        (tmp_path / "none.pdf", "", "读不出来"), (b"x", "", "没有文件名"),
        (b"x", "...", "没有文件名"),
    ):  # fmt: skip
        with pytest.raises(BookError, match=words):
            book.attach(deposit.id, content, name, by=CLERK)
    with pytest.raises(BookError, match="没有编号为"):
        book.attach("QS01-9999", b"x", "x", by=CLERK)
    assert book.attachments() == []


def test_damaged_or_unknown_content_is_noticed(book: Book, deposit: Row, book_path: Path) -> None:
    one = book.attach(deposit.id, b"x", "x.jpg", by=CLERK)
    with pytest.raises(BookError, match="的内容，请用备份恢复"):
        book.attachment_bytes("0" * 64)
    book.close()
    with closing(sqlite3.connect(book_path)) as connection:
        connection.execute("UPDATE blobs SET content = x'00'")
        connection.commit()
    with Book.open(book_path) as again, pytest.raises(BookError, match="已损坏"):
        again.attachment_bytes(one.sha256)


def test_balances_are_replaced_as_a_whole_with_history(book: Book) -> None:
    first = [Balance("1391", "其他应收款", Decimal("2000878.98"), provisions=Decimal("5.00"))]
    book.set_balances(
        [*first, Balance("1501", "固定资产", Decimal("1"))], by=CLERK, source="b.xlsx"
    )
    book.set_balances(first, by=CLERK, source="b.xlsx")
    assert book.balances() == first
    kinds = [(e.field, e.new is None) for e in book.history() if e.kind == "balance"]
    assert kinds == [("1391", False), ("1501", False), ("1501", True)]
    entries = book.verify_history().entries
    book.set_balances(first, by=CLERK, source="b.xlsx")
    assert book.verify_history().entries == entries


def test_one_balance_can_be_set_alone(book: Book) -> None:
    book.set_balances([Balance("1391", "其他应收款"), Balance("1501", "固定资产")], by=CLERK)
    book.set_balance(Balance("1501", "固定资产", Decimal("7.50")), by=CLERK)
    assert [balance.debit for balance in book.balances()] == [Decimal("0.00"), Decimal("7.50")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([Balance("1391", "a"), Balance("1391", "b")], "出现了两次"),
        ([Balance("1501", "a"), Balance("12", "b")], "3至8位数字"),
        ([Balance("1501", "a"), Balance("1391", "b", Decimal("0.001"))], "超过两位小数"),
    ],
)
def test_unfit_balances_are_refused_and_nothing_is_written(
    book: Book, given: list[Balance], words: str
) -> None:
    with pytest.raises(BookError, match=words):
        book.set_balances(given, by=CLERK)
    assert book.balances() == []
