"""The maps of a briefing: every area by its score, as it lies and as one hexagon each, the list outlined."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import numpy as np

from prioritisation.classes import class_breaks, classify
from prioritisation.documents.model import Block, Heading, Paragraph, Picture, Together
from prioritisation.drawing.looks import Entry, Look, legend, patterns
from prioritisation.drawing.maps import area_map, hex_outlines, true_outlines
from prioritisation.drawing.svg import Drawing, as_high_as, beside, padded, picture, stacked
from prioritisation.pack.content import AGREED, Content
from prioritisation.scenario import Scenario
from prioritisation.scoring import overall
from prioritisation.words import NO_MAP, areas_words, number

PREFIX = "map"
GAP, MARGIN, LETTERS = 80, 8, 30  # in the true map's own units: it is 1,000 wide
PAGE_MM, TALLEST_MM = 174, 152  # what the page is wide inside its margins; what is left of the first one
CAPTION = (
    "Overall score, 0 to 100. Beside the areas as they lie, each is one hexagon, so that the small ones in towns show "
    "too; the number is the class. Dark lines part the localities."
)


def map_blocks(content: Content, codes: Collection[str]) -> list[Block]:
    """Return the figure with both maps. codes: of the areas on the list."""
    heading = Heading("Where the areas are")
    if content.boundaries is None:
        return [heading, Paragraph(NO_MAP)]
    breaks = score_breaks(content)
    looks = score_looks(content, breaks)
    entries = legend_entries(breaks, list(looks.values()).count("missing"))
    marked = "on the agreed list" if content.state == AGREED else "on the list"
    whole = padded(_drawn(content, content.boundaries, looks, codes, entries, marked), MARGIN)
    alt = (
        f"Two maps of {areas_words(len(looks))}, darker where the overall score, and so the need, is greater. "
        f"The {areas_words(len(codes))} {marked} have a heavy outline. The table that follows names them."
    )
    width = min(1.0, TALLEST_MM / PAGE_MM * whole.width / whole.height)
    return [Together((heading, Picture(picture(whole, alt, definitions=patterns(PREFIX)), alt, CAPTION, width)))]


def score_breaks(content: Content) -> tuple[float, ...]:
    """Return the class breaks of the overall score under the framework's own weights, as on screen."""
    framework = content.scenario.framework
    own = np.array(Scenario.starting(framework).weights)
    return class_breaks(overall(content.ranking.scores.priority_scores, own, framework.aggregate))


def score_looks(content: Content, breaks: tuple[float, ...]) -> dict[str, Look]:
    """Return each area's class of the overall score, or "missing", by code."""
    classes = classify(content.ranking.scores.score, breaks)
    codes = content.ranking.areas.index
    return {str(code): int(found) if found else "missing" for code, found in zip(codes, classes, strict=True)}


def legend_entries(breaks: tuple[float, ...], not_scored: int) -> list[Entry]:
    """Return the classes of a score with their ranges, and how many areas have none."""
    edges = [0.0, *breaks, 100.0]
    first = 6 - (len(edges) - 1)
    words = [number(edge, "score", 0 if edge == round(edge) else None) for edge in edges]
    classes = [Entry(first + place, f"{low}\N{EN DASH}{high}") for place, (low, high) in enumerate(pairwise(words))]
    return classes + ([Entry("missing", f"not scored ({not_scored:,})")] if not_scored else [])


def _drawn(
    content: Content,
    boundaries: Path,
    looks: dict[str, Look],
    codes: Collection[str],
    entries: list[Entry],
    marked: str,
) -> Drawing:
    areas = content.ranking.areas
    outlines = (true_outlines(boundaries, areas), hex_outlines(boundaries, areas))
    maps = [area_map(each, looks, PREFIX, outlined=codes, size=LETTERS) for each in outlines if each is not None]
    side_by_side = beside([as_high_as(each, maps[0].height) for each in maps], GAP)
    return stacked([side_by_side, legend(entries, PREFIX, side_by_side.width, LETTERS, outlined=marked)], LETTERS)
