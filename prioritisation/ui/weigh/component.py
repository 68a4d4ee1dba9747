"""The weighing component: weights, maps and ranked rows that move together in the browser.

Three mounts, so that a change of weights sends only ranks: the engine with the geometry (once), the table of
areas and scores (once per framework and release), and the result. What does not change is byte-identical at
every run, and Streamlit sends it to a browser once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from prioritisation.ui.browser import source
from prioritisation.ui.weigh.arguments import WeighResult, WeighTable, engine, geometry_argument

STATES = ("weights", "selected", "cut", "locality", "view")

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
    table: WeighTable,
    result: WeighResult,
    *,
    geometry_hash: str,
    key: str,
    when: Mapping[str, Callable[[], None]] = MappingProxyType({}),
) -> Any:
    """Show the view; what comes back has `.weights` (per cents), `.selected`, `.cut`, `.locality` and `.view`.

    when: what to call when one of these STATES has changed, by its name.
    While the browser's weights or cut are newer than the result's, it waits for the run that answers them.
    """
    _mount(key=f"{key}-table", data=table.argument)
    sent = result.argument(table, geometry_hash)
    calls: dict[str, Any] = {f"on_{name}_change": when.get(name, _ignored) for name in STATES}
    again: dict[str, Any] = {f"on_{name}_again_change": when.get(name, _ignored) for name in STATES if name != "view"}
    return _mount(
        key=key,
        data=sent,
        default={**{name: sent[name] for name in STATES if name != "view"}, "view": sent.get("view")},
        **calls,
        **again,
    )
