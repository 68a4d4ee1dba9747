"""Protected counts into a release: with new open data, or beside the open data of the release in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from prioritisation.catalogue import PARTNER_CONTACTS, Catalogue, Indicator
from prioritisation.contract import load_contract
from prioritisation.disclosure.policy import load_policy
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import build
from prioritisation.ingest.adding import joined, publish_changed
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.indicators import ContactValues, contact_values
from prioritisation.ingest.contacts.protected import ProtectedCounts, counts_of
from prioritisation.ingest.publish import PublishedRelease
from prioritisation.ingest.release import DEMONSTRATION, CheckedRelease, with_one_source
from prioritisation.store import open_store

RESTRICTED_NAME = "people-{release_id}.duckdb"
_PLACE = ["intermediate_zone_code", "ward", "locality"]


def with_people(
    release: CheckedRelease, counts: ProtectedCounts, catalogue_folder: Path, restricted: str = ""
) -> CheckedRelease:
    """Return a release with protected counts, and the area indicators made from them and from its own residents."""
    contract, policy = load_contract(catalogue_folder), load_policy(catalogue_folder)
    areas = areas_of(release.areas.loc[release.council.members], release.residents, contract)
    made = contact_values(counts, areas, release.catalogue.contact_indicators, contract, policy)
    indicators = with_one_source(made.indicators, DEMONSTRATION) if release.demonstration else made.indicators
    return replace(
        release,
        indicators=(*release.indicators, *indicators),
        observations=(*release.observations, *made.observations),
        people=counts,
        suppressed_at_most=made.suppressed_at_most,
        restricted=restricted,
    )


def carried_over(release: CheckedRelease, folder: DataFolder) -> tuple[CheckedRelease, tuple[str, ...]]:
    """Return new open data with the counts of people of the release in use, and a sentence on whether they stayed.

    They stay when the new release is for the same areas, in the same larger areas; else they would be somebody else's.
    """
    try:
        with open_store(folder) as store:
            counts, before, areas = counts_of(store), store.release, store.areas()
    except UserError:  # no release, or one that this version cannot read: there is nothing to carry over
        return release, ()
    if counts is None:
        return release, ()
    code = release.council.code or release.council.name
    new = release.areas.loc[release.council.members]
    if code != before.council or not _same_places(areas, new):
        return release, (
            "The counts of people were left out: this release is not for the same areas. "
            "Import the partners' extracts again.",
        )
    said = f"The counts of people of release {before.id} were carried over."
    return with_people(release, counts, folder.catalogue, before.restricted), (said,)


def fits(counts: ProtectedCounts, release: CheckedRelease) -> bool:
    """Whether protected counts are of the areas of a release."""
    zones = counts.cube.loc[counts.cube["geography"] == "data zone", "area_code"].astype(str).unique()
    return set(zones) == set(release.council.members)


def publish_counts(
    counts: ProtectedCounts,
    folder: DataFolder,
    catalogue: Catalogue,
    progress: Callable[[str], None] = lambda step: None,
    before_pointer: Callable[[str], None] | None = None,
) -> PublishedRelease:
    """Publish protected counts with the open data of the release in use, as a new release.

    before_pointer(release_id): puts the people's own file in its place, right before the pointer moves; without it
    the release says that no file of people belongs to it. To be called inside `one_import`. UserError: there is no
    release, or the new one did not pass its check; then nothing has changed.
    """
    with open_store(folder) as store:
        contract, policy = load_contract(folder.catalogue), load_policy(folder.catalogue)
        areas = areas_of(store.areas(), store.population(), contract)
        in_use = store.release
    made = contact_values(counts, areas, catalogue.contact_indicators, contract, policy)
    source = DEMONSTRATION if in_use.demonstration else PARTNER_CONTACTS
    return publish_changed(
        lambda tables: _with_counts(tables, counts, made, catalogue, source),
        counts.fingerprint,
        folder,
        progress,
        facts=lambda release_id: {
            "restricted": RESTRICTED_NAME.format(release_id=release_id) if before_pointer else ""
        },
        before_pointer=before_pointer,
    )


def _same_places(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    one, other = (
        areas[_PLACE].astype(object).where(areas[_PLACE].notna(), "").sort_index() for areas in (before, after)
    )
    return one.index.equals(other.index) and bool((one == other).to_numpy().all())


def _with_counts(
    tables: Mapping[str, pa.Table], counts: ProtectedCounts, made: ContactValues, catalogue: Catalogue, source: str
) -> dict[str, pa.Table]:
    """Return a release's tables with other counts of people and the indicators made from them."""
    ours = pa.array([*catalogue.contact_indicators], pa.string())
    kept = {
        name: rows.filter(pc.invert(pc.is_in(rows["indicator_id"], ours)))
        if "indicator_id" in rows.column_names
        else rows
        for name, rows in tables.items()
    }
    joined = _joined(kept, made, catalogue, source) if made.indicators else {}
    return kept | joined | build.people_rows(counts)


def _joined(
    kept: Mapping[str, pa.Table], made: ContactValues, catalogue: Catalogue, source: str
) -> dict[str, pa.Table]:
    """Return those of a release's tables that indicators made from contacts join."""
    indicators: list[Indicator] = list(with_one_source(made.indicators, source))
    rows = {
        "indicator": build.indicator_rows(indicators, made.suppressed_at_most),
        "observation": build.observation_rows(made.observations),
    }
    if source not in kept["source"]["source_id"].to_pylist():
        rows["source"] = build.source_rows([catalogue.sources[source]])
    return {name: joined(kept[name], new) for name, new in rows.items()}
