"""What a referral list takes from a pack: an agreed, unexpired shortlist that a key we trust has signed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prioritisation.errors import UserError
from prioritisation.pack.checking import check_pack, require_whole
from prioritisation.pack.content import AGREED
from prioritisation.pack.opening import opened
from prioritisation.pack.receiver import MANIFEST
from prioritisation.referrals.refusing import NO_LIST, refusal
from prioritisation.workspace import Workspace
from prioritisation.workspace.decisions import shortlist

COHORTS = "cohorts.csv"
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, csv.Error)


@dataclass(frozen=True)
class PackCohort:
    """A cohort definition in a pack. rule: the record that `CohortRule.from_record` reads."""

    id: str
    name: str
    sentence: str
    rule: Mapping[str, Any]


@dataclass(frozen=True)
class SignedPack:
    """An agreed shortlist as its signed pack says it. areas: codes agreed; digest: start of the zip's SHA-256."""

    decision_id: str
    agreed_on: str
    areas: tuple[str, ...]
    cohorts: Mapping[str, PackCohort]
    council: str
    council_name: str
    note: str
    expires: date
    signed_by: str
    digest: str


def read_signed_pack(zipped: bytes, trusted_key: str, today: date, workspace: Workspace | None = None) -> SignedPack:
    """Check a pack and read what a list needs. trusted_key: name of the key that must have signed it.

    workspace: where its decision may have been superseded since; a secure side apart from the app knows no decision.
    UserError: not whole, not signed with that key, expired, not agreed, superseded, or without definitions of cohorts.
    """
    require_whole(check_pack(zipped, trusted_key=trusted_key), NO_LIST)
    with opened(zipped) as pack:
        names = pack.namelist()
        manifest = json.loads(pack.read(MANIFEST))
        cohorts = pack.read(COHORTS).decode("utf-8-sig") if COHORTS in names else ""
    try:
        found = _signed(manifest, _cohorts(cohorts), hashlib.sha256(zipped).hexdigest()[:32])
        state = str(manifest["state"])
    except _DAMAGED as fault:
        raise refusal(
            "The pack does not hold what a referral list is made from: an agreed list and definitions of cohorts.",
            "Export the pack of an agreed shortlist with this version.",
        ) from fault
    if state != AGREED:
        raise refusal(f"The pack's shortlist is {state}.", "Use the pack of the shortlist that stands agreed.")
    if found.expires < today:
        raise refusal(f"The pack expired on {found.expires.isoformat()}.", "Ask for a new one.")
    if workspace is not None and _superseded_since(workspace, found.decision_id):
        raise refusal("The pack's shortlist was superseded since.", "Use the pack of the one that stands agreed.")
    return found


def cohort_of(pack: SignedPack, identifier: str) -> PackCohort:
    """Return a cohort that the pack defines. UserError: it defines no such one."""
    if identifier not in pack.cohorts:
        known = ", ".join(pack.cohorts) or "none"
        raise refusal(f"The pack defines no cohort '{identifier[:60]}'.", f"Name one that it defines: {known}.")
    return pack.cohorts[identifier]


def _superseded_since(workspace: Workspace, decision_id: str) -> bool:
    try:
        return shortlist(workspace, decision_id).superseded_by is not None
    except UserError:  # decided elsewhere: nothing is known of it here
        return False


def _signed(manifest: Mapping[str, Any], cohorts: dict[str, PackCohort], digest: str) -> SignedPack:
    decision, release = manifest["decision"] or {}, manifest["release"]
    return SignedPack(
        decision_id=str(decision.get("id", "")),
        agreed_on=str(decision.get("agreed_at", ""))[:10],
        areas=tuple(str(code) for code in decision.get("agreed", ())),
        cohorts=cohorts,
        council=str(release["council"]),
        council_name=str(release["council_name"]),
        note=str(manifest["note"]),
        expires=date.fromisoformat(manifest["expires"]),
        signed_by=str(manifest["signed_by"]),
        digest=digest,
    )


def _cohorts(text: str) -> dict[str, PackCohort]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return {
        row["cohort"]: PackCohort(row["cohort"], row["cohort_name"], row["sentence"], json.loads(row["rule"]))
        for row in rows
    }
