"""Draft shortlists: a ranking and the overrides so far, on which several people work before anything is agreed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from prioritisation.errors import UserError
from prioritisation.scenario import Scenario
from prioritisation.workspace.agreed import made_override
from prioritisation.workspace.chain import Plain
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import id_to_log, is_id, new_id
from prioritisation.workspace.overrides import (
    AgreedList,
    Override,
    RankedArea,
    apply_overrides,
    check_override,
    wanted_override,
)
from prioritisation.workspace.records import Computed, Conflict, Who, day_and_time
from prioritisation.workspace.tables import draft as table

OPEN, AGREED, DISCARDED = "open", "agreed", "discarded"


@dataclass(frozen=True)
class Draft:
    """One draft. saved_id: the scenario in the tray, where there is one; version: raised by each change."""

    id: str
    saved_id: str | None
    choices: str
    scenario_id: str
    release_id: str
    overrides: str
    state: str
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    version: int
    changed: int

    @property
    def scenario(self) -> Scenario:
        """The choices. UserError: they were saved by a newer version, or are damaged."""
        return Scenario.from_json(self.choices)

    @property
    def proposed(self) -> tuple[tuple[Override, Who], ...]:
        """The overrides so far, in order, each with who proposed it."""
        return tuple((made_override(each), Who(**each["who"])) for each in json.loads(self.overrides))

    def agreed_list(self, areas: Sequence[RankedArea]) -> AgreedList:
        """Return the list as it would be agreed now."""
        return apply_overrides(areas, self.scenario.framework.cut, [override for override, _ in self.proposed])


def begin(workspace: Workspace, who: Who, computed: Computed, *, saved_id: str | None = None) -> Draft:
    """Open a draft for a ranking, or return the one that is open for the same choices on the same release."""
    who, identifier = who.checked(), new_id()
    same = {"scenario_id": computed.scenario.id, "release_id": computed.release_id}
    chosen = select(table).where(*(table.c[name] == value for name, value in same.items()), table.c.state == OPEN)
    with workspace.write("draft begun", by=who.text, about=identifier, parameters=same) as change:
        found = change.connection.execute(chosen.order_by(table.c.changed).limit(1)).mappings().one_or_none()
        if found is not None:
            change.nothing_to_do = True
            return Draft(**found)
        row: dict[str, Any] = same | {
            "id": identifier,
            "saved_id": saved_id,
            "choices": computed.scenario.to_json(),
            "overrides": "[]",
        }
        row |= {"state": OPEN, "author": who.text, "created_at": change.at} | _written(change, who, 1)
        change.connection.execute(insert(table).values(**row))
        return find(change.connection, identifier)


def get(workspace: Workspace, identifier: str) -> Draft:
    """Return one draft. UserError: there is none."""
    with workspace.read() as connection:
        return find(connection, identifier)


def listed(workspace: Workspace, state: str | None = OPEN) -> list[Draft]:
    """Return drafts, the latest change first; None means in any state."""
    chosen = select(table).order_by(table.c.changed.desc())
    with workspace.read() as connection:
        rows = connection.execute(chosen if state is None else chosen.where(table.c.state == state)).mappings()
        return [Draft(**row) for row in rows]


def override(
    workspace: Workspace,
    identifier: str,
    version: int,
    who: Who,
    areas: Sequence[RankedArea],
    *,
    do: str,
    code: str,
    reason: str,
    review_on: date | None,
    to: int | None = None,
) -> Draft:
    """Propose an override. version: of the draft that the writer saw; areas: its whole ranking.

    UserError: Conflict, not open any more, a reason, date or position is needed, it would do nothing.
    """
    who = who.checked()
    parameters: dict[str, Plain | list[Plain]] = {"do": do, "area": code[:20], "version": version + 1}
    with workspace.write(
        "override proposed", by=who.text, about=id_to_log(identifier), parameters=parameters
    ) as change:
        current = to_change(change.connection, identifier, version)
        wanted = wanted_override(do, code, to, reason, review_on, change.at.date())
        before = [each for each, _ in current.proposed]
        check_override(areas, current.scenario.framework.cut, before, wanted)
        return _alter(change, current, who, overrides=_with(current, wanted, who))


def take_back(workspace: Workspace, identifier: str, version: int, who: Who, override_id: str) -> Draft:
    """Take a proposed override back, before anything is agreed. UserError: Conflict, not open any more, not there."""
    who = who.checked()
    with workspace.write("override taken back", by=who.text, about=id_to_log(identifier)) as change:
        current = to_change(change.connection, identifier, version)
        every = json.loads(current.overrides)
        kept = [each for each in every if each["id"] != override_id]
        if len(kept) == len(every):
            raise UserError(
                "This override is not in the draft.", not_done=NOTHING_SAVED, remedy="Look at the draft as it is now."
            )
        return _alter(change, current, who, overrides=json.dumps(kept))


def discard(workspace: Workspace, identifier: str, version: int, who: Who) -> Draft:
    """Close a draft that nobody will agree; it is kept. UserError: Conflict, not open any more."""
    who = who.checked()
    with workspace.write("draft discarded", by=who.text, about=id_to_log(identifier)) as change:
        return _alter(change, to_change(change.connection, identifier, version), who, state=DISCARDED)


def close_as_agreed(change: Change, current: Draft, who: Who) -> Draft:
    """Mark it as agreed, inside the write that records the agreement."""
    return _alter(change, current, who, state=AGREED)


def find(connection: Connection, identifier: str) -> Draft:
    """Return one draft. UserError: there is none."""
    chosen = select(table).where(table.c.id == identifier)
    row = connection.execute(chosen).mappings().one_or_none() if is_id(identifier) else None
    if row is None:
        raise UserError(
            "There is no draft shortlist under this link.",
            not_done="No draft was opened or changed.",
            remedy="Begin a draft from the ranking.",
        )
    return Draft(**row)


def to_change(connection: Connection, identifier: str, version: int) -> Draft:
    """Return the draft to write over. UserError: Conflict, not open any more."""
    current = find(connection, identifier)
    at = day_and_time(current.updated_at)
    if current.state != OPEN:
        raise Conflict(
            f"The draft was {current.state} by {current.updated_by} on {at}.",
            current=current,
            remedy="Open the agreed shortlist, or begin another draft.",
        )
    if current.version != version:
        raise Conflict(
            f"The draft was changed by {current.updated_by} on {at}, after you opened it.",
            current=current,
            remedy="Look at the draft as it is now, then make your change there.",
        )
    return current


def _with(current: Draft, wanted: Override, who: Who) -> str:
    plain: dict[str, Any] = {field.name: getattr(wanted, field.name) for field in fields(Override)}
    plain |= {"review_on": wanted.review_on.isoformat()}
    plain["who"] = {"role": who.role, "organisation": who.organisation, "verified": who.verified}
    return json.dumps([*json.loads(current.overrides), plain], ensure_ascii=False)


def _alter(change: Change, current: Draft, who: Who, **wanted: str) -> Draft:
    row = _written(change, who, current.version + 1) | wanted
    change.connection.execute(update(table).where(table.c.id == current.id).values(**row))
    return find(change.connection, current.id)


def _written(change: Change, who: Who, version: int) -> dict[str, Any]:
    return {"updated_by": who.text, "updated_at": change.at, "version": version, "changed": change.number}
