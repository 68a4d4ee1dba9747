"""The patch on the map as it lies or as hexagons: a line round its areas, and what a click on an area does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.classes import class_breaks, classify
from prioritisation.patch.ground import Ground
from prioritisation.patches import NEED, Objective
from prioritisation.ui.charts import source_line
from prioritisation.ui.cohorts.legend import ENDS, keys_of, legend_of
from prioritisation.ui.colours import on_paper, palette
from prioritisation.ui.image import About, Key
from prioritisation.ui.maps.area_map import area_map
from prioritisation.ui.maps.boundaries import hexagons, outlines
from prioritisation.ui.maps.legend import legend_keys, legend_markup
from prioritisation.ui.maps.showing import OVERALL, looks, showing
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.weight_words import named_weights
from prioritisation.words import NO_MAP

SHAPE = "shape"
TRUE_MAP, HEX_MAP = "Map", "Hexagons"


def choose_shape(view: View, key: str) -> str:
    """Show the switch between the two maps, where there are two; return which is shown."""
    if hexagons(view) is None:
        return TRUE_MAP
    now = HEX_MAP if st.query_params.get(SHAPE) == HEX_MAP else TRUE_MAP
    put_in_widget(key, now)
    st.segmented_control(
        "Draw",
        [TRUE_MAP, HEX_MAP],
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: put_in_link({SHAPE: None if st.session_state[key] == TRUE_MAP else HEX_MAP}),
    )
    return now


def patch_map(
    view: View,
    lie: Ground,
    objective: Objective,
    *,
    shape: str,
    groups: Sequence[Sequence[int]],
    labels: Sequence[tuple[int, str, str]],
    label: str,
    told: str,
    outlined: str,
    key: str,
    on_click: Callable[[str], None],
    click_tips: Mapping[str, str] | None = None,
) -> None:
    """Show the legend and the map. groups, labels: by position of the area on the ground.

    label: spoken; told, outlined: a picture's title, and what its lines are round; on_click: gets an area's code;
    click_tips: by area code, what that does, said in an area's tip.
    """
    drawn = outlines(view)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
        return
    hexes = hexagons(view) if shape == HEX_MAP else None
    if hexes is not None:
        drawn = {"hash": f"{drawn['hash']}-hexagons", **hexes}
    colours = palette()
    seen, words, legend, keys = _coloured(view, objective)
    show(legend)
    place = {str(area["id"]): number for number, area in enumerate(drawn["areas"])}
    codes = list(place)
    area_map(
        drawn,
        looks=[seen.get(code, "missing") for code in codes],
        names=[lie.names[lie.place[code]] for code in codes],
        places=[lie.localities[lie.place[code]] for code in codes],
        values=[_tip(words.get(code, ""), (click_tips or {}).get(code, "")) for code in codes],
        selected=-1,
        locality=None,
        label=label,
        colours=colours,
        key=key,
        on_area_change=lambda: _clicked(key, on_click),
        groups=[[place[lie.codes[area]] for area in group if lie.codes[area] in place] for group in groups],
        labels=[(place[lie.codes[area]], text, look) for area, text, look in labels if lie.codes[area] in place],
        about=_about(view, objective, label, told, (*keys, Key("outline", outlined, "", border=on_paper().selected))),
    )


def _tip(value: str, click: str) -> str:
    return "\n".join(part for part in (value, click) if part)


def _about(view: View, objective: Objective, label: str, told: str, keys: tuple[Key, ...]) -> About:
    """Return what a picture of the map says."""
    ids = f"scenario {view.scenario.id} · release {view.store.release.id}"
    chosen = f"{view.place} · chosen by {objective.name}"
    return About(
        file=f"patch-{view.scenario.id}-{view.store.release.id}",
        title=told,
        spoken=label,
        chosen=(chosen, f"Weights: {named_weights(view.scenario)}"),
        keys=keys,
        ends=("least need", "greatest need") if objective.id == NEED else ENDS,
        foot=tuple(source_line(view, view.scenario.framework.indicator_ids, ids).splitlines()),
    ).dated()


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    code = st.session_state[key]["area"]
    if code:
        on_click(code)


def _coloured(
    view: View, objective: Objective
) -> tuple[Mapping[str, int | str], dict[str, str], Markup, tuple[Key, ...]]:
    """Return each area's class or state, what a tip says of it, the legend, and the same for a picture."""
    codes = [str(code) for code in view.areas.index]
    people = ["" if pd.isna(count) else f", {int(count):,} people" for count in view.areas["population"]]
    if objective.id == NEED:
        shown = showing(view, OVERALL)
        words = {code: f"Need {shown.words(code)}{more}" for code, more in zip(codes, people, strict=True)}
        seen_need = dict(zip(codes, looks(shown), strict=True))
        return seen_need, words, legend_markup(shown, palette()), legend_keys(shown, on_paper())
    gain = objective.gain
    places = classify(gain, class_breaks(gain))
    seen: dict[str, int | str] = {
        code: int(place) if place else "missing" for code, place in zip(codes, places, strict=True)
    }
    words = {
        code: f"{'not known' if np.isnan(count) else f'{count:,.0f}'} {objective.what}{more}"
        for code, count, more in zip(codes, gain, people, strict=True)
    }
    known = pd.Series(gain, index=codes).convert_dtypes()
    return seen, words, legend_of(seen, known, palette()), keys_of(seen, known, on_paper())
