"""What was added to the release in use and no published file holds: it stays when open data are imported anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from prioritisation.catalogue import Indicator
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.faults import counted
from prioritisation.ingest.observations import Observations
from prioritisation.ingest.release import CheckedRelease
from prioritisation.store import Store, open_store


def with_kept(release: CheckedRelease, folder: DataFolder) -> tuple[CheckedRelease, tuple[str, ...]]:
    """Return new open data with the assets and the Place Standard scores in use, and sentences on what stayed.

    Assets of the new files take the place of those in use. Both stay by area: what is of other areas is left out.
    """
    try:
        with open_store(folder) as store:
            if (release.council.code or release.council.name) != store.release.council:
                return release, ()
            assets, scores = _assets(release, store), _scores(release, store)
            periods = store.indicators()[["period", "caveat"]]
    except UserError:  # no release, or one that this version cannot read: there is nothing to keep
        return release, ()
    said = []
    if len(assets):
        release = replace(release, assets=assets)
        said.append(f"{counted(len(assets), 'asset', 'assets')} of the release before were carried over.")
    if scores:
        kept = tuple(_as_published(release.catalogue.indicators[each.indicator_id], periods) for each in scores)
        release = replace(
            release, indicators=(*release.indicators, *kept), observations=(*release.observations, *scores)
        )
        said.append("The Place Standard scores of the release before were carried over.")
    return release, tuple(said)


def _assets(release: CheckedRelease, store: Store) -> pd.DataFrame:
    """Return the assets to keep; none where the new files bring their own."""
    before = store.assets()
    known = before["area_code"].isin(release.council.members) & before["source_id"].isin(release.catalogue.sources)
    return before[known & (not len(release.assets))].reset_index(drop=True)


def _scores(release: CheckedRelease, store: Store) -> list[Observations]:
    present = [name for name in release.catalogue.community_indicators if name in store.indicators().index]
    every = store.observations(present) if present else pd.DataFrame()
    made = []
    for name in present:
        own = every[every["indicator_id"] == name]
        values = own["value"].to_numpy(dtype=float)
        nothing = np.full(len(own), np.nan)
        codes = pd.Index(own["area_code"])
        period = str(own["period"].iloc[0])
        status = own["status"].to_numpy(dtype=object)
        observed = Observations(name, period, codes, values, nothing, nothing, status)
        made.append(observed.of(release.areas.index, release.council.members))
    return made


def _as_published(indicator: Indicator, before: pd.DataFrame) -> Indicator:
    """Return the catalogue's indicator with the period and coverage that it was published with."""
    period, caveat = before.loc[indicator.id]
    return replace(indicator, period=str(period), caveat=str(caveat))
