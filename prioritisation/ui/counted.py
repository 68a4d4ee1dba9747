"""Whom to count when a shortlist's reach is asked: all residents, or the people that an indicator counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from prioritisation.scoring import Floats
from prioritisation.ui.session import View

RESIDENTS = "residents"
FIRST_CHOICE = "income_rate"
_ALL_RESIDENTS = "all residents"
_PEOPLE = ("people", "residents", "pupils")


@dataclass(frozen=True, eq=False)
class Counted:
    """counts: (n,) in the order of the ranking's areas, NaN where not known; who: as it reads inside a sentence."""

    id: str
    who: str
    counts: Floats

    @property
    def where(self) -> str:
        """The verb that goes with a place: people live there, other things are there."""
        return "live" if any(word in self.who for word in _PEOPLE) else "are"

    @property
    def known(self) -> bool:
        """Whether there is anybody to count at all."""
        return bool(np.nansum(self.counts) > 0)


def countable(view: View) -> dict[str, str]:
    """Return id -> label of what can be counted: residents, then each indicator with counts, the usual one first."""
    present = set(view.observations.dropna(subset=["numerator"])["indicator_id"].unique())
    named = {
        str(key): str(row["numerator"])
        for key, row in view.indicators.iterrows()
        if key in present and row["numerator"] and str(row["numerator"]).casefold() != _ALL_RESIDENTS
    }
    alike = Counter(named.values())  # the browser answers with the label, so no two may be the same
    named = {
        key: label if alike[label] == 1 else f"{label} ({view.indicators['name'][key]})" for key, label in named.items()
    }
    ordered = sorted(named, key=lambda key: (key != FIRST_CHOICE, named[key]))
    return {key: named[key] for key in ordered} | {RESIDENTS: "All residents"}


def counted(view: View, wanted: str) -> Counted:
    """Return the counts of one of `countable`."""
    areas = view.ranking.areas
    if wanted == RESIDENTS:
        return Counted(RESIDENTS, _ALL_RESIDENTS, areas["population"].to_numpy(dtype=np.float64, na_value=np.nan))
    observed = view.observations
    own = observed[observed["indicator_id"] == wanted].set_index("area_code")["numerator"].reindex(areas.index)
    label = countable(view)[wanted]
    return Counted(wanted, label[:1].lower() + label[1:], own.to_numpy(dtype=np.float64))


def residents(view: View) -> Floats:
    """Return residents of the ranking's areas, NaN where not known."""
    return counted(view, RESIDENTS).counts
