"""A signed pack of the demonstration, so that referral lists can be tried: an invented chair agrees the usual list."""

from __future__ import annotations

from pathlib import Path

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.pack.building import build_pack
from prioritisation.pack.content import decision_content
from prioritisation.pack.signing import write_new_signing_key
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import open_store
from prioritisation.workspace import decisions, drafts, open_workspace
from prioritisation.workspace.records import Who

CHAIR = Who("Chair of the trial", "Demonstration partnership")
REASON = "Agreed by the demonstration, to try referral lists."


def write_signed_pack(folder: DataFolder, to: Path, cut: int | None = None) -> str:
    """Agree the usual shortlist of the release in use, and write pack.zip and its signing key; return the key's name.

    cut: how many areas, where not as many as the framework says. UserError: the files are there, or cannot be written.
    """
    framework = next(iter(load_catalogue(folder.catalogue).frameworks.values()))
    scenario = Scenario.starting(framework)
    with open_store(folder) as store:
        kept = computed(prioritise(store, scenario if cut is None else scenario.with_cut(cut)))
    workspace = open_workspace(folder)
    try:
        before = decisions.agreed(workspace).shortlist
        draft = drafts.begin(workspace, CHAIR, kept)
        made = decisions.agree_shortlist(
            workspace, CHAIR, draft.id, draft.version, kept, seen=before.id if before else None, reason=REASON
        )
        content = decision_content(folder, workspace, made.id)
    finally:
        workspace.close()
    signer = write_new_signing_key(to / "signing-key.pem")
    (to / "pack.zip").write_bytes(build_pack(content, signer).zipped)
    return signer.name
