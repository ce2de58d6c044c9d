"""The demonstration as a whole: what it makes, where, and that all of it holds."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.book.keys import unlock
from app.demo.campaign import run_demo
from app.demo.office import CHECK_COLUMNS
from app.demo.places import NEXT_DATE, DemoError, Office
from app.package.verify import verify_package
from tests.demo.made import Demo

OFFICES = {"青山信用社": "QS", "白河信用社": "BH", "演示第3信用社": "YS03"}
BACK = "白河信用社"
"""The office that got a row back."""


def silent(_done: int, _of: int, _text: str) -> None:
    """No progress shown."""


def test_everything_lies_where_the_command_says(demo: Demo) -> None:
    assert {p.name for p in demo.folder.iterdir()} == {
        "books", "decided", "exports", "exports-again", f"exports-{NEXT_DATE}", "listings", "union",
    }  # fmt: skip
    assert Path(demo.told["folder"]) == demo.folder
    told = demo.told["offices"]
    assert [office["name"] for office in told] == list(OFFICES)
    for office in told:
        for name in (office["book"], office["package"], *office["files"], *office["decided"]):
            assert Path(name).is_file(), name
    named = {name for office in told for name in office["files"]}
    there = {str(p) for p in (demo.folder / "exports").rglob("*") if p.is_file()}
    assert named == there
    union = demo.told["union"]
    listed = [union["book"], *union["receipts"], *union["decisions"], *union["summaries"]]
    assert all(Path(name).is_file() for name in listed)


def test_it_says_how_long_it_took(demo: Demo) -> None:
    assert demo.told["seconds"] > 0


def test_the_listings_are_there_to_look_at(demo: Demo, project_root: Path) -> None:
    source = project_root / "resources" / "samples" / "qingshan-2006"
    names = {"balances.xlsx", "fixed-assets.xlsx", "other-receivables.csv"}
    assert {p.name for p in (demo.folder / "listings").iterdir()} == names
    for name in names:
        copy = demo.folder / "listings" / name
        assert copy.read_bytes() == (source / name).read_bytes()
        assert str(copy) in demo.told["listings"]


@pytest.mark.parametrize("office", OFFICES)
def test_the_package_is_whole_and_signed(demo: Demo, office: str) -> None:
    found = verify_package(demo.exports(office) / f"{OFFICES[office]}-2006-12-31.wjz")
    assert found.holds, found.faults
    assert found.signer is not None
    assert found.signer.name == office
    told = next(one for one in demo.told["offices"] if one["name"] == office)
    assert told["verified"] is True
    with demo.book(office) as book:
        assert book.period.state == "closed"
        assert found.manifest is not None
        assert found.manifest.seal_code == told["seal_code"]
        assert (book.period.seal_code == told["seal_code"]) == (office != BACK)


@pytest.mark.parametrize("office", OFFICES)
def test_counts_are_those_of_the_book(demo: Demo, office: str) -> None:
    told = next(one for one in demo.told["offices"] if one["name"] == office)
    with demo.book(office) as book:
        rows = list(book.rows())
    assert told["rows"] == len(rows) == sum(told["classes"].values())
    order = [
        label for label in ("正常", "关注", "次级", "可疑", "损失") if label in told["classes"]
    ]
    assert list(told["classes"]) == order
    for label, count in told["classes"].items():
        assert count == sum(1 for row in rows if row.suggested and row.suggested.label == label)


@pytest.mark.parametrize("office", OFFICES)
def test_the_office_went_through_every_stage(demo: Demo, office: str) -> None:
    with demo.book(office) as book:
        people = {person.role: person.name for person in book.people()}
        for row in book.rows():
            assert row.stage == "determined"
            assert row.suggested is not None
            assert row.values["initial_class"] == row.suggested.value
            assert (row.prepared_by, row.confirmed_by) == (
                people["preparer"],
                people["accountant"],
            )
            assert (row.errors, row.warnings) == (0, 0)
        assert book.verify_history().whole


@pytest.mark.parametrize("office", OFFICES)
def test_evidence_is_pictures_that_say_so(demo: Demo, office: str) -> None:
    with demo.book(office) as book:
        attachments = book.attachments()
        assert attachments
        for attachment in attachments:
            assert attachment.name == f"{attachment.paper}.png"
            assert book.attachment_bytes(attachment.sha256).startswith(b"\x89PNG\r\n")
        for row in book.rows():
            needs = book.evaluate(row).evidence
            assert needs
            assert all(need.present for need in needs), row.id


@pytest.mark.parametrize("office", OFFICES)
def test_the_check_list_has_the_six_columns(demo: Demo, office: str) -> None:
    text = (demo.exports(office) / "check-list.csv").read_text(encoding="utf-8-sig")
    head, *lines = csv.reader(text.splitlines())
    assert tuple(head) == CHECK_COLUMNS
    assert len(lines) > 10
    for line in lines:
        assert line[1] in ("表内", "表间")
        assert line[2] in ("相符", "保留")
        assert (line[2] == "保留") == bool(line[6])


def test_the_passphrase_beside_the_book_opens_the_key(demo: Demo) -> None:
    for office in OFFICES:
        file = demo.folder / "books" / f"{office}-口令.txt"
        with demo.book(office) as book:
            unlock(book, file.read_text(encoding="utf-8").strip())


def test_the_books_are_whole(demo: Demo) -> None:
    for book in (demo.folder / "books").glob("*.wuji"):
        with closing(sqlite3.connect(book)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DemoError, match="已经有文件"):
        run_demo(tmp_path, 2, 1, silent)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_progress_names_who_works(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    Office(tmp_path, 2).telling(lambda *step: steps.append(step))(1, 3, "附资料")
    assert steps == [(1, 3, "白河信用社：附资料")]
