"""Signatures of packs: Ed25519 over manifest.json, by the package `cryptography` (the extra "sign")."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prioritisation.errors import UserError

KEY_FILE = "PRIORITISATION_SIGNING_KEY_FILE"
ALGORITHM = "Ed25519"
_MAKE = "openssl genpkey -algorithm ed25519 -out signing-key.pem"


@dataclass(frozen=True)
class Signer:
    """A private key, and its public half's name (the first 16 letters of its SHA-256)."""

    private: Any
    public: bytes

    @property
    def name(self) -> str:
        return key_name(self.public)

    def sign(self, manifest: bytes) -> bytes:
        """Return manifest.sig: JSON with algorithm, public key and signature in hexadecimal digits."""
        signed = {
            "algorithm": ALGORITHM,
            "public_key": self.public.hex(),
            "signature": self.private.sign(manifest).hex(),
        }
        return (json.dumps(signed, indent=2) + "\n").encode()


def configured_signer() -> Signer | None:
    """Return the key that PRIORITISATION_SIGNING_KEY_FILE names, None when it names none. UserError: not usable."""
    named = os.environ.get(KEY_FILE)
    return signer_of(Path(named), f"The signing key that {KEY_FILE} names") if named else None


def signer_of(path: Path, called: str = "The signing key") -> Signer:
    """Return the key in a PEM file. called: how a refusal names it. UserError: not usable."""
    serialization = _cryptography("no pack was made")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = serialization.load_pem_private_key(path.expanduser().read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise UserError(
            f"{called} cannot be read, or is no Ed25519 key without a password.",
            not_done="No pack was made.",
            remedy=f"Name a PEM file that this account may read; `{_MAKE}` makes one.",
        )
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return Signer(private, private.public_key().public_bytes(*raw))


def write_new_signing_key(path: Path) -> Signer:
    """Write a new key to a new PEM file that only its owner may read. UserError: it is there, or cannot be written."""
    serialization = _cryptography("no key was written")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = Ed25519PrivateKey.generate().private_bytes(*form)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except OSError as fault:
        raise UserError(
            f"{path} cannot be written: {fault.strerror}.",
            not_done="No key was written; a key that exists is never overwritten.",
            remedy="Name a new file in a folder that only you can read.",
        ) from fault
    return signer_of(path)


def key_name(public: bytes) -> str:
    """Return the short name by which people compare public keys."""
    return hashlib.sha256(public).hexdigest()[:16]


def signature_fault(manifest: bytes, signature: bytes) -> tuple[str, str]:
    """Return the name of the key in a signature, and why the signature does not hold (empty: it holds).

    UserError: `cryptography` is not installed.
    """
    _cryptography("the signature was not checked")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        found = json.loads(signature)
        public, signed = bytes.fromhex(found["public_key"]), bytes.fromhex(found["signature"])
        known = Ed25519PublicKey.from_public_bytes(public)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", "The signature cannot be read."
    try:
        known.verify(signed, manifest)
    except InvalidSignature:
        return key_name(public), "The signature is not of this manifest."
    return key_name(public), ""


def _cryptography(not_done: str) -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
    except ImportError:
        raise UserError(
            "Signatures need the package `cryptography`, which is not installed here.",
            not_done=f"{not_done[0].upper()}{not_done[1:]}.",
            remedy='Install it with `pip install "prioritisation[sign]"`.',
        ) from None
    return serialization
