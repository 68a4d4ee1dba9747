"""What people here know: kept as said, looked at once, read again as it stood; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from inert_texts import INERT
from made_identifiers import chi_numbers
from workspace_places import NOON, Place

from prioritisation.errors import UserError
from prioritisation.place_standard import load_place_standard
from prioritisation.workspace import Workspace, audit, knowledge
from prioritisation.workspace.backup import back_up
from prioritisation.workspace.knowledge import (
    ACCEPTED,
    AREA,
    CONCERN,
    DECLINED,
    ERASED,
    KNOWN,
    LOCALITY,
    PLACE_STANDARD,
    WAITING,
    Contribution,
    Known,
)
from prioritisation.workspace.known import known_here, overall_score, theme_scores
from prioritisation.workspace.records import Conflict

TOOL = load_place_standard(Path(__file__).resolve().parent.parent.parent / "data" / "catalogue")
NOTE = Contribution(KNOWN, AREA, "DEMO00001", "The bus stops at six", "Meeting", "Voluntary", date(2025, 3, 1), "high")
SCORED = replace(NOTE, kind=PLACE_STANDARD, words="", scores={"public_transport": 2, "feeling_safe": 5})


def accepted(workspace: Workspace, given: Contribution = NOTE) -> Known:
    added = knowledge.add(workspace, given, TOOL)
    return knowledge.moderate(workspace, added.id, 1, state=ACCEPTED, reason="", by="Analyst, Council")


def test_what_is_said_waits_comes_back_after_a_restart_and_is_shown_once_accepted(place: Place) -> None:
    first = place.open()
    note = knowledge.add(first, replace(NOTE, words=" The bus stops at six "), TOOL)
    assert (note.given, note.state, note.version, note.decided_by) == (NOTE, WAITING, 1, "Voluntary")
    first.close()
    again = place.open()
    assert knowledge.listed(again) == ()
    assert knowledge.listed(again, [WAITING]) == (note,) == (knowledge.get(again, note.id),)
    shown = knowledge.moderate(again, note.id, 1, state=ACCEPTED, reason="", by="Analyst, Council")
    assert knowledge.listed(again) == (shown,)
    assert audit.verify(again).intact
    again.close()


def test_two_who_moderate_at_once_are_told_and_only_one_decides(workspace: Workspace) -> None:
    note = accepted(workspace)
    with pytest.raises(Conflict, match=r"Analyst, Council looked at this on .* it is accepted") as refused:
        knowledge.moderate(workspace, note.id, 1, state=DECLINED, reason="Not of here", by="Other")
    assert refused.value.current == note == knowledge.get(workspace, note.id)
    gone = knowledge.moderate(workspace, note.id, 2, state=DECLINED, reason="Out of date", by="Other")
    assert (gone.state, gone.reason, gone.version, knowledge.listed(workspace)) == (DECLINED, "Out of date", 3, ())


def test_an_earlier_moment_is_read_as_it_stood(workspace: Workspace) -> None:
    early = accepted(workspace)
    then = workspace.change_number()
    late = accepted(workspace, replace(NOTE, words="A new club", known_on=date(2025, 4, 1)))
    knowledge.moderate(workspace, early.id, 2, state=DECLINED, reason="Out of date", by="Analyst")
    assert [each.id for each in knowledge.listed(workspace)] == [late.id]
    assert knowledge.listed(workspace, until=then) == (early,)
    assert knowledge.listed(workspace, until=then - 1) == ()


def test_what_is_erased_is_gone_from_every_moment_and_from_the_database(workspace: Workspace) -> None:
    note, kept = accepted(workspace), accepted(workspace, SCORED)
    then = workspace.change_number()
    erased = knowledge.erase(workspace, note.id, 2, reason="It named somebody", by="Analyst")
    assert (erased.state, erased.given.words, erased.given.source) == (ERASED, "", "")
    assert knowledge.listed(workspace, until=then) == (kept,) == knowledge.listed(workspace)
    with pytest.raises(UserError, match="nothing of it is left"):
        knowledge.moderate(workspace, note.id, 3, state=ACCEPTED, reason="", by="Analyst")


def test_what_is_erased_is_in_no_later_backup(sqlite_place: Place, tmp_path: Path) -> None:
    workspace = sqlite_place.open()
    with workspace.read() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    note = accepted(workspace, replace(NOTE, words="Somebody's own name " * 90))
    knowledge.erase(workspace, note.id, 2, reason="It named somebody", by="Analyst")
    back_up(workspace, tmp_path / "backup.sqlite")
    workspace.close()
    for file in (sqlite_place.file, tmp_path / "backup.sqlite"):
        assert b"own name" not in file.read_bytes()


def test_everything_wrong_is_said_at_once(workspace: Workspace) -> None:
    before = workspace.change_number()
    empty = Contribution(PLACE_STANDARD, LOCALITY, "", "", "", " ", None, "sure")
    with pytest.raises(UserError) as refused:
        knowledge.add(workspace, empty, TOOL)
    wanted = ["source", "organisation", "place", "confidence", "day", "scores"]
    assert [fault.where for fault in refused.value.faults] == wanted
    for wrong in ({"public_transport": 0}, {"public_transport": 8}, {"weather": 3}, {"public_transport": 2.5}):
        with pytest.raises(UserError) as refused:
            knowledge.add(workspace, replace(SCORED, scores=wrong), TOOL)  # type: ignore[arg-type]
        assert [fault.where for fault in refused.value.faults] == ["scores"]
    with pytest.raises(UserError) as refused:
        knowledge.add(workspace, replace(NOTE, known_on=(NOON + timedelta(days=3)).date()), TOOL)
    assert [fault.where for fault in refused.value.faults] == ["day"]
    with pytest.raises(UserError, match="still needed"):
        knowledge.moderate(workspace, knowledge.add(workspace, NOTE, TOOL).id, 1, state=DECLINED, reason=" ", by="A")
    assert workspace.change_number() == before + 1


@pytest.mark.parametrize("box", ["words", "source", "organisation"])
def test_what_looks_like_a_person_s_identifier_is_refused_and_not_repeated(workspace: Workspace, box: str) -> None:
    (number,) = chi_numbers(11, 1, seed=3)
    before = workspace.change_number()
    with pytest.raises(UserError) as refused:
        knowledge.add(workspace, replace(NOTE, **{box: f"Ask {number}"}), TOOL)
    assert number not in str(refused.value)
    assert workspace.change_number() == before


def test_words_stay_words_and_stay_out_of_the_log(workspace: Workspace) -> None:
    for text in INERT:
        added = knowledge.add(workspace, replace(NOTE, words=text, source=text, kind=CONCERN), TOOL)
        assert (added.given.words, added.given.source) == (text, text)
    logged = [row.parameters for row in audit.entries(workspace) if row.action == "knowledge added"]
    assert len(logged) == len(INERT)
    assert {tuple(sorted(json.loads(each))) for each in logged} == {("geography", "kind", "themes")}
    for link in ("", "nobody", "' OR 1=1 --", "a\0b"):
        with pytest.raises(UserError, match="no such piece"):
            knowledge.get(workspace, link)


def test_an_area_is_told_what_is_known_of_it_and_of_its_locality(workspace: Workspace) -> None:
    own = accepted(workspace)
    wider = accepted(workspace, replace(NOTE, geography=LOCALITY, place="Troon"))
    accepted(workspace, replace(NOTE, place="DEMO00009"))
    places = {"DEMO00001": "Troon", "DEMO00002": "Troon", "DEMO00003": None, "Troon": "Ayr"}
    found = known_here(knowledge.listed(workspace), places)
    assert set(found) == {"DEMO00001", "DEMO00002"}
    assert found["DEMO00001"].every == (own, wider)
    assert (found["DEMO00002"].of_area, found["DEMO00002"].notes) == ((), (wider,))


def test_themes_are_meant_each_contribution_once_and_overall_each_theme_once(workspace: Workspace) -> None:
    one = accepted(workspace, SCORED)
    other = accepted(workspace, replace(SCORED, scores={"public_transport": 5}))
    scores = theme_scores([one, other], TOOL)
    assert [(each.theme, each.mean, each.count) for each in scores] == [
        ("public_transport", 3.5, 2),
        ("feeling_safe", 5.0, 1),
    ]
    assert overall_score(scores) == pytest.approx(4.25)
    assert overall_score([]) is None
