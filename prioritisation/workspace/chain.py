"""The audit log's chain: each row carries a keyed digest (HMAC-SHA-256) of the row before it and of itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prioritisation.workspace.tables import audit as table
from prioritisation.workspace.tables import utc_text

BEGUN = "audit begun"
KEY_CHANGED = "audit key changed"
SIGNED = tuple(column.name for column in table.columns if column.name != "digest")
LONGEST_VALUE = 4_000
_ACTION = re.compile(r"[a-z]+( [a-z]+)*")
_NAME = re.compile(r"[a-z][a-z_]*")
_PSEUDONYM = re.compile(r"[0-9a-fA-F]{64}")

Plain = str | int | float | bool | None


@dataclass(frozen=True)
class Entry:
    """What one write says of itself in the log.

    who: role or organisation, as declared; about: id of what is changed; parameters: ids, numbers and choices.
    Words that people typed (names, notes, reasons) stay in their own tables, so that the log is safe to hand out.
    """

    action: str
    who: str
    about: str = ""
    parameters: Mapping[str, Plain | list[Plain]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _ACTION.fullmatch(self.action) or not all(_NAME.fullmatch(name) for name in self.parameters):
            raise ValueError("an action and its parameters are named in small letters")
        for value in (self.about, *self.parameters.values()):
            for one in value if isinstance(value, list) else [value]:
                _check(one)

    @property
    def text(self) -> str:
        """The parameters as they are stored and signed."""
        return json.dumps(dict(self.parameters), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _check(value: object) -> None:
    """Refuse what has no place in the log: long texts, and anything shaped like a person's key."""
    if not isinstance(value, Plain):
        raise ValueError("a parameter is a text, a number, yes or no, or a list of these")
    if isinstance(value, str) and (len(value) > LONGEST_VALUE or _PSEUDONYM.search(value)):
        raise ValueError("a parameter holds more than an id, a number or a choice")


def digest(key: bytes, previous: str, row: Mapping[str, object]) -> str:
    """Return the hexadecimal digest of a row: of the one before it and of each column, as one JSON list.

    The list keeps columns apart, so that no two different rows are signed as the same text.
    """
    signed = json.dumps([previous, *(row[name] for name in SIGNED)])
    return hmac.new(key, b"prioritisation audit row\0" + signed.encode(), hashlib.sha256).hexdigest()


def content_of(rows: Iterable[Mapping[str, object]]) -> str:
    """Return the SHA-256 of table rows, columns by name: what ties rows of another table to the log."""
    stored = [
        {name: utc_text(value) if isinstance(value, datetime) else value for name, value in row.items()} for row in rows
    ]
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
