"""What people know of the areas on the list, in the briefing: accepted words beside the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prioritisation.documents.model import Block, Cell, Column, Heading, Paragraph, Table
from prioritisation.pack.community import NEVER_SCORED, known_of_ranked
from prioritisation.pack.content import Content
from prioritisation.pack.wording import shortened
from prioritisation.workspace.knowledge import ASSET, CONCERN, KNOWN, PLACE_STANDARD, Known
from prioritisation.workspace.known import known_here

MOST_WORDS = 240  # letters of one contribution; community.csv has it whole
MOST_TOLD = 24
_KINDS = {KNOWN: "Known here", ASSET: "Asset", CONCERN: "Concern", PLACE_STANDARD: "Place Standard"}


def knowledge_blocks(content: Content, codes: Sequence[str]) -> list[Block]:
    """Return what stood accepted of the areas of the list and of their localities; nothing where nothing did.

    codes: of the list, in order.
    """
    areas = content.ranking.areas
    localities = {code: name if isinstance(name := areas.loc[code, "locality"], str) else None for code in codes}
    here = known_here(known_of_ranked(content), localities)
    rows = [_row(str(areas.loc[code, "name"]), each) for code, known in here.items() for each in known.of_area]
    wider = {each.id: each for known in here.values() for each in known.of_locality}
    rows += [_row(each.given.place, each, "the whole locality") for each in wider.values()]
    if not rows:
        return []
    columns = (Column("Where, and what", room=1), Column("In their words", room=3.2))
    told = (
        [Paragraph(f"{len(rows) - MOST_TOLD:,} more are in community.csv.", "quiet")] if len(rows) > MOST_TOLD else []
    )
    return [
        Heading("What people there know", 2),
        Paragraph(NEVER_SCORED, "intro"),
        Table("", columns, tuple(rows[:MOST_TOLD]), dense=True),
        *told,
    ]


def _row(place: str, each: Known, reach: str = "") -> tuple[Cell, ...]:
    given = each.given
    source = f"{given.organisation}, {each.known_on:%B %Y}; from: {given.source}; confidence: {given.confidence}"
    what = ", ".join(part for part in (_KINDS[given.kind], reach) if part)
    return Cell(place, small=what), Cell(_words(each), small=source)


def _words(each: Known) -> str:
    return " ".join([*_scores(each.given.scores.values()), shortened(each.given.words, MOST_WORDS)]).strip()


def _scores(scores: Iterable[int]) -> list[str]:
    given = list(scores)
    if not given:
        return []
    themes = f"{len(given)} theme{'' if len(given) == 1 else 's'}"
    return [f"{sum(given) / len(given):.1f} of 7 over {themes} (1 means most room for improvement)."]
