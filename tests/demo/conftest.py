"""The demonstration, made once for all tests of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.made import Demo, made_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The folder of the demonstration and what the command printed: for reading only."""
    return made_demo(Path(tmp_path_factory.getbasetemp()))
