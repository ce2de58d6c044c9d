"""A copy of the office's key: written for one pair of eyes, looked into, taken over elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.book.book import Book
from app.book.errors import BookError
from app.book.key_copies import key_has_signed, open_key_copy, save_key_copy, take_key_copy
from app.book.keys import create_key, office_key, unlock
from app.book.types import Institution
from tests.book.samples import BASE_DATE, CLERK, RULESET

PASSPHRASE = "青山口令 2006"
OFFICE = Institution("QS01", "青山信用社")


@pytest.fixture
def copy(book: Book, tmp_path: Path) -> Path:
    """A copy of the key that the book got."""
    create_key(book, PASSPHRASE)
    out = tmp_path / "key.p12"
    save_key_copy(book, out, PASSPHRASE)
    return out


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Book]:
    """The same office's book on another machine, without a key."""
    path = tmp_path / "other" / "book.wuji"
    path.parent.mkdir()
    with Book.create(path, OFFICE, BASE_DATE, ruleset=RULESET) as made:
        made.add_person(CLERK, "preparer")
        yield made


def test_a_copy_is_encrypted_and_its_owners_alone(book: Book, copy: Path) -> None:
    private, certificate, _ = pkcs12.load_key_and_certificates(
        copy.read_bytes(), PASSPHRASE.encode()
    )
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert certificate is not None
    number = private.private_numbers().private_value
    assert number == unlock(book, PASSPHRASE).private_key.private_numbers().private_value
    assert number.to_bytes(32, "big") not in copy.read_bytes()
    if os.name == "posix":
        assert copy.stat().st_mode & 0o777 == 0o600
    assert not list(copy.parent.glob("*.part"))


def test_a_copy_is_not_written_over_another_file(book: Book, copy: Path) -> None:
    create_key(book, "another passphrase")
    before = copy.read_bytes()
    with pytest.raises(BookError, match="已经存在"):
        save_key_copy(book, copy, "another passphrase")
    assert copy.read_bytes() == before
    save_key_copy(book, copy, "another passphrase", replace=True)
    assert copy.read_bytes() != before


def test_without_the_passphrase_there_is_no_copy(book: Book, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="还没有密钥"):
        save_key_copy(book, tmp_path / "key.p12", PASSPHRASE)
    create_key(book, PASSPHRASE)
    with pytest.raises(BookError, match="口令不对"):
        save_key_copy(book, tmp_path / "key.p12", "wrong")
    assert not (tmp_path / "key.p12").exists()


def test_the_key_is_the_same_on_another_machine(book: Book, copy: Path, other: Book) -> None:
    made = office_key(book)
    assert made is not None
    opened = open_key_copy(other, copy, PASSPHRASE)
    assert (opened.name, opened.earlier, opened.same) == ("青山信用社", "", False)
    assert office_key(other) is None  # looking changes nothing
    taken = take_key_copy(other, opened, by=CLERK)
    assert taken.short_code == made.short_code == unlock(other, PASSPHRASE).short_code
    assert (other.history()[-1].kind, other.history()[-1].by) == ("key_import", CLERK)
    assert open_key_copy(other, copy, PASSPHRASE).same


def test_a_copy_opens_by_its_passphrase(book: Book, copy: Path) -> None:
    before = office_key(book)
    for wrong in ("", "青山口令2006", "a\tb", "\udce4"):
        with pytest.raises(BookError, match="口令"):
            open_key_copy(book, copy, wrong)
    assert office_key(book) == before


def test_what_is_no_copy_is_told_from_a_wrong_passphrase(book: Book, copy: Path) -> None:
    good = copy.read_bytes()
    for content in (b"", b"hello", good[:-9], good + b"\0", good * 2000):
        copy.write_bytes(content)
        with pytest.raises(BookError, match=r"“key.p12”不是密钥副本"):
            open_key_copy(book, copy, PASSPHRASE)


def test_a_copy_that_is_not_there(book: Book, tmp_path: Path) -> None:
    for place in (tmp_path / "no.p12", tmp_path):
        with pytest.raises(BookError, match="找不到文件"):
            open_key_copy(book, place, PASSPHRASE)


def test_another_offices_key_is_refused(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.wuji"
    with (
        Book.create(path, Institution("BS02", "白水信用社"), BASE_DATE, ruleset=RULESET) as book,
        pytest.raises(BookError, match="QS01 青山信用社的密钥，本账套是BS02 白水信用社"),
    ):
        open_key_copy(book, copy, PASSPHRASE)


def foreign(path: Path, key: Any, *, subject_key: Any = None, issuer_key: Any = None) -> Path:
    """A PKCS#12 in the office's name that another program made."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, OFFICE.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, OFFICE.code),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key((subject_key or key).public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
        .sign(issuer_key or key, SHA256())
    )
    encryption = BestAvailableEncryption(PASSPHRASE.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"", key, certificate, None, encryption))
    return path


def test_what_the_union_would_not_take_is_refused_at_once(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "foreign.p12"
    own, strange = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    assert open_key_copy(book, foreign(path, own), PASSPHRASE).name == OFFICE.name
    for file in (
        foreign(path, ec.generate_private_key(ec.SECP384R1())),
        foreign(path, own, issuer_key=strange),
    ):
        with pytest.raises(BookError, match="不是本程序生成的"):
            open_key_copy(book, file, PASSPHRASE)
    with pytest.raises(BookError, match="没有可用的密钥"):
        open_key_copy(book, foreign(path, rsa.generate_private_key(65537, 2048)), PASSPHRASE)


def test_a_key_changed_meanwhile_is_not_replaced(book: Book, copy: Path) -> None:
    create_key(book, "two")
    opened = open_key_copy(book, copy, PASSPHRASE)
    assert opened.earlier
    assert not opened.same
    now = create_key(book, "three")
    with pytest.raises(BookError, match="刚才换过"):
        take_key_copy(book, opened, by=CLERK)
    assert office_key(book) == now


def test_a_key_has_signed_once_something_was_sealed(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not key_has_signed(book)
    create_key(book, PASSPHRASE)
    assert not key_has_signed(book)
    with book.store.write("", sealed=True) as change:
        change.log("seal", new={"seal_code": "X"})
    assert key_has_signed(book)
    later = datetime.now(UTC) + timedelta(minutes=1)
    monkeypatch.setattr(book.store, "now", lambda: later)
    create_key(book, "two")
    assert not key_has_signed(book)
