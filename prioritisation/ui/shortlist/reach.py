"""Whom the list on the page reaches beside the computed one, and whether that is fair across places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.fairness import Coverage, RuralNeed, coverage, coverage_by_group, rural_need_missed
from prioritisation.prioritise import Prioritisation
from prioritisation.reach import RESIDENTS, Counted, places_sentence, reach_sentence
from prioritisation.scoring import Ranks
from prioritisation.ui.counted import countable, counted, residents
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.scenarios.words import share_words
from prioritisation.ui.session import View
from prioritisation.ui.shortlist.shown import DRAFT, Shown

MOST_COUNTED, LIVE = 5, "live"
NO_RELEASE = "The data release of this list is no longer kept, so this cannot be told. The list itself is kept."


def reach(shown: Shown) -> None:
    """Show the tab."""
    if shown.view is None or not shown.made.rows:
        told = NO_RELEASE if shown.view is None else "No area is on the list, so there is nobody to count."
        show(tag("p", told, class_="notice", role="status"))
        return
    view, ranking = shown.view, shown.view.ranking
    rank, cut = agreed_order(shown, ranking), len(shown.made.rows)
    first = next(iter(countable(view)))
    whom, everybody = counted(view, first), coverage(rank, cut, residents(view))
    told = reach_sentence(coverage(rank, cut, whom.counts), whom, everybody)
    classes = ranking.areas["urban_rural"]
    if whom.known and classes.notna().any():
        told += f" {_missed(rural_need_missed(rank, cut, whom.counts, classes), whom)}"
    show(tag("p", told, class_="sentence", role="status"))
    left, right = st.columns(2, gap="large")
    with left:
        show(tag("h2", "How many people live there?"), _reached(shown, view, rank))
    with right:
        show(tag("h2", "Is it fair across localities?"), *_places(ranking, rank, cut, view))
    link_to("Weigh", "Charts of the computed list are on Weigh")


def agreed_order(shown: Shown, ranking: Prioritisation) -> Ranks:
    """Return ranks in which the list on the page comes first, in its order, and every other area after it.

    In the order of the ranking's areas; 0 for areas that are neither on the list nor scored.
    """
    place = {code: position for position, code in enumerate(shown.made.codes, start=1)}
    by_number = np.where(ranking.scores.rank > 0, ranking.scores.rank + len(place), 0)
    own = np.array([place.get(str(code), 0) for code in ranking.areas.index], dtype=np.int64)
    return np.where(own > 0, own, by_number).astype(np.int64)


def _reached(shown: Shown, view: View, rank: Ranks) -> Markup:
    """Return how many people of each kind counted everywhere live on this list, beside the computed one."""
    computed, cut = view.ranking.scores.rank, view.scenario.framework.cut
    kinds = [counted(view, each) for each in countable(view) if each != RESIDENTS]
    everywhere = [whom for whom in kinds if whom.where == LIVE and not np.isnan(whom.counts).any()][:MOST_COUNTED]
    rows = []
    for whom in [counted(view, RESIDENTS), *everywhere]:
        own, before = coverage(rank, len(shown.made.rows), whom.counts), coverage(computed, cut, whom.counts)
        rows.append((_named(view, whom), *_cells(own), *_cells(before)))
    this = "Draft list" if shown.stage == DRAFT else "Agreed list"
    return table(["Who is counted", this, "Share", "Computed list", "Share"], rows)


def _missed(missed: RuralNeed, whom: Counted) -> str:
    if not missed.outside:
        return f"It misses none of {whom.who}."
    unknown = "; the class of some areas is not known" if missed.not_known else ""
    share = share_words(missed.rural_share_of_missed)
    return f"Of those that it misses, {share} ({missed.rural:,.0f}) {whom.where} in rural areas{unknown}."


def _named(view: View, whom: Counted) -> str:
    """Return whom a row counts; the indicator's name where several count "people in contact"."""
    known = view.indicators["numerator"]
    if whom.id in known.index and (known == known[whom.id]).sum() > 1:
        return str(view.indicators["name"][whom.id])
    return whom.who[:1].upper() + whom.who[1:]


def _cells(reached: Coverage) -> tuple[str, str]:
    return f"{reached.amount:,.0f}", share_words(reached.share)


def _places(ranking: Prioritisation, rank: Ranks, cut: int, view: View) -> list[Markup]:
    """Return the sentence and the table of localities: this list's residents beside all residents."""
    group, people = ranking.areas["locality"], residents(view)
    if not group.notna().any() or not np.nansum(people) > 0:
        return [tag("p", "This release has no localities or no residents, so this cannot be told.", class_="notice")]
    groups = coverage_by_group(rank, cut, people, group)
    before = coverage_by_group(ranking.scores.rank, ranking.scenario.framework.cut, people, group)
    rows = [_place(str(name), groups.loc[name], before.loc[name]) for name in groups.index]
    heads = ["Locality", "Areas on it", "Computed", "Of all residents", "Of those on it"]
    return [tag("p", places_sentence(groups, "locality"), class_="sentence"), table(heads, rows)]


def _place(name: str, own: pd.Series, before: pd.Series) -> tuple[str, ...]:
    return (
        name,
        f"{int(own['shortlisted'])} of {int(own['units'])}",
        f"{int(before['shortlisted'])}",
        share_words(own["share_of_people"]),
        share_words(own["share_of_shortlist"]),
    )
