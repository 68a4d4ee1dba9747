"""How one area compares with earlier years: a chart with limits, the same as a table, and a sentence."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from prioritisation.over_time import (
    CHANGES,
    IMPROVING,
    RULE,
    WORSENING,
    OverTime,
    area_change_sentence,
    area_series,
    standing_out,
)
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.data_page import table
from prioritisation.ui.explore.change_shown import changed, several_periods
from prioritisation.ui.explore.trend_chart import trend_figure
from prioritisation.ui.markup import show, tag
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.words import NOT_APPLICABLE, number, unit_words, valued

TREND = "trend"
_CHOICE = "choose-trend"
NOTHING = (
    "No indicator has earlier periods in this release, so nothing can be said about change. Import earlier years with "
    "the newest: population files of other years, or a table of area, indicator, period and value."
)


def trends_of_area(view: View, area: str) -> None:
    """Show the tab."""
    if not several_periods(view):
        show(tag("p", NOTHING, class_="notice"))
        return
    found = sorted(_all(view), key=lambda over: (CHANGES.index(str(over.change[area])), over.name))
    if told := standing_out(found, area):
        show(tag("p", told, class_="sentence"))
    over = _chosen(found)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _chart(view, over, area)
    with right:
        show(tag("p", area_change_sentence(over, area), class_="sentence", role="status"))
        show(_values(view, over, area))
    show(tag("p", f"{RULE} Limits are 95% limits: what chance alone may do to the counts.", class_="muted reading"))


def _all(view: View) -> list[OverTime]:
    return [changed(view, indicator) for indicator in several_periods(view)]


def _chosen(found: list[OverTime]) -> OverTime:
    """Show the choice of an indicator; return what is chosen, by default what changed most clearly."""
    by_id = {over.indicator_id: over for over in found}
    wanted = st.query_params.get(TREND, "")
    put_in_widget(_CHOICE, wanted if wanted in by_id else found[0].indicator_id)
    st.selectbox(
        "Indicator with earlier periods",
        list(by_id),
        key=_CHOICE,
        format_func=lambda key: f"{by_id[key].name}, {by_id[key].span}",
        on_change=lambda: put_in_link({TREND: st.session_state[_CHOICE]}),
        width=430,
    )
    return by_id[st.session_state[_CHOICE]]


def _chart(view: View, over: OverTime, area: str) -> None:
    change, unit = str(over.change[area]), unit_words(over.unit)
    told = f"{over.name}{' is' if change in (IMPROVING, WORSENING) else ':'} {change}"
    title = f"{view.areas['name'][area]}. {told}{f' ({unit})' if unit else ''}"
    source = source_line(view, [over.indicator_id], f"release {view.store.release.id}")
    traces, layout = trend_figure(over, area, title, view.place, source)
    file = f"trend-{over.indicator_id}-{area}-{view.store.release.id}"
    show_chart(traces, layout, alt=area_change_sentence(over, area), file_name=file, key="chart-trend", chosen=[RULE])


def _values(view: View, over: OverTime, area: str) -> object:
    rows = [
        (
            row["period"],
            valued(row["value"], str(row["status"]), over.unit),
            _between(row, over.unit),
            number(row["whole"], over.unit),
        )
        for _, row in area_series(over, area).iterrows()
    ]
    return table(["Period", "This area", "95% limits", view.place], rows)


def _between(row: pd.Series, unit: str) -> str:
    if math.isnan(row["low"]):
        return NOT_APPLICABLE
    return f"{number(row['low'], unit)} to {number(row['high'], unit)}"
