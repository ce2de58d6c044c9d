"""A small county: two offices that have sealed their packages, a union that has taken none in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.book.book import Book, Institution
from app.book.keys import SigningKey, create_key, unlock
from app.book.pointing import set_box
from app.book.types import Box
from app.demo import offices
from app.package.exporting import export_period
from app.package.verify import verify_package
from app.union.intake import Collected, collect
from tests.cli import office as making

PASSPHRASE = "山高水长 2006"
BASE_DATE = offices.BASE_DATE
CLERK, ACCOUNTANT, HEAD = offices.PREPARER, offices.ACCOUNTANT, offices.HEAD
REVIEWER, SECOND, DEPARTMENT = "周审", "吴审", "郑部"
AUDITOR, LEADER = "孙审计", "钱主任"
UNION_PEOPLE = {
    REVIEWER: "working_group",
    SECOND: "working_group",
    DEPARTMENT: "department",
    AUDITOR: "auditor",
    LEADER: "leading_group",
}
OFFICES = {"QS": "青山信用社", "BH": "白河信用社"}
ROWS = 8
BOX = Box("carrying_amount", 1, (1000, 2000, 4000, 2500))
"""Where the first piece of evidence of each office shows an amount."""


@dataclass(frozen=True)
class County:
    """Where everything of a made-up county lies."""

    folder: Path

    @property
    def union(self) -> Path:
        """The union's book."""
        return self.folder / "union.wuji"

    @property
    def passphrase(self) -> Path:
        """The file with everybody's passphrase."""
        return self.folder / "passphrase.txt"

    def book(self, code: str) -> Path:
        """An office's book."""
        return self.folder / f"{code}.wuji"

    def package(self, code: str) -> Path:
        """An office's package."""
        return self.folder / f"out-{code}" / f"{code}-{BASE_DATE}.wjz"

    def key(self, code: str) -> str:
        """The short code of an office's key."""
        signer = verify_package(self.package(code)).signer
        assert signer is not None
        return signer.short_code

    def collected(self, book: Book, *codes: str) -> list[Collected]:
        """Takes the offices' packages in, their keys accepted."""
        return [
            collect(book, self.package(code), by=REVIEWER, accept=[self.key(code)])
            for code in codes or OFFICES
        ]

    def export(self, code: str) -> Path:
        """The office seals and exports its period as it stands."""
        with Book.open(self.book(code)) as book:
            book.confirm(None, by=ACCOUNTANT)
            offices._keep_warnings(book)
            out = self.folder / f"out-{code}"
            export_period(book, out, PASSPHRASE, by=HEAD, progress=quiet)
        return self.package(code)

    def change(self, code: str, change: Callable[[Book], object]) -> None:
        """Lets the office change its book, opening the period again where it is sealed."""
        with Book.open(self.book(code)) as book:
            if book.period.state == "sealed":
                book.reopen(by=HEAD, why="补充材料")
            change(book)

    def unlocked(self, book: Book) -> SigningKey:
        """A book's key, ready to sign."""
        return unlock(book, PASSPHRASE)


def quiet(done: int, total: int, text: str) -> None:
    """Progress that nobody looks at."""


def make_county(folder: Path) -> None:
    """Fills the folder; takes a few seconds, so it is done once and copied."""
    county = County(folder)
    county.passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
    for number, (code, name) in enumerate(OFFICES.items(), 1):
        with Book.create(county.book(code), Institution(code, name), BASE_DATE) as book:
            offices.add_people(book)
            create_key(book, PASSPHRASE, by=HEAD)
            offices.fill_at_random(book, ROWS, number)
            offices.finish(book, quiet)
            set_box(book, book.attachments()[0].id, BOX, by=CLERK)
            out = folder / f"out-{code}"
            export_period(book, out, PASSPHRASE, by=HEAD, progress=quiet)
    with Book.create(county.union, Institution("LS", "某县联社"), BASE_DATE, union=True) as union:
        for person, role in UNION_PEOPLE.items():
            union.add_person(person, role)
        create_key(union, PASSPHRASE, by=REVIEWER)


def county_in(base: Path, target: Path) -> County:
    """A county of the test's own; `base` is the session's folder."""
    made = making.made_once(base / "county", make_county)
    making.copied(made, target)
    return County(target)


def collected_union(base: Path, county: County) -> None:
    """Puts a union's book with both packages into the county; made once and copied."""

    def make(folder: Path) -> None:
        whole = county_in(base, folder)
        with Book.open(whole.union) as union:
            assert all(done.taken for done in whole.collected(union))

    made = making.made_once(base / "county-collected", make)
    shutil.copyfile(County(made).union, county.union)


def sums(book: Book, code: str) -> tuple[int, Decimal]:
    """Count and carrying amount of an office's rows."""
    mine = [row for row in book.rows() if row.institution == code or not row.institution]
    return len(mine), sum((Decimal(r.values["carrying_amount"]) for r in mine), Decimal("0.00"))
