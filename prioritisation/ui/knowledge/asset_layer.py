"""The assets of a register on the map for exploring: a circle for each area, and a column of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from prioritisation.ui.image import About
from prioritisation.ui.knowledge.assets import asset_counts, assets_of
from prioritisation.ui.session import View, put_in_link, put_in_widget

ASSETS, YES = "assets", "yes"  # in the address
MEANS = "Circles: registered organisations, by the area of their postcode"
_CHOSEN = "choose-assets"


def asset_toggle(view: View) -> None:
    """Show the choice, where a register is loaded."""
    if assets_of(view).empty:
        return
    put_in_widget(_CHOSEN, _wanted())
    st.toggle("Assets: registered organisations", key=_CHOSEN, on_change=_toggled)


def asset_circles(view: View) -> list[tuple[int, int]]:
    """Return the position of each area that has assets and how many; nothing while they are not wanted."""
    if not _wanted():
        return []
    return [(place, int(count)) for place, count in enumerate(asset_counts(view)) if count]


def with_asset_words(view: View, words: Mapping[str, str]) -> dict[str, str]:
    """Return what the map says of each area, by code, with its count where assets are wanted."""
    if not _wanted():
        return dict(words)
    counts = asset_counts(view)
    return {code: f"{text} · {assets_words(int(counts.get(code, 0)))}" for code, text in words.items()}


def with_asset_counts(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of areas with a column of counts after the value, where assets are wanted."""
    if not _wanted():
        return table
    counts = asset_counts(view).reindex(table.index)
    place = list(table.columns).index("Value") + 1
    return pd.concat([table.iloc[:, :place], counts.rename("Assets"), table.iloc[:, place:]], axis=1)


def about_assets(view: View, about: About) -> About:
    """Return what a picture of the map says, with the circles where they are wanted."""
    if not _wanted():
        return about
    return replace(about, spoken=f"{about.spoken} {MEANS}.", chosen=(*about.chosen, MEANS))


def assets_words(count: int) -> str:
    """Return '1 asset' or '2 assets'."""
    return f"{count:,} asset{'' if count == 1 else 's'}"


def _wanted() -> bool:
    return st.query_params.get(ASSETS) == YES


def _toggled() -> None:
    put_in_link({ASSETS: YES if st.session_state[_CHOSEN] else None})
