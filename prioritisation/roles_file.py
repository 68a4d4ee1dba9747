"""Roles of people who signed in: the roles file, and what it makes of the claims of an identity provider.

The file (`roles.toml`) is read anew whenever somebody does something, so a change counts from the next click on. Who
is in it has exactly what it says; anybody else has what the claims say, where it names claims; otherwise nothing.
No message repeats a name or an address out of it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from prioritisation.access import SIGNED_IN, Account
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder

NAMED_BY = "PRIORITISATION_ROLES"
FILE = "roles.toml"
SIGN_IN_LASTS = timedelta(hours=8)
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_ORGANISATION = 60
NOT_SHOWN = "Nothing was shown or changed."
_TABLES = {"match", "claims", "people"}


class SignInAgain(UserError):
    """A sign-in that is too old, or whose age nobody can tell."""


@dataclass(frozen=True)
class Person:
    """One person of the file. who: value of the claim that people are matched by."""

    who: str
    roles: frozenset[str]
    organisation: str


@dataclass(frozen=True)
class RolesFile:
    """What the file says. match: claim that `people` are looked up by; role_claim: empty where claims give no roles;
    of_claim: role by value of that claim, empty where the values are the roles' own names."""

    people: Mapping[str, Person] = field(default_factory=dict)
    match: str = "email"
    role_claim: str = ""
    organisation_claim: str = ""
    of_claim: Mapping[str, str] = field(default_factory=dict)

    def account(self, claims: Mapping[str, Any]) -> Account:
        """Return what somebody with these claims is here; without a role or an organisation, somebody without rights.

        With an e-mail address of the file that the provider calls unverified nobody has any, not by claims either:
        else somebody whom the file shuts out would come in by them.
        """
        person = self.people.get(_key(claims.get(self.match), self.match))
        if person is not None:
            sure = self.match != "email" or not _unverified(claims)
            return _account(person.roles if sure else frozenset(), person.organisation)
        organisation = claims.get(self.organisation_claim)
        return _account(self._claimed(claims), organisation.strip() if isinstance(organisation, str) else "")

    def _claimed(self, claims: Mapping[str, Any]) -> frozenset[str]:
        """Return the roles that the claim gives: a text, or a list of texts."""
        given = claims.get(self.role_claim) if self.role_claim else None
        values = given if isinstance(given, list) else [given]
        texts = [value for value in values if isinstance(value, str)]
        return frozenset(self.of_claim.get(text, "") if self.of_claim else text for text in texts) & set(SIGNED_IN)


def chosen_file(folder: DataFolder) -> Path:
    """Return where the roles file is: PRIORITISATION_ROLES, else roles.toml in the data folder."""
    named = os.environ.get(NAMED_BY)
    return Path(named).expanduser().absolute() if named else folder.root / FILE


def read_roles(path: Path) -> RolesFile:
    """Read the file. UserError with every fault: it is not there, cannot be read, or says what is not understood."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _unusable(f"The roles file, {path.name}, is not there, so nobody has a role.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        where = f" ({fault})" if isinstance(fault, tomllib.TOMLDecodeError) and "at line" in str(fault) else ""
        raise _unusable(f"The roles file, {path.name}, cannot be read{_line_only(where)}.") from None
    faults = list(_faults(content))
    if faults:
        raise _unusable(f"The roles file, {path.name}, cannot be used.", faults)
    return _understood(content)


def fresh(claims: Mapping[str, Any], now: datetime) -> None:
    """Refuse claims that were issued more than eight hours ago, or nobody knows when. SignInAgain."""
    issued = claims.get("iat")
    usable = isinstance(issued, int | float) and not isinstance(issued, bool)
    # Compared, never taken away from each other: a whole number may be too long for that.
    latest, earliest = (now + CLOCKS_DIFFER).timestamp(), (now - SIGN_IN_LASTS).timestamp()
    if usable and earliest <= issued <= latest:  # type: ignore[operator]
        return
    hours = int(SIGN_IN_LASTS.total_seconds()) // 3600
    found = f"You signed in more than {hours} hours ago." if usable and issued < earliest else _NO_TIME  # type: ignore[operator]
    raise SignInAgain(found, not_done=NOT_SHOWN, remedy="Sign in again; what is saved is as you left it.")


_NO_TIME = "The sign-in does not say when it happened, or names a time to come."


def _unverified(claims: Mapping[str, Any]) -> bool:
    """Return whether the provider says that the address is not checked; some say so in a text."""
    return str(claims.get("email_verified", True)).casefold() == "false"


def _account(roles: frozenset[str], organisation: str) -> Account:
    """Nobody acts for an organisation that is not known, or is not a name."""
    if not roles or not _is_name(organisation):
        return Account(frozenset(), verified=True)
    title = " and ".join(role for role in SIGNED_IN if role in roles)
    return Account(roles, title[:1].upper() + title[1:], organisation, verified=True)


def _understood(content: Mapping[str, Any]) -> RolesFile:
    claims, match = content.get("claims", {}), content.get("match", {}).get("claim", "email")
    people = [
        Person(_key(each["who"], match), frozenset(each["roles"]), each["organisation"].strip())
        for each in content.get("people", [])
    ]
    return RolesFile(
        {person.who: person for person in people},
        match,
        claims.get("role", ""),
        claims.get("organisation", ""),
        claims.get("roles", {}),
    )


def _faults(content: Mapping[str, Any]) -> list[Fault]:
    unknown = len(content.keys() - _TABLES)
    found = [Fault("", f"{unknown} of its parts are not known.", "Use match, claims and people.")] if unknown else []
    match, claims, people = content.get("match", {}), content.get("claims", {}), content.get("people", [])
    if not isinstance(match, dict) or match.keys() - {"claim"} or not isinstance(match.get("claim", ""), str):
        found.append(Fault("match", "is not understood.", 'Write claim = "email", or another claim.'))
        match = {}
    found += _claims_faults(claims)
    if not isinstance(people, list):
        return [*found, Fault("people", "is not a list.", "Write [[people]] before each person.")]
    for number, each in enumerate(people, 1):
        found += _person_faults(f"person {number}", each)
    keys = [_key(each.get("who"), match.get("claim", "email")) for each in people if isinstance(each, dict)]
    twice = [number for number, key in enumerate(keys, 1) if key and key in keys[: number - 1]]
    return [*found, *(Fault(f"person {number}", "is in the file already.", "Keep one of the two.") for number in twice)]


def _claims_faults(claims: object) -> list[Fault]:
    if not isinstance(claims, dict) or claims.keys() - {"role", "organisation", "roles"}:
        return [Fault("claims", "is not understood.", "It has role, organisation and, if need be, roles.")]
    named = [claims.get(name, "") for name in ("role", "organisation")]
    if claims and not all(isinstance(name, str) and name for name in named):
        return [Fault("claims", "names no claim for the role or the organisation.", "Name both.")]
    values = claims.get("roles", {})
    if not isinstance(values, dict) or not all(role in SIGNED_IN for role in values.values()):
        return [Fault("claims.roles", "gives a role that is not there.", f"Roles are {', '.join(SIGNED_IN)}.")]
    return []


def _person_faults(where: str, each: object) -> list[Fault]:
    if not isinstance(each, dict) or each.keys() != {"who", "roles", "organisation"}:
        return [Fault(where, "does not have exactly who, roles and organisation.")]
    found = []
    if not isinstance(each["who"], str) or not each["who"].strip():
        found.append(Fault(where, "has no text for who.", "Write what the claim says of this person."))
    if not isinstance(each["roles"], list) or not all(role in SIGNED_IN for role in each["roles"]):
        found.append(Fault(where, "has a role that is not there.", f"Roles are {', '.join(SIGNED_IN)}, as a list."))
    if not isinstance(each["organisation"], str) or not _is_name(each["organisation"].strip()):
        remedy = f"Write its name, in {LONGEST_ORGANISATION} characters or fewer."
        found.append(Fault(where, "has no organisation that can be shown.", remedy))
    return found


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ORGANISATION and text.isprintable()


def _key(value: object, claim: str) -> str:
    """Return what people are looked up by: addresses without capitals, anything else as it is.

    Letters beyond ASCII keep theirs, since some become another's without: the Kelvin sign a k, a long s an s.
    """
    text = value.strip() if isinstance(value, str) else ""
    return text.lower() if claim == "email" and text.isascii() else text


def _line_only(where: str) -> str:
    """Keep the place of a fault and not its words, which may quote the file."""
    return f" (line {where.split('at line ')[1].split(',')[0]})" if "at line " in where else ""


def _unusable(found: str, faults: Sequence[Fault] = ()) -> UserError:
    return UserError(
        found,
        not_done=NOT_SHOWN,
        remedy=f"Whoever looks after the product mends the file ({NAMED_BY} names it, else it is {FILE} in the data "
        "folder); it counts from the next click on.",
        faults=faults,
    )
