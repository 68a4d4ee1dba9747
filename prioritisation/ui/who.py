"""Who is recorded with what somebody writes: shown to those who signed in, asked of everybody else."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from prioritisation.ui.access import account, known
from prioritisation.ui.markup import show, tag
from prioritisation.ui.workspace_session import author
from prioritisation.workspace.records import Who
from prioritisation.workspace.texts import AUTHOR, ORGANISATION


def ask_author(label: str, key: str) -> None:
    """Show the box for a role or organisation, or who signed in. key: of the box, for `author_given`."""
    if not show_who():
        st.session_state.setdefault(key, author())
        st.text_input(label, key=key, max_chars=AUTHOR.longest)


def author_given(key: str) -> str:
    """Return who signed in, else what the box of `ask_author` holds."""
    return known().text or str(st.session_state.get(key, ""))


def ask_organisation(left: DeltaGenerator, right: DeltaGenerator, label: str, key: str, names: Sequence[str]) -> None:
    """Ask for an organisation: one of a list, or beside it another's name; `organisation_given` has the answer.

    A list that takes new names forgets what was typed unless Enter is pressed, which phones do not always have.
    """
    given = st.session_state.get(key)
    known_names = [*names, given] if given and given not in names else list(names)
    left.selectbox(label, known_names, key=key, index=None, placeholder="Choose")
    right.text_input("Its name, if it is not in the list", key=other_box(key), max_chars=ORGANISATION.longest)


def organisation_given(key: str) -> str:
    """Return the organisation: what was typed beside the list, else what was chosen in it."""
    typed = str(st.session_state.get(other_box(key)) or "").strip()
    return typed or str(st.session_state.get(key) or "").strip()


def other_box(key: str) -> str:
    """Return the key of the box beside a list of organisations, for the name of another one."""
    return f"{key}-other"


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
