"""Who comes first on a referral list, and how many fit: partners in contact, then contacts, then a draw by key."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from prioritisation.ingest.contacts.choosing import Known
from prioritisation.ingest.contacts.keying import AppKey


@dataclass(frozen=True)
class Listed:
    """Somebody on the list. new_to: partners whose last one did not have them; None where there was no last one."""

    person: Known
    new_to: frozenset[str] | None


def ordered(people: Iterable[Known], decision_id: str, key: AppKey) -> list[Known]:
    """Return people in the order of the list: most partners in contact first, then most contacts.

    Equals come in an order that means nothing and that only our key can make: the same for one decision at any time,
    another for the next, so that nobody is always last.
    """
    return sorted(people, key=lambda each: (-len(each.partners), -each.contacts, _drawn(each, decision_id, key)))


def who_fits(people: Iterable[Known], capacity: int, decision_id: str, key: AppKey) -> list[Known]:
    """Return the first `capacity` people of whom at least one partner has sent a present key, each once."""
    return ordered((each for each in people if each.reached_by), decision_id, key)[:capacity]


def _drawn(person: Known, decision_id: str, key: AppKey) -> bytes:
    message = b"order of equals\x00" + decision_id.encode() + b"\x00" + person.key_kind.encode() + b"\x00"
    return hmac.digest(key.secret, message + person.second, "sha256")
