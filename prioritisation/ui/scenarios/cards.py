"""One saved scenario in the tray: what it is, the way to open it, and a panel to change or share it."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.access import allowed
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.scenarios.actions import (
    NAME_BOX,
    NOTE_BOX,
    REFUSED,
    WHO_BOX,
    close_panel,
    copy,
    open_panel,
    panel_of,
    run_again,
    save_words,
    set_archived,
    set_locked,
)
from prioritisation.ui.scenarios.comparison import NOW, compare_with
from prioritisation.ui.scenarios.saved_link import read_only_link, weigh_query
from prioritisation.ui.scenarios.words import choices_line, moment, readable, release_words
from prioritisation.ui.session import View
from prioritisation.ui.who import ask_author
from prioritisation.ui.workspace_session import saw
from prioritisation.workspace.scenarios import Conflict, SavedScenario
from prioritisation.workspace.texts import NAME, NOTE


def card(view: View, row: SavedScenario) -> None:
    """Show one row of the tray. Every control on it has a label of ours: what people typed is only ever text."""
    saw(row)
    with st.container(key=f"saved-{row.id}", border=False):
        said, opened, more = st.columns([8, 2, 2], vertical_alignment="center")
        with said:
            show(card_markup(view, row, whole=panel_of(row) is not None))
        scenario = readable(row)
        with opened:
            if scenario is not None:
                page_link("Weigh", "Open on Weigh", weigh_query(row, scenario, view.catalogue))
        with more:
            if panel_of(row) is None:
                st.button("Change or share", key=f"more-{row.id}", on_click=open_panel, args=(row,), width="stretch")
            else:
                st.button("Close", key=f"close-{row.id}", on_click=close_panel, width="stretch")
        if panel_of(row) is not None:
            _panel(view, row)


def card_markup(view: View, row: SavedScenario, whole: bool = False) -> Markup:
    """Return what a saved scenario is: name, states, note, choices, who and when. whole: the note in full."""
    release = release_words(row.release_id, view.store.release.id, view.store.folder)
    states = ["locked"] * row.locked + ["archived"] * row.archived + _voted(row) + [release] * bool(release)
    changed = f", changed by {row.updated_by} on {moment(row.updated_at)}" if row.version > 1 else ""
    return tag(
        "article",
        tag("h2", row.name, *[tag("span", state, class_="badge") for state in states]),
        tag("p", row.note, class_="note whole" if whole else "note") if row.note else None,
        tag("p", f"{choices_line(row)} · ", _ids(row), class_="choices"),
        tag("p", f"Saved by {row.author} on {moment(row.created_at)}{changed}", class_="muted"),
        class_="saved",
    )


def _voted(row: SavedScenario) -> list[str]:
    return ["from a round of votes"] if row.from_round else []


def _ids(row: SavedScenario) -> Markup:
    return tag("small", f"scenario {row.scenario_id} · release {row.release_id}")


def _panel(view: View, row: SavedScenario) -> None:
    with st.container(border=True):
        _refusal()
        may_change = allowed("save scenarios")
        fixed = row.locked or row.archived or not may_change
        left, right = st.columns(2, gap="medium")
        with left, st.form(f"words-{row.id}", border=False):
            st.text_input("Name", key=NAME_BOX, max_chars=NAME.longest, disabled=fixed)
            st.text_area("Note", key=NOTE_BOX, max_chars=NOTE.longest, height=90, disabled=fixed)
            told = None if may_change else "Your role may not change scenarios."
            st.form_submit_button("Save name and note", on_click=save_words, args=(row.id,), disabled=fixed, help=told)
        with right:
            if may_change:
                ask_author("Who is changing this? Your role or organisation", WHO_BOX)
            _buttons(view, row, may_change)
            if may_change and row.locked:
                show(tag("p", "It is locked: unlock it to rename or archive it, or duplicate it.", class_="muted"))
            show(tag("p", "Read-only link: shows exactly this; nothing can be saved over it there.", class_="muted"))
            st.code(read_only_link(row.id), language=None, wrap_lines=True)


def _refusal() -> None:
    """Say why the last write was refused. After a conflict the card above shows the scenario as it is now."""
    refused = st.session_state.get(REFUSED)
    if refused is None:
        return
    show(refusal_markup(refused))
    if isinstance(refused, Conflict):
        now = "Above you see it as it is now. The boxes still hold what you typed; saving again puts that over it."
        show(tag("p", now))


def _buttons(view: View, row: SavedScenario, may_change: bool) -> None:
    """Show what else can be done, side by side where there is room."""
    with st.container(horizontal=True):
        if may_change:
            _changes(view, row)
        st.button("Compare with what is on Weigh", key=f"two-{row.id}", on_click=compare_with, args=(row.id, NOW))


def _changes(view: View, row: SavedScenario) -> None:
    lock_label = "Unlock" if row.locked else "Lock"
    st.button(lock_label, key=f"lock-{row.id}", on_click=set_locked, args=(row.id, not row.locked))
    st.button("Duplicate", key=f"copy-{row.id}", on_click=copy, args=(row.id,))
    st.button(
        "Bring back" if row.archived else "Archive",
        key=f"archive-{row.id}",
        on_click=set_archived,
        args=(row.id, not row.archived),
        disabled=row.locked,
    )
    if row.release_id != view.store.release.id:
        label = "Re-run on the current release"
        st.button(label, key=f"rerun-{row.id}", on_click=run_again, args=(view, row.id))
