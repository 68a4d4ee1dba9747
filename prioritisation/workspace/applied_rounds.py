"""What a round decided: a saved scenario and a decision record, stored together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prioritisation.scenario import Scenario
from prioritisation.voting.agreement import agreement
from prioritisation.voting.ballots import weights_of
from prioritisation.voting.partners import organisations
from prioritisation.voting.together import group_weights, spreads
from prioritisation.workspace.ballots import Vote, Weights, revealed_votes
from prioritisation.workspace.database import Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.recording import deciding, row, store, without_areas
from prioritisation.workspace.records import ROUND_APPLIED, Decision, Provenance, Who
from prioritisation.workspace.rounds import APPLIED, REVEALED, Round, alter, get, to_change
from prioritisation.workspace.scenarios import SavedScenario, keep_result
from prioritisation.workspace.texts import NAME, NOTE, accepted


@dataclass(frozen=True)
class Applied:
    """What applying stored: the round as it is now, the scenario in the tray, and the record that tells of both."""

    round: Round
    saved: SavedScenario
    decision: Decision


def apply(
    workspace: Workspace,
    who: Who,
    round_id: str,
    *,
    release: Mapping[str, Any],
    name: str,
    weights: Weights | None = None,
    reason: str = "",
) -> Applied:
    """Save the result of a revealed round as a locked scenario, and record how it came about.

    release: as `Computed.release`, the one the result is shown on; weights: as for `weights.shares`, by default the
    group's; name: of the scenario; reason: why these, such as where the group settled on other weights than its median.
    UserError: Conflict, not revealed or applied already; weights or words that cannot be used.
    """
    who = who.checked()
    name, reason = accepted([(NAME, name), (NOTE, reason)], NOTHING_SAVED)
    current, votes = get(workspace, round_id), revealed_votes(workspace, round_id)
    scenario = _scenario(current, votes, weights)
    provenance = Provenance.of(scenario, str(release["id"]))
    with deciding(workspace, ROUND_APPLIED, who, provenance, round_id) as change:
        current = to_change(change.connection, round_id, (REVEALED,))
        saved = keep_result(
            change, name=name, scenario=scenario, release_id=str(release["id"]), by=who.text, from_round=current.id
        )
        snapshot = without_areas(scenario, release) | {"scenario": saved.id, "name": name}
        snapshot["round"] = told_of(current, votes)
        decided = store(change, [row(who, provenance, ROUND_APPLIED, snapshot, reason=reason)])[0]
        return Applied(alter(change, current, who, state=APPLIED), saved, decided)


def told_of(current: Round, votes: Sequence[Vote]) -> dict[str, Any]:
    """Return what the record keeps of a revealed round: who took part, every vote, the median and the agreement.

    The reasons that people gave stay in the round. Votes stand by organisation, in an order that says nothing of time.
    """
    weights = weights_of(votes)
    ids = current.scenario.framework.priority_ids
    agreed = agreement(weights)
    return {
        "id": current.id,
        "name": current.name,
        "question": current.question,
        "way": current.way,
        "opened_at": current.created_at.isoformat(),
        "expected": current.expected,
        "votes": len(votes),
        "on_paper": sum(vote.paper for vote in votes),
        "organisations": [{"name": name, "votes": len(own)} for name, own in organisations(votes)],
        "median": dict(zip(ids, group_weights(weights), strict=True)),
        "w": agreed.w,
        "agreement": agreed.sentence,
        "differ_by": {spread.priority_id: round(spread.differ_by, 4) for spread in spreads(ids, weights)},
        "first_round": current.first_round,
        "cast": [
            {"organisation": vote.organisation, "weights": list(vote.percentages), "paper": vote.paper}
            for vote in votes
        ],
    }


def _scenario(current: Round, votes: Sequence[Vote], weights: Weights | None) -> Scenario:
    return current.scenario.with_weights(group_weights(weights_of(votes)) if weights is None else weights)
