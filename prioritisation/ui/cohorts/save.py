"""Saving the cohort on screen: a button that opens a small form, and what came of it."""

from __future__ import annotations

import streamlit as st

from prioritisation.cohorts.rule import CohortRule
from prioritisation.cohorts.wording import sentence
from prioritisation.errors import UserError
from prioritisation.ui.access import allowed
from prioritisation.ui.cohorts.choice import COHORT, OWN, RULE, Chosen
from prioritisation.ui.cohorts.cube import People
from prioritisation.ui.cohorts.words import COUNTED_NEXT
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly, refusal_markup
from prioritisation.ui.session import put_in_link
from prioritisation.ui.who import ask_author, author_given
from prioritisation.ui.workspace_session import current_workspace, remember_author
from prioritisation.workspace.cohorts import WHY, SavedCohort, save
from prioritisation.workspace.texts import NAME

_OPEN, _REFUSED, _SAVED = "cohort-save-open", "cohort-save-refused", "cohort-save-done"
_NAME, _WHY, _WHO = "cohort-save-name", "cohort-save-why", "cohort-save-who"


def save_cohort(people: People, cohort: Chosen) -> None:
    """Show the button, to whoever may. Only one's own can be saved; the others are kept already."""
    if not allowed("save cohorts"):
        return
    if cohort.id != OWN and _SAVED not in st.session_state:
        told = "It is kept already. Build your own to save another."
        st.button("Save this cohort", disabled=True, width="stretch", key="cohort-save-off", help=told)
        return
    box = st.popover("Save this cohort", key=_OPEN, on_change=_opened_or_closed, width="stretch")
    if box.open:
        with box:
            plainly(lambda: _done() if _SAVED in st.session_state else _form(people, cohort.rule))


def _opened_or_closed() -> None:
    """Begin with an empty form the next time."""
    st.session_state.pop(_SAVED, None)
    st.session_state.pop(_REFUSED, None)


def _done() -> None:
    saved: SavedCohort = st.session_state[_SAVED]
    show(tag("p", "Saved as ", tag("strong", saved.name), f". {COUNTED_NEXT}", class_="done", role="status"))
    show(tag("p", "Its conditions stay as they are; other people are another cohort.", class_="muted"))


def _form(people: People, rule: CohortRule) -> None:
    show(tag("p", sentence(rule, people.cube.contract), class_="muted"))
    with st.form("cohort-save-form", border=False):
        st.text_input("Name", key=_NAME, max_chars=NAME.longest)
        st.text_area("Why look at these people?", key=_WHY, max_chars=WHY.longest, height=90)
        ask_author("Who is saving this? Your role or organisation", _WHO)
        show(tag("p", COUNTED_NEXT, class_="muted"))
        st.form_submit_button("Save", type="primary", on_click=_save, args=(rule,))
    refused = st.session_state.get(_REFUSED)
    if refused is not None:
        show(refusal_markup(refused))


def _save(rule: CohortRule) -> None:
    """Save once: the form goes with it, and the second of two quick clicks finds it gone."""
    if _SAVED in st.session_state:
        return
    st.session_state.pop(_REFUSED, None)
    given = st.session_state
    try:
        saved = save(current_workspace(), name=given[_NAME], why=given[_WHY], rule=rule, by=author_given(_WHO))
    except UserError as refused:
        st.session_state[_REFUSED] = refused
        return
    st.session_state[_SAVED] = saved
    remember_author(author_given(_WHO))
    st.session_state[_NAME] = st.session_state[_WHY] = ""
    put_in_link({COHORT: saved.cohort_id, RULE: None})
