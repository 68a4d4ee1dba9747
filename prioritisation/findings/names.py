"""Names and counts as findings say them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from prioritisation.flips import BELOW
from prioritisation.words import listed

METHODS = {
    "percentile": "percentile",
    "min-max": "distance from least to greatest",
    "z-score": "distance from the average",
    "exponential": "exponential",
}
AGGREGATES = {"arithmetic": "average", "geometric": "geometric mean"}


def named(names: Sequence[str], most: int = 4) -> str:
    """Return names as a list that can be read out; with semicolons where a name has a comma or an "and" of its own."""
    own = any("," in name or " and " in name for name in names[:most])
    if not own or len(names) < 2:
        return listed(names, most)
    if len(names) > most:
        return f"{'; '.join(names[:most])}; and {len(names) - most:,} more"
    return f"{'; '.join(names[:-1])}; and {names[-1]}"


def verb(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def per_cent(share: float) -> str:
    """Return a share of 1 as "4%", "4.2%" or "0.03%": as many decimals as it takes not to say 0."""
    figure = 100 * share
    for places in range(6):
        rounded = round(figure, places)
        if rounded and (abs(figure - rounded) < 0.05 * 10**-places or (places == 1 and abs(figure) >= 1)):
            return f"{figure:.{places}f}%"
    return "0%"


def points(share: float) -> str:
    """Return a share of all weight as percentage points that are enough: rounded up."""
    figure = 100 * share
    places = 1 if figure >= 0.1 else 2 if figure >= 0.01 else 6
    up = math.ceil(round(figure * 10**places, 6)) / 10**places
    return f"{up:.{places}f} percentage points"


def beyond(share: float, direction: str) -> str:
    """Return "below 21.3%" or "above 33.1%", rounded away from the present weight: so it is so at all of these."""
    tenths = round(1000 * share, 6)
    rounded = (math.floor(tenths) if direction == BELOW else math.ceil(tenths)) / 10
    return f"{direction} {rounded:.1f}%".replace(".0%", "%")


def method_name(identifier: str) -> str:
    """Return "percentile/arithmetic" in words."""
    normalise, _, aggregate = identifier.partition("/")
    return f"{METHODS[normalise]}, {AGGREGATES[aggregate]}"
