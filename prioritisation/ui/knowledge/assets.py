"""Assets of a register beside the numbers: how many in each area, and which. Never scored."""

from __future__ import annotations

from itertools import islice

import pandas as pd
import streamlit as st

from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.session import View
from prioritisation.ui.style import show_sheet

MOST_LISTED = 60
REGISTERED_HERE = "Placed by their registered postcode: they may work elsewhere too, and others may work here."


@st.cache_resource(max_entries=3, show_spinner=False)
def _assets(_view: View, release: str) -> pd.DataFrame:
    return _view.store.assets()


def assets_of(view: View) -> pd.DataFrame:
    """Return the assets of the areas on screen: asset_id, name, about, area_code, source_id."""
    every = _assets(view, view.release_key)
    return every[every["area_code"].isin(view.areas.index)]


def asset_counts(view: View) -> pd.Series:
    """Return how many assets every area on screen has, by area_code, 0 included."""
    return assets_of(view).groupby("area_code").size().reindex(view.areas.index, fill_value=0)


def assets_here(view: View) -> None:
    """Show the assets of the chosen area or locality; without one, how many there are."""
    every = assets_of(view)
    if every.empty:
        show(tag("p", "No register of assets is loaded (`prioritisation import assets`).", class_="muted"))
        return
    show(tag("h2", "What is already here?"))
    inside = view.areas if view.locality is None else view.areas[view.areas["locality"] == view.locality]
    own = every[every["area_code"].isin([view.area] if view.area else inside.index)]
    place = view.areas["name"][view.area] if view.area else view.locality or view.place
    show(tag("p", f"{place} has {len(own):,} registered organisations. {REGISTERED_HERE}", class_="muted"))
    if view.area is not None or view.locality is not None:
        show(assets_markup(own, view))
    show(tag("p", _source(view, every), class_="muted"))


def area_assets(view: View, area: str) -> None:
    """Show the assets of one area as part of its profile; nothing where no register is loaded."""
    every = assets_of(view)
    if every.empty:
        return
    show_sheet("knowledge")
    own = every[every["area_code"] == area]
    count = f"{len(own):,} registered organisation{'s' if len(own) != 1 else ''} here."
    show(tag("h2", "What is already here?"), tag("p", f"{count} {REGISTERED_HERE}", class_="muted"))
    show(assets_markup(own, view), tag("p", _source(view, own if len(own) else every), class_="muted"))


def assets_markup(assets: pd.DataFrame, view: View) -> Markup:
    """Return a list of assets; each with its area where several are on screen."""
    names = view.areas["name"].to_dict()
    several = len(set(assets["area_code"])) > 1
    rows = []
    for row in islice(assets.sort_values("name").itertuples(), MOST_LISTED):
        about = [str(row.about)] if row.about else []
        where = [str(names[row.area_code])] if several else []
        rows.append(tag("li", row.name, tag("small", " · ".join([*where, *about]))))
    if len(assets) > MOST_LISTED:
        rows.append(tag("li", f"and {len(assets) - MOST_LISTED:,} more"))
    return tag("ul", *rows, class_="assets")


def _source(view: View, assets: pd.DataFrame) -> str:
    """Return where the assets come from."""
    sources = view.store.sources()
    named = [sources.loc[each] for each in assets["source_id"].unique() if each in sources.index]
    return " ".join(f"Source: {each['title']}, {each['publisher']}. {each['attribution']}" for each in named)
