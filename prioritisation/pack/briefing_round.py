"""How the weights were agreed, where a round of votes gave them."""

from __future__ import annotations

from typing import Any

from prioritisation.documents.model import Block, Heading, Paragraph
from prioritisation.pack.content import Content
from prioritisation.round_sentences import how_agreed


def round_blocks(content: Content) -> list[Block]:
    """Return the round behind the weights in words; nothing where no round gave them."""
    if content.round is None:
        return []
    return [Heading("How the weights were agreed"), Paragraph(" ".join(how_agreed(content.round)))]


def round_record(content: Content) -> dict[str, Any] | None:
    """Return the round for the manifest: how many voted and how far they agreed, never a single vote."""
    if content.round is None:
        return None
    told = content.round.details["round"]
    kept = ("id", "name", "votes", "on_paper", "expected", "organisations", "median", "w", "first_round")
    return {"decision": content.round.id} | {name: told[name] for name in kept}
