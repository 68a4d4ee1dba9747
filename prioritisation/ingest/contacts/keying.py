"""The second keying: partners' keys become this product's own, and the first ones are dropped.

HMAC-SHA-256 (RFC 2104) with a key that no partner has, over the kind of key and the first key. A partner's own
references are keyed with the partner's name too, so that the same number at two partners is never one person.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.faults import NOT_DONE

KEY_FILE, KEY = "PRIORITISATION_KEY_FILE", "PRIORITISATION_KEY"
PARTNER_REFERENCE = "partner_reference"
LEAST_BYTES = 32
_DIFFERENT_BYTES = 12  # 32 random bytes have fewer different ones about never
_CHUNK = 100_000
_MAKE = (
    "Make one with `prioritisation new-key FILE`, outside the repository and the data folder, keep a copy in a safe "
    f"place, and name it in {KEY_FILE}. Everybody's pseudonyms depend on it."
)


@dataclass(frozen=True)
class AppKey:
    """This product's own key; it never shows itself. id: says which key it is, and tells nothing about it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return hmac.digest(self.secret, b"name of this key", "sha256").hex()[:12]


def load_key(environment: Mapping[str, str] = os.environ) -> AppKey:
    """Return the key that PRIORITISATION_KEY_FILE names, else PRIORITISATION_KEY. UserError: none, or a weak one."""
    named, written = environment.get(KEY_FILE), environment.get(KEY)
    if named:
        content = _read(Path(named).expanduser())
    elif written:
        content = written.encode()
    else:
        raise UserError(f"There is no key: neither {KEY_FILE} nor {KEY} is set.", not_done=NOT_DONE, remedy=_MAKE)
    secret = _secret(content)
    if len(secret) < LEAST_BYTES or len(set(secret)) < _DIFFERENT_BYTES:
        where = KEY_FILE if named else KEY
        raise UserError(
            f"The key in {where} is too short or too simple: it needs {LEAST_BYTES} random bytes.",
            not_done=NOT_DONE,
            remedy=_MAKE,
        )
    return AppKey(secret)


def write_new_key(path: Path) -> AppKey:
    """Write a new random key to a new file that only its owner may read. UserError: it is there, or cannot be."""
    path = path.expanduser().resolve()
    _refuse_inside_repository(path)
    secret = secrets.token_bytes(LEAST_BYTES)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(secret.hex() + "\n")
    except OSError as fault:
        raise UserError(
            f"{path} cannot be written: {fault.strerror}.",
            not_done="No key was written; a key that exists is never overwritten.",
            remedy="Name a new file in a folder that only you can read.",
        ) from fault
    return AppKey(secret)


def _read(path: Path) -> bytes:
    _refuse_inside_repository(path.resolve())
    try:
        return path.read_bytes()[: 1024**2]
    except OSError as fault:
        raise UserError(
            f"The key file that {KEY_FILE} names cannot be read: {fault.strerror}.", not_done=NOT_DONE, remedy=_MAKE
        ) from fault


def _refuse_inside_repository(path: Path) -> None:
    if path.is_relative_to(REPOSITORY):
        raise UserError(
            "The key file lies inside the repository, from where it could be committed and read by others.",
            not_done=NOT_DONE,
            remedy="Move it to a folder that only you can read, and make a new key if the old one was ever committed.",
        )


def _secret(content: bytes) -> bytes:
    """Return the bytes of a key: written as hexadecimal digits, or as they are."""
    try:
        return bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        return content.strip()


def second_key(first: bytes, key_kind: str, partner: str, key: AppKey) -> bytes:
    """Return the second key of one first key."""
    return hmac.digest(key.secret, _context(key_kind, partner) + first, "sha256")


def _context(key_kind: str, partner: str) -> bytes:
    within = partner if key_kind == PARTNER_REFERENCE else ""
    return b"person\x00" + key_kind.encode() + b"\x00" + within.encode() + b"\x00"


def key_again(memory: duckdb.DuckDBPyConnection, key: AppKey) -> None:
    """Make `second_key` (id, number, key_kind, second) from `first_key`, which is dropped: the first keys are gone."""
    memory.execute(statement("second_key"))
    groups = memory.execute("SELECT DISTINCT number, key_kind, partner FROM first_key ORDER BY ALL").fetchall()
    for number, key_kind, partner in groups:
        keyed = hmac.new(key.secret, _context(key_kind, partner), hashlib.sha256)
        for ids, first in _first_keys(memory, number, key_kind, partner):
            memory.register("keys", _second_keys(ids, first, keyed))
            memory.execute(
                "INSERT INTO second_key SELECT id, $number, $key_kind, second FROM keys",
                {"number": number, "key_kind": key_kind},
            )
            memory.unregister("keys")
    memory.execute("DROP TABLE first_key")


def _first_keys(
    memory: duckdb.DuckDBPyConnection, number: int, key_kind: str, partner: str
) -> Iterator[tuple[pa.Array, pa.Array]]:
    """Give the ids and first keys of one file, kind and partner, in parts."""
    with memory.cursor() as reading:
        reading.execute("USE extracts")
        wanted = {"number": number, "key_kind": key_kind, "partner": partner}
        for batch in reading.sql(statement("first_keys"), params=wanted).to_arrow_reader(_CHUNK):
            yield batch["id"], batch["first"]


def _second_keys(ids: pa.Array, first: pa.Array, keyed: hmac.HMAC) -> pa.Table:
    """Return id, second: each first key keyed on from where `keyed` stands."""
    second = []
    for each in first.to_pylist():
        one = keyed.copy()
        one.update(each)
        second.append(one.digest())
    return pa.table({"id": ids, "second": pa.array(second, pa.binary())})
