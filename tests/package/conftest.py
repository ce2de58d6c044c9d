"""A finished office, its sealed package, and a forger's tools, for the tests of packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import office
from tests.cli.office import Office
from tests.package.forging import Forger, make_foreign_office


@pytest.fixture(scope="session")
def _finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.made_once(
        tmp_path_factory.getbasetemp() / "finished-office", office.make_finished
    )


@pytest.fixture(scope="session")
def _sealed(tmp_path_factory: pytest.TempPathFactory, _finished: Path) -> Path:
    return office.made_once(
        tmp_path_factory.getbasetemp() / "sealed-office",
        lambda folder: office.make_sealed(folder, _finished),
    )


@pytest.fixture
def finished(_finished: Path, tmp_path: Path) -> Office:
    """An office's own copy, ready to be sealed."""
    return office.copied(_finished, tmp_path / "office")


@pytest.fixture
def sealed(_sealed: Path, tmp_path: Path) -> Office:
    """An office's own copy, sealed."""
    return office.copied(_sealed, tmp_path / "office")


@pytest.fixture(scope="session")
def genuine(_sealed: Path) -> Path:
    """The sealed package itself: for reading only."""
    return Office(_sealed).package


@pytest.fixture(scope="session")
def _foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.made_once(tmp_path_factory.getbasetemp() / "foreign-office", make_foreign_office)


@pytest.fixture
def forger(genuine: Path, _foreign: Path, tmp_path: Path) -> Forger:
    """Someone who holds the package and a key of his own, but not the office's."""
    return Forger(genuine, Office(_foreign), tmp_path / "forged.wjz")
