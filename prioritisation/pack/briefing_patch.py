"""The briefing's patch, as it was agreed with the list: where it lies, what it holds, and what lies just outside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prioritisation.documents.model import (
    NUMBER,
    Block,
    Cell,
    Column,
    Heading,
    Items,
    Paragraph,
    Picture,
    Strong,
    Table,
)
from prioritisation.drawing.looks import patterns
from prioritisation.drawing.part import whole_and_part
from prioritisation.drawing.svg import beside, padded, picture
from prioritisation.pack.briefing_map import PAGE_MM, score_breaks, score_looks
from prioritisation.pack.content import Content
from prioritisation.patch.recorded import (
    RecordedArea,
    RecordedPatch,
    alternatives_sentence,
    asked_sentences,
    beside_the_list,
)
from prioritisation.words import NOT_APPLICABLE, areas_words, listed

TITLE = "The patch: one neighbourhood for the first team"
PREFIX, GAP, MARGIN, LETTERS = "patch", 60, 8, 40
TALLEST_MM = 74  # of the maps, so that the patch takes less than a page
MOST_OUTSIDE = 4
WHAT_IT_IS = "A patch is a connected neighbourhood of the size that one team can serve; the list alone is scattered. "
NO_PATCH = "No patch was agreed with this list."
UNREADABLE = "A patch was agreed with this list, but this version of the product cannot read how it was recorded."
NOT_PROVEN = "It was found by search; nobody had it proven that no other patch holds more."
BY_HAND = "People changed by hand what the search found."


def patch_blocks(content: Content, codes: Sequence[str]) -> list[Block]:
    """Return the patch that was agreed; that none was, where that is so. codes: of the areas on the list."""
    found = content.patch
    if found is None:
        told = UNREADABLE if content.also.get("patch") else NO_PATCH
        return [Heading(TITLE), Paragraph((WHAT_IT_IS, Strong(told)))]
    lead = Paragraph((WHAT_IT_IS, Strong(_first(found)), f" {_sure(found)}"), "intro")
    parts: list[Block] = [Heading(TITLE), lead, Items(tuple(_around(content, found, codes)))]
    if content.boundaries is not None and set(found.codes) <= set(content.ranking.areas.index):
        parts.append(_figure(content, content.boundaries, found))
    return [*parts, _table(found, codes)]


def _first(found: RecordedPatch) -> str:
    return found.sentences[0] if found.sentences else f"It takes {found.words}."


def _sure(found: RecordedPatch) -> str:
    """Return how sure it is that no patch is better, and what else was told when it was agreed."""
    told = " ".join(found.sentences[1:])
    missing = "" if found.proven or found.by_hand or len(found.sentences) > 1 else NOT_PROVEN
    return " ".join(part for part in (BY_HAND if found.by_hand else "", told, missing) if part)


def _figure(content: Content, boundaries: Path, found: RecordedPatch) -> Picture:
    looks = score_looks(content, score_breaks(content))
    whole, near = whole_and_part(boundaries, content.ranking.areas, looks, PREFIX, found.codes, LETTERS)
    drawn = padded(beside([whole, near], GAP), MARGIN)
    count = areas_words(len(found.areas))
    alt = f"Two maps: the whole council with a line round the {count} of the patch, and the patch close up."
    caption = "Left: where the patch lies. Right: the patch close up, numbered as below. Darker is greater need."
    width = min(1.0, TALLEST_MM / PAGE_MM * drawn.width / drawn.height)
    return Picture(picture(drawn, alt, definitions=patterns(PREFIX)), alt, caption, width)


def _table(found: RecordedPatch, codes: Sequence[str]) -> Table:
    columns = (
        Column("", NUMBER),
        Column("Area in the patch", room=1),
        Column("People", NUMBER),
        Column("Rank", NUMBER),
        Column("On the list", NUMBER),
        Column(f"Share of all {found.what}" if len(found.what) < 20 else "Share of all it holds", NUMBER),
    )
    place = {code: position for position, code in enumerate(codes, start=1)}
    rows = [_row(number, area, place.get(area.code), found) for number, area in enumerate(found.areas, start=1)]
    return Table("", columns, tuple(rows), dense=True)


def _row(number: int, area: RecordedArea, place: int | None, found: RecordedPatch) -> tuple[Cell, ...]:
    where = " · ".join(part for part in (area.locality or "", area.code) if part)
    return (
        Cell(str(number)),
        Cell((Strong(area.name), f"  {where}")),
        Cell(NOT_APPLICABLE if area.people is None else f"{area.people:,}"),
        Cell("not scored" if area.rank is None else f"{area.rank}"),
        Cell("no" if place is None else f"{place}"),
        Cell(_share(area, found)),
    )


def _share(area: RecordedArea, found: RecordedPatch) -> str:
    """Return how much of what the council holds one area has: the patch's own share, in proportion."""
    if area.holds is None or not found.holds or found.share_held is None:
        return NOT_APPLICABLE
    return f"{100 * found.share_held * area.holds / found.holds:.1f}%"


def _around(content: Content, found: RecordedPatch, codes: Sequence[str]) -> list[str]:
    names = {str(code): str(name) for code, name in content.ranking.areas["name"].items()}
    outside = [names.get(code, code) for code in found.outside if _may_join(content, found, code)]
    told = beside_the_list(found, codes, names)
    asked = asked_sentences(found, names)
    told += [" ".join(asked)] if asked else []
    if outside:
        told.append(f"Just outside, with the most to add first: {listed(outside, MOST_OUTSIDE)}.")
    others = alternatives_sentence(found)
    return [*told, others] if others else told


def _may_join(content: Content, found: RecordedPatch, code: str) -> bool:
    """Return whether an area just outside could be in the patch as it was asked for."""
    if code in found.asked_out:
        return False
    localities = content.ranking.areas["locality"]
    return found.within is None or localities.get(code) == found.within
