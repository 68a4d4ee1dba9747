"""Checking a pack from the product: what its own verify.py checks, the signature, and the decision log of this place.

The pack's verify.py is compared, never run: the product checks with its own copy.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prioritisation.errors import UserError
from prioritisation.pack import receiver
from prioritisation.pack.signing import signature_fault
from prioritisation.workspace import Workspace, audit

LARGEST_UNPACKED = 500_000_000
MOST_FILES = 100
_UNREADABLE = (KeyError, ValueError, OSError, EOFError, RecursionError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class PackCheck:
    """What checking found. manifest: empty when not readable; remarks: who signed, and what could not be checked."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    manifest: dict[str, Any]

    @property
    def passed(self) -> bool:
        return not self.faults


def check_pack(zipped: bytes, workspace: Workspace | None = None, trusted_key: str | None = None) -> PackCheck:
    """Check a pack's bytes. trusted_key: name of the key that must have signed it. UserError: it is no zip of ours.

    workspace: where decisions are recorded; a pack of a decision must stand in its log.
    """
    with _opened(zipped) as pack:
        names = pack.namelist()
        faults = receiver.check(pack.read, names)
        manifest = _manifest(pack.read)
        signed, remarks = _signature(pack.read, names, manifest, trusted_key)
    faults += signed
    if workspace is not None and manifest:
        logged, said = _logged(workspace, manifest)
        faults, remarks = faults + logged, remarks + said
    return PackCheck(tuple(faults), tuple(remarks), manifest)


def _opened(zipped: bytes) -> zipfile.ZipFile:
    try:
        pack = zipfile.ZipFile(io.BytesIO(zipped))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as fault:
        raise _no_pack("is not a zip that can be opened") from fault
    entries = pack.infolist()
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _no_pack("is larger than any pack")
    return pack


def _no_pack(what: str) -> UserError:
    return UserError(
        f"The file {what}.",
        not_done="Nothing was checked.",
        remedy="Give the .zip as it was sent, not a folder or a file out of it.",
    )


def _manifest(read: Callable[[str], bytes]) -> dict[str, Any]:
    try:
        found = json.loads(read(receiver.MANIFEST))
    except _UNREADABLE:
        return {}
    return found if isinstance(found, dict) else {}


def _signature(
    read: Callable[[str], bytes], names: list[str], manifest: dict[str, Any], trusted: str | None
) -> tuple[list[str], list[str]]:
    """Return faults and remarks about who signed the pack."""
    if receiver.SIGNATURE not in names:
        missing = ["The pack is not signed, and a signature was asked for."] if trusted else []
        return missing, [] if trusted else ["Not signed: nothing shows who made it."]
    try:
        key, fault = signature_fault(read(receiver.MANIFEST), read(receiver.SIGNATURE))
    except _UNREADABLE:
        return ["The signature cannot be read."], []
    if fault:
        return [fault], []
    if key != manifest.get("signed_by"):
        return ["The pack was signed with another key than its manifest names."], []
    if trusted is not None and key != trusted.strip().lower():
        return [f"The pack was signed with the key {key}, not with the one asked for."], []
    return [], [f"Signed with the key {key}." + ("" if trusted else " Compare it with the one that you were told.")]


def _logged(workspace: Workspace, manifest: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return faults and remarks about the decision log here."""
    head = manifest.get("audit_head")
    if not head:
        return [], ["No decision stands behind it, so there is nothing to look up in the decision log."]
    try:
        found = head in {row.head for row in audit.entries(workspace)}
        checked = audit.verify(workspace, str(head)) if found else None
    except UserError as refused:
        return [refused.found], []
    if checked is None:
        return ["Its decision does not stand in the decision log here."], []
    faults = [f"The decision log here is not whole ({len(checked.faults)} faults)."] if not checked.intact else []
    return faults, [] if faults else ["Its decision stands in the decision log here."]
