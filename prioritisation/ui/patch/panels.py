"""The questions beside the map: which areas, how to change it by hand, other patches, other weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from prioritisation.patch.best import just_outside
from prioritisation.patch.fares import Robust
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Patch
from prioritisation.patch.request import kept_out
from prioritisation.patch.sentences import (
    alternative_sentence,
    per_cent,
    robust_sentences,
    under_sentence,
)
from prioritisation.patches import NEED
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly
from prioritisation.ui.patch.choice import kept_by_hand, put_on_screen, show_by_hand
from prioritisation.ui.patch.found import Found, fares_under, fares_within_reason
from prioritisation.ui.patch.hand import by_hand
from prioritisation.ui.session import put_in_link, put_in_widget
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.words import NOT_APPLICABLE, areas_words, listed, number, percent, place_words
from prioritisation.workspace.scenarios import listed as saved_scenarios

QUESTIONS = {
    "areas": "Which areas?",
    "hand": "Change it by hand?",
    "others": "Other patches?",
    "weights": "Other weights?",
}
ASKED = "question"
MOST_SCENARIOS = 8
MOST_JOINING = 6
PANEL_HEIGHT = 268
_TAB, _SHOWN = "patch-question", "patch-shown"
_BEST, _BY_HAND = "Best patch", "Changed by hand"


def panels(found: Found, patch: Patch) -> None:
    """Show the four questions about the patch on screen."""
    answers: dict[str, Callable[[Found, Patch], None]] = {
        "areas": _areas,
        "hand": by_hand,
        "others": _others,
        "weights": _weights,
    }
    asked = st.query_params.get(ASKED, "")
    default = QUESTIONS.get(asked, QUESTIONS["areas"])
    tabs = st.tabs(list(QUESTIONS.values()), key=_TAB, on_change=_question_asked, default=default)
    for tab, answer in zip(tabs, answers.values(), strict=True):
        if tab.open:
            with tab, st.container(height=PANEL_HEIGHT, border=False):
                plainly(lambda answer=answer: answer(found, patch))  # type: ignore[misc]


def _question_asked() -> None:
    ids = {name: each for each, name in QUESTIONS.items()}
    put_in_link({ASKED: ids.get(st.session_state[_TAB])})


def _areas(found: Found, patch: Patch) -> None:
    lie, ranking = found.asked.ground, found.asked.view.ranking
    scored = int((ranking.scores.rank > 0).sum())
    order = sorted(patch.members, key=lambda area: -found.problem.gain[area])
    rows = [
        (lie.names[area], _people(found, area), place_words(int(ranking.scores.rank[area]), scored), _held(found, area))
        for area in order
    ]
    head = "Need held" if found.asked.objective.id == NEED else "Holds"
    show(table(["Area", "People", "Rank", head], rows))
    show(*[tag("p", told, class_="muted") for told in _outside(found, patch)])


def _outside(found: Found, patch: Patch) -> list[str]:
    """Return which areas touch the patch: those that would add most, then those that the wishes keep out, by wish."""
    lie = found.asked.ground
    why: dict[str, list[str]] = {}
    for area in just_outside(found.problem, patch.members):
        why.setdefault(kept_out(lie, found.asked.wanted, area), []).append(lie.names[area])
    near = why.pop("", [])
    told = [f"{areas_words(len(near))} just outside; with the most to add: {listed(near[:3])}."] if near else []
    return told + [f"Just outside, but {wish}: {listed(names)}." for wish, names in why.items()]


def _people(found: Found, area: int) -> str:
    count = found.asked.ground.people[area]
    return number(count)


def _held(found: Found, area: int) -> str:
    """Return an area's share of the council's need, or its count."""
    gain = found.asked.objective.gain[area]
    if gain != gain:
        return NOT_APPLICABLE
    if found.asked.objective.id != NEED:
        return f"{gain:,.0f}"
    return f"{100 * gain / found.problem.gain.sum():.1f}%"


def _others(found: Found, patch: Patch) -> None:
    others = found.others()
    if not others:
        show(
            tag("p", "There is no other patch with these wishes that differs in a third of its people.", role="status")
        )
        return
    named = {f"Alternative {n}": each for n, each in enumerate(others, start=1)}
    every = {_BEST: found.best} | named | _work_by_hand(found)
    now = next((name for name, each in every.items() if each.members == patch.members), None)
    put_in_widget(_SHOWN, now)
    st.segmented_control("Show on the map", list(every), key=_SHOWN, on_change=lambda: _show_chosen(found, every))
    lie = found.asked.ground
    rows = [
        (name, f"{each.people:,}", "all" if each is found.best else per_cent(each.gain / found.best.gain or 0))
        for name, each in every.items()
    ]
    show(table(["Patch", "People", "Holds, of the best"], rows))
    for name, each in named.items():
        gone = [lie.names[area] for area in sorted(set(found.best.members) - set(each.members))]
        show(
            tag("p", tag("strong", f"{name}: "), alternative_sentence(found.problem, found.best, each), class_="muted")
        )
        show(tag("p", f"Without {listed(gone)}.", class_="muted"))
    show(tag("p", "Alternatives are found by search, not proven.", class_="muted"))


def _work_by_hand(found: Found) -> dict[str, Patch]:
    """Return the work by hand that is kept, by its name; nothing where there is none that is a patch of its own."""
    kept = kept_by_hand(found)
    return {_BY_HAND: kept} if kept is not None and kept.members != found.best.members else {}


def _show_chosen(found: Found, every: Mapping[str, Patch]) -> None:
    chosen = st.session_state[_SHOWN]
    if chosen == _BY_HAND:
        show_by_hand()
    else:
        put_on_screen(None if chosen in (None, _BEST) else every[chosen], found.asked.ground)


def _weights(found: Found, patch: Patch) -> None:
    if found.asked.objective.id != NEED:
        told = "This patch is chosen by a count of people, so no weight moves it."
        show(tag("p", told, class_="sentence"))
        return
    sure = fares_within_reason(found, patch)
    for told in robust_sentences(found.asked.ground, patch, sure):
        show(tag("p", told, class_="sentence"))
    view = found.asked.view
    named = {"the framework's own weights": Scenario.starting(view.catalogue.frameworks[view.scenario.framework.id])}
    rows = saved_scenarios(current_workspace())[:MOST_SCENARIOS]
    named |= {f"'{row.name}' ({row.author})": row.scenario for row in rows}
    others = {name: each for name, each in named.items() if each.weights != view.scenario.weights}
    for name, scenario in others.items():
        plainly(lambda name=name, scenario=scenario: _under(found, patch, name, scenario))  # type: ignore[misc]
    if not others:
        told = "Save scenarios on the Weigh page, one for each partner, to see how it fares under them."
        show(tag("p", told, class_="muted"))
    _how_often(found.asked.ground, sure)


def _how_often(lie: Ground, sure: Robust) -> None:
    """Show in how many weightings each area is in the best patch, those outside that would join last."""
    inside = sorted(sure.in_best.items(), key=lambda each: -each[1])
    rows = [(lie.names[area], "in it", percent(share)) for area, share in inside]
    rows += [(lie.names[area], "not in it", percent(share)) for area, share in sure.joins[:MOST_JOINING]]
    show(table(["Area", "This patch", "In the best patch in"], rows, text_columns=2))


def _under(found: Found, patch: Patch, name: str, scenario: Scenario) -> None:
    view = found.asked.view
    ranking = prioritise(view.store, scenario, view.council)
    show(tag("p", under_sentence(name, fares_under(found, patch, ranking, scenario)), class_="sentence"))
