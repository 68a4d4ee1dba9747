"""What the weighing view needs, as the browser takes it: for the page, and for the file that works without one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from prioritisation.ui.browser import image_script, image_style, source

_SCRIPTS = "dom ranks shares controls map maps image row cut list detail drawers presenter steering"
_STYLES = ("weigh", "weigh_controls", "weigh_map", "weigh_list", "weigh_drawers", "weigh_presenter")

Row = Sequence[float | None] | None


@cache
def engine() -> str:
    """Return the view's script: one module, its parts in the order in which they need each other."""
    own = source(*(f"weigh_{part}.js" for part in _SCRIPTS.split()), "weigh.js", "weigh_show.js")
    return f"{image_script()}\n{own}"


@cache
def styles() -> str:
    """Return the view's styles."""
    return f"{image_style()}\n{source(*(f'{name}.css' for name in _STYLES))}"


def geometry_argument(geometry: Mapping[str, Any], hexes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return both drawings and one name for what is drawn, so that the browser builds each map once."""
    drawing = f"{geometry['hash']} {_fingerprint(hexes) if hexes else ''}"
    return {"css": styles(), "geometry": geometry, "hexes": hexes, "drawing": drawing}


@dataclass(frozen=True, kw_only=True, eq=False)
class WeighTable:
    """What stays the same while weights move.

    priorities: (p,) {"id", "name", "question", "default": the framework's weight, on any scale};
    areas: (n,) {"id", "name", "locality", "population"}; scores: (n, p) 0-100, None where there is none;
    logs: `scoring.terms` of the same scores, needed for the geometric mean.
    """

    priorities: Sequence[Mapping[str, Any]]
    aggregate: str
    areas: Sequence[Mapping[str, Any]]
    scores: Sequence[Row]
    logs: Sequence[Row] | None = None

    @cached_property
    def argument(self) -> dict[str, Any]:
        """As the browser takes it, named by its own content. ValueError: the geometric mean without `logs`."""
        if self.aggregate == "geometric" and self.logs is None:
            raise ValueError("The geometric mean needs `logs`, so that browser and Python agree to the last bit.")
        blank = [None] * len(self.priorities)
        logs = self.logs if self.aggregate == "geometric" else None
        unchanging = {
            "priorities": [dict(priority) for priority in self.priorities],
            "aggregate": self.aggregate,
            "areas": [{name: _plain(value) for name, value in area.items()} for area in self.areas],
            "scores": [_row(row, blank) for row in self.scores],
            "logs": None if logs is None else [_row(row, blank) for row in logs],
        }
        return {"kind": "table", "table": _fingerprint(unchanging), **unchanging}


@dataclass(frozen=True, kw_only=True, eq=False)
class WeighResult:
    """What a change of weights changes.

    weights: (p,) canonical percentages (weights.py) for which `ranks` hold, as the browser also sends them;
    ranks: (n,) 0 = not scored; breaks: at most 4 inner class breaks of the overall score (classes.py), frozen;
    stability: (n,) {"word", "probability"} or None; flips: (n,) a sentence without its subject, or None;
    change: {"paragraph", "areas": {id: sentence}} for the last change; these three for `weights` and `cut`;
    about: what a picture of the map says of itself besides its weights (`image.About.argument`), None for no pictures;
    known: {id: a line of community knowledge} of the areas of which anything is known;
    view: the last `.view` that the page saw, so that locks and pins outlive a change of page; read once;
    version: raise it to make the browser take `weights`, `cut`, `locality` and `selected`; otherwise it keeps its own.
    """

    weights: Sequence[float]
    ranks: Sequence[int]
    cut: int
    breaks: Sequence[float]
    version: int = 0
    selected: str | None = None
    locality: str | None = None
    stability: Sequence[Mapping[str, Any] | None] | None = None
    flips: Sequence[str | None] | None = None
    change: Mapping[str, Any] | None = None
    known: Mapping[str, str] | None = None
    view: Mapping[str, Any] | None = None
    about: Mapping[str, Any] | None = None

    def argument(self, table: WeighTable, geometry_hash: str) -> dict[str, Any]:
        """The result as the browser takes it, with the names of the table and the drawing that it belongs to."""
        change = self.change
        known = {
            "stability": None if self.stability is None else _stability(self.stability),
            "flips": None if self.flips is None else list(self.flips),
            "change": None if change is None else {"paragraph": change["paragraph"], "areas": dict(change["areas"])},
            "known": dict(self.known) if self.known else None,
            "view": None if self.view is None else dict(self.view),
            "about": None if self.about is None else dict(self.about),
        }
        return {
            "kind": "result",
            "table": table.argument["table"],
            "geometry": geometry_hash,
            "weights": [float(percent) for percent in self.weights],
            "ranks": [int(rank) for rank in self.ranks],
            "cut": int(self.cut),
            "breaks": [float(edge) for edge in self.breaks],
            "version": int(self.version),
            "selected": self.selected,
            "locality": self.locality,
            **{name: value for name, value in known.items() if value is not None},
        }


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
