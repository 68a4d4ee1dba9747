"""Signing in and out, as pages show it; and the notice of a server that anybody on its network may use."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.access import LOCAL, Account
from prioritisation.errors import UserError
from prioritisation.roles_file import SignInAgain
from prioritisation.ui.access import NotSignedIn, account, open_to_a_network, signs_in
from prioritisation.ui.asked import remember_asked
from prioritisation.ui.markup import Markup, show, tag

_OPEN_TO_ALL = (
    "Anybody on this network can open this page and change what is saved: it is served without sign-in. "
    "What people write is recorded as “not verified”."
)
_WHAT = "Where a neighbourhood team should begin, and whom it should support: what the partners weigh, agree and sign."
_HOW = "Sign in with the account that your organisation gave you. You come back to the page that you asked for."


def ask_to_sign_in(why: UserError, say: Callable[[UserError], Markup]) -> None:
    """Show why nothing is shown, and the button that mends it. say: a refusal in its three parts."""
    if isinstance(why, NotSignedIn):
        show(tag("h1", "Where to start"), tag("p", _WHAT, class_="lead"), tag("p", _HOW))
    else:
        show(say(why))
    with st.container(horizontal=True):
        if isinstance(why, NotSignedIn | SignInAgain):
            remember_asked()
            label = "Sign in" if isinstance(why, NotSignedIn) else "Sign in again"
            if st.button(label, type="primary", key="sign-in"):
                st.login()
        elif _signed_in():
            st.button("Sign out", key="sign-out", on_click=st.logout)


def beside_who(header: Markup) -> None:
    """Show the header line, and at the end of the menu who signed in, with the button to sign out."""
    here = account()
    show(header)
    if LOCAL in here.roles and open_to_a_network():
        show(tag("p", _OPEN_TO_ALL, class_="notice", role="status"))
    if here.verified:
        with st.container(key="signed-in"):
            _who(here)


def _who(here: Account) -> None:
    with st.popover("Signed in", type="tertiary", key="who"):
        show(tag("p", "Signed in as ", tag("strong", here.text), ". This is what is recorded with what you do."))
        st.button("Sign out", key="sign-out", on_click=st.logout)


def _signed_in() -> bool:
    return signs_in() and bool(st.user.get("is_logged_in"))
