"""The ZIP of a package: its comment covers every byte, and harmful ones are refused."""

from __future__ import annotations

import stat
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from app.package.archive import (
    COMMENT_LENGTH,
    ArchiveWriter,
    check_whole,
    hash_entry,
    open_archive,
    read_entry,
)
from app.package.errors import PackageError


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small archive as the program writes it."""
    path = tmp_path / "office.wjz"
    writer = ArchiveWriter(path)
    writer.add_bytes("manifest.json", b"{}")
    writer.add_bytes("rows.jsonl", b'{"id":"1"}\n' * 50)
    writer.close()
    return path


def resealed(path: Path) -> None:
    """Gives a changed archive a right comment again, as an attacker would."""
    raw = path.read_bytes()[:-COMMENT_LENGTH]
    path.write_bytes(raw + sha256(raw).hexdigest().encode())


def forged(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    """An archive with any entries, its comment right."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in entries:
            archive.writestr(info, content)
        archive.comment = b"0" * COMMENT_LENGTH
    resealed(path)
    return path


def test_comment_is_the_hash_of_all_bytes_before_it(package: Path) -> None:
    raw = package.read_bytes()
    assert raw[-64:].decode() == sha256(raw[:-64]).hexdigest()
    check_whole(package)


def test_same_content_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.wjz"
    writer = ArchiveWriter(again)
    writer.add_bytes("manifest.json", b"{}")
    writer.add_bytes("rows.jsonl", b'{"id":"1"}\n' * 50)
    writer.close()
    assert again.read_bytes() == package.read_bytes()


def test_every_single_bit_counts(package: Path) -> None:
    raw = package.read_bytes()
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            package.write_bytes(bytes(changed))
            with pytest.raises(PackageError):
                check_whole(package)


@pytest.mark.parametrize("length", [0, 1, 21, 85, 86, 200])
def test_truncated_file_is_refused(package: Path, length: int) -> None:
    package.write_bytes(package.read_bytes()[:length])
    with pytest.raises(PackageError, match="重新传送"):
        open_archive(package)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"none\.wjz"):
        open_archive(tmp_path / "none.wjz")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.pdf",
        "forms/../../evil.pdf",
        "/etc/passwd",
        "C:\\evil.pdf",
        "forms/a/b.pdf",
        "attachments/short",
        "attachments/" + "A" * 64,
        "other.txt",
        "forms/evil.exe",
        "manifest.json/",
    ],
)
def test_strange_names_are_refused(tmp_path: Path, name: str) -> None:
    path = forged(tmp_path / "p.wjz", (name, b"x"))
    with pytest.raises(PackageError, match="不该有的文件"):
        open_archive(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubles_are_refused(tmp_path: Path) -> None:
    path = forged(tmp_path / "p.wjz", ("manifest.json", b"1"), ("manifest.json", b"2"))
    with pytest.raises(PackageError, match="两次"):
        open_archive(path)


def test_links_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("rows.jsonl")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(PackageError, match="链接"):
        open_archive(forged(tmp_path / "p.wjz", (info, b"/etc/passwd")))


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = forged(tmp_path / "p.wjz", ("rows.jsonl", b"0" * (8 << 20)))
    with pytest.raises(PackageError, match="过大"):
        open_archive(path)


def test_many_small_entries_are_a_bomb_too(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(package) as archive:
        sizes = [info.file_size for info in archive.infolist()]
    with monkeypatch.context() as patch:
        patch.setattr("app.package.archive.MAX_TOTAL", sum(sizes) - 1)
        assert max(sizes) < sum(sizes) - 1
        with pytest.raises(PackageError, match="过大"):
            open_archive(package)
    monkeypatch.setattr("app.package.archive.MAX_ENTRIES", len(sizes) - 1)
    with pytest.raises(PackageError, match="文件太多"):
        open_archive(package)


def test_encryption_is_refused(package: Path) -> None:
    raw = bytearray(package.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    package.write_bytes(bytes(raw))
    resealed(package)
    with pytest.raises(PackageError, match="加密"):
        open_archive(package)


def test_a_name_that_goes_on_behind_a_zero_is_refused(tmp_path: Path) -> None:
    path = forged(tmp_path / "p.wjz", ("forms/a.pdf!exe", b"x"))
    path.write_bytes(path.read_bytes().replace(b".pdf!", b".pdf\0"))
    resealed(path)
    with pytest.raises(PackageError, match="不该有的文件"):
        open_archive(path)


def test_broken_directory_is_refused(package: Path) -> None:
    raw = bytearray(package.read_bytes())
    directory = raw.index(b"PK\x01\x02")
    raw[directory : directory + 4] = b"XXXX"
    package.write_bytes(bytes(raw))
    resealed(package)
    with pytest.raises(PackageError, match="目录"):
        open_archive(package)


def test_entries_are_read_to_their_limit(package: Path) -> None:
    with open_archive(package) as archive:
        assert read_entry(archive, "manifest.json", 2) == b"{}"
        with pytest.raises(PackageError, match="过大"):
            read_entry(archive, "manifest.json", 1)
        with pytest.raises(PackageError, match="缺少"):
            read_entry(archive, "balances.json", 10)


def test_hash_is_only_given_for_the_stated_size(package: Path) -> None:
    content = b'{"id":"1"}\n' * 50
    with open_archive(package) as archive:
        assert hash_entry(archive, "rows.jsonl", len(content)) == sha256(content).hexdigest()
        assert hash_entry(archive, "rows.jsonl", len(content) - 1) == ""
        assert hash_entry(archive, "rows.jsonl", len(content) + 1) == ""


def test_writer_refuses_names_that_no_package_has(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "p.wjz")
    with pytest.raises(ValueError, match="not an entry"):
        writer.add_bytes("notes.txt", b"")
    writer.add_bytes("rows.jsonl", b"")
    with pytest.raises(ValueError, match="not an entry"):
        writer.add_bytes("rows.jsonl", b"")
    writer.close()
