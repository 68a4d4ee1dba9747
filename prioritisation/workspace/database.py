"""The workspace itself: transactions that are whole or nothing, and a number that tells others something changed."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace.chain import BEGUN, KEY_CHANGED, Entry, Plain, digest
from prioritisation.workspace.engines import chosen_engine, workspace_file
from prioritisation.workspace.faults import NOT_KNOWN, NOTHING_READ, NOTHING_SAVED, Reason, reason_of, told_plainly
from prioritisation.workspace.keys import KEY_FILE, AuditKeys
from prioritisation.workspace.schema import SCHEMA_VERSION, bring_up_to_date, newer_workspace
from prioritisation.workspace.tables import audit, utc_text
from prioritisation.workspace.tables import workspace as state

ADDRESS = "PRIORITISATION_WORKSPACE"
PATIENCE_SECONDS = 20.0
_WORTH_WAITING = (Reason.BUSY, Reason.UNREACHABLE)


@dataclass
class Change:
    """One write under way. `number` is higher than that of every write stored before it; `at` is its time, UTC.

    content: `chain.content_of` the rows that the audit log is to vouch for.
    nothing_to_do: set it where all stands already; then nothing is stored and nothing logged.
    """

    connection: Connection
    number: int
    at: datetime
    content: str = ""
    nothing_to_do: bool = False


class Workspace:
    """The mutable state. One per process, shared by its threads; each operation takes its own connection."""

    def __init__(
        self,
        engine: Engine,
        place: str,
        keys: AuditKeys,
        now: Callable[[], datetime],
        patience_seconds: float,
        guard: Callable[[Entry], None] | None = None,
    ) -> None:
        self._engine = engine
        self._guard = guard
        self._now = now
        self._patience_seconds = patience_seconds
        self._known_keys: dict[str, bytes] = {}
        self.place = place
        self.audit_keys = keys

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the workspace."""
        with told_plainly(self.place, NOTHING_READ), self._begun(writes=False) as connection:
            yield connection

    @contextmanager
    def write(
        self, action: str, *, by: str, about: str = "", parameters: Mapping[str, Plain | list[Plain]] | None = None
    ) -> Iterator[Change]:
        """Give a change that is stored whole when the block ends, and not at all when the block raises.

        Its row of the audit log (`chain.Entry`) is stored with it: this is the only way to write, so none is forgotten.
        Writers queue: raising the change number holds its row until the commit, so numbers appear in order.
        """
        entry = Entry(action, by, about, parameters or {})
        if self._guard is not None:
            self._guard(entry)
        with told_plainly(self.place, NOTHING_SAVED), self._begun(writes=True) as connection:
            change = self._raised(connection)
            link = self._link(connection)
            yield change
            if change.nothing_to_do:
                return
            link(change, entry)
            with told_plainly(self.place, NOT_KNOWN):
                connection.commit()

    def begin_with_new_key(self, by: str) -> str:
        """Write the log with the newest key of the key file from here on; return its name. UserError: no usable key."""
        with told_plainly(self.place, NOTHING_SAVED), self._begun(writes=True) as connection:
            change = self._raised(connection)
            before = connection.execute(select(state.c.audit_key)).scalar_one()
            name = self._take_key(connection)
            self._link(connection)(change, Entry(KEY_CHANGED, by, parameters={"before": before, "now": name}))
            connection.commit()
            return name

    def change_number(self) -> int:
        """Return the number of the last write. (Lower than before: a backup was restored.)"""
        with self.read() as connection:
            return connection.execute(select(state.c.change_number)).scalar_one()

    def standing(self) -> str:
        """Return how the workspace stands, in a word; another word than before means something changed.

        One row is read, so asking twice a second costs nothing. The number alone would not do: after a backup was
        restored, it comes again for other content.
        """
        with self.read() as connection:
            number, head = connection.execute(select(state.c.change_number, state.c.audit_head)).one()
        return f"{number}-{head}"

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def prepare(self) -> None:
        """Create what is not there yet, or bring an older workspace up to date. Safe from many processes at once."""
        with told_plainly(self.place, NOTHING_READ), self._begun(writes=True) as connection:
            bring_up_to_date(connection, self.place)
            if not connection.execute(select(state.c.audit_sequence)).scalar_one():
                self._begin_audit(connection)
            connection.commit()

    def _begin_audit(self, connection: Connection) -> None:
        """Write the log's first row. Its random name keeps the log apart from that of any other workspace."""
        change = self._raised(connection)
        self._take_key(connection)
        kind = "named by the owner" if self.audit_keys.configured else "made beside the workspace"
        parameters: dict[str, Plain | list[Plain]] = {"log": secrets.token_hex(8), "key_file": kind}
        self._link(connection)(change, Entry(BEGUN, "the application", parameters=parameters))

    def _raised(self, connection: Connection) -> Change:
        raised = update(state).values(change_number=state.c.change_number + 1)
        number, version = connection.execute(raised.returning(state.c.change_number, state.c.schema_version)).one()
        if version > SCHEMA_VERSION:
            raise newer_workspace(self.place)
        return Change(connection, number, self._now())

    def _take_key(self, connection: Connection) -> str:
        """Make the newest key of the file the one that new rows are signed with."""
        name, key = self.audit_keys.newest()
        self._known_keys[name] = key
        connection.execute(update(state).values(audit_key=name))
        return name

    def _link(self, connection: Connection) -> Callable[[Change, Entry], None]:
        """Return what adds a row to the log, once it is sure that the log's key is here."""
        columns = (state.c.audit_sequence, state.c.audit_head, state.c.audit_key)
        sequence, head, name = connection.execute(select(*columns)).one()
        key = self._key(name)

        def link(change: Change, entry: Entry) -> None:
            row = {"sequence": sequence + 1, "change_number": change.number, "at": utc_text(change.at)}
            row |= {"who": entry.who, "action": entry.action, "about": entry.about, "parameters": entry.text}
            row |= {"content": change.content, "key_id": name}
            signed = digest(key, head, row)
            connection.execute(insert(audit).values(**row, digest=signed))
            connection.execute(update(state).values(audit_sequence=sequence + 1, audit_head=signed))

        return link

    def _key(self, name: str) -> bytes:
        if name not in self._known_keys:  # looked for anew, since another process may have added one
            self._known_keys |= self.audit_keys.read()
        if name not in self._known_keys:
            raise UserError(
                f"The key that the audit log is written with ({name}) is not in {self.audit_keys.path}.",
                not_done=NOTHING_SAVED,
                remedy=f"Put the key file back, or name it in {KEY_FILE}. Where it is lost, "
                "`prioritisation audit new-key` goes on with another; what was written before cannot be checked then.",
            )
        return self._known_keys[name]

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


def has_workspace(folder: DataFolder) -> bool:
    """Return whether a workspace is there, or an address of one is set; asking must not make one."""
    return bool(os.environ.get(ADDRESS)) or workspace_file(folder.root).exists()


def open_workspace(
    folder: DataFolder,
    *,
    url: str | None = None,
    now: Callable[[], datetime] = utc_now,
    patience_seconds: float = PATIENCE_SECONDS,
    guard: Callable[[Entry], None] | None = None,
) -> Workspace:
    """Open the workspace, created or brought up to date: `url`, else PRIORITISATION_WORKSPACE, else the folder's file.

    guard: is shown every write before it begins, and raises what is to be said when it may not be made.
    UserError: unusable address, unreachable, read-only, damaged, or written by a newer version.
    """
    engine, place = chosen_engine(url or os.environ.get(ADDRESS), folder.root)
    beside = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else workspace_file(folder.root)
    keys = AuditKeys.chosen(beside.with_suffix(".audit-key"))
    opened = Workspace(engine, place, keys, now, patience_seconds, guard)
    try:
        opened.prepare()
    except BaseException:
        opened.close()
        raise
    return opened
