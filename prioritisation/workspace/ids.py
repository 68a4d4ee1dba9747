"""Random ids for links."""

from __future__ import annotations

import secrets

# Twelve of thirty letters and digits are 58 bits: nobody guesses a link. None looks or sounds like another.
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 12


def new_id() -> str:
    """Return a new id."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_id(text: str) -> bool:
    """Whether this could be an id: a link may hold anything, even what a database chokes on."""
    return len(text) == _LENGTH and set(text) <= set(_LETTERS)


def id_to_log(text: str) -> str:
    """Return an id for the audit log to name, nothing where it could be none."""
    return text if is_id(text) else ""
