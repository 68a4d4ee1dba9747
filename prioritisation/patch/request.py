"""What people ask of a patch, and the refusal that names the very constraint that makes it impossible."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from prioritisation.errors import Fault, UserError
from prioritisation.patch.graph import pieces
from prioritisation.patch.ground import Floats, Ground
from prioritisation.patch.joining import fewest_people_joining
from prioritisation.patch.problem import Problem

NOT_DONE = "No patch was looked for."
MOST_PEOPLE = 100_000_000
LISTED = 4


@dataclass(frozen=True)
class Wanted:
    """A patch as asked for. low, high: its people; include, exclude: area codes; locality: to stay within, or None."""

    low: int
    high: int
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    locality: str | None = None


def problem_of(ground: Ground, gain: Floats, wanted: Wanted) -> Problem:
    """Return what to search for. gain: (n,), NaN where nothing is known, which adds nothing.

    UserError: no patch can be as wanted, and which of the wishes makes that so.
    """
    _refuse(_spelling_faults(ground, wanted), "This patch cannot be looked for.", "Change what is named above.")
    faults, usable = _area_faults(ground, wanted), _usable(ground, wanted)
    _refuse(faults, "No patch can be as asked.", "Change one of the wishes named above.")
    _refuse(
        _range_faults(ground, wanted, usable), "No patch can be as asked.", "Change the number of people asked for."
    )
    must = tuple(sorted(ground.place[code] for code in wanted.include))
    problem = Problem(
        gain=np.nan_to_num(gain),
        people=ground.counted,
        neighbours=ground.neighbours,
        usable=usable,
        must=must,
        low=wanted.low,
        high=wanted.high,
    )
    _refuse(_joining_faults(ground, wanted, problem), "No patch can be as asked.", "Change one of the wishes above.")
    return problem


def kept_out(ground: Ground, wanted: Wanted, area: int) -> str:
    """Return why no patch that keeps to the wishes holds an area: "asked not to be in"; empty where it may."""
    if not ground.usable[area]:
        return "people or boundary not known"
    if ground.codes[area] in wanted.exclude:
        return "asked not to be in"
    if wanted.locality is not None and ground.localities[area] != wanted.locality:
        return f"not in {wanted.locality}"
    return ""


def narrow_range(ground: Ground, wanted: Wanted, nearest: tuple[int | None, int | None], proven: bool) -> UserError:
    """Return the refusal of a range that no connected set meets; nearest: people of sets just below and above."""
    below, above = nearest
    near = [f"{people:,}" for people in (below, above) if people is not None]
    seen = f" The nearest found {'have' if len(near) > 1 else 'has'} {' and '.join(near)} people." if near else ""
    found = "There is no" if proven else "We found no"
    held = " that keeps to the other wishes" if wanted.include or wanted.exclude or wanted.locality else ""
    widened = f"from {min(wanted.low, below or wanted.low):,} to {max(wanted.high, above or wanted.high):,}"
    return UserError(
        f"{found} connected set of areas with {wanted.low:,} to {wanted.high:,} people{held}.{seen}",
        not_done="No patch is shown.",
        remedy=f"Widen the range of people, for example {widened}." if near else "Widen the range of people.",
    )


def _refuse(faults: Sequence[Fault], found: str, remedy: str) -> None:
    if faults:
        raise UserError(found, not_done=NOT_DONE, remedy=remedy, faults=faults)


def _names(ground: Ground, members: Collection[int]) -> str:
    named = ground.named(members)
    more = f" and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    return ", ".join(named[:LISTED]) + more


def _spelling_faults(ground: Ground, wanted: Wanted) -> list[Fault]:
    """Return what of the request cannot be read at all."""
    faults = []
    if not 0 < wanted.low <= wanted.high <= MOST_PEOPLE:
        found = f"the range is from {wanted.low:,} to {wanted.high:,} people."
        faults.append(Fault("population", found, "Give two numbers above 0, the smaller one first."))
    for wish, codes in (("must include", wanted.include), ("must exclude", wanted.exclude)):
        unknown = sum(code not in ground.place for code in codes)
        if unknown:
            found = f"{unknown} {'is no area code' if unknown == 1 else 'are no area codes'} of this release."
            faults.append(Fault(wish, found, "Use codes as `prioritisation rank` lists them."))
    if wanted.locality is not None and wanted.locality not in ground.localities:
        known = ", ".join(sorted({name for name in ground.localities if name})) or "none"
        faults.append(Fault("locality", "there is no such locality.", f"There are: {known}."))
    return faults


def _area_faults(ground: Ground, wanted: Wanted) -> list[Fault]:
    """Return wishes about single areas that contradict each other or the data."""
    faults = []
    for code in wanted.include:
        area = ground.place[code]
        name, own = ground.names[area], ground.localities[area]
        if code in wanted.exclude:
            found = f"{name} must be in the patch and must not be in it."
            faults.append(Fault("", found, "Take it off one of the two lists."))
        if wanted.locality is not None and own != wanted.locality:
            found = f"{name} must be in the patch, but lies in {own or 'no locality'} and not in {wanted.locality}."
            faults.append(Fault("", found, "Leave one of the two wishes out."))
        if not ground.placed[area]:
            found = f"{name} must be in the patch, but has no boundary, so nobody knows what it touches."
            faults.append(Fault("", found, "Take it off the list, or import its boundary."))
        if np.isnan(ground.people[area]):
            found = f"{name} must be in the patch, but its population is not known."
            faults.append(Fault("", found, "Take it off the list, or import its population."))
    return faults


def _usable(ground: Ground, wanted: Wanted) -> np.ndarray:
    usable = ground.usable & ~np.isin(ground.codes, wanted.exclude)
    if wanted.locality is not None:
        usable &= np.array([name == wanted.locality for name in ground.localities])
    return usable


def _where(wanted: Wanted) -> str:
    place = f"in {wanted.locality}" if wanted.locality else "in the whole council"
    return f"{place} without the excluded areas" if wanted.exclude else place


def _range_faults(ground: Ground, wanted: Wanted, usable: np.ndarray) -> list[Fault]:
    """Return why too few or too many people live in what may be used, and in what must be."""
    areas = np.flatnonzero(usable)
    people = ground.counted
    if not len(areas):
        left_out = int((~ground.usable).sum())
        why = f" ({left_out:,} have no boundary or no known population)" if left_out else ""
        return [Fault("", f"No area is left to choose from {_where(wanted)}{why}.", "Exclude fewer areas.")]
    must = [ground.place[code] for code in wanted.include]
    if must and people[must].sum() > wanted.high:
        found = f"the areas that must be in have {people[must].sum():,} people together, more than {wanted.high:,}."
        return [Fault("must include", found, "Take some off the list, or raise the largest number of people.")]
    smallest = int(areas[np.argmin(people[areas])])
    if people[smallest] > wanted.high:
        has = f"{people[smallest]:,} people, more than {wanted.high:,}"
        found = f"even the smallest area, {ground.names[smallest]}, has {has}."
        return [Fault("population", found, "Raise the largest number of people.")]
    total = int(people[areas].sum())
    if total < wanted.low:
        found = f"only {total:,} people live {_where(wanted)}; at least {wanted.low:,} are asked for."
        return [Fault("population", found, _loosen(wanted))]
    return []


def _joining_faults(ground: Ground, wanted: Wanted, problem: Problem) -> list[Fault]:
    """Return why no connected set can hold what it must, or enough people."""
    usable = set(np.flatnonzero(problem.usable).tolist())
    parts = pieces(usable, ground.neighbours)
    if problem.must:
        holding = [part for part in parts if part & set(problem.must)]
        if len(holding) > 1:
            return [_parted(ground, wanted, holding, set(problem.must))]
        parts = holding
    largest = max(problem.population(part) for part in parts)
    if largest < problem.low:
        what = "the areas that must be in connect to" if problem.must else "the largest connected piece has"
        found = f"{what} only {largest:,} people {_where(wanted)}; at least {problem.low:,} are asked for."
        return [Fault("population", found, _loosen(wanted))]
    if len(problem.must) > 1:
        least = fewest_people_joining(problem)
        if least > problem.high:
            found = f"a connected patch with all of these has at least {least:,} people, more than {problem.high:,}."
            return [Fault("must include", found, "Take some off the list, or raise the largest number of people.")]
    return []


def _parted(ground: Ground, wanted: Wanted, holding: Sequence[set[int]], must: set[int]) -> Fault:
    """Say between which areas there is no way, and which wish closed it."""
    first, second = (_names(ground, part & must) for part in holding[:2])
    everywhere = np.flatnonzero(ground.usable).tolist()
    closed = []
    for wish, without in (
        ("list of excluded areas", replace(wanted, exclude=())),
        ("locality", replace(wanted, locality=None)),
    ):
        open_areas = set(np.flatnonzero(_usable(ground, without)).tolist())
        if without != wanted and sum(bool(part & must) for part in pieces(open_areas, ground.neighbours)) == 1:
            closed.append(wish)
    if closed:
        why = " or ".join(f"the {wish}" for wish in closed)
        found = f"{first} and {second} are connected only through areas that {why} leaves out."
        return Fault("must include", found, _loosen(wanted))
    apart = sum(bool(part & must) for part in pieces(set(everywhere), ground.neighbours)) > 1
    why = "areas without a boundary or a known population lie between" if apart else "the wishes together part them"
    return Fault("must include", f"{first} and {second} are not connected: {why}.", "Take one of them off the list.")


def _loosen(wanted: Wanted) -> str:
    wishes = [("exclude fewer areas", wanted.exclude), ("drop the locality", wanted.locality)]
    named = [wish for wish, asked in wishes if asked]
    last = "take areas off the list of those that must be in" if wanted.include else "lower the smallest number"
    text = " or ".join([*named, last])
    return f"{text[0].upper()}{text[1:]}."
