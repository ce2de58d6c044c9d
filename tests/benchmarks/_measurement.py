"""What a benchmark reports, and how it takes the time."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One measured figure beside the limit it has to keep."""

    name: str
    value: float
    unit: str
    """ "×" for ratios, else "ms", "rows/s", "MB" …"""
    limit: float
    at_least: bool = False
    """Whether the figure must reach the limit; otherwise it must not exceed it."""
    note: str = ""

    @property
    def share(self) -> float:
        """How much of what is allowed was used: up to 1 is within the limit, whichever the side."""
        if self.at_least:
            return self.limit / self.value if self.value else float("inf")
        return self.value / self.limit if self.limit else float("inf")

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.share <= 1


Clock = Callable[[], float]


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """The time of one call, with the garbage of others out of the way."""
    gc.collect()
    begun = clock()
    work()
    return clock() - begun


def median_seconds(
    work: Callable[[], object], rounds: int = 9, clock: Clock = time.perf_counter
) -> float:
    """The median time of a call after one to warm up; `time.process_time` counts this core only."""
    work()
    return statistics.median(seconds(work, clock) for _ in range(rounds))


def shortest_seconds(
    work: Callable[[], object], rounds: int = 15, clock: Clock = time.perf_counter
) -> float:
    """The shortest time of a call: for limits in absolute figures, as neighbours only ever slow."""
    work()
    return min(seconds(work, clock) for _ in range(rounds))


def median_ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5
) -> float:
    """Our time by theirs, taken in turns so that a busy machine slows both."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return statistics.median(our / their for our, their in pairs)


def shortest_ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5
) -> float:
    """Our shortest time by theirs, of this core's work only: for limits close to the figure."""
    ours(), theirs()
    clock = time.process_time
    pairs = [(seconds(ours, clock), seconds(theirs, clock)) for _ in range(rounds)]
    return min(our for our, _ in pairs) / min(their for _, their in pairs)
