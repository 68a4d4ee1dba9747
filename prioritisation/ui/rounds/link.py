"""How a round is reached now: by phones, by this computer only, or not yet, with what is to be done first."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import segno

from prioritisation.access import is_loopback
from prioritisation.ports import answers
from prioritisation.ui.markup import Markup, tag
from prioritisation.votes_address import FOR_PHONES
from prioritisation.workspace.rounds import Round

NOT_SERVED, SILENT, HERE_ONLY, BY_PHONE = "not served", "silent", "here only", "by phone"
_FOUND = {
    NOT_SERVED: "Phones cannot vote yet: the Vote page is not being served. On this computer, run:",
    SILENT: "The Vote page does not answer. On this computer, run again:",
    HERE_ONLY: "Only this computer can vote at this link; no phone reaches it. For phones, run on this computer:",
}
_WHAT_IT_DOES = (
    "It opens the Vote page, and no other, to the network that this computer is on; phones must be on the same one."
)


def reach(link: str | None) -> str:
    """Return how a link is reached now. link: from `votes_address.vote_link`."""
    if link is None:
        return NOT_SERVED
    parts = urlsplit(link)
    host = parts.hostname or ""
    if not is_loopback(host):
        return BY_PHONE
    return HERE_ONLY if answers(host, parts.port or (443 if parts.scheme == "https" else 80)) else SILENT


def way_in(current: Round, link: str | None, how: str) -> Markup:
    """Return how to come to a round: picture and address where they lead there, and always the code. how: `reach`."""
    host = tag("strong", urlsplit(link).netloc) if link else None
    picture = typed = None
    if link and how == BY_PHONE:
        picture = qr_markup(link)
        typed = tag("p", "Scan it with a phone; or open ", host, " there and type the code:")
    elif how == HERE_ONLY:
        typed = tag("p", "On this computer, open ", host, " and type the code:")
    return tag("section", picture, typed, code_markup(current), class_="way-in")


def caution(how: str) -> Markup | None:
    """Return what is to be done before phones can vote; nothing where they can. how: `reach`."""
    if how == BY_PHONE:
        return None
    command = tag("p", tag("code", FOR_PHONES))
    return tag("div", tag("p", _FOUND[how]), command, tag("p", _WHAT_IT_DOES), class_="notice", role="status")


def code_markup(current: Round) -> Markup:
    """Return the code, large; read aloud one letter after the other."""
    return tag("p", current.spoken_code, class_="code", aria_label=f"Code {' '.join(current.code)}", role="img")


@lru_cache(maxsize=32)
def qr_markup(link: str) -> Markup:
    """Return a link as a QR code, dark on white in both themes, as cameras want it."""
    drawn = segno.make(link, error="m", micro=False)
    picture = drawn.svg_data_uri(border=2, dark="#000000", light="#ffffff", omitsize=True)
    return tag("img", src=picture, alt="QR code of the link below", class_="qr")
