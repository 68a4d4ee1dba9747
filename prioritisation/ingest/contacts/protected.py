"""What may leave the restricted store, and the tracked files of the demonstration's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from prioritisation.store import Store

CUBE_FILE, COHORTS_FILE, FACTS_FILE = "cube.parquet", "cohorts.parquet", "cube_facts.json"
_REFRESHED = ["node", "area_code", "cell", "release_id", "people", "contacts", "status", "side", "held", "overtaken"]


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=_REFRESHED)


@dataclass(frozen=True, eq=False)
class ProtectedCounts:
    """What may leave the restricted store, as the tables of schema.sql.

    cube: node, geography, area_code, cell, people, contacts, status; cohorts: cohort_id, name, rule, sentence;
    facts: rows of cube_fact; refreshed: for `snapshots.record` only, node, area_code, cell, release_id of the last
    refresh (empty: now), people, contacts, status, side, held (an earlier output is kept), overtaken.
    """

    cube: pd.DataFrame
    cohorts: pd.DataFrame
    facts: dict[str, str]
    refreshed: pd.DataFrame = field(default_factory=_nothing)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all cells, cohorts and facts, in whatever order."""
        plain = self.cube.astype(dict.fromkeys(self.cube.columns, object))
        rows = pd.util.hash_pandas_object(plain, index=False).sort_values().to_numpy()
        said = json.dumps([sorted(self.facts.items()), self.cohorts.to_csv(index=False)])
        return hashlib.sha256(rows.tobytes() + said.encode()).hexdigest()


def counts_of(store: Store) -> ProtectedCounts | None:
    """Return the protected counts of the open release; None when it has none."""
    facts = store.cube_facts()
    return ProtectedCounts(store.cube(), store.cohorts().reset_index(), facts) if facts else None


def write_tracked(counts: ProtectedCounts, folder: Path) -> None:
    """Write cube.parquet, cohorts.parquet and cube_facts.json, which the repository keeps of the demonstration."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = dict.fromkeys(("node", "geography", "area_code", "cell", "status"), "category")
    cube = counts.cube.sort_values(["node", "area_code", "cell"], ignore_index=True)
    cube = cube.astype({**texts, "people": "Int32", "contacts": "Int64"})
    cube.to_parquet(folder / CUBE_FILE, index=False, compression="zstd")
    counts.cohorts.to_parquet(folder / COHORTS_FILE, index=False, compression="zstd")
    (folder / FACTS_FILE).write_text(json.dumps(counts.facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_tracked(folder: Path) -> ProtectedCounts | None:
    """Return what `write_tracked` wrote; None when it is not there."""
    if not (folder / CUBE_FILE).is_file():
        return None
    cube = pd.read_parquet(folder / CUBE_FILE).astype({"people": "Int64", "contacts": "Int64"})
    facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    return ProtectedCounts(cube, pd.read_parquet(folder / COHORTS_FILE), facts)
