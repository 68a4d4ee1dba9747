"""The Shortlist page in a real browser: a draft becomes a signed list and a pack that its receiver can check."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from screens import AT_REST, fits, serious
from servers import ROOT, Open, Serve

from prioritisation.folder import DataFolder
from prioritisation.ui.shortlist.page import QUESTIONS
from prioritisation.workspace import Workspace, audit, decisions, drafts, open_workspace

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
SETTLED = """() => document.querySelector(".stApp").dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-stale=true]")"""
IN_A_YEAR = f"{datetime.now(UTC) + timedelta(days=300):%d%m%Y}"


class Place:
    """A server over a copy of the demonstration with people, with a workspace of its own."""

    def __init__(self, folder: DataFolder, address: str, workspace: Workspace) -> None:
        self.folder, self.address, self.workspace = folder, address, workspace


@pytest.fixture
def place(serve: Serve, demonstration_with_people: DataFolder, tmp_path: Path) -> Iterator[Place]:
    folder = DataFolder(tmp_path / "copy")
    shutil.copytree(demonstration_with_people.root, folder.root)
    workspace = open_workspace(folder, url=f"sqlite:///{folder.root / 'workspace.sqlite'}")
    environment = {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_WORKSPACE": ""}
    yield Place(folder, serve(Path(ROOT) / "app.py", environment), workspace)
    workspace.close()


@pytest.fixture
def address(place: Place) -> str:
    return place.address


@pytest.fixture
def open_shortlist(visit: Open) -> Open:
    def start(width: int = 1280, scheme: str = "light") -> Any:
        return visit("/Shortlist", width, scheme, sign="table.agreed-list")

    return start


def drop(page: Any, area: str, reason: str, role: str, organisation: str) -> None:
    """Open the form, fill all of it in, and save."""
    page.get_by_role("button", name="Change the list").click()
    page.get_by_label("Place", exact=True).wait_for()
    page.get_by_text("Drop an area", exact=True).click()
    expect(page.get_by_label("Place", exact=True)).to_have_count(0)
    box = page.get_by_role("combobox", name="Area", exact=True)
    box.fill(area)
    box.press("Enter")
    page.get_by_role("spinbutton", name="day, Look at it again by").click()
    page.keyboard.type(IN_A_YEAR)
    page.get_by_role("textbox", name="Why?").fill(reason)
    be(page, role, organisation)
    page.get_by_role("button", name="Save this change").click()


def be(page: Any, role: str, organisation: str) -> None:
    page.get_by_role("textbox", name="Your role").fill(role)
    if organisation not in ("Council", "Police Scotland"):  # the form's list has partners of the contract
        page.get_by_role("textbox", name="Its name, if it is not in the list").fill(organisation)
        return
    box = page.get_by_role("combobox", name="Your organisation")
    box.fill(organisation)
    box.press("Enter")


def within(page: Any, label: str) -> Any:
    """A button of the open form, which may have the name of the one that opened it."""
    return page.locator(".st-key-shortlist-panel-box").get_by_role("button", name=label)


def test_a_draft_becomes_a_signed_list_and_a_pack_that_passes(
    place: Place, open_shortlist: Open, tmp_path: Path
) -> None:
    page = open_shortlist()
    state = page.locator("p.state")
    expect(state).to_have_text("Draft: 15 areas, all as computed, nobody has signed off yet.")
    added, dropped = (page.locator("table.agreed-list tbody th span").nth(k).inner_text() for k in (13, 1))
    drop(page, dropped, "A team works there already", "Chair", "Strathmarra Council")
    expect(state).to_have_text("Draft: 14 areas, 1 changed by hand, nobody has signed off yet.")
    expect(page.locator("tr.dropped")).to_contain_text("A team works there already")
    page.get_by_role("button", name="Agree this list").click()
    within(page, "Agree this list").dblclick()
    expect(state).to_contain_text("Agreed on")
    page.get_by_role("button", name="Sign off").click()
    within(page, "Sign off").wait_for()
    be(page, "Nurse lead", "NHS Strathmarra")
    within(page, "Sign off").dblclick()
    expect(state).to_have_text("Signed off by NHS Strathmarra: 14 areas, 1 changed by hand.")
    expect(page.locator("ol.steps li.reached")).to_have_count(3)
    page.get_by_role("tab", name="What does the team get?").click()
    before = audit.head(place.workspace)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the pack").click()
    page.get_by_text("as one zip.").wait_for()
    pack = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(pack)
    found = decisions.agreed(place.workspace).shortlist
    assert found is not None and [each.organisation for each in found.sign_offs] == ["NHS Strathmarra"]
    assert added in [row.area.name for row in found.agreed.rows]
    assert pack.name.startswith(f"demonstration-pack-decision-{found.id}-")
    (logged,) = audit.entries(place.workspace, 1)
    assert (logged.action, logged.who, logged.about) == ("pack exported", "Nurse lead, NHS Strathmarra", found.id)
    assert audit.verify(place.workspace, before).intact
    verified = verify(pack, place.folder)
    assert verified.returncode == 0 and verified.stdout.startswith("PASS"), verified.stdout + verified.stderr
    assert "Its decision stands in the decision log here." in verified.stdout


def verify(pack: Path, folder: DataFolder) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "prioritisation", "verify", str(pack), "--data", str(folder.root)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_two_people_at_once_get_a_clear_conflict(place: Place, open_shortlist: Open) -> None:
    mine, theirs = open_shortlist(), open_shortlist()
    mine.get_by_role("button", name="Agree this list").click()
    within(mine, "Agree this list").wait_for()
    be(mine, "Chair", "Council")
    name = theirs.locator("table.agreed-list tbody th span").nth(4).inner_text()
    drop(theirs, name, "We know this place", "Inspector", "Police Scotland")
    expect(theirs.locator("p.state")).to_contain_text("14 areas")
    within(mine, "Agree this list").click()
    expect(mine.get_by_role("alert")).to_contain_text("The draft was changed by Inspector, Police Scotland on")
    expect(mine.locator("p.state")).to_contain_text("14 areas, 1 changed by hand")
    assert decisions.agreed(place.workspace).shortlist is None
    mine.locator(AT_REST).wait_for()  # before that, the button still belongs to what was on screen
    within(mine, "Agree this list").click()
    expect(mine.locator("p.state")).to_contain_text("Agreed on")


def test_the_list_is_changed_by_keyboard_alone(place: Place, open_shortlist: Open) -> None:
    page = open_shortlist()
    page.get_by_role("button", name="Change the list").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Place", exact=True).wait_for()
    page.get_by_role("radio", name="Add an area").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Place", exact=True)).to_have_count(0)
    page.get_by_role("combobox", name="Area", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("spinbutton", name="day, Look at it again by").focus()
    page.keyboard.type(IN_A_YEAR)
    page.get_by_role("textbox", name="Why?").focus()
    page.keyboard.type("We know this place")
    page.get_by_role("textbox", name="Your role").focus()
    page.keyboard.type("Chair")
    page.get_by_role("combobox", name="Your organisation").focus()
    page.keyboard.type("Council")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save this change").focus()
    page.keyboard.press("Enter")
    expect(page.locator("p.state")).to_contain_text("14 areas, 1 changed by hand")
    (draft,) = drafts.listed(place.workspace)
    assert [(change.do, who.text) for change, who in draft.proposed] == [("drop", "Chair, Council")]
    page.get_by_role("tab", name="Which areas?").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("These are tests of the computed list.").wait_for()


def test_every_question_fits_and_axe_finds_nothing_serious(place: Place, open_shortlist: Open) -> None:
    page = open_shortlist()
    name = page.locator("table.agreed-list tbody th span").nth(3).inner_text()
    drop(page, name, "We know this place", "Chair", "Council")
    expect(page.locator("p.state")).to_contain_text("14 areas")
    found = []
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page = open_shortlist(width, scheme)
            for question in QUESTIONS:
                page.get_by_role("tab", name=question).click()
                expect(page.get_by_role("tab", name=question)).to_have_attribute("aria-selected", "true")
                found += faults(page, f"{question} {width} {scheme}")
            page.get_by_role("button", name="Change the list").click()
            page.get_by_role("button", name="Save this change").wait_for()
            found += faults(page, f"the form {width} {scheme}")
    assert found == [], "\n".join(found)


def faults(page: Any, where: str) -> list[str]:
    """Serious and critical violations anywhere on the page, and whether it has to be moved sideways."""
    page.wait_for_function(SETTLED)
    page.wait_for_timeout(700)
    sideways = [] if fits(page) else [f"{where}: wider than the window"]
    return sideways + [f"{where}: {fault}" for fault in serious(page)]
