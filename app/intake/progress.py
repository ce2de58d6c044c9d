"""How long operations tell how far they are."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then with steps done, steps in all (0: unknown) and what is being done.

    It may raise to stop the operation; nothing has been written then.
    """

    def __call__(self, done: int, total: int, text: str) -> None: ...


def silent(done: int, total: int, text: str) -> None:
    """The progress of nobody."""
