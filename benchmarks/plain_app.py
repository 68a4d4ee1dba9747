"""The plain way, as a peer: sliders, a plotly map and a table, the whole script again at each move."""

from __future__ import annotations

import json
import os
from typing import Any

import geopandas as gpd
import plotly.express as px
import streamlit as st

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store, open_store

FOLDER = DataFolder.chosen(os.environ["PRIORITISATION_DATA"])
st.set_page_config(layout="wide")


@st.cache_resource
def opened() -> tuple[Store, Scenario]:
    catalogue = load_catalogue(FOLDER.catalogue)
    return open_store(FOLDER), Scenario.starting(next(iter(catalogue.frameworks.values())))


@st.cache_data
def shapes(path: str) -> dict[str, Any]:
    areas = gpd.read_parquet(path).to_crs(4326).set_index("area_code")
    return {**json.loads(areas[["geometry"]].to_json()), "bbox": areas.total_bounds.tolist()}


store, starting = opened()
weights = [st.sidebar.slider(priority.name, 0, 100, 25) for priority in starting.framework.priorities]
table = prioritise(store, starting.with_weights(weights)).table()
geojson = shapes(str(store.boundaries))
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
st.text(f"state {weights}")
