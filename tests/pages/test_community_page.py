"""The Community page: what is said waits, is looked at once, and stands beside the numbers without being scored."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from inert_texts import INERT
from opened import OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.place_standard import PlaceStandard, load_place_standard
from prioritisation.store import open_store
from prioritisation.ui.knowledge.page import NOTHING_YET
from prioritisation.workspace import Workspace, knowledge, open_workspace
from prioritisation.workspace.knowledge import ACCEPTED, AREA, CONCERN, LOCALITY, PLACE_STANDARD, WAITING, Contribution

BUS = "The bus stops at six"


@dataclass(frozen=True)
class Behind:
    """The workspace behind the page, an area and its locality."""

    folder: DataFolder
    workspace: Workspace
    tool: PlaceStandard
    area: str
    name: str
    locality: str

    def said(self, accept: bool = True, **other: object) -> knowledge.Known:
        note = Contribution(CONCERN, AREA, self.area, BUS, "Meeting", "Third sector", date(2025, 3, 1), "high")
        added = knowledge.add(self.workspace, replace(note, **other), self.tool)  # type: ignore[arg-type]
        if not accept:
            return added
        return knowledge.moderate(self.workspace, added.id, 1, state=ACCEPTED, reason="", by="Analyst")


@pytest.fixture
def behind(demonstration: DataFolder, tmp_path: Path) -> Iterator[Behind]:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(demonstration.root, folder.root)
    with open_store(folder) as store:
        first = store.areas().iloc[0]
    workspace = open_workspace(folder)
    tool = load_place_standard(folder.catalogue)
    yield Behind(folder, workspace, tool, str(first.name), first["name"], first["locality"])
    workspace.close()


def tabbed(test: AppTest, label: str) -> AppTest:
    """Open a tab by the beginning of its label: AppTest cannot click one."""
    test.session_state["knowledge-question"] = next(tab.label for tab in test.tabs if tab.label.startswith(label))
    return test.run()


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def test_nothing_is_said_before_anybody_saved_anything(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Community", demonstration)
    assert not test.exception
    assert NOTHING_YET in html_of(test)
    assert not (demonstration.root / "workspace.sqlite").exists()


def test_somebody_adds_an_analyst_accepts_and_it_stands_on_the_page(open_page: OpenPage, behind: Behind) -> None:
    test = tabbed(open_page("Community", behind.folder, link={"area": behind.area}), "Add")
    test = press(test, "Send to be looked at")
    assert "Something is still needed" in html_of(test)
    test.text_area(key="knowledge-new-words").set_value(BUS)
    test.text_input(key="knowledge-new-source").set_value("Meeting")
    test.text_input(key="knowledge-new-organisation").set_value("Third sector")
    test.date_input(key="knowledge-new-day").set_value(date(2025, 3, 1))
    test.button_group(key="knowledge-new-confidence").set_value("high")
    test = press(test, "Send to be looked at")
    assert "Thank you" in html_of(test)
    (waits,) = knowledge.listed(behind.workspace, [WAITING])
    assert (waits.given.place, waits.given.words, waits.given.confidence) == (behind.area, BUS, "high")
    test = tabbed(test, "Waiting")
    test.text_input(key="knowledge-moderator").set_value("Analyst, Council")
    test = press(test, "Accept")
    assert "Everybody sees it now" in html_of(test)
    assert [each.id for each in knowledge.listed(behind.workspace)] == [waits.id]
    assert BUS in html_of(tabbed(test, "What is known"))


def test_scores_are_given_by_theme_and_empty_themes_stay_empty(open_page: OpenPage, behind: Behind) -> None:
    test = tabbed(open_page("Community", behind.folder, link={"area": behind.area}), "Add")
    test = test.radio(key="knowledge-new-kind").set_value(PLACE_STANDARD).run()
    test.button_group(key="knowledge-new-score-feeling_safe").set_value(2)
    test.text_input(key="knowledge-new-source").set_value("Survey")
    test.text_input(key="knowledge-new-organisation").set_value("Council")
    test.date_input(key="knowledge-new-day").set_value(date(2025, 3, 1))
    test.button_group(key="knowledge-new-confidence").set_value("low")
    test = press(test, "Send to be looked at")
    (waits,) = knowledge.listed(behind.workspace, [WAITING])
    assert (waits.given.kind, dict(waits.given.scores)) == (PLACE_STANDARD, {"feeling_safe": 2})
    emptied = test.button_group(key="knowledge-new-score-feeling_safe")
    assert emptied.proto.set_value and not emptied.value  # the browser is told to let the old score go


def test_an_analyst_who_comes_second_is_told(open_page: OpenPage, behind: Behind) -> None:
    waits = behind.said(accept=False)
    test = tabbed(open_page("Community", behind.folder), "Waiting")
    test.text_input(key="knowledge-moderator").set_value("Analyst")
    knowledge.moderate(behind.workspace, waits.id, 1, state="declined", reason="Not of here", by="Other")
    test = press(test, "Accept")
    assert "Other looked at this on" in html_of(test)
    assert knowledge.get(behind.workspace, waits.id).state == "declined"


@pytest.mark.parametrize("page", ["Explore", "Shortlist", "Community"])
def test_only_what_is_accepted_stands_beside_the_numbers(open_page: OpenPage, behind: Behind, page: str) -> None:
    with open_store(behind.folder) as store:
        codes = store.areas().index
    for code in codes:
        behind.said(place=code, words="Accepted words")
    behind.said(accept=False, words="Waiting words")
    text = html_of(open_page(page, behind.folder, link={"area": behind.area}))
    assert "Accepted words" in text
    assert "Waiting words" not in text


def test_script_strings_stay_text_beside_the_numbers(open_page: OpenPage, behind: Behind) -> None:
    for text in INERT:
        behind.said(words=text, source=text, geography=LOCALITY, place=behind.locality)
    for page in ("Community", "Explore"):
        test = open_page(page, behind.folder, link={"area": behind.area})
        assert not test.exception
        html = html_of(test)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert not any(raw in html for raw in ("<script", "<img src=x", "<svg/onload", "<iframe", "<details open"))
        assert not any(text in each.value for text in INERT for each in test.markdown)


def test_assets_are_circles_a_column_and_a_list(open_page: OpenPage, behind: Behind) -> None:
    test = open_page("Explore", behind.folder, link={"assets": "yes"})
    with open_store(behind.folder) as store:
        assets = store.assets()
    table = test.dataframe[0].value
    assert table["Assets"].sum() == len(assets) > 200
    assert (table["Assets"] == 0).any()
    most = str(assets["area_code"].value_counts().index[0])
    own = assets[assets["area_code"] == most]
    text = html_of(open_page("Explore", behind.folder, link={"area": most}))
    assert f"{len(own)} registered organisations here" in text
    assert "invented" in text
    assert all(str(name).replace("'", "&#x27;") in text for name in own["name"])
