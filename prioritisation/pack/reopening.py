"""A pack brought back as a scenario to work on: checked, worked out again, saved with where it came from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prioritisation.folder import DataFolder
from prioritisation.pack.packed_scenario import PackedScenario, read_scenario
from prioritisation.pack.receiver import SAME_SCORE_WITHIN
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.store import Store, open_store
from prioritisation.workspace import Workspace, audit
from prioritisation.workspace.scenarios import BROUGHT_IN, SavedScenario, listed, save
from prioritisation.workspace.texts import NAME


@dataclass(frozen=True)
class Reopened:
    """A scenario that came out of a pack. same_data: its release is here, and was ranked again.

    differing: areas whose rank or score differs from the pack's; areas: ranked here; kept, cut: how many of the
    pack's computed list are on the one found here; here_already: the pack was opened before, and nothing was saved.
    """

    saved: SavedScenario
    packed: PackedScenario
    same_data: bool
    differing: int
    areas: int
    kept: int
    cut: int
    here_already: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say what was found, plainly."""
        before = [f"This pack was opened here before, as '{self.saved.name}' by {self.saved.author}: here it is again."]
        return (*(before if self.here_already else ()), *_origin_said(self.packed), *_result_said(self))


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

    A pack that was opened before, and whose scenario is still here unchanged, is found again and not saved anew.
    name: empty for one that says where it comes from; trusted_key: name of the key that must have signed it.
    UserError: the pack does not pass, or the data here cannot rank its scenario; then nothing is saved.
    """
    packed = read_scenario(zipped, trusted_key)
    with _store(folder, packed) as store:
        same_data = _is_same_data(store, packed)
        ranking = prioritise(store, packed.scenario, _council(store, packed))
        differing, kept = _compared(packed, ranking)
        release_id = store.release.id
    before = _opened_before(workspace, packed, release_id)
    saved = before or save(
        workspace,
        name=name.strip() or f"From a pack: {packed.title}, {packed.dated}"[: NAME.longest],
        note="\n".join(_origin_said(packed)),
        scenario=packed.scenario,
        release_id=release_id,
        by=by,
        brought_from={"pack": packed.digest, "decision": packed.decision, "release": packed.release_id},
    )
    cut = sum(on_list == "yes" for *_, on_list in packed.rows)
    return Reopened(saved, packed, same_data, differing, len(ranking.areas), kept, cut, before is not None)


def origin(workspace: Workspace, saved: SavedScenario) -> Origin | None:
    """Return the pack that a saved scenario was brought in from, as the audit log has it; None: it was made here."""
    for row in audit.entries(workspace):
        if row.action == BROUGHT_IN and row.about == saved.id:
            said = audit.parameters_of(row)
            return Origin(*(str(said.get(f"from_{name}", "")) for name in ("pack", "decision", "release")))
    return None


def _opened_before(workspace: Workspace, packed: PackedScenario, release_id: str) -> SavedScenario | None:
    """Return the scenario of this very pack, where it lies unchanged in the tray."""
    same = {row.id: row for row in listed(workspace, release_id=release_id) if row.scenario_id == packed.scenario.id}
    for row in audit.entries(workspace) if same else ():
        is_of_pack = row.action == BROUGHT_IN and audit.parameters_of(row).get("from_pack") == packed.digest
        if is_of_pack and row.about in same:
            return same[row.about]
    return None


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
    every, first = store.areas(), packed.rows[0][0]
    if first not in every.index or len(every) == len(packed.rows):
        return None
    return str(every.loc[first, "council_code"])


def _compared(packed: PackedScenario, ranking: Prioritisation) -> tuple[int, int]:
    """Return how many areas the two rankings differ in, and how many of the pack's computed list are on this one."""
    found = ranking.table().set_index("id")[["rank", "score"]].astype(float).rename(columns=lambda name: f"{name}_here")
    sent = pd.DataFrame(list(packed.rows), columns=["id", "rank", "score", "computed_list"])
    both = sent.set_index("id").join(found, how="outer")
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
