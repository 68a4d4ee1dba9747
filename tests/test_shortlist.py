"""A ranking as decisions keep it: the demonstration, agreed in a workspace, reads back as it was computed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import Store
from prioritisation.workspace import decisions, drafts, open_workspace
from prioritisation.workspace.overrides import computed_list
from prioritisation.workspace.records import Who


@pytest.fixture(scope="module")
def ranking(demonstration_store: Store) -> Prioritisation:
    frameworks = load_catalogue(TRACKED_DATA / "catalogue").frameworks
    return prioritise(demonstration_store, Scenario.starting(next(iter(frameworks.values()))))


def test_the_whole_ranking_is_kept_to_the_last_digit(ranking: Prioritisation) -> None:
    kept = computed(ranking)
    table = ranking.table()
    assert [area.code for area in kept.areas] == table["id"].tolist()
    for area, row in zip(kept.areas, table.itertuples(), strict=True):
        assert (area.name, area.locality, area.population) == (row.name, row.locality, row.population)
        assert (area.rank, area.score) == (row.rank, row.score)
    shortlisted = [area.code for area in computed_list(kept.areas, ranking.scenario.framework.cut)]
    assert shortlisted == table[table["rank"] <= ranking.scenario.framework.cut]["id"].tolist()
    assert kept.release["demonstration"] is True
    assert json.loads(json.dumps([asdict(area) for area in kept.areas])) == [asdict(area) for area in kept.areas]


def test_areas_without_a_rank_are_kept_as_not_scored(ranking: Prioritisation) -> None:
    scores = ranking.scores
    unscored = scores.rank.copy()
    unscored[0] = 0
    changed = Prioritisation(
        ranking.scenario, ranking.release, ranking.areas, type(scores)(**{**vars(scores), "rank": unscored}), 1
    )
    last = computed(changed).areas[-1]
    assert (last.code, last.rank, last.score) == (ranking.areas.index[0], None, None)


def test_a_demonstration_shortlist_is_agreed_and_reads_back(ranking: Prioritisation, tmp_path: Path) -> None:
    workspace = open_workspace(DataFolder(tmp_path))
    who, kept = Who("Chair", "Council"), computed(ranking)
    draft = drafts.begin(workspace, who, kept)
    made = decisions.agree_shortlist(workspace, who, draft.id, 1, kept, seen=None)
    found = decisions.agreed(workspace).shortlist
    assert found is not None
    assert found.decision == made
    assert found.areas == kept.areas
    assert len(made.snapshot) < 60_000  # a decision a week for ten years stays under 30 MB
    workspace.close()
