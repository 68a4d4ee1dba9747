"""What is known of one area: every indicator beside its locality's, the council's and the country's value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.framework import HIGHER_IS_WORSE
from prioritisation.prioritise import Prioritisation
from prioritisation.scoring import rank_scores
from prioritisation.store import Store

FROM_COUNTS = "from the counts"
WEIGHTED_MEAN = "mean weighted by residents"
NO_AVERAGE = "none: a rank has no average"


@dataclass(frozen=True, eq=False)
class Profile:
    """One area. indicators: by indicator_id, see `area_profile`; priorities: score, weight, points per priority."""

    area_code: str
    area: pd.Series
    rank: int
    score: float
    coverage: float
    scored_areas: int
    indicators: pd.DataFrame
    priorities: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """All that profiles of one release share. observations: long; each average: group x indicator values."""

    indicators: pd.DataFrame
    observations: pd.DataFrame
    ranks: pd.DataFrame
    localities: pd.DataFrame
    council: pd.Series
    country: pd.Series | None
    average_made: pd.Series


def compare(store: Store, council: str | None = None) -> Comparison:
    """Read one release for profiles: averages of localities, the council and, where loaded, the whole country.

    council: code of one council, to compare its areas with each other out of a release for many.
    """
    areas, indicators = store.areas(everywhere=True), store.indicators()
    observed = store.observations(everywhere=True).merge(
        areas[["locality", "population", "in_council", "council_code"]], left_on="area_code", right_index=True
    )
    here = observed[observed["in_council"] if council is None else observed["council_code"] == council]
    nation = store.has_reference or council is not None
    localities = here.dropna(subset=["locality"])
    values = here.pivot_table(index="area_code", columns="indicator_id", values="value", dropna=False)
    everyone = observed.assign(country="country")
    return Comparison(
        indicators=indicators,
        observations=here.set_index(["area_code", "indicator_id"]),
        ranks=_ranks(values, indicators["polarity"]),
        localities=averages(localities, indicators, localities["locality"]),
        council=averages(here, indicators, here["in_council"]).iloc[0],
        country=averages(everyone, indicators, everyone["country"]).iloc[0] if nation else None,
        average_made=_average_made(here, indicators),
    )


def averages(observed: pd.DataFrame, indicators: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return group x indicator averages: from counts where published, else the mean weighted by residents.

    observed: long, with value, numerator, denominator and population; areas without a value do not take part.
    Ranks have no average and stay empty.
    """
    known = observed.dropna(subset=["value"]).assign(group=group)
    known["residents"] = known["population"].fillna(0).astype(float)
    known["weighted"] = known["value"] * known["residents"]
    known["counted"] = known["numerator"].notna() & known["denominator"].notna()
    grouped = known.groupby(["indicator_id", "group"])
    sums = grouped[["numerator", "denominator", "weighted", "residents"]].sum(min_count=1)
    meaning = indicators.reindex(sums.index.get_level_values("indicator_id"))
    from_counts = sums["numerator"] / sums["denominator"] * meaning["multiplier"].to_numpy()
    mean = sums["weighted"] / sums["residents"].where(sums["residents"] > 0)
    chosen = from_counts.where(grouped["counted"].all(), mean).mask(_is_rank(meaning).to_numpy())
    wide = (
        chosen.rename("average")
        .reset_index()
        .pivot_table(index="group", columns="indicator_id", values="average", dropna=False)
    )
    return wide.reindex(columns=indicators.index)


def _is_rank(indicators: pd.DataFrame) -> pd.Series:
    return indicators["unit"].str.startswith("rank")


def area_profile(comparison: Comparison, prioritisation: Prioritisation, area_code: str) -> Profile:
    """Return the profile of one area. UserError: no such area in this release.

    indicators: name, unit, value, status, locality, council, country, rank (1 = greatest need), ranked (how many
    areas have a value), period, source_title, publisher, caveat, average_made.
    """
    if area_code not in prioritisation.areas.index:
        raise UserError(
            f"There is no area '{area_code}' in this release.",
            not_done="No profile was made.",
            remedy="Look the area up by name, code or locality on the Explore page.",
        )
    row = prioritisation.areas.index.to_list().index(area_code)
    area = prioritisation.areas.iloc[row]
    scores = prioritisation.scores
    return Profile(
        area_code=area_code,
        area=area,
        rank=int(scores.rank[row]),
        score=float(scores.score[row]),
        coverage=float(scores.coverage[row]),
        scored_areas=int((scores.rank > 0).sum()),
        indicators=_indicator_rows(comparison, area_code, str(area["locality"])),
        priorities=_priority_rows(prioritisation, row),
    )


def _indicator_rows(comparison: Comparison, area_code: str, locality: str) -> pd.DataFrame:
    table = comparison.indicators[["name", "unit", "polarity", "source_title", "publisher", "caveat"]].copy()
    own = comparison.observations.loc[area_code].reindex(table.index)
    table["value"], table["period"] = own["value"], own["period"]
    table["status"] = own["status"].fillna("missing")
    no_values = pd.Series(np.nan, index=table.index)
    localities = comparison.localities
    table["locality"] = localities.loc[locality] if locality in localities.index else no_values
    table["council"] = comparison.council
    table["country"] = no_values if comparison.country is None else comparison.country
    table["rank"] = comparison.ranks.loc[area_code].reindex(table.index)
    table["ranked"] = (comparison.ranks > 0).sum().reindex(table.index)
    table["average_made"] = comparison.average_made
    return table


def _priority_rows(prioritisation: Prioritisation, row: int) -> pd.DataFrame:
    scores, framework = prioritisation.scores, prioritisation.scenario.framework
    return pd.DataFrame(
        {
            "name": [priority.name for priority in framework.priorities],
            "score": scores.priority_scores[row],
            "weight": scores.weights,
            "points": prioritisation.contributions().iloc[row].to_numpy(),
            "coverage": scores.priority_coverage[row],
        },
        index=pd.Index(scores.priority_ids, name="priority"),
    )


def _ranks(values: pd.DataFrame, polarity: pd.Series) -> pd.DataFrame:
    """Return area x indicator ranks, 1 = greatest need, 0 where there is no value."""
    ranks = {
        name: rank_scores(values[name].to_numpy(float) * (1 if polarity[name] == HIGHER_IS_WORSE else -1))
        for name in values.columns
    }
    return pd.DataFrame(ranks, index=values.index)


def _average_made(observed: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """Say for each indicator how its averages were made."""
    known = observed.dropna(subset=["value"])
    counted = known[["numerator", "denominator"]].notna().all(axis=1)
    all_counted = counted.groupby(known["indicator_id"]).all().reindex(indicators.index, fill_value=False)
    made = all_counted.map({True: FROM_COUNTS, False: WEIGHTED_MEAN})
    return made.mask(_is_rank(indicators), NO_AVERAGE)
