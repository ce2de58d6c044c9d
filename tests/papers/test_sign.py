"""Signatures on PDFs: valid to other readers too, broken by any changed byte."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from app.papers.export import sign_paper
from app.papers.seal import RED, Stamp
from app.papers.sign import PaperKey, SignatureCheck, sign_pdf, verify_pdf
from app.papers.table_pdf import write_table_pdf
from tests.papers import samples
from tests.papers.conftest import make_key


@pytest.fixture
def signed(tmp_path: Path, office_key: PaperKey, stamp: Stamp) -> Path:
    """A stamped and signed table."""
    path = tmp_path / "table.pdf"
    result = write_table_pdf(samples.table_paper(), path, stamp=stamp)
    sign_paper(result, office_key, stamp)
    return path


def test_a_signed_paper_verifies_and_names_the_office(signed: Path, office_key: PaperKey) -> None:
    check = verify_pdf(signed)
    assert check.bottom_line
    assert check.message == ""
    assert check.signer == "青山信用社"
    assert check.signed_at is not None
    other = verify_pdf(signed)
    assert other.fingerprint == check.fingerprint
    assert len(check.fingerprint) == 64


def test_other_readers_call_it_valid(signed: Path) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed")
    done = subprocess.run(["pdfsig", str(signed)], capture_output=True, text=True, check=False)
    assert "Signature is Valid." in done.stdout
    assert "Total document signed" in done.stdout
    assert "青山信用社" in done.stdout


@pytest.mark.parametrize("share", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_changed_byte_breaks_it(signed: Path, share: float) -> None:
    data = bytearray(signed.read_bytes())
    data[int(len(data) * share)] ^= 0x01
    signed.write_bytes(data)
    check = verify_pdf(signed)
    assert not check.bottom_line
    assert check.message


def test_the_gap_that_no_signature_covers_is_checked_too(signed: Path) -> None:
    data = bytearray(signed.read_bytes())
    padding = data.rindex(b"0" * 200)
    data[padding + 100] = ord("1")
    signed.write_bytes(data)
    assert not verify_pdf(signed).bottom_line


def test_something_added_afterwards_breaks_it(signed: Path) -> None:
    signed.write_bytes(signed.read_bytes() + b"\n% added\n")
    assert not verify_pdf(signed).bottom_line


def test_an_unsigned_paper_says_so(tmp_path: Path) -> None:
    result = write_table_pdf(samples.table_paper(), tmp_path / "table.pdf")
    assert verify_pdf(result.path) == SignatureCheck(False, "文件没有数字签名。")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"not a pdf at all" * 50])
def test_what_is_no_pdf_is_refused_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    check = verify_pdf(path)
    assert not check.bottom_line
    assert check.message == "文件或其中的签名已损坏，无法读取。"


def test_another_key_is_told_apart(signed: Path, tmp_path: Path, stamp: Stamp) -> None:
    other = tmp_path / "other.pdf"
    result = write_table_pdf(samples.table_paper(), other, stamp=stamp)
    sign_paper(result, make_key("青山信用社"), stamp)
    assert verify_pdf(other).bottom_line
    assert verify_pdf(other).fingerprint != verify_pdf(signed).fingerprint


def test_the_stamp_is_the_picture_of_the_signature(signed: Path, stamp: Stamp) -> None:
    with pypdfium2.PdfDocument(signed) as document:
        document.init_forms()
        shown = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
        bare = document[0].render(scale=1, may_draw_forms=False).to_pil().convert("RGB")
    red = tuple(round(part * 255) for part in RED)

    def reddish(pixel: tuple[int, ...]) -> bool:
        return all(abs(a - b) < 60 for a, b in zip(pixel, red, strict=True))

    def count(picture: object) -> int:
        return sum(reddish(pixel) for pixel in picture.get_flattened_data())  # type: ignore[attr-defined]

    assert count(shown) > 300
    assert count(bare) == 0


def test_without_a_place_the_signature_is_there_but_not_seen(
    tmp_path: Path, office_key: PaperKey
) -> None:
    result = write_table_pdf(samples.table_paper(), tmp_path / "table.pdf")
    sign_pdf(result.path, tmp_path / "signed.pdf", office_key)
    assert verify_pdf(tmp_path / "signed.pdf").bottom_line
    assert not verify_pdf(result.path).bottom_line
