"""Figures of the README, measured: `python -m benchmarks`.

A benchmark is a module in this folder with a docstring, whose first line says what it measures, and a function
`figures() -> Iterator[Figure]`. It imports peer libraries inside that function, through `import_peer`, so that a
missing one costs its own rows and no others.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

LIMIT = "limit"


@dataclass(frozen=True)
class Figure:
    """One measured value beside a peer's value, or beside the limit that it has to keep (peer = LIMIT).

    value None: not measured; peer_value None: nothing to compare with; note says why, or what was counted.
    """

    name: str
    value: float | None
    unit: str
    peer: str = ""
    peer_value: float | None = None
    higher_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer, or inside the limit: above 1 is good."""
        if self.value is None or self.peer_value is None:
            return None
        better, worse = (self.peer_value, self.value) if self.higher_is_better else (self.value, self.peer_value)
        return worse / better if better else None

    def row(self) -> dict[str, str | float | None]:
        """Return the figure as a JSON row."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "ratio": self.ratio,
            "note": self.note,
        }


def import_peer(module: str) -> ModuleType | None:
    """Return a peer library, or None where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None


def not_installed(name: str, value: float | None, unit: str, library: str) -> Figure:
    """Return our figure with a note in place of the peer's."""
    return Figure(name, value, unit, library, note=f"{library} is not installed (pip install -e .[bench])")


def with_version(library: str) -> str:
    return f"{library} {metadata.version(library)}"


def best_medians(
    contenders: Mapping[str, Callable[[Any], object]], arguments: list[Any], rounds: int = 7, seconds: float = 0.12
) -> dict[str, float]:
    """Return seconds per call: for each contender the best, over the rounds, of the median of its calls.

    Contenders take turns, so that a slow spell of the machine hits all of them. Each call gets the next
    argument, so that no contender profits from seeing the same numbers again.
    """
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, call in contenders.items():
            best[name] = min(best[name], _median(call, arguments, seconds))
    return best


def _median(call: Callable[[Any], object], arguments: list[Any], seconds: float) -> float:
    call(arguments[-1])
    times: list[float] = []
    while sum(times) < seconds or len(times) < 5:
        argument = arguments[len(times) % len(arguments)]
        start = time.perf_counter()
        call(argument)
        times.append(time.perf_counter() - start)
    return statistics.median(times)
