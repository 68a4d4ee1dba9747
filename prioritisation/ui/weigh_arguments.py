"""What the weighing view needs, as the browser takes it: for the page, and for the file that works without one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_SCRIPTS = "dom ranks shares controls map maps row cut list detail drawers presenter steering"
_STYLES = ("weigh", "weigh_controls", "weigh_map", "weigh_list", "weigh_drawers", "weigh_presenter")

Row = Sequence[float | None] | None


def source(*names: str) -> str:
    """Return files of this folder, one after the other."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


@cache
def engine() -> str:
    """Return the view's script: one module, its parts in the order in which they need each other."""
    return source(*(f"weigh_{part}.js" for part in _SCRIPTS.split()), "weigh.js", "weigh_show.js")


@cache
def styles() -> str:
    """Return the view's styles."""
    return source(*(f"{name}.css" for name in _STYLES))


def geometry_argument(geometry: Mapping[str, Any], hexes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return both drawings and one name for what is drawn, so that the browser builds each map once."""
    drawing = f"{geometry['hash']} {_fingerprint(hexes) if hexes else ''}"
    return {"css": styles(), "geometry": geometry, "hexes": hexes, "drawing": drawing}


def table_argument(
    *,
    priorities: Sequence[Mapping[str, Any]],
    aggregate: str,
    areas: Sequence[Mapping[str, Any]],
    scores: Sequence[Row],
    logs: Sequence[Row] | None = None,
) -> dict[str, Any]:
    """Return what stays the same while weights move, named by its own content; arguments as for `weighing`.

    ValueError: the geometric mean without `logs`.
    """
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
    return {"kind": "table", "table": _fingerprint(unchanging), **unchanging}


def result_argument(
    *,
    table: str,
    geometry_hash: str,
    weights: Sequence[float],
    ranks: Sequence[int],
    cut: int,
    breaks: Sequence[float],
    version: int = 0,
    selected: str | None = None,
    locality: str | None = None,
    stability: Sequence[Mapping[str, Any] | None] | None = None,
    flips: Sequence[str | None] | None = None,
    change: Mapping[str, Any] | None = None,
    view: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a change of weights changes; arguments as for `weighing`; table: the name of the table."""
    result: dict[str, Any] = {
        "kind": "result",
        "table": table,
        "geometry": geometry_hash,
        "weights": [float(percent) for percent in weights],
        "ranks": [int(rank) for rank in ranks],
        "cut": int(cut),
        "breaks": [float(edge) for edge in breaks],
        "version": int(version),
        "selected": selected,
        "locality": locality,
    }
    if stability is not None:
        result["stability"] = _stability(stability)
    if flips is not None:
        result["flips"] = list(flips)
    if change is not None:
        result["change"] = {"paragraph": change["paragraph"], "areas": dict(change["areas"])}
    if view is not None:
        result["view"] = dict(view)
    return result


def _stability(stability: Sequence[Mapping[str, Any] | None]) -> dict[str, Any]:
    """Each word once, and which one each area has: -1 for none."""
    words = sorted({str(sure["word"]) for sure in stability if sure})
    return {
        "words": words,
        "word": [words.index(str(sure["word"])) if sure else -1 for sure in stability],
        "share": [_share(float(sure["probability"])) if sure else 0 for sure in stability],
    }


def _share(probability: float) -> float:
    """Four decimals, and 0 or 1 only for exactly that."""
    return probability if probability in (0.0, 1.0) else min(max(round(probability, 4), 0.0001), 0.9999)


def _fingerprint(content: Mapping[str, Any]) -> str:
    spelled = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]


def _row(row: Row, blank: list[None]) -> list[float | None]:
    return list(blank) if row is None else [_plain(score) for score in row]


def _plain(value: Any) -> Any:
    """NumPy's scalars as Python's own; NaN as None."""
    own = value.item() if hasattr(value, "item") else value
    return None if own != own else own
