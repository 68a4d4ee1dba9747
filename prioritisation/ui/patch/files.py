"""Taking patches along: the areas as CSV and the outlines as GeoJSON, made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from prioritisation.patch_files import areas_csv, outlines_geojson
from prioritisation.ui.markup import show, tag
from prioritisation.ui.session import View

_KINDS = {"csv": ("Areas (CSV)", "text/csv"), "geojson": ("Outlines (GeoJSON)", "application/geo+json")}


def patch_downloads(view: View, name: str, areas: Callable[[], pd.DataFrame], said: str) -> None:
    """Show a button whose drawer holds both files. name: of the files; areas: as `patch_files` takes them."""
    box = st.popover("Take it along", key="patch-files", on_change="rerun", width="stretch")
    if not box.open:
        return
    with box:
        show(tag("p", "Both files say which scenario and which data they hold.", class_="muted"))
        for kind, (label, mime) in _KINDS.items():
            st.download_button(
                label,
                data=partial(_made, view, kind, areas, said),
                file_name=f"{name}-{view.scenario.id}-{view.store.release.id}.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"patch-{kind}",
                width="stretch",
            )


def _made(view: View, kind: str, areas: Callable[[], pd.DataFrame], said: str) -> bytes:
    boundaries = view.store.boundaries
    if kind == "csv" or boundaries is None:
        return areas_csv(view.ranking, areas(), said)
    sources = dict.fromkeys(str(line) for line in view.store.sources()["attribution"] if line)
    return outlines_geojson(view.ranking, boundaries, areas(), said, list(sources))
