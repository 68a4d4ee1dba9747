"""What the Explore page shows: one thing on a map and in a table, and the profile of a chosen area."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from prioritisation.over_time import RULE, OverTime, change_sentence
from prioritisation.profiles import area_profile
from prioritisation.ui.agreed_weights import say_which_weights
from prioritisation.ui.colours import Palette, palette
from prioritisation.ui.explore.change_shown import (
    change_about,
    change_legend,
    chosen,
    is_change,
    map_looks,
    tip_words,
    with_changes,
)
from prioritisation.ui.explore.find import find
from prioritisation.ui.explore.profile_knowledge import profile_knowledge
from prioritisation.ui.explore.profile_questions import profile_questions
from prioritisation.ui.explore.profile_view import summary_markup
from prioritisation.ui.explore.sheet_download import sheet_downloads
from prioritisation.ui.explore.table import PANEL_HEIGHT, change_table, select_area, value_table
from prioritisation.ui.image import About
from prioritisation.ui.knowledge.asset_layer import (
    about_assets,
    asset_circles,
    asset_toggle,
    with_asset_words,
)
from prioritisation.ui.maps.about import about_map
from prioritisation.ui.maps.area_map import area_map
from prioritisation.ui.maps.boundaries import features, outlines
from prioritisation.ui.maps.free_map import AREAS, free_map
from prioritisation.ui.maps.legend import legend_markup
from prioritisation.ui.maps.showing import OVERALL, Showing, choices, looks, sentence, showing, unit_line
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import choose_locality, title
from prioritisation.ui.session import View, put_in_link
from prioritisation.words import NO_MAP

MAP_HEIGHT = 352
FREE = "free"


def explore(view: View) -> None:
    """Show the page."""
    labels = with_changes(view, choices(view))
    wanted = st.query_params.get("show", OVERALL)
    wanted = wanted if wanted in labels else OVERALL
    title("Where is need changing?" if is_change(wanted) else "Where is need greatest?")
    _controls(view, labels, wanted)
    (_change if is_change(wanted) else _now)(view, wanted)
    if view.area is not None:
        profile_questions(view, view.area)
        profile_knowledge(view, view.area)


def _now(view: View, wanted: str) -> None:
    """Show the newest values of one thing."""
    shown = showing(view, wanted)
    told = sentence(shown, view.areas, view.locality)
    show(
        tag("p", told, class_="sentence", role="status"), tag("p", f"{shown.note} · {unit_line(shown)}", class_="muted")
    )
    if wanted == OVERALL or view.area is not None:
        say_which_weights(view)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(view, shown)
    with right:
        if view.area is None:
            value_table(view, shown)
        else:
            _summary(view, view.area)


def _change(view: View, wanted: str) -> None:
    """Show how one indicator changed."""
    over = chosen(view, wanted)
    areas = view.areas.index if view.locality is None else view.areas.index[view.areas["locality"] == view.locality]
    where = f"{view.locality}: " if view.locality else ""
    told = f"{where}{change_sentence(over, areas)}"
    show(tag("p", told, class_="sentence", role="status"), tag("p", RULE, class_="muted"))
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _change_map(view, over, areas)
    with right:
        if view.area is None:
            change_table(view, over)
        else:
            _summary(view, view.area)


def _controls(view: View, labels: dict[str, str], wanted: str) -> None:
    """Show the three choices: what, where, and which area."""
    what, where, who = st.columns([4, 3, 4])
    with what:
        st.session_state["choose-show"] = wanted
        st.selectbox(
            "Show", list(labels), key="choose-show", format_func=lambda key: labels[key], on_change=_shown_chosen
        )
    with where:
        choose_locality(view)
    with who:
        _search(view)


def _search(view: View) -> None:
    names = view.areas.sort_values("name")
    described = {
        code: " · ".join(part for part in (row["name"], row["locality"], code) if isinstance(part, str))
        for code, row in names.iterrows()
    }
    if st.session_state.get("found-area") != view.area:  # a click on the map or the table
        st.session_state["choose-area"] = view.area
        st.session_state["found-area"] = view.area
    elif "choose-area" not in st.session_state:
        st.session_state["choose-area"] = view.area
    st.selectbox(
        "Find an area",
        list(described),
        key="choose-area",
        format_func=lambda code: described.get(code, code),
        placeholder="Name, locality, code" + (" or postcode" if view.store.has_postcodes else ""),
        accept_new_options=True,
        on_change=_found,
        args=(view,),
    )
    if st.session_state.get("find-line"):
        show(tag("p", st.session_state["find-line"], class_="muted", role="status"))


def _found(view: View) -> None:
    """Take what was chosen or typed: an area, or a line that says why not."""
    text = st.session_state["choose-area"]
    found = find(view, text or "")
    st.session_state["find-line"] = found.line
    st.session_state["found-area"] = found.area
    if found.area is not None:
        st.session_state["choose-area"] = found.area
    put_in_link({"area": found.area})


def _shown_chosen() -> None:
    chosen = st.session_state["choose-show"]
    put_in_link({"show": None if chosen == OVERALL else chosen})


def _map(view: View, shown: Showing) -> None:
    drawn = outlines(view)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
        return
    colours = palette()
    show(legend_markup(shown, colours))
    words = {code: f"{shown.name.strip()}: {shown.words(code)}" for code in view.areas.index}
    label = f"Map of {shown.name}, darker where need is greater. The table has the same values."
    if st.query_params.get("map") == FREE:
        _free_map(view, shown, words, label, colours)
    else:
        _plain_map(view, drawn, list(looks(shown)), words, colours, about_map(view, shown, label))
    st.session_state["choose-map"] = st.query_params.get("map") == FREE
    with st.container(horizontal=True):
        st.toggle("Map to pan, turn and tilt", key="choose-map", on_change=_map_chosen)
        asset_toggle(view)


def _change_map(view: View, over: OverTime, areas: pd.Index) -> None:
    drawn = outlines(view)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
        return
    colours = palette()
    show(change_legend(over, colours))
    spoken = f"Map of how {over.name} changed, {over.span}. The table has the same."
    _plain_map(view, drawn, map_looks(over), tip_words(over), colours, change_about(view, over, spoken, areas))


def _plain_map(
    view: View,
    drawn: dict[str, Any],
    seen: list[int | str],
    words: dict[str, str],
    colours: Palette,
    about: About,
) -> None:
    area_map(
        drawn,
        looks=seen,
        names=list(view.areas["name"]),
        places=[name if isinstance(name, str) else None for name in view.areas["locality"]],
        values=list(with_asset_words(view, words).values()),
        selected=list(words).index(view.area) if view.area else -1,
        locality=view.locality,
        label=about.spoken,
        colours=colours,
        key="map",
        on_area_change=_clicked,
        circles=asset_circles(view),
        about=about_assets(view, about),
    )


def _free_map(view: View, shown: Showing, words: dict[str, str], label: str, colours: Palette) -> None:
    areas = view.areas if view.locality is None else view.areas[view.areas["locality"] == view.locality]
    free_map(
        *features(view),
        looks=dict(zip(view.areas.index, looks(shown), strict=True)),
        tips={code: f"{view.areas['name'][code]}\n{text}" for code, text in words.items()},
        selected=view.area,
        within=list(areas.index),
        label=label,
        colours=colours,
        height=MAP_HEIGHT,
        key="free-map",
        on_select=_clicked_free,
    )


def _map_chosen() -> None:
    put_in_link({"map": FREE if st.session_state["choose-map"] else None})


def _clicked_free() -> None:
    objects = st.session_state["free-map"]["selection"]["objects"].get(AREAS, [])
    if objects:
        select_area(objects[0]["properties"]["id"])


def _clicked() -> None:
    clicked = st.session_state["map"].get("area")
    if clicked:
        select_area(None if clicked == st.query_params.get("area") else clicked)


def _summary(view: View, area: str) -> None:
    with st.container(height=PANEL_HEIGHT + 20, border=False):
        profile = area_profile(view.comparison, view.ranking, area)
        show(summary_markup(view, profile, palette()))
        st.button("Back to the list", on_click=select_area, args=(None,))
        sheet_downloads(view, area)
