"""The Vote page, for one participant on a phone: code, organisation, ballot, and after the reveal the result.

Everything that must outlive a reload, a dropped connection or a restart of the server is in the address (the code, then
the token) and in the workspace. The token is what tells one participant from another: whoever has it casts that vote.
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from prioritisation.access import page_action
from prioritisation.errors import UserError
from prioritisation.ui.access import require
from prioritisation.ui.markup import Markup, show, show_style, tag
from prioritisation.ui.page import plainly, refusal_markup
from prioritisation.ui.style import show_sheet
from prioritisation.ui.vote.about import badges, foot
from prioritisation.ui.vote.cast import cast
from prioritisation.ui.vote.join import TOKEN, ask_code, ask_organisation, begin_again
from prioritisation.ui.vote.live import watch
from prioritisation.ui.vote.result import result
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.votes_address import CODE
from prioritisation.workspace.ballots import Participant, participant
from prioritisation.workspace.rounds import OPEN, Round, by_code, listed

OVER = "This round is over and its votes were not kept."


def vote() -> None:
    """Show the page."""
    show_style()
    for sheet in ("vote", "votes"):
        show_sheet(sheet)
    plainly(_steps)


def _steps() -> None:
    require(page_action("Vote"))
    token, code = st.query_params.get(TOKEN), st.query_params.get(CODE)
    try:
        if token:
            _taking_part(participant(current_workspace(), token), token)
        elif code:
            _joining(by_code(current_workspace(), code))
        else:
            _arriving()
    except UserError as refused:
        show(refusal_markup(refused))
        st.button("Begin again with the code", on_click=begin_again, width="stretch")


def _arriving() -> None:
    """Ask for the code. Which round it will be is not known yet: what all open rounds share is said of it."""
    every: list[Round] = []
    with suppress(UserError):
        every = listed(current_workspace(), OPEN)
    _show_if_any(badges(every))
    ask_code()
    _show_if_any(foot(every))


def _show_if_any(said: Markup | None) -> None:
    if said is not None:
        show(said)


def _joining(current: Round) -> None:
    show(head(current))
    if current.is_open:
        ask_organisation(current)
    elif current.is_revealed:
        show(
            tag("p", "The votes of this round were revealed already. Look at the facilitator's screen.", role="status")
        )
        st.button("Another code", on_click=begin_again, width="stretch")
    else:
        show(tag("p", OVER, role="status"))
        st.button("Another code", on_click=begin_again, width="stretch")
    watch(current)
    _show_if_any(foot([current], current.spoken_code))


def _taking_part(mine: Participant, token: str) -> None:
    show(head(mine.round, mine.organisation))
    if mine.round.is_open:
        cast(mine, token)
    elif mine.round.is_revealed:
        result(mine)
    else:
        show(tag("p", OVER, role="status"))
        st.button("Another code", on_click=begin_again, width="stretch")
    watch(mine.round, counts=mine.round.is_open)
    _show_if_any(foot([mine.round], mine.round.spoken_code))


def head(current: Round, organisation: str = "") -> Markup:
    """Return what is voted on, on which data, and for whom."""
    voting_for = tag("p", "Voting for ", tag("strong", organisation), class_="muted") if organisation else None
    about = [tag("p", current.name, class_="muted"), tag("h1", current.question), voting_for]
    return tag("header", badges([current]), *about, class_="vote-head")
