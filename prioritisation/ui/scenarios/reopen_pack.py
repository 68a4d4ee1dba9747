"""A control that takes a pack, checks it and brings its scenario into the tray; it fits on any page."""

from __future__ import annotations

import hashlib

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.pack.reopening import Reopened, reopen
from prioritisation.ui.access import allowed
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.scenarios.saved_link import SAVED
from prioritisation.ui.session import View
from prioritisation.ui.who import ask_author, author_given
from prioritisation.ui.workspace_session import current_workspace, remember_author

LARGEST_MEGABYTES = 10
_FILE, _WHO, _DONE, _REFUSED = "reopen-file", "reopen-who", "reopen-done", "reopen-refused"


def reopen_pack(view: View) -> None:
    """Show the control to whoever may bring in a scenario, and what came of it.

    A pack is opened once, however often its button is pressed.
    """
    if not allowed("open packs"):
        return
    with st.expander("Open the scenario of a pack", key="reopen-pack", expanded=_DONE in st.session_state):
        about = "A pack is the .zip that the INT received. It is checked first; its decision is not repeated here."
        show(tag("p", about, class_="muted"))
        given = st.file_uploader("Pack", type="zip", key=_FILE, max_upload_size=LARGEST_MEGABYTES, on_change=_forget)
        ask_author("Who is opening it? Your role or organisation", _WHO)
        st.button("Check and open", key="reopen-go", on_click=_open, args=(view,), disabled=given is None)
        refused, done = st.session_state.get(_REFUSED), st.session_state.get(_DONE)
        if refused is not None:
            show(refusal_markup(refused))
        if done is not None:
            _told(done[1])


def _told(found: Reopened) -> None:
    """Say what was found, and lead to it."""
    lines = [tag("p", sentence) for sentence in found.sentences]
    head = "Here already" if found.here_already else "Saved"
    show(tag("div", tag("p", tag("strong", f"{head} as '{found.saved.name}'.")), *lines, class_="done", role="status"))
    page_link("Weigh", "Open on Weigh", {SAVED: found.saved.id})


def _open(view: View) -> None:
    """Check what was uploaded and bring it in, unless this very file was brought in already."""
    given = st.session_state.get(_FILE)
    if given is None:
        return
    zipped = given.getvalue()
    digest, done = hashlib.sha256(zipped).hexdigest(), st.session_state.get(_DONE)
    if done is not None and done[0] == digest:
        return
    st.session_state.pop(_REFUSED, None)
    try:
        found = reopen(zipped, view.store.folder, current_workspace(), by=author_given(_WHO))
    except UserError as refused:
        st.session_state[_REFUSED] = refused
        return
    remember_author(found.saved.author)
    st.session_state[_DONE] = (digest, found)


def _forget() -> None:
    """Another file begins anew."""
    st.session_state.pop(_DONE, None)
    st.session_state.pop(_REFUSED, None)
