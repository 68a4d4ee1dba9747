"""Who was on the last referral list of each kind, as keyed codes, until that list expires: to mark who is new."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prioritisation.ingest.build import force_to_disk
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.ingest.contacts.restricted import OWNER_FILE, RestrictedFolder, plain_write_faults

FILE_NAME = "last-referral-lists.json"
_KEPT = frozenset({"app_key_id", "made_on", "expires", "people"})


@dataclass(frozen=True)
class LastList:
    """One list as it is remembered. people: codes of this list alone, which fit no other list and no store.

    One code for each person on each partner's own part of the list.
    """

    made_on: date
    expires: date
    people: frozenset[str]


def code_on_list(second: bytes, key_kind: str, name: str, partner: str, key: AppKey) -> str:
    """Return the code of a person on a partner's lists of one name: a third keying, so that no two are laid together.

    A person may be on the lists of some partners only: each is told who is new to itself, and nothing of the others.
    """
    parts = (b"on the referral list", name.encode(), partner.encode(), key_kind.encode(), second)
    message = b"\x00".join(parts)
    return hmac.digest(key.secret, message, "sha256").hex()


def last_list(restricted: RestrictedFolder, name: str, key: AppKey, today: date) -> LastList | None:
    """Return the last list of a name; None: there was none, it has expired, or its people had another key of ours."""
    found = _read(restricted).get(name)
    if found is None or found["app_key_id"] != key.id:
        return None
    last = LastList(
        date.fromisoformat(found["made_on"]), date.fromisoformat(found["expires"]), frozenset(found["people"])
    )
    return last if last.expires >= today else None


def remember(
    restricted: RestrictedFolder, name: str, people: Iterable[str], made_on: date, expires: date, key: AppKey
) -> None:
    """Keep who is on a list in place of the last one of its name; the file is written anew, so nothing stays in it."""
    kept = {each: one for each, one in _read(restricted).items() if date.fromisoformat(one["expires"]) >= made_on}
    kept[name] = {
        "app_key_id": key.id,
        "made_on": made_on.isoformat(),
        "expires": expires.isoformat(),
        "people": sorted(people),
    }
    _write(restricted, kept)


def forget_expired(restricted: RestrictedFolder, today: date) -> int:
    """Forget the lists that have expired; return how many."""
    before = _read(restricted)
    kept = {name: one for name, one in before.items() if date.fromisoformat(one["expires"]) >= today}
    if len(kept) < len(before):
        _write(restricted, kept)
    return len(before) - len(kept)


def _file(restricted: RestrictedFolder) -> Path:
    return restricted.root / FILE_NAME


def _read(restricted: RestrictedFolder) -> dict[str, Any]:
    """Return what is remembered, by name of list; a file that is damaged is as good as none."""
    try:
        found = json.loads(_file(restricted).read_text(encoding="utf-8"))
        return {
            name: one
            for name, one in found.items()
            if set(one) == _KEPT and date.fromisoformat(one["made_on"]) <= date.fromisoformat(one["expires"])
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(restricted: RestrictedFolder, lists: dict[str, Any]) -> None:
    final = _file(restricted)
    aside = final.with_name(f".{FILE_NAME}.{os.getpid()}")
    with plain_write_faults(restricted.root):
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_FILE), "w", encoding="utf-8") as file:  # noqa: PTH123
                json.dump(lists, file, sort_keys=True)
            force_to_disk(aside)
            aside.replace(final)
            force_to_disk(restricted.root)
        finally:
            aside.unlink(missing_ok=True)
