"""Offices at work: one after the other, or several at once where the machine has the cores."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from app.demo import OFFICES
from app.demo.places import DemoError, Office, Progress
from app.errors import KnownError

if TYPE_CHECKING:
    from concurrent.futures import Executor

T = TypeVar("T")
Job = tuple[Any, ...]
"""An office, and what else its work needs."""


class Crew:
    """Has every office do the same piece of work; the results come in the offices' order."""

    def __init__(self, progress: Progress, pool: Executor | None = None) -> None:
        self._progress = progress
        self._pool = pool

    def each(self, title: str, work: Callable[..., T], jobs: Sequence[Job]) -> list[T]:
        """Calls ``work(office, …, tell)`` for every job."""
        if self._pool is None:
            return [work(*job, job[0].telling(self._progress)) for job in jobs]
        self._progress(0, len(jobs), title)
        begun = [self._pool.submit(_alone, work, job) for job in jobs]
        done = []
        for number, (one, job) in enumerate(zip(begun, jobs, strict=True), 1):
            done.append(one.result())
            self._progress(number, len(jobs), f"{job[0].institution.name}：{title}")
        return done


@contextmanager
def crew_of(offices: int, progress: Progress) -> Iterator[Crew]:
    """A crew for so many offices; few of them, or one core, stay in this process."""
    processes = min(offices, _cores()) if offices > OFFICES else 1
    # The installed folder holds no second interpreter that could be started.
    if processes == 1 or getattr(sys, "frozen", False):
        yield Crew(progress)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_the_others)
    try:
        yield Crew(progress, pool)
    finally:
        # After a failure nobody waits for work that has not begun.
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _end_with_the_others() -> None:
    """Ctrl+C reaches every process; those beside the first one just end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _alone(work: Callable[..., T], job: tuple[Office, *tuple[Any, ...]]) -> T:
    """The work in a process of its own; of a known error only its line finds the way back."""
    try:
        return work(*job, _unheard)
    except KnownError as error:
        raise DemoError(f"{job[0].institution.name}：{error}") from None


def _unheard(_done: int, _of: int, _text: str) -> None:
    """Only finished offices are told of: what one process says is not heard in another."""
