"""What goes beside the slope chart: the overlap, who enters and leaves, weights side by side, and the whole table."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from prioritisation.comparison import Comparison
from prioritisation.ui.colours import palette
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, tag
from prioritisation.ui.scenarios.slope_chart import WORDS
from prioritisation.ui.scenarios.words import share_words
from prioritisation.words import NOT_APPLICABLE, weight_words


def overlap_markup(compared: Comparison) -> Markup:
    """Return the overlap as a figure and a bar: what leaves, what stays, what enters."""
    left, shared, entered = len(compared.left), compared.shared, len(compared.entered)
    counts = ((left, "leave", "left"), (shared, "in both", "both"), (entered, "enter", "entered"))
    bar = [tag("b", class_=kind, style=f"flex:{count}") for count, _, kind in counts if count]
    words = [tag("span", f"{count:,} {word}", class_=kind) for count, word, kind in counts if count]
    share = compared.share_of_people
    people = "" if math.isnan(share) else f"{share_words(share)} of the people on the first are on the second too"
    return tag(
        "section",
        tag("h2", compared.overlap.capitalize()),
        tag("div", *bar, class_="overlap", aria_hidden="true"),
        tag("p", *words, class_="overlap-words"),
        tag("p", people, class_="muted") if people else None,
        class_="beside",
    )


def crossers_markup(compared: Comparison) -> Markup | None:
    """Return who enters and who leaves, with their ranks and people; nothing where nobody does."""
    tables = [
        table([head, "Rank from", "Rank to", "People"], [_crosser(row) for row in moved.to_dict("records")])
        for head, moved in (("Enters the shortlist", compared.entered), ("Leaves the shortlist", compared.left))
        if len(moved)
    ]
    return tag("section", *tables, class_="beside") if tables else None


def _crosser(row: Mapping[Hashable, Any]) -> tuple[object, ...]:
    place = tag("small", row["locality"]) if isinstance(row["locality"], str) else None
    return join(row["name"], place), _rank(row["rank_before"]), _rank(row["rank_after"]), _people(row["population"])


def weights_markup(compared: Comparison) -> Markup:
    """Return the weights of both, side by side, as numbers and bars."""
    colours = palette().priorities
    longest = max(float(compared.weights[["before", "after"]].max().max()), 1.0)
    rows = [
        (
            row["name"],
            _weight(row["before"], longest, colours[place % len(colours)], faint=True),
            _weight(row["after"], longest, colours[place % len(colours)]),
            NOT_APPLICABLE if math.isnan(row["difference"]) else f"{row['difference']:+.1f}".removesuffix(".0"),
        )
        for place, row in enumerate(compared.weights.to_dict("records"))
    ]
    heads = ["Priority", "From, %", "To, %", "Change"]
    return tag("section", tag("h2", "What counts for how much"), table(heads, rows), class_="beside weights")


def choices_markup(compared: Comparison) -> Markup | None:
    """Return what else was chosen differently; nothing where only weights differ."""
    if compared.choices.empty:
        return None
    rows = list(compared.choices.itertuples(index=False, name=None))
    heads = ["Choice", "From", "To"]
    return tag("section", tag("h2", "What else is different"), table(heads, rows, text_columns=3), class_="beside")


def every_area(compared: Comparison) -> pd.DataFrame:
    """Return all areas by rank in the first: ranks in both, ranks moved, and what that means."""
    rows = compared.rows
    inside = rows["in_before"].astype(int) + 2 * rows["in_after"].astype(int)
    return pd.DataFrame(
        {
            "Area": rows["name"],
            "Rank from": rows["rank_before"],
            "Rank to": rows["rank_after"],
            "Ranks up": rows["moved"],
            "Shortlist": inside.map({0: "in neither", 1: "only the first", 2: "only the second", 3: "in both"}),
            "Moves": rows["change"].map({**WORDS, "": ""}),
            "Locality": rows["locality"],
            "People": rows["population"],
            "Code": rows["id"],
        }
    )


def _weight(weight: float, longest: float, colour: str, faint: bool = False) -> Markup:
    share = 0.0 if math.isnan(weight) else 100 * weight / longest
    style = f"width:{share:.1f}%;background:{colour};opacity:{0.45 if faint else 1}"
    return tag("span", weight_words(weight), tag("i", tag("b", style=style), aria_hidden="true"), class_="weight")


def _rank(rank: object) -> str:
    return NOT_APPLICABLE if pd.isna(rank) else f"{int(rank):,}"  # type: ignore[call-overload]


def _people(people: object) -> str:
    return NOT_APPLICABLE if pd.isna(people) else f"{int(people):,}"  # type: ignore[call-overload]
