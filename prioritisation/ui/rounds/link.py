"""How phones reach a round: the link and its QR code, or in words what is to be done first."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import segno

from prioritisation.access import is_loopback
from prioritisation.ui.markup import Markup, tag
from prioritisation.workspace.rounds import Round

_PATIENCE_SECONDS = 0.2
_COMMAND = "prioritisation votes"


def way_in(current: Round, link: str) -> Markup:
    """Return how to come to a round. link: from `votes_address.vote_link`."""
    parts = urlsplit(link)
    typed = tag("p", "Scan it with a phone; or open ", tag("strong", parts.netloc), " there and type the code:")
    return tag("section", qr_markup(link), typed, code_markup(current), class_="way-in")


def caution(link: str | None) -> Markup | None:
    """Return what is to be done before phones can vote; nothing where they can."""
    if link is None:
        return _run("Phones cannot vote yet: the Vote page is not being served. On this computer, run", _COMMAND)
    host = urlsplit(link).hostname or ""
    if not is_loopback(host):
        return None
    if not _answers(host, urlsplit(link).port or 80):
        return _run("The Vote page does not answer. On this computer, run again", _COMMAND)
    return _run("This link works on this computer only. For phones in the room, run", f"{_COMMAND} --address 0.0.0.0")


def code_markup(current: Round) -> Markup:
    """Return the code, large; read aloud one letter after the other."""
    return tag("p", current.spoken_code, class_="code", aria_label=f"Code {' '.join(current.code)}", role="img")


def _run(told: str, command: str) -> Markup:
    return tag("p", f"{told} ", tag("code", command), class_="notice")


def _answers(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.settimeout(_PATIENCE_SECONDS)
        return attempt.connect_ex((host, port)) == 0


def qr_markup(link: str) -> Markup:
    """Return a link as a QR code, dark on white in both themes, as cameras want it."""
    drawn = segno.make(link, error="m", micro=False)
    picture = drawn.svg_data_uri(border=2, dark="#000000", light="#ffffff", omitsize=True)
    return tag("img", src=picture, alt="QR code of the link below", class_="qr")
