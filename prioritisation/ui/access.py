"""Who is at the page, and what they may do: asked at the top of every page, and before anything is written.

`require(action)` refuses in three parts. What is written is guarded once more where it is written: the workspace that
pages get (`workspace_session`) asks `may_write` about every write, so a callback that forgot to ask changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from prioritisation.access import (
    AT_THIS_COMPUTER,
    VOTING,
    Account,
    action_of_write,
    is_loopback,
    may,
    no_role,
    page_action,
    refusal,
)
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.roles_file import NOT_SHOWN, chosen_file, fresh, read_roles

if TYPE_CHECKING:
    from prioritisation.workspace.chain import Entry  # brings SQLAlchemy, which a first map does without

Result = TypeVar("Result")
_OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_HEADERS = "server.trustedUserHeaders"  # Streamlit puts them over the claims of the sign-in, whoever sends them
SIGN_IN, REQUIRED, OPEN, VOTES = "PRIORITISATION_SIGN_IN", "required", "without", "votes"


class NotSignedIn(UserError):
    """Nobody has signed in yet."""


def account() -> Account:
    """Return who is here now, by the claims and the roles file as they are at this moment.

    NotSignedIn, SignInAgain; UserError: the roles file is unusable, a network is served without sign-in, or headers
    are set to say who somebody is.
    """
    if os.environ.get(SIGN_IN) == VOTES:
        return VOTING
    if st.get_option(_HEADERS):
        raise _headers_would_say_who()
    if signs_in():
        claims = _asked().claims
        if not claims.get("is_logged_in"):
            raise NotSignedIn("Sign in to use this.", not_done=NOT_SHOWN, remedy="Use the button below.")
        fresh(claims, datetime.now(UTC))
        return read_roles(chosen_file(DataFolder.chosen())).account(claims)
    if os.environ.get(SIGN_IN) == REQUIRED:
        raise _sign_in_is_lost()
    if not open_to_a_network() and not _asked().from_here:
        raise _open_by_mistake()
    return AT_THIS_COMPUTER


def known() -> Account:
    """Return who is here, or somebody without rights where that cannot be told: for callbacks, before they write."""
    try:
        return account()
    except UserError:
        return Account(frozenset())


def require(action: str) -> Account:
    """Return who is here when they may do it; a UserError says who may."""
    here = account()
    if not may(here.roles, action):
        raise refusal(here, action)
    return here


def require_a_role() -> Account:
    """Return who is here when they have any role; a UserError says that they have none."""
    here = account()
    if not here.roles:
        raise no_role()
    return here


def allowed(action: str) -> bool:
    """Return whether who is here may do it: what they may not is not offered to them."""
    return may(known().roles, action)


def pages_to_see(pages: Iterable[str]) -> list[str]:
    """Return the pages that who is here may open; none while nobody has signed in."""
    here = known()
    return [page for page in pages if may(here.roles, page_action(page))]


def may_write(entry: Entry) -> None:
    """Refuse a write of the workspace that no action of who is here includes, or that names somebody else."""
    action = action_of_write(entry.action, entry.parameters.get("kind"))
    here = require(action)
    if here.verified and entry.who not in (here.text, here.organisation):
        raise UserError(
            "This would be recorded under another name than the one that you signed in with.",
            not_done="Nothing was changed.",
            remedy="Reload the page, and do it again.",
        )


def signs_in() -> bool:
    """Return whether sign-in is configured: Streamlit's secrets have a part [auth]."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def open_to_a_network() -> bool:
    """Return whether somebody chose to serve a network without sign-in."""
    return os.environ.get(SIGN_IN) == OPEN


@dataclass(frozen=True)
class Asked:
    """Who asked, and how: the claims of the sign-in, and whether the request came from this computer itself."""

    claims: Mapping[str, Any]
    from_here: bool


_carried: ContextVar[Asked | None] = ContextVar("asked", default=None)


def carrying(work: Callable[[], Result]) -> Callable[[], Result]:
    """Return the work for a thread that serves no page, such as a download's, done as whoever is here now."""
    asked = _asked()

    def carried() -> Result:
        token = _carried.set(asked)
        try:
            return work()
        finally:
            _carried.reset(token)

    return carried


def _asked() -> Asked:
    """Return what the page of this thread was asked with."""
    return _carried.get() or Asked(st.user.to_dict(), _only_this_computer())


def _only_this_computer() -> bool:
    """Return whether the server listens to this computer alone, and the page was not asked for through a proxy."""
    address = str(st.get_option("server.address") or "")
    headers = st.context.headers
    host = urlsplit(f"//{headers.get('Host', 'localhost')}").hostname
    return is_loopback(address) and is_loopback(host or "") and not any(name in headers for name in _OF_PROXIES)


def _sign_in_is_lost() -> UserError:
    return UserError(
        "Sign-in was set up for this server, and its settings can no longer be read.",
        not_done=NOT_SHOWN,
        remedy="Whoever looks after the product puts the file with the part [auth] back and starts the server again.",
    )


def _headers_would_say_who() -> UserError:
    return UserError(
        f"This server is set to believe what the headers of a request say of who sends it ({_HEADERS}).",
        not_done=NOT_SHOWN,
        remedy="Whoever looks after the product takes that setting out and starts the server again. People sign in "
        "here, or at a proxy in front of it.",
    )


def _open_by_mistake() -> UserError:
    return UserError(
        "This is being served to other computers without sign-in.",
        not_done=NOT_SHOWN,
        remedy="Set up sign-in (docs/deployment.md), or serve this computer only: `prioritisation run`. For a meeting "
        "room, `prioritisation run --address ADDRESS --without-sign-in` opens it to everybody on that network.",
    )
