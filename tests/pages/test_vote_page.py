"""The Vote page of the phones: each step, each refusal, and that nothing shows a vote before the reveal."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from inert_texts import INERT
from opened import html_of
from rounds_held import APART, CHAIR, ballot_of, cast, has_ballot, hold, phone, revealed, send
from streamlit.testing.v1 import AppTest

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.ballots import join, own_vote, vote
from prioritisation.workspace.rounds import close, progress, reveal
from prioritisation.workspace.texts import NAME, accepted


@pytest.fixture(autouse=True)
def folder(demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DataFolder]:
    st.cache_resource.clear()
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    monkeypatch.setenv("PRIORITISATION_DATA", str(demonstration.root))
    monkeypatch.setenv("PRIORITISATION_SIGN_IN", "votes")
    yield demonstration
    st.cache_resource.clear()


@pytest.fixture
def workspace(folder: DataFolder) -> Iterator[Workspace]:
    opened = open_workspace(folder)
    yield opened
    opened.close()


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def token_of(test: AppTest) -> str:
    """The token in the address."""
    given = test.query_params["token"]
    return given if isinstance(given, str) else given[0]


def test_from_the_code_to_a_vote_that_can_be_changed(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    test = phone()
    test.text_input(key="vote-code").set_value(f" {current.spoken_code.lower()}")
    press(test, "Go on")
    assert "Nobody sees your vote before" in html_of(test) and "Police Scotland" in test.radio[0].options
    test.radio[0].set_value("Another organisation").run()
    box = test.text_input(key="vote-other").set_value("Carers' Centre")
    assert box.proto.form_id  # a form takes what stands in it, also where a tap on the button leaves the box as it is
    press(test, "Go to the ballot")
    assert "code" not in test.query_params
    token = token_of(test)
    assert ballot_of(test)["priorities"][0]["name"] == "Financial hardship"
    send(test, [40, 30, 20, 10], "Homes first")
    assert "Your vote is in." in html_of(test) and "1 of 3 in" in html_of(test) and "Homes first" in html_of(test)
    assert own_vote(workspace, token).percentages == (40, 30, 20, 10)
    press(test, "Change my vote")
    assert ballot_of(test)["own"] == {"weights": [40, 30, 20, 10], "reason": "Homes first"}
    send(test, [10, 20, 30, 40], after=1, at="2")
    assert own_vote(workspace, token).percentages == (10, 20, 30, 40)
    again = phone(token=token)  # a reload, another server
    assert "Voting for <strong>Carers&#x27; Centre</strong>" in html_of(again) and "40%" in html_of(again)
    assert progress(workspace, current.id).voted == 1


def test_a_browser_that_comes_back_late_does_not_undo_a_newer_vote(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    token = cast(workspace, current, [("NHS", (40, 30, 20, 10))])
    test = press(phone(token=token), "Change my vote")
    send(test, [0, 0, 0, 100], after=0, at="late")
    assert own_vote(workspace, token).percentages == (40, 30, 20, 10) and has_ballot(test)
    press(test, "Leave my vote as it is")
    assert "Your vote is in." in html_of(test)


@pytest.mark.parametrize("weights", [[1, 2, 3], [1, 2, 3, -4], ["x", 1, 1, 1], [float("inf"), 0, 0, 0], [0, 0, 0, 0]])
def test_what_is_no_vote_is_refused_and_never_stored(
    weights: list[object], workspace: Workspace, folder: DataFolder
) -> None:
    token = join(workspace, hold(workspace, folder).id, "NHS")
    test = send(phone(token=token), weights)
    assert "What to do: " in html_of(test) and not test.exception
    assert own_vote(workspace, token) is None


def test_points_must_total_100_and_the_refusal_tells_the_ballot(workspace: Workspace, folder: DataFolder) -> None:
    token = join(workspace, hold(workspace, folder, way="points").id, "NHS")
    test = send(phone(token=token), [50, 40, 0, 0], at="short")
    assert "Share out exactly 100." in html_of(test) and ballot_of(test)["refused"] == "short"
    send(test, [50, 40, 10, 0], at="whole")
    assert own_vote(workspace, token).percentages == (50, 40, 10, 0)


@pytest.mark.parametrize("link", [{"code": "nothing"}, {"token": "nothing"}, {"token": "A" * 32}])
def test_a_wrong_link_is_said_in_three_parts_and_leads_back(link: dict[str, str], workspace: Workspace) -> None:
    test = phone(**link)
    assert "Not done: " in html_of(test) and "What to do: " in html_of(test)
    press(test, "Begin again with the code")
    assert "Which round are you here for?" in html_of(test)


INVENTED, PLACEHOLDERS = ">Demonstration data<", ">Placeholder priorities<"


def test_every_step_says_what_it_stands_on(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    ids = f"scenario {current.scenario_id} · release {current.release_id}"
    for test in (phone(), phone(code=current.code)):
        assert all(each in html_of(test) for each in (INVENTED, PLACEHOLDERS, ids))
    assert current.spoken_code not in html_of(phone())
    test = phone(token=join(workspace, current.id, "NHS"))
    of_round = f"round {current.spoken_code} · {ids}"
    assert has_ballot(test) and all(each in html_of(test) for each in (INVENTED, PLACEHOLDERS, of_round))
    send(test, [40, 30, 20, 10])
    assert "Your vote is in." in html_of(test) and all(each in html_of(test) for each in (INVENTED, of_round))
    reveal(workspace, CHAIR, current.id)
    said = html_of(test.run())
    assert "The votes are revealed" in said and all(each in said for each in (INVENTED, PLACEHOLDERS, of_round))


def test_agreed_priorities_on_real_data_are_said_to_be_neither(workspace: Workspace, folder: DataFolder) -> None:
    starting = hold(workspace, folder).scenario
    agreed = replace(starting, framework=replace(starting.framework, status="agreed"))
    current = hold(workspace, folder, scenario=agreed, demonstration=False, release_id="r0002-bbbbbbbb")
    said = html_of(phone(code=current.code))
    assert INVENTED not in said and PLACEHOLDERS not in said and f"scenario {agreed.id} · release r0002" in said
    said = html_of(phone())  # two rounds are open, and differ
    assert not [each for each in (INVENTED, PLACEHOLDERS, "scenario ", "release ") if each in said]


def test_no_organisation_no_ballot(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    test = press(phone(code=current.code), "Go to the ballot")
    assert "No organisation is chosen." in html_of(test)
    assert progress(workspace, current.id).joined == 0


def test_nothing_shows_another_vote_before_the_reveal(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    cast(workspace, current, [("Council", (71.25, 13.75, 8.125, 6.875))], reason="Hidden until then")
    for test in (phone(code=current.code), phone(token=join(workspace, current.id, "NHS"))):
        said = html_of(test) + str(test)
        assert not [each for each in ("71.2", "13.7", "8.1", "6.8", "Hidden until then") if each in said]


def test_after_the_reveal_the_result_and_one_s_own_place_in_it(workspace: Workspace, folder: DataFolder) -> None:
    current = hold(workspace, folder)
    token = cast(workspace, current, APART)
    waiting = phone(token=token)
    assert "3 of 3 in" in html_of(waiting)
    reveal(workspace, CHAIR, current.id)
    waiting.run()
    said = html_of(waiting)
    assert "The votes are revealed: 3 votes." in said and "Kendall" in said
    assert said.count('class="dot own" style') == 4 and said.count('class="dot" style') == 8
    assert "NHS" not in said and "Council" not in said
    late = phone(token=join_before(workspace, folder))
    assert "You sent no vote in this round." in html_of(late)


def join_before(workspace: Workspace, folder: DataFolder) -> str:
    current = hold(workspace, folder)
    token = join(workspace, current.id, "NHS")
    cast(workspace, current, APART)
    reveal(workspace, CHAIR, current.id)
    return token


def test_a_second_round_is_one_press_away(workspace: Workspace, folder: DataFolder) -> None:
    first = hold(workspace, folder)
    token = cast(workspace, first, APART)
    reveal(workspace, CHAIR, first.id)
    test = phone(token=token)
    second = hold(workspace, folder, name="Again", first_round=first.id)
    press(test.run(), "Take part in it")
    assert has_ballot(test) and token_of(test) != token
    send(test, [30, 30, 20, 20])
    reveal(workspace, CHAIR, second.id)
    test.run()
    assert "closer together than in the round before" in html_of(test) or "round before" in html_of(test)


def test_a_second_press_does_not_join_the_next_round_twice(workspace: Workspace, folder: DataFolder) -> None:
    first = hold(workspace, folder)
    token = cast(workspace, first, APART)
    reveal(workspace, CHAIR, first.id)
    second = hold(workspace, folder, name="Again", first_round=first.id)

    def script(round_id: str) -> None:
        from prioritisation.ui.vote.result import _go_on

        for _ in range(2):
            _go_on(round_id, "NHS")

    test = AppTest.from_function(script, args=(second.id,), default_timeout=60)
    test.query_params["token"] = token
    assert not test.run().exception
    assert progress(workspace, second.id).joined == 1 and own_vote(workspace, token_of(test)) is None


def test_what_one_person_typed_is_not_kept_for_the_next_on_the_same_phone(
    workspace: Workspace, folder: DataFolder
) -> None:
    current = hold(workspace, folder)
    tokens = [join(workspace, current.id, "NHS") for _ in range(2)]
    kept_under = [ballot_of(phone(token=token))["whose"] for token in tokens]
    assert kept_under[0] != kept_under[1] and not any(token in str(kept_under) for token in tokens)
    assert ballot_of(phone(token=tokens[0]))["whose"] == kept_under[0]  # over a reload


def test_closed_and_revealed_rounds_take_nobody(workspace: Workspace, folder: DataFolder) -> None:
    shut = hold(workspace, folder)
    close(workspace, CHAIR, shut.id)
    assert "This round is over" in html_of(phone(code=shut.code))
    assert "revealed already" in html_of(phone(code=revealed(workspace, folder).code))


def kept() -> list[str]:
    """The hostile texts that a name may be."""
    found = []
    for text in INERT:
        with suppress(UserError):
            found += accepted([(NAME, text)], "")
    return found


def test_hostile_words_stay_words(workspace: Workspace, folder: DataFolder) -> None:
    assert len(kept()) > 30
    for first in range(0, len(kept()), 3):  # as many as a name can hold
        texts = kept()[first : first + 3]
        words = " ~ ".join(texts)
        current = hold(workspace, folder, name=words, question=words)
        token = join(workspace, current.id, words)
        vote(workspace, token, weights=[25, 25, 25, 25], reason=words)
        test = phone(token=token)
        assert not test.exception and html_of(test).count(html.escape(words, quote=True)) == 4
