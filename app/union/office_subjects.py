"""Subjects that an office added to its chart, taken into the union's with its package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.book.errors import BookError
from app.book.subjects import new_content, put_subject

if TYPE_CHECKING:
    from app.book.history import Changing
    from app.book.store import Store
    from app.package.manifest import OwnSubject


def take_subjects(
    store: Store, change: Changing, sent: Iterable[OwnSubject]
) -> list[dict[str, Any]]:
    """Adds what the union doesn't know; what it knows otherwise stays, and is a finding."""
    findings = []
    for one in sent:
        known = store.chart.get(one.code)
        if known is not None and (known.name, known.table) == (one.name, one.table):
            continue
        own = f"{known.name}（附表{known.table}）" if known else ""
        if known is None:
            try:
                content = new_content(store, one.code, one.name, one.table)
                put_subject(store, change, one.code, content)
                continue
            except BookError as error:
                own = str(error)
        said = f"{one.name}（附表{one.table}）"
        findings.append({"kind": "subject", "id": one.code, "sent": said, "own": own})
    return findings
