"""Whom to count when a shortlist's reach is asked, of the scenario on screen: see `prioritisation.reach`."""

from __future__ import annotations

from prioritisation import reach
from prioritisation.reach import RESIDENTS, Counted
from prioritisation.scoring import Floats
from prioritisation.ui.session import View


def countable(view: View) -> dict[str, str]:
    """Return id -> label of what can be counted, the usual one first."""
    return reach.countable(view.indicators, view.observations)


def counted(view: View, wanted: str) -> Counted:
    """Return the counts of one of `countable`."""
    return reach.counted(view.ranking.areas, view.indicators, view.observations, wanted)


def residents(view: View) -> Floats:
    """Return residents of the ranking's areas, NaN where not known."""
    return counted(view, RESIDENTS).counts
