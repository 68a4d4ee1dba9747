"""The Vote page's server: nothing but that page, nobody's vote but one's own, and nothing lost when it is killed."""

from __future__ import annotations

import os
import random
import signal
import struct
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from voting_servers import ROOT, Served, votes_served

from benchmarks.serving import free_port, serving
from benchmarks.voters import IS_IN, Voter
from benchmarks.votes import FACILITATOR, open_round, vote_together
from prioritisation.folder import DataFolder
from prioritisation.votes_address import vote_link
from prioritisation.workspace import Workspace, audit, ballots, rounds

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
ASKS_FOR_A_CODE = b"Which round are you here for?"
WEIGHTS, CHANGED = [61.1237, 17.3391, 14.2049, 7.3323], [11.9173, 52.6781, 8.3649, 27.0397]
REASON, CHANGED_REASON, PAPER_REASON = "canary of a reason", "canary of another reason", "canary of a paper"

MEDIAN = b"52.7%"


def marks(weights: list[float], reason: str, token: str) -> list[bytes]:
    """What a vote would look like on the wire: its numbers as text and as eight bytes, its words, its token."""
    numbers = [f"{weight:.4f}".encode() for weight in weights] + [struct.pack("<d", weight) for weight in weights]
    return [*numbers, reason.encode(), token.encode()]


def held(voters: list[Voter], mark: bytes) -> int:
    return sum(mark in frame for voter in voters for frame in voter.frames)


def test_no_other_page_can_be_reached(served: Served, votes_folder: DataFolder) -> None:
    assert len(PAGES) > 10
    assert vote_link(votes_folder, "ABC") == f"{served.address}/?code=ABC"
    with urllib.request.urlopen(f"{served.address}/Weigh") as answer:
        assert b"prioritisation" not in answer.read()  # the bare frame that every Streamlit address answers with
    for page in ["", "Vote", *PAGES]:
        with Voter(served.address, page, {}) as visitor:
            visitor.open()
            assert any(ASKS_FOR_A_CODE in frame for frame in visitor.frames), page
            said = len(visitor.frames)
            visitor._send(ClientState(page_script_hash=calc_hash(page), page_name=page))
            visitor.wait()
            again = visitor.frames[said:]
            assert any(ASKS_FOR_A_CODE in frame for frame in again), page
            heard = [ForwardMsg.FromString(frame) for frame in visitor.frames]
            assert max(len(message.new_session.app_pages) for message in heard) <= 1, page
            assert not any(message.WhichOneof("type") == "navigation" for message in heard), page


def test_until_the_reveal_nobody_gets_a_vote_but_who_cast_it(
    served: Served, votes_folder: DataFolder, workspace: Workspace
) -> None:
    current = open_round(workspace, votes_folder, 3)
    tokens = [ballots.join(workspace, current.id, name) for name in ("NHS", "Police", "Housing")]
    app = {"PRIORITISATION_DATA": str(votes_folder.root), "PRIORITISATION_WORKSPACE": ""}
    with serving("app.py", app) as address:
        own, other, waiting = (Voter(served.address, "", {"token": token}) for token in tokens)
        newcomer = Voter(served.address, "", {"code": current.code})
        facilitators = [Voter(address, page, {"round": current.id}) for page in PAGES]
        everybody = [own, other, waiting, newcomer, *facilitators]
        for voter in everybody:
            voter.open()
        own.cast(WEIGHTS, REASON)
        other.cast([40, 30, 20, 10])
        ballots.key_paper(workspace, FACILITATOR, current.id, organisation="Fire", weights=CHANGED, reason=PAPER_REASON)
        for voter in everybody:
            voter.look()
        ballots.vote(workspace, tokens[0], weights=CHANGED, reason=CHANGED_REASON)
        for voter in everybody:
            voter.look()
            voter.open()  # as after a reload
        others = [voter for voter in everybody if voter is not own]
        assert any(b"3 of 3 in" in frame for voter in others for frame in voter.frames)
        canaries = {
            *marks(WEIGHTS, REASON, tokens[0]),
            *marks(CHANGED, CHANGED_REASON, tokens[0]),
            PAPER_REASON.encode(),
        }
        assert {mark: held(others, mark) for mark in canaries if held(others, mark)} == {}
        assert held([own], CHANGED_REASON.encode()) > 0
        votes_page = facilitators[PAGES.index("Votes")]
        assert held([votes_page], MEDIAN) == 0
        rounds.reveal(workspace, FACILITATOR, current.id)
        votes_page.open()
        assert held([votes_page], MEDIAN) > 0  # the wire is read: what may be seen now is found
        for voter in everybody:
            voter.close()


def test_people_who_vote_together_are_all_counted(
    served: Served, votes_folder: DataFolder, workspace: Workspace
) -> None:
    current = open_round(workspace, votes_folder, 5)
    voted = vote_together(served.address, workspace, current.id, people=5, within=1.0)
    assert rounds.progress(workspace, current.id).words == "5 of 5 in"
    rounds.reveal(workspace, FACILITATOR, current.id)
    seen = sorted(list(vote.percentages) for vote in ballots.revealed_votes(workspace, current.id))
    assert seen == sorted(voted.sent.values())


@pytest.mark.timeout(1800)
def test_a_server_killed_in_the_middle_loses_no_acknowledged_vote(
    votes_folder: DataFolder, workspace: Workspace, full: bool
) -> None:
    current = open_round(workspace, votes_folder, 300)
    acknowledged: dict[str, list[float]] = {}
    port = free_port()
    for _ in range(20 if full else 2):
        with votes_served(votes_folder, port) as running:
            for token in list(acknowledged)[-1:]:  # who had voted comes back and finds the vote
                with Voter(running.address, "", {"token": token}) as back:
                    back.open()
                    assert any(IS_IN.encode() in frame for frame in back.frames)
            _vote_until_killed(running, workspace, current.id, acknowledged)
    assert len(acknowledged) >= 2
    lost = [
        token
        for token, weights in acknowledged.items()
        if (vote := ballots.own_vote(workspace, token)) is None or list(vote.percentages) != weights
    ]
    assert lost == []
    assert audit.verify(workspace).intact


def _vote_until_killed(
    running: Served, workspace: Workspace, round_id: str, acknowledged: dict[str, list[float]]
) -> None:
    """Let three people vote one after the other, each anew as somebody else, and kill the server meanwhile."""
    before, ended = len(acknowledged), threading.Event()

    def vote_on() -> None:
        while not ended.is_set():
            token, first = ballots.join(workspace, round_id, "NHS"), random.randint(1, 60)
            weights = [float(first), 70.0 - first, 20.0, 10.0]
            try:
                with Voter(running.address, "", {"token": token}) as voter:
                    voter.open()
                    voter.cast(weights)
            except (OSError, EOFError, ConnectionError, TimeoutError):
                continue
            except Exception as fault:  # websockets' own, when the server is gone
                if not type(fault).__module__.startswith("websockets"):
                    raise
                continue
            acknowledged[token] = weights

    people = [threading.Thread(target=vote_on) for _ in range(3)]
    for person in people:
        person.start()
    until = time.monotonic() + 60
    while len(acknowledged) == before and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.5))
    os.kill(running.server, signal.SIGKILL)
    ended.set()
    for person in people:
        person.join()


def test_the_command_ends_with_its_server_and_takes_its_address_back(votes_folder: DataFolder) -> None:
    with votes_served(votes_folder, free_port()) as running:
        server = running.server
    assert running.command.returncode == 0
    assert vote_link(votes_folder, "ABC") != f"{running.address}/?code=ABC"
    assert not Path(f"/proc/{server}").exists()
