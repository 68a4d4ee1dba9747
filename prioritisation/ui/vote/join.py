"""How somebody comes to a ballot: by the round's code, then a partner organisation; nobody gives a name."""

from __future__ import annotations

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui.access import require
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.votes_address import CODE
from prioritisation.workspace import ballots, rounds
from prioritisation.workspace.rounds import Round
from prioritisation.workspace.texts import ORGANISATION

TOKEN = "token"  # noqa: S105 - its name in the address
VOTE = "vote"
ANOTHER = "Another organisation"
BLIND = "Nobody sees your vote before all are revealed together, not even the facilitator."
AFTERWARDS = (
    "Then all votes are shown as dots without names, and each organisation's weights and areas by its name. "
    "Your own name is never asked."
)
_CODE_BOX, _CHOICE, _OTHER = "vote-code", "vote-organisation", "vote-other"
_REFUSED = "vote-join-refused"


def ask_code() -> None:
    """Ask for the code that the facilitator shows."""
    show(
        tag("h1", "Which round are you here for?"), tag("p", "The code is on the facilitator's screen.", class_="lead")
    )
    with st.form("code-form", border=False):
        st.text_input("Code", key=_CODE_BOX, max_chars=12, autocomplete="off")
        st.form_submit_button("Go on", type="primary", on_click=_code_typed, width="stretch")
    _refusal()


def ask_organisation(current: Round) -> None:
    """Ask whom somebody votes for; then the ballot's own token is in the address.

    The form takes what stands in the box when its button is pressed: on some phones a tap leaves the box as it was.
    """
    show(tag("p", BLIND), tag("p", AFTERWARDS, class_="muted"))
    chosen = st.radio("Which organisation do you vote for?", [*partner_names(), ANOTHER], key=_CHOICE, index=None)
    with st.form("organisation-form", border=False):
        if chosen == ANOTHER:
            st.text_input("Its name (of the organisation, not your own)", key=_OTHER, max_chars=ORGANISATION.longest)
        st.form_submit_button("Go to the ballot", type="primary", on_click=_join, args=(current.id,), width="stretch")
    _refusal()


def partner_names() -> list[str]:
    """Return the organisations of the contract; none where it cannot be read."""
    from prioritisation.ui.cohorts.cube import current_contract

    try:
        return [partner.name for partner in current_contract(DataFolder.chosen()).partners.values()]
    except UserError:
        return []


def begin_again() -> None:
    """Go back to the code."""
    for name in (CODE, TOKEN):
        st.query_params.pop(name, None)
    st.session_state.pop(_REFUSED, None)


def take_part(round_id: str, organisation: str) -> None:
    """Join a round and put its token into the address. UserError: the round is over, or the name cannot be kept."""
    require(VOTE)
    token = ballots.join(current_workspace(), round_id, organisation)
    st.query_params.from_dict({TOKEN: token})


def _code_typed() -> None:
    st.session_state.pop(_REFUSED, None)
    try:
        st.query_params[CODE] = rounds.by_code(current_workspace(), st.session_state[_CODE_BOX]).code
    except UserError as refused:
        st.session_state[_REFUSED] = refused


def _join(round_id: str) -> None:
    """Join once: the second of two quick presses finds the token there."""
    if TOKEN in st.query_params:
        return
    st.session_state.pop(_REFUSED, None)
    chosen = st.session_state.get(_CHOICE)
    named = st.session_state.get(_OTHER, "") if chosen == ANOTHER else chosen
    try:
        if named is None:
            raise _none_chosen()
        take_part(round_id, named)
    except UserError as refused:
        st.session_state[_REFUSED] = refused


def _refusal() -> None:
    refused = st.session_state.get(_REFUSED)
    if refused is not None:
        show(refusal_markup(refused))


def _none_chosen() -> UserError:
    return UserError(
        "No organisation is chosen.",
        not_done="You have not joined yet.",
        remedy="Choose the organisation that you vote for, or the last line and type its name.",
    )
