"""Rounds of votes: blind until the reveal, whole afterwards, and nothing of a vote in the log; on both databases."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from inert_texts import INERT
from sqlalchemy import select
from workspace_places import Place
from workspace_writers import FRAMEWORK, SCENARIO

from prioritisation.errors import UserError
from prioritisation.workspace import Workspace, applied_rounds, audit, ballots, records, rounds, scenarios, tables
from prioritisation.workspace.records import Conflict, Who
from prioritisation.workspace.rounds import Round

CHAIR, NURSE = Who("Chair", "Council"), Who("Nurse lead", "NHS")
RELEASE = {"id": "r1", "demonstration": True}


def opened(workspace: Workspace, **choices: Any) -> Round:
    given: dict[str, Any] = {"scenario": SCENARIO, "release_id": "r1", "name": "Spring", "expected": 3}
    return rounds.open_round(workspace, CHAIR, **(given | choices))


def voted(workspace: Workspace, current: Round, organisation: str, *weights: float, reason: str = "") -> str:
    token = ballots.join(workspace, current.id, organisation)
    ballots.vote(workspace, token, weights=weights, reason=reason)
    return token


def rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    with workspace.read() as connection:
        return [dict(row) for row in connection.execute(select(getattr(tables, table))).mappings()]


def test_a_round_from_opening_to_the_record(workspace: Workspace) -> None:
    current = opened(workspace)
    nhs, police = voted(workspace, current, "NHS", 90, 10), voted(workspace, current, "Police", 1, 1, reason="Equal")
    ballots.vote(workspace, nhs, weights={"money": 60, "housing": 40}, reason="Heard\nmore")
    paper = ballots.key_paper(workspace, CHAIR, current.id, organisation="n h s", weights=[25, 75])
    late = ballots.join(workspace, current.id, "Housing")
    assert rounds.progress(workspace, current.id) == rounds.Progress(voted=3, joined=4, expected=3, on_paper=1)
    assert rounds.progress(workspace, current.id).words == "3 of 3 in"
    assert ballots.participant(workspace, late).vote is None
    assert rounds.reveal(workspace, CHAIR, current.id).state == "revealed"
    votes = ballots.revealed_votes(workspace, current.id)
    assert [(vote.organisation, vote.percentages, vote.paper, vote.version) for vote in votes] == [
        ("NHS", (40.0, 60.0), False, 2), ("Police", (50.0, 50.0), False, 1), ("n h s", (25.0, 75.0), True, 1),
    ]  # fmt: skip
    assert ballots.own_vote(workspace, police) == votes[1]
    made = applied_rounds.apply(workspace, CHAIR, current.id, release=RELEASE, name="Voted", reason="As voted")
    assert made.saved.scenario.percentages == (40.0, 60.0)
    assert (made.saved.locked, made.saved.from_round, made.round.state) == (True, current.id, "applied")
    assert scenarios.get(workspace, made.saved.id) == made.saved
    assert records.timeline(workspace) == [made.decision]
    told = made.decision.details["round"]
    assert (told["votes"], told["on_paper"], told["median"]) == (3, 1, {"housing": 40.0, "money": 60.0})
    assert told["organisations"] == [{"name": "NHS", "votes": 2}, {"name": "Police", "votes": 1}]
    assert told["w"] == pytest.approx(2 / 3)  # by hand: 12 x 2 / (9 x 6 - 3 x 6), as one vote of three ties
    assert "Heard" not in made.decision.snapshot
    assert json.loads(made.decision.weights) == {"housing": 40.0, "money": 60.0}
    with pytest.raises(Conflict, match="was applied by Chair, Council"):
        applied_rounds.apply(workspace, NURSE, current.id, release=RELEASE, name="Again")
    assert paper in ballots.papers(workspace, current.id)
    assert audit.verify(workspace).intact


def test_nobody_sees_a_vote_before_the_reveal(workspace: Workspace) -> None:
    current = opened(workspace)
    token = voted(workspace, current, "NHS", 90, 10)
    ballots.key_paper(workspace, CHAIR, current.id, organisation="Police", weights=[83, 17], reason="Seen by none")
    for refused in (
        lambda: ballots.revealed_votes(workspace, current.id),
        lambda: applied_rounds.apply(workspace, CHAIR, current.id, release=RELEASE, name="Early"),
        lambda: opened(workspace, first_round=current.id),
    ):
        with pytest.raises(UserError, match=r"not revealed"):
            refused()
    seen = f"{rounds.get(workspace, current.id)} {rounds.listed(workspace)} {rounds.by_code(workspace, current.code)}"
    seen += f"{rounds.progress(workspace, current.id)} {ballots.papers(workspace, current.id)}"
    other = ballots.participant(workspace, ballots.join(workspace, current.id, "Housing"))
    assert not any(mark in f"{seen} {other}" for mark in ("90.0", "83.0", "Seen by none", token))


def test_the_log_says_of_a_vote_only_that_one_was_stored(workspace: Workspace) -> None:
    current = opened(workspace, way="points")
    token = voted(workspace, current, "NHS", 83, 17)
    ballots.key_paper(workspace, CHAIR, current.id, organisation="Police", weights=[83, 17])
    log = [(row.who, row.action, row.about, row.parameters, row.content) for row in audit.entries(workspace, 3)]
    assert log == [
        ("Chair, Council", "paper vote keyed", current.id, "{}", ""),
        ("a participant", "vote stored", current.id, "{}", ""),
        ("a participant", "round joined", current.id, "{}", ""),
    ]
    assert all(token not in str(row) for name in tables.metadata.tables for row in rows(workspace, name))
    assert not any("changed" in row or "at" in row for row in rows(workspace, "ballot"))


def test_a_vote_that_comes_after_the_reveal_is_refused_and_the_earlier_one_counts(workspace: Workspace) -> None:
    current = opened(workspace)
    token = voted(workspace, current, "NHS", 90, 10)
    rounds.reveal(workspace, CHAIR, current.id)
    with pytest.raises(UserError, match="revealed before this one arrived") as refused:
        ballots.vote(workspace, token, weights=[10, 90])
    assert refused.value.not_done == "This vote was not stored. What you had sent before counts."
    for late in (
        lambda: ballots.join(workspace, current.id, "Police"),
        lambda: ballots.key_paper(workspace, CHAIR, current.id, organisation="Police", weights=[50, 50]),
        lambda: rounds.reveal(workspace, NURSE, current.id),
        lambda: rounds.close(workspace, NURSE, current.id),
    ):
        with pytest.raises(Conflict, match="was revealed by Chair, Council"):
            late()
    assert [vote.percentages for vote in ballots.revealed_votes(workspace, current.id)] == [(90.0, 10.0)]


def test_votes_that_meet_the_reveal_are_all_counted_or_all_refused(place: Place) -> None:
    workspace = place.open()
    current = opened(workspace, expected=8)
    tokens = [voted(workspace, current, "NHS", 50, 50) for _ in range(8)]

    def cast(token: str) -> bool:
        try:
            ballots.vote(workspace, token, weights=[90, 10])
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(9) as pool:
        stored = [pool.submit(cast, token) for token in tokens[:4]]
        revealed = pool.submit(rounds.reveal, workspace, CHAIR, current.id)
        stored += [pool.submit(cast, token) for token in tokens[4:]]
        revealed.result()
        seen = [vote.percentages for vote in ballots.revealed_votes(workspace, current.id)]
        acknowledged = sum(each.result() for each in stored)
    assert seen.count((90.0, 10.0)) == acknowledged
    assert [vote.percentages for vote in ballots.revealed_votes(workspace, current.id)] == seen


def test_the_same_vote_sent_again_is_one_vote(workspace: Workspace) -> None:
    current = opened(workspace)
    token = voted(workspace, current, "NHS", 90, 10, reason="Heard")
    before = workspace.change_number()
    assert ballots.vote(workspace, token, weights=[9, 1], reason=" Heard ").version == 1
    assert workspace.change_number() == before


@pytest.mark.parametrize("token", ["", "nobody", "' OR 1=1 --", "a\0b", "\ud800", "x" * 32, "z" * 10_000])
def test_a_token_of_nobody_is_refused_in_words(workspace: Workspace, token: str) -> None:
    opened(workspace)
    for refused in (ballots.own_vote, lambda where, what: ballots.vote(where, what, weights=[1, 1])):
        with pytest.raises(UserError, match="does not belong to anybody") as told:
            refused(workspace, token)
        assert len(str(told.value)) < 400


def test_a_code_can_be_typed_as_it_is_heard(workspace: Workspace) -> None:
    current = opened(workspace)
    typed = f" {current.spoken_code.lower().replace(' ', '-')} "
    assert rounds.by_code(workspace, typed) == current
    assert not set(current.code) & set("0O1IL5S8B")
    for wrong in ("", "AAAAAA", f"{current.code}F", "\ud800", "' OR 1=1 --"):
        with pytest.raises(UserError, match="no round with this code"):
            rounds.by_code(workspace, wrong)


@pytest.mark.parametrize(
    ("weights", "found"),
    [([60, 30], "total 90"), ([33.5, 66.5], "not all whole"), ([0, 0], "zero"), ([1], "1 weights")],
)
def test_points_that_cannot_be_counted_are_refused(sqlite_place: Place, weights: list[float], found: str) -> None:
    workspace = sqlite_place.open()
    current = opened(workspace, way="points")
    token = ballots.join(workspace, current.id, "NHS")
    with pytest.raises(UserError) as refused:
        ballots.vote(workspace, token, weights=weights)
    assert any(found in str(fault) for fault in refused.value.faults)
    assert ballots.own_vote(workspace, token) is None


@pytest.mark.parametrize("way", rounds.WAYS)
@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([50, 40], ["total: is 90, not 100. Together the numbers make 100."]),
        ([100, None], ["Money: is empty. Write its number, or 0 where the paper gives it none."]),
        ([60, None], ["Money: is empty.", "total: is 60, not 100."]),
        ([None, None], ["Housing: is empty.", "Money: is empty.", "total: is 0, not 100."]),
        ([50, 50.0001], ["total: is 100.0001, not 100."]),
        ([1_000_000, 0], ["total: is 1,000,000, not 100."]),
    ],
)
def test_a_paper_is_keyed_as_parts_of_100(
    sqlite_place: Place, way: str, parts: list[float | None], found: list[str]
) -> None:
    workspace = sqlite_place.open()
    current = opened(workspace, way=way)
    with pytest.raises(UserError) as refused:
        ballots.key_paper(workspace, Who("", "Council"), current.id, organisation=" ", weights=parts)
    told = [str(fault) for fault in refused.value.faults if fault.where != "points"]
    expected = ["organisation on the paper: is empty. Choose it, or write its name.", *found, "role: is empty."]
    assert all(each.startswith(begun) for each, begun in zip(told, expected, strict=True)), told
    assert refused.value.not_done == "No vote was stored." and "the paper again" in refused.value.remedy
    assert ballots.papers(workspace, current.id) == []


def test_what_makes_100_is_kept_and_what_is_no_part_is_refused(sqlite_place: Place) -> None:
    workspace = sqlite_place.open()
    current, points = opened(workspace), opened(workspace, way="points")
    ballots.key_paper(workspace, CHAIR, current.id, organisation="NHS", weights=[33.3, 66.7])
    ballots.key_paper(workspace, CHAIR, current.id, organisation="Police", weights=[0, 100])
    for wrong, found in (([150, -50], "negative"), ([100], "1 weights"), ([float("nan"), 100], "nan")):
        with pytest.raises(UserError, match=found):
            ballots.key_paper(workspace, CHAIR, current.id, organisation="NHS", weights=wrong)
    with pytest.raises(UserError, match="not all whole"):
        ballots.key_paper(workspace, CHAIR, points.id, organisation="NHS", weights=[33.5, 66.5])
    rounds.reveal(workspace, CHAIR, current.id)
    kept = [vote.percentages for vote in ballots.revealed_votes(workspace, current.id)]
    assert kept == [(33.3, 66.7), (0.0, 100.0)]


def test_a_round_says_whether_its_data_are_invented(place: Place) -> None:
    workspace = place.open()
    assert rounds.get(workspace, opened(workspace, demonstration=True).id).demonstration is True
    assert rounds.get(workspace, opened(workspace).id).demonstration is False


def test_a_round_of_an_older_workspace_is_kept(sqlite_place: Place) -> None:
    with closing(sqlite_place.open()) as workspace:
        before = opened(workspace)
    with closing(sqlite3.connect(sqlite_place.file)) as older, older:
        older.execute("ALTER TABLE voting_round DROP COLUMN demonstration")
        older.execute("UPDATE workspace SET schema_version = 5")
    workspace = sqlite_place.open()
    assert rounds.get(workspace, before.id) == before
    assert opened(workspace, demonstration=True).demonstration


def test_a_round_closed_unseen_leaves_no_vote(workspace: Workspace) -> None:
    current = opened(workspace)
    token = voted(workspace, current, "NHS", 90, 10)
    assert rounds.close(workspace, CHAIR, current.id).state == "closed"
    assert rows(workspace, "ballot") == []
    with pytest.raises(UserError, match="does not belong to anybody"):
        ballots.own_vote(workspace, token)


def test_nothing_is_revealed_without_a_vote(workspace: Workspace) -> None:
    current = opened(workspace)
    ballots.join(workspace, current.id, "NHS")
    with pytest.raises(UserError, match="No vote is in"):
        rounds.reveal(workspace, CHAIR, current.id)


def test_a_wrong_paper_vote_can_be_taken_out(workspace: Workspace) -> None:
    current, other = opened(workspace), opened(workspace)
    paper = ballots.key_paper(workspace, CHAIR, current.id, organisation="NHS", weights=[50, 50])
    voted(workspace, current, "Police", 1, 1)
    digital = next(row["id"] for row in rows(workspace, "ballot") if not row["paper"])
    for round_id, wrong in ((other.id, paper.id), (current.id, digital)):
        with pytest.raises(UserError, match="not there any more"):
            ballots.take_out_paper(workspace, CHAIR, round_id, wrong)
    ballots.take_out_paper(workspace, CHAIR, current.id, paper.id)
    assert rounds.progress(workspace, current.id).voted == 1


def test_a_round_takes_far_more_than_are_expected_and_no_flood(workspace: Workspace) -> None:
    current = opened(workspace, expected=2)
    assert (ballots.most_to_join(12), ballots.most_to_join(rounds.MOST_EXPECTED)) == (56, 920)
    tokens = [ballots.join(workspace, current.id, "NHS") for _ in range(ballots.most_to_join(2))]
    with pytest.raises(UserError, match="26 have joined this round, where 2 are expected") as refused:
        ballots.join(workspace, current.id, "NHS")
    assert refused.value.not_done == "Nothing was saved." and "higher number" in refused.value.remedy
    ballots.vote(workspace, tokens[0], weights=[60, 40])  # who is in votes on, and paper still comes in
    ballots.key_paper(workspace, CHAIR, current.id, organisation="Police", weights=[83, 17])
    rounds.expect(workspace, CHAIR, current.id, 3)
    assert ballots.join(workspace, current.id, "NHS")
    assert rounds.progress(workspace, current.id).joined == 28


def test_a_second_round_follows_a_revealed_one_on_the_same_priorities(workspace: Workspace) -> None:
    first = opened(workspace)
    voted(workspace, first, "NHS", 90, 10)
    rounds.reveal(workspace, CHAIR, first.id)
    assert opened(workspace, first_round=first.id).first_round == first.id
    reordered = SCENARIO.starting(type(FRAMEWORK)(**(vars(FRAMEWORK) | {"priorities": FRAMEWORK.priorities[::-1]})))
    with pytest.raises(UserError, match="on other priorities"):
        opened(workspace, first_round=first.id, scenario=reordered)


def test_a_round_is_changed_only_while_it_is_open(workspace: Workspace) -> None:
    current = opened(workspace)
    assert rounds.expect(workspace, NURSE, current.id, 14).expected == 14
    for wrong in ({"expected": 0}, {"expected": 301}, {"way": "show of hands"}, {"name": " "}):
        with pytest.raises(UserError):
            opened(workspace, **wrong)
    assert len(rounds.listed(workspace)) == 1


def test_words_are_kept_as_typed(sqlite_place: Place) -> None:
    workspace = sqlite_place.open()
    current = opened(workspace, name=INERT[0])
    for text in INERT[:12]:
        token = voted(workspace, current, text, 1, 1, reason=text)
        assert ballots.own_vote(workspace, token).reason == text  # type: ignore[union-attr]
    with pytest.raises(UserError, match="still needed") as refused:
        ballots.join(workspace, current.id, "Jane, 01315551234")
    assert "0131" not in str(refused.value)
    rounds.reveal(workspace, CHAIR, current.id)
    assert {vote.organisation for vote in ballots.revealed_votes(workspace, current.id)} == set(INERT[:12])
