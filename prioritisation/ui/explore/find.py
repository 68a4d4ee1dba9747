"""Find an area by its name, code, locality or postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prioritisation.ui.session import View

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}")
_LIKE_A_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?( ?[0-9A-Z]{1,4})?")

INSTEAD = "Look for the area by its name or locality instead."


@dataclass(frozen=True)
class Found:
    """area: its code when exactly one was found; else why not, as a plain line."""

    area: str | None
    line: str = ""


def find(view: View, wanted: str) -> Found:
    """Look text up as an area code, then as a postcode, then as a name or part of one."""
    text = " ".join(wanted.split())
    if text.upper() in view.areas.index:
        return Found(text.upper())
    if not text or _LIKE_A_POSTCODE.fullmatch(text.upper()):
        return _by_postcode(view, text.upper())
    names = view.areas["name"].str.casefold()
    matches = view.areas.index[names == text.casefold()]
    if not len(matches):
        matches = view.areas.index[names.str.contains(text.casefold(), regex=False)]
    if len(matches) == 1:
        return Found(str(matches[0]))
    if len(matches):
        return Found(None, f"{len(matches):,} areas match “{text}”. Type a little more of the name.")
    return Found(None, f"No area here is called “{text}”. Try part of a name, a locality, a code or a postcode.")


def _by_postcode(view: View, text: str) -> Found:
    if not text:
        return Found(None, "")
    if not view.store.has_postcodes:
        return Found(None, "Postcodes cannot be looked up: no postcode lookup is loaded.")
    if not POSTCODE.fullmatch(text):
        return Found(None, f"“{text}” is not a whole postcode. Type it in full, such as KA7 1UR.")
    area = view.store.area_of_postcode(text)
    if area is None:
        return Found(None, f"The postcode {text} is not in the lookup that is loaded. {INSTEAD}")
    if area not in view.areas.index:
        return Found(None, f"The postcode {text} is not in {view.place}.")
    return Found(area)
