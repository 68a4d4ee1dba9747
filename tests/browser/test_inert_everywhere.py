"""Forty hostile texts in every box that people fill in, on every page and in every export: nothing runs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from inert_texts import INERT
from servers import ROOT, Serve

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack.building import Pack, decision_pack
from prioritisation.place_standard import load_place_standard
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import open_store
from prioritisation.ui.navigation import NAMES
from prioritisation.workspace import (
    Workspace,
    applied_rounds,
    ballots,
    decisions,
    drafts,
    knowledge,
    open_workspace,
    rounds,
    scenarios,
)
from prioritisation.workspace.overrides import ADD
from prioritisation.workspace.records import Computed, Who

RAN = "() => window.ran || 0"
WATCH = "window.ran = 0; for (const each of ['alert', 'confirm', 'prompt']) window[each] = () => { window.ran += 1; };"
# Elements and addresses that only a hostile text would make, inside what this product shows.
MADE = """() => document.querySelectorAll("img[src=x], iframe[src^='data:'], svg[onload], details[ontoggle], [onerror],"
    + "a[href^='javascript:'], a[href*='evil.example']").length"""
FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Hostile:
    """A served copy of the demonstration in which every text is hostile. links: pages with what opens one thing."""

    address: str
    folder: DataFolder
    workspace: Workspace
    links: tuple[str, ...]
    pack: Pack


@pytest.fixture(scope="module")
def hostile(
    demonstration_with_people: DataFolder, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hostile]:
    folder = DataFolder(tmp_path_factory.mktemp("hostile") / "data")
    shutil.copytree(demonstration_with_people.root, folder.root)
    with open_store(folder) as store:
        frameworks = load_catalogue(folder.catalogue).frameworks
        start = Scenario.starting(next(iter(frameworks.values()))).with_weights([4, 3, 3, 0])
        kept = computed(prioritise(store, start))
    workspace = open_workspace(folder)
    saved = [each for text in INERT if (each := kept_or_none(save, workspace, text, kept)) is not None]
    shortlist = _decide(workspace, kept)
    _know(workspace, kept, folder)
    asked = _vote(workspace, kept)
    links = (*NAMES, f"Weigh?saved={saved[0].id}", f"Scenarios?first={saved[0].id}&second={saved[1].id}",
             f"Decisions?decision={shortlist}", f"Shortlist?decision={shortlist}", f"Votes?round={asked}",
             f"Explore?area={kept.areas[0].code}", f"Shortlist?list={saved[0].id}")  # fmt: skip
    pack = decision_pack(folder, workspace, shortlist)
    address = serve(ROOT / "app.py", {"PRIORITISATION_DATA": str(folder.root)})
    yield Hostile(address, folder, workspace, links, pack)
    workspace.close()


def kept_or_none(write: Callable[..., Any], *given: Any) -> Any:
    """Some texts are refused, for what they hold; the others are kept as typed."""
    try:
        return write(*given)
    except UserError:
        return None


def save(workspace: Workspace, text: str, kept: Computed) -> scenarios.SavedScenario:
    release = kept.release_id
    return scenarios.save(workspace, name=text, note=text, scenario=kept.scenario, release_id=release, by=text)


def _decide(workspace: Workspace, kept: Computed) -> str:
    """Agree a list, change it, sign it off and add notes, each in hostile words; return the decision's id."""
    later = (datetime.now(UTC) + timedelta(days=100)).date()
    who = Who(INERT[0], INERT[1])
    draft = drafts.begin(workspace, who, kept)
    for place, text in enumerate(INERT):
        given = {"do": ADD, "code": kept.areas[20 + place].code, "reason": text, "review_on": later}
        change = kept_or_none(
            lambda given=given, text=text, draft=draft: drafts.override(  # type: ignore[misc]
                workspace, draft.id, draft.version, Who(text, text), kept.areas, **given
            )
        )
        draft = change or draft
    made = decisions.agree_shortlist(workspace, who, draft.id, draft.version, kept, seen=None, reason=INERT[0])
    seen = decisions.shortlist(workspace, made.id).agreed.id
    for text in INERT:
        kept_or_none(lambda text=text: decisions.note(workspace, Who(text, text), made.id, text=text))  # type: ignore[misc]
        kept_or_none(
            lambda text=text: decisions.sign_off(workspace, Who(text, text), made.id, seen=seen, note=text)  # type: ignore[misc]
        )
    return made.id


def _know(workspace: Workspace, kept: Computed, folder: DataFolder) -> None:
    tool = load_place_standard(folder.catalogue)
    for text in INERT:
        said = knowledge.Contribution(
            knowledge.CONCERN, knowledge.AREA, kept.areas[0].code, text, text, text, date(2025, 3, 1), "high"
        )
        added = kept_or_none(knowledge.add, workspace, said, tool)
        if added is not None:
            knowledge.moderate(workspace, added.id, 1, state=knowledge.ACCEPTED, reason=text, by=text)


def _vote(workspace: Workspace, kept: Computed) -> str:
    who = Who(INERT[0], INERT[1])
    asked = rounds.open_round(
        workspace,
        who,
        scenario=kept.scenario,
        release_id=kept.release_id,
        name=INERT[0],
        expected=40,
        question=INERT[1],
    )
    for text in INERT:
        kept_or_none(
            lambda text=text: ballots.key_paper(  # type: ignore[misc]
                workspace, who, asked.id, organisation=text, weights=[40, 30, 20, 10], reason=text
            )
        )
    rounds.reveal(workspace, who, asked.id)
    applied_rounds.apply(workspace, who, asked.id, release=kept.release, name=INERT[2], reason=INERT[3])
    return asked.id


@pytest.mark.browser
def test_on_no_page_does_any_of_them_run(browser: Any, hostile: Hostile) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    shown = 0
    for link in hostile.links:
        page.goto(f"{hostile.address}/{link}")
        page.locator(".stMain h1").first.wait_for(timeout=60_000, state="attached")
        for tab in range(max(1, page.get_by_role("tab").count())):
            if page.get_by_role("tab").count():
                page.get_by_role("tab").nth(tab).click()
            page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=60_000)
            assert page.evaluate(RAN) == 0 and page.evaluate(MADE) == 0, (link, tab)
            shown += page.locator("body").inner_text().count("alert(1)")
    assert shown > 100, "the texts were to be seen"
    assert not [url for url in asked if not url.startswith((hostile.address, "data:", "blob:"))]
    context.close()


@pytest.mark.browser
def test_in_no_export_does_any_of_them_run(browser: Any, hostile: Hostile, tmp_path: Path) -> None:
    files, context = hostile.pack.files, browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    told = 0
    for name, content in files.items():
        if name.endswith(".html"):
            (tmp_path / name).write_bytes(content)
            page.goto((tmp_path / name).as_uri())
            assert page.evaluate(RAN) == 0 and page.evaluate(MADE) == 0, name
            told += page.locator("body").inner_text().count("alert(1)")
        elif name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                assert not [cell for cell in row if cell.startswith(FORMULA) and not _number(cell)], name
        elif name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            formulas = [cell.value for cell in cells if cell.data_type == "f"]
            assert not [
                each for each in formulas if "evil" in str(each) or "cmd" in str(each) or "SUM(A1)" in str(each)
            ]
            assert not [cell for cell in cells if cell.hyperlink and "evil" in str(cell.hyperlink.target)]
    assert told > 5
    context.close()


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
