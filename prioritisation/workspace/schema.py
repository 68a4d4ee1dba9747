"""The workspace's shape: numbered steps, only ever forward, each run once by whoever opens it first."""

from __future__ import annotations

import re
from importlib import resources

from sqlalchemy import Connection, func, inspect, select, update

from prioritisation.errors import UserError
from prioritisation.workspace.faults import NOTHING_READ, Reason, refusal
from prioritisation.workspace.tables import metadata
from prioritisation.workspace.tables import workspace as state

# A step may have a second file for what the databases say differently: workspace_003.sqlite.sql, .postgresql.sql.
STEPS = tuple(f"workspace_{number:03}.sql" for number in (1, 3, 4, 5, 6, 7))
SCHEMA_VERSION = len(STEPS)
_FIRST_SHAPE = {"only_row", "schema_version", "change_number"}
_ONE_AT_A_TIME = 7_305_214  # any number that nothing else in the database locks on


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Run the steps that this workspace has not had, inside the caller's transaction.

    UserError: damaged, not a workspace, or written by a newer version.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        _check_sqlite(connection, place)
    else:
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    version = _version(connection, place, on_sqlite)
    if version > SCHEMA_VERSION:
        raise newer_workspace(place)
    for step in STEPS[version:]:
        _run(connection, step)
    if version < SCHEMA_VERSION:
        connection.execute(update(state).values(schema_version=SCHEMA_VERSION))


def newer_workspace(place: str) -> UserError:
    """Return the refusal to touch what a newer version has written."""
    return UserError(
        f"The workspace {place} was written by a newer version of this application.",
        not_done=NOTHING_READ,
        remedy="Install the newer version here too. A workspace cannot be taken back to an older one.",
    )


def _check_sqlite(connection: Connection, place: str) -> None:
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise refusal(Reason.DAMAGED, place, NOTHING_READ)


def _version(connection: Connection, place: str, on_sqlite: bool) -> int:
    """Return the steps already run, 0 for an empty place. In a PostgreSQL database others may have tables too."""
    present = set(inspect(connection).get_table_names())
    if (
        state.name in present
        and {column["name"] for column in inspect(connection).get_columns(state.name)} >= _FIRST_SHAPE
    ):
        version = connection.execute(select(state.c.schema_version)).scalar()
        if version:
            return version
    elif not (present if on_sqlite else present & set(metadata.tables)):
        return 0
    raise UserError(
        f"The place named for the workspace, {place}, holds other tables and no workspace.",
        not_done=NOTHING_READ,
        remedy="Name another file or database; the workspace needs one of its own.",
    )


def _run(connection: Connection, step: str) -> None:
    folder = resources.files("prioritisation").joinpath("sql")
    for name in (step, step.replace(".sql", f".{connection.dialect.name}.sql")):
        if folder.joinpath(name).is_file():
            for statement in _statements(folder.joinpath(name).read_text(encoding="utf-8")):
                connection.exec_driver_sql(statement)


def _statements(text: str) -> list[str]:
    """Cut a step into statements: each ends with a semicolon before an empty line, as triggers hold others inside."""
    lines = [line.split("--")[0].rstrip() for line in text.splitlines()]
    found = [statement.strip() for statement in re.split(r";\n(?:\n|\Z)", "\n".join(lines) + "\n")]
    return [statement for statement in found if statement]
