"""What the Shortlist page shows: what state the list is in, what to do next, and the list with what goes with it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.page import plainly, scenario_line, title
from prioritisation.ui.scenarios.words import named_weights
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.shortlist.actions import (
    AGREE,
    CHANGE,
    ON_TOP,
    SIGN,
    TOLD,
    close_of_another,
    may_do,
    open_panel,
    opened,
)
from prioritisation.ui.shortlist.choice import by_link, choose
from prioritisation.ui.shortlist.panels import panel
from prioritisation.ui.shortlist.people import people
from prioritisation.ui.shortlist.reach import reach
from prioritisation.ui.shortlist.shown import DECISION, DRAFT, ENDED, SIGNED, Shown
from prioritisation.ui.shortlist.signed import signed
from prioritisation.ui.shortlist.table import areas
from prioritisation.ui.shortlist.words import next_step, status, steps
from prioritisation.ui.style import show_charts_style, show_sheet


def _pack(shown: Shown) -> None:
    from prioritisation.ui.shortlist.pack import pack  # brings GeoPandas and a workbook writer that no list needs

    pack(shown)


def _neighbourhood(shown: Shown) -> None:
    from prioritisation.ui.shortlist.patch import neighbourhood  # brings the search for patches

    neighbourhood(shown)


def _sureness(shown: Shown) -> None:
    from prioritisation.ui.shortlist.sure import sureness

    sureness(shown)


TAB = "tab"
TABS = {"neighbourhood": "Which neighbourhood?", "people": "Who lives there?"}  # as links from other pages ask
TITLE = "Where will the team start?"
# One question to a tab.
QUESTIONS = {
    "Which areas?": areas,
    "How sure is it?": _sureness,
    "Which neighbourhood?": _neighbourhood,
    "Whom does it reach?": reach,
    "Who lives there?": people,
    "Who agreed it?": signed,
    "What does the team get?": _pack,
}


def shortlist(view: View) -> None:
    """Show the page."""
    show_charts_style()
    show_sheet("shortlist")
    left, right = st.columns([8, 4], gap="medium")
    with right:
        shown = _chosen(view)
        lost = close_of_another(shown)
        if not shown.read_only:
            _actions(shown)
    with left:
        title(TITLE)
        _state(shown)
    if lost:
        told = "The form that was open was for another list, so it is closed. Nothing in it was saved."
        show(tag("p", told, class_="notice", role="alert"))
    if not shown.read_only:
        panel(shown, ON_TOP)
    begin = TABS.get(st.query_params.get(TAB, ""))
    tabs = st.tabs(list(QUESTIONS), key="shortlist-question", on_change="rerun", default=begin)
    for tab, answer in zip(tabs, QUESTIONS.values(), strict=True):
        if tab.open:
            with tab:
                plainly(lambda answer=answer: answer(shown))  # type: ignore[misc]
    show(tag("p", _ids(shown), class_="ids muted"))


def _chosen(view: View) -> Shown:
    """Return the list of a decision's own link, else the one that is chosen."""
    linked = by_link(view, st.query_params[DECISION]) if DECISION in st.query_params else None
    if linked is None:
        return choose(view)
    st.button("Leave this link", on_click=put_in_link, args=({DECISION: None},), width="stretch")
    return linked


def _state(shown: Shown) -> None:
    """Show in one sentence what the list is, how far it has come, and what to do next."""
    readonly = "A decision's own link opened this. It is read-only: nothing can be changed here."
    show(
        tag("p", status(shown), class_="state", role="status"),
        _steps(shown),
        tag("p", readonly if shown.read_only else next_step(shown), class_="next"),
    )
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        show(tag("p", told, class_="done", role="status"))


def _steps(shown: Shown) -> Markup:
    """Return the steps: those passed have a tick, the one reached is filled, those to come are numbered."""
    every = steps(shown)
    here = sum(reached for _, _, reached in every) - 1
    made = []
    for place, (name, where, reached) in enumerate(every):
        passed = place < here or (reached and place == len(every) - 1)
        mark = tag("b", "\N{CHECK MARK}" if passed else str(place + 1), aria_hidden="true")
        said = tag("span", tag("strong", name), " ", tag("small", where))
        current = "step" if place == here and shown.stage != ENDED else None
        made.append(tag("li", mark, said, class_="reached" if reached else None, aria_current=current))
    return tag("ol", *made, class_="steps", aria_label="How far this list has come")


def _actions(shown: Shown) -> None:
    """Show the next step as a button, and the way to change the list."""
    if shown.stage == ENDED or opened(ON_TOP) is not None:
        return
    first, label = (AGREE, "Agree this list") if shown.stage == DRAFT else (SIGN, "Sign off")
    weight: Literal["primary", "secondary"] = "secondary" if shown.stage == SIGNED else "primary"
    with st.container(horizontal=True, key="shortlist-actions"):
        if may_do(first, shown):
            st.button(label, type=weight, on_click=open_panel, args=(first, shown))
        if may_do(CHANGE, shown):
            st.button("Change the list", on_click=open_panel, args=(CHANGE, shown))


def _ids(shown: Shown) -> Markup:
    weights = f"{named_weights(shown.scenario)} · "
    if shown.view is not None:
        return join(weights, scenario_line(shown.view))
    return join(weights, f"scenario {shown.scenario.id} · release {shown.release_id} (no longer kept)")
