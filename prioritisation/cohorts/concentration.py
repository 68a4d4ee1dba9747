"""How much of a cohort lives in a list of areas, as an interval from published cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prioritisation.cohorts.cells import DATA_ZONE
from prioritisation.cohorts.counting import Count, counted
from prioritisation.cohorts.counts import MONTHS, Question, count_people
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule

_SURE_WITHIN = 0.05  # a share whose ends lie this close is told as one number


@dataclass(frozen=True)
class Concentration:
    """Share (0 to 1) of a cohort that lives in `areas` small areas: between low and high, best where there is one.

    people: between how many that is. The whole cohort is counted with those of no fixed abode or withheld address.
    """

    low: float
    best: float | None
    high: float
    people: tuple[int, int]
    areas: int
    is_available: bool = True

    @property
    def sentence(self) -> str:
        """The share in words."""
        where = f"these {self.areas:,} areas" if self.areas != 1 else "this one area"
        if not self.is_available:
            return f"Not available: how much of this cohort lives in {where} was not counted."
        low, high = f"{100 * self.low:.0f}%", f"{100 * self.high:.0f}%"
        if self.best is not None and self.high - self.low <= _SURE_WITHIN:
            return f"{100 * self.best:.0f}% of this cohort live in {where}."
        if self.low == 0:
            return f"At most {high} of this cohort live in {where}."
        return f"Between {low} and {high} of this cohort live in {where}; small counts are suppressed or rounded."


def concentration(cube: PublishedCube, rule: CohortRule, areas: Sequence[str]) -> Concentration:
    """Return how much of a cohort lives in these data zones.

    Every geography bounds it: larger areas that lie wholly inside count fully, those that are cut count from nobody to
    all of them, and those outside bound it from the other side.
    """
    wanted = frozenset(areas) & frozenset(cube.inside[DATA_ZONE])
    whole = count_people(cube, Question(rule))
    if not whole.is_available or not wanted:
        return Concentration(0, None, 1, (0, 0), len(wanted), is_available=False)
    low, high, best, seen = 0, whole.high, None, False
    for geography in cube.inside:
        found = _inside(cube, rule, geography, wanted)
        if found is None:
            continue
        least, most, outside, exact = found
        seen = True
        low, high = max(low, least), min(high, most, whole.high - outside)
        best = exact if geography == DATA_ZONE else best
    high = max(low, high)
    share = best / whole.best if best is not None and whole.best else None
    shares = low / max(whole.high, 1), min(1.0, high / max(whole.low, 1))
    return Concentration(shares[0], _between(share, shares), shares[1], (low, high), len(wanted), is_available=seen)


def _inside(
    cube: PublishedCube, rule: CohortRule, geography: str, wanted: frozenset[str]
) -> tuple[int, int, int, int | None] | None:
    """Return the fewest and the most people inside, the fewest outside, and the published sum where there is one."""
    codes = cube.areas(geography)
    counts = counted(cube, rule.structure(cube.contract), geography, codes, MONTHS)
    if not all(count.is_available for count in counts):
        return None
    wholly: list[Count] = []
    partly: list[Count] = []
    beside: list[Count] = []
    for code, count in zip(codes, counts, strict=True):
        zones = set(cube.inside[geography][code])
        (wholly if zones <= wanted else beside if not zones & wanted else partly).append(count)
    numbers = [count.best for count in wholly if count.best is not None]
    exact = sum(numbers) if len(numbers) == len(wholly) and not partly else None
    least = sum(count.low for count in wholly)
    return least, sum(count.high for count in (*wholly, *partly)), sum(count.low for count in beside), exact


def _between(share: float | None, ends: tuple[float, float]) -> float | None:
    return None if share is None else min(max(share, ends[0]), ends[1])
