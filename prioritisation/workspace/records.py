"""The decision record as it is read: what was decided, by whom, when, on which data and by which method."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from prioritisation.errors import Fault, UserError
from prioritisation.scenario import Scenario
from prioritisation.workspace.database import Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import is_id
from prioritisation.workspace.overrides import RankedArea
from prioritisation.workspace.tables import decision as table
from prioritisation.workspace.texts import ORGANISATION, ROLE, accepted

SCENARIO_AGREED = "scenario agreed"
SHORTLIST_AGREED = "shortlist agreed"
OVERRIDE = "override"
SIGNED_OFF = "signed off"
WITHDRAWN = "sign-off withdrawn"
SUPERSEDED = "superseded"
NOTE = "note"
ROUND_APPLIED = "round applied"
KINDS = (SCENARIO_AGREED, SHORTLIST_AGREED, OVERRIDE, SIGNED_OFF, WITHDRAWN, SUPERSEDED, NOTE, ROUND_APPLIED)
SNAPSHOT_FORMAT = 1


@dataclass(frozen=True)
class Who:
    """Who decides. verified: whether sign-in has shown it; until sign-in exists it is what people declare."""

    role: str
    organisation: str
    verified: bool = False

    @property
    def text(self) -> str:
        return f"{self.role}, {self.organisation}"

    @property
    def described(self) -> str:
        """Role and organisation, marked where nobody checked them."""
        return self.text if self.verified else f"{self.text} (not verified)"

    def checked(self) -> Who:
        """Return it without outer blanks. UserError: empty, too long, unshowable."""
        role, organisation = accepted([(ROLE, self.role), (ORGANISATION, self.organisation)], NOTHING_SAVED)
        return Who(role, organisation, self.verified)


@dataclass(frozen=True)
class Computed:
    """A ranking as decisions keep it. release: id, built_at, council_name, demonstration and whatever else names it."""

    scenario: Scenario
    release: Mapping[str, Any]
    areas: tuple[RankedArea, ...]

    @property
    def release_id(self) -> str:
        return str(self.release["id"])


@dataclass(frozen=True)
class Provenance:
    """What a decision was made on. weights: JSON, per cent by priority id in order; method: JSON."""

    release_id: str
    scenario_id: str
    framework_id: str
    framework_hash: str
    weights: str
    method: str
    cut: int

    @classmethod
    def of(cls, scenario: Scenario, release_id: str) -> Provenance:
        framework = scenario.framework
        record = json.dumps(asdict(framework), sort_keys=True)
        method: dict[str, object] = {"aggregate": framework.aggregate, "reference": framework.reference}
        method |= {"normalise": framework.normalise.method, "rank_offset": framework.normalise.rank_offset}
        return cls(
            release_id,
            scenario.id,
            framework.id,
            hashlib.sha256(record.encode()).hexdigest()[:10],
            json.dumps(dict(zip(framework.priority_ids, scenario.percentages, strict=True))),
            json.dumps(method, sort_keys=True),
            framework.cut,
        )


@dataclass(frozen=True)
class Decision:
    """One record. about: id of the record that it concerns; application: the version that wrote it.

    snapshot: JSON, enough to read what was decided when release and scenario are gone; changed and position: its place
    in the order of all records.
    """

    id: str
    kind: str
    about: str | None
    role: str
    organisation: str
    verified: bool
    at: datetime
    reason: str
    release_id: str
    scenario_id: str
    framework_id: str
    framework_hash: str
    weights: str
    method: str
    cut: int
    application: str
    snapshot: str
    changed: int
    position: int

    @property
    def who(self) -> Who:
        return Who(self.role, self.organisation, self.verified)

    @property
    def provenance(self) -> Provenance:
        return Provenance(**{field.name: getattr(self, field.name) for field in fields(Provenance)})

    @property
    def details(self) -> dict[str, Any]:
        """The snapshot, read. UserError: a newer version wrote it."""
        found: dict[str, Any] = json.loads(self.snapshot)
        if found.get("format", 0) > SNAPSHOT_FORMAT:
            raise UserError(
                f"The decision {self.id} was written by a newer version of this application.",
                not_done="It was not opened.",
                remedy="Install the newer version here.",
            )
        return found

    def to_record(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        read = {name: json.loads(plain[name]) for name in ("weights", "method", "snapshot")}
        return plain | read | {"at": self.at.isoformat().replace("+00:00", "Z")}


class Conflict(UserError):
    """Somebody else decided first. `current` is what stands now."""

    def __init__(self, found: str, *, current: object, remedy: str, faults: Sequence[Fault] = ()) -> None:
        self.current = current
        not_done = "Your change was not saved, and theirs was left as it is."
        super().__init__(found, not_done=not_done, remedy=remedy, faults=faults)


def day_and_time(moment: datetime) -> str:
    """Return a moment in words, as conflicts and lists say it."""
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M} UTC"


def get(workspace: Workspace, identifier: str) -> Decision:
    """Return one record by its id. UserError: there is none."""
    with workspace.read() as connection:
        return find(connection, identifier)


def timeline(workspace: Workspace) -> list[Decision]:
    """Return every record, newest first."""
    with workspace.read() as connection:
        return records(connection)[::-1]


def records(connection: Connection) -> list[Decision]:
    """Return every record in the order in which they were written."""
    chosen = select(table).order_by(table.c.changed, table.c.position)
    return [Decision(**row) for row in connection.execute(chosen).mappings()]


def find(connection: Connection, identifier: str) -> Decision:
    """Return one record. UserError: there is none."""
    chosen = select(table).where(table.c.id == identifier)
    row = connection.execute(chosen).mappings().one_or_none() if is_id(identifier) else None
    if row is None:
        raise UserError(
            "There is no decision under this link.",
            not_done="No decision was opened or changed.",
            remedy="Check that the whole link was copied, or choose a decision from the timeline.",
        )
    return Decision(**row)
