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
from prioritisation.ui.words import (
    NOT_APPLICABLE,
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
    known = [area["locality"], area["ward"], area["urban_rural"]]
    facts = [str(fact) for fact in known if isinstance(fact, str) and fact]
    people = f"{int(area['population']):,} people" if pd.notna(area["population"]) else "population not known"
    standing = (
        join(tag("strong", place_words(profile.rank, profile.scored_areas)), f" · score {profile.score:.1f} of 100")
        if profile.rank
        else tag("strong", "Not scored: too few of its values are known")
    )
    return tag(
        "section",
        tag("h2", area["name"]),
        tag("p", " · ".join(dict.fromkeys([*facts, people])), " ", tag("small", profile.area_code), class_="facts"),
        tag("p", standing, class_="standing"),
        _contributions(profile, colours, view.scenario.framework.aggregate),
        tag("p", _coverage(profile), class_="muted"),
        class_="profile-head",
    )


def indicators_markup(view: View, profile: Profile, colours: Palette) -> Markup:
    """Return every indicator, those of each priority first, then the rest."""
    rows = profile.indicators
    has_locality = bool(rows["locality"].notna().any())
    has_country = bool(rows["country"].notna().any())
    heads = ["Indicator", "This area", f"All {len(view.areas):,} areas, greatest need to the right", "Rank"]
    heads += [str(profile.area["locality"])] * has_locality + [view.place] + ["Scotland"] * has_country
    groups = []
    shown: set[str] = set()
    for priority in view.scenario.framework.priorities:
        own = [part.id for part in priority.indicators if part.id in rows.index]
        groups.append((priority.name, own))
        shown |= set(own)
    groups.append(("Other indicators, not scored", [name for name in rows.index if name not in shown]))
    bodies = [_group(name, rows.loc[ids], view, colours, heads) for name, ids in groups if ids]
    head = tag("thead", tag("tr", *[tag("th", text, scope="col") for text in heads]))
    return tag("div", tag("table", head, *bodies, class_="indicators"), class_="scroll")


def _contributions(profile: Profile, colours: Palette, aggregate: str) -> Markup:
    """Return a bar per priority: the width of the track is its weight, the fill its score."""
    widest = profile.priorities["weight"].max()
    bars = []
    for place, row in enumerate(profile.priorities.itertuples()):
        colour = colours.priorities[place % len(colours.priorities)]
        fill = 0.0 if np.isnan(row.score) else min(max(row.score, 0), 100)
        track = tag("i", tag("b", style=f"width:{fill:.1f}%;background:{colour}"), style=f"width:{100 * row.weight / widest:.1f}%")
        points = _points(row, aggregate)
        bars.append(tag("li", tag("span", row.name), tag("span", points, class_="points"), tag("div", track, class_="track")))
    return tag("ul", *bars, class_="contributions")


def _points(row: object, aggregate: str) -> str:
    score, weight, points = row.score, row.weight, row.points  # type: ignore[attr-defined]
    if weight == 0:
        return "off"
    if np.isnan(score):
        return "not scored"
    if aggregate == "geometric":
        return f"score {score:.1f}, weight {percent(weight)}"
    return f"{points:.1f} of {100 * weight:.0f} points"


def _coverage(profile: Profile) -> str:
    if profile.coverage >= 1 - 1e-9:
        return "Every value that counts towards the score is known."
    return f"{percent(profile.coverage)} of the weight rests on known values; the rest is not filled in."


def _group(name: str, rows: pd.DataFrame, view: View, colours: Palette, heads: list[str]) -> Markup:
    title = tag("tr", tag("th", name, colspan=str(len(heads)), scope="rowgroup"), class_="group")
    return tag("tbody", title, *[_row(row, view, colours, heads) for row in rows.itertuples()])


def _row(row: object, view: View, colours: Palette, heads: list[str]) -> Markup:
    unit = str(row.unit)  # type: ignore[attr-defined]
    status = str(row.status)  # type: ignore[attr-defined]
    period, source, caveat = row.period, row.source_title, row.caveat  # type: ignore[attr-defined]
    period_words = period if isinstance(period, str) and period else "period not stated"
    place = place_words(int(row.rank) if row.rank == row.rank else 0, int(row.ranked))  # type: ignore[attr-defined]
    name = tag(
        "th",
        tag("span", row.name),  # type: ignore[attr-defined]
        tag("small", " · ".join(part for part in (unit_words(unit), period_words, source) if part), title=caveat),
        scope="row",
    )
    own = tag("td", valued(row.value, status, unit), class_=f"own {status}", title=STATUS_MEANING.get(status))  # type: ignore[attr-defined]
    strip = tag("td", _strip(str(row.Index), view, colours, row.value), class_="strip")  # type: ignore[attr-defined]
    averages = [row.locality] if len(heads) > 5 and heads[4] != view.place else []  # type: ignore[attr-defined]
    averages += [row.council] + ([row.country] if heads[-1] == "Scotland" else [])  # type: ignore[attr-defined]
    cells = [
        tag("td", number(value, unit) if value == value else NOT_APPLICABLE, data_label=label)
        for label, value in zip(heads[4:], averages, strict=True)
    ]
    return tag("tr", name, own, strip, tag("td", place, data_label="Rank"), *cells)


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
