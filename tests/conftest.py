"""What all tests share: no screen, no real home folder, no stray log records."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.postgres.server import Server

# Before anything loads Qt; a test run on a real or virtual screen sets it to xcb.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is no failure; what the official run finds, the next one finds too.
settings.register_profile("wuji", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("wuji")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings, caches and recent files of the tests out of the user's folders."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in (
            ("HOME", "."),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ):
            patch.setenv(name, str((home / folder).resolve()))
        yield


@pytest.fixture(autouse=True)
def _no_stray_log_records(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A record of level WARNING or above fails the test that did not ask for it."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    stray = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    if stray:
        pytest.fail("unexpected log records:\n" + "\n".join(stray), pytrace=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this process's own; started when a test first asks for it."""
    from tests.postgres.server import running_server

    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder of the checkout."""
    return ROOT
