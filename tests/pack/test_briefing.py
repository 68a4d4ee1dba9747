"""The briefing of every pack: what it says, on every page, the same as PDF and HTML, and nothing unprotected."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from packed import Decided, words_of
from printed import Printed, edges_are_white, printed

from prioritisation.documents.html import html
from prioritisation.documents.pdf import pdf
from prioritisation.pack.briefing import briefing, briefing_files
from prioritisation.pack.briefing_map import legend_entries
from prioritisation.pack.briefing_patch import TITLE
from prioritisation.pack.building import Pack, decision_pack
from prioritisation.pack.content import Content, scenario_content
from prioritisation.pack.listed import listed, priority_ranks, what_puts_it_there
from prioritisation.workspace import decisions
from prioritisation.workspace.records import Who

CANARY = 987_654_321.0
HEADINGS = [
    "Where the areas are",
    "The list",
    "What people changed, and who signed",
    "How sure is it?",
    TITLE,
    "Who is not reached",
    "Groups of people",
    "How it was worked out",
    "Sources and licences",
    "What the words mean",
]


@pytest.fixture(scope="module")
def paper(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(pack.files["briefing.pdf"], tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def draft(decided: Decided, pack: Pack) -> Content:
    """A scenario that nobody agreed, with 40 areas on its list."""
    scenario = pack.content.scenario
    longer = dataclasses.replace(scenario, framework=dataclasses.replace(scenario.framework, cut=40))
    return scenario_content(decided.folder, longer)


def with_names(content: Content, name: str) -> Content:
    """Return content in which every fifth area has another name."""
    areas = content.ranking.areas.copy()
    areas["name"] = [name if place % 5 == 0 else own for place, own in enumerate(areas["name"])]
    return replace(content, ranking=replace(content.ranking, areas=areas))


def test_a_pack_holds_both(pack: Pack) -> None:
    assert pack.files["briefing.pdf"].startswith(b"%PDF-1.7")
    assert pack.files["briefing.html"].startswith(b"<!doctype html>")
    assert b"briefing.pdf" in pack.files["README.txt"]
    assert b"application/pdf" in pack.files["datapackage.json"]


def test_the_same_decision_gives_the_same_bytes(decided: Decided, pack: Pack) -> None:
    again = decision_pack(
        decided.folder, decided.workspace, decided.shortlist_id, until=pack.content.decision.latest.id
    )  # type: ignore[union-attr]
    assert {name: again.files[name] for name in again.files if name.startswith("briefing")} == {
        name: pack.files[name] for name in pack.files if name.startswith("briefing")
    }


def test_the_paper_is_tagged_titled_and_whole(paper: Printed, pack: Pack) -> None:
    assert paper.facts["Title"] == pack.content.title
    assert paper.facts["Tagged"] == "yes"
    assert {"H1", "Table", "TH", "TD", "Figure"} <= paper.tags
    assert 4 <= len(paper.pages) <= 6
    assert all(edges_are_white(page) for page in paper.pages)
    assert all((page < 200).mean() > 0.005 for page in paper.pages), "no page is empty"


def test_every_page_names_what_it_was_made_from(paper: Printed, pack: Pack) -> None:
    decision, stamp = pack.content.decision, pack.content.ranking.stamp()
    assert decision is not None
    foot = f"Decision {decision.id}, state {decision.latest.id} · scenario {stamp['scenario']} · data release"
    assert paper.text.count(foot) == len(paper.pages)
    assert paper.text.count(stamp["note"]) >= len(paper.pages)


def test_the_parts_come_in_order(paper: Printed, pack: Pack) -> None:
    made = pack.files["briefing.html"].decode()
    assert re.findall(r"<h2>(.*?)</h2>", made) == HEADINGS
    places = [paper.text.find(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert min(places) > 0


def test_the_list_is_the_agreed_one_with_reasons(pack: Pack) -> None:
    content = pack.content
    decision = content.decision
    assert decision is not None
    rows = listed(content)
    assert [row.code for row in rows] == list(decision.agreed.codes)
    assert [row.is_added for row in rows] == [row.computed is None for row in decision.agreed.rows]
    told = words_of(content)
    assert all(row.area.name in told for row in decision.agreed.rows)
    assert all(change.reason in told for change in decision.overrides)
    assert "Added by people" in told
    assert "taken off by people" in told
    assert "Inspector, Police Scotland (not verified)" in told


def test_what_lifts_an_area_is_what_its_scores_say(pack: Pack) -> None:
    content, scores = pack.content, pack.content.ranking.scores
    code = str(content.ranking.areas.index[int(np.argmin(np.where(scores.rank > 0, scores.rank, 10**6)))])
    told = what_puts_it_there(content, priority_ranks(content), code)
    row = content.ranking.areas.index.get_loc(code)
    lift = scores.weights * (scores.priority_scores[row] - np.nanmean(scores.priority_scores, axis=0))
    first = content.scenario.framework.priorities[int(np.argmax(lift))]
    better = (scores.priority_scores[:, int(np.argmax(lift))] > scores.priority_scores[row, int(np.argmax(lift))]).sum()
    assert told.startswith(f"{first.name} ({better + 1}")


def test_text_that_people_typed_stays_text(pack: Pack, tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script> #eval("1") *bold* $x$ \u202e\x00 中文'
    content = with_names(pack.content, hostile)
    made = html(briefing(content)).decode()
    assert "<script" not in made
    found = printed(pdf(briefing(content)), tmp_path)
    assert '#eval("1") *bold* $x$' in found.text


def test_a_draft_of_forty_areas_with_long_names_fits(draft: Content, tmp_path: Path) -> None:
    long = "Ayr North Harbour, Wallacetown and Newton South, with everything between the two rivers and beyond - 04"
    content = with_names(draft, long)
    found = printed(pdf(briefing(content)), tmp_path)
    assert len(found.pages) <= 7
    assert all(edges_are_white(page) for page in found.pages)
    assert found.text.count("Draft, agreed by nobody") == len(found.pages)
    assert "No decision · scenario" in found.text
    assert "40 areas of 153" in found.text
    assert len(listed(content)) == 40
    assert "What people changed" not in words_of(draft)


def test_a_decision_that_nobody_changed_says_so(decided: Decided, pack: Pack) -> None:
    first = decision_pack(decided.folder, decided.workspace, decided.shortlist_id, until=decided.shortlist_id)
    told = words_of(first.content)
    assert "Nobody changed the computed list" in told
    assert "No organisation has signed the list off yet." in told
    assert "Added by people" not in told


def test_a_superseded_decision_says_so_on_every_page(pack: Pack, tmp_path: Path) -> None:
    decision = pack.content.decision
    assert decision is not None
    gone = replace(pack.content, decision=replace(decision, superseded_by=decision.latest))
    found = printed(pdf(briefing(gone)), tmp_path)
    assert found.text.count("Superseded by a later decision") == len(found.pages)
    assert "No longer in force." in found.text


def test_cohorts_are_told_as_published(pack: Pack) -> None:
    cohorts = pack.content.cohorts
    assert cohorts is not None
    told = words_of(pack.content)
    council = cohorts[(cohorts["geography"] == "council") & cohorts["people"].notna()]
    assert len(council) > 0
    assert all(f"about {int(people):,} people" in told for people in council["people"])
    hidden = cohorts.assign(people=np.nan, low=0, high=9, status="suppressed").astype({"people": "Int64"})
    kept_back = words_of(replace(pack.content, cohorts=hidden))
    assert "suppressed: 0 to 9 people, not simply nobody" in kept_back
    assert not re.search(r"about [\d,]+ people", kept_back)
    assert "Groups of people" not in words_of(replace(pack.content, cohorts=None))


def test_no_count_behind_a_value_is_told_but_that_of_open_data(pack: Pack) -> None:
    content = pack.content
    others = content.observations["indicator_id"] != "income_rate"
    marked = content.observations.copy()
    marked.loc[others, ["numerator", "denominator"]] = CANARY
    assert briefing_files(replace(content, observations=marked)) == briefing_files(content)
    mine = content.observations.assign(numerator=CANARY)
    assert briefing_files(replace(content, observations=mine)) != briefing_files(content), "it would be seen"


def test_the_file_asks_nobody_for_anything(pack: Pack) -> None:
    made = pack.files["briefing.html"].decode()
    assert "default-src &#x27;none&#x27;" in made
    assert not re.search(r"<(script|link|iframe|img|object|form)\b", made)
    addresses = set(re.findall(r"""(?:src|href)=["']([^"']*)""", made))
    assert addresses == set()


def test_without_boundaries_it_says_so(pack: Pack) -> None:
    assert "There is no map" in words_of(replace(pack.content, boundaries=None))


@pytest.mark.parametrize(
    ("breaks", "gaps", "expected"),
    [((20.0, 40.0, 60.0, 80.5), 0, "0-20 20-40 40-60 60-80.5 80.5-100"), ((50.0,), 2, "0-50 50-100 not scored (2)")],
)
def test_the_legend_ends_with_the_greatest_need(breaks: tuple[float, ...], gaps: int, expected: str) -> None:
    entries = legend_entries(breaks, gaps)
    assert " ".join(each.words for each in entries).replace("\N{EN DASH}", "-") == expected
    assert [each.look for each in entries if isinstance(each.look, int)][-1] == 5


def test_a_later_sign_off_is_told(decided: Decided, pack: Pack) -> None:
    assert Who("Inspector", "Police Scotland").text in words_of(pack.content)
    state = decisions.shortlist(decided.workspace, decided.shortlist_id)
    assert state.sign_offs[0].organisation == "Police Scotland"
