"""The one place that joins the store with the arithmetic: a scenario in, a ranking with its provenance out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.scenario import Scenario
from prioritisation.scoring import Scores, contributions, score_units
from prioritisation.store import Release, Store
from prioritisation.suppressed import tie_suppressed

NOT_SCORED = "not scored"


@dataclass(frozen=True, eq=False)
class Prioritisation:
    """A ranking of areas with everything that made it.

    areas: by area_code, as `Store.areas`; scores: in the same order; reference: how many areas made up the
    distribution that values were placed in.
    """

    scenario: Scenario
    release: Release
    areas: pd.DataFrame
    scores: Scores
    reference: int

    @property
    def id(self) -> str:
        """Name of this result: the same choices on new data are another result."""
        return f"{self.scenario.id}/{self.release.id}"

    def table(self) -> pd.DataFrame:
        """Return areas by rank: id, name, locality, population, rank, score, a column per priority, coverage.

        Areas that are not scored come last with an empty rank and score.
        """
        return rank_table(self.scores, self.areas[["name", "locality", "population"]])

    def contributions(self) -> pd.DataFrame:
        """Return area_code x priority points; they add up to the score under the arithmetic mean."""
        scores = self.scores
        points = contributions(scores.priority_scores, scores.weights, self.scenario.framework.aggregate)
        return pd.DataFrame(points, index=self.areas.index, columns=list(scores.priority_ids))

    def stamp(self) -> dict[str, str]:
        """Return what every screen and file must carry: scenario, release, status of the framework, demonstration."""
        framework = self.scenario.framework
        return {
            "scenario": self.scenario.id,
            "release": self.release.id,
            "framework": framework.name,
            "framework_status": framework.status,
            "note": "Demonstration data: every place and number is invented" if self.release.demonstration else "",
        }


@dataclass(frozen=True, eq=False)
class Inputs:
    """What scoring reads of a release, the same for every method and weighting of some indicators.

    values: unit x indicator of everybody in the distribution; at_most: the same shape, what a suppressed count may
    mean at most; areas: those to rank, by area_code; against_all: whether they are placed among everybody.
    """

    values: pd.DataFrame
    at_most: pd.DataFrame
    areas: pd.DataFrame
    polarity: Mapping[str, str]
    against_all: bool

    def scores(self, scenario: Scenario) -> Scores:
        """Score the areas under a scenario that uses no other indicators."""
        wanted, ids = scenario.framework, self.areas.index
        tied = tie_suppressed(self.values, self.at_most, wanted.normalise.method)
        bounded = self.at_most.notna().to_numpy().any()
        return score_units(
            tied.values.loc[ids],
            wanted,
            self.polarity,
            scenario.percentages,
            reference=tied.values if self.against_all else None,
            ends=(tied.low.loc[ids], tied.high.loc[ids]) if bounded else None,
        )


def inputs(store: Store, scenario: Scenario, council: str | None = None) -> Inputs:
    """Read what a scenario scores. UserError: an indicator is not loaded. council: as for `prioritise`."""
    framework = scenario.framework
    against_all = framework.reference == "all" and (store.has_reference or council is not None)
    values = store.values(framework.indicator_ids, everywhere=against_all)
    areas = store.areas()
    if council is not None:
        areas = areas[areas["council_code"] == council]
    if not against_all:
        values = values.loc[areas.index]
    at_most = store.suppressed_at_most(framework.indicator_ids, everywhere=against_all)
    polarity = {str(name): str(way) for name, way in store.indicators()["polarity"].items()}
    return Inputs(values, at_most.loc[values.index], areas, polarity, against_all)


def prioritise(store: Store, scenario: Scenario, council: str | None = None) -> Prioritisation:
    """Rank the council's areas of the open release under a scenario. UserError: an indicator is not loaded.

    council: code of one council, to rank its areas alone out of a release for many.
    """
    read = inputs(store, scenario, council)
    return Prioritisation(scenario, store.release, read.areas, read.scores(scenario), len(read.values))


def prioritise_table(values: pd.DataFrame, scenario: Scenario, polarity: Mapping[str, str]) -> Scores:
    """Rank the rows of any table of numbers, by unit id, with no store at all."""
    return score_units(values, scenario.framework, polarity, scenario.percentages)


def rank_table(scores: Scores, described: pd.DataFrame) -> pd.DataFrame:
    """Return units by rank: id, the described columns, rank, score, a column per priority, coverage.

    described: by unit id, in the order of the scores. Rank and score are empty (NA, NaN) where not scored.
    """
    ranks = pd.array(np.where(scores.rank > 0, scores.rank, 0), dtype="Int64")
    ranks[scores.rank == 0] = pd.NA
    table = described.reset_index(names="id").assign(rank=ranks, score=scores.score)
    for column, name in enumerate(scores.priority_ids):
        table[name] = scores.priority_scores[:, column]
    table["coverage"] = scores.coverage
    return table.sort_values(["rank", "id"], na_position="last", kind="stable", ignore_index=True)
