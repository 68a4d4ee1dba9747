"""The project key, and the keyed code of a person. Standard library, Python 3.9 syntax."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from prioritisation.pseudonymise.rules import Refusal

KEY_BYTES_AT_LEAST = 32
DIFFERENT_BYTES_AT_LEAST = 10
PARTNER_REFERENCE = "partner_reference"
_NOT_TEXT = (b"\xff\xfe", b"\xfe\xff")


def person_key(key: bytes, kind: str, partner: str, identifier: str) -> str:
    """Return the keyed code of a normalised identifier: HMAC-SHA-256 as 64 small hex digits.

    The kind of key is part of what is keyed; so is the partner where the identifier is its own reference, so that
    equal references of two partners never look like one person.
    """
    scope = partner if kind == PARTNER_REFERENCE else ""
    message = "\x1f".join(("prioritisation person 1", kind, scope, identifier))
    return hmac.new(key, message.encode("utf-8"), hashlib.sha256).hexdigest()


def key_check(key: bytes) -> str:
    """Return eight hex digits that partners can compare by telephone; they tell nothing about the key."""
    code = hmac.new(key, b"prioritisation key check 1", hashlib.sha256).hexdigest()
    return f"{code[:4]}-{code[4:8]}"


def read_key(path: Path) -> bytes:
    """Read a key file: hex digits as `new_key` writes them, or any bytes; at least 32 of them. Raises Refusal."""
    try:
        return key_of(path.read_bytes())
    except OSError as fault:
        raise _no_key(f"The key file cannot be read ({fault.strerror}).") from fault


def key_of(content: bytes) -> bytes:
    """Return the key that a file or variable holds; raises Refusal where it is too short, damaged or no good key."""
    if content.startswith(_NOT_TEXT):
        raise _no_key("The key file was saved as UTF-16, which changes the key.")
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if re.fullmatch(rb"(?:[0-9A-Fa-f]{2})+", text):
        content = bytes.fromhex(text.decode("ascii"))
    if len(content) < KEY_BYTES_AT_LEAST:
        raise _no_key(f"The key has {len(content)} bytes; it needs at least {KEY_BYTES_AT_LEAST}.")
    if len(set(content)) < DIFFERENT_BYTES_AT_LEAST:
        raise _no_key("The key repeats a few bytes and could be guessed.")
    return content


def _no_key(found: str) -> Refusal:
    return Refusal(
        found,
        "Nothing was read or written.",
        "Use the project's key file as it was given to you (--new-key makes one).",
    )


def new_key(path: Path) -> bytes:
    """Write a new random key of 32 bytes as hex, readable by its owner only; an existing file is never replaced."""
    key = secrets.token_bytes(KEY_BYTES_AT_LEAST)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
    except OSError as fault:
        raise Refusal(
            f"The new key cannot be written ({fault.strerror}).",
            "No key was made.",
            "Name a file that does not exist yet, in a folder that you can write to.",
        ) from fault
    return key
