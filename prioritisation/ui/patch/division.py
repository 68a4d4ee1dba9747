"""The whole council in connected patches, one team each, and in which order to begin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.patch.division import WITHIN
from prioritisation.patch.ground import Ground
from prioritisation.patch.rollout import Part, Rollout
from prioritisation.patch.sentences import division_sentence, per_cent, rollout_sentence
from prioritisation.patch_files import many_patches
from prioritisation.patches import NEED, PEOPLE, area_rows, plan_for, usual_range
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly
from prioritisation.ui.patch.files import patch_downloads
from prioritisation.ui.patch.found import division, ground, objective
from prioritisation.ui.patch.map import choose_shape, patch_map
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.words import NOT_APPLICABLE, areas_words, listed, number

INTO, BALANCE, FOLLOW, AREA = "into", "balance", "follow", "area"
MOST_PARTS = 60
BALANCES = {PEOPLE: "People", NEED: "Need"}


def whole_council(view: View) -> None:
    """Show the tab."""
    lie = ground(view)
    into, balance, follow = _choices(view, lie)
    plainly(lambda: _divided(view, lie, into, balance, follow))


def _divided(view: View, lie: Ground, into: int, balance: str, follow: bool) -> None:
    found = division(view, plan_for(lie, into, None, follow), balance)
    told = division_sentence(found, BALANCES[balance].lower(), WITHIN)
    show(tag("p", told, class_="sentence patch-division", role="status"))
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(view, lie, found, told)
    with right:
        _order(found)
    _more(lie, found)


def _choices(view: View, lie: Ground) -> tuple[int, str, bool]:
    """Show how to divide; return number of patches, what is balanced, whether localities are followed."""
    number_of, what, where, _ = st.columns([2, 3, 4, 3], gap="small", vertical_alignment="bottom")
    placed = int(lie.placed.sum())
    most = max(1, min(MOST_PARTS, placed))
    given = st.query_params.get(INTO, "")
    usual = round(float(lie.counted.sum()) / (sum(usual_range(view.ranking)) / 2 + 1e-9)) or 1
    into = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else min(usual, 12)
    st.session_state["patch-into"] = min(max(into, 1), most)
    with number_of:
        st.number_input(
            "Number of patches",
            min_value=1,
            max_value=most,
            key="patch-into",
            on_change=lambda: put_in_link({INTO: str(st.session_state["patch-into"])}),
        )
    balance = NEED if st.query_params.get(BALANCE) == NEED else PEOPLE
    put_in_widget("patch-balance", balance)
    with what:
        st.segmented_control(
            "Equal in",
            list(BALANCES),
            key="patch-balance",
            format_func=BALANCES.__getitem__,
            required=True,
            on_change=lambda: put_in_link({BALANCE: NEED if st.session_state["patch-balance"] == NEED else None}),
        )
    follow = st.query_params.get(FOLLOW) == "yes"
    put_in_widget("patch-follow", follow)
    with where:
        st.toggle(
            "Borders follow localities",
            key="patch-follow",
            on_change=lambda: put_in_link({FOLLOW: "yes" if st.session_state["patch-follow"] else None}),
        )
    return st.session_state["patch-into"], balance, follow


def _map(view: View, lie: Ground, found: Rollout, told: str) -> None:
    draw, files = st.columns([9, 3], gap="small", vertical_alignment="bottom")
    with draw:
        shape = choose_shape(view, "patch-shape-all")
    with files:
        patch_downloads(view, "patches", lambda: many_patches(_rows(view, lie, found), found.parts), told)
    patch_map(
        view,
        lie,
        objective(view, NEED),
        shape=shape,
        groups=[part.members for part in found.parts],
        labels=[(_middle(lie, part), str(part.number), "number") for part in found.parts],
        label=f"Map: lines round {len(found.parts)} patches, numbered in the order to begin with.",
        told=told,
        outlined="a patch, numbered in the order to begin with",
        key=f"patch-all-{shape}",
        on_click=lambda code: put_in_link({AREA: code}),
    )


def _rows(view: View, lie: Ground, found: Rollout) -> list[pd.DataFrame]:
    gain = objective(view, NEED).gain
    return [area_rows(view.ranking, lie, gain, part.members) for part in found.parts]


def _middle(lie: Ground, part: Part) -> int:
    """Return the area of a patch that most of its neighbours surround: where its number is easy to see."""
    inside = set(part.members)
    return max(
        part.members, key=lambda area: (sum(other in inside for other in lie.neighbours[area]), lie.extent[area])
    )


def _order(found: Rollout) -> None:
    show(tag("h2", "In which order to begin"))
    rows = [
        (
            f"{part.number}. {part.name}",
            f"{part.people:,}",
            NOT_APPLICABLE if math.isnan(part.intensity) else number(part.intensity, precise=0),
            per_cent(part.share_of_need),
            _from_mean(part),
        )
        for part in found.parts
    ]
    show(table(["Patch", "People", "Need per resident", "Of all need", "From the mean"], rows))


def _from_mean(part: Part) -> str:
    off = round(100 * (part.of_mean - 1))
    return f"{off:+}%" if off else "0%"


def _more(lie: Ground, found: Rollout) -> None:
    reasons, shape = st.columns(2, gap="medium")
    with reasons:
        show(tag("h2", "Why this order"))
        show(tag("p", "Greatest need per resident first, whatever the size.", class_="muted"))
        lines = [tag("li", f"{part.number}. {rollout_sentence(part)}") for part in found.parts]
        show(tag("ol", *lines, class_="patch-reasons"))
    with shape:
        show(tag("h2", "What the borders do"))
        spread = [(name, str(count), str(found.needed[name])) for name, count in found.split.items()]
        show(table(["Locality", "Patches it lies in", "Its size asks for"], spread))
        ragged = sorted(found.parts, key=lambda part: part.compactness)[:2]
        told = (
            f"Compactness is {found.compactness:.2f} on average, where 1 is a circle; least compact: "
            f"{listed([part.name for part in ragged])}. The borders part {found.cut:,} of {len(lie.shared):,} pairs of "
            f"neighbouring areas."
        )
        show(tag("p", told if not np.isnan(found.compactness) else "", class_="muted"))
        if found.left_out:
            show(tag("p", f"{areas_words(len(found.left_out))} without a boundary in no patch.", class_="notice"))
        if found.crossings:
            pairs = [f"{lie.names[a]} and {lie.names[b]}" for a, b in found.crossings]
            show(tag("p", f"Joined across water: {listed(pairs)}.", class_="muted"))
