"""How alike areas are by their indicators: the distance between positions among all areas, over what both have.

An indicator's value becomes the area's position from 0 to 100 among all areas, so that no unit and no far-out value
rules the rest; the distance is the root of the weighted mean square difference, over the indicators that both areas
have. Sources: Gower, Biometrics 1971;27:857-71 (missing values are left out pair by pair), Podani, Taxon 1999;48:331-40
(ranks in it); in use for statistical nearest neighbours of local authorities (Office for National Statistics, 2025).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prioritisation.scoring import Floats, Normalisation, normalise_need

SHARED_AT_LEAST = 0.6  # of the weight of all indicators; with less, two areas are not compared
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Distances:
    """From one area to all (n,). apart: 0 to 100, NaN where too little is shared; shared: share of the weight."""

    apart: Floats
    shared: Floats


def positions(values: Floats, signs: Floats) -> Floats:
    """Return each value's position from 0 to 100 among its column, 100 the greatest need; NaN stays.

    values: (n, m); signs: (m,), -1 where a lower value is greater need. Ties take their mean position.
    """
    how = Normalisation("percentile")
    return np.column_stack([normalise_need(sign * column, how) for sign, column in zip(signs, values.T, strict=True)])


def distances(place: Floats, shares: Floats, area: int) -> Distances:
    """Return how far every area is from one. place: (n, m) from `positions`; shares: (m,) weights above 0."""
    known = ~np.isnan(place) & ~np.isnan(place[area])
    weight = known * shares
    of = weight.sum(axis=1)
    square = (weight * np.nan_to_num(place - place[area]) ** 2).sum(axis=1)
    shared = of / shares.sum()
    enough = shared >= SHARED_AT_LEAST - _ROUNDING
    return Distances(np.sqrt(np.divide(square, of, out=np.full(len(place), np.nan), where=enough & (of > 0))), shared)


def typical(place: Floats, shares: Floats) -> float:
    """Return the distance between two areas that half of all pairs exceed; NaN for fewer than two areas."""
    rows = [distances(place, shares, area).apart[area + 1 :] for area in range(len(place))]
    every = np.concatenate(rows) if rows else np.array([])
    return float(np.nanmedian(every)) if np.isfinite(every).any() else float("nan")
