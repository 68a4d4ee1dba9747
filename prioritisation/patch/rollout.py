"""A division reported: each patch's people, need and shape, what it does to localities, and in which order to begin."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from prioritisation.patch.fares import need
from prioritisation.patch.ground import Floats, Ground

NO_LOCALITY = "no locality"


@dataclass(frozen=True, eq=False)
class Part:
    """One patch of a division. need: score x people / 100; intensity: need per 100 residents with a score (0 to 100).

    of_mean: its load over the mean load; reasons: priorities in which it stands out, (name, score over the council's).
    localities: name -> how many of its areas lie there, the most first.
    """

    number: int
    name: str
    members: tuple[int, ...]
    people: int
    need: float
    share_of_need: float
    intensity: float
    of_mean: float
    compactness: float
    localities: dict[str, int]
    reasons: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Rollout:
    """All patches in the order to begin with, and what the division is like as a whole.

    furthest: how far the patch least like the mean is off, 0.12 for 12%; split: locality -> in how many patches;
    needed: locality -> in how many it has to be for its size; cut: pairs of neighbours that a border parts;
    left_out: areas without a boundary, in no patch; crossings: neighbours across water inside a patch.
    """

    parts: tuple[Part, ...]
    furthest: float
    compactness: float
    split: dict[str, int]
    needed: dict[str, int]
    cut: int
    left_out: tuple[int, ...]
    crossings: tuple[tuple[int, int], ...]

    @property
    def needlessly_split(self) -> list[str]:
        """Localities that lie in more patches than their size asks for."""
        return [name for name, count in self.split.items() if count > self.needed[name]]


def rollout(
    ground: Ground,
    parts: Sequence[Sequence[int]],
    load: Floats,
    score: Floats,
    priority_scores: Floats,
    priorities: Sequence[str],
) -> Rollout:
    """Report a division. load: what was balanced; score: (n,); priority_scores: (n, p), named by priorities."""
    loads = np.array([np.nan_to_num(load)[list(part)].sum() for part in parts])
    mean = float(loads.mean()) or 1.0
    needs = np.nan_to_num(need(score, ground.people))
    made = [
        _part(ground, part, needs, score, priority_scores, priorities, float(each / mean))
        for part, each in zip(parts, loads, strict=True)
    ]
    order = sorted(made, key=lambda part: (-_comparable(part.intensity), -part.need))
    names = _names(ground, [part.members for part in order])
    numbered = [
        replace(part, number=number, name=name) for number, (part, name) in enumerate(zip(order, names, strict=True), 1)
    ]
    owner = {area: number for number, part in enumerate(parts) for area in part}
    placed = [(name, owner[area]) for area, name in enumerate(ground.localities) if name and area in owner]
    split = Counter(name for name, _ in set(placed))
    return Rollout(
        parts=tuple(numbered),
        furthest=float(np.abs(loads / mean - 1).max()),
        compactness=float(np.mean([part.compactness for part in numbered])),
        split={name: split[name] for name in sorted(split)},
        needed={name: _needed(ground, load, name, mean) for name in sorted(split)},
        cut=sum(owner[a] != owner[b] for a, b in ground.shared if a in owner and b in owner),
        left_out=tuple(np.flatnonzero(~ground.placed).tolist()),
        crossings=tuple(link for part in parts for link in ground.crossings(part)),
    )


def _part(
    ground: Ground,
    members: Sequence[int],
    needs: Floats,
    score: Floats,
    priority_scores: Floats,
    priorities: Sequence[str],
    of_mean: float,
) -> Part:
    areas = list(members)
    held = float(needs[areas].sum())
    total = float(needs.sum())
    return Part(
        number=0,
        name="",
        members=tuple(areas),
        people=int(ground.counted[areas].sum()),
        need=held,
        share_of_need=held / total if total else math.nan,
        intensity=_mean_score(score, ground.people, areas),
        of_mean=of_mean,
        compactness=ground.compactness(areas),
        localities=dict(Counter(ground.localities[area] or NO_LOCALITY for area in areas).most_common()),
        reasons=_reasons(ground, areas, priority_scores, priorities),
    )


def _reasons(
    ground: Ground, areas: list[int], priority_scores: Floats, priorities: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Return the priorities by how far the patch's residents score above the council's, furthest first."""
    everyone = list(range(ground.n))
    above = [
        (name, _mean_score(column, ground.people, areas) - _mean_score(column, ground.people, everyone))
        for name, column in zip(priorities, priority_scores.T, strict=True)
    ]
    return tuple(sorted((each for each in above if not math.isnan(each[1])), key=lambda each: -each[1]))


def _mean_score(score: Floats, people: Floats, areas: list[int]) -> float:
    """Return the mean score of residents of areas with a score, NaN where there are none."""
    own, weight = score[areas], people[areas]
    known = ~np.isnan(own) & ~np.isnan(weight)
    total = float(weight[known].sum())
    return float((own[known] * weight[known]).sum()) / total if total else math.nan


def _comparable(intensity: float) -> float:
    return -math.inf if math.isnan(intensity) else intensity


def _names(ground: Ground, parts: Sequence[Sequence[int]]) -> list[str]:
    """Name each patch after the locality, else the area, where most of its people live; numbered where names repeat."""
    found = []
    for part in parts:
        people: Counter[str] = Counter()
        for area in part:
            people[ground.localities[area] or ground.names[area]] += int(ground.counted[area])
        found.append(people.most_common(1)[0][0])
    repeated, seen = Counter(found), Counter[str]()
    named = []
    for name in found:
        seen[name] += 1
        named.append(f"{name} {seen[name]}" if repeated[name] > 1 else name)
    return named


def _needed(ground: Ground, load: Floats, name: str, mean: float) -> int:
    """Return in how many patches a locality has to lie, when each holds the mean."""
    own = [area for area, other in enumerate(ground.localities) if other == name]
    return max(1, math.ceil(float(np.nan_to_num(load)[own].sum()) / mean - 0.5))
