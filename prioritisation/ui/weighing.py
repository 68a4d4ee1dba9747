"""The weighing component: weights, map and ranked rows that move together in the browser.

Three mounts, so that a change of weights sends only ranks: the engine with the geometry (once), the table of
areas and scores (once per framework and release), and the result. What does not change is byte-identical at
every run, and Streamlit sends it to a browser once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_ENGINE = ("weigh_ranks.js", "weigh_controls.js", "weigh_map.js", "weigh_rows.js", "weigh.js")  # one module, in order


def _source(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_CSS = _source("weigh.css")
_geometry = st.components.v2.component("prioritisation_geometry", js=_source(*_ENGINE))
_mount = st.components.v2.component("prioritisation_weighing", js=_source("weigh_mount.js"))


def mount_geometry(geometry: Mapping[str, Any], key: str) -> None:
    """Bring the engine and one boundary set to the page; call it in every run, before or after `weighing`.

    geometry: what `outlines.screen_outlines` returns, unchanged from run to run.
    """
    _geometry(key=key, data={"css": _CSS, "geometry": geometry})


def weighing(
    *,
    geometry_hash: str,
    priorities: Sequence[Mapping[str, Any]],
    weights: Sequence[float],
    aggregate: str,
    areas: Sequence[Mapping[str, Any]],
    scores: Sequence[Sequence[float] | None],
    logs: Sequence[Sequence[float] | None] | None = None,
    ranks: Sequence[int],
    cut: int,
    breaks: Sequence[float],
    version: int,
    selected: str | None = None,
    locality: str | None = None,
    key: str,
    on_weights_change: Callable[[], None] = lambda: None,
    on_selected_change: Callable[[], None] = lambda: None,
    on_cut_change: Callable[[], None] = lambda: None,
) -> Any:
    """Show the view; the result has `.weights` (per cents), `.selected` (id or None) and `.cut`.

    priorities: (p,) {"id", "name", "question", "default"}; weights: (p,) canonical percentages (weights.py) for
    which `ranks` hold, as the browser also sends them; default: the framework's, on any scale;
    areas: (n,) {"id", "name", "locality", "population"}; scores: (n, p) 0-100, None where there is none;
    logs: `scoring.terms` of the same scores, needed for the geometric mean;
    ranks: (n,) 0 = not scored; breaks: (4,) inner class breaks of the overall score;
    version: raise it to make the browser take `weights` and `selected`; otherwise it keeps its own.
    While the browser's weights are newer than `weights`, it waits for the run that answers them.
    """
    table = _table(priorities, aggregate, areas, scores, logs)
    _mount(key=f"{key}-table", data=table)
    result = {
        "kind": "result",
        "table": table["table"],
        "geometry": geometry_hash,
        "weights": [float(percent) for percent in weights],
        "ranks": [int(rank) for rank in ranks],
        "cut": int(cut),
        "breaks": [float(edge) for edge in breaks],
        "version": int(version),
        "selected": selected,
        "locality": locality,
    }
    return _mount(
        key=key,
        data=result,
        default={"weights": result["weights"], "selected": selected, "cut": result["cut"]},
        on_weights_change=on_weights_change,
        on_selected_change=on_selected_change,
        on_cut_change=on_cut_change,
    )


def _table(
    priorities: Sequence[Mapping[str, Any]],
    aggregate: str,
    areas: Sequence[Mapping[str, Any]],
    scores: Sequence[Sequence[float] | None],
    logs: Sequence[Sequence[float] | None] | None,
) -> dict[str, Any]:
    """What stays the same while weights move, named by its own content."""
    if aggregate == "geometric" and logs is None:
        raise ValueError("The geometric mean needs `logs`, so that browser and Python agree to the last bit.")
    blank = [None] * len(priorities)
    unchanging = {
        "priorities": [dict(priority) for priority in priorities],
        "aggregate": aggregate,
        "areas": [{name: _plain(value) for name, value in area.items()} for area in areas],
        "scores": [_row(row, blank) for row in scores],
        "logs": None if logs is None or aggregate != "geometric" else [_row(row, blank) for row in logs],
    }
    spelled = json.dumps(unchanging, sort_keys=True, allow_nan=False)
    return {"kind": "table", "table": hashlib.sha256(spelled.encode()).hexdigest()[:16], **unchanging}


def _row(row: Sequence[float] | None, blank: list[None]) -> list[float | None]:
    return list(blank) if row is None else [_plain(score) for score in row]


def _plain(value: Any) -> Any:
    """NumPy's scalars as Python's own; NaN as None."""
    own = value.item() if hasattr(value, "item") else value
    return None if own != own else own
