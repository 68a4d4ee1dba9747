"""Ways in: a SQLite file beside the data, or a PostgreSQL database by URL, set up so that an answer means stored."""

from __future__ import annotations

import importlib.util
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from prioritisation.errors import UserError
from prioritisation.workspace.faults import NOTHING_READ, Reason, refusal

SQLITE_BUSY_SECONDS = 5
POSTGRESQL_SETTINGS = (
    "SET lock_timeout = '20s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '15s'"
)
# secure_delete: what is erased leaves the file, and so every later backup, with SQLite built in whatever way.
_SQLITE_SETTINGS = ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", "secure_delete=ON", "journal_mode=WAL")
_POOL = {"pool_size": 5, "max_overflow": 25, "pool_timeout": 10}


def workspace_file(folder: Path) -> Path:
    """Return where a data folder's own workspace lies."""
    return folder / "workspace.sqlite"


def chosen_engine(url: str | None, folder: Path) -> tuple[Engine, str]:
    """Return the engine, and its place in words without any password.

    url: postgresql://..., sqlite:///FILE, or None for `folder`/workspace.sqlite.
    """
    if not url:
        return sqlite_engine(workspace_file(folder))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise _unusable_address() from None
    if address.get_backend_name() in ("postgresql", "postgres"):
        return postgresql_engine(address)
    if address.drivername == "sqlite" and address.database and address.database != ":memory:":
        return sqlite_engine(Path(address.database))
    raise _unusable_address()


def _unusable_address() -> UserError:
    return UserError(
        "The address of the workspace, in PRIORITISATION_WORKSPACE, cannot be used.",
        not_done=NOTHING_READ,
        remedy="Write it as postgresql://NAME:PASSWORD@HOST/DATABASE, or leave it out to use workspace.sqlite "
        "in the data folder.",
    )


def sqlite_engine(path: Path) -> tuple[Engine, str]:
    """Return an engine on one SQLite file, made empty when absent. UserError: it cannot be made."""
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as fault:
        raise refusal(Reason.READ_ONLY, str(path), NOTHING_READ) from fault

    def connect() -> sqlite3.Connection:
        # mode=rw: a file taken away while we run is an error, never quietly a new empty one.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=SQLITE_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        for setting in _SQLITE_SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        return connection

    engine = create_engine(
        URL.create("sqlite", database=str(path)), creator=connect, poolclass=QueuePool, hide_parameters=True, **_POOL
    )
    event.listen(engine, "begin", _begin_sqlite)
    _follow_the_file(engine, path)
    return engine, str(path)


def _begin_sqlite(connection: Connection) -> None:
    """Begin in SQL, because Python's driver begins late; a writer takes the lock first, so it never loses its place."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _follow_the_file(engine: Engine, path: Path) -> None:
    """Drop pooled connections to a file that was replaced (a restored backup): writes to it would be lost."""

    def remember(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = _identity(path)

    def compare(connection: sqlite3.Connection, entry: ConnectionPoolEntry, proxy: object) -> None:
        if entry.info["file"] != _identity(path):
            raise DisconnectionError("the workspace file was replaced")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def postgresql_engine(address: URL) -> tuple[Engine, str]:
    """Return an engine on a PostgreSQL database; dropped connections are noticed before use."""
    if importlib.util.find_spec("psycopg") is None:
        raise UserError(
            "PRIORITISATION_WORKSPACE names a PostgreSQL database, and the driver for it is not installed.",
            not_done=NOTHING_READ,
            remedy="Install it: pip install 'prioritisation[postgresql]'",
        )
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5},
        isolation_level="READ COMMITTED",
        **_POOL,
    )
    event.listen(engine, "connect", _set_limits)
    # No part of the address: where a password holds @ or /, host and database hold pieces of it.
    return engine, "in the PostgreSQL database that PRIORITISATION_WORKSPACE names"


def _set_limits(connection: object, entry: ConnectionPoolEntry) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(POSTGRESQL_SETTINGS)
    connection.commit()  # type: ignore[attr-defined]
