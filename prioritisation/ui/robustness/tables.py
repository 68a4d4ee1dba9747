"""The Robustness page's tables: who holds in which test, who changes places without what, and by which method."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from prioritisation.findings import HowSure
from prioritisation.findings.names import AGGREGATES, METHODS, method_name
from prioritisation.robustness import word
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, tag
from prioritisation.ui.scenarios.words import share_words
from prioritisation.words import NOT_APPLICABLE

IN, OUT = "●", "○"


def overview_markup(overview: pd.DataFrame, band: float) -> Markup:
    """Return every area that is on the shortlist now or in some test, those that always hold first.

    band: of the reasonable weightings. The last column is left out where no area's rank rests on a missing value.
    """
    heads = ["Area", "In every test", "Rank", "Under other weights", "Without one priority", "Without one indicator"]
    ordered = overview.sort_values(["in every test", "on the shortlist"], ascending=False, kind="stable")
    gaps = bool((overview["worst rank with gaps"] != overview["rank"]).any())
    rows = [
        (
            _named(row),
            "yes" if row["in every test"] else "no",
            _rank(row["rank"]),
            f"{word(row['share of other weights'])} ({share_words(row['share of other weights'])})",
            row["without one priority"],
            row["without one indicator"],
            row["methods"],
            *([_rank(row["worst rank with gaps"])] if gaps else []),
        )
        for row in ordered.to_dict("records")
    ]
    legend = (
        "Names in bold are on the shortlist now; the others get on it in some test. Each column says how often the "
        f"area is on the shortlist; under other weights, of all weightings within {band:.0%} of each weight. "
        + (
            "The last column is the worst rank that missing values could give the area."
            if gaps
            else "No missing value could change a rank."
        )
    )
    last = ["Worst rank by missing values"] if gaps else []
    return join(tag("p", legend, class_="muted"), table([*heads, "By methods", *last], rows))


def _named(row: Mapping[Hashable, object]) -> Markup:
    return tag("strong", row["area"]) if row["on the shortlist"] else join(row["area"])


def left_out_markup(left_out: pd.DataFrame) -> Markup:
    """Return what is left out, how many stay, who leaves and who enters."""
    what = str(left_out.columns[0])
    rows = [
        (
            row[what],
            row["leave"] or NOT_APPLICABLE,
            row["enter"] or NOT_APPLICABLE,
            row["stay"],
        )
        for row in left_out.to_dict("records")
    ]
    return table([what[0].upper() + what[1:], "Leave", "Enter", "Stay"], rows, text_columns=3)


def methods_markup(methods: pd.DataFrame, sure: HowSure) -> Markup:
    """Return which areas each method puts on the shortlist, all methods side by side."""
    ids = [each.id for each in sure.methods]
    own = f"{sure.framework.normalise.method}/{sure.framework.aggregate}"
    head = tag(
        "tr",
        tag("th", "Area", scope="col"),
        tag("th", "Rank", scope="col"),
        tag("th", "By", scope="col"),
        *[tag("th", *_method_head(each, each == own), scope="col") for each in ids],
    )
    body = [
        tag(
            "tr",
            tag("th", _named(row), scope="row"),
            tag("td", _rank(row["rank"])),
            tag("td", f"{row['methods']} of {len(ids)}"),
            *[_cell(bool(row[method_name(each)])) for each in ids],
        )
        for row in methods.to_dict("records")
    ]
    whole = tag("table", tag("thead", head), tag("tbody", *body), class_="plain methods")
    legend = f"{IN} on the shortlist by this method, {OUT} not. Names in bold are on the shortlist now."
    scroll = tag("div", whole, class_="scroll", tabindex=0, role="region", aria_label="Methods side by side")
    return join(tag("p", legend, class_="muted"), scroll)


def _method_head(identifier: str, own: bool) -> list[object]:
    normalise, _, aggregate = identifier.partition("/")
    return [METHODS[normalise], tag("small", f"{AGGREGATES[aggregate]}{' · in force' if own else ''}")]


def _cell(inside: bool) -> Markup:
    return tag("td", IN if inside else OUT, class_="in" if inside else "out", aria_label="yes" if inside else "no")


def gaps_markup(gaps: pd.DataFrame) -> Markup:
    """Return the areas with gaps, and all on the shortlist, with the ranks that no value of the gaps can go beyond."""
    rows = [
        (
            _named(row),
            f"{100 * row['known']:.0f}%",
            _rank(row["rank"]),
            _rank(row["best rank"]),
            _rank(row["worst rank"]),
        )
        for row in gaps.to_dict("records")
    ]
    return table(["Area", "Known", "Rank", "Best possible", "Worst possible"], rows)


def chance_markup(chance: pd.DataFrame) -> Markup:
    """Return how each area on the shortlist stands beside the whole council, indicator by indicator."""
    first = list(chance.columns).index("clearly less need") + 1
    rows = [
        (row["area"], _rank(row["rank"]), *[row[name] or NOT_APPLICABLE for name in chance.columns[first:]])
        for row in chance.to_dict("records")
    ]
    return table(["Area", "Rank", *chance.columns[first:]], rows)


def _rank(rank: object) -> str:
    return str(rank) if rank else NOT_APPLICABLE
