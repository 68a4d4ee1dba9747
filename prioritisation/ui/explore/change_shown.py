"""Change of one indicator over its periods, as a map: improving, worsening, no clear change, or no trend claimed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from prioritisation.over_time import (
    CHANGES,
    IMPROVING,
    NO_CLAIM,
    NO_CLEAR_CHANGE,
    RULE,
    WORSENING,
    OverTime,
    change_sentence,
    change_table,
    over_time,
    series_words,
    with_several_periods,
)
from prioritisation.store import Store
from prioritisation.ui.charts import source_line
from prioritisation.ui.colours import Palette, on_paper
from prioritisation.ui.image import About, Key
from prioritisation.ui.maps.legend import state_style
from prioritisation.ui.markup import Markup, tag
from prioritisation.ui.session import View

CHANGE = "change."
LOOKS = {WORSENING: "worsening", IMPROVING: "improving", NO_CLEAR_CHANGE: "steady", NO_CLAIM: "missing"}
_INDENT = "\u2003\u2003"


def several_periods(view: View) -> Mapping[str, tuple[str, ...]]:
    """Return the indicators that can be shown over time, with their periods."""
    return _several(view.store, view.release_key)


def changed(view: View, indicator: str) -> OverTime:
    """Return an indicator over time for the areas on screen."""
    return _changed(view.store, view.areas.index, view.release_key, view.council, indicator)


def with_changes(view: View, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the choices of what can be shown, with the change of each indicator below it."""
    periods = several_periods(view)
    made: dict[str, str] = {}
    for key, label in labels.items():
        made[key] = label
        if key in periods:
            name = str(view.indicators["name"][key])
            made[CHANGE + key] = f"{_INDENT}{name}: change, {periods[key][0]} to {periods[key][-1]}"
    return made


def is_change(wanted: str) -> bool:
    return wanted.startswith(CHANGE)


def chosen(view: View, wanted: str) -> OverTime:
    """Return what a choice of `with_changes` names."""
    return changed(view, wanted.removeprefix(CHANGE))


def map_looks(over: OverTime) -> list[int | str]:
    """Return how each area is drawn."""
    return [LOOKS[str(change)] for change in over.change]


def tip_words(over: OverTime) -> dict[str, str]:
    """Return what the map says of each area: its change, and each value."""
    return {
        str(code): f"{str(over.change[code]).capitalize()}. {series_words(over, code)}" for code in over.change.index
    }


def change_legend(over: OverTime, colours: Palette) -> Markup:
    """Return the legend: every look that occurs, in words and with how many areas look so."""
    entries = [
        tag("li", tag("i", style=_swatch(change, colours), aria_hidden="true"), f"{change} ({count:,})")
        for change, count in _counted(over)
    ]
    return tag("div", tag("ul", *entries, class_="states"), class_="legend", role="group", aria_label="Legend")


def _swatch(change: str, colours: Palette) -> str:
    if change == NO_CLAIM:
        return state_style("missing", colours)
    ground, _, border = colours.states[LOOKS[change]]
    return f"background:{ground};border:1px solid {border}"


def _counted(over: OverTime) -> list[tuple[str, int]]:
    count = over.change.value_counts()
    return [(change, int(count[change])) for change in CHANGES if change in count.index]


def change_about(view: View, over: OverTime, spoken: str, areas: pd.Index) -> About:
    """Return what a picture of the map says."""
    outlined = [f"Outlined: {view.areas['name'][view.area]}"] if view.area is not None else []
    ids = f"scenario {view.scenario.id} · release {view.store.release.id}"
    paper = on_paper()
    return About(
        file=f"change-{over.indicator_id}-{view.store.release.id}",
        title=change_sentence(over, areas),
        spoken=spoken,
        chosen=(f"{view.place} · {over.name} · change, {over.span}", RULE, *outlined),
        keys=tuple(
            Key(LOOKS[change], f"{change} ({count:,})", *paper.states[LOOKS[change]])
            for change, count in _counted(over)
        ),
        foot=tuple(source_line(view, [over.indicator_id], ids).splitlines()),
    ).dated()


def table_of_change(view: View, over: OverTime) -> pd.DataFrame:
    """Return what the map shows as a table by area_code, worsening first."""
    table = change_table(over, view.areas["name"])
    if view.locality is not None:
        table = table[(view.areas["locality"] == view.locality)[table.index]]
    made = pd.DataFrame(
        {
            "Change": table["change"].str.capitalize(),
            "Area": table["area"],
            over.periods[0]: over.values[over.periods[0]][table.index],
            over.periods[-1]: over.values[over.periods[-1]][table.index],
            "Locality": view.areas["locality"][table.index],
            "Code": table.index,
        },
        index=table.index,
    )
    return made if view.localities else made.drop(columns="Locality")


@st.cache_resource(max_entries=4, show_spinner=False)
def _several(_store: Store, release: str) -> Mapping[str, tuple[str, ...]]:
    return with_several_periods(_store)


@st.cache_resource(max_entries=64, show_spinner=False)
def _changed(_store: Store, _areas: pd.Index, release: str, council: str | None, indicator: str) -> OverTime:
    return over_time(_store, indicator, _areas)
