"""What changes by itself while somebody looks: how many votes are in, and the reveal."""

from __future__ import annotations

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.ui.markup import show, tag
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import rounds
from prioritisation.workspace.rounds import OPEN, Progress, Round

LOOKS_EVERY = "1s"
_LOOKED = "round-looked"

Standing = tuple[object, ...]


def watch(current: Round, counts: bool = False) -> None:
    """Look every second whether the round has moved on, and then run the page again. counts: say how many are in."""
    _watch(current.id, standing(current), counts)


@st.fragment(run_every=LOOKS_EVERY)
def _watch(round_id: str, shown: Standing, counts: bool) -> None:
    try:
        now, progress = look(round_id)
    except UserError:
        return  # the workspace is busy or away for a moment; the next look tells
    if now != shown:
        st.rerun()
    if counts:
        show(tag("p", progress.words, class_="in", role="status"))


def look(round_id: str) -> tuple[Standing, Progress]:
    """Return how a round stands now and how many votes are in; nothing is read while nothing was written.

    UserError: the workspace cannot be read.
    """
    workspace = current_workspace()
    seen = (round_id, workspace.standing())
    kept = st.session_state.get(_LOOKED)
    if kept is None or kept[0] != seen:
        kept = (seen, standing(rounds.get(workspace, round_id)), rounds.progress(workspace, round_id))
        st.session_state[_LOOKED] = kept
    return kept[1], kept[2]


def standing(current: Round) -> Standing:
    """Return what of a round changes a page: its version, and the round that follows it."""
    after = follower(current) if current.is_revealed else None
    return current.version, after.id if after else None


def follower(current: Round) -> Round | None:
    """Return the open round that follows this one."""
    every = rounds.listed(current_workspace(), OPEN)
    return next((each for each in every if each.first_round == current.id), None)
