"""What the papers' tests share: a key to sign with and the office's stamp."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from app.book.keys import SigningKey, short_code
from app.papers.seal import Stamp
from app.papers.sign import PaperKey
from tests.papers.samples import SEAL_CODE


def make_key(office: str) -> PaperKey:
    """A fresh P-256 key with a self-signed certificate."""
    private = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, office)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(private, SHA256())
    )
    return SigningKey(short_code(certificate), private, certificate)


@pytest.fixture(scope="session")
def office_key() -> PaperKey:
    """The key of the made-up office."""
    return make_key("青山信用社")


def business_stamp() -> Stamp:
    """The drawn stamp of the made-up office."""
    return Stamp("青山信用社", date(2007, 1, 15), SEAL_CODE)


@pytest.fixture
def stamp() -> Stamp:
    """The drawn stamp of the made-up office."""
    return business_stamp()
