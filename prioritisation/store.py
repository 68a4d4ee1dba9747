"""The store: the only reader of the current release, and read only. Every read returns a fresh table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

import duckdb
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder

SCHEMA_VERSION = 2
MEMORY_LIMIT = "1GB"
THREADS = 2

_LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "memory_limit": MEMORY_LIMIT,
    "threads": str(THREADS),
    "lock_configuration": "true",
}

_AREAS = """
SELECT * FROM area WHERE in_council OR $everywhere ORDER BY area_code
"""
_INDICATORS = """
SELECT i.*, s.publisher, s.title AS source_title, s.licence, s.url, s.attribution
FROM indicator AS i JOIN source AS s USING (source_id)
"""
_OBSERVATIONS = """
SELECT o.area_code, o.indicator_id, o.period, o.value, o.numerator, o.denominator, o.status
FROM observation AS o JOIN area AS a USING (area_code)
WHERE (a.in_council OR $everywhere) AND ($everything OR list_contains($wanted, o.indicator_id))
QUALIFY row_number() OVER (PARTITION BY o.area_code, o.indicator_id ORDER BY o.period DESC) = 1
ORDER BY o.area_code, o.indicator_id
"""
_SUPPRESSED_AT_MOST = """
SELECT newest.area_code, newest.indicator_id, i.multiplier * i.suppressed_at_most / newest.denominator AS at_most
FROM (
    SELECT o.* FROM observation AS o JOIN area AS a USING (area_code)
    WHERE (a.in_council OR $everywhere) AND list_contains($wanted, o.indicator_id)
    QUALIFY row_number() OVER (PARTITION BY o.area_code, o.indicator_id ORDER BY o.period DESC) = 1
) AS newest
JOIN indicator AS i USING (indicator_id)
WHERE newest.status = 'suppressed' AND newest.denominator > 0 AND i.suppressed_at_most IS NOT NULL
"""
_QUALITY = """
SELECT o.indicator_id, o.period,
       count(*) FILTER (o.status = 'reported') AS reported, count(*) FILTER (o.status = 'zero') AS zero,
       count(*) FILTER (o.status = 'suppressed') AS suppressed, count(*) FILTER (o.status = 'missing') AS missing
FROM observation AS o JOIN area AS a USING (area_code)
WHERE a.in_council
GROUP BY o.indicator_id, o.period ORDER BY o.indicator_id, o.period
"""
_SERIES = """
SELECT o.area_code, o.period, o.value, o.numerator, o.denominator, o.status
FROM observation AS o JOIN area AS a USING (area_code)
WHERE a.in_council AND o.indicator_id = $wanted
ORDER BY o.area_code, o.period
"""
_PERIODS = """
SELECT o.indicator_id, list(DISTINCT o.period ORDER BY o.period) AS periods
FROM observation AS o JOIN area AS a USING (area_code)
WHERE a.in_council GROUP BY o.indicator_id ORDER BY o.indicator_id
"""
_NATION = "SELECT count(*) FILTER (NOT in_council) FROM area"
_POPULATION = "SELECT area_code, age, people FROM population ORDER BY area_code, age"
_CUBE = "SELECT node, geography, area_code, cell, people, contacts, status FROM cube ORDER BY node, area_code, cell"
_COHORTS = "SELECT * FROM cohort ORDER BY cohort_id"
_ASSETS = "SELECT asset_id, name, about, area_code, source_id FROM asset ORDER BY area_code, name, asset_id"
_HAS_ASSETS = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'asset'"
_ASSET_COLUMNS = ("asset_id", "name", "about", "area_code", "source_id")
_POSTCODE = "SELECT area_code FROM postcode WHERE postcode = $postcode"


@dataclass(frozen=True)
class Release:
    """What the open release is.

    council: the code imported for, or "all"; boundaries: file under geo/ or empty; restricted: name of the file with
    this release's people, which the app never opens, or empty.
    """

    id: str
    schema_version: int
    built_at: str
    council: str
    council_name: str
    demonstration: bool
    software_version: str
    boundaries: str
    fingerprint: str
    restricted: str = ""


class Store:
    """One release, open read only. Safe to share between threads: each read has its own cursor."""

    def __init__(self, folder: DataFolder, release_id: str) -> None:
        self.folder = folder
        path = folder.release_file(release_id)
        self._connection = _connect(path)
        try:
            self.release = _release(self._connection, path)
        except UserError:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _read(self, statement: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        with self._connection.cursor() as cursor:
            return cursor.execute(statement, dict(parameters or {})).df()

    def areas(self, everywhere: bool = False) -> pd.DataFrame:
        """Return areas by area_code, with the columns of `area` in schema.sql; everywhere: the reference set too."""
        return self._read(_AREAS, {"everywhere": everywhere}).set_index("area_code")

    def indicators(self) -> pd.DataFrame:
        """Return the indicators of this release by indicator_id, with their source's columns."""
        return self._read(_INDICATORS).set_index("indicator_id")

    def sources(self) -> pd.DataFrame:
        """Return the sources of this release by source_id."""
        return self._read("SELECT * FROM source ORDER BY source_id").set_index("source_id")

    def loaded_files(self) -> pd.DataFrame:
        """Return a row for each file that was offered to the import."""
        return self._read("SELECT * FROM loaded_file ORDER BY used DESC, kind, file_name")

    def quality(self) -> pd.DataFrame:
        """Return counts of reported, zero, suppressed and missing values per indicator and period in the council."""
        return self._read(_QUALITY)

    def observations(self, indicator_ids: Sequence[str] | None = None, everywhere: bool = False) -> pd.DataFrame:
        """Return the newest observation of each area and indicator, long: one row each, NaN where no value."""
        wanted = list(indicator_ids or [])
        parameters = {"everywhere": everywhere, "everything": indicator_ids is None, "wanted": wanted}
        return self._read(_OBSERVATIONS, parameters)

    def periods(self) -> dict[str, tuple[str, ...]]:
        """Return the periods loaded for each indicator of the council's areas, the newest last."""
        found = self._read(_PERIODS)
        return {str(key): tuple(each) for key, each in zip(found["indicator_id"], found["periods"], strict=True)}

    def series(self, indicator_id: str) -> pd.DataFrame:
        """Return one indicator's observations of every period, long: a row for each area of the council and period."""
        return self._read(_SERIES, {"wanted": indicator_id})

    def values(self, indicator_ids: Sequence[str], everywhere: bool = False) -> pd.DataFrame:
        """Return area_code x indicator values, NaN where suppressed or missing. UserError: an indicator not loaded."""
        loaded = self.indicators().index
        absent = [name for name in indicator_ids if name not in loaded]
        if absent:
            raise UserError(
                f"This release ({self.release.id}) has no values for: {', '.join(absent)}.",
                not_done="Nothing was ranked.",
                remedy="Import the files that hold them, or choose a framework that does not use them.",
            )
        long = self.observations(indicator_ids, everywhere)
        wide = long.pivot_table(index="area_code", columns="indicator_id", values="value", dropna=False, sort=True)
        index = self.areas(everywhere).index
        return wide.reindex(index=index, columns=list(indicator_ids)).astype(float)

    def suppressed_at_most(self, indicator_ids: Sequence[str], everywhere: bool = False) -> pd.DataFrame:
        """Return area_code x indicator: the most that a suppressed count of people may mean; NaN where not one."""
        parameters = {"everywhere": everywhere, "wanted": list(indicator_ids)}
        wide = self._read(_SUPPRESSED_AT_MOST, parameters).pivot(
            index="area_code", columns="indicator_id", values="at_most"
        )
        return wide.reindex(index=self.areas(everywhere).index, columns=list(indicator_ids)).astype(float)

    def population(self) -> pd.DataFrame:
        """Return area_code, age (the highest is open), people of the council's areas; empty when not known by age."""
        return self._read(_POPULATION)

    def cube(self) -> pd.DataFrame:
        """Return every protected cell: node, geography, area_code, cell, people, contacts (Int64), status."""
        return self._read(_CUBE).astype({"people": "Int64", "contacts": "Int64"})

    def assets(self) -> pd.DataFrame:
        """Return organisations by area: the columns of `asset`; empty for a release made before there were any."""
        if not self._read(_HAS_ASSETS).iloc[0, 0]:
            return pd.DataFrame(columns=list(_ASSET_COLUMNS), dtype="str")
        return self._read(_ASSETS)

    def cohorts(self) -> pd.DataFrame:
        """Return the saved cohorts that were counted, by cohort_id: name, rule (JSON), sentence."""
        return self._read(_COHORTS).set_index("cohort_id")

    def cube_facts(self) -> dict[str, str]:
        """Return what the cube is, by name (`cube_fact` in schema.sql); empty when no contacts were imported."""
        facts = self._read("SELECT name, value FROM cube_fact")
        return dict(zip(facts["name"], facts["value"], strict=True))

    def postcodes(self) -> pd.DataFrame:
        """Return the postcode lookup: postcode (capitals, no spaces), area_code."""
        return self._read("SELECT postcode, area_code FROM postcode ORDER BY postcode")

    def area_of_postcode(self, postcode: str) -> str | None:
        """Return the area code of a postcode, however it is spaced or cased; None when it is not known."""
        found = self._read(_POSTCODE, {"postcode": "".join(postcode.split()).upper()})
        return None if found.empty else str(found.iloc[0, 0])

    @cached_property
    def has_postcodes(self) -> bool:
        """Whether a postcode lookup was loaded."""
        return bool(self._read("SELECT count(*) FROM postcode").iloc[0, 0])

    @cached_property
    def has_reference(self) -> bool:
        """Whether areas outside the council are loaded, to compare with."""
        return bool(self._read(_NATION).iloc[0, 0])

    @property
    def boundaries(self) -> Path | None:
        """The GeoParquet file with the areas' boundaries, or None when none was imported."""
        return self.folder.geo / self.release.boundaries if self.release.boundaries else None


def open_store(folder: DataFolder) -> Store:
    """Open the release that the pointer names. UserError: there is none, or it cannot be read by this version."""
    current = folder.published().current
    if current is None:
        raise UserError(
            f"There is no data in {folder.root} yet.",
            not_done="Nothing was opened.",
            remedy="Run `prioritisation demonstration`, or `prioritisation import open-data FILES... --council CODE`.",
        )
    return Store(folder, current)


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=_LOCKED_DOWN)
    except duckdb.Error as fault:
        raise UserError(
            f"The release {path.name} cannot be opened ({type(fault).__name__}): it is absent, damaged, or in use.",
            not_done="No release was opened, and nothing was changed.",
            remedy="Run `prioritisation rollback` for the release before it, or import the data again.",
        ) from fault


def _release(connection: duckdb.DuckDBPyConnection, path: Path) -> Release:
    try:
        facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
        version = int(facts["schema_version"])
    except (duckdb.Error, KeyError, ValueError) as fault:
        raise UserError(
            f"The release {path.name} is not one of this product's.",
            not_done="No release was opened, and nothing was changed.",
            remedy="Run `prioritisation rollback` for the release before it, or import the data again.",
        ) from fault
    if version != SCHEMA_VERSION:
        newer = version > SCHEMA_VERSION
        raise UserError(
            f"The release {path.name} was written by {'a newer' if newer else 'an older'} version of this product "
            f"(its layout is {version}, this version reads {SCHEMA_VERSION}).",
            not_done="No release was opened, and nothing was changed.",
            remedy="Update this product." if newer else "Import the data again.",
        )
    return Release(
        id=facts["release_id"],
        schema_version=version,
        built_at=facts["built_at"],
        council=facts["council"],
        council_name=facts["council_name"],
        demonstration=facts["demonstration"] == "true",
        software_version=facts["software_version"],
        boundaries=facts["boundaries"],
        fingerprint=facts["fingerprint"],
        restricted=facts.get("restricted", ""),
    )
