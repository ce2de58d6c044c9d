"""Numbered upgrades: step N brings a book of schema N to N + 1. None is ever changed or removed.

A step is a small pure function on a connection and has its own test; one stored book per released
schema lies in ``tests/models/books``. Statements are written as SQLite wants them and go through
``run``, so that a union's database on a server is brought up to date by the same steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection

_ON_SERVERS = (
    (r"\)\s*STRICT\s*$", ")"),
    (r"\b(id|key) INTEGER NOT NULL", r"\1 BIGSERIAL NOT NULL"),
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bBLOB\b", "BYTEA"),
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),
)
"""SQLite's words and those of PostgreSQL for the same."""


def run(connection: Connection, statements: Iterable[str]) -> None:
    """Runs statements about tables and columns in the words of the store at hand."""
    for statement in statements:
        connection.exec_driver_sql(worded(statement, connection.dialect.name))


def worded(statement: str, dialect: str) -> str:
    """A statement as this kind of store wants it."""
    if dialect != "sqlite":
        for ours, theirs in _ON_SERVERS:
            statement = re.sub(ours, theirs, statement)
    return statement


TO_2 = (
    "ALTER TABLE rows ADD COLUMN institution TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN package_id INTEGER",
    "ALTER TABLE rows ADD COLUMN sent TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN sent_before TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN content_hash TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN layers TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN layer_class TEXT",
    "ALTER TABLE rows ADD COLUMN review_loss INTEGER",
    "ALTER TABLE rows ADD COLUMN determined_loss INTEGER",
    "ALTER TABLE rows ADD COLUMN marks TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE rows ADD COLUMN worth INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE rows ADD COLUMN decided_in INTEGER",
    "ALTER TABLE rows ADD COLUMN version INTEGER DEFAULT '0' NOT NULL",
    "DROP INDEX rows_by_place",
    "CREATE INDEX rows_by_office ON rows (period_id, institution, stage)",
    "CREATE INDEX rows_by_place ON rows (period_id, table_id, institution, seq)",
    "CREATE INDEX rows_by_worth ON rows (period_id, worth)",
    """CREATE TABLE balances_2 (
        period_id INTEGER NOT NULL,
        institution TEXT DEFAULT '' NOT NULL,
        subject TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        debit INTEGER DEFAULT '0' NOT NULL,
        credit INTEGER DEFAULT '0' NOT NULL,
        provisions INTEGER DEFAULT '0' NOT NULL,
        source TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (period_id, institution, subject),
        FOREIGN KEY(period_id) REFERENCES periods (id)
    ) STRICT""",
    """INSERT INTO balances_2 (period_id, subject, name, debit, credit, provisions, source)
    SELECT period_id, subject, name, debit, credit, provisions, source FROM balances""",
    "DROP TABLE balances",
    "ALTER TABLE balances_2 RENAME TO balances",
    """CREATE TABLE offices (
        code TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        expected INTEGER DEFAULT '0' NOT NULL,
        added_at TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (code)
    ) STRICT""",
    """CREATE TABLE accepted_keys (
        id INTEGER NOT NULL,
        institution TEXT DEFAULT '' NOT NULL,
        short_code TEXT DEFAULT '' NOT NULL,
        certificate BLOB NOT NULL,
        accepted_by TEXT DEFAULT '' NOT NULL,
        accepted_at TEXT DEFAULT '' NOT NULL,
        active INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (id)
    ) STRICT""",
    "CREATE INDEX keys_by_office ON accepted_keys (institution)",
    """CREATE TABLE packages (
        id INTEGER NOT NULL,
        period_id INTEGER NOT NULL,
        direction TEXT DEFAULT '' NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        institution TEXT DEFAULT '' NOT NULL,
        sha256 TEXT DEFAULT '' NOT NULL,
        seal_code TEXT DEFAULT '' NOT NULL,
        answers TEXT DEFAULT '' NOT NULL,
        key_code TEXT DEFAULT '' NOT NULL,
        made_at TEXT DEFAULT '' NOT NULL,
        at TEXT DEFAULT '' NOT NULL,
        "by" TEXT DEFAULT '' NOT NULL,
        manifest TEXT DEFAULT '' NOT NULL,
        findings TEXT DEFAULT '' NOT NULL,
        superseded_by INTEGER,
        PRIMARY KEY (id),
        FOREIGN KEY(period_id) REFERENCES periods (id)
    ) STRICT""",
    "CREATE INDEX packages_by_hash ON packages (sha256)",
    "CREATE INDEX packages_by_office ON packages (period_id, institution, kind)",
    """CREATE TABLE package_entries (
        package_id INTEGER NOT NULL,
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (package_id, path),
        FOREIGN KEY(package_id) REFERENCES packages (id),
        FOREIGN KEY(sha256) REFERENCES blobs (sha256)
    ) STRICT""",
    """CREATE TABLE opinions (
        id INTEGER NOT NULL,
        period_id INTEGER NOT NULL,
        institution TEXT DEFAULT '' NOT NULL,
        row_id TEXT DEFAULT '' NOT NULL,
        stage TEXT DEFAULT '' NOT NULL,
        class_code TEXT,
        loss INTEGER,
        layer TEXT DEFAULT '' NOT NULL,
        marks TEXT DEFAULT '' NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        text TEXT DEFAULT '' NOT NULL,
        vote TEXT DEFAULT '' NOT NULL,
        minutes_name TEXT DEFAULT '' NOT NULL,
        minutes_sha256 TEXT,
        package_id INTEGER,
        "by" TEXT DEFAULT '' NOT NULL,
        at TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(period_id) REFERENCES periods (id)
    ) STRICT""",
    "CREATE INDEX opinions_by_row ON opinions (period_id, row_id)",
    """CREATE TABLE samples (
        id INTEGER NOT NULL,
        period_id INTEGER NOT NULL,
        seed TEXT DEFAULT '' NOT NULL,
        size INTEGER DEFAULT '0' NOT NULL,
        scope TEXT DEFAULT '' NOT NULL,
        row_ids TEXT DEFAULT '' NOT NULL,
        "by" TEXT DEFAULT '' NOT NULL,
        at TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(period_id) REFERENCES periods (id)
    ) STRICT""",
    """CREATE TABLE followups (
        period_id INTEGER NOT NULL,
        row_id TEXT NOT NULL,
        institution TEXT DEFAULT '' NOT NULL,
        table_id TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        class_code TEXT DEFAULT '' NOT NULL,
        last_class TEXT,
        carrying_amount INTEGER DEFAULT '0' NOT NULL,
        expected_loss INTEGER DEFAULT '0' NOT NULL,
        provisions INTEGER DEFAULT '0' NOT NULL,
        disposed INTEGER DEFAULT '0' NOT NULL,
        recovered INTEGER DEFAULT '0' NOT NULL,
        responsible TEXT DEFAULT '' NOT NULL,
        next_review TEXT DEFAULT '' NOT NULL,
        set_up_at TEXT DEFAULT '' NOT NULL,
        PRIMARY KEY (period_id, row_id),
        FOREIGN KEY(period_id) REFERENCES periods (id)
    ) STRICT""",
)
"""The union's half: whose rows, packages, opinions, layers, samples; the ledger afterwards."""


def to_2(connection: Connection) -> None:
    """Adds the union's half; balances are kept per institution."""
    run(connection, TO_2)


def to_3(connection: Connection) -> None:
    """Adds where on a piece of evidence the values of fields stand."""
    run(connection, ["ALTER TABLE attachments ADD COLUMN boxes TEXT DEFAULT '' NOT NULL"])


STEPS: Mapping[int, Callable[[Connection], None]] = {1: to_2, 2: to_3}

LATEST = max((0, *STEPS)) + 1
