"""The signature over the manifest: whose it is, and that nothing of it can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.book.book import Book
from app.book.keys import SigningKey, office_key, unlock
from app.package.signature import sign_manifest, signer_of
from tests.cli.office import PASSPHRASE, Office

MANIFEST = '{"name": "青山信用社"}'.encode()


@pytest.fixture
def book(finished: Office) -> Iterator[Book]:
    """The finished office's book, open."""
    with Book.open(finished.book, write=False) as opened:
        yield opened


@pytest.fixture
def key(book: Book) -> SigningKey:
    """The office's key."""
    return unlock(book, PASSPHRASE)


def test_a_signature_names_office_and_short_code(book: Book, key: SigningKey) -> None:
    signer = signer_of(MANIFEST, sign_manifest(MANIFEST, key))
    office = office_key(book)
    assert signer is not None
    assert office is not None
    assert (signer.name, signer.short_code) == ("青山信用社", office.short_code)
    assert signer.certificate == office.certificate


@pytest.mark.parametrize("other", [b"", MANIFEST + b" ", MANIFEST[:-1], MANIFEST.upper()])
def test_it_holds_for_exactly_these_bytes(key: SigningKey, other: bytes) -> None:
    assert signer_of(other, sign_manifest(MANIFEST, key)) is None


def test_a_changed_byte_of_the_signature_is_noticed(key: SigningKey) -> None:
    signature = sign_manifest(MANIFEST, key)
    for place in range(0, len(signature), 3):
        changed = bytearray(signature)
        changed[place] ^= 1 << place % 8
        assert signer_of(MANIFEST, bytes(changed)) is None, place


@pytest.mark.parametrize("extra", [b"\x00", b"\x30\x00"])
def test_nothing_may_follow_the_signature(key: SigningKey, extra: bytes) -> None:
    assert signer_of(MANIFEST, sign_manifest(MANIFEST, key) + extra) is None


def test_openssl_accepts_it(key: SigningKey, tmp_path: Path) -> None:
    import shutil
    import subprocess

    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here")
    (tmp_path / "m.json").write_bytes(MANIFEST)
    (tmp_path / "m.sig").write_bytes(sign_manifest(MANIFEST, key))
    done = subprocess.run(
        f"{openssl} cms -verify -binary -noverify -inform DER -in m.sig -content m.json".split(),
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == MANIFEST
