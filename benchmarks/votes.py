"""Thirty people voting within ten seconds: how long each waits from sending to stored, and whether all is there.

One has a real browser; the others speak Streamlit's websocket protocol, pages open already, looking every second.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import LIMIT, Figure, import_peer
from benchmarks.serving import CHROMIUM, chromium, demonstration, serving
from benchmarks.voters import IS_IN, Voter
from prioritisation.catalogue import load_catalogue
from prioritisation.cli.votes import SCRIPT
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.voting.ballots import weights_of
from prioritisation.voting.together import group_weights
from prioritisation.workspace import Workspace, ballots, open_workspace, rounds
from prioritisation.workspace.records import Who

PEOPLE, WITHIN_SECONDS, STORED_WITHIN_SECONDS = 30, 10.0, 1.0
ORGANISATIONS = ("Council", "NHS", "Police", "Fire and rescue", "Housing", "Third sector")
FACILITATOR = Who("Facilitator", "Council")
READY_SECONDS = 180.0  # then some page did not open, and the rest give up


@dataclass(frozen=True)
class Voted:
    """What a room of voters did. sent: each one's weights by token; waits: seconds from sending to stored."""

    sent: dict[str, list[float]]
    waits: list[float]
    took: float


def figures() -> Iterator[Figure]:
    """Yield the waits over the websocket and in the browser, and what was stored and revealed."""
    with tempfile.TemporaryDirectory() as folder:
        demonstration(folder)
        workspace = open_workspace(DataFolder(Path(folder)))
        current = open_round(workspace, DataFolder(Path(folder)), PEOPLE)
        with_browser = import_peer("playwright") is not None and Path(CHROMIUM).exists()
        with serving(SCRIPT, environment(folder)) as address:
            in_browser: list[float] = []
            others = PEOPLE - with_browser
            voted = vote_together(address, workspace, current.id, others, WITHIN_SECONDS, in_browser.append)
        yield from _waits(voted, in_browser)
        yield from _results(workspace, current.id, voted, len(in_browser))
        workspace.close()


def environment(folder: str) -> dict[str, str]:
    """Return what the Vote page's server needs, as `prioritisation votes` sets it."""
    return {"PRIORITISATION_DATA": folder, "PRIORITISATION_WORKSPACE": "", "PRIORITISATION_SIGN_IN": "votes"}


def open_round(workspace: Workspace, folder: DataFolder, expected: int) -> rounds.Round:
    """Open a round on the first framework of the folder's catalogue."""
    framework = next(iter(load_catalogue(folder.catalogue).frameworks.values()))
    scenario = Scenario.starting(framework)
    return rounds.open_round(
        workspace, FACILITATOR, scenario=scenario, release_id="-", name="Benchmark", expected=expected
    )


def vote_together(
    address: str, workspace: Workspace, round_id: str, people: int, within: float, browser: Any = None
) -> Voted:
    """Have people with pages open vote, spread evenly over `within` seconds; each looks every second all the while.

    browser: takes the seconds that one more person waits, who has a real browser; None for no such person.
    """
    tokens = [ballots.join(workspace, round_id, ORGANISATIONS[place % len(ORGANISATIONS)]) for place in range(people)]
    ready = threading.Barrier(people + 1)
    with ThreadPoolExecutor(people) as pool:
        moments = [within * place / max(people - 1, 1) for place in range(people)]
        runs = [pool.submit(_person, address, *each, within, ready) for each in zip(tokens, moments, strict=True)]
        if browser is None:
            ready.wait(READY_SECONDS)
        else:
            _with_browser(address, ballots.join(workspace, round_id, ORGANISATIONS[0]), within / 2, ready, browser)
        done = [run.result() for run in runs]
    sent = {token: weights for token, (weights, _, _) in zip(tokens, done, strict=True)}
    ends = [end for _, _, end in done]
    return Voted(sent, [waited for _, waited, _ in done], max(ends))


def weights_for(place: float) -> list[float]:
    """Return four weights that total 100, other ones for each moment."""
    first = round(10 + 7 * place % 60, 1)
    return [first, round(80 - first, 1), 15.0, 5.0]


def _person(
    address: str, token: str, moment: float, within: float, ready: threading.Barrier
) -> tuple[list[float], float, float]:
    """Return the weights sent, the seconds waited, and when the vote was in, counted from the beginning of all."""
    with Voter(address, "", {"token": token}) as voter:
        voter.open(READY_SECONDS)
        ready.wait(READY_SECONDS)
        began = time.monotonic()
        _look_until(voter, began + moment)
        weights = weights_for(moment)
        waited = voter.cast(weights, f"Because of {token[:4]}")
        stored = time.monotonic() - began
        _look_until(voter, began + within + 1)
    return weights, waited, stored


def _look_until(voter: Voter, end: float) -> None:
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(1.0, left))
        voter.look()


def _with_browser(address: str, token: str, moment: float, ready: threading.Barrier, browser: Any) -> None:
    with chromium() as running:
        page = running.new_page(viewport={"width": 360, "height": 740})
        page.goto(f"{address}/?token={token}")
        button = page.get_by_role("button", name="Send my vote")
        button.wait_for(timeout=60_000)
        ready.wait(READY_SECONDS)
        page.wait_for_timeout(1000 * moment)
        began = time.perf_counter()
        button.click()
        page.get_by_text(IS_IN).wait_for(timeout=60_000)
        browser(time.perf_counter() - began)


def _waits(voted: Voted, in_browser: Sequence[float]) -> Iterator[Figure]:
    p95 = statistics.quantiles(voted.waits, n=20)[-1]
    note = f"median {statistics.median(voted.waits):.2f} s, longest {max(voted.waits):.2f} s; in {voted.took:.1f} s"
    yield Figure(f"{PEOPLE} voters, send to stored, p95", p95, "s", LIMIT, STORED_WITHIN_SECONDS, note=note)
    for waited in in_browser:
        yield Figure(f"one of {PEOPLE}, in the browser, to shown", waited, "s", LIMIT, STORED_WITHIN_SECONDS)


def _results(workspace: Workspace, round_id: str, voted: Voted, in_browser: int) -> Iterator[Figure]:
    """Count what is stored as it was sent, and compare the reveal with the votes."""
    expected = len(voted.sent) + in_browser
    right = sum(_as_sent(workspace, token, weights) for token, weights in voted.sent.items())
    lost = expected - rounds.progress(workspace, round_id).voted
    rounds.reveal(workspace, FACILITATOR, round_id)
    seen = ballots.revealed_votes(workspace, round_id)
    own = [ballots.own_vote(workspace, token) for token in voted.sent]
    revealed = group_weights(weights_of(seen)) and all(each in seen for each in own)
    note = f"{right} of {len(voted.sent)} with the very weights; reveal {'right' if revealed else 'WRONG'}"
    yield Figure("votes acknowledged and not stored", lost, "", LIMIT, 0, note=note)


def _as_sent(workspace: Workspace, token: str, weights: Sequence[float]) -> bool:
    vote = ballots.own_vote(workspace, token)
    return vote is not None and list(vote.percentages) == list(weights)
