"""One indicator over its periods: each area's values with limits, the whole council's, and what clearly changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.framework import HIGHER_IS_WORSE
from prioritisation.periods import Period, overlap, period_of
from prioritisation.rates import counts_events, rate_limits
from prioritisation.scoring import Floats
from prioritisation.store import Store
from prioritisation.trends import PERIODS_AT_LEAST, trends
from prioritisation.words import areas_words, listed, number, unit_words, valued

IMPROVING, WORSENING = "improving", "worsening"
NO_CLEAR_CHANGE, NO_CLAIM = "no clear change", "no trend claimed"
CHANGES = (WORSENING, IMPROVING, NO_CLEAR_CHANGE, NO_CLAIM)
RULE = (
    "Improving or worsening means that a straight line through at least three separate periods falls or rises by more "
    "than chance explains. About 1 in 20 of the areas so named may still be named by chance. Two periods never make a "
    "trend."
)
ONE_PERIOD = "Only one period is loaded, so nothing is said about change."
TWO_PERIODS = "Two periods: no trend is claimed."
OVERLAPPING = "The periods overlap, so they share people or events: no trend is claimed."
NO_COUNTS = "The publisher gives no counts, so change cannot be told from chance: no trend is claimed."
UNDATED = "The periods are not dated, so they have no order: no trend is claimed."


@dataclass(frozen=True, eq=False)
class OverTime:
    """One indicator in all its periods.

    periods: the oldest first; values, low, high, status: area_code x period, limits NaN where no counts are published;
    whole: by period, all areas with counts put together; change: one of CHANGES by area_code; chance: p of the test,
    NaN where not tested; no_claim: why no trend is claimed of any area, empty where one is tested.
    """

    indicator_id: str
    name: str
    unit: str
    higher_is_worse: bool
    source: str
    periods: tuple[str, ...]
    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    status: pd.DataFrame
    whole: pd.Series
    change: pd.Series
    chance: pd.Series
    no_claim: str

    @property
    def span(self) -> str:
        """The first and the last period in words."""
        return f"{self.periods[0]} to {self.periods[-1]}" if len(self.periods) > 1 else self.periods[0]


def with_several_periods(store: Store) -> dict[str, tuple[str, ...]]:
    """Return the indicators of a release that have more than one period, with these."""
    return {key: periods for key, periods in store.periods().items() if len(periods) > 1}


def over_time(store: Store, indicator_id: str, areas: pd.Index) -> OverTime:
    """Return an indicator over time for these areas. UserError: it is not loaded."""
    indicators = store.indicators()
    if indicator_id not in indicators.index:
        raise UserError(
            f"This release ({store.release.id}) has no indicator '{indicator_id}'.",
            not_done="No change over time was worked out.",
            remedy="Look its id up with `prioritisation quality`.",
        )
    meaning, rows = indicators.loc[indicator_id].to_dict(), store.series(indicator_id)
    wide = {
        name: rows.pivot(index="area_code", columns="period", values=name).reindex(index=areas)
        for name in ("value", "numerator", "denominator", "status")
    }
    periods = tuple(sorted(wide["value"].columns, key=lambda text: (period_of(text) or Period(0, 0, text), text)))
    wide = {name: table[list(periods)] for name, table in wide.items()}
    counts, bases = (wide[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    known = ~np.isnan(counts) & (bases > 0) & wide["value"].notna().to_numpy()
    counts, bases = np.where(known, counts, np.nan), np.where(known, bases, np.nan)
    events = counts_events(str(meaning["unit"]), str(meaning["numerator"])) or bool((counts > bases).any())
    multiplier, worse = float(meaning["multiplier"]), meaning["polarity"] == HIGHER_IS_WORSE
    low, high = rate_limits(counts, bases, multiplier, events)
    why = _no_claim(periods, counts)
    change, chance = _changes(counts, bases, periods, events=events, worse=worse, claimed=not why)
    return OverTime(
        indicator_id=indicator_id,
        name=str(meaning["name"]),
        unit=str(meaning["unit"]),
        higher_is_worse=worse,
        source=str(meaning["publisher"]),
        periods=periods,
        values=wide["value"].astype(float),
        low=pd.DataFrame(low, areas, periods),
        high=pd.DataFrame(high, areas, periods),
        status=wide["status"].fillna("missing"),
        whole=pd.Series(_whole(counts, bases, multiplier), list(periods)),
        change=pd.Series(change, areas),
        chance=pd.Series(chance, areas),
        no_claim=why,
    )


def _no_claim(periods: Sequence[str], counts: Floats) -> str:
    """Return why nothing can be claimed of any area; empty where something can."""
    dated = [found for text in periods if (found := period_of(text))]
    if len(periods) < PERIODS_AT_LEAST:
        return TWO_PERIODS if len(periods) == 2 else ONE_PERIOD
    if len(dated) < len(periods):
        return UNDATED
    if overlap(dated):
        return OVERLAPPING
    enough = (~np.isnan(counts)).sum(axis=1) >= PERIODS_AT_LEAST
    return "" if enough.any() else NO_COUNTS


def _changes(
    counts: Floats, bases: Floats, periods: Sequence[str], *, events: bool, worse: bool, claimed: bool
) -> tuple[list[str], Floats]:
    """Return each area's change and the p of its test."""
    if not claimed:
        return [NO_CLAIM] * len(counts), np.full(len(counts), np.nan)
    when = np.array([found.middle for text in periods if (found := period_of(text))])
    tested = trends(counts, bases, when, events=events)
    named = {1: WORSENING if worse else IMPROVING, -1: IMPROVING if worse else WORSENING, 0: NO_CLEAR_CHANGE}
    each = zip(tested.change, tested.tested, strict=True)
    return [named[int(way)] if enough else NO_CLAIM for way, enough in each], tested.chance


def _whole(counts: Floats, bases: Floats, multiplier: float) -> Floats:
    """Return the rate of all areas together in each period; NaN where none has counts."""
    people = np.nansum(bases, axis=0)
    return multiplier * np.divide(np.nansum(counts, axis=0), people, out=np.full(len(people), np.nan), where=people > 0)


def change_sentence(over: OverTime, areas: pd.Index) -> str:
    """Return "Income deprivation, 2012 to 2017: 14 areas are worsening, 31 improving, 108 show no clear change." """
    if over.no_claim:
        return f"{over.name}, {over.span}: {over.no_claim[0].lower()}{over.no_claim[1:]}"
    count = over.change[areas].value_counts()
    worse, better, steady, few = (int(count.get(each, 0)) for each in (WORSENING, IMPROVING, NO_CLEAR_CHANGE, NO_CLAIM))
    told = f"{areas_words(worse)} {'is' if worse == 1 else 'are'} worsening, {better:,} improving"
    told += f" and {steady:,} {'shows' if steady == 1 else 'show'} no clear change"
    rest = f"; {few:,} {'has' if few == 1 else 'have'} too few periods with counts" if few else ""
    return f"{over.name}, {over.span}: {told}{rest}."


def area_change_sentence(over: OverTime, area: str) -> str:
    """Return how one area changed, with the first and the last known value, and why nothing is claimed if so."""
    known = over.values.loc[area].dropna().astype(float)
    if len(known) < 2:
        return f"{over.name}: {'no value is' if known.empty else 'only one value is'} known here."
    first, unit = float(known.to_numpy()[0]), unit_words(over.unit)
    ends = f"{number(first, over.unit)}{f' {unit}' if unit else ''} in {known.index[0]}, "
    ends += _with_limits(over, area, str(known.index[-1]))
    change = str(over.change[area])
    if over.no_claim:
        return f"{over.name}: {ends}. {over.no_claim}"
    if change == NO_CLAIM:
        return f"{over.name}: {ends}. Fewer than three periods have counts here: no trend is claimed."
    if change == NO_CLEAR_CHANGE:
        return f"{over.name} shows no clear change: {ends}. Chance alone could explain it."
    return f"{over.name} is {change}: {ends}.{_whole_words(over)}"


def _with_limits(over: OverTime, area: str, period: str) -> str:
    at = list(over.values.index).index(area), over.periods.index(period)
    value, low, high = (float(table.to_numpy(dtype=float)[at]) for table in (over.values, over.low, over.high))
    between = "" if np.isnan(low) else f" (95% limits {number(low, over.unit)} to {number(high, over.unit)})"
    return f"{number(value, over.unit)} in {period}{between}"


def _whole_words(over: OverTime) -> str:
    whole = over.whole.to_numpy(dtype=float)
    first, last = float(whole[0]), float(whole[-1])
    if np.isnan(first) or np.isnan(last):
        return ""
    return f" All areas together: {number(first, over.unit)}, then {number(last, over.unit)}."


def change_table(over: OverTime, names: pd.Series) -> pd.DataFrame:
    """Return what the change map shows: id, area, change, its first and last value, chance, worsening first.

    chance: in how many of 1 such areas chance alone would give as steep a line (p, not adjusted).
    """
    first = over.values.bfill(axis=1).iloc[:, 0]
    last = over.values.ffill(axis=1).iloc[:, -1]
    table = pd.DataFrame(
        {
            "id": over.change.index,
            "area": names.reindex(over.change.index),
            "change": over.change,
            "first": first,
            "last": last,
            "difference": last - first,
            "chance": over.chance,
        }
    )
    order = table["change"].map({each: place for place, each in enumerate(CHANGES)})
    return table.assign(order=order).sort_values(["order", "chance", "area"]).drop(columns="order")


def area_series(over: OverTime, area: str) -> pd.DataFrame:
    """Return one area's periods: period, value, low, high, status, and the whole council's value."""
    return pd.DataFrame(
        {
            "period": list(over.periods),
            "value": over.values.loc[area].to_numpy(),
            "low": over.low.loc[area].to_numpy(),
            "high": over.high.loc[area].to_numpy(),
            "status": over.status.loc[area].to_numpy(),
            "whole": over.whole.to_numpy(),
        }
    )


def series_words(over: OverTime, area: str) -> str:
    """Return every period's value, for those who do not see the chart: "2012: 12.1%; 2013: suppressed"."""
    row = list(over.values.index).index(area)
    values, status = over.values.to_numpy(dtype=float)[row], over.status.to_numpy()[row]
    each = zip(over.periods, values, status, strict=True)
    return "; ".join(f"{period}: {valued(value, str(state), over.unit)}" for period, value, state in each)


def standing_out(found: Sequence[OverTime], area: str) -> str:
    """Return which indicators improve and which worsen in an area, with their years; empty where none is tested."""
    tested = [over for over in found if over.change[area] != NO_CLAIM]
    if not tested:
        return ""
    parts = []
    for change in (WORSENING, IMPROVING):
        names = [f"{over.name} ({over.span})" for over in tested if over.change[area] == change]
        if names:
            parts.append(f"{change}: {listed(names)}")
    steady = sum(over.change[area] == NO_CLEAR_CHANGE for over in tested)
    parts += [f"no clear change: {steady:,} of {len(tested):,} indicators with enough periods"] if steady else []
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
