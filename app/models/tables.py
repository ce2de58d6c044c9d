"""The tables of a book: strict types, whole fen, dates as text, JSON as text.

A file of SQLite and a database of PostgreSQL hold the same: numbers of 64 bits, texts that sort by
their bytes whatever language the server was set up for.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite's INTEGER has 64 bits, and STRICT tables know no other name for it.
INTEGER = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    default = None if key or null else ""
    return Column(name, TEXT, primary_key=key, nullable=null, server_default=default)


def _int(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    default = None if key or null else "0"
    return Column(name, INTEGER, primary_key=key, nullable=null, server_default=default)


def _period(*, key: bool = False) -> Column[int]:
    return Column("period_id", INTEGER, ForeignKey("periods.id"), primary_key=key, nullable=False)


meta = Table(
    "meta",
    metadata,
    _text("name", key=True),
    _text("value"),
    sqlite_strict=True,
)

people = Table(
    "people",
    metadata,
    _int("id", key=True),
    Column("name", TEXT, nullable=False, unique=True),
    _text("role"),
    _text("added_at"),
    sqlite_strict=True,
)

rulesets = Table(
    "rulesets",
    metadata,
    _text("hash", key=True),
    _text("id"),
    _text("title"),
    Column("snapshot", LargeBinary, nullable=False),
    sqlite_strict=True,
)

periods = Table(
    "periods",
    metadata,
    _int("id", key=True),
    Column("base_date", TEXT, nullable=False, unique=True),
    Column("ruleset_hash", TEXT, ForeignKey("rulesets.hash"), nullable=False),
    _text("state"),
    _text("opened_at"),
    _text("sealed_at", null=True),
    _text("seal_code"),
    sqlite_strict=True,
)

subjects = Table(
    "subjects",
    metadata,
    _text("code", key=True),
    _text("name"),
    _text("table_id"),
    sqlite_strict=True,
)

balances = Table(
    "balances",
    metadata,
    _period(key=True),
    # Whose ledger: empty in an office's own book, the office's code in a union's.
    Column("institution", TEXT, primary_key=True, nullable=False, server_default=""),
    _text("subject", key=True),
    _text("name"),
    _int("debit"),
    _int("credit"),
    _int("provisions"),
    _text("source"),
    sqlite_strict=True,
)

rows = Table(
    "rows",
    metadata,
    _int("key", key=True),
    _period(),
    _text("id"),
    _text("table_id"),
    _int("seq"),
    # What the clerk gave: values by field key, a listing's unknown columns, each value's source.
    _text("field_values"),
    _text("printed"),
    _text("provenance"),
    _int("import_id", null=True),
    # Typed copies for lists, sums and search; null where the value is missing or can't be read.
    _text("asset_no", null=True),
    _text("name", null=True),
    _text("initials"),
    _text("search_text"),
    _text("subject", null=True),
    _int("carrying_amount", null=True),
    _text("formed_on", null=True),
    _text("due_on", null=True),
    _text("initial_class", null=True),
    _text("review_class", null=True),
    _text("determined_class", null=True),
    # Derived by the rule set whose hash stands beside.
    _text("ruleset_hash"),
    _text("suggested", null=True),
    _text("at_least"),
    _int("expected_loss", null=True),
    _text("amounts"),
    _int("errors"),
    _int("warnings"),
    # Where the row stands, and who brought it there.
    _text("stage"),
    _text("prepared_by"),
    _text("confirmed_by"),
    _text("confirmed_at", null=True),
    _text("last_class", null=True),
    _text("created_at"),
    _text("updated_at"),
    # In a union's book: whose row it is, the package it came with, the whole line as sent, the
    # one before where it changed, the hash of what its office said.
    _text("institution"),
    _int("package_id", null=True),
    _text("sent"),
    _text("sent_before"),
    _text("content_hash"),
    # The union's own values by stage, the class they lead to, the loss of each stage.
    _text("layers"),
    _text("layer_class", null=True),
    _int("review_loss", null=True),
    _int("determined_loss", null=True),
    # Questions on fields, how much a look is worth, the decision package that told the office.
    _text("marks"),
    _int("worth"),
    _int("decided_in", null=True),
    # Grows with each change by the union: who saw an older one is shown the newer one first.
    _int("version"),
    UniqueConstraint("period_id", "id", name="rows_by_id"),
    sqlite_strict=True,
)
Index("rows_by_place", rows.c.period_id, rows.c.table_id, rows.c.institution, rows.c.seq)
Index("rows_by_office", rows.c.period_id, rows.c.institution, rows.c.stage)
Index("rows_by_worth", rows.c.period_id, rows.c.worth)
Index("rows_by_subject", rows.c.period_id, rows.c.subject)
Index("rows_by_number", rows.c.period_id, rows.c.table_id, rows.c.asset_no)

imports = Table(
    "imports",
    metadata,
    _int("id", key=True),
    _period(),
    _text("table_id"),
    _text("source"),
    _text("totals"),
    _int("row_count"),
    _text("by"),
    _text("at"),
    sqlite_strict=True,
)

history = Table(
    "history",
    metadata,
    _int("id", key=True),
    _int("change_no"),
    _text("at"),
    _text("by"),
    _text("period"),
    _text("row_id"),
    _text("field"),
    _text("old", null=True),
    _text("new", null=True),
    _text("why"),
    _text("kind"),
    _int("reverts", null=True),
    _text("hash"),
    # Ids are never used twice: entries cut off at the end leave a mark.
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
Index("history_by_row", history.c.row_id, history.c.field)
Index("history_by_change", history.c.change_no)

blobs = Table(
    "blobs",
    metadata,
    _text("sha256", key=True),
    _int("size"),
    Column("content", LargeBinary, nullable=False),
    sqlite_strict=True,
)

attachments = Table(
    "attachments",
    metadata,
    _int("id", key=True),
    _period(),
    _text("row_id"),
    Column("sha256", TEXT, ForeignKey("blobs.sha256"), nullable=False),
    _text("name"),
    _text("paper"),
    _int("size"),
    _text("media_type"),
    _text("added_by"),
    _text("added_at"),
    _text("carried_from"),
    # Where on it the values of fields stand: a list of boxes.
    _text("boxes"),
    sqlite_strict=True,
)
Index("attachments_by_row", attachments.c.period_id, attachments.c.row_id)

kept_warnings = Table(
    "kept_warnings",
    metadata,
    _int("id", key=True),
    _period(),
    _text("finding_id"),
    _text("row_id"),
    _text("field"),
    _text("code"),
    _text("fingerprint"),
    _text("reason"),
    _text("note"),
    _text("by"),
    _text("at"),
    UniqueConstraint("period_id", "finding_id", name="kept_by_finding"),
    sqlite_strict=True,
)
Index("kept_by_row", kept_warnings.c.period_id, kept_warnings.c.row_id)

drafts = Table(
    "drafts",
    metadata,
    _period(key=True),
    _text("row_id", key=True),
    _text("field", key=True),
    _text("text"),
    _text("at"),
    sqlite_strict=True,
)

big_losses = Table(
    "big_losses",
    metadata,
    _period(key=True),
    _text("row_id", key=True),
    _text("field_values"),
    _int("errors"),
    _text("created_at"),
    sqlite_strict=True,
)

keys = Table(
    "keys",
    metadata,
    _int("id", key=True),
    _text("short_code"),
    Column("pkcs12", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    _text("created_by"),
    _text("created_at"),
    _int("current"),
    sqlite_strict=True,
)

offices = Table(
    "offices",
    metadata,
    _text("code", key=True),
    _text("name"),
    _int("expected"),
    _text("added_at"),
    sqlite_strict=True,
)

accepted_keys = Table(
    "accepted_keys",
    metadata,
    _int("id", key=True),
    _text("institution"),
    _text("short_code"),
    Column("certificate", LargeBinary, nullable=False),
    # Empty: taken at the first contact, nobody has compared the short code yet.
    _text("accepted_by"),
    _text("accepted_at"),
    _int("active"),
    sqlite_strict=True,
)
Index("keys_by_office", accepted_keys.c.institution)

packages = Table(
    "packages",
    metadata,
    _int("id", key=True),
    _period(),
    _text("direction"),
    _text("kind"),
    _text("institution"),
    _text("sha256"),
    _text("seal_code"),
    _text("answers"),
    _text("key_code"),
    _text("made_at"),
    _text("at"),
    _text("by"),
    _text("manifest"),
    _text("findings"),
    _int("superseded_by", null=True),
    sqlite_strict=True,
)
Index("packages_by_office", packages.c.period_id, packages.c.institution, packages.c.kind)
Index("packages_by_hash", packages.c.sha256)

package_entries = Table(
    "package_entries",
    metadata,
    Column("package_id", INTEGER, ForeignKey("packages.id"), primary_key=True, nullable=False),
    _text("path", key=True),
    Column("sha256", TEXT, ForeignKey("blobs.sha256"), nullable=False),
    sqlite_strict=True,
)

opinions = Table(
    "opinions",
    metadata,
    _int("id", key=True),
    _period(),
    _text("institution"),
    _text("row_id"),
    _text("stage"),
    _text("class_code", null=True),
    _int("loss", null=True),
    _text("layer"),
    _text("marks"),
    _text("reason"),
    _text("text"),
    _text("vote"),
    _text("minutes_name"),
    _text("minutes_sha256", null=True),
    _int("package_id", null=True),
    _text("by"),
    _text("at"),
    sqlite_strict=True,
)
Index("opinions_by_row", opinions.c.period_id, opinions.c.row_id)

samples = Table(
    "samples",
    metadata,
    _int("id", key=True),
    _period(),
    _text("seed"),
    _int("size"),
    _text("scope"),
    _text("row_ids"),
    _text("by"),
    _text("at"),
    sqlite_strict=True,
)

followups = Table(
    "followups",
    metadata,
    _period(key=True),
    _text("row_id", key=True),
    _text("institution"),
    _text("table_id"),
    _text("name"),
    _text("class_code"),
    _text("last_class", null=True),
    _int("carrying_amount"),
    _int("expected_loss"),
    _int("provisions"),
    _int("disposed"),
    _int("recovered"),
    _text("responsible"),
    _text("next_review"),
    _text("set_up_at"),
    sqlite_strict=True,
)
