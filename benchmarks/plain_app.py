"""The plain way, as a peer: sliders, a plotly map and a table, the whole script again at each move.

What does not change is cached, and the score is one matrix product: nothing here is slower than it has to be.
"""

from __future__ import annotations

import json
import os
from typing import Any

import geopandas as gpd
import pandas as pd
import plotly.express as px
import streamlit as st

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import open_store

FOLDER = DataFolder.chosen(os.environ["PRIORITISATION_DATA"])
st.set_page_config(layout="wide")


@st.cache_data
def loaded() -> tuple[pd.DataFrame, list[str], str]:
    """Return areas with their scores by priority, the priorities' names, and the file of the boundaries."""
    starting = Scenario.starting(next(iter(load_catalogue(FOLDER.catalogue).frameworks.values())))
    with open_store(FOLDER) as store:
        ranking, boundaries = prioritise(store, starting), str(store.boundaries)
    names = [priority.name for priority in starting.framework.priorities]
    areas = ranking.table()[["id", "name", "locality", "population"]]
    areas[names] = ranking.scores.priority_scores
    return areas, names, boundaries


@st.cache_data
def shapes(path: str) -> dict[str, Any]:
    areas = gpd.read_parquet(path).to_crs(4326).set_index("area_code")
    return {**json.loads(areas[["geometry"]].to_json()), "bbox": areas.total_bounds.tolist()}


areas, priorities, boundaries = loaded()
weights = pd.Series({name: st.sidebar.slider(name, 0, 100, 25) for name in priorities})
table = areas.assign(score=areas[priorities] @ (weights / weights.sum()))
table["rank"] = table["score"].rank(ascending=False, method="min")
table = table.sort_values("rank")
geojson = shapes(boundaries)
west, south, east, north = geojson["bbox"]
middle = {"lon": (west + east) / 2, "lat": (south + north) / 2}
chart = px.choropleth_map(
    table,
    geojson=geojson,
    locations="id",
    color="score",
    hover_name="name",
    map_style="white-bg",
    center=middle,
    zoom=8,
)
st.plotly_chart(chart, key="map")
st.dataframe(table)
