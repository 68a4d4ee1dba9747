"""The second key: HMAC-SHA-256 by its own definition; kinds and partners apart; weak or misplaced keys refused."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import duckdb
import pytest
from drawn_partner_files import first_key

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY
from prioritisation.ingest.contacts.keying import AppKey, key_again, load_key, second_key, write_new_key
from prioritisation.ingest.contacts.named_sql import statement

SECRET = bytes(range(32))


def slow_hmac(secret: bytes, message: bytes) -> bytes:
    """HMAC as RFC 2104 writes it."""
    padded = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()


def test_second_keys_are_hmac() -> None:
    first, key = bytes.fromhex(first_key(1)), AppKey(SECRET)
    assert second_key(first, "chi", "nhs", key) == slow_hmac(SECRET, b"person\0chi\0\0" + first)
    own = slow_hmac(SECRET, b"person\0partner_reference\0nhs\0" + first)
    assert second_key(first, "partner_reference", "nhs", key) == own


def test_kinds_partners_and_keys_are_apart() -> None:
    first, key = bytes.fromhex(first_key(1)), AppKey(SECRET)
    assert second_key(first, "chi", "nhs", key) == second_key(first, "chi", "police", key)
    different = {
        second_key(first, "chi", "nhs", key),
        second_key(first, "linked", "nhs", key),
        second_key(first, "partner_reference", "nhs", key),
        second_key(first, "partner_reference", "police", key),
        second_key(first, "chi", "nhs", AppKey(SECRET[::-1])),
    }
    assert len(different) == 5


def test_a_table_is_keyed_as_single_keys_are() -> None:
    key = AppKey(SECRET)
    with duckdb.connect(":memory:") as memory:
        memory.execute("ATTACH ':memory:' AS extracts")
        memory.execute("USE extracts")
        memory.execute(statement("arrived"))
        for number, kind in enumerate(("chi", "partner_reference", "chi")):
            memory.execute(
                "INSERT INTO first_key VALUES ($id, 7, $kind, 'nhs', $first)",
                {"id": number, "kind": kind, "first": bytes.fromhex(first_key(number // 2))},
            )
        key_again(memory, key)
        found = set(memory.execute("SELECT id, number, key_kind, second FROM second_key").fetchall())
        tables = {each[0] for each in memory.execute("SHOW TABLES").fetchall()}
    assert tables == {"arrived_contact", "second_key"}
    assert found == {
        (number, 7, kind, second_key(bytes.fromhex(first_key(number // 2)), kind, "nhs", key))
        for number, kind in enumerate(("chi", "partner_reference", "chi"))
    }


def test_the_key_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "hex").write_text(SECRET.hex() + "\n")
    (tmp_path / "raw").write_bytes(bytes(range(100, 164)))
    assert load_key({"PRIORITISATION_KEY_FILE": str(tmp_path / "hex"), "PRIORITISATION_KEY": "x"}).secret == SECRET
    assert load_key({"PRIORITISATION_KEY_FILE": str(tmp_path / "raw")}).secret == bytes(range(100, 164))
    assert load_key({"PRIORITISATION_KEY": SECRET.hex()}).secret == SECRET


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "There is no key"),
        ({"PRIORITISATION_KEY": "secret"}, "too short or too simple"),
        ({"PRIORITISATION_KEY": "ab" * 32}, "too short or too simple"),
        ({"PRIORITISATION_KEY_FILE": "/absent/key"}, "cannot be read"),
        ({"PRIORITISATION_KEY_FILE": str(REPOSITORY / "key")}, "lies inside the repository"),
    ],
)
def test_no_or_bad_keys_are_refused(environment: dict[str, str], found: str) -> None:
    with pytest.raises(UserError, match=found) as refusal:
        load_key(environment)
    assert all(value not in str(refusal.value) for value in ("secret", "ab" * 32))


def test_a_new_key_is_its_owners_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    made = write_new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key({"PRIORITISATION_KEY_FILE": str(path)}) == made
    with pytest.raises(UserError, match="cannot be written"):
        write_new_key(path)
    with pytest.raises(UserError, match="inside the repository"):
        write_new_key(REPOSITORY / "new.key")


def test_a_key_never_shows_itself() -> None:
    key = AppKey(SECRET)
    assert SECRET.hex() not in repr(key) + key.id
    assert "secret" not in repr(key)
    assert key.id != AppKey(SECRET[::-1]).id
