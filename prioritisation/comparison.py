"""Two scenarios side by side: which areas cross the cut line, which move far, and what was chosen otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.framework import Priority
from prioritisation.scenario import Scenario

FAR_RANKS = 5
ENTERED, LEFT, UP, DOWN = "entered", "left", "up", "down"
_NAMED = 3
_LISTED = ["id", "name", "locality", "population", "rank_before", "rank_after"]


@dataclass(frozen=True, eq=False)
class Ranking:
    """One side. table: as `Prioritisation.table()`: id, name, locality, population, rank (NA where not scored)."""

    label: str
    scenario: Scenario
    release_id: str
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """What differs from `before` to `after`.

    rows: one per area, by rank before: id, name, locality, population, rank_before, rank_after (NA = not scored),
        moved (ranks up, NA unless both), in_before, in_after, change ("entered", "left", "up" or "down" by 5 or more
        ranks, "" for all that a slope chart leaves grey).
    entered, left: id, name, locality, population, rank_before, rank_after, by the rank that put them on the list.
    weights: id, name, before, after, difference in per cent; NaN where a framework lacks the priority.
    choices: choice, before, after: what else was chosen differently; empty when only weights differ.
    shared: areas on both shortlists; people_*: who live on each, NaN when a population there is unknown.
    """

    before: str
    after: str
    rows: pd.DataFrame
    entered: pd.DataFrame
    left: pd.DataFrame
    weights: pd.DataFrame
    choices: pd.DataFrame
    length_before: int
    length_after: int
    shared: int
    people_before: float
    people_after: float
    people_shared: float
    release_differs: bool

    @property
    def overlap(self) -> str:
        """The overlap in a few words, such as "12 of 15 the same"."""
        if self.length_before == self.length_after:
            return f"{self.shared} of {self.length_before} the same"
        return f"{self.shared} in both, of {self.length_before} and {self.length_after}"

    @property
    def share_of_people(self) -> float:
        """Of the people on the first shortlist, the share (0-1) who are on the second too; NaN when unknown."""
        return self.people_shared / self.people_before if self.people_before > 0 else float("nan")

    @property
    def sentence(self) -> str:
        """The whole as one plain paragraph that can be read aloud. Names are text, never markup."""
        if not self.length_before and not self.length_after:
            return f"Neither '{self.before}' nor '{self.after}' has an area on its shortlist."
        parts = [self._overlap_sentence(), self._crossing_sentence()]
        far = int(self.rows["change"].isin([UP, DOWN]).sum())
        if far:
            parts.append(f"{_areas(far, 'other ')} {'moves' if far == 1 else 'move'} by {FAR_RANKS} ranks or more.")
        if self.release_differs:
            parts.append("The two are computed on different data releases.")
        return " ".join(part for part in parts if part)

    def _overlap_sentence(self) -> str:
        both = f"'{self.before}' and '{self.after}'"
        if not len(self.entered) and not len(self.left):
            return f"{both} put the same {'area' if self.shared == 1 else _areas(self.shared)} on the shortlist."
        if not self.shared:
            return f"{both} have no shortlisted area in common."
        share = self.share_of_people
        home = "" if np.isnan(share) else f", home to {_per_cent(share)} of the people on the first shortlist"
        if self.length_before == self.length_after:
            return f"{both} share {self.shared} of their {_areas(self.length_before, 'shortlisted ')}{home}."
        lengths = f"(one lists {self.length_before}, the other {self.length_after})"
        return f"{both} share {_areas(self.shared, 'shortlisted ')} {lengths}{home}."

    def _crossing_sentence(self) -> str:
        parts = []
        if len(self.entered):
            parts.append(f"{_names(self.entered['name'])} {'enters' if len(self.entered) == 1 else 'enter'}")
        if len(self.left):
            parts.append(f"{_names(self.left['name'])} {'leaves' if len(self.left) == 1 else 'leave'}")
        return f"Under '{self.after}', {'; '.join(parts)}." if parts else ""


def compare(before: Ranking, after: Ranking) -> Comparison:
    """Compare two rankings of the same places, of one data release or two. UserError: no place in common."""
    rows = _rows(before, after)
    if not (rows["present_before"] & rows["present_after"]).any():
        raise UserError(
            f"'{before.label}' and '{after.label}' rank different sets of areas; they have none in common.",
            not_done="They were not compared.",
            remedy="Run the older one again on the current release, then compare that.",
        )
    inside, outside = rows["in_before"], rows["in_after"]
    both = inside & outside
    return Comparison(
        before=before.label,
        after=after.label,
        rows=rows.drop(columns=["population_before", "population_after", "present_before", "present_after"]),
        entered=rows.loc[outside & ~inside].sort_values(["rank_after", "id"], ignore_index=True)[_LISTED],
        left=rows.loc[inside & ~outside].sort_values(["rank_before", "id"], ignore_index=True)[_LISTED],
        weights=_weights(before.scenario, after.scenario),
        choices=_choices(before, after),
        length_before=int(inside.sum()),
        length_after=int(outside.sum()),
        shared=int(both.sum()),
        people_before=_people(rows.loc[inside, "population_before"]),
        people_after=_people(rows.loc[outside, "population_after"]),
        people_shared=_people(rows.loc[both, "population_before"]),
        release_differs=before.release_id != after.release_id,
    )


def _rows(before: Ranking, after: Ranking) -> pd.DataFrame:
    """Return every area of either side once; names, localities and populations are the newer side's where it has it."""
    first, second = (side.table.set_index("id")[["name", "locality", "population", "rank"]] for side in (before, after))
    every = first.index.union(second.index, sort=True)
    left, right = first.reindex(every), second.reindex(every)
    rows = right[["name", "locality", "population"]].fillna(left[["name", "locality", "population"]])
    rows["rank_before"], rows["rank_after"] = left["rank"].astype("Int64"), right["rank"].astype("Int64")
    rows["moved"] = rows["rank_before"] - rows["rank_after"]
    rows["in_before"] = (rows["rank_before"] <= before.scenario.framework.cut).fillna(False).astype(bool)
    rows["in_after"] = (rows["rank_after"] <= after.scenario.framework.cut).fillna(False).astype(bool)
    rows["change"] = _changes(rows)
    rows["population_before"], rows["population_after"] = left["population"], right["population"]
    rows["present_before"], rows["present_after"] = every.isin(first.index), every.isin(second.index)
    named = rows.reset_index(names="id")
    return named.sort_values(["rank_before", "rank_after", "id"], na_position="last", ignore_index=True)


def _changes(rows: pd.DataFrame) -> np.ndarray:
    moved = rows["moved"].fillna(0).to_numpy(dtype=float)
    inside, outside = rows["in_before"].to_numpy(), rows["in_after"].to_numpy()
    cases = [outside & ~inside, inside & ~outside, moved >= FAR_RANKS, moved <= -FAR_RANKS]
    return np.select(cases, [ENTERED, LEFT, UP, DOWN], default="")


def _people(populations: pd.Series) -> float:
    return float(populations.astype(float).sum(skipna=False))


def _weights(before: Scenario, after: Scenario) -> pd.DataFrame:
    """Return the priorities of both, in the order of the first and then what only the second has."""
    first, second = (dict(zip(side.framework.priority_ids, side.percentages, strict=True)) for side in (before, after))
    names = {priority.id: priority.name for side in (after, before) for priority in side.framework.priorities}
    every = list(dict.fromkeys([*first, *second]))
    table = pd.DataFrame({"id": every, "name": [names[identifier] for identifier in every]})
    table["before"] = [first.get(identifier, np.nan) for identifier in every]
    table["after"] = [second.get(identifier, np.nan) for identifier in every]
    return table.assign(difference=(table["after"] - table["before"]).round(4))


def _choices(before: Ranking, after: Ranking) -> pd.DataFrame:
    """Return what else differs, in words: release, framework, method, shortlist length, indicators."""
    first, second = before.scenario.framework, after.scenario.framework
    pairs = [
        ("Data release", before.release_id, after.release_id),
        ("Framework", first.name, second.name),
        ("How scores are combined", first.aggregate, second.aggregate),
        ("How indicators are made comparable", first.normalise.method, second.normalise.method),
        ("Compared with", first.reference, second.reference),
        ("Areas on the shortlist", str(first.cut), str(second.cut)),
    ]
    fed_before = {priority.id: priority for priority in first.priorities}
    for priority in second.priorities:
        if priority.id in fed_before:
            pairs.append((f"Indicators of {priority.name}", _fed(fed_before[priority.id]), _fed(priority)))
    return pd.DataFrame([pair for pair in pairs if pair[1] != pair[2]], columns=["choice", "before", "after"])


def _fed(priority: Priority) -> str:
    return ", ".join(f"{entry.id} {_per_cent(entry.share)}" for entry in priority.indicators)


def _names(names: Sequence[str] | pd.Series) -> str:
    given = list(names)
    if len(given) > _NAMED + 1:
        given = [*given[:_NAMED], f"{len(given) - _NAMED} more"]
    return given[0] if len(given) == 1 else f"{', '.join(given[:-1])} and {given[-1]}"


def _areas(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'area' if count == 1 else 'areas'}"


def _per_cent(share: float) -> str:
    """Return a share in whole per cents; never 0% or 100% for what is not quite."""
    if 0 < share < 0.01:
        return "under 1%"
    return "over 99%" if 0.99 < share < 1 else f"{share:.0%}"
