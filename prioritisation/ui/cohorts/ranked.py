"""Which cohort first: all counted cohorts under the same weights as the areas, and what cannot be scored and why."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from prioritisation.cohort_ranking import CohortRanking
from prioritisation.cohorts.concentration import Concentration
from prioritisation.cohorts.counts import counts_table
from prioritisation.fairness import shortlisted
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.cohorts.about import counted_lines
from prioritisation.ui.cohorts.choice import OWN, Chosen, offer
from prioritisation.ui.cohorts.cube import People, ranked
from prioritisation.ui.cohorts.words import COUNTED_NEXT, all_words, when_counted
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.scenarios.words import named_weights
from prioritisation.ui.weigh.fairness_charts import bars_figure
from prioritisation.words import NOT_APPLICABLE, number, percent


def first(people: People, cohort: Chosen) -> None:
    """Show the tab."""
    view = people.view
    ranking = view.ranking
    inside = shortlisted(ranking.scores.rank, ranking.scenario.framework.cut)
    codes = tuple(str(code) for code in ranking.areas.index[inside])
    found = ranked(people, view.scenario, codes)
    listed = found.table()
    waiting = [each for each in offer(people).cohorts.values() if not each.counted]
    show(
        tag("p", _sentence(listed, len(waiting)), class_="sentence", role="status"),
        tag("p", f"{named_weights(view.scenario)}. {_compared(people, found)}", class_="muted"),
    )
    link_to("Weigh", "Change the weights")
    scored = listed[listed["rank"].notna()]
    left, right = st.columns([6, 5], gap="large")
    with left:
        if len(scored):
            _chart(people, scored)
    with right:
        _notes(listed)
        _unranked(people, cohort, waiting)
    show(_table(found, listed, len(codes)))


def _compared(people: People, found: CohortRanking) -> str:
    """Return what a score compares, and that a chosen locality does not narrow it."""
    told = (
        f"Each cohort is compared with {found.against}: 50 means that its people are as likely to have the needs and "
        "contacts that are weighted here, more means likelier."
    )
    return f"{told} All of this tab is about the whole council, not {people.place} alone." if people.where[1] else told


def _sentence(listed: pd.DataFrame, waiting: int) -> str:
    scored = listed[listed["rank"].notna()]
    unscored = len(listed) - len(scored)
    ending = f" {unscored:,} of {len(listed):,} cannot be scored: see what was left out." if unscored else ""
    if waiting:
        ending += f" {waiting:,} more {'waits' if waiting == 1 else 'wait'} to be counted."
    if scored.empty:
        return f"No cohort can be scored under these weights.{ending}"
    top = scored[scored["rank"] == 1]["name"]
    return f"Greatest need of {len(scored):,} scored cohorts: {' and '.join(top)}.{ending}"


def _chart(people: People, scored: pd.DataFrame) -> None:
    title = "Score under the present weights, 50 where as likely as others"
    labels = [number(score, "score") for score in scored["score"]]
    figure = bars_figure(
        list(scored["name"]), scored["score"].tolist(), labels, title, source_line(people.view, [], people.ids)
    )
    told = "; ".join(f"{name}: {label}" for name, label in zip(scored["name"], labels, strict=True))
    alt, file_name = f"{title}. {told}.", f"cohorts-{people.view.scenario.id}-{people.view.store.release.id}"
    chosen = (f"Weights: {named_weights(people.view.scenario)}", *counted_lines(people)[1:])
    show_chart(*figure, alt=alt, file_name=file_name, key="cohort-ranked", chosen=chosen)


def _table(found: CohortRanking, listed: pd.DataFrame, areas: int) -> Markup:
    inside = {each.id: where for each, where in zip(found.cohorts, found.inside, strict=True)}
    sizes = counts_table(found.sizes)
    words = {each.id: size for each, size in zip(found.cohorts, all_words(sizes), strict=True)}
    rows = [
        (
            row["name"],
            NOT_APPLICABLE if pd.isna(row["rank"]) else f"{row['rank']}",
            number(row["score"], "score") if pd.notna(row["rank"]) else "not scored",
            words[row["id"]],
            NOT_APPLICABLE if math.isnan(row["share_of_known"]) else percent(row["share_of_known"]),
            _inside(inside[row["id"]]),
            row["stability"] if pd.notna(row["rank"]) else NOT_APPLICABLE,
        )
        for row in listed.to_dict("records")
    ]
    reach = f"Live in the {areas:,} shortlisted areas"
    heads = ["Cohort", "Rank", "Score", "People", "Of everyone known", reach, f"Among the first {found.cut}"]
    return table(heads, rows)


def _inside(where: Concentration | None) -> str:
    if where is None or not where.is_available:
        return "not available"
    if where.low == 0:
        return f"at most {100 * where.high:.0f}%"
    low, high = f"{100 * where.low:.0f}%", f"{100 * where.high:.0f}%"
    return low if low == high else f"{low} to {high}"


def _unranked(people: People, cohort: Chosen, waiting: list[Chosen]) -> None:
    """Name the cohorts that have no rank because the release has no counts of their own, and say when they will."""
    rows = [tag("li", join(tag("strong", each.name), ": ", when_counted(people.cube, each.id))) for each in waiting]
    if cohort.id == OWN:
        rows.append(tag("li", join(tag("strong", "Your own, on screen"), f": save it first. {COUNTED_NEXT}")))
    if rows:
        show(tag("h2", "Not ranked: no counts of their own yet"), tag("ul", *rows, class_="muted"))


def _notes(listed: pd.DataFrame) -> None:
    noted = listed[listed["note"] != ""]
    if len(noted):
        told = [tag("li", join(tag("strong", row["name"]), ": ", row["note"])) for row in noted.to_dict("records")]
        show(tag("h2", "What was left out, and why"), tag("ul", *told, class_="muted"))
