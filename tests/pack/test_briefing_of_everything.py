"""The briefing of a decision with much beside its list: six pages still, and the first one tells of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from packed import NOTE, signed_with, with_also, with_wishes, words_of
from printed import edges_are_white, printed

from prioritisation.documents.pdf import pdf
from prioritisation.pack.briefing import briefing
from prioritisation.pack.briefing_list import BELOW
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
    """Beside patch, cohorts and findings, which the pack has: a round of votes, what people know of ten places, and
    four organisations that signed, each on a condition; and wishes about sixteen areas of the patch."""
    patch = pack.content.patch
    assert patch is not None
    wishes = {"include": list(patch.codes[:8]), "exclude": list(patch.outside[:8]), "locality": patch.areas[0].locality}
    content = signed_with(
        with_wishes(pack.content, **wishes), *["Subject to premises that are open on two evenings a week."] * 4
    )
    assert content.decision is not None
    full = replace(content, round=round_of(content), knowledge=tuple(known_of(content, count=10)))
    found = printed(pdf(briefing(full)), tmp_path)
    assert len(found.pages) <= 6
    assert "Asked not to be in it: " in found.text
    assert "How the weights were agreed" in found.text and found.text.count("People wait a long time") == 10
    assert found.text.count("open on two evenings a week") == 8
    assert all(edges_are_white(page) for page in found.pages)


def test_a_condition_stands_beside_its_signature_wherever_that_is_named(pack: Pack) -> None:
    first, _, rest = words_of(pack.content).partition("Where the areas are")
    assert f"Signed off by Police Scotland (note: “{NOTE}”)." in first and "Every note is in full" not in first
    assert "organisation signed it off, 1 with a note" in first
    assert f"Inspector, Police Scotland (not verified) {NOTE} this list" in rest
    without = words_of(signed_with(pack.content, "", "", "", "", ""))
    assert "Signed off by Partner 1, Partner 2, Partner 3 and 2 more." in without and "with a note" not in without
    one = words_of(signed_with(pack.content, "", "", "", "", "Not before May"))
    assert "Partner 4 and Partner 5 (note: “Not before May”)." in one


def test_a_long_condition_begins_on_the_first_page_and_stands_in_full_further_on(pack: Pack, tmp_path: Path) -> None:
    note = "It was weighed twice. " * 150 + "At last all agreed."
    found = printed(pdf(briefing(signed_with(pack.content, note, "Not before May"))), tmp_path)
    first, _, rest = found.text.partition("Where the areas are")
    assert "Partner 1 (note: “It was weighed twice." in first and "At last all agreed." not in first
    assert "Partner 2 (note: “Not before May”). Every note is in full under “What people changed" in words_of(
        signed_with(pack.content, note, "Not before May")
    )
    assert BELOW in rest and rest.count("At last all agreed.") == 1 and "Not before May" in rest
    assert len(found.pages) <= 6 and all(edges_are_white(page) for page in found.pages)


def test_the_first_page_tells_what_was_agreed_with_the_list(pack: Pack) -> None:
    first = words_of(pack.content).partition("Where the areas are")[0]
    patch = pack.content.patch
    assert patch is not None
    assert f"Agreed with it, as the patch for the first team: {patch.words} ." in first
    assert "The team supports first: In contact with 3 or more partners." in first
    assert "patch" not in words_of(with_also(pack.content)).partition("Where the areas are")[0]


def test_a_long_reason_begins_on_the_first_page_and_stands_in_full_further_on(pack: Pack, tmp_path: Path) -> None:
    reason = "It was weighed twice. " * 40 + "At last all agreed."
    found = printed(pdf(briefing(because(pack.content, reason))), tmp_path)
    first, _, rest = found.text.partition("Where the areas are")
    assert "The reason given begins: It was weighed twice." in first and "At last all agreed." not in first
    assert "Why the list was agreed: It was weighed twice." in rest and rest.count("At last all agreed.") == 1
    assert len(found.pages) <= 6
