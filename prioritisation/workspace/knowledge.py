"""What people here know of places: said by organisations, looked at by an analyst, and shown beside the numbers.

A contribution never changes. What is decided about it (waiting, accepted, declined, erased) is added as a row with its
change number, so that what stood accepted at the moment of any decision can be read again. Erasing takes the words away
for good, from earlier moments too: somebody may have been named.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from prioritisation.errors import Fault, UserError
from prioritisation.place_standard import PlaceStandard
from prioritisation.workspace.chain import Plain
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import is_id, new_id
from prioritisation.workspace.records import Conflict, day_and_time
from prioritisation.workspace.tables import knowledge as table
from prioritisation.workspace.tables import knowledge_state as states
from prioritisation.workspace.texts import AUTHOR, ORGANISATION, Field, accepted

KNOWN, ASSET, CONCERN, PLACE_STANDARD = "known", "asset", "concern", "place standard"
KINDS = (KNOWN, ASSET, CONCERN, PLACE_STANDARD)
AREA, LOCALITY = "area", "locality"
CONFIDENCES = ("low", "medium", "high")
WAITING, ACCEPTED, DECLINED, ERASED = "waiting", "accepted", "declined", "erased"
WORDS = Field("answer to “What is known?”", 2_000, several_lines=True, asked="Write what is known.")
REMARK = Field("remark", 2_000, several_lines=True, required=False)
SOURCE = Field("source", 200, asked="Write where it is from.")
WHY = Field("reason", 400)
WHY_NOT_NEEDED = Field("reason", 400, required=False)
EARLIEST = date(2000, 1, 1)
_ADDED, _DECIDED, _ERASED = "knowledge added", "knowledge looked at", "knowledge erased"


@dataclass(frozen=True)
class Contribution:
    """What somebody says of one place. place: an area's code or a locality's name; scores: by theme of the tool.

    organisation: the author's; known_on: the day that the knowledge is of.
    """

    kind: str
    geography: str
    place: str
    words: str
    source: str
    organisation: str
    known_on: date | None
    confidence: str
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """A contribution as it is kept, with what was last decided about it. version: raised by each decision."""

    id: str
    given: Contribution
    created_at: datetime
    state: str
    reason: str
    decided_by: str
    decided_at: datetime
    version: int

    @property
    def known_on(self) -> date:
        """The day that it is of."""
        if self.given.known_on is None:
            raise ValueError("what is kept has its day")
        return self.given.known_on


def add(workspace: Workspace, given: Contribution, tool: PlaceStandard) -> Known:
    """Keep a contribution, waiting to be looked at. UserError with every fault: words, day, place, scores."""
    identifier = new_id()
    kept, faults = _checked(given, tool)
    parameters: dict[str, Plain | list[Plain]] = {"kind": given.kind, "geography": given.geography}
    parameters |= {"themes": len(given.scores)}
    if faults:
        raise _refusal(faults)
    with workspace.write(_ADDED, by=kept["organisation"], about=identifier, parameters=parameters) as change:
        if given.known_on is not None and given.known_on > change.at.date():
            raise _refusal([Fault("day", "is still to come.", "Choose the day that the knowledge is of.")])
        row = {"id": identifier, "created_at": change.at, "changed": change.number, **kept}
        change.connection.execute(insert(table).values(**row))
        _decide(change, identifier, 1, WAITING, "", kept["organisation"])
        return _find(change.connection, identifier)


def moderate(workspace: Workspace, identifier: str, version: int, *, state: str, reason: str, by: str) -> Known:
    """Accept or decline a contribution, also one decided about before. version: the one that the moderator saw.

    UserError: Conflict when another decided since; no reason for declining; it was erased.
    """
    if state not in (ACCEPTED, DECLINED):
        raise ValueError("a contribution is accepted or declined")
    field_ = WHY if state == DECLINED else WHY_NOT_NEEDED
    reason, by = accepted([(field_, reason), (AUTHOR, by)], NOTHING_SAVED)
    parameters: dict[str, Plain | list[Plain]] = {"version": version + 1, "state": state}
    with workspace.write(_DECIDED, by=by, about=_about(identifier), parameters=parameters) as change:
        current = _as_seen(change.connection, identifier, version)
        _decide(change, current.id, version + 1, state, reason, by)
        return _find(change.connection, identifier)


def erase(workspace: Workspace, identifier: str, version: int, *, reason: str, by: str) -> Known:
    """Take away the words and source of a contribution for good, at every moment. UserError: as `moderate`."""
    reason, by = accepted([(WHY, reason), (AUTHOR, by)], NOTHING_SAVED)
    with workspace.write(_ERASED, by=by, about=_about(identifier), parameters={"version": version + 1}) as change:
        current = _as_seen(change.connection, identifier, version)
        gone = update(table).where(table.c.id == current.id).values(words="", source="", scores="{}")
        change.connection.execute(gone)
        _decide(change, current.id, version + 1, ERASED, reason, by)
        return _find(change.connection, identifier)


def get(workspace: Workspace, identifier: str) -> Known:
    """Return one contribution. UserError: there is none."""
    with workspace.read() as connection:
        return _find(connection, identifier)


def listed(
    workspace: Workspace, wanted: Collection[str] = (ACCEPTED,), *, until: int | None = None
) -> tuple[Known, ...]:
    """Return contributions in these states, the newest knowledge first.

    until: a change number; as it stood just after that write, without what was erased since.
    """
    with workspace.read() as connection:
        found = list(_every(connection, until))
    return tuple(sorted((each for each in found if each.state in wanted), key=_newest_first))


def erased(workspace: Workspace) -> int:
    """Return how many contributions were erased: what was made of their words before is to be made anew."""
    with workspace.read() as connection:
        return connection.execute(select(func.count()).where(states.c.state == ERASED)).scalar_one()


def _newest_first(each: Known) -> tuple[int, float, str]:
    return -each.known_on.toordinal(), -each.created_at.timestamp(), each.id


def _checked(given: Contribution, tool: PlaceStandard) -> tuple[dict[str, Any], list[Fault]]:
    """Return the columns of a contribution, and everything that is wrong with it."""
    words = REMARK if given.kind == PLACE_STANDARD else WORDS
    boxes = [(words, given.words), (SOURCE, given.source), (ORGANISATION, given.organisation)]
    texts, faults = ["", "", ""], [*_choice_faults(given), *_score_faults(given, tool)]
    try:
        texts = accepted(boxes, NOTHING_SAVED)
    except UserError as refused:
        faults = [*refused.faults, *faults]
    day = given.known_on.isoformat() if given.known_on else ""
    columns = {"kind": given.kind, "geography": given.geography, "place": given.place, "known_on": day}
    columns |= {"words": texts[0], "source": texts[1], "organisation": texts[2], "confidence": given.confidence}
    return columns | {"scores": json.dumps(dict(given.scores), sort_keys=True)}, faults


def _choice_faults(given: Contribution) -> Iterator[Fault]:
    if given.kind not in KINDS or given.geography not in (AREA, LOCALITY):
        raise ValueError("kind and geography are chosen from lists")
    if not given.place:
        yield Fault("place", "is not chosen.", "Choose an area or a locality.")
    if given.confidence not in CONFIDENCES:
        yield Fault("confidence", "is not chosen.", f"Choose {', '.join(CONFIDENCES[:-1])} or {CONFIDENCES[-1]}.")
    if given.known_on is None or given.known_on < EARLIEST:
        yield Fault("day", f"is not chosen, or lies before {EARLIEST.year}.", "Choose the day the knowledge is of.")


def _score_faults(given: Contribution, tool: PlaceStandard) -> Iterator[Fault]:
    if given.kind != PLACE_STANDARD:
        if given.scores:
            raise ValueError("only the Place Standard has scores")
        return
    if not given.scores:
        yield Fault("scores", "are all empty.", "Give at least one theme its score.")
    wrong = [name for name, score in given.scores.items() if name not in tool.names or score not in tool.scale]
    if wrong:
        yield Fault("scores", "are not all of the tool.", f"Give whole numbers from {tool.least} to {tool.most}.")


def _refusal(faults: list[Fault]) -> UserError:
    return UserError(
        "Something is still needed before this can be saved.",
        not_done=NOTHING_SAVED,
        remedy="Mend what is named above, then save again.",
        faults=faults,
    )


def _about(identifier: str) -> str:
    return identifier if is_id(identifier) else ""


def _decide(change: Change, identifier: str, version: int, state: str, reason: str, by: str) -> None:
    row = {"knowledge_id": identifier, "version": version, "state": state, "reason": reason, "decided_by": by}
    change.connection.execute(insert(states).values(**row, at=change.at, changed=change.number))


def _as_seen(connection: Connection, identifier: str, version: int) -> Known:
    current = _find(connection, identifier)
    if current.version != version:
        raise Conflict(
            f"{current.decided_by} looked at this on {day_and_time(current.decided_at)}, after you opened it: "
            f"it is {current.state}.",
            current=current,
            remedy="Look at what stands now, then decide again.",
        )
    if current.state == ERASED:
        raise UserError(
            "This was erased; nothing of it is left to decide about.",
            not_done=NOTHING_SAVED,
            remedy="Ask for it to be written again, without what it was erased for.",
        )
    return current


def _find(connection: Connection, identifier: str) -> Known:
    found = next((each for each in _every(connection) if each.id == identifier), None)
    if found is None:
        raise UserError(
            "There is no such piece of knowledge.",
            not_done="Nothing was opened or changed.",
            remedy="Choose one from the list.",
        )
    return found


def _every(connection: Connection, until: int | None = None) -> Iterator[Known]:
    """Yield every contribution as it stood; what was erased since has no earlier moment."""
    rows = connection.execute(select(table)).mappings().all()  # first: what is erased meanwhile is told by its state
    every = connection.execute(select(states).order_by(states.c.version)).mappings().all()
    erased = {row["knowledge_id"] for row in every if row["state"] == ERASED}
    latest = {row["knowledge_id"]: row for row in every if until is None or row["changed"] <= until}
    for row in rows:
        stands = latest.get(row["id"])
        if stands is not None and not (row["id"] in erased and stands["state"] != ERASED):
            yield _known(row, stands)


def _known(row: Mapping[Any, Any], stands: Mapping[Any, Any]) -> Known:
    names = ("kind", "geography", "place", "words", "source", "organisation", "confidence")
    given = Contribution(
        **{name: row[name] for name in names},
        known_on=date.fromisoformat(row["known_on"]),
        scores=json.loads(row["scores"]),
    )
    decided = {name: stands[name] for name in ("state", "reason", "decided_by", "version")}
    return Known(row["id"], given, row["created_at"], decided_at=stands["at"], **decided)
