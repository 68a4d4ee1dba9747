"""After the reveal, on the phone: what the votes say together, and where one's own stands among them."""

from __future__ import annotations

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.rounds.strips import strips_markup
from prioritisation.ui.vote.cast import shares_markup
from prioritisation.ui.vote.join import TOKEN, take_part
from prioritisation.ui.vote.live import follower
from prioritisation.ui.vote.strips import strips_of, votes_before
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.voting.agreement import agreement
from prioritisation.voting.ballots import weights_of
from prioritisation.voting.together import group_weights
from prioritisation.workspace.ballots import Participant, participant, revealed_votes

_REFUSED = "vote-next-refused"


def result(mine: Participant) -> None:
    """Show the result of a revealed round."""
    _next_round(mine)
    votes = revealed_votes(current_workspace(), mine.round.id)
    before = votes_before(mine.round)
    weights = weights_of(votes)
    count = f"{len(votes)} vote{'' if len(votes) == 1 else 's'}"
    own = "" if mine.vote else " You sent no vote in this round."
    show(tag("p", f"The votes are revealed: {count}.{own}", class_="done", role="status"))
    show(tag("h2", "What the group gives each priority"), shares_markup(mine.round.priorities, group_weights(weights)))
    found = agreement(weights)
    show(tag("p", found.plain), tag("p", found.figure, class_="muted") if found.figure else None)
    show(tag("h2", "Where votes differ most"))
    show(strips_markup(strips_of(mine.round.priorities, votes, before=before, own=mine.vote)))


def _next_round(mine: Participant) -> None:
    """Offer the round that follows, for the same organisation."""
    after = follower(mine.round)
    if after is None:
        return
    show(tag("p", tag("strong", "Another round is open: "), after.name, class_="notice", role="status"))
    st.button("Take part in it", type="primary", on_click=_go_on, args=(after.id, mine.organisation), width="stretch")
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        show(refusal_markup(refused))


def _go_on(round_id: str, organisation: str) -> None:
    """Join once: the second of two quick presses finds the new round's token there."""
    try:
        if participant(current_workspace(), st.query_params.get(TOKEN, "")).round.id == round_id:
            return
        take_part(round_id, organisation)
    except UserError as refused:
        st.session_state[_REFUSED] = refused
