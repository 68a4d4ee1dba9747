"""The questions beside the map: which areas, what a change by hand costs, other patches, other weights."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.patch.best import Change, changed, just_outside
from prioritisation.patch.fares import Robust
from prioritisation.patch.graph import pieces
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Patch
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
from prioritisation.ui.patch.choice import BY_HAND, SHOWN
from prioritisation.ui.patch.found import Found, fares_under, fares_within_reason
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
MOST_OUTSIDE, MOST_JOINING = 12, 6
PANEL_HEIGHT = 330
_TAB = "patch-question"


def panels(found: Found, patch: Patch) -> None:
    """Show the four questions about the patch on screen."""
    answers: dict[str, Callable[[Found, Patch], None]] = {
        "areas": _areas,
        "hand": _by_hand,
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
    outside = just_outside(found.problem, patch.members)
    near = [lie.names[area] for area in outside[:3]]
    told = f"{areas_words(len(outside))} just outside; with the most to add: {listed(near)}." if near else ""
    show(tag("p", told, class_="muted"))


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


def _by_hand(found: Found, patch: Patch) -> None:
    told = "Add or drop one area at a time, here or by a click on the map; the cost is said before you choose."
    show(tag("p", told, class_="muted"))
    members = set(patch.members)
    outside = [area for area in just_outside(found.problem, members) if not _unusable(found, area)][:MOST_OUTSIDE]
    _offer(found, patch, "Add", "patch-add", outside)
    _offer(found, patch, "Drop", "patch-drop", sorted(members))
    if patch.members != found.best.members:
        show(tag("p", hand_sentence(found, patch), class_="sentence", role="status"))
        st.button("Back to the best patch", on_click=lambda: put_in_link({BY_HAND: None, SHOWN: None}))


def _offer(found: Found, patch: Patch, label: str, key: str, areas: list[int]) -> None:
    """Show a choice of areas to move, the best for need first, each with what it changes."""
    lie = found.asked.ground
    moves = {lie.codes[area]: changed(found.problem, patch.members, area) for area in areas}

    def told(code: str) -> str:
        return f"{lie.names[lie.place[code]]}: {_cost(found, moves[code])}"

    st.session_state[key] = None
    st.selectbox(
        f"{label} an area",
        sorted(moves, key=lambda code: -moves[code].gain),
        key=key,
        format_func=told,
        placeholder=f"{label} an area, with what it changes",
        on_change=lambda: move_by_hand(found, patch, st.session_state[key]),
    )


def _unusable(found: Found, area: int) -> bool:
    return not found.asked.ground.usable[area]


def _cost(found: Found, move: Change) -> str:
    """Return "+0.8% of the council's need, +620 people", and what it breaks."""
    total = found.problem.gain.sum() or 1.0
    what = "the need" if found.asked.objective.id == NEED else "what is counted"
    breaks = [] if move.connected else ["falls apart"]
    breaks += [] if move.in_range else ["out of range"]
    return ", ".join([f"{100 * move.gain / total:+.1f}% of {what}", f"{move.people:+,} people", *breaks])


def hand_sentence(found: Found, patch: Patch) -> str:
    """Return what the changes by hand cost against the best patch, and what they break."""
    lie, best = found.asked.ground, found.best
    added = [lie.names[area] for area in sorted(set(patch.members) - set(best.members))]
    dropped = [lie.names[area] for area in sorted(set(best.members) - set(patch.members))]
    moves = [f"adds {listed(added)}"] if added else []
    moves += [f"drops {listed(dropped)}"] if dropped else []
    less = 1 - patch.gain / best.gain if best.gain else 0.0
    how = f"{per_cent(abs(less))} {'less' if less > 0 else 'more'}" if abs(less) > 0.0005 else "as much"
    told = f"Changed by hand: {' and '.join(moves)}. It holds {how} than the best patch, with {patch.people:,} people."
    told = told.replace("as much than", "as much as")
    count = len(pieces(patch.members, found.problem.neighbours))
    wanted = found.asked.wanted
    if count > 1:
        told += f" It is no longer connected: it lies in {count} pieces."
    if not wanted.low <= patch.people <= wanted.high:
        told += f" It is outside the range of {wanted.low:,} to {wanted.high:,} people."
    return told


def move_by_hand(found: Found, patch: Patch, code: str | None) -> None:
    """Add an area that is not in the patch, drop one that is; all of it in the address."""
    lie = found.asked.ground
    if code is None or _unusable(found, lie.place[code]):
        return
    members = set(patch.members) ^ {lie.place[code]}
    same = members == set(found.best.members) or not members
    put_in_link({BY_HAND: None if same else ",".join(lie.codes[area] for area in sorted(members)), SHOWN: None})


def _others(found: Found, patch: Patch) -> None:
    others = found.others()
    if not others:
        show(
            tag("p", "There is no other patch with these wishes that differs in a third of its people.", role="status")
        )
        return
    every = [found.best, *others]
    names = ["Best patch", *(f"Alternative {n}" for n in range(1, len(every)))]
    now = next((n for n, each in enumerate(every) if each.members == patch.members), None)
    put_in_widget("patch-shown", None if now is None else names[now])
    st.segmented_control(
        "Show on the map",
        names,
        key="patch-shown",
        on_change=lambda: _shown(names),
    )
    lie = found.asked.ground
    rows = [
        (name, f"{each.people:,}", "all" if each is found.best else per_cent(each.gain / found.best.gain or 0))
        for name, each in zip(names, every, strict=True)
    ]
    show(table(["Patch", "People", "Holds, of the best"], rows))
    for name, each in zip(names[1:], others, strict=True):
        gone = [lie.names[area] for area in sorted(set(found.best.members) - set(each.members))]
        show(
            tag("p", tag("strong", f"{name}: "), alternative_sentence(found.problem, found.best, each), class_="muted")
        )
        show(tag("p", f"Without {listed(gone)}.", class_="muted"))
    show(tag("p", "Alternatives are found by search, not proven.", class_="muted"))


def _shown(names: list[str]) -> None:
    chosen = st.session_state["patch-shown"]
    place = names.index(chosen) if chosen in names else 0
    put_in_link({SHOWN: str(place) if place else None, BY_HAND: None})


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
