"""A backup of the workspace in one file, and the way back. The file is a SQLite workspace, whatever it was made from.

So it can be opened and checked like any other, and one of a SQLite workspace can be restored into PostgreSQL, and the
reverse. The key of the audit log is not in it: keep the key file elsewhere, or the backup alone could be rewritten.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace import audit
from prioritisation.workspace.copies import holds_workspace, put, rows_of
from prioritisation.workspace.database import ADDRESS, PATIENCE_SECONDS, Workspace, open_workspace, utc_now
from prioritisation.workspace.engines import chosen_engine, sqlite_engine, workspace_file
from prioritisation.workspace.faults import NOTHING_READ, Reason, reason_of, told_plainly
from prioritisation.workspace.keys import AuditKeys
from prioritisation.workspace.tables import workspace as state

RESTORED = "workspace restored"
BY = "the application"
NOTHING_RESTORED = "Nothing was restored."
_OF_THE_NEW_FILE = (Reason.FULL, Reason.DISK, Reason.READ_ONLY)  # the rest is about what is copied


@dataclass(frozen=True)
class Restored:
    """What came of restoring. kept: the backup made of what stood there before, None where nothing did."""

    check: audit.AuditCheck
    kept: Path | None


def back_up(workspace: Workspace, to: Path, *, replace: bool = False) -> audit.AuditCheck:
    """Write a backup while others go on writing; return what checking it found.

    replace: whether a file that is there already may be replaced. UserError: it is there, or cannot be written.
    """
    to = to.expanduser().absolute()
    if to.exists() and not replace:
        raise _there_already(to)
    with _folder_beside(to) as folder:
        made = folder / "workspace.sqlite"
        _copy(workspace, made, to)
        check = _checked(made, workspace.audit_keys)
        with _written(to):
            _one_file(made)
            _moved(made, to, replace)
    return check


def _moved(made: Path, to: Path, replace: bool) -> None:
    """Give a file its name, whole; without `replace` only where none has it. FileExistsError, OSError."""
    if not replace:
        try:
            os.link(made, to)
        except FileExistsError:
            raise
        except OSError:  # a disk without links, such as a USB stick: the name is taken first
            to.open("xb").close()
        else:
            return
    made.replace(to)


def restore(
    file: Path,
    folder: DataFolder,
    *,
    url: str | None = None,
    replace: bool = False,
    new_key: bool = False,
    at: datetime | None = None,
) -> Restored:
    """Put a backup in the place of the workspace, whole or not at all; what stood there is backed up first.

    url: as for `open_workspace`; replace: whether a workspace that is there may be replaced; new_key: go on with a new
    key where the log's own is lost. UserError: no backup, damaged, of a newer version; its log is not whole; its key is
    not here; a workspace is there.
    """
    engine, place = chosen_engine(url, folder.root) if url else _engine(folder)
    try:
        with told_plainly(place, NOTHING_READ), engine.connect() as connection:
            stands = holds_workspace(connection)
        if stands and not replace:
            raise _stands_already(place)
        with _folder_beside(folder.root / "workspace.sqlite") as aside:
            prepared = _prepared(file, aside / "workspace.sqlite", _keys(engine, folder), new_key)
            kept = _keep(folder, url, at or utc_now()) if stands else None
            _put_in(prepared, engine, place)
    finally:
        engine.dispose()
    with closing(open_workspace(folder, url=url)) as opened:
        return Restored(audit.verify(opened), kept)


def _copy(workspace: Workspace, made: Path, to: Path) -> None:
    """Copy one moment of the workspace: SQLite by its own backup, PostgreSQL row by row. to: what refusals name."""
    with workspace.read() as connection:
        if connection.dialect.name == "sqlite":
            with _written(to), closing(sqlite3.connect(made)) as target:
                connection.connection.driver_connection.backup(target)  # type: ignore[union-attr]
            return
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = rows_of(connection)
    engine, place = sqlite_engine(made)
    try:
        with _written(to), engine.connect().execution_options(writes=True) as connection, connection.begin():
            put(rows, connection, place)
    finally:
        engine.dispose()


def _prepared(file: Path, made: Path, keys: AuditKeys, new_key: bool) -> Path:
    """Return a copy of the backup, checked, in today's shape, and with a row in its log that says it was restored."""
    _copy_of(file, made)
    with _opened(made, keys) as workspace:
        workspace_key = _audit_key(workspace)
        if new_key:
            audit.new_key(workspace, by=BY)
        elif workspace_key not in keys.read():
            raise _key_is_missing(keys)
        check = audit.verify(workspace)
        if not check.intact and not new_key:
            raise UserError(
                f"The log in {file.name} is not whole: {len(check.faults)} faults.",
                not_done=NOTHING_RESTORED,
                remedy="Restore another backup. Keep this one: somebody may have changed it.",
                faults=check.faults,
            )
        audit.record(workspace, RESTORED, by=BY, parameters={"rows": check.rows})
    return made


def _put_in(prepared: Path, engine: Engine, place: str) -> None:
    """Replace all that is there, in one transaction."""
    if engine.dialect.name == "sqlite":
        with (
            told_plainly(place, NOTHING_RESTORED),
            closing(sqlite3.connect(prepared)) as file,
            engine.connect() as connection,
        ):
            file.backup(connection.connection.driver_connection)  # type: ignore[arg-type]
        return
    source_engine, _ = sqlite_engine(prepared)
    try:
        with source_engine.connect() as source:
            rows = rows_of(source)
    finally:
        source_engine.dispose()
    with told_plainly(place, NOTHING_RESTORED), engine.connect() as connection, connection.begin():
        put(rows, connection, place)


def _keep(folder: DataFolder, url: str | None, at: datetime) -> Path:
    """Back up what stands now, under a name that says when."""
    kept = folder.root / f"workspace-before-restore-{at:%Y%m%d-%H%M%S-%f}.sqlite"
    with closing(open_workspace(folder, url=url)) as opened:
        back_up(opened, kept)
    return kept


@contextmanager
def _opened(path: Path, keys: AuditKeys) -> Iterator[Workspace]:
    """Open a workspace file with the keys of another place."""
    engine, place = sqlite_engine(path)
    workspace = Workspace(engine, place, keys, utc_now, PATIENCE_SECONDS)
    try:
        with told_plainly(place, NOTHING_READ), engine.connect() as connection:
            if not holds_workspace(connection):
                raise _no_backup(path)
        workspace.prepare()
        yield workspace
    finally:
        workspace.close()


def _checked(path: Path, keys: AuditKeys) -> audit.AuditCheck:
    with _opened(path, keys) as workspace:
        return audit.verify(workspace)


def _audit_key(workspace: Workspace) -> str:
    with workspace.read() as connection:
        return str(connection.execute(select(state.c.audit_key)).scalar_one())


def _copy_of(file: Path, made: Path) -> None:
    """Copy a backup, so that it stays as it is. UserError: it is not there, or is no SQLite file that can be read."""
    try:
        address = f"{file.expanduser().absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(made)) as target:
            source.backup(target)
    except sqlite3.Error as fault:
        if reason_of(fault) in _OF_THE_NEW_FILE:
            raise _cannot_be_written(made.parent.parent, fault) from None
        raise _no_backup(file) from None


def _engine(folder: DataFolder) -> tuple[Engine, str]:
    return chosen_engine(os.environ.get(ADDRESS), folder.root)


def _keys(engine: Engine, folder: DataFolder) -> AuditKeys:
    beside = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else workspace_file(folder.root)
    return AuditKeys.chosen(beside.with_suffix(".audit-key"))


def _one_file(path: Path) -> None:
    """Fold what lies beside a SQLite file into it, and see it onto the disk, readable by its owner alone.

    sqlite3.Error, OSError.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    path.chmod(0o600)
    with path.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Give a folder on the same disk, closed to others, and take it away again."""
    with _written(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".workspace-copy-", dir=path.parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise _there_already(path) from None
    except (OSError, sqlite3.Error, DBAPIError) as fault:
        if isinstance(fault, sqlite3.Error | DBAPIError) and reason_of(fault) not in _OF_THE_NEW_FILE:
            raise
        raise _cannot_be_written(path, fault) from fault


def _cannot_be_written(path: Path, fault: Exception) -> UserError:
    full = isinstance(fault, sqlite3.Error | DBAPIError) and reason_of(fault) is Reason.FULL
    why = "there is no room left on its disk" if full else getattr(fault, "strerror", None) or "its disk has a fault"
    return UserError(
        f"{path} cannot be written ({why}).",
        not_done="Nothing was written.",
        remedy="Choose another place, or make room.",
    )


def _there_already(path: Path) -> UserError:
    return UserError(
        f"{path} is there already.",
        not_done="It was left as it is, and no backup was made.",
        remedy="Choose another name, or add --replace.",
    )


def _stands_already(place: str) -> UserError:
    return UserError(
        f"There is a workspace already: {place}.",
        not_done="It was left as it is, and nothing was restored.",
        remedy="Add --replace to put the backup in its place; what is there now is backed up first.",
    )


def _no_backup(path: Path) -> UserError:
    return UserError(
        f"{path.name} is not there, is damaged, or is not a backup of a workspace.",
        not_done=NOTHING_RESTORED,
        remedy="Give a file that `prioritisation backup` made.",
    )


def _key_is_missing(keys: AuditKeys) -> UserError:
    return UserError(
        f"The key that the log of this backup was written with is not in {keys.path}.",
        not_done=NOTHING_RESTORED,
        remedy="Put the key file of that workspace there first. Where it is lost, add --new-key: the log then goes on "
        "with another, and what was written before cannot be checked any more.",
    )
