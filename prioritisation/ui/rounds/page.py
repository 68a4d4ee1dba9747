"""What the Votes page shows: the rounds, the one that is chosen, and the form for another."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from prioritisation.ui.access import allowed
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import title
from prioritisation.ui.rounds.actions import (
    EXPECTED_BOX,
    NAME_BOX,
    OPEN,
    QUESTION_BOX,
    ROUND,
    RUN,
    SCENARIO_BOX,
    TOLD,
    WAY_BOX,
    close_panel,
    open_panel,
    opened,
)
from prioritisation.ui.rounds.forms import NOW, open_form
from prioritisation.ui.rounds.result import result
from prioritisation.ui.rounds.running import running
from prioritisation.ui.scenarios.words import moment
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.ui.style import show_charts_style, show_sheet
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import rounds
from prioritisation.workspace.rounds import APPLIED, ASKED, CLOSED, REVEALED, SLIDERS, Round

USUAL_NUMBER = 12
_BOX = "rounds-round"
_STATES = {rounds.OPEN: "open now", REVEALED: "revealed", APPLIED: "applied", CLOSED: "closed"}
_STEPS = (
    "Open a round. A code and a link appear, for phones.",
    "Everybody votes alone. Nobody sees a vote, you included; the page shows how many are in.",
    "Reveal. All votes are shown as dots without names; beside them each partner's weights and areas, by its name.",
    "Talk about what differs most; vote again, or apply the result as a scenario. The decision record keeps it.",
)


def votes(view: View) -> None:
    """Show the page."""
    show_charts_style()
    show_sheet("votes")
    title("What would each of us weigh most?", "Votes on the weights: given unseen, revealed together, then settled.")
    every = rounds.listed(current_workspace()) if workspace_begun(view.store.folder) else []
    told = st.session_state.pop(TOLD, None) if opened() is None else None
    if told is not None:
        show(tag("p", told, class_="done", role="status"))
    current = _choose(every) if every else None
    panel = opened()
    if panel is not None and panel.kind == OPEN:
        with st.container(border=True, key="rounds-panel-box"):
            open_form(view, next((each for each in every if each.id == panel.about), None))
    elif current is None:
        _begin()
    if current is not None and (panel is None or panel.kind != OPEN):
        _show(view, current)


def _show(view: View, current: Round) -> None:
    if current.is_open:
        running(current)
    elif current.is_revealed:
        result(view, current)
    else:
        show(tag("p", f"“{current.name}” was closed by {current.updated_by}; nothing was applied.", role="status"))


def _begin() -> None:
    show(tag("ol", *[tag("li", step) for step in _STEPS], class_="how"))
    if allowed(RUN):
        _open_button("Open a round", primary=True)


def _choose(every: list[Round]) -> Round:
    """Show the choice of a round, and the button for another; return the one in the address, else the open one."""
    known = {each.id: each for each in every}
    newest_open = next((each.id for each in every if each.is_open), every[0].id)
    wanted = st.query_params.get(ROUND, "")
    chosen = wanted if wanted in known else newest_open
    labels = _labels(every)
    box, another = st.columns([9, 3], vertical_alignment="bottom")
    with box:
        put_in_widget(_BOX, chosen, labels[chosen])
        st.selectbox("Round", list(known), key=_BOX, format_func=lambda each: labels[each], on_change=_picked)
    with another:
        if allowed(RUN):
            _open_button("Open another round", primary=False)
    return known[chosen]


def _labels(every: list[Round]) -> dict[str, str]:
    """Return id -> label, no two alike: the browser answers with the label."""
    labels = {each.id: f"{each.name} · {moment(each.created_at)} · {_STATES[each.state]}" for each in every}
    alike = Counter(labels.values())
    return {each: label if alike[label] == 1 else f"{label} · {each}" for each, label in labels.items()}


def _open_button(label: str, primary: bool) -> None:
    boxes = {NAME_BOX: "", QUESTION_BOX: ASKED, WAY_BOX: SLIDERS, EXPECTED_BOX: USUAL_NUMBER, SCENARIO_BOX: NOW}
    st.button(
        label,
        type="primary" if primary else "secondary",
        on_click=open_panel,
        args=(OPEN,),
        kwargs=boxes,
        width="content" if primary else "stretch",
    )


def _picked() -> None:
    close_panel()
    put_in_link({ROUND: st.session_state[_BOX]})
