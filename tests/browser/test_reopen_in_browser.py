"""A pack uploaded in a real browser: refused plainly, opened once however often clicked, and led to on Weigh."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from screens import AT_REST
from servers import ROOT, Serve

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.pack.building import scenario_pack
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.scenarios import listed

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect


@dataclass(frozen=True)
class Office:
    """A server with an empty tray, and a pack beside it."""

    address: str
    workspace: Workspace
    pack: Path
    scenario: Scenario


@pytest.fixture
def office(serve: Serve, demonstration: DataFolder, tmp_path: Path) -> Iterator[Office]:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(demonstration.root, folder.root)
    framework = next(iter(load_catalogue(folder.catalogue).frameworks.values()))
    scenario = Scenario.starting(framework).with_weights([40, 30, 20, 10])
    (tmp_path / "pack.zip").write_bytes(scenario_pack(folder, scenario).zipped)
    (tmp_path / "no-pack.zip").write_bytes(b"PK no zip")
    workspace = open_workspace(folder, url=f"sqlite:///{folder.root / 'workspace.sqlite'}")
    environment = {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_WORKSPACE": ""}
    yield Office(serve(Path(ROOT) / "app.py", environment), workspace, tmp_path / "pack.zip", scenario)
    workspace.close()


def test_a_pack_is_refused_or_opened_once(browser: Any, office: Office) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{office.address}/Scenarios")
    page.get_by_text("Open the scenario of a pack").click(timeout=60_000)
    upload, button = page.locator("input[type=file]"), page.get_by_role("button", name="Check and open")
    expect(button).to_be_disabled()
    upload.set_input_files(office.pack.with_name("no-pack.zip"))
    page.get_by_label("Who is opening it").fill("Council")
    button.click()
    expect(page.get_by_text("is not a zip that can be opened")).to_be_visible()
    assert listed(office.workspace) == []
    page.get_by_role("button", name="Remove no-pack.zip").click()
    expect(page.get_by_text("is not a zip that can be opened")).to_have_count(0)
    page.locator(AT_REST).wait_for()
    upload.set_input_files(office.pack)
    button.dblclick()
    expect(page.get_by_text("ranks and scores are those of the pack")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Open on Weigh").last.click()
    expect(page.get_by_text("Read-only: moving weights here")).to_be_visible(timeout=60_000)
    (row,) = listed(office.workspace)
    assert row.scenario == office.scenario and f"saved={row.id}" in page.url
    context.close()
