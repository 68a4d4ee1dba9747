"""The Patch page without a browser: both ways of opening it, wishes, refusals, changes by hand and the division."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from opened import BOOKMARK, MENU, OpenPage, html_of
from shortlisting import press
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.patch.problem import Patch, Problem
from prioritisation.patch.proof import Progress
from prioritisation.ui.patch.found import LEFT_AFTER_SECONDS, PROOFS_AT_ONCE, Proofs
from prioritisation.ui.patch.panels import QUESTIONS


@pytest.fixture
def folder(demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DataFolder]:
    """The demonstration; no test here waits for a proof, so none is begun."""
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    monkeypatch.setattr("prioritisation.ui.patch.found.proofs", lambda: Proofs(Ended))
    monkeypatch.setattr("prioritisation.ui.patch.proof.proofs", lambda: Proofs(Ended))
    yield demonstration
    st.cache_resource.clear()


class Ended:
    """A proof that ended at once, without one."""

    def __init__(self, problem: Problem, best: Patch) -> None:
        self.progress = Progress(best, best.gain * 1.01, 1, problem.n)
        self.state = "cancelled"
        self.seconds = 1.0

    def cancel(self) -> None:
        self.state = "cancelled"


class Won(Ended):
    """A proof that ended at once with the first answer proven best."""

    def __init__(self, problem: Problem, best: Patch) -> None:
        super().__init__(problem, best)
        self.progress = Progress(best, best.gain, problem.n, problem.n)
        self.state = "proven"


def said(test: AppTest) -> str:
    return html.unescape(html_of(test))


def sentence(test: AppTest) -> str:
    return said(test).split('class="sentence"')[1].split("</p>")[0]


def in_address(test: AppTest, name: str) -> str:
    given = test.query_params.get(name, "")
    return given if isinstance(given, str) else "".join(given)


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_it_opens_both_ways_with_a_patch_in_range(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, way)
    assert not test.exception
    assert "Which neighbourhood should one team take?" in said(test)
    people = int(sentence(test).split(" with ")[1].split(" people")[0].replace(",", ""))
    assert 5_000 <= people <= 10_000 and "of its need" in sentence(test)
    assert "Another patch could hold at most 1.0% more" in said(test)


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_every_question_is_answered(question: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"question": question, "people": "2000-3000"})
    assert not test.exception and "foresee" not in said(test)
    expected = {
        "areas": "just outside",
        "hand": "Add or drop one area at a time",
        "others": "Alternative 1",
        "weights": "reasonable weightings tried",
    }
    assert expected[question] in said(test)


def test_wishes_in_the_address_are_kept(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"people": "2000-3000", "in": "DEMO00012", "out": "DEMO00013"})
    box = next(each for each in test.multiselect if each.key == "patch-in")
    assert box.value == ["DEMO00012"]
    name = next(option for option in box.options if option.endswith("DEMO00012")).split(" · ")[0]
    assert f">{name}</td>" in said(test)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"people": "200000-300000"}, "people live in the whole council"),
        ({"people": "10-20"}, "even the smallest area"),
        ({"in": "DEMO00012", "out": "DEMO00012"}, "must be in the patch and must not be in it"),
    ],
)
def test_refusals_stand_below_the_choices(
    link: dict[str, str], told: str, open_page: OpenPage, folder: DataFolder
) -> None:
    test = open_page("Patch", folder, MENU, link)
    assert told in said(test) and "What to do:" in said(test)
    assert any(each.key == "patch-low" for each in test.number_input)


@pytest.mark.parametrize("people", ["", "x-y", "-", "5000", "9" * 30 + "-5", "\u0665-\u0666"])
def test_a_damaged_range_falls_back_to_the_frameworks(people: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"people": people})
    assert not test.exception
    assert next(each for each in test.number_input if each.key == "patch-low").value == 5_000


def test_an_area_is_added_by_hand_and_the_cost_is_told(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"question": "hand", "people": "2000-3000"})
    offered = next(each for each in test.selectbox if each.key == "patch-add")
    assert "% of the need" in offered.options[0] and "people" in offered.options[0]
    offered.select_index(0).run()
    assert "Changed by hand: adds" in said(test) and in_address(test, "hand")
    press(test, "Back to the best patch")
    assert "Changed by hand" not in said(test) and "Another patch could hold at most 1.0% more" in said(test)


@pytest.fixture
def proven(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """The demonstration, where every proof has ended with the first answer proven best."""
    for module in ("found", "proof"):
        monkeypatch.setattr(f"prioritisation.ui.patch.{module}.proofs", lambda: Proofs(Won))
    return folder


def proof(test: AppTest) -> str:
    return said(test).split('patch-proof" role="status">')[1].split("</p>")[0]


def show_on_map(test: AppTest, name: str) -> None:
    test.get("button_group")[[each.key for each in test.get("button_group")].index("patch-shown")].set_value(name).run()


def test_the_proof_is_of_the_patch_on_screen(open_page: OpenPage, proven: DataFolder) -> None:
    test = open_page("Patch", proven, MENU, {"question": "others", "people": "2000-3000"})
    assert proof(test).startswith("Proven best: no connected patch with these wishes holds more.")
    show_on_map(test, "Alternative 1")
    assert re.fullmatch(r"The best patch is proven; this is not it. It holds \d.*% less than the best\.", proof(test))
    show_on_map(test, "Best patch")
    assert proof(test).startswith("Proven best")


def test_work_by_hand_is_not_proven(open_page: OpenPage, proven: DataFolder) -> None:
    hand = ",".join(f"DEMO{number:05}" for number in range(20, 60))
    test = open_page("Patch", proven, MENU, {"people": "2000-3000", "hand": hand})
    assert proof(test).startswith("The best patch is proven; this is not it. It holds ")
    assert proof(test).endswith("% more than the best, but does not keep to the wishes.")
    assert "Proven best" not in said(test)


def test_while_it_is_not_proven_the_line_tells_the_gap_of_the_best(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"people": "2000-3000", "alternative": "1"})
    assert "This is not the best patch found. It holds " in proof(test)
    assert "Another patch could hold at most 1.0% more than the best found; the proof was stopped" in proof(test)


def nearest_outside(test: AppTest) -> dict[str, str]:
    """Code -> name of the areas that are said to have the most to add."""
    names = said(test).split("with the most to add: ")[1].split(".</p>")[0].replace(" and ", ", ").split(", ")
    options = next(each for each in test.multiselect if each.key == "patch-in").options
    found = {option.split(" · ")[1]: option.split(" · ")[0] for option in options}
    return {code: name for code, name in found.items() if name in names}


def test_areas_asked_not_to_be_in_are_told_apart_from_those_that_could_join(
    open_page: OpenPage, folder: DataFolder
) -> None:
    wish = {"people": "2000-3000"}
    near = nearest_outside(open_page("Patch", folder, MENU, wish))
    assert len(near) == 3
    out = dict(list(near.items())[:2])
    test = open_page("Patch", folder, MENU, wish | {"out": ",".join(out)})
    most = said(test).split("with the most to add: ")[1].split("</p>")[0]
    assert not any(name in most for name in out.values())
    kept_out = said(test).split("Just outside, but asked not to be in: ")[1].split("</p>")[0]
    assert all(name in kept_out for name in out.values())
    test = open_page("Patch", folder, MENU, wish | {"out": ",".join(out), "question": "hand"})
    offered = next(each for each in test.selectbox if each.key == "patch-add")
    marked = [option for option in offered.options if option.endswith("asked not to be in")]
    assert [option.split(":")[0] in out.values() for option in offered.options[-2:]] == [True, True]
    assert marked == list(offered.options[-2:])
    offered.set_value(next(iter(out))).run()
    assert f"It takes in {out[next(iter(out))]} (asked not to be in)." in said(test)


def test_areas_outside_the_locality_are_told_apart(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"people": "1500-3000"})
    within = next(each for each in test.selectbox if each.key == "patch-within").options[1]
    test = open_page("Patch", folder, MENU, {"people": "1500-3000", "within": within})
    assert f"Just outside, but not in {within}: " in said(test)


def test_work_by_hand_is_kept_while_another_patch_is_looked_at(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"question": "hand", "people": "2000-3000"})
    next(each for each in test.selectbox if each.key == "patch-add").select_index(0).run()
    mine, hand = sentence(test), in_address(test, "hand")
    test.session_state["patch-question"] = QUESTIONS["others"]
    test.run()
    show_on_map(test, "Alternative 1")
    assert sentence(test) != mine and "Your changes by hand are kept, too" in said(test)
    show_on_map(test, "Changed by hand")
    assert sentence(test) == mine and in_address(test, "hand") == hand
    show_on_map(test, "Best patch")
    assert "Changed by hand: " not in sentence(test) and "Your changes by hand are kept, too" in said(test)
    test.session_state["patch-question"] = QUESTIONS["hand"]
    press(test.run(), "Show my changes again")
    assert sentence(test) == mine


def test_other_wishes_keep_the_work_by_hand(open_page: OpenPage, folder: DataFolder) -> None:
    hand = "DEMO00020,DEMO00021"
    test = open_page("Patch", folder, MENU, {"question": "hand", "people": "2000-3000", "hand": hand})
    next(each for each in test.number_input if each.key == "patch-high").set_value(4000).run()
    assert "Changed by hand" not in sentence(test) and "Your changes by hand are kept: 2 areas with" in said(test)
    press(test, "Show my changes again")
    assert "Changed by hand: " in sentence(test)


def test_a_change_by_hand_can_be_undone(open_page: OpenPage, folder: DataFolder) -> None:
    before = "DEMO00020,DEMO00021"
    link = {"question": "hand", "people": "2000-3000", "hand": before, "alternative": "best"}
    test = open_page("Patch", folder, MENU, link)
    assert "A change made now begins from the patch on screen and takes their place." in said(test)
    next(each for each in test.selectbox if each.key == "patch-add").select_index(0).run()
    after = in_address(test, "hand")
    assert "Changed by hand: adds" in said(test) and after != before
    press(test, "Undo the last change")
    assert in_address(test, "hand") == before
    press(test, "Back to the best patch")
    press(test, "Discard my changes")
    assert not in_address(test, "hand") and "are kept" not in said(test)
    press(test, "Undo the last change")
    assert in_address(test, "hand") == before


@pytest.mark.parametrize("chosen", ["DEMO00001,DEMO00153", "DEMO00001", "NONE", "7", "", "," * 40])
def test_an_address_that_names_no_patch_as_wanted_shows_the_best(
    chosen: str, open_page: OpenPage, folder: DataFolder
) -> None:
    best = sentence(open_page("Patch", folder, MENU, {"people": "2000-3000"}))
    test = open_page("Patch", folder, MENU, {"people": "2000-3000", "alternative": chosen})
    assert not test.exception and sentence(test) == best


def to_shortlist(test: AppTest) -> dict[str, str]:
    """What the link to Shortlist carries."""
    (query,) = [each.proto.query_string for each in test.get("page_link") if each.proto.page == "Shortlist"]
    return dict(parse_qsl(query))


@pytest.mark.parametrize("chosen", ["Best patch", "Alternative 2", "by hand"])
def test_what_is_on_screen_is_what_shortlist_offers_to_agree(
    chosen: str, open_page: OpenPage, folder: DataFolder
) -> None:
    link = {"people": "2000-3000", "question": "others", "list": "agreed", "decision": "x"}
    hand = {"hand": "DEMO00020,DEMO00021"} if chosen == "by hand" else {}
    test = open_page("Patch", folder, MENU, link | hand)
    if chosen == "Alternative 2":
        show_on_map(test, chosen)
    assert "A patch is agreed with the list, on Shortlist." in said(test)
    carried = to_shortlist(test)
    assert (carried["list"], carried["tab"], "decision" in carried) == ("now", "neighbourhood", False)
    there = open_page("Shortlist", folder, MENU, carried)
    assert sentence(test) in sentence(there)
    press(there, "Agree this list")
    box = there.checkbox(key="shortlist-patch")
    people = sentence(test).split(" with ")[1].split(" people")[0]
    assert box.value and f"with {people} people" in box.label


def tips(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, folder: DataFolder, **link: str) -> dict[str, str]:
    """Open the page and return what the map's tips say, by the area's name."""
    drawn: dict[str, str] = {}

    def taken(outlines: object, *, names: list[str], values: list[str], **rest: object) -> None:
        drawn.update(zip(names, values, strict=True))

    monkeypatch.setattr("prioritisation.ui.patch.map.area_map", taken)
    assert not open_page("Patch", folder, MENU, {"people": "2000-3000", **link}).exception
    return drawn


def test_the_map_says_what_a_click_would_do(
    monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, folder: DataFolder
) -> None:
    said_of = tips(monkeypatch, open_page, folder)
    assert len(said_of) == 153
    clicks = [value.split("\n")[1] for value in said_of.values()]
    assert all(
        re.search(r"^A click (adds|drops) it.*: then [\d,]+ people and [\d.]+% of the need", each) for each in clicks
    )
    assert any(each.endswith("no longer connected, out of range.") for each in clicks)
    assert any("drops it" in each and "in one piece" in each for each in clicks)


def test_a_click_that_replaces_work_by_hand_says_so(
    monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, folder: DataFolder
) -> None:
    said_of = tips(monkeypatch, open_page, folder, hand="DEMO00020,DEMO00021", alternative="best")
    assert all(value.endswith("It takes the place of your changes by hand.") for value in said_of.values())


def test_a_click_for_a_wish_says_which(
    monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, folder: DataFolder
) -> None:
    monkeypatch.setattr("prioritisation.ui.patch.page.CLICKS", {"out": "wants it out"})
    said_of = [value.split("\n")[1] for value in tips(monkeypatch, open_page, folder, out="DEMO00012").values()]
    assert said_of.count("A click no longer asks for it not to be in the patch.") == 1
    assert said_of.count("A click asks for it not to be in the patch.") == 152


def test_a_click_on_an_area_asked_out_says_so(
    monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, folder: DataFolder
) -> None:
    said_of = tips(monkeypatch, open_page, folder, out="DEMO00012")
    assert len([value for value in said_of.values() if "A click adds it, asked not to be in: then" in value]) == 1


def test_a_patch_in_pieces_says_so(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"hand": "DEMO00001,DEMO00153"})
    assert "It is no longer connected: it lies in 2 pieces." in said(test)
    assert "outside the range" in said(test)


def test_a_count_is_moved_by_no_weight(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"by": "indicator.income_rate", "question": "weights"})
    assert "income-deprived people" in sentence(test)
    assert "no weight moves it" in said(test)


def test_the_whole_council_in_patches(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Patch", folder, MENU, {"patches": "all", "into": "12"})
    assert not test.exception
    assert "12 connected patches, all within" in said(test) and "In which order to begin" in said(test)


class Slow(Ended):
    """A proof that runs until it is ended."""

    def __init__(self, problem: Problem, best: Patch) -> None:
        super().__init__(problem, best)
        self.state = "running"


class Named:
    """A problem of which only its name matters."""

    n = 3

    def __init__(self, name: str) -> None:
        self.fingerprint = name


def test_few_proofs_run_at_once_and_those_nobody_looks_at_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("prioritisation.ui.patch.found.time.monotonic", lambda: now[0])
    found = Proofs(Slow)
    best = Patch((0,), 1.0, 1)
    running = [found.follow(Named(str(number)), best) for number in range(PROOFS_AT_ONCE)]
    assert all(running) and found.follow(Named("more"), best) is None
    assert found.follow(Named("0"), best) is running[0]
    now[0] += LEFT_AFTER_SECONDS + 1
    found.follow(Named("0"), best)
    assert found.follow(Named("more"), best) is not None
    assert running[1].state == "cancelled" and running[0].state == "running"
    assert found.known("1") is None


@pytest.mark.parametrize("link", [{}, {"patches": "all", "into": "4"}])
def test_a_patch_is_drawn_with_its_legend_and_can_be_pictured(
    link: dict[str, str], open_page: OpenPage, folder: DataFolder
) -> None:
    test = open_page("Patch", folder, MENU, link)
    assert not test.exception
    page = said(test)
    assert page.index("greatest need") < page.index("table")
    assert "Take it along" in [each.proto.popover.label for each in test.get("popover")]
