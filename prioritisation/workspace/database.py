"""The workspace itself: transactions that are whole or nothing, and a number that tells others something changed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from prioritisation.folder import DataFolder
from prioritisation.workspace.engines import chosen_engine
from prioritisation.workspace.faults import NOT_KNOWN, NOTHING_READ, NOTHING_SAVED, Reason, reason_of, told_plainly
from prioritisation.workspace.schema import SCHEMA_VERSION, bring_up_to_date, newer_workspace
from prioritisation.workspace.tables import workspace as state

PATIENCE_SECONDS = 20.0
_WORTH_WAITING = (Reason.BUSY, Reason.UNREACHABLE)


@dataclass(frozen=True)
class Change:
    """One write under way. `number` is higher than that of every write stored before it; `at` is its time, UTC."""

    connection: Connection
    number: int
    at: datetime


class Workspace:
    """The mutable state. One per process, shared by its threads; each operation takes its own connection."""

    def __init__(self, engine: Engine, place: str, now: Callable[[], datetime], patience_seconds: float) -> None:
        self._engine = engine
        self._now = now
        self._patience_seconds = patience_seconds
        self.place = place

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the workspace."""
        with told_plainly(self.place, NOTHING_READ), self._begun(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Change]:
        """Give a change that is stored whole when the block ends, and not at all when the block raises.

        Writers queue: raising the change number holds its row until the commit, so numbers appear in order.
        """
        with told_plainly(self.place, NOTHING_SAVED), self._begun(writes=True) as connection:
            raised = update(state).values(change_number=state.c.change_number + 1)
            number, version = connection.execute(raised.returning(state.c.change_number, state.c.schema_version)).one()
            if version > SCHEMA_VERSION:
                raise newer_workspace(self.place)
            yield Change(connection, number, self._now())
            with told_plainly(self.place, NOT_KNOWN):
                connection.commit()

    def change_number(self) -> int:
        """Return the number of the last write; another number than before means something changed.

        One row is read, so asking twice a second costs nothing. (Lower than before: a backup was restored.)
        """
        with self.read() as connection:
            return connection.execute(select(state.c.change_number)).scalar_one()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def prepare(self) -> None:
        """Create what is not there yet, or bring an older workspace up to date. Safe from many processes at once."""
        with told_plainly(self.place, NOTHING_READ), self._begun(writes=True) as connection:
            bring_up_to_date(connection, self.place)
            connection.commit()

    @contextmanager
    def _begun(self, writes: bool) -> Iterator[Connection]:
        connection = self._begin(writes)
        try:
            yield connection
        finally:
            connection.close()

    def _begin(self, writes: bool) -> Connection:
        """Return a connection with its transaction begun, trying again while the workspace is busy or restarting."""
        until = time.monotonic() + self._patience_seconds
        while True:
            try:
                return self._connection(writes)
            except (DBAPIError, PoolTimeout) as fault:
                if reason_of(fault) not in _WORTH_WAITING or time.monotonic() >= until:
                    raise
            time.sleep(random.uniform(0.02, 0.2))  # noqa: S311  (only keeps those who wait out of step)

    def _connection(self, writes: bool) -> Connection:
        connection = self._engine.connect().execution_options(writes=writes)
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection


def utc_now() -> datetime:
    """The clock of the running application."""
    return datetime.now(UTC)


def open_workspace(
    folder: DataFolder,
    *,
    url: str | None = None,
    now: Callable[[], datetime] = utc_now,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Workspace:
    """Open the workspace, created or brought up to date: `url`, else PRIORITISATION_WORKSPACE, else the folder's file.

    UserError: unusable address, unreachable, read-only, damaged, or written by a newer version.
    """
    engine, place = chosen_engine(url or os.environ.get("PRIORITISATION_WORKSPACE"), folder.root)
    opened = Workspace(engine, place, now, patience_seconds)
    try:
        opened.prepare()
    except BaseException:
        opened.close()
        raise
    return opened
