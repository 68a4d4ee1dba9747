"""All that is worked out about how sure one ranking is, in one place: what pages, the command and packs tell from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.flips import Flips, flip_points
from prioritisation.framework import HIGHER_IS_WORSE, Framework
from prioritisation.prioritise import Inputs, Prioritisation
from prioritisation.rates import counts_events
from prioritisation.robustness import (
    BAND,
    Flags,
    Sureness,
    any_weightings,
    reasonable_weightings,
    stability,
    stability_under_any,
)
from prioritisation.sureness.chance import beside_the_whole
from prioritisation.sureness.gaps import RankBounds, rank_bounds
from prioritisation.sureness.intervals import RankIntervals, rank_intervals
from prioritisation.sureness.smallest import SmallestChange, smallest_change
from prioritisation.sureness.variants import (
    Outcome,
    Variant,
    each_method,
    outcome,
    shortlisted,
    without_each_indicator,
    without_each_priority,
)

DRAWS_FOR_FEW, DRAWS_FOR_MANY, MANY_UNITS = 8192, 1024, 2_000  # rank intervals need every rank of every weighting


@dataclass(frozen=True, eq=False)
class HowSure:
    """Everything by unit, in the order of the ranking's areas.

    now: on the shortlist; reasonable, anyhow: under weights within the band, and under any; within, across: rank
    intervals of the same; chance: area x indicator (made from counts only), 1 greater need than the whole council
    beyond chance, -1 less, 0 not different, NaN no count; indicator_names: by id.
    """

    ranking: Prioritisation
    band: float
    now: Flags
    reasonable: Sureness
    anyhow: Sureness
    within: RankIntervals
    across: RankIntervals
    flips: Flips
    smallest: SmallestChange | None
    priorities: tuple[Outcome, ...]
    indicators: tuple[Outcome, ...]
    methods: tuple[Outcome, ...]
    gaps: RankBounds
    chance: pd.DataFrame
    indicator_names: Mapping[str, str]

    @property
    def framework(self) -> Framework:
        return self.ranking.scenario.framework

    @property
    def names(self) -> list[str]:
        return [str(name) for name in self.ranking.areas["name"]]


def how_sure(
    ranking: Prioritisation, read: Inputs, indicators: pd.DataFrame, observed: pd.DataFrame, band: float = BAND
) -> HowSure:
    """Work everything out. UserError: a band that makes no sense.

    read: what the ranking was scored from; indicators: by indicator_id, as `Store.indicators`; observed: the newest
    observations of these areas, long, as `Store.observations`.
    """
    scores, framework = ranking.scores, ranking.scenario.framework
    need, weights, cut, aggregate = scores.priority_scores, scores.weights, framework.cut, framework.aggregate
    draws = DRAWS_FOR_FEW if len(need) <= MANY_UNITS else DRAWS_FOR_MANY
    now = shortlisted(scores.rank, cut)
    return HowSure(
        ranking=ranking,
        band=band,
        now=now,
        reasonable=stability(need, weights, cut, aggregate, band=band),
        anyhow=stability_under_any(need, weights, cut, aggregate),
        within=rank_intervals(need, reasonable_weightings(weights, band=band, draws=draws), aggregate),
        across=rank_intervals(need, any_weightings(weights, draws=draws), aggregate),
        flips=flip_points(need, weights, cut, aggregate),
        smallest=smallest_change(need, weights, cut, aggregate),
        priorities=tuple(_outcome(each, read, now) for each in without_each_priority(ranking.scenario)),
        indicators=tuple(_outcome(each, read, now) for each in without_each_indicator(ranking.scenario)),
        methods=tuple(_outcome(each, read, now) for each in each_method(ranking.scenario)),
        gaps=rank_bounds(scores.lowest, scores.highest),
        chance=_chance(ranking, indicators, observed),
        indicator_names={str(identifier): str(name) for identifier, name in indicators["name"].items()},
    )


def _outcome(variant: Variant, read: Inputs, now: Flags) -> Outcome:
    rank = read.scores(variant.scenario).rank
    return outcome(variant.id, shortlisted(rank, variant.scenario.framework.cut), now)


def _chance(ranking: Prioritisation, indicators: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Return area x indicator: where each area stands beside the whole council, for indicators with counts."""
    ids, columns = ranking.areas.index, {}
    for identifier in ranking.scenario.framework.indicator_ids:
        own = observed[observed["indicator_id"] == identifier].set_index("area_code").reindex(ids)
        numerator, denominator = (own[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
        if not np.isnan(numerator + denominator).all():
            meaning = indicators.loc[identifier].to_dict()
            columns[identifier] = beside_the_whole(
                numerator,
                denominator,
                float(meaning["multiplier"]),
                events=counts_events(str(meaning["unit"]), str(meaning["numerator"])),
                higher_is_worse=_polarity(ranking, identifier, str(meaning["polarity"])) == HIGHER_IS_WORSE,
            )
    return pd.DataFrame(columns, index=ids)


def _polarity(ranking: Prioritisation, identifier: str, usual: str) -> str:
    """Return which way an indicator counts, the framework's word before the catalogue's."""
    parts = [part for priority in ranking.scenario.framework.priorities for part in priority.indicators]
    return next((part.polarity for part in parts if part.id == identifier and part.polarity), usual)
