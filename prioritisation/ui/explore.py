"""What the Explore page shows: one thing on a map and in a table, and the profile of a chosen area."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from prioritisation.over_time import RULE, OverTime, change_sentence
from prioritisation.profiles import area_profile
from prioritisation.ui.area_map import area_map
from prioritisation.ui.asset_layer import (
    about_assets,
    asset_circles,
    asset_toggle,
    with_asset_counts,
    with_asset_words,
)
from prioritisation.ui.boundaries import features, outlines
from prioritisation.ui.change_shown import (
    change_about,
    change_legend,
    chosen,
    is_change,
    map_looks,
    table_of_change,
    tip_words,
    with_changes,
)
from prioritisation.ui.colours import Palette, palette
from prioritisation.ui.find import find
from prioritisation.ui.free_map import AREAS, free_map
from prioritisation.ui.image import About
from prioritisation.ui.legend import legend_markup
from prioritisation.ui.map_about import about_map
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import choose_locality, title
from prioritisation.ui.profile_knowledge import profile_knowledge
from prioritisation.ui.profile_questions import profile_questions
from prioritisation.ui.profile_view import summary_markup
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.sheet_download import sheet_downloads
from prioritisation.ui.showing import OVERALL, Showing, choices, looks, sentence, showing, unit_line
from prioritisation.words import NO_MAP, NOT_APPLICABLE, STATUS_WORDS, decimals, unit_words

PANEL_HEIGHT, MAP_HEIGHT = 400, 352
RANK_WIDTH, VALUE_WIDTH, NAMES_WIDTH = 48, 70, 430  # pixels; names of area and locality side by side
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
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(view, shown)
    with right:
        if view.area is None:
            _table(view, shown)
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
            _change_table(view, over)
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


def _select(area: str | None) -> None:
    st.session_state["find-line"] = ""
    put_in_link({"area": area})


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
        _select(objects[0]["properties"]["id"])


def _clicked() -> None:
    clicked = st.session_state["map"].get("area")
    if clicked:
        _select(None if clicked == st.query_params.get("area") else clicked)


def _table(view: View, shown: Showing) -> None:
    table = with_asset_counts(view, table_of(view, shown))
    area_width, locality_width = _widths(table)
    st.dataframe(
        table,
        height=PANEL_HEIGHT,
        hide_index=True,
        key="table",
        on_select=lambda: _row_chosen(list(table.index)),
        selection_mode="single-cell",
        placeholder=NOT_APPLICABLE,
        column_config={
            "Rank": st.column_config.NumberColumn(width=RANK_WIDTH, format="%d"),
            "Area": st.column_config.TextColumn(width=area_width),
            "Locality": st.column_config.TextColumn(width=locality_width),
            "Value": st.column_config.NumberColumn(
                "Score" if shown.is_score else _head(shown), format=f"%.{decimals(shown.unit)}f", width=VALUE_WIDTH
            ),
            "People": st.column_config.NumberColumn(format="localized", width=65),
            "Code": st.column_config.TextColumn(width=90),
        },
    )


def _change_table(view: View, over: OverTime) -> None:
    table = table_of_change(view, over)
    values = {
        each: st.column_config.NumberColumn(format=f"%.{decimals(over.unit)}f", width=VALUE_WIDTH)
        for each in (over.periods[0], over.periods[-1])
    }
    st.dataframe(
        table,
        height=PANEL_HEIGHT,
        hide_index=True,
        key="table",
        on_select=lambda: _row_chosen(list(table.index)),
        selection_mode="single-cell",
        placeholder=NOT_APPLICABLE,
        column_config={"Change": st.column_config.TextColumn(width=120), **values},
    )


def _widths(table: pd.DataFrame) -> tuple[int, int]:
    """Return how wide the two names are, sharing their room by what is longest in each."""
    if "Locality" not in table:
        return NAMES_WIDTH, 0
    area, locality = (int(table[name].str.len().max() or 0) for name in ("Area", "Locality"))
    wide = round(NAMES_WIDTH * min(max(area / max(1, area + locality), 0.35), 0.65))
    return wide, NAMES_WIDTH - wide


def table_of(view: View, shown: Showing) -> pd.DataFrame:
    """Return what the map shows as a table, greatest need first, by area_code."""
    areas = view.areas if view.locality is None else view.areas[view.areas["locality"] == view.locality]
    table = pd.DataFrame(
        {
            "Rank": shown.ranks[areas.index].where(shown.ranks > 0).astype("Int64"),
            "Area": areas["name"],
            "Value": shown.values[areas.index],
            "State": shown.status[areas.index].map({**STATUS_WORDS, "reported": "value"}),
            "Locality": areas["locality"],
            "People": areas["population"],
            "Code": areas.index,
        },
        index=areas.index,
    )
    if (shown.status == "reported").all():
        table = table.drop(columns="State")
    if not view.localities:
        table = table.drop(columns="Locality")
    return table.sort_values(["Rank", "Area"], na_position="last")


def _head(shown: Showing) -> str:
    return {"per cent": "Per cent", "minutes": "Minutes"}.get(shown.unit, unit_words(shown.unit).capitalize())


def _row_chosen(codes: list[str]) -> None:
    cells = st.session_state["table"]["selection"]["cells"]
    if cells:
        _select(codes[cells[0][0]])


def _summary(view: View, area: str) -> None:
    with st.container(height=PANEL_HEIGHT + 20, border=False):
        profile = area_profile(view.comparison, view.ranking, area)
        show(summary_markup(view, profile, palette()))
        st.button("Back to the list", on_click=_select, args=(None,))
        sheet_downloads(view, area)
