"""The weighing component: weights, maps and ranked rows that move together in the browser.

Three mounts, so that a change of weights sends only ranks: the engine with the geometry (once), the table of
areas and scores (once per framework and release), and the result. What does not change is byte-identical at
every run, and Streamlit sends it to a browser once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from prioritisation.ui.weigh_arguments import engine, geometry_argument, result_argument, source, table_argument

_geometry = st.components.v2.component("prioritisation_geometry", js=engine())
_mount = st.components.v2.component("prioritisation_weighing", js=source("weigh_mount.js"))


def _ignored() -> None:
    """The state is read from the result when it is needed."""


def mount_geometry(geometry: Mapping[str, Any], key: str, hexes: Mapping[str, Any] | None = None) -> None:
    """Bring the engine and one boundary set to the page; call it in every run, before or after `weighing`.

    geometry: what `outlines.screen_outlines` returns, unchanged from run to run;
    hexes: what `hexes.hex_paths` returns for the same areas, None while there is no layout.
    """
    _geometry(key=key, data=geometry_argument(geometry, hexes))


def weighing(
    *,
    geometry_hash: str,
    priorities: Sequence[Mapping[str, Any]],
    weights: Sequence[float],
    aggregate: str,
    areas: Sequence[Mapping[str, Any]],
    scores: Sequence[Sequence[float | None] | None],
    logs: Sequence[Sequence[float | None] | None] | None = None,
    ranks: Sequence[int],
    cut: int,
    breaks: Sequence[float],
    version: int,
    selected: str | None = None,
    locality: str | None = None,
    stability: Sequence[Mapping[str, Any] | None] | None = None,
    flips: Sequence[str | None] | None = None,
    change: Mapping[str, Any] | None = None,
    view: Mapping[str, Any] | None = None,
    key: str,
    on_weights_change: Callable[[], None] = _ignored,
    on_selected_change: Callable[[], None] = _ignored,
    on_cut_change: Callable[[], None] = _ignored,
    on_locality_change: Callable[[], None] = _ignored,
    on_view_change: Callable[[], None] = _ignored,
) -> Any:
    """Show the view; the result has `.weights` (per cents), `.selected`, `.cut`, `.locality` and `.view`.

    priorities: (p,) {"id", "name", "question", "default"}; weights: (p,) canonical percentages (weights.py) for
    which `ranks` hold, as the browser also sends them; default: the framework's, on any scale;
    areas: (n,) {"id", "name", "locality", "population"}; scores: (n, p) 0-100, None where there is none;
    logs: `scoring.terms` of the same scores, needed for the geometric mean;
    ranks: (n,) 0 = not scored; breaks: at most 4 inner class breaks of the overall score (classes.py), frozen;
    stability: (n,) {"word", "probability"} or None; flips: (n,) a sentence without its subject, or None;
    change: {"paragraph", "areas": {id: sentence}} for the last change; these three for `weights` and `cut`;
    view: the last `.view` that the page saw, so that locks and pins outlive a change of page; read once;
    version: raise it to make the browser take `weights`, `cut`, `locality` and `selected`; otherwise it keeps its own.
    While the browser's weights or cut are newer than these, it waits for the run that answers them.
    """
    table = table_argument(priorities=priorities, aggregate=aggregate, areas=areas, scores=scores, logs=logs)
    _mount(key=f"{key}-table", data=table)
    result = result_argument(
        table=table["table"],
        geometry_hash=geometry_hash,
        weights=weights,
        ranks=ranks,
        cut=cut,
        breaks=breaks,
        version=version,
        selected=selected,
        locality=locality,
        stability=stability,
        flips=flips,
        change=change,
        view=view,
    )
    started = {name: result[name] for name in ("weights", "selected", "cut", "locality")}
    return _mount(
        key=key,
        data=result,
        default={**started, "view": dict(view) if view else None},
        on_weights_change=on_weights_change,
        on_selected_change=on_selected_change,
        on_cut_change=on_cut_change,
        on_locality_change=on_locality_change,
        on_view_change=on_view_change,
        on_weights_again_change=on_weights_change,
        on_selected_again_change=on_selected_change,
        on_cut_again_change=on_cut_change,
        on_locality_again_change=on_locality_change,
    )
