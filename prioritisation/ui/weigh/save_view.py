"""Saving the scenario on screen under a name: a button that opens a small form, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.scenario import Scenario, from_link
from prioritisation.ui.access import allowed
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.page import plainly, refusal_markup
from prioritisation.ui.scenarios.saved_link import read_only_link
from prioritisation.ui.scenarios.words import areas_words, named_weights
from prioritisation.ui.session import View
from prioritisation.ui.style import show_charts_style
from prioritisation.ui.weigh.save_over import NEW, OVER, choose_target, save_over, show_target
from prioritisation.ui.who import ask_author, author_given
from prioritisation.ui.workspace_session import current_workspace, remember_author
from prioritisation.workspace.scenarios import SavedScenario, listed, save
from prioritisation.workspace.texts import NAME, NOTE

_OPEN, _REFUSED, _SAVED = "save-open", "save-refused", "save-done"
_NAME, _NOTE, _WHO = "save-name", "save-note", "save-who"


@st.fragment
def save_scenario(view: View) -> None:
    """Show the button that saves the scenario of the address, as a new one or over one; a link follows the form.

    It runs by itself, so it may stand anywhere: what the address holds when it is opened is what it offers to save.
    Who may not save does not see it.
    """
    if not allowed("save scenarios"):
        return
    box = st.popover("Save this scenario", key=_OPEN, on_change=_opened_or_closed, width="stretch")
    if box.open:
        with box:
            plainly(lambda: _done() if _SAVED in st.session_state else _form(replace(view, scenario=_present(view))))


def _present(view: View) -> Scenario:
    return from_link(st.query_params.to_dict(), view.catalogue)[0]


def _opened_or_closed() -> None:
    """Begin with an empty form the next time."""
    st.session_state.pop(_SAVED, None)
    st.session_state.pop(_REFUSED, None)


def _done() -> None:
    show_charts_style()
    saved: SavedScenario = st.session_state[_SAVED]
    how = "Saved as " if saved.version == 1 else "Saved over "
    show(tag("p", how, tag("strong", saved.name), ".", class_="done", role="status"))
    show(tag("p", "This link shows exactly it; nothing can be saved over it there.", class_="muted"))
    st.code(read_only_link(saved.id), language=None, wrap_lines=True)
    link_to("Scenarios", "See all that are saved")


def _form(view: View) -> None:
    scenario = view.scenario
    cut = areas_words(scenario.framework.cut)
    show_charts_style()
    show(tag("p", f"{named_weights(scenario)} · {cut} · release {view.store.release.id}", class_="muted"))
    rows = listed(current_workspace())
    same = [row for row in rows if _is_same(row, view)]
    if same:
        show(tag("p", "The same choices are saved already, as ", tag("strong", same[0].name), ".", role="status"))
    target = choose_target(rows)
    with st.form("save-form", border=False):
        if target is None:
            st.text_input("Name", key=_NAME, max_chars=NAME.longest)
            st.text_area("Note, if it helps: why these weights", key=_NOTE, max_chars=NOTE.longest, height=90)
        else:
            show_target(target)
        ask_author("Who is saving this? Your role or organisation", _WHO)
        label, over = ("Save", None) if target is None else ("Save over it", target.id)
        st.form_submit_button(label, type="primary", on_click=_save, args=(view, over))
    refused = st.session_state.get(_REFUSED)
    if refused is not None:
        show(refusal_markup(refused))


def _is_same(row: SavedScenario, view: View) -> bool:
    return row.scenario_id == view.scenario.id and row.release_id == view.store.release.id


def _save(view: View, over: str | None) -> None:
    """Save once: the form goes with it, and the second of two quick clicks finds it gone. over: id of the one there."""
    if _SAVED in st.session_state:
        return
    st.session_state.pop(_REFUSED, None)
    try:
        if _present(view) != view.scenario:
            raise _moved()
        st.session_state[_SAVED] = _save_new(view) if over is None else save_over(view, over, author_given(_WHO))
    except UserError as refused:
        st.session_state[_REFUSED] = refused
        return
    remember_author(author_given(_WHO))
    st.session_state[_NAME] = st.session_state[_NOTE] = ""
    st.session_state[OVER] = NEW


def _save_new(view: View) -> SavedScenario:
    return save(
        current_workspace(),
        name=st.session_state[_NAME],
        note=st.session_state[_NOTE],
        scenario=view.scenario,
        release_id=view.store.release.id,
        by=author_given(_WHO),
    )


def _moved() -> UserError:
    return UserError(
        "The weights were moved after this form was opened.",
        not_done="Nothing was saved.",
        remedy="Look whether they are the ones that you mean; the line above has them now. Then save again.",
    )
