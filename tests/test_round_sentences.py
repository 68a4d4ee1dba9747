"""How the weights were agreed, in words: on the timeline, in the briefing and in the manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from decided import CHAIR, agree, ranked

from prioritisation.decision_sentences import told
from prioritisation.folder import DataFolder
from prioritisation.pack.briefing_round import round_blocks, round_record
from prioritisation.pack.content import decision_content
from prioritisation.round_sentences import how_agreed, round_behind
from prioritisation.workspace import Workspace, applied_rounds, ballots, open_workspace, records, rounds
from prioritisation.workspace.applied_rounds import Applied
from prioritisation.workspace.records import Computed


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    opened = open_workspace(DataFolder(tmp_path))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ranking(demonstration: DataFolder) -> Computed:
    return ranked(demonstration)


def applied(workspace: Workspace, ranking: Computed, *, weights: list[float] | None = None) -> Applied:
    current = rounds.open_round(
        workspace, CHAIR, scenario=ranking.scenario, release_id=ranking.release_id, name="Spring <1>", expected=4
    )
    for organisation, vote in (("NHS", [50, 30, 10, 10]), ("Police", [10, 30, 50, 10])):
        ballots.vote(workspace, ballots.join(workspace, current.id, organisation), weights=vote)
    ballots.key_paper(workspace, CHAIR, current.id, organisation="NHS", weights=[40, 30, 20, 10], reason="Seen daily")
    rounds.reveal(workspace, CHAIR, current.id)
    return applied_rounds.apply(workspace, CHAIR, current.id, release=ranking.release, name="Voted", weights=weights)


def test_a_round_is_told_on_the_timeline(workspace: Workspace, ranking: Computed) -> None:
    made = applied(workspace, ranking)
    sentence = told(records.timeline(workspace)[::-1])[made.decision.id].sentence
    assert sentence == (
        "The round of votes “Spring <1>” was applied: 3 votes of 4 expected, 1 of them on paper, from 2 organisations. "
        "The median of the votes was applied as it stood: Financial hardship 40%, Housing and homelessness 30%, "
        "Mental health, alcohol and drugs 20%, Older people living well 10%."
    )


def test_weights_settled_otherwise_than_the_median_are_told_apart(workspace: Workspace, ranking: Computed) -> None:
    said = " ".join(how_agreed(applied(workspace, ranking, weights=[35, 35, 20, 10]).decision))
    assert "The median of the votes was Financial hardship 40%, Housing" in said
    assert "applied were Financial hardship 35%, Housing and homelessness 35%" in said
    assert "(NHS and Police). Nobody saw another's vote" in said
    assert "Kendall's W is 0." in said
    assert "furthest apart on Financial hardship: by 27 points" in said
    assert "Seen daily" not in said


def test_the_latest_round_with_these_weights_stands_behind_them(workspace: Workspace, ranking: Computed) -> None:
    applied(workspace, ranking, weights=[1, 1, 1, 1])
    first, second = applied(workspace, ranking), applied(workspace, ranking)
    every = records.timeline(workspace)[::-1]
    assert round_behind(every, first.saved.scenario) == second.decision
    assert round_behind(every, first.saved.scenario.with_cut(3)) == second.decision
    assert round_behind(every, ranking.scenario.with_weights([4, 3, 2, 2])) is None


def test_the_pack_tells_of_the_round_that_was_applied_before_it(
    demonstration: DataFolder, workspace: Workspace, ranking: Computed
) -> None:
    voted = ranked(demonstration, 40, 30, 20, 10)
    alone = agree(workspace, voted)
    made = applied(workspace, ranking)
    content = decision_content(demonstration, workspace, alone.id)
    assert (content.round, round_blocks(content), round_record(content)) == (None, [], None)
    later = agree(workspace, voted, seen=alone.id)
    content = decision_content(demonstration, workspace, later.id)
    assert content.round == made.decision
    assert [type(block).__name__ for block in round_blocks(content)] == ["Heading", "Paragraph"]
    kept = json.loads(json.dumps(round_record(content)))
    assert (kept["votes"], kept["on_paper"], kept["decision"]) == (3, 1, made.decision.id)
    assert "cast" not in kept
