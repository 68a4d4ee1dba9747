"""Many processes at once, and processes killed: nothing acknowledged is lost, on both databases."""

from __future__ import annotations

import random
import time

from workspace_places import Place
from workspace_processes import AFRESH, drained, running
from workspace_writers import add_and_bump, open_once, save_until_killed, saved

from prioritisation.workspace import scenarios


def test_eight_processes_may_create_the_workspace_at_once(place: Place) -> None:
    together = AFRESH.Barrier(8)
    with running(open_once, [(place.folder, place.url, together)] * 8) as started:
        made = {answers.recv() for _, answers in started}
    assert {row.id for row in scenarios.listed(place.open())} == made
    assert len(made) == 8


def test_eight_processes_write_and_nothing_is_lost(place: Place, full: bool) -> None:
    times = 60 if full else 4
    shared = saved(place.open())
    with running(add_and_bump, [(place.folder, place.url, shared.id, times)] * 8) as started:
        made = [name for _, answers in started for name in answers.recv()]
    workspace = place.open()
    assert {row.id for row in scenarios.listed(workspace)} == {shared.id, *made}
    after = scenarios.get(workspace, shared.id)
    assert after.version == 1 + 8 * times
    assert after.note in made


def test_what_was_acknowledged_survives_kill_9(place: Place, full: bool) -> None:
    writers, kills, chance = (8, 500, 0.05) if full else (3, 6, 0.05)
    place.open().close()
    acknowledged: list[str] = []
    for _ in range(-(-kills // writers)):
        with running(save_until_killed, [(place.folder, place.url)] * writers) as started:
            for _, answers in started:
                answers.recv()
            time.sleep(random.uniform(0, chance))
        acknowledged += [name for _, answers in started for name in drained(answers)]
    assert len(acknowledged) >= writers
    assert not [name for name in acknowledged if name.startswith("refused")]
    kept = {row.id for row in scenarios.listed(place.open())}  # opening checks the file as well
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + writers * -(-kills // writers)
