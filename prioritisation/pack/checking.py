"""Checking a pack from the product: what its own verify.py checks, the signature, and the decision log of this place.

The pack's verify.py is compared, never run: the product checks with its own copy.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prioritisation.errors import Fault, UserError
from prioritisation.pack import receiver
from prioritisation.pack.opening import UNREADABLE, opened
from prioritisation.pack.signing import signature_fault
from prioritisation.workspace import Workspace, audit

MOST_FAULTS = 20


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
    with opened(zipped) as pack:
        names = pack.namelist()
        faults = receiver.check(pack.read, names)
        manifest = _manifest(pack.read)
        signed, remarks = _signature(pack.read, names, manifest, trusted_key)
    faults += signed
    if workspace is not None and manifest:
        logged, said = _logged(workspace, manifest)
        faults, remarks = faults + logged, remarks + said
    return PackCheck(tuple(faults), tuple(remarks), manifest)


def require_whole(found: PackCheck, not_done: str) -> None:
    """Raise UserError with everything that checking found when a pack did not pass."""
    if not found.passed:
        raise UserError(
            "The pack is not whole, or not from whom it should be.",
            not_done=not_done,
            remedy="Ask whoever made it to send it again, and compare the name of the key by telephone.",
            faults=[Fault("", each) for each in found.faults[:MOST_FAULTS]],
        )


def _manifest(read: Callable[[str], bytes]) -> dict[str, Any]:
    try:
        found = json.loads(read(receiver.MANIFEST))
    except UNREADABLE:
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
    except UNREADABLE:
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
