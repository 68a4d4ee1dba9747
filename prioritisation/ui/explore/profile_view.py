"""The profile of one area: where it stands, what its score is made of, and every indicator beside its neighbours'."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd

from prioritisation.framework import HIGHER_IS_BETTER
from prioritisation.profiles import Profile
from prioritisation.ui.colours import Palette
from prioritisation.ui.markup import Markup, join, tag
from prioritisation.ui.session import View
from prioritisation.words import (
    STATUS_MEANING,
    number,
    percent,
    place_words,
    unit_words,
    valued,
)

STRIP_WIDTH, STRIP_HEIGHT, STRIP_MARGIN = 200, 22, 6


def summary_markup(view: View, profile: Profile, colours: Palette) -> Markup:
    """Return the head of the profile: name, place, rank, and what the score is made of."""
    area = profile.area
    known = {"Locality": area["locality"], "Ward": area["ward"], "Kind of place": area["urban_rural"]}
    facts = [tag("span", f"{what}: {fact}") for what, fact in known.items() if isinstance(fact, str) and fact]
    people = f"{int(area['population']):,} people" if pd.notna(area["population"]) else "population not known"
    standing = (
        join(tag("strong", place_words(profile.rank, profile.scored_areas)), f" · score {profile.score:.1f} of 100")
        if profile.rank
        else tag("strong", "Not scored: too few of its values are known")
    )
    return tag(
        "section",
        tag("h2", area["name"]),
        tag("p", *facts, tag("span", people), tag("small", profile.area_code), class_="facts"),
        tag("p", standing, class_="standing"),
        _contributions(profile, colours, view.scenario.framework.aggregate),
        tag("p", _coverage(profile), class_="muted"),
        class_="profile-head",
    )


def indicators_markup(view: View, profile: Profile, colours: Palette) -> Markup:
    """Return every indicator, those of each priority first, then the rest."""
    rows = profile.indicators
    averages = _averages(view, profile)
    groups = []
    for priority in view.scenario.framework.priorities:
        groups.append((priority.name, [part.id for part in priority.indicators if part.id in rows.index]))
    scored = {name for _, names in groups for name in names}
    groups.append(("Other indicators, not part of the score", [name for name in rows.index if name not in scored]))
    bodies = [
        tag(
            "tbody",
            tag("tr", tag("th", name, colspan=str(4 + len(averages)), scope="rowgroup"), class_="group"),
            *[_row(str(key), row, view, colours, averages) for key, row in rows.loc[names].iterrows()],
        )
        for name, names in groups
        if names
    ]
    spread = f"Among {len(view.areas):,} areas (right: greatest need)"
    heads = ["Indicator", "This area", spread, "Rank", *[label for label, _ in averages]]
    head = tag("thead", tag("tr", *[tag("th", text, scope="col") for text in heads]))
    return tag("div", tag("table", head, *bodies, class_="indicators"), class_="scroll")


def _averages(view: View, profile: Profile) -> list[tuple[str, str]]:
    """Return (label, column) of the averages that this release has."""
    locality = profile.area["locality"]
    columns = [(str(locality), "locality"), (view.place, "council"), ("Scotland", "country")]
    return [(label, column) for label, column in columns if profile.indicators[column].notna().any()]


def _contributions(profile: Profile, colours: Palette, aggregate: str) -> Markup:
    """Return a bar per priority: the width of the track is its weight, the fill its score."""
    widest = profile.priorities["weight"].max()
    bars = []
    for place, (_, row) in enumerate(profile.priorities.iterrows()):
        colour = colours.priorities[place % len(colours.priorities)]
        fill = 0.0 if np.isnan(row["score"]) else min(max(row["score"], 0.0), 100.0)
        inside = tag("b", style=f"width:{fill:.1f}%;background:{colour}")
        track = tag("div", tag("i", inside, style=f"width:{100 * row['weight'] / widest:.1f}%"), class_="track")
        points = tag("span", _points(row, aggregate), class_="points")
        bars.append(tag("li", tag("span", row["name"]), points, track))
    return tag("ul", *bars, class_="contributions")


def _points(row: pd.Series, aggregate: str) -> str:
    if row["weight"] == 0:
        return "off"
    if np.isnan(row["score"]):
        return "not scored"
    if aggregate == "geometric":
        return f"score {row['score']:.1f}, weight {percent(row['weight'])}"
    return f"{row['points']:.1f} of {100 * row['weight']:.0f} points"


def _coverage(profile: Profile) -> str:
    if profile.coverage >= 1 - 1e-9:
        return "Every value that counts towards the score is known."
    return f"{percent(profile.coverage)} of the weight rests on known values; the rest is not filled in."


def _row(key: str, row: pd.Series, view: View, colours: Palette, averages: list[tuple[str, str]]) -> Markup:
    unit, status = str(row["unit"]), str(row["status"])
    period = row["period"] if isinstance(row["period"], str) and row["period"] else "period not stated"
    made = " · ".join(part for part in (unit_words(unit), period, str(row["source_title"])) if part)
    name = tag("th", tag("span", row["name"]), tag("small", made), scope="row", title=row["caveat"] or None)
    own = valued(row["value"], status, unit)
    rank = place_words(int(row["rank"]) if pd.notna(row["rank"]) else 0, int(row["ranked"]))
    cells = [tag("td", number(row[column], unit), data_label=label) for label, column in averages]
    return tag(
        "tr",
        name,
        tag("td", own, class_=f"own {status}", title=STATUS_MEANING.get(status)),
        tag("td", _strip(key, view, colours, row["value"]), class_="strip"),
        tag("td", rank, data_label="Rank"),
        *cells,
    )


def _strip(indicator: str, view: View, colours: Palette, own: float) -> Markup:
    """Return a small picture of where the area lies among all areas, greatest need to the right."""
    observed = view.observations
    values = observed.loc[observed["indicator_id"] == indicator, "value"].dropna().to_numpy(float)
    if not len(values):
        return join()
    sign = -1 if view.indicators.loc[indicator, "polarity"] == HIGHER_IS_BETTER else 1
    low, high = np.min(sign * values), np.max(sign * values)
    width = STRIP_WIDTH - 2 * STRIP_MARGIN

    def across(value: float) -> float:
        return STRIP_MARGIN + (width * (sign * value - low) / (high - low) if high > low else width / 2)

    places = np.unique(np.round([across(value) for value in values], 1))
    ticks = "".join(f"M{x:.1f} 6v10" for x in places)
    dot = f'<circle cx="{across(own):.1f}" cy="11" r="5" fill="{colours.selected}"/>' if own == own else ""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{STRIP_WIDTH}" height="{STRIP_HEIGHT}">'
        f'<path d="{ticks}" stroke="{colours.tick}" stroke-opacity=".55"/>{dot}</svg>'
    )
    encoded = base64.b64encode(drawing.encode()).decode()
    return tag("img", src=f"data:image/svg+xml;base64,{encoded}", width=STRIP_WIDTH, height=STRIP_HEIGHT, alt="")
