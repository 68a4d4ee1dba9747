"""What the Community page shows: what is known of places, a form to add to it, and what waits to be looked at."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.ui.access import allowed
from prioritisation.ui.knowledge.add import add_form
from prioritisation.ui.knowledge.assets import assets_here
from prioritisation.ui.knowledge.queue import MODERATE, queue, waiting_count
from prioritisation.ui.knowledge.shown import (
    accepted_knowledge,
    current_tool,
    known_sentence,
    place_names,
    place_of,
)
from prioritisation.ui.knowledge.words import NEVER_SCORED, card, counted
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import choose_locality, plainly, title
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.style import show_charts_style, show_sheet
from prioritisation.workspace.knowledge import LOCALITY, Known

ADD = "add knowledge"
SHOWN_AT_FIRST = 30
EVERY_AREA = "All areas"
NOTHING_YET = "Nothing is known yet. Whatever is added is looked at by an analyst before it is shown."
NOTHING_HERE = "Nothing is known of this place yet."
_TAB, _ALL = "knowledge-question", "knowledge-all"


def community(view: View) -> None:
    """Show the page."""
    show_charts_style()
    show_sheet("knowledge")
    title("What do people here know?", NEVER_SCORED)
    answers: dict[str, Callable[[View], None]] = {"What is known": _known}
    if allowed(ADD):
        answers["Add what you know"] = add_form
    if allowed(MODERATE):
        answers["Waiting to be looked at"] = queue  # without its count: tabs with another label begin anew
    tabs = st.tabs(list(answers), key=_TAB, on_change="rerun")
    for tab, answer in zip(tabs, answers.values(), strict=True):
        if tab.open:
            with tab:
                plainly(lambda answer=answer: answer(view))  # type: ignore[misc]


def _known(view: View) -> None:
    where, which = st.columns(2, gap="medium")
    with where:
        choose_locality(view)
    with which:
        _choose_area(view)
    every = accepted_knowledge(view.store.folder)
    here = [each for each in every if _is_here(each, view)]
    if every:
        show(tag("p", known_sentence(every, len(view.areas)), class_="sentence", role="status"))
    if allowed(MODERATE) and (waiting := waiting_count(view)):
        show(
            tag(
                "p", f"{counted(waiting, 'contribution waits', 'contributions wait')} to be looked at.", class_="notice"
            )
        )
    if not here:
        show(tag("p", NOTHING_HERE if every else NOTHING_YET, class_="muted"))
    names, tool = place_names(view), current_tool(view)
    limit = len(here) if st.session_state.get(_ALL) else SHOWN_AT_FIRST
    show(tag("div", *[card(each, place_of(each, names), tool) for each in here[:limit]], class_="knowns"))
    if len(here) > limit:
        st.button(f"Show all {len(here):,}", key="knowledge-more", on_click=_show_all)
    assets_here(view)


def _choose_area(view: View) -> None:
    inside = view.areas if view.locality is None else view.areas[view.areas["locality"] == view.locality]
    names = inside["name"].sort_values()
    put_in_widget("knowledge-area", view.area if view.area in names.index else EVERY_AREA)
    st.selectbox(
        "Area",
        [EVERY_AREA, *names.index],
        key="knowledge-area",
        format_func=lambda code: str(names.get(code, code)),
        on_change=_area_chosen,
    )


def _area_chosen() -> None:
    chosen = st.session_state["knowledge-area"]
    put_in_link({"area": None if chosen == EVERY_AREA else chosen})


def _show_all() -> None:
    st.session_state[_ALL] = True


def _is_here(each: Known, view: View) -> bool:
    """Whether a contribution is about the chosen area, its locality, or anything in the chosen locality."""
    given = each.given
    locality = view.locality
    if view.area is not None:
        own = view.areas["locality"][view.area]
        return given.place == (own if given.geography == LOCALITY else view.area)
    if locality is None:
        return True
    if given.geography == LOCALITY:
        return given.place == locality
    return given.place in view.areas.index and bool(view.areas["locality"][given.place] == locality)
