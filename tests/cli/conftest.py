"""The command in a folder of the test's own, and offices to try it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import office
from tests.cli.office import Office
from tests.cli.running import Wuji

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples" / "qingshan-2006"


@pytest.fixture
def wuji(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Wuji:
    """The command; it works in the test's folder."""
    monkeypatch.chdir(tmp_path)
    return Wuji(capsys, tmp_path)


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    base = tmp_path_factory.getbasetemp()

    def finished() -> Path:
        return office.made_once(base / "finished-office", office.make_finished)

    makers: dict[str, Callable[[], Path]] = {
        "empty": lambda: office.made_once(base / "empty-office", office.make_empty),
        "filled": lambda: office.made_once(base / "filled-office", office.make_filled),
        "finished": finished,
        "sealed": lambda: office.made_once(
            base / "sealed-office", lambda folder: office.make_sealed(folder, finished())
        ),
        "listed": lambda: office.made_once(base / "listed-office", make_listed),
    }
    return lambda name: makers[name]()


def make_listed(folder: Path) -> None:
    """An office that has only taken in what its core system printed."""
    office.make_empty(folder)
    book = Office(folder).book
    office.quietly("import", book, SAMPLES / "fixed-assets.xlsx", code=1)
    office.quietly("import", book, SAMPLES / "other-receivables.csv")
    office.quietly("import", book, SAMPLES / "balances.xlsx", "--balances")


@pytest.fixture
def empty(_made: Callable[[str], Path], tmp_path: Path) -> Office:
    """A book with three people and a key, without rows."""
    return office.copied(_made("empty"), tmp_path / "office")


@pytest.fixture
def filled(_made: Callable[[str], Path], tmp_path: Path) -> Office:
    """Four rows from templates; working papers and opinions are missing."""
    return office.copied(_made("filled"), tmp_path / "office")


@pytest.fixture
def finished(_made: Callable[[str], Path], tmp_path: Path) -> Office:
    """Four rows, ready to be sealed."""
    return office.copied(_made("finished"), tmp_path / "office")


@pytest.fixture
def sealed(_made: Callable[[str], Path], tmp_path: Path) -> Office:
    """Four rows, sealed and exported."""
    return office.copied(_made("sealed"), tmp_path / "office")


@pytest.fixture
def listed(_made: Callable[[str], Path], tmp_path: Path) -> Office:
    """The sample office as its listings have it."""
    return office.copied(_made("listed"), tmp_path / "office")
