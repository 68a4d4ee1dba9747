"""Saved scenarios: what is stored comes back, and nobody overwrites anybody in silence; on both databases."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from inert_texts import INERT
from sqlalchemy import update
from workspace_places import NOON, Place
from workspace_writers import SCENARIO, saved

from prioritisation.errors import UserError
from prioritisation.workspace import Workspace, scenarios, tables
from prioritisation.workspace.faults import NOTHING_SAVED

OTHER = SCENARIO.with_weights([50, 50])


def test_a_saved_scenario_comes_back_as_it_was_after_a_restart(place: Place) -> None:
    first = place.open(now=lambda: NOON)
    kept = scenarios.save(
        first, name=" Rural first ", note="Agreed\nin Maybole", scenario=OTHER, release_id="r7", by="NHS"
    )
    first.close()
    again = place.open()
    assert scenarios.get(again, kept.id) == kept
    assert (kept.name, kept.note, kept.author, kept.version) == ("Rural first", "Agreed\nin Maybole", "NHS", 1)
    assert kept.created_at == kept.updated_at == NOON
    assert kept.scenario == OTHER
    assert (kept.scenario_id, kept.release_id) == (OTHER.id, "r7")
    again.close()


def test_ids_are_short_plain_and_not_guessable(workspace: Workspace) -> None:
    made = {saved(workspace).id for _ in range(40)}
    assert len(made) == 40
    assert all(len(name) == 12 and name.isalnum() and name == name.lower() for name in made)


@pytest.mark.parametrize("name", ["", "nobody", "' OR 1=1 --", "a\0b", "\ud800", "../x", "z" * 10_000])
def test_a_link_to_nothing_is_refused_in_words(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserError, match="no saved scenario under this link"):
        scenarios.get(workspace, name)


def test_forty_scripts_are_stored_and_returned_as_the_text_they_are(workspace: Workspace) -> None:
    assert len(set(INERT)) == 40
    for text in INERT:
        kept = scenarios.save(workspace, name=text, note=text, scenario=SCENARIO, release_id="r1", by=text)
        found = scenarios.get(workspace, kept.id)
        assert (found.name, found.note, found.author) == (text, text, text)
        assert [row.id for row in scenarios.listed(workspace, search=text)] == [kept.id]


@pytest.mark.parametrize(
    ("name", "note", "by", "where"),
    [
        ("", "", "NHS", ["name"]),
        ("   ", "", "", ["name", "role or organisation"]),
        ("x" * 121, "x" * 4001, "x" * 121, ["name", "note", "role or organisation"]),
        ("two\nlines", "two\nlines\tare well", "NHS", ["name"]),
        ("a\0b", "a\x1bb", "NHS", ["name", "note"]),
        ("lone \ud800 half", "", "NHS", ["name"]),
        ("txt.\u202egpj", "\ufffe", "NHS", ["name", "note"]),
    ],
)
def test_words_that_cannot_be_kept_are_all_named_and_nothing_is_saved(
    sqlite_place: Place, name: str, note: str, by: str, where: list[str]
) -> None:
    workspace = sqlite_place.open()
    with pytest.raises(UserError) as refused:
        scenarios.save(workspace, name=name, note=note, scenario=SCENARIO, release_id="r1", by=by)
    assert [fault.where for fault in refused.value.faults] == where
    assert refused.value.not_done == NOTHING_SAVED
    assert scenarios.listed(workspace, archived=None) == []


def test_the_list_is_filtered_and_shows_the_latest_change_first(workspace: Workspace) -> None:
    first, second, third = (saved(workspace, name) for name in ("Ayr first", "GIRVAN first", "Éire"))
    scenarios.archive(workspace, second.id, 1, by="NHS")
    scenarios.lock(workspace, first.id, 1, by="NHS")
    moved = scenarios.rerun(workspace, third.id, "r2", by="NHS")

    def names(**chosen: Any) -> list[str]:
        return [row.id for row in scenarios.listed(workspace, **chosen)]

    assert names() == [moved.id, first.id, third.id]
    assert names(archived=True) == [second.id]
    assert names(archived=None, search="first") == [first.id, second.id]
    assert names(search="éIRE") == [moved.id, third.id]
    assert names(locked=True) == [first.id]
    assert names(release_id="r2") == [moved.id]
    assert names(changed_after=third.changed) == [moved.id, first.id]


def test_a_conflict_says_who_when_and_that_neither_was_lost(workspace: Workspace) -> None:
    mine = saved(workspace, "Rural first")
    theirs = scenarios.rename(workspace, mine.id, mine.version, name="Rural only", note="", by="Police Scotland")
    with pytest.raises(scenarios.Conflict) as refused:
        scenarios.rename(workspace, mine.id, mine.version, name="Towns first", note="", by="NHS")
    assert str(refused.value) == (
        "'Rural only' was changed by Police Scotland on 22 November 2025 at 12:02 UTC, after you opened it.\n"
        "  - name: is 'Rural only' there; yours is 'Towns first'.\n"
        "Not done: Your change was not saved, and theirs was left as it is.\n"
        "What to do: Open it again to see theirs and make your change there, or save yours as a new scenario."
    )
    assert refused.value.current == theirs == scenarios.get(workspace, mine.id)


def test_every_change_of_an_older_version_is_a_conflict(workspace: Workspace) -> None:
    row = saved(workspace)
    scenarios.rename(workspace, row.id, 1, name="Second", note="", by="NHS")
    for change in (
        lambda: scenarios.choose(workspace, row.id, 1, scenario=OTHER, release_id="r1", by="NHS"),
        lambda: scenarios.rename(workspace, row.id, 1, name="Third", note="", by="NHS"),
        lambda: scenarios.lock(workspace, row.id, 1, by="NHS"),
        lambda: scenarios.archive(workspace, row.id, 1, by="NHS"),
        lambda: scenarios.rename(workspace, row.id, 3, name="Third", note="", by="NHS"),
    ):
        with pytest.raises(scenarios.Conflict):
            change()
    assert scenarios.get(workspace, row.id).version == 2


def test_asking_for_what_already_stands_is_no_conflict(workspace: Workspace) -> None:
    row = saved(workspace)
    locked = scenarios.lock(workspace, row.id, 1, by="NHS")
    assert scenarios.lock(workspace, row.id, 1, by="Council") == locked


def test_a_locked_scenario_stays_as_it_is_until_unlocked(workspace: Workspace) -> None:
    row = scenarios.lock(workspace, saved(workspace).id, 1, by="NHS")
    for change in (
        lambda: scenarios.rename(workspace, row.id, 2, name="Other", note="", by="NHS"),
        lambda: scenarios.choose(workspace, row.id, 2, scenario=OTHER, release_id="r1", by="NHS"),
        lambda: scenarios.archive(workspace, row.id, 2, by="NHS"),
    ):
        with pytest.raises(UserError, match="is locked"):
            change()
    assert scenarios.get(workspace, row.id) == row
    scenarios.lock(workspace, row.id, 2, by="NHS", locked=False)
    changed = scenarios.choose(workspace, row.id, 3, scenario=OTHER, release_id="r2", by="Fire service")
    assert (changed.scenario, changed.release_id, changed.version) == (OTHER, "r2", 4)
    assert (changed.author, changed.updated_by) == ("Council, chair", "Fire service")


def test_an_archived_scenario_is_kept_and_can_come_back(workspace: Workspace) -> None:
    row = scenarios.archive(workspace, saved(workspace).id, 1, by="NHS")
    with pytest.raises(UserError, match="Bring it back"):
        scenarios.rename(workspace, row.id, 2, name="Other", note="", by="NHS")
    assert not scenarios.archive(workspace, row.id, 2, by="NHS", archived=False).archived


def test_copies_and_reruns_say_where_they_came_from(workspace: Workspace) -> None:
    row = scenarios.lock(workspace, saved(workspace, "n" * 118).id, 1, by="NHS")
    copy = scenarios.duplicate(workspace, row.id, by="NHS")
    assert (copy.duplicated_from, copy.rerun_of, copy.locked, copy.version) == (row.id, None, False, 1)
    assert copy.name == "Copy of " + "n" * 112
    later = scenarios.rerun(workspace, row.id, "r2", by="NHS", name="On the new figures")
    assert (later.rerun_of, later.release_id, later.choices, later.name) == (
        row.id, "r2", row.choices, "On the new figures",
    )  # fmt: skip
    assert scenarios.get(workspace, row.id) == row
    with pytest.raises(UserError, match="already computed on the current data release"):
        scenarios.rerun(workspace, later.id, "r2", by="NHS")


def test_other_browsers_can_tell_that_something_changed_and_miss_nothing(workspace: Workspace) -> None:
    seen: set[str] = set()
    made: list[str] = []
    begun = workspace.change_number()
    writers = [threading.Thread(target=lambda: made.extend(saved(workspace).id for _ in range(10))) for _ in range(4)]
    for writer in writers:
        writer.start()
    known = begun
    while any(writer.is_alive() for writer in writers) or workspace.change_number() != known:
        rows = scenarios.listed(workspace, changed_after=known)
        assert not seen & {row.id for row in rows}
        seen |= {row.id for row in rows}
        known = max([known, *(row.changed for row in rows)])
    assert len(made) == 40
    assert seen == set(made)
    assert workspace.change_number() == begun + 40


def test_a_row_of_a_newer_format_is_listed_and_refused_only_when_opened(workspace: Workspace) -> None:
    row = saved(workspace)
    with workspace.write("trial", by="A test") as change:
        newer = row.choices.replace('"format": 1', '"format": 2')
        change.connection.execute(update(tables.scenario).values(choices=newer))
    (found,) = scenarios.listed(workspace)
    with pytest.raises(UserError, match="newer version"):
        _ = found.scenario


def test_scenarios_can_key_a_cache(workspace: Workspace) -> None:
    row = saved(workspace)
    assert hash(row) == hash(scenarios.get(workspace, row.id))
