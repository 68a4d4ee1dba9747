"""How partners, needs and services overlap among everyone known: the UpSet chart, its table and its text."""

from __future__ import annotations

import streamlit as st

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counts import count_sentence
from prioritisation.cohorts.overlaps import (
    AT_LEAST,
    EXACT,
    MOST_SETS,
    Overlaps,
    known_sets,
    match_sentence,
    ways,
    why_not,
)
from prioritisation.cohorts.wording import title
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.cohorts.about import counted_lines
from prioritisation.ui.cohorts.choice import Chosen, choose_one
from prioritisation.ui.cohorts.cube import People, overlapping
from prioritisation.ui.cohorts.upset import upset_figure
from prioritisation.ui.cohorts.words import KINDS, count_words, decapitalised
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.session import put_in_link, put_in_widget

KIND, HOW, SETS = "overlap", "how", "sets"
_HOW_WORDS = {EXACT: "Exactly these, no other", AT_LEAST: "At least these"}
_TITLES = {
    EXACT: "{kind}: who is in contact with exactly these",
    AT_LEAST: "{kind}: who is in contact with at least these",
}
_NEEDS = {EXACT: "Needs: who has exactly these", AT_LEAST: "Needs: who has at least these"}
WIDE, NARROW = 20, 8


def overlap(people: People, cohort: Chosen) -> None:
    """Show the tab."""
    del cohort
    geography, area, note = _place(people)
    kind, how = _controls(people, geography)
    if how is None:
        told = f"Not available: overlaps of {KINDS[kind].casefold()} were not counted for this kind of area."
        show(tag("p", told, class_="notice", role="status"))
        return
    found = overlapping(people, kind, how, geography, area, _compared(people, kind, how, geography, area))
    whom = f"Everyone known in {area or people.view.store.release.council_name}, not this cohort alone. "
    matched = match_sentence(people.cube)
    told = found.text.removeprefix(matched).strip()
    show(tag("p", told, class_="sentence", role="status"), tag("p", whom, note, class_="muted"))
    if found.rows.empty:
        show(tag("p", "No combination has a published count.", class_="notice"))
        return
    _charts(people, found, area or people.view.store.release.council_name)
    show(tag("p", matched, class_="muted"))
    with st.expander("The same as a table"):
        show(_table(found))


def _place(people: People) -> tuple[str, str | None, str]:
    """Return where overlaps are asked of: the chosen locality where they were counted, else the council and why."""
    geography, areas = people.where
    if not areas:
        return COUNCIL, None, ""
    if any(ways(people.cube, kind, geography) for kind in KINDS):
        return geography, areas[0], ""
    return COUNCIL, None, "Overlaps were not counted for localities."


def _controls(people: People, geography: str) -> tuple[str, str | None]:
    """Show which overlaps, and exactly or at least; return both, None where it was not counted."""
    left, right = st.columns([4, 6], vertical_alignment="bottom")
    wanted = st.query_params.get(KIND, "partners")
    kind = wanted if wanted in KINDS else "partners"
    with left:
        choose_one("Overlaps of", KIND, list(KINDS), kind, KINDS.__getitem__)
    counted = list(ways(people.cube, kind, geography))
    if not counted:
        return kind, None
    wanted = st.query_params.get(HOW, "")
    how = wanted if wanted in counted else counted[0]
    with right:
        if len(counted) > 1:
            choose_one("Count people with", HOW, counted, how, _HOW_WORDS.__getitem__)
            return kind, how
        (other,) = (each for each in _HOW_WORDS if each != how)
        told = (
            f"People are counted with: {decapitalised(_HOW_WORDS[how])}. '{_HOW_WORDS[other]}' cannot be chosen here. "
            f"{why_not(people.cube, kind, other, geography)}"
        )
        show(tag("p", told, class_="notice" if wanted == other else "muted"))
    return kind, how


def _compared(people: People, kind: str, how: str, geography: str, area: str | None) -> tuple[str, ...]:
    """Show which sets are compared where there are more than a chart holds; return those chosen, none for the usual."""
    counted = known_sets(people.cube, kind, geography)
    known = [each for each in getattr(people.cube.contract, kind) if each in counted]
    if how != AT_LEAST or len(known) <= MOST_SETS:
        return ()
    in_link = st.query_params.get(SETS, "").split(",")
    chosen = tuple(each for each in known if each in in_link)[:MOST_SETS]
    usual = {str(each) for each in overlapping(people, kind, how, geography, area).sets["id"]}
    key = f"overlap-sets-{kind}"
    put_in_widget(key, list(chosen) or [each for each in known if each in usual])
    st.multiselect(
        f"{KINDS[kind]} to compare, at most {MOST_SETS}",
        known,
        key=key,
        format_func=lambda each: title(kind, each, people.cube.contract),
        max_selections=MOST_SETS,
        on_change=lambda: put_in_link({SETS: _sets_in_link(st.session_state[key], usual)}),
        help=f"Without a choice these are the {MOST_SETS} with the most people.",
    )
    return chosen


def _sets_in_link(chosen: list[str], usual: set[str]) -> str | None:
    return ",".join(chosen) if chosen and set(chosen) != usual else None


def _charts(people: People, found: Overlaps, place: str) -> None:
    named = _NEEDS if found.kind == "flags" else _TITLES
    heading = named[found.how].format(kind=KINDS[found.kind])
    source = source_line(people.view, [], people.ids)
    alt = f"{heading}. {found.text} The table below has every combination shown."
    name, chosen = f"overlap-{found.kind}-{people.view.store.release.id}", counted_lines(people, place=place)
    for key, columns in (("upset", WIDE), ("upset-narrow", NARROW)):  # the style sheet shows the one with room
        figure = upset_figure(found, heading, source, columns, narrow=columns == NARROW)
        with st.container(key=f"chart-{key}"):
            show_chart(*figure, alt=alt, file_name=name, key=f"cohort-{key}", chosen=chosen)


def _table(found: Overlaps) -> Markup:
    rows = [
        (row["name"], count_words(row), f"{row['low']:,} to {row['high']:,}") for row in found.rows.to_dict("records")
    ]
    if found.pooled is not None:
        rows.append((f"{found.hidden:,} more combinations together", count_sentence(found.pooled), ""))
    return table([KINDS[found.kind], "People", "Between"], rows)
