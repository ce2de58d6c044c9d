"""Offices at work in one process or several: order, progress, failures."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.demo import OFFICES
from app.demo.crew import Crew, crew_of
from app.demo.places import DemoError, Office, Progress
from app.errors import KnownError


def done_by(office: Office, more: int, tell: Progress) -> tuple[int, int]:
    """The office's number with what it was given, and the process that did it."""
    tell(0, 1, "正在做")
    if more < 0:
        raise KnownError("做不了。")
    return office.number * 100 + more, os.getpid()


def offices(folder: Path, count: int) -> list[Office]:
    """So many offices."""
    return [Office(folder, number) for number in range(1, count + 1)]


class Heard:
    """What was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, str]] = []

    def __call__(self, done: int, of: int, text: str) -> None:
        self.told.append((done, of, text))


def test_few_offices_work_here_and_tell_every_step(tmp_path: Path) -> None:
    heard = Heard()
    with crew_of(OFFICES, heard) as crew:
        found = crew.each("做", done_by, [(one, 7) for one in offices(tmp_path, OFFICES)])
    assert found == [(number * 100 + 7, os.getpid()) for number in (1, 2, 3)]
    assert heard.told[0] == (0, 1, "青山信用社：正在做")


def test_many_offices_work_beside_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.demo.crew._cores", lambda: 2)
    heard = Heard()
    with crew_of(OFFICES + 1, heard) as crew:
        found = crew.each("做", done_by, [(one, 7) for one in offices(tmp_path, 4)])
        with pytest.raises(DemoError, match=r"^白河信用社：做不了。$"):
            crew.each("做", done_by, [(one, 1 - one.number) for one in offices(tmp_path, 2)])
    assert [value for value, _ in found] == [107, 207, 307, 407]
    assert os.getpid() not in {process for _, process in found}
    assert heard.told[:2] == [(0, 4, "做"), (1, 4, "青山信用社：做")]


def test_one_core_or_the_installed_folder_needs_no_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [(one, 7) for one in offices(tmp_path, 4)]
    monkeypatch.setattr("app.demo.crew._cores", lambda: 1)
    with crew_of(4, Heard()) as crew:
        alone = crew.each("做", done_by, jobs)
    monkeypatch.setattr("app.demo.crew._cores", lambda: 2)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    with crew_of(4, Heard()) as crew:
        assert crew.each("做", done_by, jobs) == alone
    assert {process for _, process in alone} == {os.getpid()}


def test_results_come_in_order_whoever_is_ready_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = Crew(Heard(), pool).each("做", done_by, [(o, 7) for o in offices(tmp_path, 9)])
    assert [value for value, _ in found] == [number * 100 + 7 for number in range(1, 10)]
