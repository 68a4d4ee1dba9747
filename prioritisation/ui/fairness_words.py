"""What the shortlist reaches and misses, in sentences."""

from __future__ import annotations

import pandas as pd

from prioritisation.fairness import NOT_KNOWN, Coverage, RuralNeed
from prioritisation.ui.counted import RESIDENTS, Counted
from prioritisation.ui.scenario_words import areas_words, share_words
from prioritisation.ui.words import listed

FAR_OFF = 0.05


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
