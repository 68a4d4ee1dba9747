"""The tables beside Explore's maps: the newest values, or how they changed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from prioritisation.over_time import OverTime
from prioritisation.ui.explore.change_shown import table_of_change
from prioritisation.ui.knowledge.asset_layer import with_asset_counts
from prioritisation.ui.maps.showing import Showing
from prioritisation.ui.session import View, put_in_link
from prioritisation.words import NOT_APPLICABLE, STATUS_WORDS, decimals, unit_words

PANEL_HEIGHT = 400
RANK_WIDTH, VALUE_WIDTH, NAMES_WIDTH = 48, 70, 430  # pixels; names of area and locality side by side


def select_area(area: str | None) -> None:
    """Open an area's profile, or the list again."""
    st.session_state["find-line"] = ""
    put_in_link({"area": area})


def value_table(view: View, shown: Showing) -> None:
    """Show the newest values; a click on a row opens its area."""
    table = with_asset_counts(view, table_of(view, shown))
    area_width, locality_width = _widths(table)
    head = "Score" if shown.is_score else _head(shown)
    _clickable(
        table,
        {
            "Rank": st.column_config.NumberColumn(width=RANK_WIDTH, format="%d"),
            "Area": st.column_config.TextColumn(width=area_width),
            "Locality": st.column_config.TextColumn(width=locality_width),
            "Value": st.column_config.NumberColumn(head, format=f"%.{decimals(shown.unit)}f", width=VALUE_WIDTH),
            "People": st.column_config.NumberColumn(format="localized", width=65),
            "Code": st.column_config.TextColumn(width=90),
        },
    )


def change_table(view: View, over: OverTime) -> None:
    """Show what changed; a click on a row opens its area."""
    values = {
        each: st.column_config.NumberColumn(format=f"%.{decimals(over.unit)}f", width=VALUE_WIDTH)
        for each in (over.periods[0], over.periods[-1])
    }
    _clickable(table_of_change(view, over), {"Change": st.column_config.TextColumn(width=120), **values})


def _clickable(table: pd.DataFrame, columns: dict[str, Any]) -> None:
    """Show a table by area code, of which a click on a row opens the area."""
    st.dataframe(
        table,
        height=PANEL_HEIGHT,
        hide_index=True,
        key="table",
        on_select=lambda: _row_chosen(list(table.index)),
        selection_mode="single-cell",
        placeholder=NOT_APPLICABLE,
        column_config=columns,
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
        select_area(codes[cells[0][0]])
