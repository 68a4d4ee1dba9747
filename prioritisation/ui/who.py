"""Who is recorded with what somebody writes: shown to those who signed in, asked of everybody else."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.access import account, known
from prioritisation.ui.markup import show, tag
from prioritisation.ui.workspace_session import author
from prioritisation.workspace.records import Who
from prioritisation.workspace.texts import AUTHOR


def ask_author(label: str, key: str) -> None:
    """Show the box for a role or organisation, or who signed in. key: of the box, for `author_given`."""
    if not show_who():
        st.session_state.setdefault(key, author())
        st.text_input(label, key=key, max_chars=AUTHOR.longest)


def author_given(key: str) -> str:
    """Return who signed in, else what the box of `ask_author` holds."""
    return known().text or str(st.session_state.get(key, ""))


def show_who() -> bool:
    """Show as whom something will be recorded; return whether sign-in has shown who it is."""
    here = account()
    if here.verified:
        show(tag("p", "Recorded as ", tag("strong", here.text), ", as you signed in.", class_="muted"))
    return here.verified


def decided_by(role: str, organisation: str) -> Who:
    """Return who decides: who signed in, else what people declare, marked as not verified."""
    here = known()
    return Who(here.title, here.organisation, verified=True) if here.verified else Who(role, organisation)
