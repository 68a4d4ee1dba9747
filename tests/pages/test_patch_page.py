"""The Patch page without a browser: both ways of opening it, wishes, refusals, changes by hand and the division."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.patch.problem import Patch, Problem
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
        from prioritisation.patch.proof import Progress

        self.progress = Progress(best, best.gain * 1.01, 1, problem.n)
        self.state = "cancelled"
        self.seconds = 1.0

    def cancel(self) -> None:
        self.state = "cancelled"


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
    back = next(button for button in test.button if button.label == "Back to the best patch")
    back.click().run()
    assert "Changed by hand" not in said(test) and not in_address(test, "hand")


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
