"""The page that somebody asked for before signing in, so that they come back to it.

Streamlit leads everybody to the root address after a sign-in. The page that asks for it leaves a cookie behind with the
address that was asked for, and the root goes there: only just after the sign-in, and only to a page of ours.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from urllib.parse import parse_qsl, unquote

import streamlit as st

from prioritisation.ui.access import known
from prioritisation.ui.browser import source

COOKIE = "prioritisation_asked"
JUST_SIGNED_IN_SECONDS = 120
_mount = st.components.v2.component("prioritisation_asked", js=source("asked.js"))


def remember_asked() -> None:
    """Have the browser keep this page's address when it leaves to sign in."""
    _mount(key="asked", data={"cookie": COOKIE})


def asked_before_sign_in(pages: Collection[str]) -> tuple[str, dict[str, str]] | None:
    """Return which of these pages was asked for and its query; None where nobody has just signed in, or for none."""
    issued = st.user.get("iat")
    if not known().verified or not isinstance(issued, int | float):
        return None
    if abs(time.time() - issued) > JUST_SIGNED_IN_SECONDS:
        return None
    return read(st.context.cookies.get(COOKIE, ""), pages)


def read(kept: str, pages: Collection[str]) -> tuple[str, dict[str, str]] | None:
    """Read the cookie. Anything but one of the pages, with or without a query, is None."""
    name, _, query = unquote(kept).partition("?")
    return (name, dict(parse_qsl(query))) if name in pages else None
