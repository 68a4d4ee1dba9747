"""A release before it is written: checked tables, ready for the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import geopandas as gpd
import pandas as pd

import prioritisation
from prioritisation.catalogue import Catalogue, Indicator
from prioritisation.ingest.areas import Council
from prioritisation.ingest.assets import no_assets
from prioritisation.ingest.codes import among
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.observations import Observations
from prioritisation.ingest.population import no_residents

DEMONSTRATION = "demonstration"
STATUSES = ("reported", "zero", "suppressed", "missing")


@dataclass(frozen=True)
class LoadedFile:
    """One file offered: what it is, whether it was used, and if not why. rows: of its table, None where it has none."""

    name: str
    kind: str
    used: bool
    note: str
    sha256: str
    bytes: int
    rows: int | None
    modified_at: str
    source_id: str | None


@dataclass(frozen=True)
class CheckedRelease:
    """Everything one release will hold.

    areas: as `area` in schema.sql, by area_code; boundaries: polygons in EPSG:27700 by area_code, of the
    council's areas only; observations: of each indicator the newest period first; postcodes: postcode, area_code;
    residents: area_code, age, people of the council's areas.
    people: protected counts, carried over or tracked; suppressed_at_most: of the indicators made from them, how many
    people a suppressed value may stand for; restricted: name of the file with the people themselves, or empty.
    assets: as `asset` in schema.sql.
    """

    council: Council
    areas: pd.DataFrame
    indicators: tuple[Indicator, ...]
    observations: tuple[Observations, ...]
    boundaries: gpd.GeoSeries
    postcodes: pd.DataFrame
    files: tuple[LoadedFile, ...]
    catalogue: Catalogue
    residents: pd.DataFrame = field(default_factory=no_residents)
    people: ProtectedCounts | None = None
    suppressed_at_most: Mapping[str, int] = field(default_factory=dict)
    restricted: str = ""
    assets: pd.DataFrame = field(default_factory=no_assets)

    @property
    def demonstration(self) -> bool:
        return bool(self.areas.index.str.startswith("DEMO").all())

    @property
    def source_ids(self) -> list[str]:
        named = {each.source for each in self.indicators} | {each.source_id for each in self.files if each.source_id}
        named |= set(self.assets["source_id"])
        return [source for source in self.catalogue.sources if source in named]

    @property
    def fingerprint(self) -> str:
        """Hash everything that decides the content: files, council, meanings and the version of the code."""
        inputs = {
            "files": sorted(each.sha256 for each in self.files if each.used),
            "council": [self.council.code, self.council.name],
            "indicators": [asdict(each) for each in self.indicators],
            "software": prioritisation.__version__,
            **({"people": self.people.fingerprint} if self.people else {}),
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def counts(self, only: pd.Index) -> dict[str, dict[str, int]]:
        """Return indicator id -> count of reported, zero, suppressed and missing newest values among some areas."""
        made: dict[str, dict[str, int]] = {}
        for each in self.observations:
            status = each.status[among(each.codes, only)]
            made.setdefault(each.indicator_id, {name: int((status == name).sum()) for name in STATUSES})
        return made


def with_one_source(indicators: Sequence[Indicator], source_id: str) -> tuple[Indicator, ...]:
    """Return the indicators as taken from one source, such as the demonstration."""
    return tuple(Indicator(**{**asdict(each), "source": source_id}) for each in indicators)
