"""What a book in a database on a server needs beyond a file: locks by name, errors in words."""

from __future__ import annotations

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from app.models.engine import SERVER, Place, place_name
from app.models.tables import meta

WRITERS = "writers"
"""Held by everybody who writes: shared by those who lock rows one by one, else alone."""
INTAKE = "intake"
"""Held by who takes packages in: one after the other."""
HISTORY = "history"
"""Held from the first entry of a change to its end: each entry builds on the one before."""
EXPORT = "export"
"""Held alone by who exports, so that papers and sealed rows are the same; shared by who writes."""
HISTORY_LENGTH = "history_length"
SCHEMA = "schema_version"
OF_SERVERS = (HISTORY_LENGTH, SCHEMA)
"""Lines of `meta` that only a database has; a file keeps the same in SQLite's own header."""
MEANWHILE = ("40001", "40P01", "55P03", "23505")
"""Serialization failure, deadlock, waited too long, the same key: somebody else was faster."""
# Several books can share a database, each in a schema of its own.
_LOCK = (
    "SELECT pg_{}advisory_xact_lock{}(hashtextextended(current_schema() || '/wuji/' || :name, 0))"
)


def hold(connection: Connection, name: str, *, shared: bool = False) -> None:
    """Holds a lock of this name until the transaction ends; a file has one writer anyway."""
    if connection.dialect.name == SERVER:
        connection.execute(text(_LOCK.format("", _kind(shared))), {"name": name})


def try_to_hold(connection: Connection, name: str, *, shared: bool = False) -> bool:
    """Holds a lock like `hold` where nobody else does; False at once where somebody does."""
    if connection.dialect.name != SERVER:
        return True
    asked = text(_LOCK.format("try_", _kind(shared)))
    return bool(connection.execute(asked, {"name": name}).scalar_one())


def _kind(shared: bool) -> str:
    return "_shared" if shared else ""


def history_length(connection: Connection) -> int:
    """How many entries of history were ever written."""
    this = select(meta.c.value).where(meta.c.name == HISTORY_LENGTH)
    return int(connection.execute(this).scalar_one())


def note_history_length(connection: Connection, length: int) -> None:
    """Remembers the number of the newest entry, so that ones cut off at the end are noticed."""
    this = meta.c.name == HISTORY_LENGTH
    connection.execute(update(meta).where(this).values(value=str(length)))


def is_meanwhile(error: DBAPIError) -> bool:
    """Whether the server refused because somebody else wrote the same at the same moment."""
    return getattr(error.orig, "sqlstate", None) in MEANWHILE


_REASONS = (  # as libpq tells them, in the server's language
    (("password", "authentication", "认证", "no pg_hba"), "用户或口令不对。请核对。"),
    (("database", "数据库"), "服务器上没有这个数据库。请核对名称，或请管理员先建立。"),
    (("role", "角色"), "服务器上没有这个用户。请核对地址里的用户。"),
    (("too many", "太多"), "服务器的连接已满。请稍后再试。"),
)  # fmt: skip
_STATES = {
    "08": "与数据库的连接断了，没有做完。请检查网络后再试。",
    "57": "数据库服务器停下了，没有做完。请稍后再试。",
    "53": "数据库服务器的磁盘或内存不够，没有做完。请告诉管理员。",
    "42501": "没有读写这个数据库的权限。请告诉管理员。",
    "25006": "这个数据库现在只能读，不能修改。请告诉管理员。",
}
"""The beginnings of SQLSTATE codes that a person can do something about."""
WAITED = "55P03"
LONG = "别人的操作还没有做完（如正在接收文件包），这一次没有写入。请稍后再试。"
UNFIT = "内容里有数据库存不下的字符（空字符），没有写入。请改正后再试。"
FASTER = "别人正在同时修改同样的内容，这一次没有写入。请看过最新的内容再办。"


def server_line(error: DBAPIError, place: Place | None = None) -> str | None:
    """What a server's error means, in one line; None for what only a bug can bring about."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None and "NUL" in str(error.orig):
        return UNFIT
    if state is None:
        return _connection_line(error, place) if _is_connection(error) else None
    if state in MEANWHILE:
        return LONG if state == WAITED else FASTER
    return next((line for start, line in _STATES.items() if state.startswith(start)), None)


def _is_connection(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")


def _connection_line(error: DBAPIError, place: Place | None) -> str:
    said = str(error.orig)
    name = f"“{place_name(place)}”" if place is not None else ""
    if error.connection_invalidated:
        return _STATES["08"]
    if "FATAL" in said or "致命" in said:
        for words, line in _REASONS:
            if any(word in said.lower() for word in words):
                return f"数据库{name}打不开：{line}"
    return f"连不上数据库{name}。请检查服务器是否开着、地址和端口是否写对、网络是否通。"
