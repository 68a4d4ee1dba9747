"""The forms of the Votes page: opening a round, paper votes, the reveal, closing, and applying the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import streamlit as st

from prioritisation.scenario import Scenario
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.rounds.actions import (
    EXPECTED_BOX,
    NAME_BOX,
    OF_GROUP,
    ON_WEIGH,
    ORGANISATION_BOX,
    PAPER_BOX,
    QUESTION_BOX,
    REASON_BOX,
    REFUSED,
    ROLE_BOX,
    SCENARIO_BOX,
    TOLD,
    WAY_BOX,
    WEIGHTS_BOX,
    apply,
    close,
    close_panel,
    expect,
    key_paper,
    open_new,
    reveal,
    take_out,
    weight_box,
)
from prioritisation.ui.scenarios.words import moment, readable
from prioritisation.ui.session import View
from prioritisation.ui.shortlist.words import NOT_VERIFIED
from prioritisation.ui.vote.join import partner_names
from prioritisation.ui.weight_words import named_weights
from prioritisation.ui.who import ask_organisation, show_who
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import scenarios
from prioritisation.workspace.ballots import VOTE_REASON, papers
from prioritisation.workspace.rounds import MOST_EXPECTED, POINTS, QUESTION, SLIDERS, Progress, Round
from prioritisation.workspace.texts import NAME, NOTE, ROLE

NOW = "now"
WAYS = {
    SLIDERS: "Sliders: the shares always total 100%",
    POINTS: "100 points to share out, in whole points",
}


def open_form(view: View, first: Round | None) -> None:
    """Show the form for a new round. first: the round that it follows, on the same choices."""
    show(tag("h2", "Open a second round" if first else "Open a round"))
    offered = {first.id: first.scenario} if first else {}
    labels = {first.id: "The choices of the first round"} if first else {}
    if first is None:
        offered, labels = _offered(view)
    with st.form("rounds-form-open", border=False):
        name, expected = st.columns([8, 4])
        name.text_input("Name of the round", key=NAME_BOX, max_chars=NAME.longest, placeholder="November meeting")
        expected.number_input("How many will vote?", min_value=1, max_value=MOST_EXPECTED, key=EXPECTED_BOX)
        st.text_input("Question that everybody reads first", key=QUESTION_BOX, max_chars=QUESTION.longest)
        st.selectbox(
            "Scenario whose priorities are voted on; its own weights are not shown to those who vote",
            list(offered),
            key=SCENARIO_BOX,
            format_func=lambda each: labels[each],
        )
        st.radio("How do people vote?", list(WAYS), key=WAY_BOX, format_func=lambda way: WAYS[way])
        _who()
        _buttons("Open the round", lambda: _open(view, offered, first))


def _open(view: View, offered: dict[str, Scenario], first: Round | None) -> None:
    chosen = st.session_state[SCENARIO_BOX]
    saved = first.saved_id if first else None if chosen == NOW else chosen
    open_new(view, offered[chosen], saved)


def _offered(view: View) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Return choices and labels of what a round can be on: what is on Weigh, and every saved scenario."""
    rows = {row.id: row for row in scenarios.listed(current_workspace())}
    found = {row.id: scenario for row in rows.values() if (scenario := readable(row)) is not None}
    labels = {each: f"{rows[each].name} · {moment(rows[each].created_at)}" for each in found}
    alike = Counter(labels.values())
    apart = {each: label if alike[label] == 1 else f"{label} · {each}" for each, label in labels.items()}
    here = f"What is on Weigh now: {named_weights(view.scenario)}"
    return {NOW: view.scenario, **found}, {NOW: here, **apart}


def paper_form(current: Round) -> None:
    """Show the form for a vote on paper, and the ones that are in, without what they say."""
    show(tag("h2", "Key in a paper vote"))
    with st.form("rounds-form-paper", border=False):
        ask_organisation(*st.columns(2), "Organisation on the paper", PAPER_BOX, partner_names())
        _weights_on_paper(current)
        st.text_area("Reason on the paper", key=REASON_BOX, max_chars=VOTE_REASON.longest, height=70)
        _who()
        _buttons("Put it in", lambda: key_paper(current), leave="Close")
    for paper in papers(current_workspace(), current.id):
        said, out = st.columns([9, 3], vertical_alignment="center")
        with said:
            show(tag("p", "On paper, for ", tag("strong", paper.organisation)))
        with out:
            st.button("Take it out", key=f"out-{paper.id}", on_click=take_out, args=(paper.id,), width="stretch")


def _weights_on_paper(current: Round) -> None:
    """Ask for the weights. A label would read a priority's name as Markdown, so the name stands above the box."""
    points = current.way == POINTS
    unit, given = ("points", "Whole points") if points else ("per cent", "Per cent")
    many = len(current.priorities)
    show(tag("p", f"{given}, as on the paper: the {many} numbers make 100 together. Write 0 for what gets nothing."))
    boxes = st.columns(min(4, len(current.priorities)), vertical_alignment="bottom")
    for place, priority in enumerate(current.priorities):
        with boxes[place % len(boxes)]:
            show(tag("p", f"{place + 1}. {priority.name}", class_="muted"))
            st.number_input(
                f"Priority {place + 1}, {unit}",
                min_value=0.0,
                max_value=100.0,
                step=5.0,
                value=None,
                key=weight_box(place),
                format="%g",
                label_visibility="collapsed",
            )


def reveal_form(progress: Progress) -> None:
    """Ask once more before the votes are shown. progress: as the page counts it above the form."""
    show(tag("h2", f"Reveal all votes? {progress.words}"))
    late = progress.expected - progress.voted
    if late > 0:
        waited = f"{late} {'vote is' if late == 1 else 'votes are'} still expected. After the reveal none can be sent."
        show(tag("p", waited, class_="notice"))
    else:
        show(tag("p", "After the reveal no vote can be sent or changed."))
    with st.form("rounds-form-reveal", border=False):
        _who()
        _buttons("Yes, reveal them", reveal, leave="Not yet")


def expect_form() -> None:
    """Ask how many will vote."""
    show(tag("h2", "How many will vote?"))
    with st.form("rounds-form-expect", border=False):
        st.number_input("Votes expected", min_value=1, max_value=MOST_EXPECTED, key=EXPECTED_BOX)
        _who()
        _buttons("Change it", expect)


def close_form() -> None:
    """Ask once more before a round ends without a result."""
    show(tag("h2", "Close this round?"))
    show(tag("p", "The votes that are in are erased; nobody has seen them. Nothing is applied.", class_="notice"))
    with st.form("rounds-form-close", border=False):
        _who()
        _buttons("Close the round", close, leave="Keep it")


def apply_form(view: View, group: Scenario, on_weigh: Scenario) -> None:
    """Show what applying the result does. group: with the group's weights; on_weigh: what the sliders say now."""
    show(tag("h2", "Apply the result as a scenario"))
    show(tag("p", "It is saved locked, with this round as where it comes from, and goes into the decision record."))
    labels = {OF_GROUP: f"The group's weights (the median of all votes): {named_weights(group)}"}
    if on_weigh.framework.priority_ids == group.framework.priority_ids and on_weigh.percentages != group.percentages:
        labels[ON_WEIGH] = f"What the group settled on, on Weigh now: {named_weights(on_weigh)}"
    if st.session_state.get(WEIGHTS_BOX) not in labels:
        st.session_state[WEIGHTS_BOX] = OF_GROUP
    with st.form("rounds-form-apply", border=False):
        st.selectbox("Weights", list(labels), key=WEIGHTS_BOX, format_func=lambda each: labels[each])
        st.text_input("Name of the scenario", key=NAME_BOX, max_chars=NAME.longest)
        st.text_area("Why these weights, if it helps", key=REASON_BOX, max_chars=NOTE.longest, height=70)
        _who()
        _buttons("Apply", lambda: apply(view, on_weigh))


def _who() -> None:
    """Show who signed in, else the boxes for who is doing this; no form asks for a person's name."""
    if show_who():
        return
    role, chosen, typed = st.columns(3)
    role.text_input("Your role", key=ROLE_BOX, max_chars=ROLE.longest, placeholder="For example: chair")
    ask_organisation(chosen, typed, "Your organisation", ORGANISATION_BOX, partner_names())
    show(tag("p", NOT_VERIFIED, " Give no person's name.", class_="muted"))


def _buttons(label: str, write: Callable[[], None], leave: str = "Cancel") -> None:
    _answer()
    with st.container(horizontal=True):
        st.form_submit_button(label, type="primary", on_click=write)
        st.form_submit_button(leave, on_click=close_panel)


def _answer() -> None:
    """Say what came of the last press above the buttons, where whoever pressed one is looking."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        show(tag("p", told, class_="done", role="status"))
    refused = st.session_state.get(REFUSED)
    if refused is not None:
        show(refusal_markup(refused))
