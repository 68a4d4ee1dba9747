"""What a database reports, put as a refusal that a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from prioritisation.errors import UserError

NOTHING_READ = "Nothing was read from it or written to it."
NOTHING_SAVED = "Nothing was saved."
NOT_KNOWN = "It is not known whether this was saved."


class Reason(Enum):
    """Why the workspace did not answer: (what we found, what to do next)."""

    BUSY = (
        "The workspace {place} was kept busy by others for too long.",
        "Try again in a moment.",
    )
    UNREACHABLE = (
        "The workspace {place} cannot be reached.",
        "Look at what is stored, then try again. If this lasts, ask whoever runs the database whether it is up.",
    )
    REFUSED = (
        "The workspace {place} does not let this application in, or does not exist.",
        "Check the address, name and password in PRIORITISATION_WORKSPACE with whoever runs the database.",
    )
    READ_ONLY = (
        "The workspace {place} cannot be written: the disk, folder or database is read-only for this application.",
        "Make it writable for the account that runs the application, or choose another folder with --data.",
    )
    MISSING = (
        "The workspace {place} cannot be opened: it is not there, or may not be read.",
        "Put the file back and check who may read it. To begin an empty workspace instead, start the application anew.",
    )
    DAMAGED = (
        "The workspace {place} is damaged, or is not a workspace at all.",
        "Keep a copy of the file, then put your last backup in its place. Without a backup, move the file elsewhere: "
        "an empty workspace is then begun. The data releases are not touched by this.",
    )
    FULL = (
        "There is no room left on the disk of the workspace {place}.",
        "Make room on that disk, then try again.",
    )
    DISK = (
        "The disk that holds the workspace {place} reported a fault.",
        "Have the disk checked, and make a copy of the workspace before anything else.",
    )


# Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code.
_SQLITE = {
    3: Reason.READ_ONLY,
    5: Reason.BUSY,
    6: Reason.BUSY,
    8: Reason.READ_ONLY,
    10: Reason.DISK,
    11: Reason.DAMAGED,
    13: Reason.FULL,
    14: Reason.MISSING,
    26: Reason.DAMAGED,
}
# SQLSTATE of PostgreSQL, whole or by class (postgresql.org/docs/current/errcodes-appendix.html).
_SQLSTATE = {
    "40001": Reason.BUSY,
    "40P01": Reason.BUSY,
    "55P03": Reason.BUSY,
    "53300": Reason.BUSY,
    "57014": Reason.BUSY,
    "53100": Reason.FULL,
    "25006": Reason.READ_ONLY,
    "42501": Reason.READ_ONLY,
    "3D000": Reason.REFUSED,
    "3F000": Reason.REFUSED,
    "28": Reason.REFUSED,
    "08": Reason.UNREACHABLE,
    "57": Reason.UNREACHABLE,
    "58": Reason.DISK,
    "XX": Reason.DAMAGED,
}
# Before sign-in libpq gives words and no state.
_REFUSED_BEFORE_SIGN_IN = ("password", "authentication", "pg_hba.conf", "does not exist")


def reason_of(fault: DBAPIError | PoolTimeout | sqlite3.Error) -> Reason | None:
    """Return why the database refused, or None for what can only be a mistake in our own program."""
    if isinstance(fault, PoolTimeout):
        return Reason.BUSY
    if isinstance(fault, sqlite3.Error):
        return _sqlite_reason(fault)
    if isinstance(fault.orig, sqlite3.Error):
        return _sqlite_reason(fault.orig)
    state = getattr(fault.orig, "sqlstate", None)
    if state:
        return _SQLSTATE.get(state) or _SQLSTATE.get(state[:2])
    if any(words in str(fault.orig) for words in _REFUSED_BEFORE_SIGN_IN):
        return Reason.REFUSED
    unreached = type(fault.orig).__name__ in ("OperationalError", "ConnectionTimeout")
    return Reason.UNREACHABLE if fault.connection_invalidated or unreached else None


def _sqlite_reason(orig: sqlite3.Error) -> Reason | None:
    code = getattr(orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    undecodable = isinstance(orig, sqlite3.OperationalError) and "decode" in str(orig)
    return Reason.DAMAGED if undecodable else None


def refusal(reason: Reason, place: str, not_done: str) -> UserError:
    """Return the refusal for one reason; only a broken connection leaves it open whether a commit arrived."""
    found, remedy = reason.value
    if not_done == NOT_KNOWN and reason is not Reason.UNREACHABLE:
        not_done = NOTHING_SAVED
    return UserError(found.format(place=place), not_done=not_done, remedy=remedy)


@contextmanager
def told_plainly(place: str, not_done: str) -> Iterator[None]:
    """Turn what the database reports inside the block into a UserError."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as fault:
        reason = reason_of(fault)
        if reason is None:
            raise
        raise refusal(reason, place, not_done) from fault
