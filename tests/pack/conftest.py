"""A workspace beside the demonstration in which one shortlist is agreed, overridden and signed off; and its pack."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from packed import NOTE, Decided, patch_found

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.pack.building import Pack, decision_pack
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import open_store
from prioritisation.workspace import decisions, drafts, open_workspace
from prioritisation.workspace.overrides import ADD, DROP
from prioritisation.workspace.records import Who

INJECTED = '=HYPERLINK("http://evil.example","x")'
COHORT = {"id": "partners-3", "name": "In contact with 3 or more partners", "sentence": "As agreed"}
CHAIR, POLICE = Who("Chair", "South Ayrshire Council"), Who("Inspector", "Police Scotland")


@pytest.fixture(scope="session")
def decided(demonstration_with_people: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decided]:
    folder = DataFolder(tmp_path_factory.mktemp("decided") / "data")
    shutil.copytree(demonstration_with_people.root, folder.root)
    workspace = open_workspace(folder)
    frameworks = load_catalogue(folder.catalogue).frameworks
    with open_store(folder) as store:
        ranking = prioritise(store, Scenario.starting(next(iter(frameworks.values()))).with_weights([4, 3, 3, 0]))
        kept, also = computed(ranking), {"patch": patch_found(store, ranking), "cohorts": [COHORT]}
    draft = drafts.begin(workspace, CHAIR, kept)
    made = decisions.agree_shortlist(workspace, CHAIR, draft.id, 1, kept, seen=None, also=also)
    later = (datetime.now(UTC) + timedelta(days=90)).date()
    for do, area in ((DROP, kept.areas[2]), (ADD, kept.areas[40])):
        seen = decisions.shortlist(workspace, made.id).agreed.id
        decisions.override(
            workspace, CHAIR, made.id, seen=seen, do=do, code=area.code, reason=INJECTED, review_on=later
        )
    seen = decisions.shortlist(workspace, made.id).agreed.id
    decisions.sign_off(workspace, POLICE, made.id, seen=seen, note=NOTE)
    yield Decided(folder, workspace, made.id)
    workspace.close()


@pytest.fixture(scope="session")
def pack(decided: Decided) -> Pack:
    return decision_pack(decided.folder, decided.workspace, decided.shortlist_id)


@pytest.fixture
def unpacked(pack: Pack, tmp_path: Path) -> Path:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, content in pack.files.items():
        (folder / name).write_bytes(content)
    return folder
