"""The legend of a cohort's map: classes of published counts, and the two states without a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from prioritisation.ui.cohorts.words import HIDDEN
from prioritisation.ui.colours import Palette
from prioritisation.ui.image import Key
from prioritisation.ui.maps.legend import state_style
from prioritisation.ui.markup import Markup, tag
from prioritisation.words import areas_words, number

ENDS = "fewest", "most"
STATES = {"suppressed": f"{HIDDEN}, or partly {HIDDEN}", "missing": "not available"}


def legend_of(looks: Mapping[str, int | str], values: pd.Series, colours: Palette) -> Markup:
    """Return the legend, with how many areas look so. looks: a class or state by area; values: what is classed."""
    counted = Counter(looks.values())
    keys = keys_of(looks, values, colours)
    classes = [key for key in keys if key.kind == "class"]
    ramp = [
        tag(
            "li",
            tag("i", style=f"background:{key.fill}", aria_hidden="true"),
            tag("span", key.words),
            title=areas_words(counted[look]),
        )
        for look, key in zip(_present(looks), classes, strict=True)
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


def keys_of(looks: Mapping[str, int | str], values: pd.Series, colours: Palette) -> tuple[Key, ...]:
    """Return the entries, for pictures too: classes from the fewest to the most, then the states that occur.

    A class is named by the least and the greatest value in it, so that no two share a number.
    """
    counted = Counter(looks.values())
    classes = [Key("class", _span(values[_of(looks, look)]), colours.ramp[look - 1]) for look in _present(looks)]
    states = [
        Key(state, f"{meaning} ({counted[state]:,})", *colours.states[state])
        for state, meaning in STATES.items()
        if counted[state]
    ]
    return (*classes, *states)


def _present(looks: Mapping[str, int | str]) -> list[int]:
    """Return the classes that occur, the fewest first."""
    return sorted({look for look in looks.values() if isinstance(look, int)})


def _of(looks: Mapping[str, int | str], wanted: int) -> list[str]:
    return [code for code, look in looks.items() if look == wanted]


def _span(values: pd.Series) -> str:
    whole = bool((values % 1 == 0).all())
    words = [number(float(edge), precise=0 if whole else 1) for edge in (values.min(), values.max())]
    return words[0] if words[0] == words[1] else f"{words[0]}\N{EN DASH}{words[1]}"
