"""Long work off the window's thread: one job at a time, with progress and cancel."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal

from app.ui.messages import Messages

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

REPORT_SECONDS = 0.05
NOTHING_LEFT = "没有留下做了一半的文件。"


class CancelledError(Exception):
    """The user has cancelled the work."""


class Step(Struct, frozen=True):
    """How far a job is."""

    done: int
    total: int
    text: str
    seconds: float
    """Since this step's counting began."""

    @property
    def seconds_left(self) -> float | None:
        """An estimate from what is done; None while it would be a guess."""
        if self.done <= 0 or self.total <= 0 or self.seconds < 1:
            return None
        return self.seconds / self.done * (self.total - self.done)


class Progress(QObject):
    """What a job reports through; safe to call from its thread."""

    stepped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = Event()
        self._started = time.monotonic()
        self._reported = 0.0
        self._counting = (0, 0)

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """Says how far the work is; raises CancelledError when it is to stop."""
        self.check()
        now = time.monotonic()
        if total != self._counting[1] or done < self._counting[0]:
            # Another count: how long the one before took says nothing about this one.
            self._started = now
        self._counting = (done, total)
        if now - self._reported >= REPORT_SECONDS or done >= total:
            self._reported = now
            self.stepped.emit(Step(done, total, text, now - self._started))

    def check(self) -> None:
        """Raises CancelledError when the work is to stop."""
        if self._cancelled.is_set():
            raise CancelledError

    def cancel(self) -> None:
        """Asks the work to stop at its next report."""
        self._cancelled.set()


class Job(QObject):
    """One piece of work that runs or waits."""

    finished = Signal(object)
    ended = Signal()
    """Whatever the end: done, failed or cancelled."""
    _settled = Signal(object)

    def __init__(
        self, title: str, messages: Messages, undone: str = NOTHING_LEFT, *, quiet: bool = False
    ) -> None:
        super().__init__()
        self.title = title
        self.quiet = quiet
        self.undone = undone
        """What it means that it was cancelled."""
        self.progress = Progress()
        self._messages = messages
        self._dropped = False
        self.future: Future[Any] | None = None
        # Queued, so that the end comes later than the start even when the work is done at once.
        self._settled.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    @property
    def done(self) -> bool:
        """Whether nothing of it runs any more, though its end may still have to be told."""
        return self.future is not None and self.future.done()

    def watch(self, future: Future[Any]) -> None:
        """Follows the future; its end is handled on the window's thread."""
        self.future = future
        future.add_done_callback(self._settled.emit)

    def cancel(self) -> None:
        """Asks the work to stop."""
        self.progress.cancel()

    def drop(self) -> None:
        """Asks the work to stop, or not to start; nobody is told how it ends."""
        self._dropped = True
        self.cancel()
        if self.future is not None:
            self.future.cancel()

    def _settle(self, future: Future[Any]) -> None:
        if self._dropped:
            self.ended.emit()
            return
        error = None if future.cancelled() else future.exception()
        if error is None and not future.cancelled():
            self.finished.emit(future.result())
        elif isinstance(error, CancelledError) or future.cancelled():
            self._messages.tell(f"已取消：{self.title}。", self.undone)
        elif error is not None:
            self._messages.tell_error(error)
        self.ended.emit()


class Receiver(QObject):
    """Takes a job's result for its owner, and goes with it: Qt calls nothing that is gone."""

    def __init__(self, owner: QObject, done: Callable[[Any], None]) -> None:
        super().__init__(owner)
        self._done = done

    def take(self, result: object) -> None:
        """Hands the result on."""
        self._done(result)


class Worker(QObject):
    """Runs jobs one after the other on a thread of its own."""

    started = Signal(object)

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages
        self._made_pool: ThreadPoolExecutor | None = None
        self._jobs: set[Job] = set()

    @property
    def _pool(self) -> ThreadPoolExecutor:
        """The thread, made when the first job comes: the first paint needs none."""
        if self._made_pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._made_pool = ThreadPoolExecutor(1, thread_name_prefix="wuji-worker")
        return self._made_pool

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        return bool(self._jobs)

    @property
    def at_work(self) -> str:
        """The title of the work somebody waits for; empty when there is none."""
        return next((job.title for job in self._jobs if not job.quiet and not job.done), "")

    def start(
        self,
        title: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        *,
        quiet: bool = False,
        undone: str = NOTHING_LEFT,
        owner: QObject | None = None,
    ) -> Job:
        """Starts the work; `done` gets its result in the window's thread. Quiet: no bar.

        `undone` is told when it is cancelled: what it means for files and book. `owner`: nothing is
        done with the result when this is gone meanwhile, as pages go when the period changes.
        """
        job = Job(title, self._messages, undone, quiet=quiet)
        self._jobs.add(job)
        if owner is None:
            job.finished.connect(done)
        else:
            receiver = Receiver(owner, done)
            job.finished.connect(receiver.take)
            job.ended.connect(receiver.deleteLater)
        job.ended.connect(lambda: self._jobs.discard(job))
        if not quiet:
            self.started.emit(job)
        job.watch(self._pool.submit(work, job.progress))
        return job

    def drop_all(self) -> None:
        """Drops every job and waits until none runs; what they worked on may then go."""
        if not self._jobs:
            return
        from concurrent.futures import wait

        for job in self._jobs:
            job.drop()
        # A future cancelled in a pool that was shut down is never told so: it would be waited for
        # for ever. What is cancelled does not run, so there is nothing to wait for.
        futures = [job.future for job in self._jobs if job.future is not None]
        wait([future for future in futures if not future.cancelled()])

    def close(self) -> None:
        """Cancels what runs and waits for its end."""
        for job in self._jobs:
            job.cancel()
        if self._made_pool is not None:
            self._made_pool.shutdown(wait=True, cancel_futures=True)
