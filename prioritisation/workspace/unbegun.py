"""A workspace that nobody has written to yet: empty for those who look, and made by the first write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from threading import Lock

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool, StaticPool

from prioritisation.folder import DataFolder
from prioritisation.workspace.chain import Entry
from prioritisation.workspace.database import PATIENCE_SECONDS, Workspace, has_workspace, open_workspace, utc_now
from prioritisation.workspace.engines import workspace_file
from prioritisation.workspace.keys import AuditKeys
from prioritisation.workspace.schema import bring_up_to_date


def open_without_beginning(
    folder: DataFolder, *, url: str | None = None, guard: Callable[[Entry], None] | None = None
) -> Workspace:
    """Open the workspace as `open_workspace` does; where there is none, its file is made by the first write only."""
    if url or has_workspace(folder):
        return open_workspace(folder, url=url, guard=guard)
    return _Unbegun(folder, guard)


class _Unbegun(Workspace):
    """Reads find nothing until anybody has written, here or in another process; from then on it is like any other."""

    def __init__(self, folder: DataFolder, guard: Callable[[Entry], None] | None) -> None:
        file = workspace_file(folder.root)
        keys = AuditKeys.chosen(file.with_suffix(".audit-key"))
        super().__init__(_empty_engine(), str(file), keys, utc_now, PATIENCE_SECONDS, guard)
        self._folder = folder
        self._is_begun = False
        self._one_at_a_time = Lock()

    def _connection(self, writes: bool) -> Connection:
        if not self._is_begun and (writes or has_workspace(self._folder)):
            self._begin_here()
        return super()._connection(writes)

    def _begin_here(self) -> None:
        with self._one_at_a_time:
            if not self._is_begun:
                self._engine = open_workspace(self._folder)._engine
                self._is_begun = True


def _empty_engine() -> Engine:
    """Return an engine on a workspace in memory; each connection has one of its own, as it was made."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.deserialize(_nothing())
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


@cache
def _nothing() -> bytes:
    """Return a SQLite database that has the workspace's tables and nothing in them."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool)
    with engine.connect() as connection:
        bring_up_to_date(connection, "in memory")
        connection.commit()
    return made.serialize()
