"""The tray of saved scenarios: saving, the read-only link, and every change that one person or two can make."""

from __future__ import annotations

import html
import json
import shutil
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from inert_texts import INERT
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace
from prioritisation.workspace.scenarios import SavedScenario, get, listed, lock, rename, save


def start(folder: DataFolder) -> Scenario:
    return Scenario.starting(next(iter(load_catalogue(folder.catalogue).frameworks.values())))


def put(workspace: Workspace, folder: DataFolder, name: str, **other: str) -> SavedScenario:
    scenario = start(folder).with_weights([40, 30, 20, 10])
    release = other.pop("release_id", folder.published().current or "")
    return save(workspace, name=name, note=other.get("note", ""), scenario=scenario, release_id=release, by="Council")


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def panel(open_page: OpenPage, folder: DataFolder, who: str = "Council") -> AppTest:
    test = press(open_page("Scenarios", folder), "Change or share")
    test.text_input(key="tray-who").set_value(who)
    return test


def saving(open_page: OpenPage, folder: DataFolder, link: dict[str, str] | None = None) -> AppTest:
    test = open_page("Weigh", folder, MENU, link or {"weights": "40,30,20,10"})
    test.session_state["save-open"] = True
    return test.run()


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_page_opens_both_ways(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Scenarios", folder, way)
    assert not test.exception
    assert "<h1>Which scenarios are there?</h1>" in html_of(test) and "Nothing is saved yet." in html_of(test)


def test_saving_on_weigh_reaches_the_tray_and_survives_a_restart(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    test = saving(open_page, folder)
    test.text_input(key="save-name").set_value("Housing first")
    test.text_area(key="save-note").set_value("As agreed on Monday")
    test.text_input(key="save-who").set_value("NHS")
    press(test, "Save")
    assert "Saved as <strong>Housing first</strong>" in html_of(test)
    (row,) = listed(workspace)
    assert f"/Weigh?saved={row.id}" in test.code[0].value
    assert row.scenario == start(folder).with_weights([40, 30, 20, 10])
    assert (row.author, row.note, row.release_id) == ("NHS", "As agreed on Monday", folder.published().current)
    st.cache_resource.clear()  # as a new server would begin
    said = html_of(open_page("Scenarios", folder, BOOKMARK))
    assert "Housing first" in said and "Financial hardship 40%" in said and "Saved by NHS" in said


def test_what_cannot_be_saved_is_said_with_every_fault(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    test = press(saving(open_page, folder), "Save")
    said = html_of(test)
    assert "name: is empty." in said and "role or organisation: is empty." in said and "What to do: " in said
    test.text_input(key="save-name").set_value("A")
    test.text_input(key="save-who").set_value("B")
    press(test, "Save")
    assert [row.name for row in listed(workspace)] == ["A"]


def test_weights_moved_behind_an_open_form_are_not_saved_unseen(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    test = saving(open_page, folder)
    test.text_input(key="save-name").set_value("A")
    test.text_input(key="save-who").set_value("B")
    test.query_params["weights"] = "10,20,30,40"
    press(test, "Save")
    assert "The weights were moved after this form was opened." in html_of(test) and not listed(workspace)
    assert "Older people living well 40%" in html_of(test)
    press(test, "Save")
    assert listed(workspace)[0].scenario.percentages == (10, 20, 30, 40)


def test_the_same_choices_are_noticed(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    put(workspace, folder, "Twin")
    assert "saved already, as <strong>Twin</strong>" in html_of(saving(open_page, folder))


def test_the_read_only_link_opens_exactly_what_was_saved(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    row = put(workspace, folder, "Linked")
    test = open_page("Weigh", folder, BOOKMARK, {"saved": row.id})
    said = html_of(test)
    assert "<strong>Linked</strong>" in said and "Read-only" in said and f"scenario {row.scenario_id}" in said
    test.query_params["weights"] = "10,10,10,70"
    test.run()
    assert f"scenario {row.scenario_id}" not in html_of(test)
    test.session_state["save-open"] = True
    test.run()
    test.text_input(key="save-name").set_value("Mine")
    test.text_input(key="save-who").set_value("Police")
    press(test, "Save")
    assert get(workspace, row.id) == row
    assert {each.name for each in listed(workspace)} == {"Linked", "Mine"}
    press(test, "Leave this saved scenario")
    assert "saved" not in test.query_params and "Read-only" not in html_of(test)


def test_a_link_keeps_a_framework_that_the_catalogue_no_longer_has(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    scenario = start(folder)
    other = json.loads(scenario.to_json())
    other["framework"]["id"] = "of-last-year"
    other["framework"]["name"] = "Of last year"
    kept = Scenario.from_json(json.dumps(other)).with_weights([70, 10, 10, 10])
    release = folder.published().current or ""
    row = save(workspace, name="Old", note="", scenario=kept, release_id=release, by="Council")
    test = open_page("Weigh", folder, BOOKMARK, {"saved": row.id})
    assert "Of last year" in html_of(test) and f"scenario {kept.id}" in html_of(test)
    assert "could not be followed" not in html_of(test)


@pytest.mark.parametrize("link", ["nothing", "2" * 12, "../../x", "' OR 1=1 --"])
def test_an_unknown_link_is_said_in_three_parts(link: str, open_page: OpenPage, folder: DataFolder) -> None:
    said = html_of(open_page("Weigh", folder, BOOKMARK, {"saved": link}))
    assert "There is no saved scenario under this link." in said and "What to do: " in said


def test_renaming_keeps_who_wrote(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    row = put(workspace, folder, "Before")
    test = panel(open_page, folder, "Fire and Rescue")
    assert test.text_input(key="tray-name").value == "Before"
    test.text_input(key="tray-name").set_value("After")
    press(test, "Save name and note")
    assert "The name and note of &#x27;After&#x27; are saved." in html_of(test)
    assert get(workspace, row.id).updated_by == "Fire and Rescue"
    press(test, "Change or share")
    assert test.text_input(key="tray-who").value == "Fire and Rescue"


def test_two_writers_get_a_conflict_and_nothing_is_lost(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    row = put(workspace, folder, "Before")
    test = panel(open_page, folder, "Council")
    rename(workspace, row.id, row.version, name="Theirs", note="", by="NHS")
    test.text_input(key="tray-name").set_value("Mine")
    press(test, "Save name and note")
    said = html.unescape(html_of(test))
    assert "'Theirs' was changed by NHS" in said and "is 'Theirs' there; yours is 'Mine'." in said
    assert "Not done: " in said and "What to do: " in said and "Above you see it as it is now" in said
    assert get(workspace, row.id).name == "Theirs"
    assert test.text_input(key="tray-name").value == "Mine"
    press(test, "Save name and note")  # now that theirs is on screen
    assert get(workspace, row.id).name == "Mine"


def test_lock_duplicate_archive_and_bring_back(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    row = put(workspace, folder, "One")
    test = press(panel(open_page, folder), "Lock")
    assert get(workspace, row.id).locked and ">locked</span>" in html_of(test)
    press(test, "Change or share")
    assert next(button for button in test.button if button.label == "Archive").disabled
    press(test, "Duplicate")
    assert {each.name for each in listed(workspace)} == {"One", "Copy of One"}
    test.button(key=f"more-{row.id}").click().run()
    press(test, "Unlock")
    test.button(key=f"more-{row.id}").click().run()
    press(test, "Archive")
    assert "is in the archive." in html_of(test)
    assert f"more-{row.id}" not in {button.key for button in test.button}
    test.toggle(key="tray-archived").set_value(True).run()
    test.button(key=f"more-{row.id}").click().run()
    press(test, "Bring back")
    assert not get(workspace, row.id).archived


def test_a_lock_by_another_is_respected(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    row = put(workspace, folder, "One")
    test = panel(open_page, folder)
    lock(workspace, row.id, row.version, by="NHS")
    press(test, "Archive")
    assert "was changed by NHS" in html_of(test) and not get(workspace, row.id).archived


def test_an_older_scenario_is_run_again(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    row = put(workspace, folder, "Older", release_id="r0000-aaaaaaaa")
    test = panel(open_page, folder)
    assert "made on a release that is no longer kept" in html_of(test)
    press(test, "Re-run on the current release")
    again = next(each for each in listed(workspace) if each.id != row.id)
    assert (again.rerun_of, again.release_id) == (row.id, folder.published().current)
    assert again.choices == row.choices and get(workspace, row.id) == row


def test_an_older_release_that_is_kept_is_shown_as_it_was(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, tmp_path: Path
) -> None:
    current = folder.published().current or ""
    copied = DataFolder(tmp_path / "copy")
    shutil.copytree(folder.root, copied.root)
    newer = "r0002-bbbbbbbb"
    shutil.copyfile(copied.release_file(current), copied.release_file(newer))
    with duckdb.connect(str(copied.release_file(newer))) as connection:
        connection.execute("UPDATE fact SET value = ? WHERE name = 'release_id'", [newer])
    copied.pointer.write_text(json.dumps({"current": newer, "published": [current, newer]}))
    row = put(workspace, folder, "Kept", release_id=current)
    assert "made on an older release" in html_of(open_page("Scenarios", copied))
    said = html_of(open_page("Weigh", copied, BOOKMARK, {"saved": row.id}))
    assert "made on an older release" in said and f"release {current}" in said


def test_a_scenario_that_cannot_be_run_again_is_not_stored(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    other = json.loads(start(folder).to_json())
    other["framework"]["priorities"][0]["indicators"][0]["id"] = "of_another_country"
    damaged = Scenario.from_json(json.dumps(other))
    save(workspace, name="Other", note="", scenario=damaged, release_id="r0000-aaaaaaaa", by="Council")
    test = press(panel(open_page, folder), "Re-run on the current release")
    assert "has no values for: of_another_country" in html_of(test)
    assert len(listed(workspace)) == 1


def test_a_missing_workspace_is_said_in_three_parts(
    open_page: OpenPage, demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "w.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'w.sqlite'}")
    test = open_page("Scenarios", demonstration)
    assert not test.exception
    assert "is damaged, or is not a workspace at all" in html_of(test) and "What to do: " in html_of(test)
    assert "What matters most?" in html_of(open_page("Weigh", demonstration))


def test_hostile_words_stay_words(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    kept = []
    for text in INERT:
        try:
            save(workspace, name=text, note=text, scenario=start(folder), release_id="r0", by=text)
            kept.append(text)
        except UserError:
            continue
    assert len(kept) > 30
    test = open_page("Scenarios", folder)
    press(test, f"Show all {len(kept)}")
    said = html_of(test)
    assert not test.exception
    for text in kept:
        assert said.count(html.escape(text, quote=True)) >= 3
    ours = [element.label for kind in (test.button, test.toggle, test.text_input) for element in kind]
    assert not set(ours) & set(kept)


def test_search_finds_by_any_word(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    for count in range(8):
        put(workspace, folder, f"Number {count}", note="a needle" if count == 5 else "hay")
    test = open_page("Scenarios", folder)
    test.text_input(key="tray-search").set_value("NEEDLE").run()
    assert "1 of 8 match" in html_of(test) and "Number 5" in html_of(test) and "Number 4" not in html_of(test)


def saving_over(open_page: OpenPage, folder: DataFolder, row: SavedScenario) -> AppTest:
    test = saving(open_page, folder, {"weights": "10,20,30,40"})
    test.selectbox(key="save-over").set_value(row.id).run()
    test.text_input(key="save-who").set_value("Police")
    return test


def test_saving_over_keeps_name_note_and_link(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    row = put(workspace, folder, "First thoughts", note="Monday")
    test = saving_over(open_page, folder, row)
    assert "<strong>First thoughts</strong> now holds Financial hardship 40%" in html_of(test)
    press(test, "Save over it")
    assert "Saved over <strong>First thoughts</strong>" in html_of(test)
    (after,) = listed(workspace)
    assert after.scenario.percentages == (10, 20, 30, 40)
    assert (after.id, after.name, after.note, after.author, after.updated_by, after.version) == (
        row.id, "First thoughts", "Monday", "Council", "Police", 2)  # fmt: skip


def test_saving_over_what_another_changed_is_refused_first(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    row = put(workspace, folder, "Contested")
    test = open_page("Scenarios", folder)
    rename(workspace, row.id, row.version, name="Contested", note="Theirs", by="NHS")
    test.switch_page("pages/Weigh.py")
    test.query_params["weights"] = "10,20,30,40"
    test.session_state["save-open"] = True
    test.run()
    test.selectbox(key="save-over").set_value(row.id).run()
    test.text_input(key="save-who").set_value("Police")
    press(test, "Save over it")
    said = html_of(test)
    assert "was changed by NHS on" in said and "weights and method: are not the ones that you were saving." in said
    (now,) = listed(workspace)
    assert now.scenario.percentages == (40, 30, 20, 10) and now.note == "Theirs"
    press(test, "Save over it")
    (after,) = listed(workspace)
    assert after.scenario.percentages == (10, 20, 30, 40) and after.note == "Theirs"


def test_locked_scenarios_and_read_only_links_are_not_saved_over(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    row = put(workspace, folder, "Agreed")
    link = {"saved": row.id, "framework": row.scenario.framework.id, "weights": "10,20,30,40"}
    assert [box.key for box in saving(open_page, folder, link).selectbox if box.key == "save-over"] == []
    lock(workspace, row.id, row.version, by="Council")
    assert [box.key for box in saving(open_page, folder).selectbox if box.key == "save-over"] == []
