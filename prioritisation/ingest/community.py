"""Place Standard scores that the partnership accepted, as indicators: scored only where a framework asks for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from prioritisation.catalogue import COMMUNITY_KNOWLEDGE, Catalogue, Indicator
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import build
from prioritisation.ingest.adding import Tables, joined, publish_changed
from prioritisation.ingest.faults import NOT_DONE, counted
from prioritisation.ingest.observations import Observations
from prioritisation.ingest.publish import PublishedRelease, one_import
from prioritisation.place_standard import OVERALL, PlaceStandard, load_place_standard
from prioritisation.store import open_store
from prioritisation.workspace import Workspace
from prioritisation.workspace.knowledge import AREA, PLACE_STANDARD, Known, listed
from prioritisation.workspace.known import overall_score, theme_scores


@dataclass(frozen=True)
class CommunityImport:
    """A finished import. areas: with at least one score; of_localities: contributions that name no single area."""

    release: PublishedRelease
    contributions: int
    areas: int
    all_areas: int
    of_localities: int

    @property
    def text(self) -> str:
        """A summary to read in a terminal."""
        used = counted(self.contributions, "contribution", "contributions")
        lines = [
            f"Release {self.release.id} is now in use.",
            f"Place Standard scores of {self.areas:,} of {self.all_areas:,} areas, from {used}.",
            "An area without scores has no value; it is never taken for 0.",
        ]
        if self.of_localities:
            said = counted(self.of_localities, "contribution is", "contributions are")
            lines.append(f"{said} about a whole locality and not spread over its areas.")
        lines.append(
            "They count in a ranking only where a framework gives them a weight (south-ayrshire-int-community)."
        )
        return "\n".join([*lines, *(f"Note: {warning}" for warning in self.release.warnings)])


def import_community(
    folder: DataFolder,
    catalogue: Catalogue,
    workspace: Workspace,
    progress: Callable[[str], None] = lambda step: None,
) -> CommunityImport:
    """Publish the accepted Place Standard scores of areas, in place of those of the release in use; all or nothing.

    UserError: no score of any of its areas is accepted, and none is in use.
    """
    tool = load_place_standard(folder.catalogue)
    scored = [each for each in listed(workspace) if each.given.kind == PLACE_STANDARD]
    with one_import(folder):
        with open_store(folder) as store:
            codes = store.areas().index
            in_use = set(catalogue.community_indicators) & set(store.indicators().index)
        ours = [each for each in scored if each.given.geography == AREA and each.given.place in codes]
        if not ours and not in_use:
            raise UserError(
                "No Place Standard score of an area here is accepted yet.",
                not_done=NOT_DONE,
                remedy="Accept some on the Community page first; scores of a whole locality are not used.",
            )
        progress(f"Taking the scores of {counted(len(ours), 'contribution', 'contributions')}")
        indicators, observations = indicator_values(ours, codes, catalogue, tool)

        def change(tables: Tables) -> Tables:
            return _with_scores(tables, indicators, observations, catalogue)

        published = publish_changed(change, f"community {_fingerprint(ours)}", folder, progress)
    places = len({each.given.place for each in ours})
    return CommunityImport(published, len(ours), places, len(codes), len(scored) - len(ours))


def indicator_values(
    scored: Sequence[Known], codes: pd.Index, catalogue: Catalogue, tool: PlaceStandard
) -> tuple[list[Indicator], list[Observations]]:
    """Return the indicators that any area has a score for, with their values; areas without one are missing.

    A theme's value is the mean of an area's contributions; the overall one is the mean of its themes.
    """
    values = pd.DataFrame(np.nan, index=codes, columns=list(catalogue.community_indicators))
    by_area: dict[str, list[Known]] = {}
    for each in scored:
        by_area.setdefault(each.given.place, []).append(each)
    for code, own in by_area.items():
        themes = theme_scores(own, tool)
        for theme in themes:
            values.loc[code, f"{OVERALL}_{theme.theme}"] = theme.mean
        values.loc[code, OVERALL] = overall_score(themes)
    period = _period(scored)
    indicators, observations = [], []
    for name in values.columns[values.notna().any()]:
        value = values[name].to_numpy(dtype=float)
        covered = f"{int(np.isfinite(value).sum()):,} of {len(codes):,} areas have a score"
        meant = catalogue.indicators[str(name)]
        indicators.append(replace(meant, period=period, caveat=f"{covered}. {meant.caveat}"))
        status = np.where(np.isfinite(value), "reported", "missing").astype(object)
        nothing = np.full(len(codes), np.nan)
        observations.append(Observations(str(name), period, codes, value, nothing, nothing, status))
    return indicators, observations


def _period(scored: Sequence[Known]) -> str:
    """Return the first and last month that the scores are of."""
    months = sorted(f"{each.known_on:%Y-%m}" for each in scored)
    if not months:
        return ""
    return months[0] if months[0] == months[-1] else f"{months[0]} to {months[-1]}"


def _fingerprint(scored: Sequence[Known]) -> str:
    content = sorted([each.id, each.given.place, sorted(each.given.scores.items())] for each in scored)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _with_scores(
    tables: Tables, indicators: Sequence[Indicator], observations: Sequence[Observations], catalogue: Catalogue
) -> Tables:
    """Return the tables of indicators, observations and sources with these scores in place of earlier ones."""
    ours = pa.array(catalogue.community_indicators, pa.string())
    made = {
        name: tables[name].filter(pc.invert(pc.is_in(tables[name]["indicator_id"].cast(pa.string()), ours)))
        for name in ("indicator", "observation")
    }
    if indicators:
        made["indicator"] = joined(made["indicator"], build.indicator_rows(indicators, {}))
        made["observation"] = joined(made["observation"], build.observation_rows(observations))
    if COMMUNITY_KNOWLEDGE not in tables["source"]["source_id"].to_pylist():
        made["source"] = joined(tables["source"], build.source_rows([catalogue.sources[COMMUNITY_KNOWLEDGE]]))
    return made
