"""The decision record: what was agreed can be read for ever, and nobody decides over anybody in silence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from inert_texts import INERT
from workspace_places import NOON, Place
from workspace_writers import FRAMEWORK, SCENARIO, ranking, saved

from prioritisation import __version__
from prioritisation.errors import UserError
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace, audit, decisions, drafts, records
from prioritisation.workspace.records import Conflict, Decision, Who

CHAIR, NURSE, OFFICER = Who("Chair", "Council"), Who("Nurse lead", "NHS"), Who("Inspector", "Police Scotland")
LATER = date(2026, 5, 1)
OTHER = ranking(SCENARIO.with_weights([50, 50]))


def draft_with(
    workspace: Workspace, *overrides: dict[str, Any], computed: records.Computed | None = None
) -> drafts.Draft:
    computed = computed or ranking()
    draft = drafts.begin(workspace, CHAIR, computed)
    for each in overrides:
        given = {"reason": "Local knowledge", "review_on": LATER} | each
        draft = drafts.override(workspace, draft.id, draft.version, NURSE, computed.areas, **given)
    return draft


def agree(workspace: Workspace, *overrides: dict[str, Any], seen: str | None = None) -> Decision:
    draft = draft_with(workspace, *overrides)
    return decisions.agree_shortlist(workspace, CHAIR, draft.id, draft.version, ranking(), seen=seen, reason="Voted")


def seen_list(workspace: Workspace) -> str:
    found = decisions.agreed(workspace).shortlist
    assert found is not None
    return found.agreed.id


def test_nothing_is_agreed_at_first(workspace: Workspace) -> None:
    assert decisions.agreed(workspace) == decisions.Agreed(None, None)
    assert records.timeline(workspace) == []


def test_an_agreed_shortlist_can_be_read_without_release_or_scenario(place: Place) -> None:
    first = place.open(now=lambda: NOON)
    made = agree(first, {"do": "drop", "code": "A2"}, {"do": "add", "code": "A5", "to": 1})
    first.close()
    workspace = place.open()
    state = decisions.agreed(workspace).shortlist
    assert state is not None
    assert state.decision == made == records.get(workspace, made.id)
    assert state.agreed.codes == ("A5", "A1", "A3")
    assert [row.words for row in state.agreed.rows] == ["added", "as computed", "as computed"]
    assert [(gone.area.name, gone.computed) for gone in state.agreed.dropped] == [("Area 2", 2)]
    assert [(each.who, each.reason, each.details["do"]) for each in state.overrides] == [
        (NURSE, "Local knowledge", "drop"), (NURSE, "Local knowledge", "add"),
    ]  # fmt: skip
    assert (made.who, made.at, made.reason, made.verified) == (CHAIR, NOON, "Voted", False)
    assert (made.release_id, made.scenario_id, made.framework_id, made.cut) == ("r1", SCENARIO.id, "drawn", 3)
    assert json.loads(made.weights) == {"housing": 25.0, "money": 75.0}
    assert json.loads(made.method)["aggregate"] == "arithmetic"
    assert made.application == __version__
    details = made.details
    assert details["computed"] == ["A1", "A2", "A3"]
    assert details["agreed"] == ["A5", "A1", "A3"]
    assert details["areas"][5] == {
        "code": "A6", "name": "Area 6", "locality": "North", "population": 600, "rank": None, "score": None,
    }  # fmt: skip
    assert details["release"]["demonstration"] is True
    assert Scenario.from_json(details["choices"]).framework == FRAMEWORK
    assert state.areas == ranking().areas
    assert audit.verify(workspace).intact


def test_who_is_marked_until_somebody_checked_it() -> None:
    assert CHAIR.described == "Chair, Council (not verified)"
    assert Who("Chair", "Council", True).described == "Chair, Council"


def test_a_later_agreement_supersedes_the_standing_one(workspace: Workspace) -> None:
    first = agree(workspace)
    draft = draft_with(workspace, computed=OTHER)
    second = decisions.agree_shortlist(workspace, CHAIR, draft.id, 1, OTHER, seen=first.id)
    state = decisions.agreed(workspace).shortlist
    assert state is not None
    assert state.decision == second
    ended = decisions.shortlist(workspace, first.id)
    assert ended.superseded_by is not None
    assert ended.superseded_by.details["by"] == second.id
    kinds = [record.kind for record in records.timeline(workspace)]
    assert kinds == ["superseded", "shortlist agreed", "shortlist agreed"]


def test_the_scenario_is_agreed_apart_from_the_shortlist(workspace: Workspace) -> None:
    first = decisions.agree_scenario(workspace, CHAIR, ranking(), seen=None, name="Rural first", reason="Voted")
    agree(workspace)
    with pytest.raises(Conflict, match="Chair, Council"):
        decisions.agree_scenario(workspace, NURSE, OTHER, seen=None)
    second = decisions.agree_scenario(workspace, NURSE, OTHER, seen=first.id)
    state = decisions.agreed(workspace)
    assert state.scenario == second
    assert state.shortlist is not None
    assert first.details["name"] == "Rural first"
    assert Scenario.from_json(second.details["choices"]) == OTHER.scenario


def test_two_who_agree_at_once_do_not_both(workspace: Workspace) -> None:
    one, two = draft_with(workspace), draft_with(workspace, computed=OTHER)
    made = decisions.agree_shortlist(workspace, CHAIR, one.id, 1, ranking(), seen=None)
    with pytest.raises(Conflict) as refused:
        decisions.agree_shortlist(workspace, NURSE, two.id, 1, OTHER, seen=None)
    assert refused.value.current == made
    assert refused.value.found.startswith("Chair, Council (not verified) recorded 'shortlist agreed' on 22 November")
    with pytest.raises(Conflict, match="The draft was agreed by Chair, Council"):
        decisions.agree_shortlist(workspace, NURSE, one.id, 1, ranking(), seen=made.id)
    with pytest.raises(Conflict, match="was agreed by"):
        drafts.discard(workspace, one.id, 2, NURSE)
    decisions.supersede(workspace, CHAIR, made.id, reason="Begun again")
    with pytest.raises(Conflict, match="was ended meanwhile"):
        decisions.agree_shortlist(workspace, NURSE, two.id, 1, OTHER, seen=made.id)
    assert decisions.agreed(workspace).shortlist is None
    assert [row.state for row in drafts.listed(workspace, None)] == ["agreed", "open"]


def test_a_draft_is_agreed_on_its_own_ranking_only(workspace: Workspace) -> None:
    draft = draft_with(workspace)
    for other in (OTHER, ranking(release="r2")):
        with pytest.raises(UserError, match="another ranking"):
            decisions.agree_shortlist(workspace, CHAIR, draft.id, 1, other, seen=None)
    assert records.timeline(workspace) == []


def test_overrides_after_the_agreement_are_decisions_of_their_own(workspace: Workspace) -> None:
    made = agree(workspace)
    seen = seen_list(workspace)
    chosen: dict[str, Any] = {"do": "drop", "code": "A1", "reason": "A team works there", "review_on": LATER}
    dropped = decisions.override(workspace, NURSE, made.id, seen=seen, **chosen)
    with pytest.raises(Conflict, match=r"The list was changed by Nurse lead, NHS \(not verified\)"):
        decisions.override(workspace, CHAIR, made.id, seen=seen, **chosen)
    with pytest.raises(UserError, match="Area 1 is not on the list"):
        decisions.override(workspace, CHAIR, made.id, seen=seen_list(workspace), **chosen)
    state = decisions.shortlist(workspace, made.id)
    assert (state.agreed.codes, state.latest, dropped.about) == (("A2", "A3"), dropped, made.id)
    undone = decisions.supersede(workspace, CHAIR, dropped.id, reason="The team left")
    state = decisions.shortlist(workspace, made.id)
    assert (state.agreed.codes, state.overrides, state.latest) == (("A1", "A2", "A3"), (), undone)
    with pytest.raises(Conflict, match="superseded by Chair, Council"):
        decisions.supersede(workspace, CHAIR, dropped.id, reason="Again")
    before = decisions.shortlist(workspace, made.id, until=dropped.id)
    assert before.agreed.codes == ("A2", "A3")  # an earlier state never changes
    assert before.latest == dropped


def test_a_state_once_read_stays_whatever_is_decided_later(workspace: Workspace) -> None:
    made = agree(workspace, {"do": "drop", "code": "A1"})
    latest = decisions.shortlist(workspace, made.id).latest
    state = decisions.shortlist(workspace, made.id, until=latest.id)
    decisions.sign_off(workspace, NURSE, made.id, seen=state.agreed.id)
    decisions.supersede(workspace, CHAIR, made.id, reason="New data")
    assert decisions.shortlist(workspace, made.id, until=latest.id) == state


def test_partners_sign_the_list_that_they_saw(workspace: Workspace) -> None:
    made = agree(workspace)
    seen = seen_list(workspace)
    first = decisions.sign_off(workspace, NURSE, made.id, seen=seen, note="With thanks")
    assert decisions.sign_off(workspace, Who("Director", " nhs "), made.id, seen=seen) == first
    decisions.sign_off(workspace, OFFICER, made.id, seen=seen)
    chosen: dict[str, Any] = {"do": "add", "code": "A4", "reason": "Heard", "review_on": LATER}
    decisions.override(workspace, CHAIR, made.id, seen=seen, **chosen)
    with pytest.raises(Conflict):
        decisions.sign_off(workspace, CHAIR, made.id, seen=seen)
    again = decisions.sign_off(workspace, NURSE, made.id, seen=seen_list(workspace))
    state = decisions.shortlist(workspace, made.id)
    assert [(each.organisation, each.of_this_list) for each in state.sign_offs] == [
        ("Police Scotland", False), ("NHS", True),
    ]  # fmt: skip
    assert again.details["list"] == ["A1", "A2", "A3", "A4"]


def test_only_the_organisation_itself_withdraws_and_for_good(workspace: Workspace) -> None:
    made = agree(workspace)
    seen = seen_list(workspace)
    signed = decisions.sign_off(workspace, NURSE, made.id, seen=seen)
    with pytest.raises(UserError, match="the sign-off of NHS"):
        decisions.withdraw(workspace, OFFICER, signed.id, reason="Not for them")
    with pytest.raises(UserError, match="still needed"):
        decisions.withdraw(workspace, NURSE, signed.id, reason=" ")
    gone = decisions.withdraw(workspace, Who("Director", "NHS"), signed.id, reason="New figures")
    assert gone.about == signed.id
    assert decisions.shortlist(workspace, made.id).sign_offs == ()
    with pytest.raises(Conflict, match="withdrawn or replaced already"):
        decisions.withdraw(workspace, NURSE, signed.id, reason="Again")
    assert len(records.timeline(workspace)) == 3
    decisions.sign_off(workspace, NURSE, made.id, seen=seen)
    assert len(decisions.shortlist(workspace, made.id).sign_offs) == 1


def test_an_earlier_sign_off_does_not_come_back_when_the_later_is_withdrawn(workspace: Workspace) -> None:
    made = agree(workspace)
    decisions.sign_off(workspace, NURSE, made.id, seen=seen_list(workspace))
    chosen: dict[str, Any] = {"do": "add", "code": "A4", "reason": "Heard", "review_on": LATER}
    decisions.override(workspace, CHAIR, made.id, seen=seen_list(workspace), **chosen)
    second = decisions.sign_off(workspace, NURSE, made.id, seen=seen_list(workspace))
    decisions.withdraw(workspace, NURSE, second.id, reason="New figures")
    assert decisions.shortlist(workspace, made.id).sign_offs == ()


def test_nothing_but_notes_is_added_to_what_was_superseded(workspace: Workspace) -> None:
    made = agree(workspace)
    seen = seen_list(workspace)
    decisions.supersede(workspace, CHAIR, made.id, reason="New data")
    with pytest.raises(Conflict, match="superseded by"):
        decisions.sign_off(workspace, NURSE, made.id, seen=seen)
    with pytest.raises(Conflict, match="superseded by"):
        decisions.override(workspace, NURSE, made.id, seen=seen, do="drop", code="A1", reason="Heard", review_on=LATER)
    said = decisions.note(workspace, NURSE, made.id, text="Kept for\nthe minutes")
    assert decisions.shortlist(workspace, made.id).notes == (said,)


def test_a_record_of_the_wrong_kind_is_refused_in_words(workspace: Workspace) -> None:
    made = agree(workspace)
    said = decisions.note(workspace, NURSE, made.id, text="Heard")
    for refused in (
        lambda: decisions.shortlist(workspace, said.id),
        lambda: decisions.sign_off(workspace, NURSE, said.id, seen=""),
        lambda: decisions.withdraw(workspace, NURSE, made.id, reason="x"),
        lambda: decisions.supersede(workspace, NURSE, said.id, reason="x"),
    ):
        with pytest.raises(UserError, match="is of the kind"):
            refused()


@pytest.mark.parametrize("name", ["", "nobody", "' OR 1=1 --", "a\0b", "\ud800", "z" * 10_000])
def test_a_link_to_no_decision_is_refused_in_words(workspace: Workspace, name: str) -> None:
    for refused in (records.get, decisions.shortlist, drafts.get):
        with pytest.raises(UserError, match="under this link"):
            refused(workspace, name)


def test_words_are_kept_as_typed_or_refused_all_at_once(sqlite_place: Place) -> None:
    workspace = sqlite_place.open()
    made = agree(workspace)
    for text in INERT:
        said = decisions.note(workspace, Who(text, text), made.id, text=text)
        assert records.get(workspace, said.id) == said
        assert (said.role, said.organisation, said.reason) == (text, text, text)
    with pytest.raises(UserError) as refused:
        decisions.note(workspace, Who("", "x" * 121), made.id, text="Heard")
    assert [fault.where for fault in refused.value.faults] == ["role", "organisation"]
    assert audit.verify(workspace).intact


def test_a_record_of_a_newer_format_is_listed_and_refused_only_when_read(workspace: Workspace) -> None:
    newer = Decision(**{**vars(agree(workspace)), "snapshot": '{"format": 2}'})
    with pytest.raises(UserError, match="newer version"):
        _ = newer.details


def test_a_record_can_leave_as_json(workspace: Workspace) -> None:
    made = agree(workspace)
    plain = json.loads(json.dumps(made.to_record()))
    assert (plain["id"], plain["weights"]["money"], plain["snapshot"]["agreed"]) == (made.id, 75.0, ["A1", "A2", "A3"])
    assert plain["at"].startswith("2025-11-22T12:")
    assert plain["at"].endswith("Z")


def test_a_draft_is_shared_and_remembers_its_scenario(workspace: Workspace) -> None:
    tray = saved(workspace)
    draft = drafts.begin(workspace, CHAIR, ranking(), saved_id=tray.id)
    assert drafts.begin(workspace, NURSE, ranking()) == draft
    assert drafts.begin(workspace, NURSE, OTHER).id != draft.id
    assert (draft.saved_id, draft.scenario, draft.release_id, draft.proposed) == (tray.id, SCENARIO, "r1", ())
    discarded = drafts.discard(workspace, draft.id, 1, NURSE)
    assert (discarded.state, discarded.version) == ("discarded", 2)
    assert drafts.begin(workspace, NURSE, ranking()).id != draft.id


def test_two_who_change_a_draft_at_once_do_not_both(workspace: Workspace) -> None:
    draft = drafts.begin(workspace, CHAIR, ranking())
    chosen: dict[str, Any] = {"do": "drop", "code": "A1", "reason": "Heard", "review_on": LATER}
    theirs = drafts.override(workspace, draft.id, 1, NURSE, ranking().areas, **chosen)
    with pytest.raises(Conflict) as refused:
        drafts.override(workspace, draft.id, 1, CHAIR, ranking().areas, **chosen | {"code": "A2"})
    assert refused.value.found.startswith("The draft was changed by Nurse lead, NHS on 22 November 2025 at 12:0")
    assert refused.value.current == theirs == drafts.get(workspace, draft.id)
    with pytest.raises(Conflict):
        decisions.agree_shortlist(workspace, CHAIR, draft.id, 1, ranking(), seen=None)
    with pytest.raises(UserError, match="Area 1 is not on the list"):
        drafts.override(workspace, draft.id, 2, CHAIR, ranking().areas, **chosen)
    ((override, by),) = theirs.proposed
    assert (override.code, override.review_on, by) == ("A1", LATER, NURSE)
    assert theirs.agreed_list(ranking().areas).codes == ("A2", "A3")
    back = drafts.take_back(workspace, draft.id, 2, CHAIR, override.id)
    assert (back.proposed, back.version) == ((), 3)
    with pytest.raises(UserError, match="not in the draft"):
        drafts.take_back(workspace, draft.id, 3, CHAIR, override.id)


def test_a_draft_with_an_override_that_leads_nowhere_is_not_agreed(workspace: Workspace) -> None:
    draft = draft_with(workspace, {"do": "add", "code": "A5"}, {"do": "move", "code": "A5", "to": 1})
    added = draft.proposed[0][0]
    draft = drafts.take_back(workspace, draft.id, draft.version, CHAIR, added.id)
    with pytest.raises(UserError, match="1 of the overrides") as refused:
        decisions.agree_shortlist(workspace, CHAIR, draft.id, draft.version, ranking(), seen=None)
    assert [fault.found for fault in refused.value.faults] == ["Area 5 is not on the list."]


def test_a_review_date_in_the_past_is_refused_by_the_workspace_s_own_clock(workspace: Workspace) -> None:
    made = agree(workspace)
    for day, accepted in ((date(2025, 11, 21), False), (NOON.date(), True)):
        given: dict[str, Any] = {"do": "drop", "code": "A1", "reason": "Heard", "review_on": day}
        if accepted:
            assert decisions.override(workspace, NURSE, made.id, seen=seen_list(workspace), **given).kind == "override"
        else:
            with pytest.raises(UserError, match="still needed"):
                decisions.override(workspace, NURSE, made.id, seen=seen_list(workspace), **given)
