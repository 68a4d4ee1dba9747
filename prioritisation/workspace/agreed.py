"""What stands agreed, worked out from the decision record alone. Pure: records in, state out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from prioritisation.words import organisation_key
from prioritisation.workspace.overrides import AgreedList, Override, RankedArea, apply_overrides
from prioritisation.workspace.records import (
    NOTE,
    OVERRIDE,
    SCENARIO_AGREED,
    SHORTLIST_AGREED,
    SIGNED_OFF,
    SUPERSEDED,
    WITHDRAWN,
    Decision,
)


@dataclass(frozen=True)
class SignOff:
    """One partner's sign-off that was not withdrawn. of_this_list: False when overrides came after it."""

    record: Decision
    of_this_list: bool

    @property
    def organisation(self) -> str:
        return self.record.organisation


@dataclass(frozen=True)
class AgreedShortlist:
    """A shortlist with all that was decided about it since.

    decision: the agreement itself; areas: the whole ranking as it stood; agreed: the list after the overrides that
    stand; overrides: their records, in order; sign_offs: the latest of each organisation; superseded_by: the record
    that ended it, None while it stands; latest: the newest record about it, which names this very state.
    """

    decision: Decision
    areas: tuple[RankedArea, ...]
    agreed: AgreedList
    overrides: tuple[Decision, ...]
    sign_offs: tuple[SignOff, ...]
    notes: tuple[Decision, ...]
    superseded_by: Decision | None
    latest: Decision

    @property
    def id(self) -> str:
        return self.decision.id

    @property
    def cut(self) -> int:
        return self.decision.cut


@dataclass(frozen=True)
class Agreed:
    """What stands now: the scenario and the shortlist that no later decision superseded."""

    scenario: Decision | None
    shortlist: AgreedShortlist | None

    @property
    def weights(self) -> Decision | None:
        """The decision whose weights are the agreed ones: the scenario's, else the shortlist's."""
        return self.scenario or (self.shortlist.decision if self.shortlist else None)


def agreed_state(records: Sequence[Decision]) -> Agreed:
    """Return what stands after these records (in the order in which they were written)."""
    scenario, shortlist = standing(records, SCENARIO_AGREED), standing(records, SHORTLIST_AGREED)
    return Agreed(scenario, shortlist_state(records, shortlist) if shortlist else None)


def standing(records: Iterable[Decision], kind: str) -> Decision | None:
    """Return the latest decision of a kind that was not superseded."""
    kept = list(records)
    ended = _concerned(kept, SUPERSEDED)
    return next((each for each in reversed(kept) if each.kind == kind and each.id not in ended), None)


def shortlist_state(records: Sequence[Decision], decision: Decision) -> AgreedShortlist:
    """Return one shortlist's state; earlier states by leaving out the later records."""
    thread = _thread(records, decision)
    ended = _concerned(thread, SUPERSEDED)
    overrides = tuple(each for each in thread if each.kind == OVERRIDE and each.id not in ended)
    areas = areas_of(decision)
    made = apply_overrides(areas, decision.cut, [override_of(each) for each in overrides])
    return AgreedShortlist(
        decision,
        areas,
        made,
        overrides,
        _sign_offs(thread, made),
        tuple(each for each in thread if each.kind == NOTE),
        next((each for each in thread if each.kind == SUPERSEDED and each.about == decision.id), None),
        thread[-1],
    )


def areas_of(decision: Decision) -> tuple[RankedArea, ...]:
    """Return the ranking that an agreed shortlist keeps."""
    return tuple(RankedArea(**row) for row in decision.details["areas"])


def override_of(record: Decision) -> Override:
    """Return the override that a record holds."""
    details = record.details
    return made_override(details | {"id": record.id, "reason": record.reason})


def made_override(plain: dict[str, Any]) -> Override:
    """Read an override from plain values: id, do, code, reason, review_on (ISO date), to."""
    review_on = date.fromisoformat(plain["review_on"])
    return Override(plain["id"], plain["do"], plain["code"], plain["reason"], review_on, plain["to"])


def same_organisation(one: str, other: str) -> bool:
    """Whether two declared names mean one organisation: capitals and blanks do not count."""
    return organisation_key(one) == organisation_key(other)


def _concerned(records: Iterable[Decision], kind: str) -> set[str | None]:
    return {each.about for each in records if each.kind == kind}


def _thread(records: Sequence[Decision], decision: Decision) -> list[Decision]:
    """Return the decision and every record about it, or about one of those, in order."""
    inside, thread = {decision.id}, [decision]
    for each in records:
        if each.about in inside:
            inside.add(each.id)
            thread.append(each)
    return thread


def _sign_offs(thread: Sequence[Decision], made: AgreedList) -> tuple[SignOff, ...]:
    """Return the standing sign-offs; a partner that signs again takes the place of its earlier one."""
    kept: list[Decision] = []
    for record in thread:
        if record.kind == WITHDRAWN:
            kept = [each for each in kept if each.id != record.about]
        if record.kind == SIGNED_OFF:
            kept = [each for each in kept if not same_organisation(each.organisation, record.organisation)]
            kept.append(record)
    return tuple(SignOff(each, each.details["list_id"] == made.id) for each in kept)
