"""The facilitator's Votes page: each state of a round, each refusal, and that no vote is shown before the reveal."""

from __future__ import annotations

import html
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from inert_texts import INERT
from opened import BOOKMARK, MENU, OpenPage, html_of
from rounds_held import APART, CHAIR, cast, hold, revealed
from streamlit.testing.v1 import AppTest

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack import FORMULA_STARTS
from prioritisation.ui.rounds.link import qr_markup
from prioritisation.votes_address import ADDRESS
from prioritisation.workspace import Workspace, open_workspace, scenarios
from prioritisation.workspace.ballots import join, key_paper, papers, revealed_votes
from prioritisation.workspace.records import ROUND_APPLIED, Who, records
from prioritisation.workspace.rounds import WAYS, get, listed, open_round, reveal


@pytest.fixture
def folder(demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DataFolder:
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    monkeypatch.setenv(ADDRESS, "http://192.0.2.7:8601")
    return demonstration


@pytest.fixture
def workspace(folder: DataFolder) -> Iterator[Workspace]:
    opened = open_workspace(folder)
    yield opened
    opened.close()


def press(test: AppTest, label: str) -> AppTest:
    found = [button for button in test.button if button.label == label]
    return found[0].click().run()


def signed(test: AppTest) -> AppTest:
    """Say who is doing it."""
    test.text_input(key="rounds-role").set_value("Chair")
    test.selectbox(key="rounds-organisation").set_value("Council")
    return test


def tab(test: AppTest, name: str) -> AppTest:
    test.session_state["rounds-tab"] = name
    return test.run()


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_page_tells_a_new_facilitator_how_it_goes(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Votes", folder, way)
    assert not test.exception and "Everybody votes alone." in html_of(test)
    assert "Open a round" in [button.label for button in test.button]


def test_a_round_is_opened_with_link_code_and_picture(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    test = press(open_page("Votes", folder, MENU, {"weights": "40,30,20,10"}), "Open a round")
    press(test, "Open the round")
    said = html_of(test)
    assert "name: is empty." in said and "role: is empty." in said and not listed(workspace)
    signed(test).text_input(key="rounds-name").set_value("November meeting")
    press(test, "Open the round")
    (made,) = listed(workspace)
    assert made.scenario.percentages == (40, 30, 20, 10) and test.query_params["round"] == made.id
    assert made.demonstration
    said = html_of(test)
    assert made.spoken_code in said and "192.0.2.7:8601" in said and "0 of 12 in" in said
    assert test.code[0].value == f"http://192.0.2.7:8601/?code={made.code}"
    assert "data:image/svg+xml" in qr_markup(test.code[0].value)


FOR_PHONES = "<code>prioritisation votes --address 0.0.0.0</code></p><p>It opens the Vote page, and no other"


def test_without_a_vote_page_it_says_what_to_run_for_phones(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = hold(workspace, folder)
    monkeypatch.delenv(ADDRESS)
    test = open_page("Votes", folder)
    said = html_of(test)
    assert "Phones cannot vote yet" in said and FOR_PHONES in said and current.spoken_code in said
    assert "<img" not in said and not test.code


def test_an_address_of_this_computer_alone_gets_no_picture_for_phones(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(workspace, folder)
    with socket.create_server(("127.0.0.1", 0)) as vote_page:
        address = f"127.0.0.1:{vote_page.getsockname()[1]}"
        monkeypatch.setenv(ADDRESS, f"http://{address}")
        test = open_page("Votes", folder)
        said = html_of(test)
        assert f"On this computer, open <strong>{address}</strong>" in said and address in test.code[0].value
        assert "Only this computer can vote at this link" in said and FOR_PHONES in said and "<img" not in said
    said = html_of(test.run())  # ended since
    assert "The Vote page does not answer." in said and FOR_PHONES in said and "<img" not in said and not test.code
    monkeypatch.setenv(ADDRESS, "http://192.0.2.7:8601")
    said = html_of(test.run())
    assert "<img" in said and "0.0.0.0" not in said


def test_no_vote_is_shown_before_the_reveal_and_all_after(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder)
    cast(workspace, current, [("NHS", (71.25, 13.75, 8.125, 6.875))], reason="Hidden until then")
    join(workspace, current.id, "Police Scotland")
    test = open_page("Votes", folder)
    said = html_of(test) + str(test)
    assert "1 of 3 in" in said and "1 more has joined" in said
    assert not [each for each in ("71.2", "13.7", "8.12", "6.87", "Hidden until then") if each in said]
    press(test, "Reveal the votes")
    assert not [
        button for button in test.button if button.label == "Reveal the votes"
    ]  # asked once more, by one button
    assert "2 votes are still expected" in html_of(test) and not get(workspace, current.id).is_revealed
    cast(workspace, current, [("Police Scotland", (71.25, 13.75, 8.125, 6.875))])
    said = html_of(test.run())
    assert "Reveal all votes? 2 of 3 in" in said and "1 vote is still expected" in said and "1 of 3 in" not in said
    press(signed(test), "Yes, reveal them")
    assert get(workspace, current.id).is_revealed and "71.2" in html_of(test)
    assert "Hidden until then" in html_of(tab(test, "Why did people vote so?"))


def test_paper_votes_are_keyed_marked_and_taken_out(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder)
    test = signed(press(open_page("Votes", folder), "Key in a paper vote"))
    for place, weight in enumerate((61.5, 18.5, 10.0, 10.0)):
        test.number_input(key=f"rounds-paper-{place}").set_value(weight)
    press(test, "Put it in")
    assert "organisation on the paper: is empty." in html_of(test)
    test.selectbox(key="rounds-paper").set_value("NHS")
    test.text_input(key="rounds-paper-other").set_value(" Third sector ")  # typed, so it is this one
    press(test, "Put it in")
    assert not test.text_input(key="rounds-paper-other").value
    said = html_of(test)
    assert (
        "1 of 3 in" in said and "1 of them on paper" in said and test.number_input(key="rounds-paper-0").value is None
    )
    assert "61.5" not in said
    key_paper(workspace, CHAIR, current.id, organisation="NHS", weights=[25, 25, 25, 25])
    press(test.run(), "Take it out")
    assert [paper.organisation for paper in papers(workspace, current.id)] == ["Third sector"]


@pytest.mark.parametrize("way", WAYS)
def test_a_paper_that_does_not_make_100_is_refused_and_stays_as_typed(
    way: str, open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder, way=way)
    test = press(open_page("Votes", folder), "Key in a paper vote")
    assert "as on the paper: the 4 numbers make 100 together." in html_of(test)
    for typed, found in (
        ((40, 30, 10, 10), ["total: is 90, not 100."]),
        ((60, 50, None, 20), [f"{current.priorities[2].name}: is empty.", "total: is 130, not 100."]),
    ):
        for place, weight in enumerate(typed):
            test.number_input(key=f"rounds-paper-{place}").set_value(weight)
        test.text_area(key="rounds-reason").set_value("As it stands there")
        press(test, "Put it in")
        said = html_of(test)
        assert not [
            each for each in (*found, "organisation on the paper: is empty.", "role: is empty.") if each not in said
        ]
        assert "Not done: </strong>No vote was stored." in said and not papers(workspace, current.id)
        assert tuple(test.number_input(key=f"rounds-paper-{place}").value for place in range(4)) == typed
        assert test.text_area(key="rounds-reason").value == "As it stands there"
    signed(test).selectbox(key="rounds-paper").set_value("NHS")
    for place, weight in enumerate((60, 20, 0, 20)):
        test.number_input(key=f"rounds-paper-{place}").set_value(weight)
    press(test, "Put it in")
    assert [paper.organisation for paper in papers(workspace, current.id)] == ["NHS"]


def test_the_expected_number_changes_and_a_round_closes_without_a_result(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder)
    test = signed(press(open_page("Votes", folder), "Change how many vote"))
    test.number_input(key="rounds-expected").set_value(14)
    press(test, "Change it")
    assert "0 of 14 in" in html_of(test)
    signed(press(test, "Close without a result"))
    press(test, "Close the round")
    assert get(workspace, current.id).state == "closed" and "nothing was applied" in html_of(test)


def test_another_facilitator_s_reveal_is_a_conflict_and_is_shown(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder)
    cast(workspace, current, APART)
    test = signed(press(open_page("Votes", folder), "Reveal the votes"))
    reveal(workspace, Who("Analyst", "NHS"), current.id)
    press(test, "Yes, reveal them")
    assert not test.exception and "Where do votes differ?" in [each.label for each in test.tabs]


def test_the_result_in_dots_sentences_lists_and_a_map(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    revealed(workspace, folder)
    test = open_page("Votes", folder)
    said = html_of(test)
    assert said.count('class="dot" style') == 12
    assert "The votes put the priorities in quite different orders" in said.partition("Kendall")[0]
    strips = test.dataframe[0].value
    assert strips["All votes, %"].iloc[0].count(",") == 2
    assert strips["Priority"].iloc[-1] == "Older people living well"  # all votes alike, so it comes last
    said = html_of(tab(test, "Which areas would they choose?"))
    assert "All 3 partners would choose" in said or "No area would be chosen by all" in said
    matrix = next(each.value for each in test.dataframe if "Area" in each.value)
    assert {"Council", "NHS", "Police Scotland", "The group"} <= set(matrix)
    counts = (matrix[["Council", "NHS", "Police Scotland"]] == "yes").sum(axis=1)
    assert list(matrix["Would choose it"]) == [f"{count} of 3" for count in counts]
    assert (matrix["The group"] == "yes").sum() == 15


def test_the_result_is_applied_as_a_scenario_and_found_in_the_record(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = revealed(workspace, folder, [("NHS", (40, 30, 20, 10)), ("Council", (20, 30, 20, 30))])
    test = signed(press(open_page("Votes", folder), "Apply as a scenario"))
    press(test, "Apply")
    (saved,) = scenarios.listed(workspace)
    assert saved.from_round == current.id and saved.locked and saved.scenario.percentages == (30, 30, 20, 20)
    assert "Applied as the scenario <strong>November</strong>" in html_of(test)
    assert "Apply as a scenario" not in [button.label for button in test.button]
    with workspace.read() as connection:
        (record,) = records(connection)
    assert record.kind == ROUND_APPLIED
    assert "from a round of votes" in html_of(open_page("Scenarios", folder))
    timeline = open_page("Decisions", folder)
    assert "The round of votes “November” was applied: 2 votes" in html_of(timeline)
    assert f"round={current.id}" in str([link.proto for link in timeline.get("page_link")])


def test_weights_settled_on_weigh_are_applied_instead(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    revealed(workspace, folder)
    test = signed(press(open_page("Votes", folder, MENU, {"weights": "50,30,10,10"}), "Apply as a scenario"))
    test.selectbox(key="rounds-weights").set_value("weigh")
    press(test, "Apply")
    assert scenarios.listed(workspace)[0].scenario.percentages == (50, 30, 10, 10)


def test_a_second_round_shows_the_first_beside_it(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    first = revealed(workspace, folder)
    test = signed(press(open_page("Votes", folder), "Open a second round"))
    press(test, "Open the round")
    second = next(each for each in listed(workspace) if each.is_open)
    assert (second.first_round, second.name) == (first.id, "November, again")
    cast(workspace, second, [(organisation, (30, 30, 20, 20)) for organisation, _ in APART])
    reveal(workspace, CHAIR, second.id)
    said = html_of(test.run())
    assert said.count('class="track before"') == 4 and "Of the round before, “November”" in said


def test_a_round_on_a_release_that_is_gone_is_ranked_on_the_current_one(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    current = hold(workspace, folder)
    other = open_round(
        workspace, CHAIR, scenario=current.scenario, release_id="r0000-aaaaaaaa", name="Old", way="sliders", expected=3
    )
    cast(workspace, other, APART)
    reveal(workspace, CHAIR, other.id)
    test = tab(open_page("Votes", folder, MENU, {"round": other.id}), "Which areas would they choose?")
    assert "no longer kept" in html_of(test) and "partners would choose" in html_of(test)


def test_hostile_words_stay_words(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    kept = []
    current = hold(workspace, folder, expected=40)
    for text in INERT:
        try:
            cast(workspace, current, [(text, (25, 25, 25, 25))], reason=text)
            kept.append(text)
        except UserError:
            continue
    assert len(kept) > 30
    reveal(workspace, CHAIR, current.id)
    test = open_page("Votes", folder)
    reasons = html_of(tab(test, "Why did people vote so?"))
    partners = html_of(tab(test, "Which areas would they choose?"))
    assert not test.exception
    (table,) = test.dataframe  # its own button gives CSV
    assert not [name for name in table.value if name.startswith(FORMULA_STARTS)]
    for text in kept:
        assert html.escape(text, quote=True) in reasons and html.escape(text, quote=True) in partners
    assert len(revealed_votes(workspace, current.id)) == len(kept)
