"""Refusals of this room: whatever goes wrong on the way, no list was made, and it is said so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prioritisation.errors import UserError
from prioritisation.ingest.contacts.present_keys import NO_LIST


def refusal(found: str, remedy: str) -> UserError:
    return UserError(found, not_done=NO_LIST, remedy=remedy)


@contextmanager
def nothing_made() -> Iterator[None]:
    """Say of whatever is refused inside, by whichever room, that no list was made."""
    try:
        yield
    except UserError as refused:
        raise UserError(refused.found, not_done=NO_LIST, remedy=refused.remedy, faults=refused.faults) from refused
