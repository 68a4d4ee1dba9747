"""What the briefing's list could hang on: each test of it as a sentence that was worked out, and rank intervals."""

from __future__ import annotations

from collections.abc import Mapping

from prioritisation.documents.model import Block, Heading, Items, Paragraph, Strong
from prioritisation.pack.content import Content

EVERY_TEST, WEIGHTS = "every-test", "weights"
ABOUT = "Beside weights within reason, every other choice that could be doubted was tried on the computed list. "


def findings_blocks(content: Content) -> list[Block]:
    """Return each finding: which weight turns the list, one part left out, other methods, gaps, small numbers."""
    told = {each.id: each for each in content.findings}
    if EVERY_TEST not in told:
        return []
    rest = [each for name, each in told.items() if name != EVERY_TEST]
    return [
        Heading("What could it hang on?", level=2),
        Paragraph(f"{ABOUT}{told[EVERY_TEST].sentence}", "intro"),
        Items(tuple((Strong(f"{each.question} "), each.sentence) for each in rest)),
    ]


def rank_intervals(content: Content) -> Mapping[str, tuple[int, int]]:
    """Return between which ranks nine of ten weightings within reason put each scored area, by code."""
    table = next((each.table for each in content.findings if each.id == WEIGHTS), None)
    if table is None:
        return {}
    rows = table[["id", "rank from", "rank to"]].itertuples(index=False)
    return {str(code): (int(low), int(high)) for code, low, high in rows}
