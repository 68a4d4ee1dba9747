"""The legend of a cohort's map: classes of published counts, and the two states without a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from prioritisation.classes import CLASSES
from prioritisation.ui.cohorts.words import HIDDEN
from prioritisation.ui.colours import Palette
from prioritisation.ui.image import Key
from prioritisation.ui.maps.legend import state_style
from prioritisation.ui.markup import Markup, tag
from prioritisation.words import number

ENDS = "fewest", "most"
STATES = {"suppressed": f"{HIDDEN}, or partly {HIDDEN}", "missing": "not available"}


def legend_of(looks: Mapping[str, int | str], values: pd.Series, breaks: Sequence[float], colours: Palette) -> Markup:
    """Return the legend, with how many areas look so. looks: a class or state by area; values: what is classed."""
    counted = Counter(looks.values())
    keys = keys_of(looks, values, breaks, colours)
    classes = [key for key in keys if key.kind == "class"]
    ramp = [
        tag(
            "li",
            tag("i", style=f"background:{key.fill}", aria_hidden="true"),
            tag("span", key.words),
            title=f"{counted[look]:,} areas",
        )
        for look, key in enumerate(classes, CLASSES + 1 - len(classes))
    ]
    states = [
        tag("li", tag("i", style=state_style(key.kind, colours), aria_hidden="true"), key.words)
        for key in keys[len(classes) :]
    ]
    return tag(
        "div",
        tag("span", ENDS[0], class_="end") if ramp else None,
        tag("ol", *ramp, class_="ramp") if ramp else None,
        tag("span", ENDS[1], class_="end") if ramp else None,
        tag("ul", *states, class_="states") if states else None,
        class_="legend",
        role="group",
        aria_label="Legend: darker is more people",
    )


def keys_of(
    looks: Mapping[str, int | str], values: pd.Series, breaks: Sequence[float], colours: Palette
) -> tuple[Key, ...]:
    """Return the entries, for pictures too: classes from the fewest to the most, then the states that occur."""
    counted = Counter(looks.values())
    known = values.dropna()
    edges = [float(known.min()), *breaks, float(known.max())] if len(known) else []
    first = CLASSES + 1 - (len(edges) - 1)
    classes = [
        Key("class", _span(edges[look - first], edges[look - first + 1]), colours.ramp[look - 1])
        for look in range(first, CLASSES + 1)
        if edges
    ]
    states = [
        Key(state, f"{meaning} ({counted[state]:,})", *colours.states[state])
        for state, meaning in STATES.items()
        if counted[state]
    ]
    return (*classes, *states)


def _span(low: float, high: float) -> str:
    words = [number(edge, precise=0 if edge == round(edge) else 1) for edge in (low, high)]
    return words[0] if words[0] == words[1] else f"{words[0]}\N{EN DASH}{words[1]}"
