"""A pack brought back as a scenario to work on: checked, worked out again, saved with where it came from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack.checking import check_pack, require_whole
from prioritisation.pack.opening import UNREADABLE, opened
from prioritisation.pack.receiver import MANIFEST, SAME_SCORE_WITHIN, SHORTLIST
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store, open_store
from prioritisation.workspace import Workspace, audit
from prioritisation.workspace.ids import is_id
from prioritisation.workspace.scenarios import BROUGHT_IN, SavedScenario, save
from prioritisation.workspace.texts import NAME

NOT_OPENED = "No scenario was opened."
_RELEASE = re.compile(r"r\d{4,9}-[0-9a-f]{8}")


@dataclass(frozen=True, eq=False)
class PackedScenario:
    """What a checked pack says of its scenario. table: id, rank, score, computed_list (yes or no), as it was sent.

    decision: id of the decision behind it, empty where there is none; signed_by: empty where nobody signed.
    """

    scenario: Scenario
    table: pd.DataFrame
    title: str
    state: str
    dated: str
    release_id: str
    fingerprint: str
    council: str
    council_name: str
    decision: str
    signed_by: str
    digest: str


@dataclass(frozen=True)
class Reopened:
    """A scenario that came out of a pack. same_data: its release is here, and was ranked again.

    differing: areas whose rank or score differs from the pack's; areas: ranked here; kept, cut: how many of the
    pack's computed list are on the one found here.
    """

    saved: SavedScenario
    packed: PackedScenario
    same_data: bool
    differing: int
    areas: int
    kept: int
    cut: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what was found, plainly."""
        return (*_origin_said(self.packed), *_result_said(self))


@dataclass(frozen=True)
class Origin:
    """Where a saved scenario was brought in from. pack: start of the zip's SHA-256; decision, release: its ids."""

    pack: str
    decision: str
    release: str


def reopen(
    zipped: bytes, folder: DataFolder, workspace: Workspace, *, by: str, name: str = "", trusted_key: str | None = None
) -> Reopened:
    """Check a pack, work its scenario out again here, and save it under a new id; its decision is not repeated.

    name: empty for one that says where it comes from; trusted_key: name of the key that must have signed it.
    UserError: the pack does not pass, or the data here cannot rank its scenario; then nothing is saved.
    """
    packed = read_scenario(zipped, trusted_key)
    with _store(folder, packed) as store:
        same_data = _is_same_data(store, packed)
        ranking = prioritise(store, packed.scenario, _council(store, packed))
        differing, kept = _compared(packed, ranking)
        release_id = store.release.id
    saved = save(
        workspace,
        name=name.strip() or f"From a pack: {packed.title}, {packed.dated}"[: NAME.longest],
        note="\n".join(_origin_said(packed)),
        scenario=packed.scenario,
        release_id=release_id,
        by=by,
        brought_from={"pack": packed.digest, "decision": packed.decision, "release": packed.release_id},
    )
    listed = int(packed.table["computed_list"].eq("yes").sum())
    return Reopened(saved, packed, same_data, differing, len(ranking.areas), kept, listed)


def read_scenario(zipped: bytes, trusted_key: str | None = None) -> PackedScenario:
    """Check a pack and read its scenario. UserError: it does not pass, or holds no scenario that this version reads."""
    found = check_pack(zipped, trusted_key=trusted_key)
    require_whole(found, NOT_OPENED)
    with opened(zipped) as pack:
        manifest = json.loads(pack.read(MANIFEST))
        text = pack.read(SHORTLIST).decode("utf-8-sig")
    scenario = _scenario(manifest)
    try:
        return _packed(scenario, manifest, text, hashlib.sha256(zipped).hexdigest()[:32])
    except (*UNREADABLE, TypeError, AttributeError, csv.Error) as fault:
        raise _damaged() from fault


def origin(workspace: Workspace, saved: SavedScenario) -> Origin | None:
    """Return the pack that a saved scenario was brought in from, as the audit log has it; None: it was made here."""
    for row in audit.entries(workspace):
        if row.action == BROUGHT_IN and row.about == saved.id:
            said = audit.parameters_of(row)
            return Origin(*(str(said.get(f"from_{name}", "")) for name in ("pack", "decision", "release")))
    return None


def _scenario(manifest: Mapping[str, Any]) -> Scenario:
    """Read the choices, and make sure that they are those that the pack's id stands for."""
    try:
        choices, identifier = manifest["scenario"]["choices"], manifest["scenario"]["id"]
        text = json.dumps(choices)
    except (KeyError, TypeError, ValueError) as fault:
        raise _damaged() from fault
    scenario = Scenario.from_json(text)
    if scenario.id != identifier:
        raise _damaged()
    return scenario


def _packed(scenario: Scenario, manifest: Mapping[str, Any], text: str, digest: str) -> PackedScenario:
    release, decision = manifest["release"], str((manifest["decision"] or {}).get("id", ""))
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    table = pd.DataFrame(
        [(row["id"], int(row["rank"] or 0), float(row["score"] or "nan"), row["computed_list"]) for row in rows],
        columns=["id", "rank", "score", "computed_list"],
    )
    if table.empty:
        raise ValueError("a ranking of nothing")
    named = str(release["id"])
    return PackedScenario(
        scenario=scenario,
        table=table,
        title=str(manifest["title"])[: NAME.longest],
        state=str(manifest["state"]),
        dated=str(manifest["dated"])[:10],
        release_id=named if _RELEASE.fullmatch(named) else "",
        fingerprint=str(release["fingerprint"]),
        council=str(release["council"]),
        council_name=str(release["council_name"]),
        decision=decision if is_id(decision) else "",
        signed_by=str(manifest["signed_by"] or ""),
        digest=digest,
    )


def _store(folder: DataFolder, packed: PackedScenario) -> Store:
    """Open the pack's own release where it is here, else the one in use."""
    kept = packed.release_id in folder.published().releases and folder.release_file(packed.release_id).is_file()
    if kept:
        own = Store(folder, packed.release_id)
        if _is_same_data(own, packed):
            return own
        own.close()
    return open_store(folder)


def _is_same_data(store: Store, packed: PackedScenario) -> bool:
    return (store.release.id, store.release.fingerprint) == (packed.release_id, packed.fingerprint)


def _council(store: Store, packed: PackedScenario) -> str | None:
    """Return the code of the one council that the pack ranked out of a release for many; None: all of the release."""
    every, first = store.areas(), str(packed.table["id"].iloc[0])
    if first not in every.index or len(every) == len(packed.table):
        return None
    return str(every.loc[first, "council_code"])


def _compared(packed: PackedScenario, ranking: Prioritisation) -> tuple[int, int]:
    """Return how many areas the two rankings differ in, and how many of the pack's computed list are on this one."""
    found = ranking.table().set_index("id")[["rank", "score"]].astype(float).rename(columns=lambda name: f"{name}_here")
    both = packed.table.set_index("id").join(found, how="outer")
    rank, here = both["rank"].astype(float).replace(0.0, float("nan")), both["rank_here"]
    same_rank = rank.eq(here) | (rank.isna() & here.isna())
    apart = (both["score"] - both["score_here"]).abs()
    same_score = apart.le(SAME_SCORE_WITHIN) | (both["score"].isna() & both["score_here"].isna())
    known = both["computed_list"].notna() & both.index.isin(found.index)
    on_both = both["computed_list"].eq("yes") & here.le(ranking.scenario.framework.cut)
    return int((~(same_rank & same_score & known)).sum()), int(on_both.sum())


def _origin_said(packed: PackedScenario) -> list[str]:
    decision = f"decision {packed.decision}" if packed.decision else "no decision"
    signed = f"signed with the key {packed.signed_by}" if packed.signed_by else "not signed: nothing shows who made it"
    return [
        f"From a pack of {packed.dated} ({packed.digest[:12]}), {signed}.",
        f"{packed.title}: {packed.state} ({decision}). Data release {packed.release_id or 'not named'}.",
    ]


def _result_said(found: Reopened) -> list[str]:
    if found.same_data and not found.differing:
        return [
            f"Worked out again here from the same data: all {found.areas:,} ranks and scores are those of the pack."
        ]
    if found.same_data:
        return [
            f"Worked out again here from the same data, {found.differing:,} areas differ from the pack: this version "
            "computes otherwise than the one that made it. Trust the pack's own list for what was decided."
        ]
    said = [f"The data of the pack are not here: it was worked out on release {found.saved.release_id} instead."]
    said.append(f"{found.kept} of the {found.cut} areas of the pack's computed list are on the one found here.")
    said.append("What was decided stands in the pack; this is the same choices on other data.")
    return said


def _damaged() -> UserError:
    return UserError(
        "The pack's scenario is damaged or was altered.",
        not_done=NOT_OPENED,
        remedy="Ask whoever made the pack to send it again.",
    )
