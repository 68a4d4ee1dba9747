"""Start and Decisions, opened both ways, before and after something was decided."""

from __future__ import annotations

import html
import shutil
import sqlite3
from pathlib import Path

import pytest
from decided import CHAIR, NURSE, agree, ranked, sign
from inert_texts import INERT
from opened import BOOKMARK, MENU, REPOSITORY, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.words import AGGREGATE_WORDS, METHOD_WORDS
from prioritisation.workspace import Workspace, decisions


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_start_opens_both_ways(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Start", folder, way)
    assert not test.exception
    said = html_of(test)
    assert ">Where do we stand?</h1>" in said and "refusal" not in said
    assert said.count('class="step ') == 8
    assert "1 of 8 steps are done. Next: have the data ready." in said
    assert "has the greatest need; 153 of 153 areas are scored." in said


def test_start_makes_no_workspace(
    open_page: OpenPage, demonstration: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    shutil.copytree(demonstration.root, tmp_path / "store", ignore=shutil.ignore_patterns("workspace*"))
    for name in ("Start", "Decisions"):
        assert "refusal" not in html_of(open_page(name, DataFolder(tmp_path / "store")))
    assert not list((tmp_path / "store").glob("workspace*"))


def test_start_follows_what_is_decided(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    made = agree(workspace, ranked(folder))
    sign(workspace, NURSE, made)
    said = html_of(open_page("Start", folder))
    assert "15 areas, agreed on " in said and "by Chair, Council." in said
    assert "Signed off by NHS." in said
    assert "4 of 8 steps are done." in said


@pytest.mark.parametrize("page", ["Start", "Explore"])
def test_pages_with_a_map_say_which_weights_they_show_once_some_are_agreed(
    page: str, open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    assert "This page shows" not in html_of(open_page(page, folder, MENU))
    agree(workspace, ranked(folder, 60, 20, 10, 10))
    test = open_page(page, folder, MENU, {"locality": "Kirkhaven"})
    assert "This page shows the starting weights. Others were agreed on " in html_of(test)
    test.button(key="agreed-weights").click().run()
    assert test.query_params["locality"] == "Kirkhaven" and test.query_params["weights"] == "60,20,10,10"
    assert "This page shows the weights agreed on " in html_of(test)
    assert "agreed-weights" not in [each.key for each in test.button]
    said = html_of(open_page(page, folder, MENU, {"weights": "10,20,30,40"}))
    assert "This page shows other weights than those agreed on " in said


def test_the_root_leads_to_start_and_a_link_with_choices_to_its_map(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIORITISATION_DATA", str(folder.root))
    root = AppTest.from_file(REPOSITORY / "app.py", default_timeout=60).run()
    assert ">Where do we stand?</h1>" in html_of(root)
    older = AppTest.from_file(REPOSITORY / "app.py", default_timeout=60)
    older.query_params["show"] = "crime_rate"
    said = html_of(older.run())
    assert ">Where is need greatest?</h1>" in said
    assert older.query_params == {"show": "crime_rate"}


def test_a_workspace_that_cannot_be_read_leaves_the_map(
    open_page: OpenPage, folder: DataFolder, tmp_path: Path
) -> None:
    (tmp_path / "workspace.sqlite").write_bytes(b"not a database at all, and long enough to be read as one" * 20)
    said = html_of(open_page("Start", folder))
    assert "What to do: " in said and "areas are scored." in said


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_decisions_open_both_ways(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Decisions", folder, way)
    assert not test.exception
    said = html_of(test)
    assert ">What has been decided?</h1>" in said and "Nothing has been decided yet." in said


def test_the_timeline_tells_everything_newest_first(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    ranking = ranked(folder)
    decisions.agree_scenario(workspace, CHAIR, ranking, seen=None, reason="Voted 9 to 4")
    first = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[2].code})
    sign(workspace, NURSE, first)
    agree(workspace, ranked(folder, 40, 30, 20, 10), seen=first.id)
    said = html_of(open_page("Decisions", folder))
    assert "6 records, the newest first." in said
    order = ["was replaced by a newer one", "signed off the shortlist", "was dropped", "The weights were agreed"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)
    assert "Voted 9 to 4" in said and "Nurse lead, NHS (not verified)" in said
    assert said.count("no longer stands") == 3 and "Replaced by a newer decision on " in said
    assert said.count("<details>") == 6 and "demonstration data" in said
    assert "The log of everything written is whole: " in said


def test_each_decision_has_its_own_link(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    ranking = ranked(folder)
    made = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[2].code})
    sign(workspace, NURSE, made)
    test = open_page("Decisions", folder, BOOKMARK, {"decision": made.id})
    said = html_of(test)
    assert "A shortlist of 14 areas was agreed, with 1 change by people." in said
    assert "The 14 areas, with every change since" in said
    assert html.escape(ranking.areas[0].name) in said
    assert f"{html.escape(ranking.areas[2].name)} was dropped from position 3." in said
    assert "What was recorded about it" in said and "NHS signed off" in said
    assert f"/Decisions?decision={made.id}" in test.code[0].value
    test.button(key="decisions-back").click().run()
    assert "decision" not in test.query_params
    assert "3 records, the newest first." in html_of(test)


def test_what_was_agreed_with_a_list_is_named_beside_it(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    cohort = {"id": "partners-3", "name": "Known to <b>many</b>", "sentence": "As told"}
    made = agree(workspace, ranked(folder), also={"patch": {"areas": ["A"]}, "cohorts": [cohort]})
    for link in ({}, {"decision": made.id}):
        test = open_page("Decisions", folder, MENU, link)
        said = html_of(test)
        assert "Agreed with it:" in said and "a patch and cohorts" not in said
        assert "<li>whom the team supports first: Known to &lt;b&gt;many&lt;/b&gt;</li>" in said
        assert "<li>the patch for the first team: this version cannot read it</li>" in said
        links = [(each.proto.label, each.proto.page, each.proto.query_string) for each in test.get("page_link")]
        assert ("See the list", "Shortlist", f"decision={made.id}") in links
    agree(workspace, ranked(folder, 40, 30, 20, 10), seen=made.id)
    assert html_of(open_page("Decisions", folder)).count("Agreed with it:") == 1


def test_the_method_is_said_as_on_method(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    agree(workspace, ranked(folder))
    said = html_of(open_page("Decisions", folder))
    assert METHOD_WORDS["percentile"] in said and AGGREGATE_WORDS["arithmetic"] in said
    assert "normalise" not in said and "arithmetic" not in said


def test_records_of_a_newer_version_are_shown_as_far_as_they_can_be(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranking = ranked(folder)
    agree(workspace, ranking)
    decisions.agree_scenario(workspace, CHAIR, ranking, seen=None)
    monkeypatch.setattr("prioritisation.workspace.records.SNAPSHOT_FORMAT", 0)
    said = html_of(open_page("Decisions", folder))
    assert said.count("A newer version of this application recorded this; it cannot be told here.") == 2
    assert said.count("Chair, Council (not verified)") == 2 and "What to do: " not in said


def test_start_leads_to_the_priorities(open_page: OpenPage, folder: DataFolder) -> None:
    (link,) = [each for each in open_page("Start", folder).get("page_link") if each.proto.label == "See the priorities"]
    assert (link.proto.page, link.proto.query_string) == ("Method", "tab=indicators")
    test = open_page("Method", folder, MENU, {"tab": "indicators"})
    assert not test.exception
    assert [each.proto.tab_container.default_tab_index for each in test.get("tab_container")] == [1]


def test_a_link_to_no_decision_says_so(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    agree(workspace, ranked(folder))
    said = html_of(open_page("Decisions", folder, BOOKMARK, {"decision": "<b>"}))
    assert "There is no decision under this link." in said and "What to do: " in said


def test_a_changed_log_is_said_at_once(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, tmp_path: Path
) -> None:
    agree(workspace, ranked(folder))
    with sqlite3.connect(tmp_path / "workspace.sqlite") as connection:
        connection.execute("DROP TRIGGER IF EXISTS audit_is_not_changed")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE decision SET reason = 'Not what was said'")
    said = html_of(open_page("Decisions", folder))
    assert "The log of everything written is not whole: 1 fault" in said


def test_hostile_words_stay_words(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    ranking = ranked(folder)
    made = agree(workspace, ranking)
    kept = []
    for text in INERT:
        try:
            decisions.note(workspace, CHAIR, made.id, text=text)
        except UserError:
            continue
        kept.append(text)
    assert len(kept) > 5
    said = html_of(open_page("Decisions", folder))
    for text in kept:
        assert html.escape(text.strip(), quote=True) in said
