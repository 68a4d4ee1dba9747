"""Saved cohorts: rules with a name and a reason, kept for all, and counted at the next publish of contacts.

A saved rule never changes, since the counts of two nearly equal rules under one name could be subtracted: other people
are another cohort. Its name and reason may change, and it can be put into the archive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from prioritisation.cohorts.library import Cohort
from prioritisation.cohorts.rule import CohortRule, read_rule
from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import is_id, new_id
from prioritisation.workspace.tables import cohort as table
from prioritisation.workspace.texts import AUTHOR, NAME, Field, accepted

WHY = Field("reason to look at these people", 400)
COUNTED_AS = "saved-"  # what its id begins with in releases, so that none is taken for one of the library
_ID_LENGTH = 16


@dataclass(frozen=True)
class SavedCohort:
    """One saved cohort. rule: JSON of its record; version: raised by each change; changed: as in scenarios."""

    id: str
    name: str
    why: str
    rule: str
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    version: int
    archived: bool
    changed: int

    @property
    def cohort_id(self) -> str:
        """Its id in releases that count it: the same for the same rule, so that one saved again goes on as it was."""
        return f"{COUNTED_AS}{hashlib.sha256(self.rule.encode()).hexdigest()[:_ID_LENGTH]}"

    def cohort(self, contract: Contract) -> Cohort:
        """Return it as the library's are. UserError: the contract no longer knows a value of its rule."""
        return Cohort(self.cohort_id, self.name, self.why, CohortRule.from_record(json.loads(self.rule), contract))


class CohortConflict(UserError):
    """Somebody else changed the row first. `current` is the row as it is now."""

    def __init__(self, current: SavedCohort, wanted: Mapping[str, object]) -> None:
        self.current = current
        differs = [name for name, given in wanted.items() if getattr(current, name) != given]
        at = f"{current.updated_at.day} {current.updated_at:%B %Y} at {current.updated_at:%H:%M} UTC"
        super().__init__(
            f"'{current.name}' was changed by {current.updated_by} on {at}, after you opened it.",
            not_done="Your change was not saved, and theirs was left as it is.",
            remedy="Open it again to see theirs, and make your change there.",
            faults=[Fault(name, "is not the one that you were saving.") for name in differs],
        )


def save(workspace: Workspace, *, name: str, why: str, rule: CohortRule, by: str) -> SavedCohort:
    """Store a rule. by: role or organisation. UserError: words that cannot be kept, no condition, saved already."""
    name, why, by = accepted([(NAME, name), (WHY, why), (AUTHOR, by)], NOTHING_SAVED)
    if rule == CohortRule():
        raise UserError(
            "This cohort would be everyone known.",
            not_done=NOTHING_SAVED,
            remedy="Choose at least one condition.",
        )
    identifier, text = new_id(), _text(rule)
    with workspace.write("cohort saved", by=by, about=identifier, parameters={"version": 1, "rule": text}) as change:
        _refuse_twice(change.connection, text)
        row = {"id": identifier, "rule": text, "author": by, "created_at": change.at, "archived": False}
        change.connection.execute(insert(table).values(**row, **_written(change, by, 1), name=name, why=why))
        return _find(change.connection, identifier)


def get(workspace: Workspace, identifier: str) -> SavedCohort:
    """Return one saved cohort by its id. UserError: there is none."""
    with workspace.read() as connection:
        return _find(connection, identifier)


def listed(workspace: Workspace, *, archived: bool | None = False) -> list[SavedCohort]:
    """Return saved cohorts, the oldest first. None means either."""
    chosen = select(table).order_by(table.c.created_at, table.c.id)
    if archived is not None:
        chosen = chosen.where(table.c.archived == archived)
    with workspace.read() as connection:
        return [_saved(row) for row in connection.execute(chosen)]


def rename(workspace: Workspace, identifier: str, version: int, *, name: str, why: str, by: str) -> SavedCohort:
    """Give another name and reason. version: of the row that the writer saw. UserError: CohortConflict, archived."""
    name, why, by = accepted([(NAME, name), (WHY, why), (AUTHOR, by)], NOTHING_SAVED)
    return _alter(workspace, "cohort renamed", identifier, version, by, {"name": name, "why": why})


def archive(workspace: Workspace, identifier: str, version: int, *, by: str, archived: bool = True) -> SavedCohort:
    """Put it out of the way, or bring it back (archived=False); nothing is deleted. UserError: CohortConflict."""
    (by,) = accepted([(AUTHOR, by)], NOTHING_SAVED)
    action = "cohort archived" if archived else "cohort brought back"
    return _alter(workspace, action, identifier, version, by, {"archived": archived})


def to_count(workspace: Workspace, library: Mapping[str, Cohort], contract: Contract) -> dict[str, Cohort]:
    """Return all cohorts that a publish of contacts counts, by id: the library's, then the saved ones, oldest first.

    A saved one is left out where the library has its rule, or where the contract no longer knows a value of it.
    """
    found = dict(library)
    rules = {each.rule for each in library.values()}
    for row in listed(workspace):
        rule, faults = read_rule(json.loads(row.rule), contract)
        if not faults and rule not in rules:
            found[row.cohort_id] = Cohort(row.cohort_id, row.name, row.why, rule)
    return found


def _text(rule: CohortRule) -> str:
    return json.dumps(rule.to_record(), sort_keys=True)


def _alter(
    workspace: Workspace, action: str, identifier: str, version: int, by: str, wanted: Mapping[str, object]
) -> SavedCohort:
    """Write `wanted` over the version that the writer saw. Where all of it stands already, the row is left."""
    about = identifier if is_id(identifier) else ""
    with workspace.write(action, by=by, about=about, parameters={"version": version + 1}) as change:
        current = _find(change.connection, identifier)
        if all(getattr(current, name) == given for name, given in wanted.items()):
            change.nothing_to_do = True
            return current
        if current.version != version:
            raise CohortConflict(current, wanted)
        if current.archived and "archived" not in wanted:
            raise UserError(
                f"'{current.name}' is archived.", not_done=NOTHING_SAVED, remedy="Bring it back from the archive first."
            )
        if wanted.get("archived") is False:
            _refuse_twice(change.connection, current.rule)
        written = _written(change, by, version + 1)
        change.connection.execute(update(table).where(table.c.id == identifier).values(**written, **wanted))
        return _find(change.connection, identifier)


def _written(change: Change, by: str, version: int) -> dict[str, object]:
    return {"updated_by": by, "updated_at": change.at, "version": version, "changed": change.number}


def _refuse_twice(connection: Connection, rule: str) -> None:
    same = select(table).where(table.c.rule == rule, table.c.archived.is_(False)).limit(1)
    row = connection.execute(same).one_or_none()
    if row is not None:
        raise UserError(
            f"This rule is saved already, as '{row.name}'.",
            not_done=NOTHING_SAVED,
            remedy="Use that one, or change a condition.",
        )


def _find(connection: Connection, identifier: str) -> SavedCohort:
    row = connection.execute(select(table).where(table.c.id == identifier)).one_or_none() if is_id(identifier) else None
    if row is None:
        raise UserError(
            "There is no saved cohort under this link.",
            not_done="No cohort was opened or changed.",
            remedy="Check that the whole link was copied, or choose a cohort from the list.",
        )
    return _saved(row)


def _saved(row: Row[Any]) -> SavedCohort:
    return SavedCohort(**{field.name: row._mapping[field.name] for field in fields(SavedCohort)})
