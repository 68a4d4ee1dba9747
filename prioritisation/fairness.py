"""Whom the shortlist reaches: people and need inside it, by place, against everybody; what it misses and what is next.

Ranks are as in scoring: 1 is the greatest need, 0 is not scored, and the shortlist is rank 1 to `cut`, all that tie
at the cut included. Amounts (residents, or people counted by an indicator) may be NaN where not known: such units add
nothing to any sum, and each result says how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NOT_KNOWN = "Not known"
NEXT_AREAS = 5

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coverage:
    """An amount inside the shortlist. units: in it; amount, total: inside and of all; not_known: units without."""

    units: int
    amount: float
    total: float
    not_known: int

    @property
    def share(self) -> float:
        """Share of the total, 0 to 1, NaN where the total is zero."""
        return _share(self.amount, self.total)


@dataclass(frozen=True)
class RuralNeed:
    """Need that a shortlist of areas leaves out, in people. outside: all of it; rural: in rural classes of that.

    not_known: people outside whose class is not known, counted in outside and not in rural.
    """

    inside: float
    outside: float
    rural: float
    not_known: float

    @property
    def share_inside(self) -> float:
        """Share of all need that lives on the shortlist."""
        return _share(self.inside, self.inside + self.outside)

    @property
    def rural_share_of_missed(self) -> float:
        """Share of the need left out that lives in rural areas."""
        return _share(self.rural, self.outside)

    def sentence(self, shortlisted: int, who: str) -> str:
        """Return it in words. who: the people counted, such as "income-deprived people"."""
        areas = f"These {shortlisted} areas hold" if shortlisted != 1 else "This one area holds"
        held = f"{areas} {_per_cent(self.share_inside)} of {who}"
        if self.outside == 0:
            return f"{held}."
        caveat = ", and the class of some is not known" if self.not_known else ""
        return f"{held}; of the rest, {_per_cent(self.rural_share_of_missed)} live in rural areas{caveat}."


def shortlisted(rank: Ranks, cut: int) -> Flags:
    """Return which units are on the shortlist, (n,)."""
    return (rank > 0) & (rank <= cut)


def coverage(rank: Ranks, cut: int, amount: Floats) -> Coverage:
    """Return how much of an amount (n,) is on the shortlist."""
    inside = shortlisted(rank, cut)
    return Coverage(
        units=int(np.count_nonzero(inside)),
        amount=float(np.nansum(amount[inside])),
        total=float(np.nansum(amount)),
        not_known=int(np.count_nonzero(np.isnan(amount))),
    )


def coverage_by_group(rank: Ranks, cut: int, people: Floats, group: pd.Series) -> pd.DataFrame:
    """Compare the shortlist with everybody, by locality or urban-rural class.

    group: (n,) names in the order of the ranks, missing ones count as "Not known". Result, by group name in the order
    of an ordered category or of the alphabet, "Not known" last: units, shortlisted (units), people,
    people_shortlisted, share_of_people, share_of_shortlist (both of 1, down the column) and difference.
    """
    if isinstance(group.dtype, pd.CategoricalDtype):
        names = [str(name) for name in group.cat.categories if (group == name).any()]
    else:
        names = sorted(group.dropna().astype(str).unique())
    if group.isna().any():
        names.append(NOT_KNOWN)
    inside = shortlisted(rank, cut)
    counts = pd.DataFrame(
        {
            "units": 1,
            "shortlisted": inside.astype(int),
            "people": np.nan_to_num(people),
            "people_shortlisted": np.where(inside, np.nan_to_num(people), 0.0),
        }
    )
    named = group.astype(object).where(group.notna(), NOT_KNOWN).astype(str).to_numpy()
    table = counts.groupby(named).sum().reindex(names)
    table["share_of_people"] = table["people"] / (table["people"].sum() or np.nan)
    table["share_of_shortlist"] = table["people_shortlisted"] / (table["people_shortlisted"].sum() or np.nan)
    table["difference"] = table["share_of_shortlist"] - table["share_of_people"]
    return table.rename_axis("group")


def coverage_curve(rank: Ranks, amount: Floats) -> pd.DataFrame:
    """Return the curve that shares the cut line: with the first m units, what share of the amount is reached.

    One row per scored unit by rank (within ties as they come), after a row for none: units, unit (position among all,
    -1 in the first row), rank, amount, reached, share of the total over all units, scored or not.
    """
    order = np.argsort(rank, kind="stable")
    order = order[rank[order] > 0]
    reached = np.concatenate([[0.0], np.cumsum(np.nan_to_num(amount[order]))])
    total = float(np.nansum(amount))
    return pd.DataFrame(
        {
            "units": np.arange(len(order) + 1),
            "unit": np.concatenate([[-1], order]),
            "rank": np.concatenate([[0], rank[order]]),
            "amount": np.concatenate([[0.0], amount[order]]),
            "reached": reached,
            "share": reached / total if total else np.full(len(reached), np.nan),
        }
    )


def next_units(rank: Ranks, cut: int, amount: Floats, count: int = NEXT_AREAS) -> pd.DataFrame:
    """Return what the next units below the cut would add, by rank.

    Columns: unit (position among all), rank, amount (NaN = not known), share it adds, share_then: of the total,
    with the shortlist and all rows so far. More rows than `count` where units tie at the last.
    """
    curve = coverage_curve(rank, amount)
    below = curve[curve["rank"] > cut]
    if len(below) > count:
        below = below[below["rank"] <= below["rank"].iloc[count - 1]]
    added = below["amount"] / (float(np.nansum(amount)) or np.nan)
    table = below.assign(share=added, share_then=below["share"])
    return table[["unit", "rank", "amount", "share", "share_then"]].reset_index(drop=True)


def rural_need_missed(rank: Ranks, cut: int, need: Floats, urban_rural: pd.Series) -> RuralNeed:
    """Return how much need a shortlist leaves out, and how much of that lives in rural areas.

    need: (n,) people, NaN adds nothing; urban_rural: (n,) class names in the same order. Rural are the classes
    that say so, as the Scottish Government names them (accessible, remote and very remote rural areas).
    """
    outside = ~shortlisted(rank, cut)
    known = np.nan_to_num(need)
    rural = urban_rural.astype(object).fillna("").astype(str).str.contains("rural", case=False).to_numpy(dtype=bool)
    unknown = urban_rural.isna().to_numpy(dtype=bool)
    return RuralNeed(
        inside=float(known[~outside].sum()),
        outside=float(known[outside].sum()),
        rural=float(known[outside & rural].sum()),
        not_known=float(known[outside & unknown].sum()),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _per_cent(share: float) -> str:
    """Return a share in whole per cent; never 0% or 100% of what is not."""
    if np.isnan(share):
        return "none"
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%"
