"""Where a cohort lives: its count in each area on the true map, the hexagon map and in a table; three states apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.classes import class_breaks, classify
from prioritisation.cohorts.cells import COUNCIL, DATA_ZONE, EVERY_AGE
from prioritisation.cohorts.counting import NOT_AVAILABLE
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import NOT_KNOWN
from prioritisation.fairness import shortlisted
from prioritisation.ui.charts import source_line
from prioritisation.ui.cohorts.about import counted_lines
from prioritisation.ui.cohorts.choice import Chosen, choose_one
from prioritisation.ui.cohorts.cube import LOCALITY, People, areas_of, can_answer, share_inside
from prioritisation.ui.cohorts.legend import ENDS, keys_of, legend_of
from prioritisation.ui.cohorts.words import HIDDEN, all_words, decapitalised, in_order
from prioritisation.ui.colours import on_paper, palette
from prioritisation.ui.data_page import table
from prioritisation.ui.image import About
from prioritisation.ui.maps.area_map import area_map
from prioritisation.ui.maps.boundaries import hexagons, outlines
from prioritisation.ui.markup import show, tag
from prioritisation.ui.session import View
from prioritisation.words import NO_MAP, NOT_APPLICABLE, listed, number

LEVELS = {
    LOCALITY: ("Localities", "locality", "localities"),
    "ward": ("Wards", "ward", "wards"),
    "intermediate zone": ("Intermediate zones", "intermediate zone", "intermediate zones"),
    DATA_ZONE: ("Small areas", "small area", "small areas"),
}
BY, MAP, MEASURE = "by", "shape", "measure"
TRUE_MAP, HEX_MAP = "Map", "Hexagons"
PEOPLE, RATE = "People", "Per 1,000 residents"
MOST_ROWS_OF_A_TABLE = 40
MOST_NAMED, MOST_TIED = 3, 5  # areas named in the sentence: usually, and where the last of them have as many people


@dataclass(frozen=True, eq=False)
class Spread:
    """A cohort over the areas of a geography. counts: as `counts.by_area`, by area, with a rate; shown: its column."""

    geography: str
    counts: pd.DataFrame
    shown: str

    @property
    def breaks(self) -> tuple[float, ...]:
        return class_breaks(self._values)

    @property
    def looks(self) -> dict[str, int | str]:
        """Area code -> its class from 1 to 5 by what is published, or its state."""
        classes = classify(self._values, self.breaks)
        hidden = self.counts["status"] != NOT_AVAILABLE
        return {
            str(code): int(place) if place else "suppressed" if here else "missing"
            for code, place, here in zip(self.counts.index, classes, hidden, strict=True)
        }

    @property
    def _values(self) -> np.ndarray:
        return self.counts[self.shown].to_numpy(dtype=np.float64, na_value=np.nan)


def where(people: People, cohort: Chosen) -> None:
    """Show the tab."""
    levels = _levels(people, cohort.rule)
    if not levels:
        show(tag("p", _not_counted(people, cohort.rule), class_="notice", role="status"))
        return
    spread, shape = _controls(people, cohort.rule, levels)
    show(tag("p", _sentence(people, spread), class_="sentence", role="status"))
    if people.where[1]:
        told = f"All numbers here are those of the whole council, not of {people.place} alone; the map points it out."
        show(tag("p", told, class_="muted"))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _map(people, cohort.rule, spread, shape)
    with right:
        _table(spread)
        show(tag("p", _reached(people, cohort.rule), class_="muted"))
        told = "People with no fixed abode or a withheld address are counted for the whole council only."
        show(tag("p", told, class_="muted"))


def _not_counted(people: People, rule: CohortRule) -> str:
    """Return in words how far the conditions were counted where no smaller area was."""
    if can_answer(people, (rule,), COUNCIL)[0]:
        return "Not available: these conditions were not counted for any smaller area, only for the whole council."
    return "Not available: these conditions were not counted together, for the whole council or for any smaller area."


def _levels(people: People, rule: CohortRule) -> list[str]:
    """Return the geographies in which the rule was counted, the largest areas first."""
    present = [level for level in LEVELS if people.cube.areas(level)]
    return [level for level in present if can_answer(people, (rule,), level)[0]]


def _controls(people: People, rule: CohortRule, levels: list[str]) -> tuple[Spread, str]:
    """Show what to count by and how to draw it; return both."""
    by, how, measure = st.columns([4, 3, 4], vertical_alignment="bottom")
    level = _picked(BY, levels, levels[0])
    with by:
        choose_one("Count by", BY, levels, level, lambda each: LEVELS[each][0])
    shapes = [TRUE_MAP, HEX_MAP] if hexagons(people.view) is not None else [TRUE_MAP]
    shape = _picked(MAP, shapes, TRUE_MAP)
    with how:
        if len(shapes) > 1:
            choose_one("Draw", MAP, shapes, shape)
    counts = _with_rate(people.cube, areas_of(people, rule, level), rule)
    measures = [PEOPLE, RATE] if counts["rate"].notna().any() else [PEOPLE]
    shown = _picked(MEASURE, measures, PEOPLE)
    with measure:
        if len(measures) > 1:
            choose_one("Colour by", MEASURE, measures, shown)
    return Spread(level, counts, "rate" if shown == RATE else "people"), shape


def _picked(name: str, offered: list[str], usual: str) -> str:
    wanted = st.query_params.get(name, usual)
    return wanted if wanted in offered else usual


def _with_rate(cube: PublishedCube, counts: pd.DataFrame, rule: CohortRule) -> pd.DataFrame:
    """Return counts by area with `rate`: published people per 1,000 residents of the cohort's ages."""
    ages = [band for band in rule.age if band != NOT_KNOWN] or [EVERY_AGE]
    codes = [str(code) for code in counts["area"]]
    residents = np.array([sum(cube.residents.get((code, age), 0) for age in ages) for code in codes], dtype=float)
    people = counts["people"].to_numpy(dtype=float, na_value=np.nan)
    rate = np.divide(1000 * people, residents, out=np.full(len(codes), np.nan), where=residents > 0)
    return counts.assign(rate=rate).set_index("area")


def _sentence(people: People, spread: Spread) -> str:
    """Return the sentence of the tab; where a locality is chosen it says that it is not about that one."""
    told = spread_sentence(spread)
    return f"In the whole council: {decapitalised(told)}" if people.where[1] else told


def spread_sentence(spread: Spread) -> str:
    """Return where the largest published counts are, and how many areas are hidden."""
    one, many = LEVELS[spread.geography][1:]
    counts = spread.counts
    known = counts[counts["people"].notna()].sort_values(["people", "name"], ascending=[False, True])
    hidden = int((counts["people"].isna() & (counts["status"] != NOT_AVAILABLE)).sum())
    ending = (
        f"{hidden:,} of {len(counts):,} {many} {'is' if hidden == 1 else 'are'} {HIDDEN}, which does not mean nobody"
    )
    if known.empty:
        return f"No {one} has a published count: {ending}. Larger areas may say more."
    begins = _largest(known, many)
    return f"{begins}; {ending}." if hidden else f"{begins}; all {len(counts):,} {many} have a count."


def _largest(known: pd.DataFrame, many: str) -> str:
    """Return which areas have the most people of `known`, the most first, with all that have as many as the last.

    It says "most" only of half the areas or fewer, where even the fewest people for whom their counts stand are more
    than half of all.
    """
    least = int(known["people"].iloc[min(MOST_NAMED, len(known)) - 1])
    named, tied = known[known["people"] >= least], 0
    if len(named) > MOST_TIED:
        named, tied = known[known["people"] > least], int((known["people"] == least).sum())
    told = [f"{row['name']} (about {row['people']:,})" for row in named.to_dict("records")]
    told += [f"{tied:,} {many} with about {least:,} each"] if tied else []
    others, spelled = known.drop(named.index), listed(told, most=len(told))
    if not tied and len(named) <= len(others) and named["low"].sum() > others["high"].sum():
        return f"Most of those with a published count live in {spelled}"
    return f"The {'largest ' if len(others) > tied else ''}published counts: {spelled}"


def _map(people: People, rule: CohortRule, spread: Spread, shape: str) -> None:
    view = people.view
    drawn = _drawn(view, shape)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
        return
    colours = palette()
    looks, inside = spread.looks, _area_of_zone(people.cube, spread.geography)
    codes = [str(area["id"]) for area in drawn["areas"]]
    show(legend_of(spread.looks, spread.counts[spread.shown], colours))
    words = dict(zip(spread.counts.index, all_words(spread.counts), strict=True))
    of = {code: inside.get(code) for code in codes}
    names, localities = view.areas["name"], view.areas["locality"]
    area_map(
        drawn,
        looks=[looks.get(of[code] or "", "missing") for code in codes],
        names=[str(names[code]) for code in codes],
        places=[localities[code] if isinstance(localities.get(code), str) else None for code in codes],
        values=[_tip(people.cube, spread.geography, of[code], words) for code in codes],
        selected=codes.index(view.area) if view.area in codes else -1,
        locality=view.locality,
        label=f"The cohort by {LEVELS[spread.geography][1]}, darker where there are more. The table says the same.",
        colours=colours,
        key=f"cohort-{'hexes' if shape == HEX_MAP else 'map'}",
        on_area_change=lambda: None,
        about=_about(people, rule, spread),
    )
    if spread.geography != DATA_ZONE:
        show(tag("p", f"Every small area has the colour of its {LEVELS[spread.geography][1]}.", class_="muted"))


def _about(people: People, rule: CohortRule, spread: Spread) -> About:
    """Return what a picture of the map says."""
    release = people.view.store.release
    measure = PEOPLE if spread.shown == "people" else RATE
    return About(
        file=f"cohort-{spread.geography.replace(' ', '-')}-{people.view.scenario.id}-{release.id}",
        title=_sentence(people, spread),
        chosen=(f"{measure} by {LEVELS[spread.geography][1]}", *counted_lines(people, rule, release.council_name)),
        keys=keys_of(spread.looks, spread.counts[spread.shown], on_paper()),
        ends=ENDS,
        foot=tuple(source_line(people.view, [], people.ids).splitlines()),
    ).dated()


def _tip(cube: PublishedCube, geography: str, area: str | None, words: dict[str, str]) -> str:
    """Return the count of the area that is pointed at, and of which area it is."""
    told = words.get(area or "", NOT_AVAILABLE)
    if geography == DATA_ZONE:
        return f"People: {told}"
    one = LEVELS[geography][1]
    return (
        f"Whole {one}: {told}"
        if geography == LOCALITY or area is None
        else f"{one.capitalize()} {cube.name(area)}: {told}"
    )


def _drawn(view: View, shape: str) -> dict[str, Any] | None:
    if not len(view.areas):
        return None
    drawn = outlines(view)
    hexes = hexagons(view) if shape == HEX_MAP else None
    if drawn is None or hexes is None:
        return drawn
    return {"hash": f"{drawn['hash']}-hexagons", **hexes}


def _area_of_zone(cube: PublishedCube, geography: str) -> dict[str, str]:
    """Return data zone -> the area of a geography that holds it."""
    return {zone: code for code, zones in cube.inside.get(geography, {}).items() for zone in zones}


def _table(spread: Spread) -> None:
    counts = in_order(spread.counts)
    head = LEVELS[spread.geography][1].capitalize()
    words = all_words(counts)
    rated = bool(counts["rate"].notna().any())
    if len(counts) <= MOST_ROWS_OF_A_TABLE:
        rates = [number(rate, precise=1) for rate in counts["rate"]]
        rows = [row if rated else row[:2] for row in zip(counts["name"], words, rates, strict=True)]
        show(table([head, "People", RATE] if rated else [head, "People"], rows))
        return
    states = counts["status"].where(counts["people"].notna(), pd.Series(words, index=counts.index))
    told = pd.DataFrame({head: counts["name"], "People": counts["people"], "State": states})
    if rated:
        told[RATE] = counts["rate"]
    st.dataframe(
        told,
        hide_index=True,
        height=380,
        placeholder=NOT_APPLICABLE,
        key="cohort-areas",
        column_config={
            "People": st.column_config.NumberColumn(format="localized", width=70),
            RATE: st.column_config.NumberColumn(format="%.1f"),
        },
        alt=f"Each {head.casefold()} with its count in words",
    )


def _reached(people: People, rule: CohortRule) -> str:
    """Return how much of the cohort lives in the areas that the present weights put on the shortlist."""
    ranking = people.view.ranking
    inside = shortlisted(ranking.scores.rank, ranking.scenario.framework.cut)
    codes = tuple(str(code) for code in ranking.areas.index[inside])
    of = ", for the whole council" if people.where[1] else ""
    return f"On the shortlist of the present weights{of}: {share_inside(people, rule, codes).sentence}" if codes else ""
