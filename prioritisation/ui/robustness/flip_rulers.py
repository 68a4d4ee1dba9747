"""A ruler for each priority: how far its weight may go before the shortlist changes, and who then changes places."""

from __future__ import annotations

import pandas as pd

from prioritisation.findings import HowSure
from prioritisation.findings.by_weight import ruler_sentence, turn_words
from prioritisation.flips import ABOVE, BELOW
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, tag
from prioritisation.words import weight_words

_MARKS = (0, 25, 50, 75, 100)


def rulers_markup(sure: HowSure) -> Markup:
    """Return a ruler for each priority that counts."""
    priorities = sure.framework.priorities
    made = [_ruler(sure, k) for k in range(len(priorities)) if sure.ranking.scores.weights[k] > 0]
    calm = tag("li", tag("i", class_="calm", aria_hidden="true"), "the shortlist stays as it is")
    turn = tag("li", tag("i", class_="turn", aria_hidden="true"), "here it changes")
    now = tag("li", tag("i", class_="now", aria_hidden="true"), "weight now")
    return tag("div", tag("ul", calm, turn, now, class_="keys ruler-keys"), *made, class_="rulers")


def _ruler(sure: HowSure, priority: int) -> Markup:
    share = float(sure.ranking.scores.weights[priority])
    low, high = (sure.flips.first(priority, direction) for direction in (BELOW, ABOVE))
    start, end = (low.share if low else 0.0), (high.share if high else 1.0)
    ticks = [
        tag("i", class_="turn", style=f"left:{100 * turn.share:.3f}%", title=turn_words(sure, turn))
        for turn in sure.flips.turns[priority]
    ]
    track = tag(
        "div",
        tag("b", style=f"left:{100 * start:.3f}%;width:{100 * (end - start):.3f}%"),
        *ticks,
        tag("i", class_="now", style=f"left:{100 * share:.3f}%"),
        class_="track",
        aria_hidden="true",
    )
    scale = tag("div", *[tag("span", f"{mark}%", style=f"left:{mark}%") for mark in _MARKS], class_="scale")
    count = len(sure.flips.turns[priority])
    head = tag(
        "h3",
        sure.framework.priorities[priority].name,
        tag("small", f" now {weight_words(100 * share)}% · {count:,} {'turn' if count == 1 else 'turns'} in all"),
    )
    return tag("section", head, track, scale, tag("p", ruler_sentence(sure, priority)), class_="ruler")


def smallest_markup(changes: pd.DataFrame) -> Markup:
    """Return the weights now and at the nearest turn."""
    rows = [
        (row["priority"], _weight(row["weight now"]), _weight(row["weight at the turn"]))
        for row in changes.to_dict("records")
    ]
    return table(["Priority", "Now", "At the turn"], rows)


def _weight(figure: float) -> str:
    return f"{figure:.2f}%".replace(".00%", "%")
