"""Every kind of record is told in a plain sentence, with what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from decided import CHAIR, NURSE, POLICE, agree, ranked, sign

from prioritisation.decision_sentences import ENDED, STANDS, Told, facts_of, told
from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, decisions, open_workspace, records
from prioritisation.workspace.records import Computed, Decision


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    opened = open_workspace(DataFolder(tmp_path))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ranking(demonstration: DataFolder) -> Computed:
    return ranked(demonstration, 40, 30, 20, 10)


def every(workspace: Workspace) -> dict[str, Told]:
    return told(records.timeline(workspace)[::-1])


def test_agreed_weights_are_named_with_their_priorities(workspace: Workspace, ranking: Computed) -> None:
    made = decisions.agree_scenario(workspace, CHAIR, ranking, seen=None, name="Hardship <first>")
    found = every(workspace)[made.id]
    assert found.sentence == (
        "The weights were agreed (“Hardship <first>”): Financial hardship 40%, Housing and homelessness 30%, "
        "Mental health, alcohol and drugs 20%, Older people living well 10%."
    )
    assert (found.state, found.since) == (STANDS, "")


def test_a_shortlist_and_its_changes_are_told(workspace: Workspace, ranking: Computed) -> None:
    add, drop, move = ranking.areas[20], ranking.areas[2], ranking.areas[4]
    made = agree(
        workspace,
        ranking,
        {"do": "add", "code": add.code, "to": 1},
        {"do": "drop", "code": drop.code},
        also={"patch": {"areas": []}, "cohorts": [{"id": "a", "name": "Known to many"}, {"id": "b", "name": "Alone"}]},
    )
    seen = decisions.shortlist(workspace, made.id).agreed.id
    given = {"reason": "Hub", "review_on": date(2999, 3, 1)}
    decisions.override(workspace, CHAIR, made.id, seen=seen, do="move", code=move.code, to=2, **given)
    sentences = [each.sentence for each in every(workspace).values()]
    assert sentences == [
        "A shortlist of 15 areas was agreed, with 2 changes by people.",
        f"{add.name} was added to the shortlist, at position 1, to be looked at again by 1 January 2999.",
        f"{drop.name} was dropped from the shortlist, to be looked at again by 1 January 2999.",
        f"{move.name} was moved on the shortlist, to position 2, to be looked at again by 1 March 2999.",
    ]
    assert [each.state for each in every(workspace).values()] == [STANDS] * 4
    assert every(workspace)[made.id].with_it == (
        "the patch for the first team: this version cannot read it",
        "whom the team supports first: Known to many; Alone",
    )


def test_sign_offs_follow_the_list(workspace: Workspace, ranking: Computed) -> None:
    made = agree(workspace, ranking)
    first, other = sign(workspace, NURSE, made), sign(workspace, POLICE, made)
    seen = decisions.shortlist(workspace, made.id).agreed.id
    day = date(2999, 3, 1)
    decisions.override(
        workspace, CHAIR, made.id, seen=seen, do="drop", code=ranking.areas[0].code, reason="Served", review_on=day
    )
    found = every(workspace)
    assert found[first.id].sentence == "NHS signed off the shortlist of 15 areas."
    assert (found[first.id].state, found[first.id].since) == (STANDS, "The list was changed after this sign-off.")
    again = sign(workspace, NURSE, made)
    withdrawn = decisions.withdraw(workspace, POLICE, other.id, reason="Not ours")
    found = every(workspace)
    assert (found[first.id].state, found[first.id].since) == (ENDED, "The same organisation signed again later.")
    assert (found[again.id].state, found[again.id].since) == (STANDS, "")
    assert found[other.id].since.startswith("Taken back on") and "(not verified)" in found[other.id].since
    assert found[other.id].ended_by == withdrawn
    assert found[withdrawn.id].sentence.startswith("Police Scotland took its sign-off of ")


def test_what_is_superseded_says_by_what(workspace: Workspace, ranking: Computed, demonstration: DataFolder) -> None:
    first = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[0].code})
    change = next(each for each in records.timeline(workspace) if each.kind == "override")
    signed = sign(workspace, NURSE, first)
    agree(workspace, ranked(demonstration), seen=first.id)
    found = every(workspace)
    assert found[first.id].since.startswith("Replaced by a newer decision on ")
    assert found[change.id].since.startswith("Ended with its shortlist on ")
    assert found[signed.id].state == ENDED
    assert "was replaced by a newer one." in list(found.values())[-1].sentence


def test_what_is_ended_or_undone_says_so(workspace: Workspace, ranking: Computed) -> None:
    made = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[0].code})
    change = next(each for each in records.timeline(workspace) if each.kind == "override")
    decisions.supersede(workspace, CHAIR, change.id, reason="Wrong area")
    ended = decisions.supersede(workspace, CHAIR, made.id, reason="New data")
    note = decisions.note(workspace, NURSE, made.id, text="For the minutes")
    found = every(workspace)
    assert found[change.id].since.startswith("Undone on ")
    assert found[made.id].since.endswith("with nothing in its place.")
    assert found[ended.id].sentence.endswith("was ended, with nothing in its place.")
    assert found[note.id].sentence.startswith("A note was added to the agreed shortlist of ")
    assert found[note.id].state == ""


def test_what_a_record_rests_on_is_complete(workspace: Workspace, ranking: Computed) -> None:
    made = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[0].code})
    change = next(each for each in records.timeline(workspace) if each.kind == "override")
    for record, about in ((made, None), (change, made)):
        found = dict(facts_of(record, about))
        assert list(found) == ["Data release", "Framework", "Weights", "Method", "Scenario", "Application"]
        assert "demonstration data" in found["Data release"] and ranking.release_id in found["Data release"]
        assert found["Framework"].startswith("South Ayrshire INT (")
        assert "Financial hardship 40%" in found["Weights"]
        assert found["Method"] == (
            "Percentile: how many areas have less need. Average: a low score on one priority can be made up for by "
            "another. Each area is compared with the areas of its own council. 15 areas on the computed list."
        )


def test_a_record_of_a_newer_version_does_not_stop_the_rest(workspace: Workspace, ranking: Computed) -> None:
    made = agree(workspace, ranking)
    newer: list[Decision] = [replace(made, id="n" * 12, kind="something new"), made]
    unreadable = replace(made, id="u" * 12, snapshot='{"format": 99}')
    found = told([*newer, unreadable])
    assert "newer version" in found["u" * 12].sentence and found["u" * 12].with_it == ()
    assert dict(facts_of(unreadable, None))["Weights"].startswith("financial_hardship 40%")
    assert found[made.id].sentence == "A shortlist of 15 areas was agreed."
