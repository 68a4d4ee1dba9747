"""A round of votes as people hold it: a facilitator's screen and two phones, one of them by keyboard alone."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from screens import fits, serious
from servers import ROOT, Open, Serve, free_port
from weigh_screen import wait_until_still

from prioritisation.folder import DataFolder
from prioritisation.workspace import open_workspace
from prioritisation.workspace.ballots import revealed_votes
from prioritisation.workspace.rounds import listed

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE, SMALLEST_TARGET = 360, 44  # pixels
TARGETS = """() => [...document.querySelectorAll('.stMain button, .stMain input, .stMain .stRadio label')]
    .filter((each) => each.offsetParent && each.type !== 'radio')
    .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect().height])"""
BALLOT_TARGETS = """(ballot) => [...ballot.querySelectorAll('button, input, textarea')]
    .map((each) => [each.className || each.type, each.getBoundingClientRect().height])"""


@dataclass(frozen=True)
class Room:
    """Both servers over one workspace, by their addresses."""

    folder: DataFolder
    workspace: str
    votes: str
    app: str


@pytest.fixture(scope="module")
def room(serve: Serve, demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Room:
    workspace = f"sqlite:///{tmp_path_factory.mktemp('votes') / 'workspace.sqlite'}"
    shared = {"PRIORITISATION_DATA": str(demonstration.root), "PRIORITISATION_WORKSPACE": workspace}
    votes = serve(ROOT / "prioritisation/ui/vote/app.py", {**shared, "PRIORITISATION_SIGN_IN": "votes"})
    app = serve(ROOT / "app.py", {**shared, "PRIORITISATION_VOTES_URL": votes})
    return Room(demonstration, workspace, votes, app)


@pytest.fixture(scope="module")
def address() -> str:
    """Nothing: `visit` gets whole addresses here, of two servers."""
    return ""


def declare(page: Any) -> None:
    """Say who is doing it."""
    page.get_by_label("Your role").fill("Chair")
    page.get_by_role("combobox", name="Your organisation").click()
    page.get_by_role("option", name="Council", exact=True).click()


def open_round(page: Any) -> None:
    """Open a round as a new facilitator would."""
    page.get_by_role("button", name="Open a round").click()
    page.get_by_label("Name of the round").fill("November meeting")
    page.get_by_label("How many will vote?").fill("2")
    declare(page)
    page.get_by_role("button", name="Open the round").click()


def faults(page: Any) -> list[str]:
    wait_until_still(page)
    return serious(page)


def checked(page: Any) -> None:
    """Nothing serious for axe, nothing wider than the phone, and every target big enough for a thumb."""
    assert faults(page) == [] and fits(page)
    small = [each for each in page.evaluate(TARGETS) if each[1] < SMALLEST_TARGET]
    if page.locator(".ballot").count():
        small += [each for each in page.locator(".ballot").evaluate(BALLOT_TARGETS) if each[1] < SMALLEST_TARGET]
    assert small == []


def by_thumb(page: Any) -> None:
    """Vote for the NHS with the buttons, and look at every step on the way."""
    page.get_by_text("Demonstration data").wait_for()
    checked(page)
    page.get_by_text("NHS", exact=True).click()
    page.get_by_role("button", name="Go to the ballot").click()
    page.locator(".ballot").wait_for()
    checked(page)
    for _ in range(3):
        page.get_by_role("button", name="More for Financial hardship").click()
    page.get_by_label("Why?").fill("Bills come first")
    page.reload()  # what was begun stays on the phone
    expect(page.get_by_label("Financial hardship, percent")).to_have_value("40")
    page.get_by_role("button", name="Send my vote").click()
    page.get_by_text("Your vote is in.").wait_for()
    checked(page)


def begun_and_left(page: Any, link: str) -> None:
    """Begin a vote, and hand the phone to somebody else, who opens the link in the same tab."""
    page.get_by_text("NHS", exact=True).click()
    page.get_by_role("button", name="Go to the ballot").click()
    page.get_by_role("button", name="More for Financial hardship").click()
    page.get_by_label("Why?").fill("Nobody else's to read")
    page.goto(link)


def by_keyboard(page: Any) -> None:
    """Vote for Police Scotland without a pointer."""
    page.get_by_role("radio", name="Council").focus()
    while not page.get_by_role("radio", name="Police Scotland").is_checked():
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Go to the ballot").focus()
    page.keyboard.press("Enter")
    page.locator(".ballot").wait_for()
    assert page.get_by_label("Why?").input_value() == ""
    assert "Nobody" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    page.get_by_label("Housing and homelessness, slider").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    for _ in range(40):
        if page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.className === 'send'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your vote is in.").wait_for()


def test_open_vote_reveal_apply_and_find_it_in_the_record(room: Room, visit: Open) -> None:
    chair = visit(f"{room.app}/Votes")
    open_round(chair)
    link = str(chair.locator("code", has_text="code=").inner_text()).strip()
    assert link.startswith(room.votes)
    chair.get_by_text("0 of 2 in").wait_for()
    chair.get_by_text("Only this computer can vote at this link").wait_for()
    assert chair.locator("img.qr").count() == 0
    by_thumb(visit(link, width=PHONE, scheme="dark"))
    chair.get_by_text("1 of 2 in").wait_for()
    chair.get_by_role("button", name="Reveal the votes").click()
    chair.get_by_text("Reveal all votes? 1 of 2 in").wait_for()
    chair.get_by_label("Your role").fill("Chair of the board")
    second = visit(link, width=PHONE)
    begun_and_left(second, link)
    by_keyboard(second)
    chair.get_by_text("Reveal all votes? 2 of 2 in").wait_for()
    expect(chair.get_by_text("is still expected")).to_have_count(0)
    expect(chair.locator(".came strong")).to_have_text("2 of 2 in")
    expect(chair.get_by_label("Your role")).to_have_value("Chair of the board")  # the last vote came while it was typed
    assert faults(chair) == []
    running = chair.locator(".stMain").inner_text().partition("How much should each priority count?")[2]
    assert running and "40" not in running  # what stands before it is the address, whose port may have a 40
    chair.get_by_role("button", name="Yes, reveal them").click()
    second.get_by_text("The votes are revealed: 2 votes.").wait_for()
    checked(second)
    chair.locator(".strips").wait_for()
    assert faults(chair) == []
    chair.emulate_media(color_scheme="dark")
    assert faults(chair) == []
    chair.get_by_text("Which areas would they choose?").click()
    chair.get_by_text("Who would choose which area").wait_for()
    assert faults(chair) == []
    chair.get_by_role("button", name="Apply as a scenario").click()
    chair.get_by_role("button", name="Apply", exact=True).click()
    chair.get_by_role("link", name="See it in the decision record").click()
    chair.get_by_text("The round of votes “November meeting” was applied: 2 votes").wait_for()
    workspace = open_workspace(room.folder, url=room.workspace)
    (current,) = listed(workspace)
    shares = {vote.organisation: vote.percentages for vote in revealed_votes(workspace, current.id)}
    workspace.close()
    assert shares == {"NHS": (40, 20, 20, 20), "Police Scotland": (20, 40, 20, 20)}


def test_the_page_notices_by_itself_that_the_vote_page_answers_and_ends(
    serve: Serve, demonstration: DataFolder, tmp_path: Path, visit: Open
) -> None:
    workspace, port = f"sqlite:///{tmp_path / 'workspace.sqlite'}", free_port()
    told = {"PRIORITISATION_DATA": str(demonstration.root), "PRIORITISATION_WORKSPACE": workspace}
    app = serve(ROOT / "app.py", {**told, "PRIORITISATION_VOTES_URL": f"http://127.0.0.1:{port}"})
    chair = visit(f"{app}/Votes")
    open_round(chair)
    chair.get_by_text("The Vote page does not answer.").wait_for()
    with socket.create_server(("127.0.0.1", port), backlog=1000):
        chair.get_by_text("Only this computer can vote at this link").wait_for()
        expect(chair.get_by_text("The Vote page does not answer.")).to_have_count(0)
    chair.get_by_text("The Vote page does not answer.").wait_for()
