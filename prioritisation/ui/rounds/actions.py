"""What a facilitator does to a round. Each is written once, by whoever declares it; a refusal leaves the form open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import streamlit as st

from prioritisation.errors import Fault, UserError, faults_of
from prioritisation.scenario import Scenario
from prioritisation.ui.access import require
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.shortlist.checks import incomplete
from prioritisation.ui.who import decided_by, organisation_given, other_box
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import applied_rounds, ballots, rounds
from prioritisation.workspace.records import Who
from prioritisation.workspace.rounds import Round

OPEN, PAPER, REVEAL, CLOSE, EXPECT, APPLY = "open", "paper", "reveal", "close", "expect", "apply"
ROUND, RUN = "round", "run rounds"
PANEL, TOLD, REFUSED = "rounds-panel", "rounds-told", "rounds-refused"
ROLE_BOX, ORGANISATION_BOX = "rounds-role", "rounds-organisation"
NAME_BOX, QUESTION_BOX, WAY_BOX, EXPECTED_BOX = "rounds-name", "rounds-question", "rounds-way", "rounds-expected"
SCENARIO_BOX, REASON_BOX, PAPER_BOX, WEIGHTS_BOX = "rounds-scenario", "rounds-reason", "rounds-paper", "rounds-weights"
OF_GROUP, ON_WEIGH = "group", "weigh"
_ROLE, _ORGANISATION = "declared-role", "declared-organisation"


@dataclass(frozen=True)
class Panel:
    """The open form: what it does, and the round that it is about; for OPEN the one that the new round follows."""

    kind: str
    about: str = ""


def open_panel(kind: str, about: str = "", **boxes: object) -> None:
    """Open a form. boxes: what stands in it at first, by the key of the box."""
    st.session_state[PANEL] = Panel(kind, about)
    st.session_state[ROLE_BOX] = st.session_state.get(_ROLE, "")
    st.session_state[ORGANISATION_BOX] = st.session_state.get(_ORGANISATION)
    st.session_state.update({other_box(key): "" for key in (ORGANISATION_BOX, PAPER_BOX)})
    st.session_state.update(boxes)
    for key in (REFUSED, TOLD):
        st.session_state.pop(key, None)


def close_panel() -> None:
    """Close it; nothing is written."""
    st.session_state.pop(PANEL, None)
    st.session_state.pop(REFUSED, None)


def opened() -> Panel | None:
    """Return the open form."""
    panel: Panel | None = st.session_state.get(PANEL)
    return panel


def weight_box(place: int) -> str:
    """Return the key of a priority's box on the form for a paper vote."""
    return f"rounds-paper-{place}"


def open_new(view: View, scenario: Scenario, saved_id: str | None) -> None:
    """Open a round on these choices, once it is clear that areas can be ranked under them."""

    def write(who: Who, about: str) -> str:
        _check_named(who)
        _ = replace(view, scenario=scenario).ranking
        made = rounds.open_round(
            current_workspace(),
            who,
            scenario=scenario,
            release_id=view.store.release.id,
            demonstration=view.store.release.demonstration,
            name=st.session_state[NAME_BOX],
            question=st.session_state[QUESTION_BOX],
            way=st.session_state[WAY_BOX],
            expected=int(st.session_state[EXPECTED_BOX]),
            saved_id=saved_id,
            first_round=about or None,
        )
        put_in_link({ROUND: made.id})
        return "The round is open. Show the code or read it aloud."

    _once(OPEN, write)


def _check_named(who: Who) -> None:
    """Refuse with all that is missing at once."""
    named = Fault("name", "is empty.", "Write a name, such as “November meeting”.")
    faults = ([] if str(st.session_state[NAME_BOX]).strip() else [named]) + faults_of(who.checked)
    if faults:
        raise incomplete(faults)


def key_paper(current: Round) -> None:
    """Store a vote that came on paper; the form stays open for the next, or as it was typed where it is refused."""

    def write(who: Who, about: str) -> str:
        weights = [st.session_state[weight_box(place)] for place in range(len(current.priorities))]
        ballots.key_paper(
            current_workspace(),
            who,
            about,
            organisation=organisation_given(PAPER_BOX),
            weights=weights,
            reason=st.session_state[REASON_BOX],
        )
        empty = {weight_box(place): None for place in range(len(weights))}
        st.session_state.update({**empty, PAPER_BOX: None, other_box(PAPER_BOX): "", REASON_BOX: ""})
        return "The paper vote is in. Nobody sees it again before the reveal."

    _once(PAPER, write, stays=True)


def take_out(paper_id: str) -> None:
    """Take a wrongly keyed paper vote out."""

    def write(who: Who, about: str) -> str:
        ballots.take_out_paper(current_workspace(), who, about, paper_id)
        return "The paper vote is taken out."

    _once(PAPER, write, stays=True)


def expect() -> None:
    """Wait for another number of votes."""
    _once(EXPECT, _expected)


def _expected(who: Who, about: str) -> str:
    changed = rounds.expect(current_workspace(), who, about, int(st.session_state[EXPECTED_BOX]))
    return f"{changed.expected} votes are expected now."


def reveal() -> None:
    """End the voting and show all votes."""

    def write(who: Who, about: str) -> str:
        rounds.reveal(current_workspace(), who, about)
        return "The votes are revealed, here and on every phone."

    _once(REVEAL, write)


def close() -> None:
    """End the round without a result."""

    def write(who: Who, about: str) -> str:
        rounds.close(current_workspace(), who, about)
        return "The round is closed."

    _once(CLOSE, write)


def apply(view: View, on_weigh: Scenario) -> None:
    """Save the result as a scenario, and record how it came about. on_weigh: what the sliders say now."""

    def write(who: Who, about: str) -> str:
        settled = st.session_state.get(WEIGHTS_BOX) == ON_WEIGH
        applied = applied_rounds.apply(
            current_workspace(),
            who,
            about,
            release=asdict(view.store.release),
            name=st.session_state[NAME_BOX],
            weights=list(on_weigh.percentages) if settled else None,
            reason=st.session_state[REASON_BOX],
        )
        return f"“{applied.saved.name}” is saved as a scenario, locked, and the decision is recorded."

    _once(APPLY, write)


def _once(kind: str, write: Callable[[Who, str], str], stays: bool = False) -> None:
    """Write when the form is open, and close it unless it stays: the second of two quick clicks finds it closed."""
    panel = opened()
    if panel is None or panel.kind != kind:
        return
    for key in (REFUSED, TOLD):
        st.session_state.pop(key, None)
    role, organisation = str(st.session_state.get(ROLE_BOX, "")), organisation_given(ORGANISATION_BOX)
    try:
        require(RUN)
        told = write(decided_by(role, organisation), panel.about)
    except UserError as refused:
        st.session_state[REFUSED] = refused
        return
    st.session_state[_ROLE], st.session_state[_ORGANISATION] = role.strip(), organisation or None
    st.session_state[TOLD] = told
    if not stays:
        close_panel()
