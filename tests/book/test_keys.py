"""The office's key: made, kept encrypted, opened by its passphrase."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from app.book.book import Book
from app.book.errors import BookError
from app.book.keys import create_key, office_key, short_code, unlock
from tests.book.samples import CLERK

PASSPHRASE = "青山口令 2006"


def test_a_book_starts_without_a_key(book: Book) -> None:
    assert office_key(book) is None
    with pytest.raises(BookError, match="还没有密钥"):
        unlock(book, PASSPHRASE)


def test_a_key_carries_the_offices_name_and_a_short_code(book: Book) -> None:
    key = create_key(book, PASSPHRASE, by=CLERK)
    assert office_key(book) == key
    certificate = x509.load_der_x509_certificate(key.certificate)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert [name.value for name in names] == ["青山信用社"]
    assert certificate.subject == certificate.issuer
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", key.short_code)
    assert short_code(certificate) == key.short_code
    assert book.history()[-1].new == {"short_code": key.short_code}


def test_an_unlocked_key_signs(book: Book) -> None:
    create_key(book, PASSPHRASE)
    signing = unlock(book, PASSPHRASE)
    public = signing.certificate.public_key()
    assert isinstance(public, EllipticCurvePublicKey)
    assert isinstance(public.curve, SECP256R1)
    public.verify(signing.sign(b"manifest"), b"manifest", ECDSA(SHA256()))


def test_a_wrong_passphrase_is_said_clearly(book: Book) -> None:
    create_key(book, PASSPHRASE)
    for wrong in ("", "青山口令2006", PASSPHRASE + " "):
        with pytest.raises(BookError, match="口令不对"):
            unlock(book, wrong)
    with pytest.raises(BookError, match="口令不能为空"):
        create_key(book, "")


@pytest.mark.parametrize("wrong", ["a\0b", "\0", "a\tb", "a\nb", "\udce4"])
def test_a_passphrase_is_printable(book: Book, wrong: str) -> None:
    with pytest.raises(BookError, match="控制字符"):
        create_key(book, wrong)
    assert office_key(book) is None
    create_key(book, PASSPHRASE)
    with pytest.raises(BookError, match="口令不对"):
        unlock(book, wrong)


def test_the_key_lies_encrypted_in_the_book(book: Book, book_path: Path) -> None:
    create_key(book, PASSPHRASE)
    private = unlock(book, PASSPHRASE).private_key.private_numbers().private_value
    book.close()
    assert private.to_bytes(32, "big") not in book_path.read_bytes()


def test_a_new_key_takes_the_place_of_the_old(book: Book) -> None:
    old = create_key(book, "one")
    new = create_key(book, "two")
    assert old.short_code != new.short_code
    assert unlock(book, "two").short_code == new.short_code
    with pytest.raises(BookError, match="口令不对"):
        unlock(book, "one")
