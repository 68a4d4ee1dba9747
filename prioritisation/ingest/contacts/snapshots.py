"""The hold rule's memory: who was counted where when a cell was last refreshed, and how many have changed since.

A cell's people at its last refresh are the answer of the same steps on the snapshot of that release. Only somebody
whose signature is not what it was can have joined or left a cell, so only those people are counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from prioritisation.disclosure.lattice import Lattice
from prioritisation.ingest.contacts.counting import count_moves, node_counts
from prioritisation.ingest.contacts.steps import Steps

_TABLES = Path(__file__).parent / "sql" / "snapshots.sql"
_CELL = ["node", "area_code", "cell"]
KEYS_HAVE_CHANGED = 1  # people cannot be compared, so as many as keep a cell as it is


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of snapshots.sql in a restricted store that has none."""
    connection.execute(_TABLES.read_text(encoding="utf-8"))


def read_held(steps: Steps) -> pd.DataFrame:
    """Return node, area_code, cell, release_id (of the last refresh), held_people, held_contacts,
    held_status, held_side."""
    return steps.read("read_held")


def read_sides(connection: duckdb.DuckDBPyConnection, release_id: str) -> pd.DataFrame:
    """Return node, area_code, cell, side, and held and overtaken (bool), of every cell that a release published."""
    told = connection.execute("SELECT * FROM held").df()
    if "held" not in told:  # written by an earlier version
        told = told.assign(held=told["release_id"] != release_id, overtaken=False)
    return told[[*_CELL, "side", "held", "overtaken"]]


def changed_since(
    steps: Steps, lattice: Lattice, values: Mapping[str, Sequence[str]], held: pd.DataFrame
) -> pd.DataFrame:
    """Return held with `changed` (people who joined or left since the cell's last refresh) and `rotated`.

    After a key of a partner has changed people cannot be compared: then every cell is held, once.
    """
    made = [
        _changed_at(steps, lattice, values, str(release_id), cells)
        for release_id, cells in held.groupby("release_id", sort=True)
    ]
    return pd.concat(made, ignore_index=True) if made else held.assign(changed=np.nan, rotated=False)


def _changed_at(
    steps: Steps, lattice: Lattice, values: Mapping[str, Sequence[str]], release_id: str, cells: pd.DataFrame
) -> pd.DataFrame:
    if _keys_differ(steps, release_id):
        return cells.assign(changed=KEYS_HAVE_CHANGED, rotated=True)
    steps.run("forget_changed")
    steps.run("changed", release_id=release_id)
    steps.run("before")
    steps.run("after")
    count_moves(steps, lattice, values)
    wanted = set(cells["node"])
    moves = [
        node_counts(steps, node, "changed_node").assign(node=node.id) for node in lattice.nodes if node.id in wanted
    ]
    steps.run("forget_changed")
    joined = cells.merge(pd.concat(moves), on=_CELL, how="left") if moves else cells.assign(changed=0)
    return joined.assign(changed=joined["changed"].fillna(0).astype(int), rotated=False)


def _keys_differ(steps: Steps, release_id: str) -> bool:
    """Whether a partner that was there then has other keys now."""
    then, now = steps.read("keys_at", release_id=release_id), steps.read("keys_in_use")
    now = now[now["partner"].isin(then["partner"])]
    then = then[then["partner"].isin(now["partner"])]
    pairs = [set(zip(each["partner"], each["key_id"], strict=True)) for each in (then, now)]
    return pairs[0] != pairs[1]


def record(connection: duckdb.DuckDBPyConnection, refreshed: pd.DataFrame, release_id: str) -> None:
    """Keep what this release publishes and who is counted in it, after `build_cube` on the same connection.

    refreshed: node, area_code, cell, release_id (of the last refresh; empty: this release), people, contacts, status,
    side, held, overtaken.
    Snapshots that no cell refers to any more are removed.
    """
    steps = Steps(connection)
    rows = refreshed.assign(release_id=refreshed["release_id"].fillna(release_id))
    columns = [*_CELL, "release_id", "people", "contacts", "status", "side", "held", "overtaken"]
    connection.execute("BEGIN")
    connection.execute("DELETE FROM held")
    steps.fill("held", rows[columns])
    steps.run("write_snapshot", release_id=release_id)
    steps.run("write_cohorts")
    keys = steps.read("keys_in_use").assign(release_id=release_id)
    steps.fill("snapshot_key", keys[["release_id", "partner", "key_id"]])
    steps.run("drop_snapshots")
    connection.execute("COMMIT")
