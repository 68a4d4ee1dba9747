"""The briefing of a decision with much beside its list: six pages still, and the first one tells of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from packed import words_of
from printed import edges_are_white, printed

from prioritisation.documents.pdf import pdf
from prioritisation.pack.briefing import briefing
from prioritisation.pack.building import Pack
from prioritisation.pack.content import Content
from prioritisation.pack.listed import listed
from prioritisation.workspace.knowledge import ACCEPTED, AREA, CONCERN, Contribution, Known
from prioritisation.workspace.records import Decision


def because(content: Content, reason: str) -> Content:
    """Return the content of a decision with another reason."""
    assert content.decision is not None
    return replace(
        content, decision=replace(content.decision, decision=replace(content.decision.decision, reason=reason))
    )


def without_beside(content: Content) -> Content:
    """Return the content of a decision with which nothing else was agreed."""
    assert content.decision is not None
    made = content.decision.decision
    alone = replace(made, snapshot=json.dumps(made.details | {"also": {}}))
    return replace(content, decision=replace(content.decision, decision=alone))


def round_of(content: Content) -> Decision:
    """Return the record of a round that gave the weights of a decision."""
    assert content.decision is not None
    made = content.decision.decision
    names = ("South Ayrshire Council", "South Ayrshire Health and Social Care Partnership", "NHS Ayrshire & Arran")
    told = {
        "id": "a",
        "name": "Board meeting of November",
        "opened_at": made.at.isoformat(),
        "expected": 14,
        "votes": 11,
        "on_paper": 2,
        "organisations": [{"name": name, "votes": 4} for name in names],
        "median": json.loads(made.weights),
        "w": 0.35,
        "agreement": "Agreement on the order of the priorities is weak.",
        "differ_by": {"housing": 13.0},
        "first_round": "b",
    }
    return replace(made, snapshot=json.dumps(made.details | {"round": told}))


def known_of(content: Content, count: int) -> Iterator[Known]:
    """Yield what people know of the first areas of the list, one each."""
    for place, row in enumerate(listed(content)[:count]):
        words = "People wait a long time for a bus in the evening, and those who finish late walk home in the dark."
        given = Contribution(
            CONCERN, AREA, row.code, words, "A meeting, minutes", "Voluntary Action", date(2025, 3, 1), "high"
        )
        yield Known(f"k{place}", given, content.dated, ACCEPTED, "", "Analyst", content.dated, 2)


def test_with_everything_in_it_the_paper_is_still_six_pages(pack: Pack, tmp_path: Path) -> None:
    """Beside patch, cohorts and findings, which the pack has: a round of votes, and what people know of ten places."""
    content = pack.content
    assert content.decision is not None
    full = replace(content, round=round_of(content), knowledge=tuple(known_of(content, count=10)))
    found = printed(pdf(briefing(full)), tmp_path)
    assert len(found.pages) <= 6
    assert "How the weights were agreed" in found.text and found.text.count("People wait a long time") == 10
    assert all(edges_are_white(page) for page in found.pages)


def test_the_first_page_tells_what_was_agreed_with_the_list(pack: Pack) -> None:
    first = words_of(pack.content).partition("Where the areas are")[0]
    patch = pack.content.patch
    assert patch is not None
    assert f"Agreed with it, as the patch for the first team: {patch.words} ." in first
    assert "The team supports first: In contact with 3 or more partners." in first
    assert "patch" not in words_of(without_beside(pack.content)).partition("Where the areas are")[0]


def test_a_long_reason_begins_on_the_first_page_and_stands_in_full_further_on(pack: Pack, tmp_path: Path) -> None:
    reason = "It was weighed twice. " * 40 + "At last all agreed."
    found = printed(pdf(briefing(because(pack.content, reason))), tmp_path)
    first, _, rest = found.text.partition("Where the areas are")
    assert "The reason given begins: It was weighed twice." in first and "At last all agreed." not in first
    assert "Why the list was agreed: It was weighed twice." in rest and rest.count("At last all agreed.") == 1
    assert len(found.pages) <= 6
