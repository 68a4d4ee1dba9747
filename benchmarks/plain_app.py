"""The plain way, as a peer: sliders, a plotly map and a table, the whole script again at each move."""

from __future__ import annotations

import json
import os

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
def shapes(path: str) -> dict[str, object]:
    areas = gpd.read_parquet(path).to_crs(4326).set_index("area_code")
    return dict(json.loads(areas[["geometry"]].to_json()))


store, starting = opened()
weights = [st.sidebar.slider(priority.name, 0, 100, 25) for priority in starting.framework.priorities]
table = prioritise(store, starting.with_weights(weights)).table()
chart = px.choropleth(table, geojson=shapes(str(store.boundaries)), locations="id", color="score", hover_name="name")
chart.update_geos(fitbounds="locations", visible=False)
st.plotly_chart(chart, key="map")
st.dataframe(table)
st.text(f"state {weights}")
