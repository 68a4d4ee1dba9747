"""Taking the scenario on screen along: the ranked list as CSV, and the whole view as one file for a meeting."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import streamlit as st

from prioritisation.answer import answer
from prioritisation.pack import csv_bytes, ranked_list
from prioritisation.ui.maps.boundaries import hexagons, outlines
from prioritisation.ui.markup import show, tag
from prioritisation.ui.session import View
from prioritisation.ui.weigh.about import about_map
from prioritisation.ui.weigh.arguments import WeighResult
from prioritisation.ui.weigh.offline import Stamp, offline_page
from prioritisation.ui.weigh.setting import shown

NO_OUTLINES = {"hash": "none", "width": 1000, "height": 1000, "areas": [], "localities": []}


def take_along(view: View) -> None:
    """Show a button whose drawer holds the files; they are made only while it is open."""
    box = st.popover("Take it along", key="take-along", on_change="rerun", width="stretch")
    if box.open:
        with box:
            _files(view)


def _files(view: View) -> None:
    name = f"{view.scenario.id}-{view.store.release.id}"
    show(tag("p", "Both files say which scenario and which data they hold."))
    st.download_button(
        "Ranked list (CSV)",
        data=csv_bytes(ranked_list(view.ranking)),
        file_name=f"ranked-areas-{name}.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
    )
    show(tag("p", "Opens in any spreadsheet.", class_="muted"))
    st.download_button(
        "This view for a meeting (HTML)",
        data=meeting_file(view).encode(),
        file_name=f"weigh-{name}.html",
        mime="text/html",
        on_click="ignore",
        width="stretch",
    )
    show(tag("p", "One file that needs no network: maps, list, and weights that still move.", class_="muted"))


def meeting_file(view: View) -> str:
    """Return the weighing view of the scenario on screen as one HTML file."""
    stays, framework = shown(view), view.scenario.framework
    found = answer(stays.setting, np.array(view.scenario.weights), framework.cut)
    result = WeighResult(
        weights=view.scenario.percentages,
        ranks=found.ranks.tolist(),
        cut=framework.cut,
        breaks=stays.breaks,
        selected=view.area,
        locality=view.locality,
        stability=found.stability,
        flips=found.flips,
        about=about_map(view),
    )
    return offline_page(outlines(view) or NO_OUTLINES, hexagons(view), stays.table, result, _stamp(view))


def _stamp(view: View) -> Stamp:
    release, framework = view.store.release, view.scenario.framework
    today = datetime.now(UTC)
    used = view.indicators.loc[list(framework.indicator_ids), "attribution"]
    return Stamp(
        place=view.place,
        framework=framework.name,
        scenario=view.scenario.id,
        release=release.id,
        made=f"{today.day} {today:%B %Y}",
        sources=tuple(dict.fromkeys(str(line) for line in used)),
        demonstration=release.demonstration,
        placeholder=framework.status == "placeholder",
    )
