"""One thing shown over all areas: the overall score, a priority's score or an indicator, with classes and states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.classes import class_breaks, classify
from prioritisation.framework import HIGHER_IS_BETTER
from prioritisation.scenario import Scenario
from prioritisation.scoring import Floats, overall, rank_scores
from prioritisation.ui.session import View
from prioritisation.words import STATUS_WORDS, listed, number, unit_words, valued

OVERALL = "overall"
_PRIORITY = "priority."
SCORE_UNIT = "score"
_INDENT = "\u2003"


@dataclass(frozen=True, eq=False)
class Showing:
    """values: by area_code, NaN where none; status: reported, zero, suppressed, missing or not scored;
    classes: 1 (least need) to 5 (greatest), 0 outside the classes; ranks: 1 = greatest need, 0 = none.
    breaks: inner class breaks of need (the value, or minus the value where lower means greater need).
    """

    id: str
    name: str
    unit: str
    note: str
    lower_is_greater_need: bool
    values: pd.Series
    status: pd.Series
    classes: pd.Series
    ranks: pd.Series
    breaks: tuple[float, ...]

    @property
    def is_score(self) -> bool:
        return self.id == OVERALL or self.id.startswith(_PRIORITY)

    def words(self, area: str) -> str:
        """Return an area's value, or why there is none."""
        return valued(self.values[area], self.status[area], self.unit)


@dataclass(frozen=True)
class LegendEntry:
    """look: a class from 1 to 5, or a state; text: its range or meaning; count: areas that look so."""

    look: int | str
    text: str
    count: int


def choices(view: View) -> dict[str, str]:
    """Return id -> label of all that can be shown, grouped by priority in the framework's order."""
    labels = {OVERALL: "Overall score"}
    names = view.indicators["name"]
    framework = view.scenario.framework
    for priority in framework.priorities:
        labels[_PRIORITY + priority.id] = priority.name
        labels |= {part.id: _INDENT + names[part.id] for part in priority.indicators if part.id in names.index}
    rest = sorted((name, key) for key, name in names.items() if key not in labels)
    return labels | {str(key): f"Other: {name}" for name, key in rest}


def showing(view: View, wanted: str) -> Showing:
    """Return what is shown; `wanted` is a key of `choices`. UserError: the framework needs an indicator not loaded."""
    if wanted == OVERALL or wanted.startswith(_PRIORITY):
        return _score(view, wanted)
    return _indicator(view, wanted)


def legend(shown: Showing) -> list[LegendEntry]:
    """Return the classes from the least to the greatest need, then the states that occur."""
    edges = _edges(shown)
    classes = [
        LegendEntry(look, _range(edges, look, shown), int((shown.classes == look).sum()))
        for look in range(6 - (len(edges) - 1), 6)
    ]
    states = []
    for state, statuses in (("zero", ["zero"]), ("suppressed", ["suppressed"]), ("missing", ["missing", "not scored"])):
        count = int(shown.status.isin(statuses).sum())
        if count:
            states.append(LegendEntry(state, _state_words(shown, state), count))
    return classes + states


def looks(shown: Showing) -> Iterator[int | str]:
    """Return how each area is drawn: its class, or its state."""
    for area_class, status in zip(shown.classes, shown.status, strict=True):
        yield int(area_class) if area_class else {"not scored": "missing"}.get(status, status)


def sentence(shown: Showing, areas: pd.DataFrame, locality: str | None) -> str:
    """Return "Dalmilling - 02 has the greatest need; 153 of 153 areas have data." for the areas in view."""
    if locality is not None:
        areas = areas[areas["locality"] == locality]
    status, ranks = shown.status[areas.index], shown.ranks[areas.index]
    ranked = ranks[ranks > 0]
    with_value = int(status.isin(["reported", "zero"]).sum())
    counts = f"{with_value:,} of {len(areas):,} areas {'are scored' if shown.is_score else 'have data'}"
    gaps = status[~status.isin(["reported", "zero", "not scored"])].value_counts()
    held = [f"{count:,} {'is' if count == 1 else 'are'} suppressed" for count in gaps[gaps.index == "suppressed"]]
    absent = [f"{count:,} {'has' if count == 1 else 'have'} no value" for count in gaps[gaps.index == "missing"]]
    where = f"{locality}: " if locality else ""
    ending = f"{where}{counts}{''.join(f', {part}' for part in held + absent)}."
    if ranked.empty:
        return ending
    first = list(areas.loc[ranked.index[ranked == ranked.min()], "name"])
    verb = "has" if len(first) == 1 else "share"
    value = "" if shown.id == OVERALL else f" ({shown.words(str(ranked.idxmin()))})"
    return f"{where}{listed(first)} {verb} the greatest need{value}; {ending.removeprefix(where)}"


def _score(view: View, wanted: str) -> Showing:
    ranking = view.ranking
    scores = ranking.scores
    framework = view.scenario.framework
    if wanted == OVERALL:
        name, score, rank = "Overall score", scores.score, scores.rank
        note = "The four weights put together" if len(framework.priorities) == 4 else "All weights put together"
    else:
        place = framework.priority_ids.index(wanted.removeprefix(_PRIORITY))
        name, note = framework.priorities[place].name, framework.priorities[place].question
        score = scores.priority_scores[:, place]
        rank = rank_scores(score)
    known = ~np.isnan(score)
    status = pd.Series(np.where(known, "reported", "not scored"), index=view.areas.index)
    breaks = frozen_breaks(view) if wanted == OVERALL else class_breaks(score)
    return Showing(
        id=wanted,
        name=name,
        unit=SCORE_UNIT,
        note=note,
        lower_is_greater_need=False,
        values=pd.Series(score, index=view.areas.index),
        status=status,
        classes=pd.Series(classify(score, breaks), index=view.areas.index),
        ranks=pd.Series(rank, index=view.areas.index),
        breaks=breaks,
    )


def frozen_breaks(view: View) -> tuple[float, ...]:
    """Return the class breaks of the overall score under the framework's own weights.

    They stay while weights move, so that a change of colour is a change of score.
    """
    framework = view.scenario.framework
    own = np.array(Scenario.starting(framework).weights)
    return class_breaks(overall(view.ranking.scores.priority_scores, own, framework.aggregate))


def _indicator(view: View, wanted: str) -> Showing:
    indicator = view.indicators.loc[wanted]
    observed = view.observations
    own = observed[observed["indicator_id"] == wanted].set_index("area_code").reindex(view.areas.index)
    values = own["value"].astype(float)
    status = own["status"].fillna("missing")
    lower = indicator["polarity"] == HIGHER_IS_BETTER
    need = _floats(values) * (-1.0 if lower else 1.0)
    classed = np.where(status == "zero", np.nan, need)
    breaks = class_breaks(classed)
    period = own["period"].dropna()
    return Showing(
        id=wanted,
        name=str(indicator["name"]),
        unit=str(indicator["unit"]),
        note=f"{indicator['definition']}. {period.iloc[0] if len(period) else indicator['period']}",
        lower_is_greater_need=bool(lower),
        values=values,
        status=status,
        classes=pd.Series(classify(classed, breaks), index=view.areas.index),
        ranks=pd.Series(rank_scores(need), index=view.areas.index),
        breaks=breaks,
    )


def _floats(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64)


def _edges(shown: Showing) -> list[float]:
    """Return the class edges in the indicator's own unit, from the least to the greatest need."""
    known = shown.values[shown.classes > 0]
    if known.empty:
        return []
    inner = [-edge if shown.lower_is_greater_need else edge for edge in shown.breaks]
    ends = (known.max(), known.min()) if shown.lower_is_greater_need else (known.min(), known.max())
    if shown.is_score:
        ends = (min(0.0, ends[0]), max(100.0, ends[1]))
    return [ends[0], *inner, ends[1]]


def _range(edges: list[float], look: int, shown: Showing) -> str:
    step = look - (6 - (len(edges) - 1))
    low, high = sorted(edges[step : step + 2])
    low_words, high_words = (number(edge, shown.unit, 0 if edge == round(edge) else None) for edge in (low, high))
    start = low_words.removesuffix("%").removesuffix(" min")
    return high_words if low_words == high_words else f"{start}\N{EN DASH}{high_words}"


def _state_words(shown: Showing, state: str) -> str:
    if state == "missing" and shown.is_score:
        return STATUS_WORDS["not scored"]
    if state == "zero" and shown.lower_is_greater_need:
        return "zero (greatest need)"
    return STATUS_WORDS[state]


def unit_line(shown: Showing) -> str:
    """Return what the numbers of a legend are counted in."""
    if shown.is_score:
        return "score from 0 to 100"
    return unit_words(shown.unit) or {"per cent": "per cent", "minutes": "minutes"}.get(shown.unit, shown.unit)
