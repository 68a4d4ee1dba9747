"""Who asks for a referral list, what for, of whom, until when and for how many; checked before anybody is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from prioritisation.errors import Fault, UserError
from prioritisation.referrals.refusing import NO_LIST
from prioritisation.referrals.signed_pack import SignedPack
from prioritisation.workspace.records import Who
from prioritisation.workspace.texts import ORGANISATION, ROLE, Field, accepted

PURPOSE = Field("purpose", 300)
LARGEST_CAPACITY = 1_000
EXPIRES_AFTER_DAYS = 90
LONGEST_DAYS = 365
_KEY = re.compile(r"[0-9a-fA-F]{32,}")


@dataclass(frozen=True)
class Asked:
    """What is asked for. whole_council: not only residents of the shortlisted areas; capacity: of the team."""

    cohort: str
    whole_council: bool
    purpose: str
    who: Who
    capacity: int
    made_on: date
    expires: date

    @property
    def name(self) -> str:
        """Name of the lists of which this is the next, by which it is told who is new."""
        return f"{self.cohort}, {self.where}, {self.who.organisation.casefold()}"

    @property
    def where(self) -> str:
        return "whole council" if self.whole_council else "shortlisted areas"


def usual_expiry(today: date, pack: SignedPack) -> date:
    """Return the day until which a list is used when nobody says otherwise: no longer than its pack."""
    return min(today + timedelta(days=EXPIRES_AFTER_DAYS), pack.expires)


def checked(asked: Asked, pack: SignedPack) -> Asked:
    """Return it without outer blanks. UserError: with everything that is wrong with it."""
    who = asked.who.checked()
    (purpose,) = accepted([(PURPOSE, asked.purpose)], NO_LIST)
    texts = {PURPOSE.what: purpose, ROLE.what: who.role, ORGANISATION.what: who.organisation}
    faults = [fault for what, text in texts.items() for fault in _tells_of_people(what, text)]
    if not 1 <= asked.capacity <= LARGEST_CAPACITY:
        remedy = f"Say how many people the team can support: 1 to {LARGEST_CAPACITY:,}."
        faults.append(Fault("capacity", "is not such a number.", remedy))
    last = min(pack.expires, asked.made_on + timedelta(days=LONGEST_DAYS))
    if not asked.made_on < asked.expires <= last:
        remedy = f"Give a day after today, {last.isoformat()} at the latest."
        faults.append(Fault("expiry", "is not a day on which such a list may still be used.", remedy))
    if faults:
        raise UserError(
            "The list cannot be made as it was asked for.",
            not_done=NO_LIST,
            remedy="Mend what is named above, then ask again.",
            faults=faults,
        )
    return Asked(asked.cohort, asked.whole_council, purpose, who, asked.capacity, asked.made_on, asked.expires)


def _tells_of_people(what: str, text: str) -> list[Fault]:
    """Say when words that go into the log and onto covers hold a person's key; never which."""
    return [Fault(what, "holds what looks like a person's key.", "Say it without.")] if _KEY.search(text) else []
