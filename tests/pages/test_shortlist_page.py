"""The Shortlist page: from a draft to a signed list, by several people at once, with every change told in words."""

from __future__ import annotations

import html
import json
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from inert_texts import INERT
from opened import BOOKMARK, MENU, OpenPage, html_of
from shortlisting import (
    CHAIR,
    LATER,
    NURSE,
    Behind,
    be,
    change,
    day_said,
    fill,
    labels,
    press,
    question,
    rows,
    status,
)

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui.shortlist.page import QUESTIONS, TITLE
from prioritisation.ui.shortlist.words import review_words
from prioritisation.workspace import audit, decisions, drafts, open_workspace, records, scenarios
from prioritisation.workspace.overrides import ADD, DROP, MOVE

SEEN_LIST = "Draft: 15 areas, all as computed, nobody has signed off yet."


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_page_opens_with_the_computed_list_and_writes_nothing(way: str, open_page: OpenPage, place: Behind) -> None:
    before = place.workspace.change_number()
    test = open_page("Shortlist", place.folder, way)
    assert not test.exception and f"<h1>{TITLE}</h1>" in html_of(test)
    assert status(test) == SEEN_LIST
    listed = rows(test)
    assert len(listed) == 15 and all("as computed" in row for row in listed)
    assert all(area.name in row for area, row in zip(place.areas, listed, strict=False))
    assert "Almost always" in listed[0]
    assert "Demonstration data" in html_of(test) and f"scenario {place.kept.scenario.id}" in html_of(test)
    assert labels(test) == {"Agree this list", "Change the list"}
    assert place.workspace.change_number() == before


def test_areas_are_added_dropped_and_moved_with_reason_and_review_date(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder)
    change(test, ADD, place.areas[20], reason="New homes are not in the figures")
    change(test, DROP, place.areas[2], reason="A team works there already")
    change(test, MOVE, place.areas[9], reason="Worse than it looks", to=1)
    assert status(test) == "Draft: 15 areas, 3 changed by hand, nobody has signed off yet."
    listed = rows(test)
    assert "moved from 10 to 1" in listed[0] and place.areas[9].name in listed[0] and "Worse than it looks" in listed[0]
    assert "not on it (rank 21)" in listed[14] and "added" in listed[14]
    assert "dropped" in listed[15] and place.areas[2].name in listed[15]
    assert all(f"look again by {day_said(LATER)} · Chair, Council (not verified)" in listed[k] for k in (0, 14, 15))
    assert sum("as computed" in row for row in listed) == 13
    st.cache_resource.clear()  # as a new server would begin
    assert rows(open_page("Shortlist", place.folder, BOOKMARK)) == listed
    (draft,) = drafts.listed(place.workspace)
    assert [(each.do, each.review_on, who) for each, who in draft.proposed] == [
        (ADD, LATER, CHAIR), (DROP, LATER, CHAIR), (MOVE, LATER, CHAIR),
    ]  # fmt: skip


def test_everything_that_is_missing_is_said_at_once(open_page: OpenPage, place: Behind) -> None:
    test = press(open_page("Shortlist", place.folder), "Change the list")
    said = html_of(press(test, "Save this change"))
    for missing in ("area: is not chosen.", "reason: is empty.", "review date: is empty.", "role: is empty."):
        assert missing in said
    assert "organisation: is empty. Write an organisation." in said and "What to do: " in said
    assert not drafts.listed(place.workspace)
    test.radio(key="shortlist-do").set_value(MOVE).run()
    assert "position: is not a position on the list." in html_of(press(test, "Save this change"))


def test_a_proposed_change_is_taken_back(open_page: OpenPage, place: Behind) -> None:
    draft = place.drafted({"do": ADD, "code": place.areas[20].code}, {"do": DROP, "code": place.areas[0].code})
    test = press(open_page("Shortlist", place.folder), "Change the list")
    test.radio(key="shortlist-do").set_value("undo").run()
    assert "change: is not chosen." in html_of(press(test, "Save this change"))
    test.selectbox(key="shortlist-undo").set_value(draft.proposed[0][0].id)
    be(test, CHAIR)
    press(test, "Save this change")
    assert status(test) == "Draft: 14 areas, 1 changed by hand, nobody has signed off yet."
    assert [each.do for each, _ in drafts.get(place.workspace, draft.id).proposed] == [DROP]


def test_agreeing_signing_withdrawing_and_ending(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder)
    change(test, ADD, place.areas[20])
    press(test, "Agree this list")
    assert f"{place.areas[20].name} added at the end" in html_of(test)
    test.text_area(key="shortlist-reason").set_value("Agreed on Monday")
    press(test, "Agree this list")
    state = place.state()
    assert status(test).startswith("Agreed on ") and status(test).endswith("nobody has signed off yet.")
    assert "16 areas, 1 changed by hand" in status(test)
    assert (state.decision.who, state.decision.reason, len(state.overrides)) == (CHAIR, "Agreed on Monday", 1)
    weights = decisions.agreed(place.workspace).scenario
    assert weights is not None and weights.scenario_id == state.decision.scenario_id
    press(test, "Sign off")
    be(test, NURSE)
    press(test, "Sign off")
    assert status(test) == "Signed off by NHS: 16 areas, 1 changed by hand."
    said = question(test, "Who agreed it?")
    assert "<strong>NHS</strong> (Nurse lead)" in said and said.count(">not verified</span>") == 2
    press(test, "Withdraw")
    be(test, CHAIR)
    test.text_area(key="shortlist-reason").set_value("By mistake")
    assert "This is the sign-off of NHS." in html_of(press(test, "Withdraw the sign-off"))
    be(test, NURSE)
    press(test, "Withdraw the sign-off")
    assert status(test).endswith("nobody has signed off yet.")
    press(test, "Add a note")
    test.text_area(key="shortlist-reason").set_value("To be talked about in spring")
    assert "To be talked about in spring" in html_of(press(test, "Record the note"))
    press(test, "End this agreement")
    assert "reason: is empty." in html_of(press(test, "End this agreement"))
    test.text_area(key="shortlist-reason").set_value("Another way was found")
    press(test, "End this agreement")
    assert decisions.agreed(place.workspace).shortlist is None
    assert [each.kind for each in records.timeline(place.workspace)][:3] == ["superseded", "note", "sign-off withdrawn"]
    assert audit.verify(place.workspace).intact


def test_a_change_after_a_sign_off_is_told(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed()
    decisions.sign_off(place.workspace, NURSE, made.id, seen=place.state().agreed.id)
    test = open_page("Shortlist", place.folder)
    change(test, DROP, place.areas[3])
    assert "nobody has signed this list yet. NHS signed before the list was last changed." in status(test)
    assert "For the list before it was last changed." in question(test, "Who agreed it?")
    press(test, "Sign off")
    be(test, CHAIR)
    press(test, "Sign off")
    assert status(test).startswith("Signed off by Council: 14 areas, 1 changed by hand. NHS signed before")


def test_two_people_changing_a_draft_get_a_conflict_and_lose_nothing(open_page: OpenPage, place: Behind) -> None:
    test = press(open_page("Shortlist", place.folder), "Change the list")
    fill(test, ADD, place.areas[20], reason="Mine")
    be(test, CHAIR)
    place.drafted({"do": DROP, "code": place.areas[0].code, "reason": "Theirs"})
    said = html.unescape(html_of(press(test, "Save this change")))
    assert "The draft was changed by Nurse lead, NHS on" in said and "Your change was not saved" in said
    assert "Below is the list as it stands now." in said and "Theirs" in said
    assert status(test) == "Draft: 14 areas, 1 changed by hand, nobody has signed off yet."
    assert test.text_area(key="shortlist-reason").value == "Mine"
    press(test, "Save this change")
    assert status(test) == "Draft: 15 areas, 2 changed by hand, nobody has signed off yet."
    assert [each.reason for each, _ in drafts.listed(place.workspace)[0].proposed] == ["Theirs", "Mine"]


def test_nobody_agrees_a_list_that_they_have_not_seen(open_page: OpenPage, place: Behind) -> None:
    test = press(open_page("Shortlist", place.folder), "Agree this list")
    be(test, CHAIR)
    place.drafted({"do": DROP, "code": place.areas[0].code})
    assert "The draft was changed by Nurse lead, NHS" in html_of(press(test, "Agree this list"))
    assert decisions.agreed(place.workspace) == decisions.Agreed(None, None)
    press(test, "Agree this list")
    assert len(place.state().agreed.rows) == 14 and decisions.agreed(place.workspace).scenario is not None


def test_weights_that_others_agreed_meanwhile_stay_and_are_told(open_page: OpenPage, place: Behind) -> None:
    test = press(open_page("Shortlist", place.folder), "Agree this list")
    be(test, CHAIR)
    theirs = decisions.agree_scenario(place.workspace, NURSE, place.kept, seen=None)
    said = html.unescape(html_of(press(test, "Agree this list")))
    assert "The list is agreed and recorded. Its weights are not recorded as agreed: Nurse lead, NHS" in said
    found = decisions.agreed(place.workspace)
    assert found.shortlist is not None and found.scenario == theirs


def test_a_list_agreed_by_another_meanwhile_closes_the_form(open_page: OpenPage, place: Behind) -> None:
    test = press(open_page("Shortlist", place.folder), "Change the list")
    fill(test, DROP, place.areas[1])
    be(test, CHAIR)
    place.agreed()
    said = html_of(press(test, "Save this change"))
    assert "Nothing in it was saved." in said and status(test).startswith("Agreed on ")
    assert "Save this change" not in labels(test) and not place.state().overrides


def test_a_list_changed_while_a_form_is_open_is_said_at_once(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed()
    test = press(open_page("Shortlist", place.folder), "Sign off")
    seen = place.state().agreed.id
    given = {"do": DROP, "code": place.areas[0].code, "reason": "Known here", "review_on": LATER}
    decisions.override(place.workspace, NURSE, made.id, seen=seen, **given)
    assert "The list was changed by Nurse lead, NHS (not verified) while this was open." in html_of(test.run())
    be(test, CHAIR)
    press(test, "Sign off")
    assert status(test) == "Signed off by Council: 14 areas, 1 changed by hand."


def test_signing_a_list_that_was_changed_unseen_is_a_conflict(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed()
    test = press(open_page("Shortlist", place.folder), "Sign off")
    be(test, CHAIR)
    given = {"do": DROP, "code": place.areas[0].code, "reason": "Known here", "review_on": LATER}
    decisions.override(place.workspace, NURSE, made.id, seen=place.state().agreed.id, **given)
    assert "The list was changed by Nurse lead, NHS (not verified) on" in html_of(press(test, "Sign off"))
    assert not place.state().sign_offs


def test_a_decisions_own_link_is_read_only_and_shows_its_moment(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed()
    signed = decisions.sign_off(place.workspace, NURSE, made.id, seen=place.state().agreed.id)
    given = {"do": DROP, "code": place.areas[0].code, "reason": "Known here", "review_on": LATER}
    decisions.override(place.workspace, CHAIR, made.id, seen=place.state().agreed.id, **given)
    now = open_page("Shortlist", place.folder, BOOKMARK, {"decision": made.id})
    assert "14 areas, 1 changed by hand" in status(now) and "It is read-only" in html_of(now)
    assert labels(now) == {"Leave this link"}
    assert "Withdraw" not in question(now, "Who agreed it?")
    assert f"/Shortlist?decision={made.id}" in now.code[0].value
    then = open_page("Shortlist", place.folder, BOOKMARK, {"decision": signed.id})
    assert status(then) == "Signed off by NHS: 15 areas, all as computed."
    press(then, "Leave this link")
    assert "decision" not in then.query_params and "Change the list" in labels(then)


@pytest.mark.parametrize("link", ["nothing", "2" * 12, "../../x"])
def test_an_unknown_link_is_said_in_three_parts(link: str, open_page: OpenPage, place: Behind) -> None:
    said = html_of(open_page("Shortlist", place.folder, BOOKMARK, {"decision": link}))
    assert "There is no decision under this link." in said and "What to do: " in said


def test_a_link_to_agreed_weights_shows_the_list_that_there_is(open_page: OpenPage, place: Behind) -> None:
    record = decisions.agree_scenario(place.workspace, CHAIR, place.kept, seen=None)
    assert status(open_page("Shortlist", place.folder, BOOKMARK, {"decision": record.id})) == SEEN_LIST


def test_a_list_that_was_replaced_says_so(open_page: OpenPage, place: Behind) -> None:
    first = place.agreed()
    place.agreed({"do": DROP, "code": place.areas[0].code})
    test = open_page("Shortlist", place.folder, BOOKMARK, {"decision": first.id})
    assert status(test).startswith("No longer in force: 15 areas, all as computed. Another list replaced it on")
    assert "Chair, Council (not verified)" in status(test)


def test_any_list_can_be_chosen(open_page: OpenPage, place: Behind) -> None:
    place.agreed()
    other = place.kept.scenario.with_weights([40, 30, 20, 10])
    release = place.kept.release_id
    row = scenarios.save(place.workspace, name="Hardship", note="", scenario=other, release_id=release, by="Council")
    test = open_page("Shortlist", place.folder)
    box = test.selectbox(key="shortlist-list")
    assert [option.split(" of ")[0] for option in box.options] == [
        "The agreed list", "The weights on Weigh, as computed", "Saved scenario: “Hardship”",
    ]  # fmt: skip
    box.set_value(row.id).run()
    assert test.query_params["list"] == [row.id] or test.query_params["list"] == row.id
    assert "It will replace the list agreed before." in html_of(test) and f"scenario {other.id}" in html_of(test)
    change(test, DROP, place.areas[0])
    (draft,) = drafts.listed(place.workspace)
    assert draft.saved_id == row.id and draft.scenario == other
    press(test, "Agree this list")
    assert "It takes the place of the list that Chair, Council agreed" in html_of(test)
    press(test, "Agree this list")
    assert place.state().decision.scenario_id == other.id and "list" not in test.query_params


def test_the_latest_draft_opens_unless_weights_were_just_chosen(open_page: OpenPage, place: Behind) -> None:
    place.drafted({"do": DROP, "code": place.areas[0].code})
    assert "1 changed by hand" in status(open_page("Shortlist", place.folder, MENU))
    assert status(open_page("Shortlist", place.folder, MENU, {"weights": "40,30,20,10"})) == SEEN_LIST


def test_a_draft_is_discarded(open_page: OpenPage, place: Behind) -> None:
    draft = place.drafted({"do": DROP, "code": place.areas[0].code})
    test = open_page("Shortlist", place.folder)
    assert "Draft begun by Nurse lead, NHS" in question(test, "Who agreed it?")
    press(test, "Discard the draft")
    be(test, CHAIR)
    press(test, "Discard the draft")
    assert status(test) == SEEN_LIST and drafts.get(place.workspace, draft.id).state == drafts.DISCARDED


def test_a_list_outlives_its_release(open_page: OpenPage, place: Behind, tmp_path: Path) -> None:
    place.agreed({"do": DROP, "code": place.areas[0].code})
    later = DataFolder(tmp_path / "later")
    shutil.copytree(place.folder.root, later.root)
    gone, kept = place.kept.release_id, "r0002-bbbbbbbb"
    later.release_file(gone).rename(later.release_file(kept))
    with duckdb.connect(str(later.release_file(kept))) as connection:
        connection.execute("UPDATE fact SET value = ? WHERE name = 'release_id'", [kept])
    later.pointer.write_text(json.dumps({"current": kept, "published": [kept]}))
    test = open_page("Shortlist", later)
    assert "14 areas, 1 changed by hand" in status(test) and len(rows(test)) == 15
    assert "(no longer kept)" in html_of(test)
    for asked in ("Whom does it reach?", "Who lives there?", "What does the team get?"):
        assert "no longer kept, so this cannot be told" in question(test, asked)
    assert not test.exception


@pytest.mark.parametrize("asked", list(QUESTIONS))
def test_every_question_is_answered(
    asked: str,
    open_page: OpenPage,
    demonstration_with_people: DataFolder,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    test = open_page("Shortlist", demonstration_with_people)
    said = question(test, asked)
    assert not test.exception and "refusal" not in said
    expected = {
        "Which areas?": "as computed",
        "How sure is it?": "What is the smallest change of weights that alters it?",
        "Which neighbourhood?": "Place on the draft",
        "Whom does it reach?": "These 15 areas hold",
        "Who lives there?": "In contact with 3 or more partners",
        "Who agreed it?": "Nobody yet: this is a draft.",
        "What does the team get?": "shortlist.xlsx",
    }
    assert expected[asked] in said


def test_groups_of_people_are_agreed_with_the_list(
    open_page: OpenPage, demonstration_with_people: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    test = press(open_page("Shortlist", demonstration_with_people), "Agree this list")
    test.multiselect(key="shortlist-cohorts").select("several-needs")
    be(test, CHAIR)
    press(test, "Agree this list")
    workspace = open_workspace(demonstration_with_people)
    found = decisions.agreed(workspace).shortlist
    workspace.close()
    assert found is not None
    (kept,) = found.decision.details["also"]["cohorts"]
    assert set(kept) == {"id", "name", "sentence"} and kept["id"] == "several-needs"
    said = question(test, "Who lives there?")
    assert said.count("agreed with this list") == 1 and html.escape(kept["sentence"]) in said


def test_hostile_words_stay_words(open_page: OpenPage, place: Behind) -> None:
    kept, draft = [], place.drafted()
    for k, text in enumerate(INERT):
        try:
            given = {"do": ADD, "code": place.areas[20 + k].code, "reason": text, "review_on": LATER}
            draft = drafts.override(
                place.workspace, draft.id, draft.version, records.Who(text, text), place.areas, **given
            )
            kept.append(text)
        except UserError:
            continue
    assert len(kept) > 30
    test = open_page("Shortlist", place.folder)
    said = html_of(test)
    assert not test.exception
    for text in kept:
        assert said.count(html.escape(text, quote=True)) >= 2
    assert not labels(test) & set(kept)


def test_an_overdue_review_is_said() -> None:
    assert review_words(LATER, LATER) == f"look again by {day_said(LATER)}"
    assert review_words(LATER, LATER + timedelta(days=1)).endswith("overdue")
