"""What tests of the Shortlist page share: drafts and decisions made behind the page, and its buttons and boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from opened import html_of
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, decisions, drafts
from prioritisation.workspace.overrides import RankedArea
from prioritisation.workspace.records import Computed, Decision, Who

CHAIR, NURSE = Who("Chair", "Council"), Who("Nurse lead", "NHS")
LATER = (datetime.now(UTC) + timedelta(days=100)).date()


@dataclass(frozen=True)
class Behind:
    """The workspace behind the page, and the ranking of the framework's own weights."""

    folder: DataFolder
    workspace: Workspace
    kept: Computed

    @property
    def areas(self) -> tuple[RankedArea, ...]:
        return self.kept.areas

    def drafted(self, *changes: dict[str, Any], who: Who = NURSE) -> drafts.Draft:
        draft = drafts.begin(self.workspace, who, self.kept)
        for change in changes:
            given = {"reason": "Known here", "review_on": LATER} | change
            draft = drafts.override(self.workspace, draft.id, draft.version, who, self.areas, **given)
        return draft

    def agreed(self, *changes: dict[str, Any]) -> Decision:
        draft, before = self.drafted(*changes), decisions.agreed(self.workspace).shortlist
        seen = before.id if before else None
        return decisions.agree_shortlist(self.workspace, CHAIR, draft.id, draft.version, self.kept, seen=seen)

    def state(self) -> decisions.AgreedShortlist:
        found = decisions.agreed(self.workspace).shortlist
        assert found is not None
        return found


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def labels(test: AppTest) -> set[str]:
    return {button.label for button in test.button}


def be(test: AppTest, who: Who) -> None:
    test.text_input(key="shortlist-role").set_value(who.role)
    test.selectbox(key="shortlist-organisation").set_value(who.organisation)


def fill(test: AppTest, do: str, area: RankedArea, *, reason: str = "Known here", to: int | None = None) -> None:
    """Open the form, choose what to do, and fill everything in but for who."""
    test.radio(key="shortlist-do").set_value(do).run()
    test.selectbox(key="shortlist-area").set_value(area.code)
    if to is not None:
        test.number_input(key="shortlist-place").set_value(to)
    test.text_area(key="shortlist-reason").set_value(reason)
    test.date_input(key="shortlist-review").set_value(LATER)


def change(test: AppTest, do: str, area: RankedArea, who: Who = CHAIR, **more: Any) -> None:
    press(test, "Change the list")
    fill(test, do, area, **more)
    be(test, who)
    press(test, "Save this change")


def question(test: AppTest, asked: str) -> str:
    test.session_state["shortlist-question"] = asked
    test.run()
    return html_of(test)


def status(test: AppTest) -> str:
    """The one sentence at the top."""
    found = re.search(r'<p class="state" role="status">(.*?)</p>', html_of(test))
    assert found is not None
    return found[1]


def rows(test: AppTest) -> list[str]:
    """The text of each row of the list."""
    table = html_of(test).partition('<table class="agreed-list">')[2].partition("</table>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in table.split("<tr")[2:]]


def day_said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
