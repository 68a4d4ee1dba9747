"""The ballot: a component that keeps what is typed on the participant's own phone until it is sent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.framework import Priority
from prioritisation.ui.browser import source
from prioritisation.workspace.ballots import VOTE_REASON

_SCRIPTS = ("weigh_dom.js", "weigh_ranks.js", "weigh_shares.js", "vote_shares.js", "vote_rows.js", "vote_ballot.js")
_mount = st.components.v2.component("prioritisation_ballot", js=source(*_SCRIPTS))


@dataclass(frozen=True)
class Sent:
    """A vote as it came from the browser. after: version of the vote that it replaces, 0 for none; at: its name."""

    weights: tuple[float, ...]
    reason: str
    after: int
    at: str


def ballot(
    whose: str,
    way: str,
    priorities: Sequence[Priority],
    *,
    own: Mapping[str, Any] | None,
    after: int,
    refused: str,
) -> Sent | None:
    """Show the ballot; return the vote that was sent last, None before. UserError: it is not one that a ballot sends.

    whose: names this participant's ballot in this round; what is typed stays on the phone under it, since several
    people may vote on one. own: weights and reason of the vote that stands; after: its version; refused: name of the
    vote that was refused.
    """
    asked = {
        "css": source("vote_ballot.css"),
        "whose": whose,
        "way": way,
        "priorities": [{"name": each.name, "question": each.question} for each in priorities],
        "own": own,
        "after": after,
        "refused": refused,
        "longest": VOTE_REASON.longest,
    }
    shown = _mount(key="ballot", data=asked, default={"vote": None}, on_vote_change=_read_later)
    return None if shown.vote is None else read(shown.vote, len(priorities))


def read(vote: object, count: int) -> Sent:
    """Read what a browser sent. UserError: it is not one vote on so many priorities."""
    try:
        weights, reason, after, at = (vote[name] for name in ("weights", "reason", "after", "at"))  # type: ignore[index]
        sent = Sent(tuple(float(weight) for weight in weights), str(reason), int(after), str(at))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise _unreadable() from None
    if len(sent.weights) != count or not all(math.isfinite(weight) and weight >= 0 for weight in sent.weights):
        raise _unreadable()
    return sent


def _read_later() -> None:
    """The vote is read where the ballot is shown, so that a browser that comes back with it is heard too."""


def _unreadable() -> UserError:
    return UserError(
        "What your browser sent is not a vote on these priorities.",
        not_done="No vote was stored.",
        remedy="Reload the page, set the weights and send them again.",
    )
