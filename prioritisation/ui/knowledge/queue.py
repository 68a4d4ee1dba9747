"""What waits to be looked at by an analyst, and what was looked at already."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.ui.access import require
from prioritisation.ui.knowledge.shown import current_tool, place_names, place_of
from prioritisation.ui.knowledge.words import card, counted
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.session import View
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.ui.who import ask_author, author_given
from prioritisation.ui.workspace_session import current_workspace, remember_author
from prioritisation.workspace.knowledge import (
    ACCEPTED,
    DECLINED,
    ERASED,
    WAITING,
    WHY,
    Known,
    erase,
    listed,
    moderate,
)
from prioritisation.workspace.records import day_and_time

MODERATE = "moderate knowledge"
AT_ONCE = 20
ABOUT = "Accept what is about the place and names nobody. Only what is accepted is shown elsewhere."
_WHO = "knowledge-moderator"
_REFUSED, _TOLD = "knowledge-queue-refused", "knowledge-queue-told"
_WHAT = "knowledge-queue-what"
_LISTS = {WAITING: "Waiting", ACCEPTED: "Accepted", DECLINED: "Declined"}
_DONE = {ACCEPTED: "Accepted. Everybody sees it now.", DECLINED: "Declined, with the reason kept."}


def waiting_count(view: View) -> int:
    """Return how many contributions wait."""
    return len(listed(current_workspace(), [WAITING])) if workspace_begun(view.store.folder) else 0


def queue(view: View) -> None:
    """Show the tab."""
    require(MODERATE)
    told, refused = st.session_state.pop(_TOLD, None), st.session_state.pop(_REFUSED, None)
    if told is not None:
        show(tag("p", told, class_="done", role="status"))
    if refused is not None:
        show(refusal_markup(refused))
    if not workspace_begun(view.store.folder):
        show(tag("p", "Nothing was sent yet.", class_="muted"))
        return
    which, who = st.columns(2, gap="medium")
    with which:
        wanted = st.segmented_control("Show", list(_LISTS), key=_WHAT, format_func=_LISTS.__getitem__, default=WAITING)
    with who:
        ask_author("Who is looking? Your role or organisation", _WHO)
    _list(view, str(wanted or WAITING))


def _list(view: View, wanted: str) -> None:
    every = listed(current_workspace(), [wanted])[::-1]  # the longest known first
    names, tool = place_names(view), current_tool(view)
    show(tag("p", f"{counted(len(every), 'contribution', 'contributions')}. {ABOUT}", class_="muted"))
    for each in every[:AT_ONCE]:
        with st.container(key=f"knowledge-one-{each.id}"):
            decided = f"{each.decided_by}, {day_and_time(each.decided_at)}{': ' if each.reason else ''}{each.reason}"
            show(
                card(each, place_of(each, names), tool),
                tag("p", decided, class_="muted") if wanted != WAITING else None,
            )
            _decide(each)
    if len(every) > AT_ONCE:
        show(tag("p", f"{len(every) - AT_ONCE:,} more follow when these are done.", class_="muted"))


def _decide(each: Known) -> None:
    """Show what can be done with one contribution."""
    with st.container(horizontal=True):
        if each.state != ACCEPTED:
            key = f"knowledge-yes-{each.id}"
            st.button("Accept", type="primary", key=key, on_click=_moderate, args=(each, ACCEPTED))
        if each.state != DECLINED:
            with st.popover("Decline"):
                st.text_input("Why?", key=_reason(each, DECLINED), max_chars=WHY.longest)
                st.button("Decline it", key=f"knowledge-no-{each.id}", on_click=_moderate, args=(each, DECLINED))
        with st.popover("Erase"):
            show(tag("p", "Takes the words away for good, from earlier packs too: for when somebody is named."))
            st.text_input("Why?", key=_reason(each, ERASED), max_chars=WHY.longest)
            st.button("Erase for good", key=f"knowledge-erase-{each.id}", on_click=_erase, args=(each,))


def _reason(each: Known, state: str) -> str:
    return f"knowledge-why-{state}-{each.id}"


def _moderate(each: Known, state: str) -> None:
    def write(by: str) -> str:
        reason = st.session_state.get(_reason(each, state), "")
        moderate(current_workspace(), each.id, each.version, state=state, reason=reason, by=by)
        return _DONE[state]

    _once(write)


def _erase(each: Known) -> None:
    def write(by: str) -> str:
        reason = st.session_state.get(_reason(each, ERASED), "")
        erase(current_workspace(), each.id, each.version, reason=reason, by=by)
        return "Erased."

    _once(write)


def _once(write: Callable[[str], str]) -> None:
    given = st.session_state
    by = author_given(_WHO)
    try:
        require(MODERATE)
        given[_TOLD] = write(by)
    except UserError as refused:
        given[_REFUSED] = refused
        return
    remember_author(by)
