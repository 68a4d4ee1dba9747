"""What one pack says, read from its own release and decision: everything that the files are then written from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from prioritisation.answer import how_sure
from prioritisation.cohort_ranking import open_cube
from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counts import by_area
from prioritisation.errors import UserError
from prioritisation.findings import Finding, findings
from prioritisation.findings import how_sure as every_test
from prioritisation.folder import DataFolder
from prioritisation.patch.recorded import RecordedPatch, recorded_patch
from prioritisation.prioritise import Prioritisation, inputs, prioritise
from prioritisation.round_sentences import round_behind
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import Store, open_store
from prioritisation.workspace import Workspace, audit, knowledge
from prioritisation.workspace.agreed import AgreedShortlist
from prioritisation.workspace.decisions import shortlist
from prioritisation.workspace.knowledge import Known
from prioritisation.workspace.overrides import RankedArea
from prioritisation.workspace.records import Decision, timeline

EXPIRES_AFTER_DAYS = 365
SAME_SCORE_WITHIN = 1e-9
AGREED = "agreed"
NOT_AGREED = "not agreed: a scenario, not a decision"
SUPERSEDED = "superseded: another decision took its place"
COHORT_GEOGRAPHIES = (COUNCIL, "locality")


@dataclass(frozen=True, eq=False)
class Content:
    """Everything in a pack. Tables as `Store` returns them, of the areas ranked.

    decision: the agreed shortlist, None for a mere scenario; sureness: see `how_sure`; findings: what else was tried on
    the computed list; cohorts: published counts, None when the release has none; dated: of the decision's latest
    record, or of the release; audit_head: the head of the audit log when that record was written, empty without a
    decision; round: record of the round of votes behind the weights, None where there is none; knowledge: what stood
    accepted of any place when the decision's latest record was written, nothing without a decision.
    """

    ranking: Prioritisation
    indicators: pd.DataFrame
    observations: pd.DataFrame
    sources: pd.DataFrame
    loaded_files: pd.DataFrame
    sureness: pd.DataFrame
    findings: tuple[Finding, ...]
    cohorts: pd.DataFrame | None
    boundaries: Path | None
    decision: AgreedShortlist | None
    dated: datetime
    audit_head: str
    round: Decision | None = None
    knowledge: tuple[Known, ...] = ()

    @property
    def scenario(self) -> Scenario:
        return self.ranking.scenario

    @property
    def state(self) -> str:
        """What the list is: agreed, superseded, or no decision at all."""
        if self.decision is None:
            return NOT_AGREED
        return AGREED if self.decision.superseded_by is None else SUPERSEDED

    @property
    def expires(self) -> str:
        """Day after which the pack should be asked for anew, as YYYY-MM-DD."""
        return (self.dated + timedelta(days=EXPIRES_AFTER_DAYS)).date().isoformat()

    @property
    def note(self) -> str:
        """The words that every file of demonstration data carries; empty for real data."""
        return self.ranking.stamp()["note"]

    @property
    def also(self) -> Mapping[str, Any]:
        """What else was agreed with the shortlist, as recorded."""
        found = self.decision.decision.details.get("also") if self.decision else None
        return found if isinstance(found, dict) else {}

    @property
    def patch(self) -> RecordedPatch | None:
        """The patch that was agreed with the shortlist, never one found now; None where none can be read."""
        return recorded_patch(self.also.get("patch"))

    @property
    def cohorts_agreed(self) -> tuple[str, ...]:
        """Ids of the cohorts that were agreed with the shortlist."""
        listed = self.also.get("cohorts") or ()
        return tuple(str(each["id"]) for each in listed if isinstance(each, dict) and "id" in each)

    @property
    def cohort_names(self) -> tuple[str, ...]:
        """Names of the cohorts that were agreed with the shortlist, as recorded."""
        listed = self.also.get("cohorts") or ()
        return tuple(str(each["name"]) for each in listed if isinstance(each, dict) and "name" in each)

    @property
    def title(self) -> str:
        return f"Shortlist of areas, {self.ranking.release.council_name}"


def decision_content(folder: DataFolder, workspace: Workspace, identifier: str, until: str | None = None) -> Content:
    """Read an agreed shortlist and the release that it was agreed on, whichever release is in use now.

    until: id of a record; the state just after it. UserError: no such decision, its release is gone, or this version
    of the product no longer finds the ranking that was agreed.
    """
    found = shortlist(workspace, identifier, until=until)
    scenario = Scenario.from_json(found.decision.details["choices"])
    head = next((row.head for row in audit.entries(workspace) if row.change_number == found.latest.changed), "")
    with Store(folder, found.decision.release_id) as store:
        council = _council(store, found.areas)
        ranking = prioritise(store, scenario, council)
        _refuse_another_ranking(found.areas, computed(ranking).areas)
        made = _content(store, folder, ranking, council, found, found.latest.at, head)
    known = knowledge.listed(workspace, until=found.latest.changed)
    return replace(made, round=_round(workspace, found.latest, scenario), knowledge=known)


def _round(workspace: Workspace, latest: Decision, scenario: Scenario) -> Decision | None:
    """Return the round of votes that gave these weights, as far as it was recorded by then."""
    every = [
        each for each in timeline(workspace)[::-1] if (each.changed, each.position) <= (latest.changed, latest.position)
    ]
    return round_behind(every, scenario)


def scenario_content(folder: DataFolder, scenario: Scenario, council: str | None = None) -> Content:
    """Read what a scenario gives on the release in use now; council: code of one, out of a release for many."""
    with open_store(folder) as store:
        ranking = prioritise(store, scenario, council)
        built = datetime.fromisoformat(store.release.built_at)
        dated = built if built.tzinfo else built.replace(tzinfo=UTC)
        return _content(store, folder, ranking, council, None, dated, "")


def _content(
    store: Store,
    folder: DataFolder,
    ranking: Prioritisation,
    council: str | None,
    decision: AgreedShortlist | None,
    dated: datetime,
    head: str,
) -> Content:
    framework = ranking.scenario.framework
    observed = store.observations(framework.indicator_ids)
    indicators = store.indicators().loc[list(dict.fromkeys(framework.indicator_ids))]
    own = observed[observed["area_code"].isin(ranking.areas.index)]
    return Content(
        ranking=ranking,
        indicators=indicators,
        observations=own,
        sources=store.sources(),
        loaded_files=store.loaded_files(),
        sureness=how_sure(ranking.scores, framework),
        findings=tuple(findings(every_test(ranking, inputs(store, ranking.scenario, council), indicators, own))),
        cohorts=_cohorts(store, folder),
        boundaries=store.boundaries,
        decision=decision,
        dated=dated,
        audit_head=head,
    )


def _cohorts(store: Store, folder: DataFolder) -> pd.DataFrame | None:
    """Return the published counts of the saved cohorts: cohort, name, sentence, rule, geography, area, interval."""
    if not store.cube_facts():
        return None
    cube = open_cube(store, folder.catalogue)
    parts = []
    for each in cube.cohorts.values():
        for geography in COHORT_GEOGRAPHIES:
            counts = by_area(cube, each.rule, geography).rename(columns={"name": "area_name"})
            said = {"cohort": each.id, "cohort_name": each.name, "sentence": each.sentence}
            said |= {"rule": json.dumps(each.rule.to_record(), sort_keys=True), "geography": geography}
            parts.append(pd.DataFrame([said] * len(counts)).join(counts))
    return pd.concat(parts, ignore_index=True) if parts else None


def _council(store: Store, areas: tuple[RankedArea, ...]) -> str | None:
    """Return the code of the one council that was ranked, None when the whole release was."""
    every = store.areas()
    if len(areas) == len(every) or areas[0].code not in every.index:
        return None
    return str(every.loc[areas[0].code, "council_code"])


def _refuse_another_ranking(agreed: tuple[RankedArea, ...], found: tuple[RankedArea, ...]) -> None:
    now = {area.code: area for area in found}
    same = len(now) == len(agreed) and all(_same(area, now.get(area.code)) for area in agreed)
    if not same:
        raise UserError(
            "The ranking that was agreed is not the one that this version finds from the same data and choices.",
            not_done="No pack was made.",
            remedy="Agree the shortlist again with this version, or use the version that the decision names.",
        )


def _same(agreed: RankedArea, now: RankedArea | None) -> bool:
    if now is None or agreed.rank != now.rank:
        return False
    if agreed.score is None or now.score is None:
        return agreed.score is now.score
    return abs(agreed.score - now.score) <= SAME_SCORE_WITHIN
