"""Every row of a workspace carried into another one, of either kind of database, inside the callers' transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, TableClause, Text, column, delete, inspect, select, table

from prioritisation.workspace.schema import bring_up_to_date
from prioritisation.workspace.tables import UtcTime, metadata
from prioritisation.workspace.tables import workspace as state

Rows = list[dict[str, Any]]


def holds_workspace(connection: Connection) -> bool:
    """Return whether a database has a workspace in it; asking makes none."""
    return state.name in inspect(connection).get_table_names()


def rows_of(connection: Connection) -> dict[str, Rows]:
    """Return all rows by table, in an order in which they can be put back; the very characters that are stored."""
    return {each.name: _parents_first(each, _stored(connection, each)) for each in metadata.sorted_tables}


def put(rows: Mapping[str, Rows], connection: Connection, place: str) -> None:
    """Make these the rows of a workspace, in place of all that it has; the tables are made where there are none."""
    bring_up_to_date(connection, place)
    _guards(connection, on=False)
    for each in reversed(metadata.sorted_tables):
        connection.execute(delete(each))
    for each in metadata.sorted_tables:
        if rows[each.name]:
            connection.execute(_plain(each).insert(), rows[each.name])
    _guards(connection, on=True)


def _stored(connection: Connection, each: Table) -> Rows:
    return [dict(row) for row in connection.execute(select(_plain(each))).mappings()]


def _plain(each: Table) -> TableClause:
    """Return a table whose times are the texts that they are stored as."""
    kinds = {one.name: Text() if isinstance(one.type, UtcTime) else one.type for one in each.columns}
    return table(each.name, *(column(name, kind) for name, kind in kinds.items()))


def _parents_first(each: Table, rows: Sequence[dict[str, Any]]) -> Rows:
    """Return rows so that those which others of the same table name come before them."""
    named = [key.parent.name for key in each.foreign_keys if key.column.table is each]
    if not named:
        return list(rows)
    waiting, placed = list(rows), set[Any]()
    ordered: Rows = []
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or row[name] in placed for name in named)]
        if not ready:  # a loop, which no database of ours lets in: put as they are, it says what is wrong
            return [*ordered, *waiting]
        ordered += ready
        placed |= {row["id"] for row in ready}
        waiting = [row for row in waiting if row["id"] not in placed]
    return ordered


def _guards(connection: Connection, *, on: bool) -> None:
    """Let the tables that are only added to be replaced as a whole, on PostgreSQL. (A SQLite file is put in whole.)

    The table that every writer locks first is locked first here too, so that none waits for another in a ring.
    """
    if connection.dialect.name == "postgresql":
        for each in (state, *metadata.sorted_tables):
            connection.exec_driver_sql(f"ALTER TABLE {each.name} {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
