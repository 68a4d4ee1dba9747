"""Whom a shortlist reaches, how that falls over the places, what more areas would add, and whose need it misses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.fairness import (
    NEXT_AREAS,
    coverage,
    coverage_by_group,
    coverage_curve,
    next_units,
    rural_need_missed,
    shortlisted,
)
from prioritisation.reach import (
    FIRST_CHOICE,
    RESIDENTS,
    Counted,
    missed_sentence,
    next_sentence,
    ordered_classes,
    places_sentence,
    reach_sentence,
    reach_title,
)
from prioritisation.scoring import Floats, Ranks
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.counted import countable, counted, residents
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag
from prioritisation.ui.scenarios.words import share_words
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.style import show_charts_style
from prioritisation.ui.weigh.fairness_charts import Figure, bars_figure, pairs_figure, pairs_legend, reach_figure
from prioritisation.ui.weight_words import named_weights
from prioritisation.words import NOT_APPLICABLE

QUESTIONS = (
    "Whom does the shortlist reach?",
    "Is it fair across places?",
    "What would five more areas add?",
    "Whose need does it miss?",
)
_REACH = "reach"


@dataclass(frozen=True, eq=False)
class _Shortlist:
    """What every question is asked of. people: residents, (n,); cut: its length in ranks; length: in areas."""

    view: View
    areas: pd.DataFrame
    rank: Ranks
    cut: int
    length: int
    people: Floats
    whom: Counted
    key: str


def fairness_drawer(view: View) -> None:
    """Show the questions in a drawer that works nothing out until it is opened."""
    drawer = st.expander("Whom does this shortlist reach, and whom does it miss?", key="fairness", on_change="rerun")
    if drawer.open:
        with drawer:
            show_fairness(view)


def show_fairness(view: View, key: str = "reach") -> None:
    """Show the four questions, each with a sentence, a chart and a table. key: sets one use on a page apart."""
    show_charts_style()
    ranking = view.ranking
    rank, cut = ranking.scores.rank, ranking.scenario.framework.cut
    length = int(np.count_nonzero(shortlisted(rank, cut)))
    if not length:
        show(tag("p", "No area is scored, so there is no shortlist to ask about.", class_="notice", role="status"))
        return
    whom = counted(view, _chosen(view))
    asked = _Shortlist(view, ranking.areas, rank, cut, length, residents(view), whom, key)
    tabs = st.tabs(QUESTIONS, key=f"{key}-question", on_change="rerun")
    for tab, answer in zip(tabs, (_reach, _places, _next, _missed), strict=True):
        if tab.open:
            with tab:
                answer(asked)


def _chosen(view: View) -> str:
    """Return whom the address counts, or the usual choice of this release."""
    labels = countable(view)
    wanted = st.query_params.get(_REACH, FIRST_CHOICE)
    return wanted if wanted in labels else next(iter(labels))


def _say(asked: _Shortlist, told: str) -> None:
    """Show the sentence, and beside it the choice of whom to count, which goes into the address."""
    labels, box = countable(asked.view), f"{asked.key}-whom"
    left, right = st.columns([9, 3], vertical_alignment="top")
    with left:
        show(tag("p", told, class_="sentence", role="status"))
    with right:
        st.session_state[box] = asked.whom.id
        st.selectbox(
            "Count",
            list(labels),
            key=box,
            format_func=lambda each: labels[each],
            on_change=lambda: put_in_link({_REACH: st.session_state[box]}),
        )


def _reach(asked: _Shortlist) -> None:
    whom = asked.whom
    if not whom.known:
        _say(asked, f"This release has no count of {whom.who}, so this cannot be told.")
        return
    reached, everybody = (coverage(asked.rank, asked.cut, amount) for amount in (whom.counts, asked.people))
    told = reach_sentence(reached, whom, everybody)
    _say(asked, told)
    curve = coverage_curve(asked.rank, whom.counts)
    beside = coverage_curve(asked.rank, asked.people) if whom.id != RESIDENTS and everybody.total else None
    names = [str(name) for name in asked.areas["name"]]
    title = reach_title(reached, whom)
    figure = reach_figure(curve, beside, names, asked.length, whom.who, title, _source(asked))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _chart(asked, figure, f"{told} The table beside it has every area.", "reach")
    with right:
        _curve_table(asked, curve)


def _curve_table(asked: _Shortlist, curve: pd.DataFrame) -> None:
    below = curve.iloc[1:]
    shown = pd.DataFrame(
        {
            "Rank": below["rank"],
            "Area": asked.areas["name"].to_numpy()[below["unit"]],
            "Count": below["amount"],
            "Reached, %": 100 * below["share"],
        }
    )
    config = {
        "Rank": st.column_config.NumberColumn(width=50),
        "Area": st.column_config.TextColumn(width=225),
        "Count": st.column_config.NumberColumn(format="localized", width=70),
        "Reached, %": st.column_config.NumberColumn(format="%.1f", width=85),
    }
    st.dataframe(
        shown,
        hide_index=True,
        height=400,
        placeholder=NOT_APPLICABLE,
        column_config=config,
        key=f"{asked.key}-curve-table",
        alt="Areas in order of rank, what each holds, and the share reached with it and all before it",
    )


def _places(asked: _Shortlist) -> None:
    kinds = (("locality", asked.areas["locality"]), ("urban-rural class", ordered_classes(asked.areas["urban_rural"])))
    columns = st.columns(2, gap="medium")
    for column, (kind, group) in zip(columns, kinds, strict=True):
        with column:
            _place(asked, kind, group)


def _place(asked: _Shortlist, kind: str, group: pd.Series) -> None:
    show(tag("h2", f"By {kind}"))
    if not group.notna().any():
        show(tag("p", f"No area has a {kind} in this release, so this cannot be told.", class_="notice"))
        return
    if not np.nansum(asked.people) > 0:
        show(tag("p", "No area has a number of residents in this release, so this cannot be told.", class_="notice"))
        return
    groups = coverage_by_group(asked.rank, asked.cut, asked.people, group)
    told = places_sentence(groups, kind)
    show(tag("p", told, class_="sentence", role="status"), pairs_legend())
    title = f"The shortlist beside all residents, by {kind}"
    _chart(asked, pairs_figure(groups, title, _source(asked)), f"{title}. {told}", f"by-{kind.split()[0]}")
    rows = [
        (name, f"{int(row['shortlisted'])} of {int(row['units'])}", f"{row['people']:,.0f}",
         share_words(row["share_of_people"]), share_words(row["share_of_shortlist"]))
        for name, row in groups.iterrows()
    ]  # fmt: skip
    heads = [kind.capitalize(), "Areas on it", "Residents", "Share of residents", "Share of the shortlist"]
    show(table(heads, rows))


def _next(asked: _Shortlist) -> None:
    whom = asked.whom
    if not whom.known:
        _say(asked, f"This release has no count of {whom.who}, so this cannot be told.")
        return
    following = next_units(asked.rank, asked.cut, whom.counts, NEXT_AREAS)
    told = next_sentence(following, whom, coverage(asked.rank, asked.cut, whom.counts))
    _say(asked, told)
    if following.empty:
        return
    names = [str(asked.areas["name"].iloc[int(unit)]) for unit in following["unit"]]
    counts = [_count(amount) for amount in following["amount"]]
    title = f"What each of the next {len(names)} areas would add: {whom.who.removeprefix('all ')}"
    left, right = st.columns(2, gap="medium")
    with left:
        figure = bars_figure(names, following["amount"].fillna(0).tolist(), counts, title, _source(asked))
        _chart(asked, figure, f"{title}. {told}", "next")
    with right:
        rows = [
            (name, f"{int(row['rank'])}", count, _tenths(row["share"]), _tenths(row["share_then"]))
            for name, count, (_, row) in zip(names, counts, following.iterrows(), strict=True)
        ]
        show(table(["Area", "Rank", "Count", "Adds", "Reached then"], rows))


def _missed(asked: _Shortlist) -> None:
    whom, classes = asked.whom, ordered_classes(asked.areas["urban_rural"])
    if not whom.known:
        _say(asked, f"This release has no count of {whom.who}, so this cannot be told.")
        return
    if not classes.notna().any():
        cannot = "No area has an urban-rural class in this release, so rural need cannot be told apart."
        show(tag("p", cannot, class_="notice", role="status"))
        return
    told = missed_sentence(rural_need_missed(asked.rank, asked.cut, whom.counts, classes), asked.length, whom)
    _say(asked, told)
    groups = coverage_by_group(asked.rank, asked.cut, whom.counts, classes)
    outside = groups["people"] - groups["people_shortlisted"]
    shares = outside / (outside.sum() or np.nan)
    names = [str(name) for name in groups.index]
    labels = [f"{amount:,.0f} ({share_words(share)})" for amount, share in zip(outside, shares, strict=True)]
    title = f"Not on the shortlist: {whom.who.removeprefix('all ')}, by urban-rural class"
    left, right = st.columns(2, gap="medium")
    with left:
        figure = bars_figure(names, outside.tolist(), labels, title, _source(asked))
        _chart(asked, figure, f"{title}. {told}", "missed")
    with right:
        rows = [
            (name, f"{row['people']:,.0f}", f"{row['people_shortlisted']:,.0f}", f"{left_out:,.0f}", share_words(share))
            for (name, row), left_out, share in zip(groups.iterrows(), outside, shares, strict=True)
        ]
        show(table(["Class", "In all", "On the shortlist", "Left out", "Share of those left out"], rows))


def _count(amount: float) -> str:
    return NOT_APPLICABLE if np.isnan(amount) else f"{amount:,.0f}"


def _tenths(share: float) -> str:
    return NOT_APPLICABLE if np.isnan(share) else f"{100 * share:.1f}%"


def _source(asked: _Shortlist) -> str:
    view = asked.view
    ids = f"scenario {view.scenario.id} · release {view.store.release.id}"
    return source_line(view, [*view.scenario.framework.indicator_ids, asked.whom.id], ids)


def _chart(asked: _Shortlist, figure: Figure, alt: str, name: str) -> None:
    file_name = f"{name}-{asked.view.scenario.id}-{asked.view.store.release.id}"
    scenario = asked.view.scenario
    chosen = [f"{asked.view.place} · Weights: {named_weights(scenario)}", f"Counted: {asked.whom.who}"]
    show_chart(*figure, alt=alt, file_name=file_name, key=f"{asked.key}-{name}", chosen=chosen)
