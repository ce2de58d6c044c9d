"""Where the demonstration puts things, and what it tells of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.book.types import Institution
from app.errors import KnownError

Progress = Callable[[int, int, str], None]
BASE_DATE, NEXT_DATE = date(2006, 12, 31), date(2007, 6, 30)
UNION = Institution("LS", "长河县联社")


class DemoError(KnownError):
    """The demonstration can't be made here, or something did not come out as it must."""


@dataclass(frozen=True)
class Office:
    """An office of the demonstration: who it is and where its things lie."""

    folder: Path
    number: int

    @property
    def institution(self) -> Institution:
        """Code and name."""
        known = {1: ("QS", "青山信用社"), 2: ("BH", "白河信用社")}
        number = self.number
        code, name = known.get(number, (f"YS{number:02d}", f"演示第{number}信用社"))
        return Institution(code, name)

    @property
    def book(self) -> Path:
        """Its book."""
        return self.folder / "books" / f"{self.institution.name}.wuji"

    @property
    def exports(self) -> Path:
        """The papers of the first submission."""
        return self.folder / "exports" / self.institution.name

    @property
    def again(self) -> Path:
        """The papers that went up again after a return."""
        return self.folder / "exports-again" / self.institution.name

    @property
    def next(self) -> Path:
        """The papers of the second period."""
        return self.folder / f"exports-{NEXT_DATE}" / self.institution.name

    @property
    def decided(self) -> Path:
        """Summary and register after the determination."""
        return self.folder / "decided" / self.institution.name

    def passphrase(self) -> str:
        """Its key's passphrase, as it lies beside the book."""
        return read_passphrase(self.folder, self.institution)

    def telling(self, progress: Progress) -> Progress:
        """Progress that names the office."""
        name = self.institution.name
        return lambda done, of, text: progress(done, of, f"{name}：{text}")


def _passphrase_file(folder: Path, institution: Institution) -> Path:
    return folder / "books" / f"{institution.name}-口令.txt"


def new_passphrase(folder: Path, institution: Institution) -> str:
    """A fresh passphrase, kept beside the books so that the visitor can seal again."""
    passphrase = secrets.token_urlsafe(12)
    file = _passphrase_file(folder, institution)
    file.write_text(passphrase + "\n", encoding="utf-8")
    return passphrase


def read_passphrase(folder: Path, institution: Institution) -> str:
    """The passphrase that was kept beside the books."""
    return _passphrase_file(folder, institution).read_text(encoding="utf-8").strip()


@dataclass
class OfficeResult:
    """What was made for one office."""

    name: str
    book: Path
    rows: int
    classes: dict[str, int]
    seal_code: str
    files: list[Path]
    package: Path
    verified: bool
    decided: list[Path] = field(default_factory=list)
    """Summary and register with what was determined."""


@dataclass
class UnionResult:
    """What the union made of it."""

    name: str
    book: Path
    received: list[Path] = field(default_factory=list)
    """Receipts."""
    decisions: list[Path] = field(default_factory=list)
    summaries: list[Path] = field(default_factory=list)
    returned: str = ""
    """The row that went back and came again."""
    determined: int = 0
    sample: str = ""
    """Seed of the random sample."""


@dataclass
class DemoResult:
    """What was made, where, and how long it took."""

    folder: Path
    listings: list[Path]
    offices: list[OfficeResult] = field(default_factory=list)
    union: UnionResult | None = None
    seconds: float = 0.0
