"""Votes on one priority as dots along its weights: nobody's name beside any, the median marked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from prioritisation.ui.markup import Markup, join, tag
from prioritisation.words import weight_words

DOTS_TOGETHER_WITHIN = 2.0  # per cent: closer ones are drawn above each other
TALLEST, DOT = 44, 11  # pixels
SHORTEST_SCALE = 50


@dataclass(frozen=True)
class Strip:
    """One priority. votes: per cents, in no order that tells who; median: the group's; sentence: how far apart.

    earlier, earlier_median: of the round before; own: the reader's own vote.
    """

    name: str
    votes: tuple[float, ...]
    median: float
    sentence: str
    earlier: tuple[float, ...] = ()
    earlier_median: float = math.nan
    own: float = math.nan


def strips_markup(strips: Sequence[Strip]) -> Markup:
    """Return all strips on one scale, in the order given."""
    highest = max((vote for strip in strips for vote in (*strip.votes, *strip.earlier)), default=0.0)
    scale = max(SHORTEST_SCALE, 25 * math.ceil(highest / 25))
    return tag("div", _keys(strips), *[_strip(strip, scale) for strip in strips], class_="strips")


def _keys(strips: Sequence[Strip]) -> Markup:
    keys = [("dot", "one vote"), ("tick", "the group's median")]
    if any(not math.isnan(strip.own) for strip in strips):
        keys.append(("dot own", "your vote"))
    if any(strip.earlier for strip in strips):
        keys.append(("dot before", "the round before"))
    return tag(
        "ul", *[tag("li", tag("i", class_=look, aria_hidden="true"), words) for look, words in keys], class_="keys"
    )


def _strip(strip: Strip, scale: float) -> Markup:
    median = tag("span", f"median {weight_words(strip.median)}%", class_="median")
    before = _row(strip.earlier, strip.earlier_median, math.nan, scale, "before") if strip.earlier else None
    drawn = tag(
        "div",
        before,
        _row(strip.votes, strip.median, strip.own, scale, "now"),
        _axis(scale),
        role="img",
        aria_label=spoken(strip),
        class_="strip",
    )
    return tag("section", tag("h3", strip.name, " ", median), tag("p", strip.sentence, class_="muted"), drawn)


def spoken(strip: Strip) -> str:
    """Return what a strip shows, in words."""
    if not strip.votes:
        return f"{strip.name}: no votes"
    low, high = weight_words(min(strip.votes)), weight_words(max(strip.votes))
    spread = f"all votes are {low}%" if low == high else f"votes from {low}% to {high}%"
    return f"{strip.name}: {spread}, the median is {weight_words(strip.median)}%"


def _row(votes: Sequence[float], median: float, own: float, scale: float, look: str) -> Markup:
    places = [round(vote / DOTS_TOGETHER_WITHIN) for vote in sorted(votes)]
    tallest = max(Counter(places).values(), default=1)
    lift = min(DOT, TALLEST / max(1, tallest - 1))
    mine = sorted(votes).index(own) if own in votes else -1
    dots, above = [], Counter[int]()
    for number, (vote, place) in enumerate(zip(sorted(votes), places, strict=True)):
        style = f"left:{_percent(vote, scale)};bottom:{above[place] * lift:.0f}px"
        dots.append(tag("i", class_="dot own" if number == mine else "dot", style=style))
        above[place] += 1
    height = DOT + lift * (tallest - 1) + 4
    tick = tag("b", class_="tick", style=f"left:{_percent(median, scale)}")
    return tag("div", tick, *dots, class_=f"track {look}", style=f"height:{height:.0f}px")


def _axis(scale: float) -> Markup:
    step = 25 if scale > SHORTEST_SCALE else 10
    marks = [tag("span", f"{mark}%", style=f"left:{_percent(mark, scale)}") for mark in range(0, int(scale) + 1, step)]
    return tag("div", join(*marks), class_="axis", aria_hidden="true")


def _percent(value: float, scale: float) -> str:
    return f"{100 * value / scale:.2f}%"
