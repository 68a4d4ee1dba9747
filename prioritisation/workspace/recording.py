"""Rows of the decision record, made and stored: what each kind keeps, and the log's row beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert

from prioritisation import __version__
from prioritisation.scenario import Scenario
from prioritisation.workspace.chain import Plain, content_of
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.ids import is_id, new_id
from prioritisation.workspace.overrides import Override, computed_list
from prioritisation.workspace.records import OVERRIDE, SNAPSHOT_FORMAT, SUPERSEDED, Computed, Decision, Provenance, Who
from prioritisation.workspace.tables import decision as table


def deciding(
    workspace: Workspace,
    kind: str,
    who: Who,
    provenance: Provenance | None,
    about: str = "",
    more: Mapping[str, Plain | list[Plain]] | None = None,
) -> AbstractContextManager[Change]:
    """Begin a write whose row of the log says what kind of record is added, about what, and on which data."""
    parameters: dict[str, Plain | list[Plain]] = {"kind": kind, **(more or {})}
    if provenance is not None:
        parameters |= {"scenario_id": provenance.scenario_id, "release_id": provenance.release_id}
    action = "decision recorded"
    return workspace.write(action, by=who.text, about=about if is_id(about) else "", parameters=parameters)


def row(
    who: Who,
    provenance: Provenance,
    kind: str,
    snapshot: Mapping[str, Any],
    *,
    about: str | None = None,
    reason: str = "",
    identifier: str | None = None,
) -> dict[str, Any]:
    """Return one record as it is stored, all but its time and place in the order."""
    text = json.dumps({"format": SNAPSHOT_FORMAT, **snapshot}, ensure_ascii=False, allow_nan=False)
    made = {"id": identifier or new_id(), "kind": kind, "about": about, "reason": reason, "snapshot": text}
    return made | asdict(who) | asdict(provenance) | {"application": __version__}


def store(change: Change, rows: Sequence[dict[str, Any]]) -> list[Decision]:
    """Add the records of one write; the log vouches for them all."""
    same = {"at": change.at, "changed": change.number}
    stored = [{**each, **same, "position": position} for position, each in enumerate(rows)]
    change.connection.execute(insert(table), stored)
    change.content = content_of(stored)
    return [Decision(**each) for each in stored]


def whole(computed: Computed) -> dict[str, Any]:
    """Return what a reader needs when the release is gone: the release's names, the choices, the whole ranking."""
    return without_areas(computed.scenario, computed.release) | {
        "areas": [asdict(area) for area in computed.areas],
        "computed": [area.code for area in computed_list(computed.areas, computed.scenario.framework.cut)],
    }


def without_areas(scenario: Scenario, release: Mapping[str, Any]) -> dict[str, Any]:
    """Return the release's names and the choices, for a record that ranks nothing."""
    priorities = [asdict(priority) for priority in scenario.framework.priorities]
    return {
        "release": dict(release),
        "choices": scenario.to_json(),
        "framework": {"name": scenario.framework.name, "status": scenario.framework.status},
        "priorities": [{"id": each["id"], "name": each["name"], "question": each["question"]} for each in priorities],
    }


def override_row(
    who: Who, provenance: Provenance, shortlist_id: str, wanted: Override, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return an override as a record about the shortlist that it changes. names: of areas, by code."""
    snapshot = {"do": wanted.do, "code": wanted.code, "name": names[wanted.code], "to": wanted.to}
    snapshot |= {"review_on": wanted.review_on.isoformat()}
    return row(who, provenance, OVERRIDE, snapshot, about=shortlist_id, reason=wanted.reason, identifier=wanted.id)


def supersession(who: Who, before: Decision | None, made: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the record that ends what stood before, where something did."""
    if before is None:
        return []
    return [row(who, before.provenance, SUPERSEDED, {"by": made["id"]}, about=before.id)]
