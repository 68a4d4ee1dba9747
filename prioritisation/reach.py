"""Whom a shortlist reaches and misses: whom to count, and what is found in sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.fairness import NOT_KNOWN, Coverage, RuralNeed
from prioritisation.scoring import Floats
from prioritisation.words import areas_words, listed, share_words

RESIDENTS = "residents"
FIRST_CHOICE = "income_rate"
FAR_OFF = 0.05
_ALL_RESIDENTS = "all residents"
_PEOPLE = ("people", "residents", "pupils")
# The Scottish Government's sixfold classes, from the city to the far country.
_CLASSES = ("large urban", "other urban", "accessible small", "remote small", "accessible rural", "remote rural")


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


def countable(indicators: pd.DataFrame, observations: pd.DataFrame) -> dict[str, str]:
    """Return id -> label of what can be counted: residents, then each indicator with counts, the usual one first.

    Tables as `Store` returns them.
    """
    present = set(observations.dropna(subset=["numerator"])["indicator_id"].unique())
    named = {
        str(key): str(row["numerator"])
        for key, row in indicators.iterrows()
        if key in present and row["numerator"] and str(row["numerator"]).casefold() != _ALL_RESIDENTS
    }
    alike = Counter(named.values())  # the browser answers with the label, so no two may be the same
    named = {
        key: label if alike[label] == 1 else f"{label} ({indicators['name'][key]})" for key, label in named.items()
    }
    ordered = sorted(named, key=lambda key: (key != FIRST_CHOICE, named[key]))
    return {key: named[key] for key in ordered} | {RESIDENTS: "All residents"}


def counted(areas: pd.DataFrame, indicators: pd.DataFrame, observations: pd.DataFrame, wanted: str) -> Counted:
    """Return the counts of one of `countable`, in the order of the areas."""
    if wanted == RESIDENTS:
        return Counted(RESIDENTS, _ALL_RESIDENTS, areas["population"].to_numpy(dtype=np.float64, na_value=np.nan))
    own = observations[observations["indicator_id"] == wanted].set_index("area_code")["numerator"].reindex(areas.index)
    label = countable(indicators, observations)[wanted]
    return Counted(wanted, label[:1].lower() + label[1:], own.to_numpy(dtype=np.float64))


def ordered_classes(urban_rural: pd.Series) -> pd.Series:
    """Return the classes as ordered categories, from urban to remote; names of another kind come last."""

    def place(name: str) -> tuple[int, str]:
        found = [i for i, known in enumerate(_CLASSES) if name.casefold().startswith(known)]
        return (found[0] if found else len(_CLASSES), name)

    return urban_rural.astype(pd.CategoricalDtype(sorted(urban_rural.dropna().unique(), key=place), ordered=True))


def these(areas: int) -> str:
    """Return "These 15 areas" or "This one area"."""
    return f"These {areas:,} areas" if areas != 1 else "This one area"


def reach_title(reached: Coverage, whom: Counted) -> str:
    """Return "These 15 areas hold 24% of income-deprived people"."""
    return (
        f"{these(reached.units)} {'hold' if reached.units != 1 else 'holds'} {share_words(reached.share)} of {whom.who}"
    )


def reach_sentence(reached: Coverage, whom: Counted, everybody: Coverage) -> str:
    """Return the title with the numbers behind it, residents beside it, and what is not known."""
    said = f"{reach_title(reached, whom)}: {reached.amount:,.0f} of {reached.total:,.0f}."
    if whom.id != RESIDENTS and everybody.total:
        said += f" Of all residents they hold {share_words(everybody.share)}."
    return said + not_known(reached.not_known)


def not_known(areas: int) -> str:
    """Return that areas have no count, with a blank before it; nothing where all have one."""
    if not areas:
        return ""
    verbs = ("has", "adds") if areas == 1 else ("have", "add")
    return f" {areas_words(areas)} {verbs[0]} no count and {verbs[1]} nothing."


def places_sentence(groups: pd.DataFrame, kind: str) -> str:
    """Return which groups the shortlist holds far more or less of than their share of residents.

    groups: as `fairness.coverage_by_group`; kind: what a group is called, such as "locality".
    """
    known = groups[(groups.index != NOT_KNOWN) & groups["share_of_shortlist"].notna()]
    above = known[known["difference"] >= FAR_OFF].sort_values("difference", ascending=False)
    below = known[(known["difference"] <= -FAR_OFF) & (known["shortlisted"] > 0)].sort_values("difference")
    none = known[(known["shortlisted"] == 0) & (known["people"] > 0)]
    parts = [
        f"{share_words(row['share_of_people'])} of residents live in {name}, "
        f"but {share_words(row['share_of_shortlist'])} of those on the shortlist."
        for name, row in pd.concat([above.head(1), below.head(1)]).iterrows()
    ]
    if len(none):
        parts.append(f"The shortlist has no area in {listed([str(name) for name in none.index])}.")
    if not parts:
        return f"By {kind}, nowhere differs from its share of residents by {100 * FAR_OFF:.0f} points or more."
    return " ".join(parts)


def next_sentence(table: pd.DataFrame, whom: Counted, reached: Coverage) -> str:
    """Return what the next areas would add. table: as `fairness.next_units`."""
    if table.empty:
        return "No scored area is left below the cut line."
    count = "The next area" if len(table) == 1 else f"The next {len(table)} areas"
    added = table["amount"].sum()
    end = float(table["share_then"].iloc[-1])
    from_to = f"from {share_words(reached.share)} to {share_words(end)}"
    said = f"{count} would add {added:,.0f} {whom.who.removeprefix('all ')}: {from_to}."
    return said + not_known(int(table["amount"].isna().sum()))


def missed_sentence(missed: RuralNeed, areas: int, whom: Counted) -> str:
    """Return how much of a need the shortlist holds, and how much of the rest is in rural areas."""
    held = f"{these(areas)} {'hold' if areas != 1 else 'holds'} {share_words(missed.share_inside)} of {whom.who}"
    if missed.outside == 0:
        return f"{held}."
    rest = f"of the rest, {share_words(missed.rural_share_of_missed)} ({missed.rural:,.0f}) {whom.where} in rural areas"
    unknown = ", and the class of some areas is not known" if missed.not_known else ""
    return f"{held}; {rest}{unknown}."
