"""Casting a vote: the ballot until it is sent, then the vote as it stands, changeable until the reveal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.framework import Priority
from prioritisation.ui.access import require
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.vote.ballot import Sent, ballot
from prioritisation.ui.vote.join import VOTE
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.words import weight_words
from prioritisation.workspace import ballots
from prioritisation.workspace.ballots import Participant, Vote
from prioritisation.workspace.rounds import POINTS

HOW = {
    POINTS: "Share out 100 points: more points, more weight.",
    "sliders": "Move what matters more to you; the others give way, so that all together stay 100%.",
}
KEPT = "A lock keeps a share as it is while you move the others."
_CHANGING, _REFUSED, _HEARD = "vote-changing", "vote-refused", "vote-heard"


def cast(mine: Participant, token: str) -> None:
    """Show the ballot, or the vote that is in."""
    if mine.vote is not None and st.session_state.get(_CHANGING) != token:
        _is_in(mine, mine.vote, token)
        return
    show(tag("p", HOW[mine.round.way], " ", KEPT if mine.round.way != POINTS else None))
    heard, refusal = st.session_state.get(_REFUSED, ("", None))
    sent = ballot(
        _whose(mine, token),
        mine.round.way,
        mine.round.priorities,
        own=None if mine.vote is None else {"weights": mine.vote.percentages, "reason": mine.vote.reason},
        after=mine.vote.version if mine.vote else 0,
        refused=heard,
    )
    if refusal is not None:
        show(refusal_markup(refusal))
    if mine.vote is not None:
        st.button("Leave my vote as it is", on_click=_change, args=(None,), width="stretch")
    if sent is not None and _is_new(sent, mine):
        _store(sent, token)


def _whose(mine: Participant, token: str) -> str:
    return f"{mine.round.id}-{hashlib.sha256(token.encode()).hexdigest()[:16]}"


def _is_new(sent: Sent, mine: Participant) -> bool:
    """Whether a vote was not heard yet; a browser that comes back may send again what is stored already."""
    return sent.after == (mine.vote.version if mine.vote else 0) and sent.at != st.session_state.get(_HEARD)


def _store(sent: Sent, token: str) -> None:
    st.session_state[_HEARD] = sent.at
    try:
        require(VOTE)
        ballots.vote(current_workspace(), token, weights=list(sent.weights), reason=sent.reason)
    except UserError as refused:
        st.session_state[_REFUSED] = (sent.at, refused)
    else:
        st.session_state.pop(_REFUSED, None)
        st.session_state.pop(_CHANGING, None)
    st.rerun()


def _is_in(mine: Participant, own: Vote, token: str) -> None:
    show(
        tag(
            "p", tag("strong", "Your vote is in."), " You can change it until the reveal.", class_="done", role="status"
        ),
        shares_markup(mine.round.priorities, own.percentages),
        tag("p", own.reason, class_="said") if own.reason else None,
    )
    st.button("Change my vote", on_click=_change, args=(token,), width="stretch")


def shares_markup(priorities: Sequence[Priority], percentages: Sequence[float]) -> Markup:
    """Return weights as a list of names, numbers and bars."""
    lines = [
        tag(
            "li",
            tag("span", each.name),
            tag("strong", f"{weight_words(percent)}%"),
            tag("span", tag("b", style=f"width:{percent:.2f}%"), class_="bar", aria_hidden="true"),
        )
        for each, percent in zip(priorities, percentages, strict=True)
    ]
    return tag("ul", *lines, class_="own-vote")


def _change(token: str | None) -> None:
    st.session_state[_CHANGING] = token
    st.session_state.pop(_REFUSED, None)
