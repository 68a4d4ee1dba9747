"""Writers killed in the middle: what was acknowledged is there, and the log of it all is whole; on both databases."""

from __future__ import annotations

import random
import time

from workspace_places import Place
from workspace_processes import drained, running
from workspace_writers import draw_until_killed

from prioritisation.workspace import Workspace, audit, ballots, records, scenarios


def stored_version(workspace: Workspace, token: str) -> int:
    vote = ballots.own_vote(workspace, token)
    return vote.version if vote else 0


def test_kill_9_loses_nothing_and_breaks_no_chain(place: Place, full: bool) -> None:
    writers, kills = (8, 500) if full else (3, 6)
    place.open().close()
    acknowledged: list[tuple[str, str]] = []
    for _ in range(-(-kills // writers)):
        with running(draw_until_killed, [(place.folder, place.url)] * writers) as started:
            for _, answers in started:
                answers.recv()
            time.sleep(random.uniform(0.02, 0.12))
        acknowledged += [told for _, answers in started for told in drained(answers)]
    workspace = place.open()
    assert not [found for kind, found in acknowledged if kind == "refused"]
    kept = {("scenario", row.id) for row in scenarios.listed(workspace)}
    kept |= {("decision", row.id) for row in records.timeline(workspace)}
    votes = [told.split() for kind, told in acknowledged if kind == "vote"]
    assert {kind for kind, _ in acknowledged} == {"scenario", "decision", "vote"}
    assert {(kind, name) for kind, name in acknowledged if kind != "vote"} <= kept
    assert not [version for token, version in votes if stored_version(workspace, token) < int(version)]
    check = audit.verify(workspace)
    assert check.faults == ()
    assert check.rows == workspace.change_number() > len(acknowledged)
