"""Three levels: an office, its union with a low limit of authority, and the union above."""

from __future__ import annotations

from pathlib import Path

from app.book.book import Book, Institution
from app.book.keys import create_key
from app.book.types import Row
from app.demo import offices
from app.package.exporting import Exported, export_period
from app.package.verify import verify_package
from app.union.intake import Collected, collect
from tests.cli import office as making
from tests.union.county import (
    BASE_DATE,
    HEAD,
    LEADER,
    PASSPHRASE,
    REVIEWER,
    ROWS,
    UNION_PEOPLE,
    County,
    quiet,
)
from tests.union.steps import checked, determined, reviewed
from tests.union.test_determination import with_authority

SCHEME = [
    {"classes": ["normal", "special_mention"], "decides": "县联社"},
    {"classes": ["substandard", "doubtful", "loss"], "decides": "省联社", "level": "above"},
]
UNIONS = {"LS": "某县联社", "SL": "某省联社"}


class Levels(County):
    """Where everything of the three levels lies; the union is LS, above it SL."""

    @property
    def union(self) -> Path:
        """The county union's book."""
        return self.book("LS")

    def up(self, book: Book) -> Exported:
        """The county union sends up what it refers."""
        out = self.folder / "out-LS"
        return export_period(book, out, PASSPHRASE, by=LEADER, progress=quiet)

    def taken_above(self, book: Book, package: Path) -> Collected:
        """The union above takes a package in, its key accepted."""
        return collect(book, package, by=REVIEWER, accept=[signer_of(package)])


def signer_of(package: Path) -> str:
    """The short code of the key that signed a package."""
    signer = verify_package(package).signer
    assert signer is not None
    return signer.short_code


def make_levels(folder: Path) -> None:
    """Fills the folder: the office has sealed, its losses are beyond the county union."""
    levels, ruleset = Levels(folder), with_authority(SCHEME)
    levels.passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
    place = Institution("QS", "青山信用社")
    with Book.create(levels.book("QS"), place, BASE_DATE, ruleset=ruleset) as book:
        offices.add_people(book)
        create_key(book, PASSPHRASE, by=HEAD)
        offices.fill_at_random(book, ROWS, 1)
        offices.finish(book, quiet)
        export_period(book, folder / "out-QS", PASSPHRASE, by=HEAD, progress=quiet)
    for code, name in UNIONS.items():
        where = levels.book(code)
        with Book.create(
            where, Institution(code, name), BASE_DATE, union=True, ruleset=ruleset
        ) as union:
            for person, role in UNION_PEOPLE.items():
                union.add_person(person, role)
            create_key(union, PASSPHRASE, by=REVIEWER)
    with Book.open(levels.union) as union:
        assert all(done.taken for done in levels.collected(union, "QS"))
        mine = beyond(union)
        reviewed(union, mine)
        checked(union, mine)
        assert determined(union, mine, folder / "纪要.txt").stages == {"referred": len(mine)}


def beyond(book: Book) -> list[Row]:
    """The rows that the county union may not decide on."""
    worse = {"substandard", "doubtful", "loss"}
    found = [r for r in book.rows() if r.suggested and r.suggested.value in worse]
    assert len(found) > 1
    return found


def levels_in(base: Path, target: Path) -> Levels:
    """Levels of the test's own; `base` is the session's folder."""
    made = making.made_once(base / "levels", make_levels)
    making.copied(made, target)
    return Levels(target)
