"""A checked release to one DuckDB file and one GeoParquet file, both new."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

import prioritisation
from prioritisation.catalogue import Indicator, Source
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.observations import Observations
from prioritisation.ingest.release import CheckedRelease, LoadedFile
from prioritisation.store import SCHEMA_VERSION

_SCHEMA = Path(prioritisation.__file__).parent / "sql" / "schema.sql"
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "enable_external_access": "false",
}
_INSERTS = {
    "fact": "INSERT INTO fact SELECT name, value FROM rows",
    "source": "INSERT INTO source BY NAME SELECT * FROM rows",
    "indicator": "INSERT INTO indicator BY NAME SELECT * FROM rows",
    "area": "INSERT INTO area BY NAME SELECT * FROM rows",
    "observation": "INSERT INTO observation BY NAME SELECT * FROM rows",
    "postcode": "INSERT INTO postcode BY NAME SELECT * FROM rows",
    "loaded_file": "INSERT INTO loaded_file BY NAME SELECT * FROM rows",
    "population": "INSERT INTO population BY NAME SELECT * FROM rows",
    "cube": "INSERT INTO cube BY NAME SELECT * FROM rows",
    "cohort": "INSERT INTO cohort BY NAME SELECT * FROM rows",
    "cube_fact": "INSERT INTO cube_fact BY NAME SELECT * FROM rows",
    "asset": "INSERT INTO asset BY NAME SELECT * FROM rows",
}
_TABLES = "SELECT table_name FROM duckdb_tables()"
_FILE_COLUMNS = {"name": "file_name", "rows": "row_count"}


def write_boundaries(release: CheckedRelease, folder: Path) -> Path | None:
    """Write the council's polygons (area_code, locality, geometry; EPSG:27700); the name says the content.

    Return None when there are no boundaries.
    """
    if release.boundaries.empty:
        return None
    locality = release.areas["locality"].reindex(release.boundaries.index)
    frame = gpd.GeoDataFrame(
        {"area_code": release.boundaries.index.to_numpy(), "locality": locality.to_numpy()},
        geometry=release.boundaries.to_numpy(),
        crs=release.boundaries.crs,
    )
    aside = folder / "areas.parquet"
    frame.to_parquet(aside, index=False)
    named = folder / f"areas-{hashlib.sha256(aside.read_bytes()).hexdigest()[:12]}.parquet"
    aside.rename(named)
    force_to_disk(named)
    return named


def write_release(release: CheckedRelease, path: Path, facts: Mapping[str, str]) -> dict[str, int]:
    """Write the DuckDB file, and return the number of rows of each table for the check."""
    sources = [release.catalogue.sources[source] for source in release.source_ids]
    tables = {
        "fact": pairs(facts),
        "source": source_rows(sources),
        "indicator": indicator_rows(release.indicators, release.suppressed_at_most),
        "area": _areas(release),
        "observation": observation_rows(release.observations),
        "postcode": pa.table({name: _texts(column) for name, column in release.postcodes.items()}),
        "loaded_file": _files(release),
        "population": pa.Table.from_pandas(release.residents, preserve_index=False),
        "asset": pa.table({name: _texts(column) for name, column in release.assets.items()}),
        **(people_rows(release.people) if release.people else {}),
    }
    return write_tables(tables, path)


def write_tables(tables: Mapping[str, pa.Table], path: Path) -> dict[str, int]:
    """Write a new DuckDB file with these of the tables of schema.sql; return how many rows each has."""
    with duckdb.connect(str(path), config=_CONFIG) as connection:
        connection.execute(_SCHEMA.read_text(encoding="utf-8"))
        connection.execute("BEGIN")
        for name, statement in _INSERTS.items():
            if name in tables:
                connection.register("rows", tables[name])
                connection.execute(statement)
                connection.unregister("rows")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    force_to_disk(path)
    return {name: rows.num_rows for name, rows in tables.items()}


def read_tables(path: Path) -> dict[str, pa.Table]:
    """Return every table of a release's file; an older one may lack some."""
    with duckdb.connect(str(path), read_only=True, config=_CONFIG) as connection:
        present = {name for (name,) in connection.execute(_TABLES).fetchall()}
        return {name: connection.table(name).to_arrow_table() for name in _INSERTS if name in present}


def pairs(facts: Mapping[str, str]) -> pa.Table:
    """Return facts as rows of name and value."""
    return pa.table({"name": list(facts), "value": list(facts.values())})


def people_rows(counts: ProtectedCounts) -> dict[str, pa.Table]:
    """Return the tables of protected counts."""
    cube = counts.cube.astype(dict.fromkeys(("node", "geography", "area_code", "cell", "status"), "str"))
    return {
        "cube": pa.Table.from_pandas(cube, preserve_index=False),
        "cohort": pa.table({name: _texts(counts.cohorts[name]) for name in ("cohort_id", "name", "rule", "sentence")}),
        "cube_fact": pairs(counts.facts),
    }


def facts_of(release: CheckedRelease, release_id: str, boundaries: str, previous: str) -> dict[str, str]:
    """Return the rows of `fact`."""
    return {
        "schema_version": str(SCHEMA_VERSION),
        "release_id": release_id,
        "previous": previous,
        "built_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "council": release.council.code or release.council.name,
        "council_name": release.council.name,
        "demonstration": "true" if release.demonstration else "false",
        "software_version": prioritisation.__version__,
        "boundaries": boundaries,
        "fingerprint": release.fingerprint,
        "restricted": release.restricted,
    }


def force_to_disk(path: Path) -> None:
    """Make sure that a file's content, or a folder's names, survive a loss of power."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _texts(column: pd.Series) -> pa.Array:
    return pa.array([None if pd.isna(cell) else str(cell) for cell in column], pa.string())


def source_rows(sources: Sequence[Source]) -> pa.Table:
    """Return sources as rows of the store."""
    columns = ["publisher", "title", "url", "licence", "attribution"]
    return pa.table(
        {
            "source_id": pa.array([each.id for each in sources], pa.string()),
            **{name: pa.array([getattr(each, name) for each in sources], pa.string()) for name in columns},
        }
    )


def indicator_rows(indicators: Sequence[Indicator], suppressed_at_most: Mapping[str, int]) -> pa.Table:
    """Return indicators as rows of the store."""
    rows = [asdict(each) for each in indicators]
    left_out = {"id", "source", "column", "numerator_column", "denominator_column"}
    kept = [name for name in (rows[0] if rows else {}) if name not in left_out]
    columns = {"indicator_id": [row["id"] for row in rows], "source_id": [row["source"] for row in rows]}
    most = pa.array([suppressed_at_most.get(row["id"]) for row in rows], pa.float64())
    return pa.table({**columns, **{name: [row[name] for row in rows] for name in kept}, "suppressed_at_most": most})


def _areas(release: CheckedRelease) -> pa.Table:
    return pa.Table.from_pandas(release.areas.reset_index(names="area_code"), preserve_index=False)


def observation_rows(stacked: Sequence[Observations]) -> pa.Table:
    """Return observations as rows of the store; repeated texts are stored once."""
    lengths = [len(each.codes) for each in stacked]

    def repeated(texts: list[str]) -> pa.DictionaryArray:
        distinct = list(dict.fromkeys(texts))
        places = np.repeat([distinct.index(text) for text in texts], lengths).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(distinct, pa.string()))

    def numbers(name: str) -> pa.Array:
        return pa.array(np.concatenate([getattr(each, name) for each in stacked]), pa.float64(), from_pandas=True)

    codes = np.concatenate([each.codes.to_numpy(dtype=object) for each in stacked])
    return pa.table(
        {
            "area_code": pa.array(codes, pa.string()),
            "indicator_id": repeated([each.indicator_id for each in stacked]),
            "period": repeated([each.period for each in stacked]),
            "value": numbers("value"),
            "numerator": numbers("numerator"),
            "denominator": numbers("denominator"),
            "status": pa.array(np.concatenate([each.status for each in stacked]), pa.string()),
        }
    )


def _files(release: CheckedRelease) -> pa.Table:
    names = [each.name for each in fields(LoadedFile)]
    rows = [asdict(each) for each in release.files]
    return pa.Table.from_pylist(
        [{_FILE_COLUMNS.get(name, name): row[name] for name in names} for row in rows],
        schema=pa.schema(
            [
                ("file_name", pa.string()),
                ("kind", pa.string()),
                ("used", pa.bool_()),
                ("note", pa.string()),
                ("sha256", pa.string()),
                ("bytes", pa.int64()),
                ("row_count", pa.int64()),
                ("modified_at", pa.string()),
                ("source_id", pa.string()),
            ]
        ),
    )
