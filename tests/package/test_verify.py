"""Verifying a package: every changed bit and every kind of forgery is refused, with a reason."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book, Institution
from app.book.keys import unlock
from app.package.answers import AnswerHead, build_receipt
from app.package.archive import COMMENT_LENGTH
from app.package.content import Totals
from app.package.manifest import Answered
from app.package.verify import Verification, verify_package
from app.union.packages import file_hash
from tests.cli.office import PASSPHRASE, Office
from tests.package.forging import (
    BALANCES,
    MANIFEST,
    ROWS,
    SIGNATURE,
    Forger,
    with_right_comment,
    write_archive,
)


def refused(path: Path, *words: str) -> Verification:
    """The verification of a package that must not hold, its reasons holding the words."""
    found = verify_package(path)
    assert not found.holds
    told = "".join(found.faults)
    for word in words:
        assert word in told, told
    return found


# A genuine one


def test_a_genuine_package_holds(genuine: Path) -> None:
    found = verify_package(genuine)
    assert found.holds, found.faults
    assert found.signer is not None
    assert found.signer.name == "青山信用社"
    assert found.manifest is not None
    assert found.manifest.totals.rows == 4
    assert found.known is None


def test_whether_the_key_is_known_is_said(genuine: Path) -> None:
    signer = verify_package(genuine).signer
    assert signer is not None
    assert verify_package(genuine, accepted=frozenset({signer.short_code})).known is True
    assert verify_package(genuine, accepted=frozenset({"AAAA-BBBB-CCCC"})).known is False


def test_a_copy_under_another_name_holds(genuine: Path, tmp_path: Path) -> None:
    copy = tmp_path / "无扩展名"
    copy.write_bytes(genuine.read_bytes())
    assert verify_package(copy).holds


# Every bit


def receipt(sealed: Office, path: Path, page: str) -> Path:
    """A receipt with such a page: a package that holds, as small or large as wanted."""
    with Book.open(sealed.book) as book:
        moment = book.store.now()
        sent = Answered(book.period.seal_code, file_hash(sealed.package), moment.isoformat())
        union = Institution("LS", "某县联社")
        head = AnswerHead("receipt", union, book.institution, book.period, sent, moment)
        build_receipt(path, unlock(book, PASSPHRASE), head, Totals(), page)
    assert verify_package(path).holds
    return path


def flipped(path: Path, raw: bytes, places: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The bits of the file that can be flipped without being noticed."""
    with path.open("r+b", buffering=0) as file:
        for place, bit in places:
            file.seek(place)
            file.write(bytes([raw[place] ^ 1 << bit]))
            if verify_package(path).holds:
                yield place, bit
            file.seek(place)
            file.write(raw[place : place + 1])


def span(path: Path, name: str) -> range:
    """Where an entry's compressed bytes lie."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    start = info.header_offset + 30 + len(name.encode())
    return range(start, start + info.compress_size)


def frame(path: Path) -> list[int]:
    """The places of manifest, signature, directory and comment."""
    with zipfile.ZipFile(path) as archive:
        directory = archive.start_dir
    end = path.stat().st_size
    return [*span(path, MANIFEST), *span(path, SIGNATURE), *range(directory, end)]


def test_each_bit_of_manifest_signature_directory_and_comment_counts(
    sealed: Office, tmp_path: Path
) -> None:
    small = receipt(sealed, tmp_path / "small.wjz", "<p>收到</p>")
    everything = ((place, bit) for place in frame(small) for bit in range(8))
    assert not list(flipped(small, small.read_bytes(), everything))


def test_bits_between_count(genuine: Path, tmp_path: Path) -> None:
    copy = tmp_path / "p.wjz"
    raw = genuine.read_bytes()
    copy.write_bytes(raw)
    others = sorted(set(range(len(raw))) - set(frame(genuine)))
    dice = random.Random(64)
    assert not list(flipped(copy, raw, ((p, dice.randrange(8)) for p in others[::160])))


def test_bits_of_a_large_package_count(sealed: Office, tmp_path: Path) -> None:
    dice = random.Random(2006)
    large = receipt(sealed, tmp_path / "large.wjz", dice.randbytes(8 << 20).hex())
    raw = large.read_bytes()
    assert len(raw) > 8 << 20
    sample = ((dice.randrange(len(raw)), dice.randrange(8)) for _ in range(100))
    assert not list(flipped(large, raw, sample))


def entries_of(path: Path) -> dict[str, bytes]:
    """What an archive holds."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed_flips(path: Path, raw: bytes, places: Iterator[tuple[int, int]]) -> list[int]:
    """Flipped places that change an entry unnoticed once the comment is right again.

    A few bits of compressed data mean nothing; flipping them changes no entry.
    """
    path.write_bytes(raw)
    entries = entries_of(path)
    unnoticed = []
    for place, bit in places:
        changed = bytearray(raw)
        changed[place] ^= 1 << bit
        path.write_bytes(with_right_comment(bytes(changed)))
        if verify_package(path).holds and entries_of(path) != entries:
            unnoticed.append(place)
    return unnoticed


def test_a_right_comment_does_not_help_a_changed_manifest_or_signature(
    forger: Forger, tmp_path: Path
) -> None:
    path = forger.save()
    assert verify_package(path).holds
    raw = path.read_bytes()
    dice = random.Random(7)
    places = (
        (p, dice.randrange(8)) for name in (MANIFEST, SIGNATURE) for p in span(path, name)[::3]
    )
    assert not resealed_flips(tmp_path / "flipped.wjz", raw, places)


def test_a_right_comment_does_not_help_changed_content(forger: Forger, tmp_path: Path) -> None:
    path = forger.save()
    assert verify_package(path).holds
    raw = path.read_bytes()
    dice = random.Random(11)
    names = [name for name in forger.entries if name not in (MANIFEST, SIGNATURE)]
    places = ((dice.choice(span(path, name)), dice.randrange(8)) for name in names * 3)
    assert not resealed_flips(tmp_path / "flipped.wjz", raw, places)


@pytest.mark.parametrize("kept", [0, 1, 100, 5000, -1, -COMMENT_LENGTH])
def test_a_truncated_package_is_refused(genuine: Path, tmp_path: Path, kept: int) -> None:
    copy = tmp_path / "p.wjz"
    copy.write_bytes(genuine.read_bytes()[:kept])
    refused(copy, "请重新传送")


@pytest.mark.parametrize("extra", [b"x", b"PK\x05\x06" + bytes(18)])
def test_a_longer_package_is_refused(genuine: Path, tmp_path: Path, extra: bytes) -> None:
    copy = tmp_path / "p.wjz"
    copy.write_bytes(genuine.read_bytes() + extra)
    refused(copy, "请重新传送")


# Forgeries with a right comment, signed by the office no more


def test_exchanged_manifest_is_refused(forger: Forger) -> None:
    forger.change_manifest(lambda manifest: manifest.update(base_date="2007-12-31"))
    refused(forger.save(), "签名不成立")


def test_manifest_with_other_blanks_is_refused(forger: Forger) -> None:
    forger.entries[MANIFEST] += b"\n"
    refused(forger.save(), "签名不成立")


@pytest.mark.parametrize("signature", [b"", b"0", b"\x30\x80", bytes(996), b"\x30\x82" * 5000])
def test_exchanged_signature_is_refused(forger: Forger, signature: bytes) -> None:
    forger.entries[SIGNATURE] = signature
    refused(forger.save(), "签名不成立")


def test_signature_of_another_manifest_is_refused(forger: Forger) -> None:
    genuine_manifest = forger.entries[MANIFEST]
    forger.change_manifest(lambda manifest: manifest.update(made_at="2007-01-01T00:00:00+08:00"))
    forger.sign()
    forger.entries[MANIFEST] = genuine_manifest
    refused(forger.save(), "签名不成立")


@pytest.mark.parametrize("name", [ROWS, BALANCES, "tables.xlsx", "summary.xlsx", "forms/1-2.pdf"])
def test_exchanged_content_is_named(forger: Forger, name: str) -> None:
    forger.entries[name] = forger.entries[name] + b" "
    refused(forger.save(), f"“{name}”的内容与清单不符")


def test_content_of_the_same_length_is_noticed(forger: Forger) -> None:
    raw = forger.entries[ROWS]
    forger.entries[ROWS] = raw.replace(b'"750000.00"', b'"150000.00"')
    assert len(forger.entries[ROWS]) == len(raw)
    refused(forger.save(), f"“{ROWS}”的内容与清单不符")


@pytest.mark.parametrize("name", [ROWS, BALANCES, "forms/1-8.pdf"])
def test_removed_content_is_named(forger: Forger, name: str) -> None:
    del forger.entries[name]
    refused(forger.save(), f"清单所列“{name}”不在包中")


def test_removed_evidence_is_named(forger: Forger) -> None:
    name = next(name for name in forger.entries if name.startswith("attachments/"))
    del forger.entries[name]
    refused(forger.save(), name)


def test_added_evidence_is_named(forger: Forger) -> None:
    name = f"attachments/{sha256(b'more').hexdigest()}"
    forger.entries[name] = b"more"
    refused(forger.save(), f"包中“{name}”不在清单上")


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_missing_manifest_or_signature_is_named(forger: Forger, name: str) -> None:
    del forger.entries[name]
    refused(forger.save(), f"缺少“{name}”")


def test_nothing_of_an_unsigned_manifest_is_told(forger: Forger) -> None:
    forger.change_manifest(lambda manifest: manifest["institution"].update(name="别的信用社"))
    found = refused(forger.save())
    assert found.manifest is None
    assert found.signer is None


# Forgeries that are consistent and signed, but by a key of the forger's own


def test_a_foreign_signature_is_told_by_its_short_code(forger: Forger, genuine: Path) -> None:
    forger.sign()
    found = verify_package(forger.save())
    own, office = found.signer, verify_package(genuine).signer
    assert own is not None
    assert office is not None
    # Same name on the certificate; only the short code tells them apart.
    assert own.name == office.name
    assert own.short_code != office.short_code


def dishonest(forger: Forger, change: Callable[[Forger], Any]) -> Path:
    """A package whose entries were changed, hashed again and signed, the rest left."""
    change(forger)

    def renew(manifest: dict[str, Any]) -> None:
        for entry in manifest["entries"]:
            content = forger.entries.get(entry["path"], b"")
            entry["sha256"], entry["size"] = sha256(content).hexdigest(), len(content)

    if forger.entries[MANIFEST].startswith(b"{"):
        forger.change_manifest(renew)
    forger.sign()
    return forger.save()


def test_seal_code_is_taken_again_from_the_rows(forger: Forger) -> None:
    def change(one: Forger) -> None:
        one.change_rows(lambda rows: rows[1]["values"].update(remarks="另一种说法"))

    refused(dishonest(forger, change), "封印码不符")


def test_totals_are_taken_again_from_the_rows(forger: Forger) -> None:
    forger.change_manifest(lambda m: m["totals"].update(carrying_amount="1.00"))
    forger.sign()
    refused(forger.save(), "合计与清单不符")


def test_evidence_must_be_what_the_rows_list(forger: Forger) -> None:
    name = f"attachments/{sha256(b'more').hexdigest()}"
    forger.entries[name] = b"more"
    forger.agree()
    forger.sign()
    refused(forger.save(), "资料附件与资产数据所列不一致")


@pytest.mark.parametrize("name", [ROWS, BALANCES, "tables.xlsx", "forms/1-5-working-papers.pdf"])
def test_a_package_without_its_papers_is_incomplete(forger: Forger, name: str) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["entries"] = [e for e in manifest["entries"] if e["path"] != name]

    del forger.entries[name]
    forger.change_manifest(change)
    forger.sign()
    refused(forger.save(), f"文件包缺少“{name}”")


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["printed"]["people"].update(head=["别人"]),
        lambda m: m["printed"].update(seal_picture="0" * 64),
        lambda m: m["kept"][0].update(reason="别的理由"),
        lambda m: m.update(kept=[]),
    ],
)
def test_what_is_printed_and_kept_belongs_to_the_seal_code(
    forger: Forger, change: Callable[[dict[str, Any]], Any]
) -> None:
    forger.change_manifest(change)
    forger.sign()
    refused(forger.save(), "封印码不符")


def test_a_submission_says_what_its_papers_say(forger: Forger) -> None:
    forger.change_manifest(lambda m: m.pop("printed"))
    forger.sign()
    refused(forger.save(), "人员和公章")


def test_papers_signed_by_another_key_are_named(forger: Forger) -> None:
    forger.sign()
    refused(forger.save(), "“forms/1-2.pdf”不是用清单所用的密钥签的")


@pytest.mark.parametrize("paper", [b"%PDF-1.7\n", b"no pdf"])
def test_a_paper_without_a_signature_is_named(forger: Forger, sealed: Office, paper: bytes) -> None:
    forger.entries["forms/1-2.pdf"] = paper
    forger.agree()
    forger.sign_as(sealed)
    found = refused(forger.save(), "“forms/1-2.pdf”：")
    assert len(found.faults) == 1


def test_a_big_loss_has_its_sheet(forger: Forger, sealed: Office) -> None:
    assert any(row["big_loss"] for row in forger.rows)
    del forger.entries["forms/2.pdf"]
    forger.agree()
    forger.sign_as(sealed)
    refused(forger.save(), "有大额损失，文件包却缺少“forms/2.pdf”")


def set_row(**changes: Any) -> Callable[[Forger], None]:
    return lambda forger: forger.change_rows(lambda rows: rows[0].update(changes))


def set_entry(name: str, content: bytes) -> Callable[[Forger], None]:
    return lambda forger: forger.entries.update({name: content})


def in_row(text: bytes) -> Callable[[Forger], None]:
    """The first row's carrying amount replaced by raw JSON."""

    def change(forger: Forger) -> None:
        raw = forger.entries[ROWS]
        forger.entries[ROWS] = raw.replace(b'"carrying_amount":"1000000.00"', text, 1)
        assert forger.entries[ROWS] != raw

    return change


def set_boxes(box: dict[str, Any]) -> Callable[[Forger], None]:
    """A box on the first piece of evidence that there is."""

    def change(rows: list[dict[str, Any]]) -> None:
        attached = next(row["attachments"] for row in rows if row["attachments"])
        attached[0]["boxes"] = [box]

    return lambda forger: forger.change_rows(change)


BOX = {"field": "due_on", "page": 1, "rect": [0, 0, 10_000, 5_000]}
HARMFUL_BOXES: dict[str, dict[str, Any]] = {
    "beside the page": BOX | {"rect": [0, 0, 10_001, 5]},
    "without area": BOX | {"rect": [5, 5, 5, 9]},
    "upside down": BOX | {"rect": [0, 9, 5, 5]},
    "of three numbers": BOX | {"rect": [0, 0, 5]},
    "of fractions": BOX | {"rect": [0.1, 0.1, 0.5, 0.5]},
    "on no page": BOX | {"page": 0},
    "of no field": BOX | {"field": ""},
    "with more": BOX | {"more": 1},
}

HARMFUL_DATA = {
    "amount without end": set_row(expected_loss="1e999999999"),
    "amount of a million digits": set_row(expected_loss="9" * 1_000_000 + ".00"),
    "amount that is none": set_row(expected_loss="NaN"),
    "amount with the end of a line": set_row(expected_loss="12.00\n"),
    "amount as a number": set_row(expected_loss=12),
    "huge number": in_row(b'"carrying_amount":' + b"9" * 5000),
    "number out of range": in_row(b'"carrying_amount":1e999'),
    "half a character": in_row(b'"carrying_amount":"\\ud800"'),
    "unknown class": set_row(**{"class": "very bad"}),
    "class as a list": set_row(**{"class": ["normal"]}),
    "attachments as text": set_row(attachments="none"),
    "attachment without a hash": set_row(attachments=[{"sha256": "../x"}]),
    **{f"box {what}": set_boxes(one) for what, one in HARMFUL_BOXES.items()},
    "unknown key": set_row(anything=1),
    "deep row": set_entry(ROWS, b'{"id":' + b"[" * 200_000),
    "row that is a list": set_entry(ROWS, b"[1]\n"),
    "rows that are no text": set_entry(ROWS, b"\xff\xfe\n"),
    "deep balances": set_entry(BALANCES, b"[" * 200_000),
    "balances as text": set_entry(BALANCES, b'"none"'),
    "balance without end": set_entry(
        BALANCES,
        b'[{"subject":"1","name":"","debit":"1e99999","credit":"0.00","provisions":"0.00"}]',
    ),
}


@pytest.mark.parametrize("kind", HARMFUL_DATA)
def test_harmful_data_is_refused(forger: Forger, kind: str) -> None:
    refused(dishonest(forger, HARMFUL_DATA[kind]), "格式不对")


HARMFUL_MANIFESTS: dict[str, bytes] = {
    "no JSON": b"hello",
    "empty": b"",
    "a list": b"[]",
    "deep": b'{"a":' * 100_000,
    "no text": b"\xff\xfe",
}


@pytest.mark.parametrize("kind", HARMFUL_MANIFESTS)
def test_harmful_manifest_is_refused(forger: Forger, kind: str) -> None:
    forger.entries[MANIFEST] = HARMFUL_MANIFESTS[kind]
    forger.sign()
    refused(forger.save(), "清单格式不对")


@pytest.mark.parametrize(
    "change",
    [
        {"base_date": "2006-12-31\x1b[2J"},
        {"base_date": "2006-12-31\n"},
        {"made_at": "2007-01-01T00:00:00+08:00\n"},
        {"institution": {"code": "QS\n", "name": "青山信用社"}},
        {"institution": {"code": "QS", "name": "青山\n信用社"}},
        {"institution": {"code": "../QS", "name": "青山"}},
        {"institution": {"code": "QS"}},
        {"format": "1"},
        {"format": 10**30},
        {"kind": "anything"},
        {"totals": None},
        {"entries": [{"path": "x", "sha256": "0", "size": 1}]},
        {"entries": [{"path": "x", "sha256": "0" * 64, "size": -1}]},
        {"entries": [{"path": "x", "sha256": "0" * 64, "size": 10**30}]},
        {"extra": 1},
        {"kept": [{"id": "W005"}]},
    ],
)
def test_manifest_of_a_wrong_shape_is_refused(forger: Forger, change: dict[str, Any]) -> None:
    forger.change_manifest(lambda manifest: manifest.update(change))
    forger.sign()
    refused(forger.save(), "清单格式不对")


def test_manifest_that_lists_a_file_twice_is_refused(forger: Forger) -> None:
    forger.change_manifest(lambda manifest: manifest["entries"].append(manifest["entries"][0]))
    forger.sign()
    refused(forger.save(), "列了两次")


def test_package_of_a_later_program_is_told(forger: Forger) -> None:
    forger.change_manifest(lambda manifest: manifest.update(format=2))
    forger.sign()
    refused(forger.save(), "第2版", "升级程序")


@pytest.mark.parametrize("kind", ["decision", "receipt"])
def test_a_submission_under_another_name_is_refused(forger: Forger, kind: str) -> None:
    forger.change_manifest(lambda manifest: manifest.update(kind=kind))
    forger.sign()
    refused(forger.save())


# The archive itself


def test_bytes_before_the_archive_are_refused(genuine: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.wjz"
    path.write_bytes(with_right_comment(b"#!/bin/sh\n" + genuine.read_bytes()))
    refused(path, "内部结构不对")


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """The bomb without recursion: many names for one piece of data."""
    path = write_archive(tmp_path / "p.wjz", {"forms/a.pdf": bytes(900_000)}, method=0)
    raw = path.read_bytes()
    directory = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    one = raw[directory:end]
    doubles = b"".join(one.replace(b"forms/a", b"forms/%c" % letter) for letter in b"abcdefgh")
    tail = bytearray(raw[end:])
    tail[8:10] = tail[10:12] = (8).to_bytes(2, "little")
    tail[12:16] = len(doubles).to_bytes(4, "little")
    path.write_bytes(with_right_comment(raw[:directory] + doubles + bytes(tail)))
    refused(path, "内部结构不对")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_refused(forger: Forger, tmp_path: Path, method: int) -> None:
    path = write_archive(tmp_path / "p.wjz", forger.entries, method=method)
    refused(path, "压缩方法")


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "p.wjz", {"forms/a.pdf": b"1", "forms/A.pdf": b"2"})
    refused(path, "两次")


def test_strange_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "p.wjz", {"\x1b[2Jevil\n": b"1"})
    found = refused(path, "不该有的文件")
    assert all(fault.isprintable() for fault in found.faults)


def test_a_certificate_with_a_strange_name_is_told_without_it(
    finished: Office, genuine: Path
) -> None:
    from datetime import UTC, datetime

    from app.book import keys
    from app.book.types import Institution
    from app.package.signature import sign_manifest, signer_of

    strange = keys._new_key(Institution("QS", "青山\x1b[2J"), datetime.now(UTC))
    found = signer_of(b"{}", sign_manifest(b"{}", strange))
    assert found is not None
    assert found.name == ""


def test_a_folder_or_missing_file_is_told(tmp_path: Path) -> None:
    refused(tmp_path / "none.wjz", "找不到")


def test_nothing_is_printed_or_logged(forger: Forger, capfd: pytest.CaptureFixture[str]) -> None:
    forger.entries[SIGNATURE] = bytes(reversed(forger.entries[SIGNATURE]))
    refused(forger.save())
    forger.sign()
    forger.entries[MANIFEST] += b" "
    refused(forger.save())
    assert capfd.readouterr() == ("", "")
