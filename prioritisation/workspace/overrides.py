"""Overrides: what people changed on a computed shortlist, applied in the order they were made. Pure.

The rules are plain so that everybody can follow them by hand. The list begins as the areas with rank <= cut, in order
of rank. Dropping an area leaves the list one shorter (nobody moves up over the cut), adding one leaves it one longer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from prioritisation.errors import Fault, UserError
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import new_id
from prioritisation.workspace.texts import REASON, accepted

ADD, DROP, MOVE = "add", "drop", "move"
DOINGS = (ADD, DROP, MOVE)
AS_COMPUTED, ADDED, MOVED = "as computed", "added", "moved"


@dataclass(frozen=True)
class RankedArea:
    """One area of the computed ranking; rank and score are None where it is not scored."""

    code: str
    name: str
    locality: str
    population: int | None
    rank: int | None
    score: float | None


@dataclass(frozen=True)
class Override:
    """One change. to: position on the list, 1 = first (a move needs it; an addition without it goes to the end)."""

    id: str
    do: str
    code: str
    reason: str
    review_on: date
    to: int | None = None


@dataclass(frozen=True)
class AgreedArea:
    """One row of the agreed list. computed: its position on the computed list, None when it was not on it."""

    area: RankedArea
    position: int
    mark: str
    computed: int | None
    overrides: tuple[Override, ...]

    @property
    def words(self) -> str:
        """What people did with this row."""
        if self.mark == MOVED:
            return f"moved from {self.computed} to {self.position}"
        return self.mark


@dataclass(frozen=True)
class DroppedArea:
    """One area that the arithmetic had on the list and people took off."""

    area: RankedArea
    computed: int
    overrides: tuple[Override, ...]


@dataclass(frozen=True)
class AgreedList:
    """The list after overrides. without_effect: those that could do nothing, each with why."""

    rows: tuple[AgreedArea, ...]
    dropped: tuple[DroppedArea, ...]
    without_effect: tuple[tuple[Override, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(row.area.code for row in self.rows)

    @property
    def id(self) -> str:
        """A short name of the areas in their order: the same list has the same name."""
        return list_id(self.codes)


def list_id(codes: Sequence[str]) -> str:
    """Return the short name of a list of area codes."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()[:10]


def computed_list(areas: Sequence[RankedArea], cut: int) -> list[RankedArea]:
    """Return the areas with rank <= cut by rank, ties by code (so a tie at the cut makes the list longer)."""
    ranked = [(area.rank, area.code, area) for area in areas if area.rank is not None and area.rank <= cut]
    return [area for _, _, area in sorted(ranked, key=lambda each: each[:2])]


def apply_overrides(areas: Sequence[RankedArea], cut: int, overrides: Sequence[Override]) -> AgreedList:
    """Return the agreed list. An override that cannot be followed (any more) is left out, and named with why.

    areas: the whole ranking, unscored areas too. A position beyond the end means the end.
    """
    known = {area.code: area for area in areas}
    computed = {area.code: place for place, area in enumerate(computed_list(areas, cut), start=1)}
    codes, followed, without_effect = list(computed), list[Override](), list[tuple[Override, str]]()
    for override in overrides:
        why = _no_effect(override, codes, known)
        if why:
            without_effect.append((override, why))
        else:
            _FOLLOW[override.do](override, codes)
            followed.append(override)

    def about(code: str) -> tuple[Override, ...]:
        return tuple(each for each in followed if each.code == code)

    rows = [
        AgreedArea(known[code], place, _mark(computed.get(code), place, about(code)), computed.get(code), about(code))
        for place, code in enumerate(codes, start=1)
    ]
    dropped = [DroppedArea(known[code], place, about(code)) for code, place in computed.items() if code not in codes]
    return AgreedList(tuple(rows), tuple(dropped), tuple(without_effect))


def wanted_override(do: str, code: str, to: int | None, reason: str, review_on: date | None, today: date) -> Override:
    """Return a new override from what somebody filled in. UserError with every fault: reason, review date, position."""
    if do not in DOINGS:
        raise ValueError(f"an override is one of {', '.join(DOINGS)}")
    faults = []
    if review_on is None:
        faults.append(Fault("review date", "is empty.", "Choose the day by which this is looked at again."))
    elif review_on < today:
        faults.append(Fault("review date", "is in the past.", "Choose today or a later day."))
    if (do == MOVE and to is None) or (to is not None and to < 1):
        faults.append(Fault("position", "is not a position on the list.", "Write a whole number, 1 for the first."))
    try:
        (reason,) = accepted([(REASON, reason)], NOTHING_SAVED)
    except UserError as refused:
        faults = [*refused.faults, *faults]
    if faults or review_on is None:
        raise UserError(
            "Something is still needed before this can be saved.",
            not_done=NOTHING_SAVED,
            remedy="Mend what is named above, then save again.",
            faults=faults,
        )
    return Override(new_id(), do, code, reason, review_on, None if do == DROP else to)


def check_override(areas: Sequence[RankedArea], cut: int, before: Sequence[Override], override: Override) -> AgreedList:
    """Return the list with one more override. UserError: it would do nothing."""
    after = apply_overrides(areas, cut, [*before, override])
    for each, why in after.without_effect:
        if each == override:
            raise UserError(why, not_done=NOTHING_SAVED, remedy="Look at the list as it is now, and choose again.")
    return after


def _no_effect(override: Override, codes: Sequence[str], known: dict[str, RankedArea]) -> str:
    """Return why an override can do nothing to the list, or nothing."""
    if override.code not in known:
        return "The area is not one of those that were ranked."
    name, there = known[override.code].name, override.code in codes
    if override.do == ADD:
        return f"{name} is on the list already." if there else ""
    if not there:
        return f"{name} is not on the list."
    if override.do == MOVE and _place(override, len(codes) - 1) == codes.index(override.code):
        return f"{name} is at that position already."
    return ""


def _place(override: Override, last: int) -> int:
    return last if override.to is None else min(max(override.to - 1, 0), last)


def _add(override: Override, codes: list[str]) -> None:
    codes.insert(_place(override, len(codes)), override.code)


def _drop(override: Override, codes: list[str]) -> None:
    codes.remove(override.code)


def _move(override: Override, codes: list[str]) -> None:
    codes.remove(override.code)
    codes.insert(_place(override, len(codes)), override.code)


_FOLLOW: dict[str, Callable[[Override, list[str]], None]] = {ADD: _add, DROP: _drop, MOVE: _move}


def _mark(computed: int | None, place: int, overrides: Sequence[Override]) -> str:
    """Rows that only made room for others are as computed."""
    if computed is None:
        return ADDED
    return MOVED if overrides and computed != place else AS_COMPUTED
