"""Short stable names of problems, and fingerprints of what they were found on."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from app.book.coding import to_json

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""


def base32(digest: bytes, length: int) -> str:
    """The first characters of a digest in Crockford's base 32."""
    number = int.from_bytes(digest, "big")
    bits = len(digest) * 8
    return "".join(ALPHABET[(number >> (bits - 5 * (i + 1))) & 31] for i in range(length))


def grouped(code: str, size: int = 4) -> str:
    """A code in groups joined by hyphens: ABCD-EFGH."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def finding_id(code: str, place: str, field: str) -> str:
    """The name of a problem at a place (a row, a subject, an import) and field: W005-7KQ2-M3PA."""
    digest = sha256(to_json([code, place, field]).encode()).digest()
    return f"{code}-{grouped(base32(digest, 8))}"


def fingerprint(code: str, place: str, field: str, values: Sequence[str]) -> str:
    """Stands for the values that a problem was found on; a kept warning holds it."""
    content = to_json([code, place, field, list(values)])
    return sha256(content.encode()).hexdigest()[:32]
