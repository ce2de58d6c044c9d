"""Numbered upgrades: step N brings a book of schema N to N + 1. None is ever changed or removed.

A step is a small pure function on a connection and has its own test; one stored book per released
schema lies in ``tests/models/books``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

STEPS: Mapping[int, Callable[[Connection], None]] = {}

LATEST = max((0, *STEPS)) + 1
