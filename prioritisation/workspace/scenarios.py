"""Saved scenarios: choices with a name and a note, that several people may change without losing each other's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from prioritisation.errors import Fault, UserError
from prioritisation.scenario import Scenario
from prioritisation.workspace.chain import Plain
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import is_id, new_id
from prioritisation.workspace.tables import scenario as table
from prioritisation.workspace.texts import AUTHOR, NAME, NOTE, accepted

BROUGHT_IN = "scenario brought in"
_LOGGED = ("scenario_id", "release_id", "duplicated_from", "rerun_of")


@dataclass(frozen=True)
class SavedScenario:
    """One row of the tray.

    id: random, for links; scenario_id: hash of the choices, as on files; version: of this row, raised by each change;
    release_id: the data release that its result was computed on; author: role or organisation, as declared;
    changed: the workspace's change number of the last write; from_round: id of the round of votes whose result it is.
    """

    id: str
    name: str
    note: str
    choices: str
    scenario_id: str
    release_id: str
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    version: int
    locked: bool
    archived: bool
    duplicated_from: str | None
    rerun_of: str | None
    changed: int
    from_round: str | None

    @property
    def scenario(self) -> Scenario:
        """The choices. UserError: they were saved by a newer version, or are damaged."""
        return Scenario.from_json(self.choices)


class Conflict(UserError):
    """Somebody else changed the row first. `current` is the row as it is now."""

    def __init__(self, current: SavedScenario, wanted: Mapping[str, object]) -> None:
        self.current = current
        differs = [_difference(name, getattr(current, name), given) for name, given in wanted.items()]
        at = f"{current.updated_at.day} {current.updated_at:%B %Y} at {current.updated_at:%H:%M} UTC"
        super().__init__(
            f"'{current.name}' was changed by {current.updated_by} on {at}, after you opened it.",
            not_done="Your change was not saved, and theirs was left as it is.",
            remedy="Open it again to see theirs and make your change there, or save yours as a new scenario.",
            faults=[difference for difference in differs if difference],
        )


def save(
    workspace: Workspace,
    *,
    name: str,
    note: str,
    scenario: Scenario,
    release_id: str,
    by: str,
    brought_from: Mapping[str, str] | None = None,
) -> SavedScenario:
    """Store new choices. by: role or organisation. UserError: words that cannot be kept.

    brought_from: ids of what it was brought in from (such as a pack), which the audit log keeps.
    """
    name, note, by = accepted([(NAME, name), (NOTE, note), (AUTHOR, by)], NOTHING_SAVED)
    action = "scenario saved" if brought_from is None else BROUGHT_IN
    wanted = _choices(scenario, release_id) | {"name": name, "note": note}
    return _add(workspace, action, wanted, by, {f"from_{each}": one for each, one in (brought_from or {}).items()})


def get(workspace: Workspace, identifier: str) -> SavedScenario:
    """Return one scenario by its id. UserError: there is none."""
    with workspace.read() as connection:
        return _find(connection, identifier)


def listed(
    workspace: Workspace,
    *,
    archived: bool | None = False,
    locked: bool | None = None,
    release_id: str | None = None,
    search: str = "",
    changed_after: int | None = None,
) -> list[SavedScenario]:
    """Return scenarios, the latest change first. None means either; search: part of a name, note or author.

    changed_after: a change number; only what was written later.
    """
    chosen = select(table).order_by(table.c.changed.desc(), table.c.id)
    for column, wanted in ((table.c.archived, archived), (table.c.locked, locked), (table.c.release_id, release_id)):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    if changed_after is not None:
        chosen = chosen.where(table.c.changed > changed_after)
    with workspace.read() as connection:
        rows = [_saved(row) for row in connection.execute(chosen)]
    # Here and not in SQL, where SQLite ignores case for A to Z only.
    part = search.strip().casefold()
    return [row for row in rows if part in f"{row.name}\n{row.note}\n{row.author}".casefold()]


def rename(workspace: Workspace, identifier: str, version: int, *, name: str, note: str, by: str) -> SavedScenario:
    """Give another name and note. version: of the row that the writer saw. UserError: Conflict, locked, archived."""
    name, note, by = accepted([(NAME, name), (NOTE, note), (AUTHOR, by)], NOTHING_SAVED)
    words = {"name": name, "note": note}
    return _alter(workspace, "scenario renamed", identifier, version, by, words, ("locked", "archived"))


def choose(
    workspace: Workspace, identifier: str, version: int, *, scenario: Scenario, release_id: str, by: str
) -> SavedScenario:
    """Put other choices in its place, computed on `release_id`. UserError: Conflict, locked, archived."""
    (by,) = accepted([(AUTHOR, by)], NOTHING_SAVED)
    choices = _choices(scenario, release_id)
    return _alter(workspace, "scenario changed", identifier, version, by, choices, ("locked", "archived"))


def lock(workspace: Workspace, identifier: str, version: int, *, by: str, locked: bool = True) -> SavedScenario:
    """Keep it as it is until it is unlocked (locked=False). UserError: Conflict."""
    (by,) = accepted([(AUTHOR, by)], NOTHING_SAVED)
    action = "scenario locked" if locked else "scenario unlocked"
    return _alter(workspace, action, identifier, version, by, {"locked": locked})


def archive(workspace: Workspace, identifier: str, version: int, *, by: str, archived: bool = True) -> SavedScenario:
    """Put it out of the way, or bring it back (archived=False); nothing is deleted. UserError: Conflict, locked."""
    (by,) = accepted([(AUTHOR, by)], NOTHING_SAVED)
    action = "scenario archived" if archived else "scenario brought back"
    return _alter(workspace, action, identifier, version, by, {"archived": archived}, ("locked",))


def duplicate(workspace: Workspace, identifier: str, *, by: str, name: str | None = None) -> SavedScenario:
    """Store a copy with a name of its own, open to change even where the original is locked."""
    original = get(workspace, identifier)
    given = name if name is not None else f"Copy of {original.name}"[: NAME.longest]
    return _again(workspace, "scenario duplicated", original, given, by, {"duplicated_from": original.id})


def rerun(workspace: Workspace, identifier: str, release_id: str, *, by: str, name: str | None = None) -> SavedScenario:
    """Store the same choices for another data release; the older result stays. UserError: it is on that release."""
    original = get(workspace, identifier)
    if original.release_id == release_id:
        raise UserError(
            f"'{original.name}' is already computed on the current data release.",
            not_done=NOTHING_SAVED,
            remedy="Duplicate it if you want a second one to change.",
        )
    given = name if name is not None else original.name
    other: dict[str, object] = {"rerun_of": original.id, "release_id": release_id}
    return _again(workspace, "scenario run again", original, given, by, other)


def _again(
    workspace: Workspace, action: str, original: SavedScenario, name: str, by: str, other: dict[str, object]
) -> SavedScenario:
    name, by = accepted([(NAME, name), (AUTHOR, by)], NOTHING_SAVED)
    same = {column: getattr(original, column) for column in ("note", "choices", "scenario_id", "release_id")}
    return _add(workspace, action, same | {"name": name} | other, by)


def _choices(scenario: Scenario, release_id: str) -> dict[str, object]:
    return {"choices": scenario.to_json(), "scenario_id": scenario.id, "release_id": release_id}


def _add(
    workspace: Workspace, action: str, wanted: Mapping[str, object], by: str, also: Mapping[str, str] | None = None
) -> SavedScenario:
    identifier = new_id()
    parameters = _logged(wanted, 1) | dict(also or {})
    with workspace.write(action, by=by, about=identifier, parameters=parameters) as change:
        return _insert(change, {"id": identifier, "locked": False, **wanted}, by)


def keep_result(
    change: Change, *, name: str, scenario: Scenario, release_id: str, by: str, from_round: str
) -> SavedScenario:
    """Store the result of a round of votes, locked, inside the write that applies it. name: as `accepted`."""
    row: dict[str, object] = {"id": new_id(), "name": name, "note": "", "locked": True, "from_round": from_round}
    return _insert(change, row | _choices(scenario, release_id), by)


def _insert(change: Change, row: Mapping[str, object], by: str) -> SavedScenario:
    written = {"author": by, "created_at": change.at, "archived": False} | _written(change, by, 1)
    change.connection.execute(insert(table).values(**row, **written))
    return _find(change.connection, str(row["id"]))


def _alter(
    workspace: Workspace,
    action: str,
    identifier: str,
    version: int,
    by: str,
    wanted: Mapping[str, object],
    refused_when: tuple[str, ...] = (),
) -> SavedScenario:
    """Write `wanted` over the version that the writer saw. Where all of it stands already, the row is left."""
    about = identifier if is_id(identifier) else ""
    with workspace.write(action, by=by, about=about, parameters=_logged(wanted, version + 1)) as change:
        current = _find(change.connection, identifier)
        if all(getattr(current, name) == given for name, given in wanted.items()):
            change.nothing_to_do = True
            return current
        if current.version != version:
            raise Conflict(current, wanted)
        _refuse(current, refused_when)
        written = _written(change, by, version + 1)
        change.connection.execute(update(table).where(table.c.id == identifier).values(**written, **wanted))
        return _find(change.connection, identifier)


def _logged(wanted: Mapping[str, object], version: int) -> dict[str, Plain | list[Plain]]:
    """Return what the audit log keeps of a change: which choices on which release, never the words."""
    return {"version": version} | {name: str(wanted[name]) for name in _LOGGED if name in wanted}


def _written(change: Change, by: str, version: int) -> dict[str, object]:
    return {"updated_by": by, "updated_at": change.at, "version": version, "changed": change.number}


def _refuse(current: SavedScenario, refused_when: tuple[str, ...]) -> None:
    for state, remedy in (("locked", "Unlock it first"), ("archived", "Bring it back from the archive first")):
        if state in refused_when and getattr(current, state):
            raise UserError(
                f"'{current.name}' is {state}.",
                not_done=NOTHING_SAVED,
                remedy=f"{remedy}, or duplicate it and change the copy.",
            )


def _find(connection: Connection, identifier: str) -> SavedScenario:
    row = connection.execute(select(table).where(table.c.id == identifier)).one_or_none() if is_id(identifier) else None
    if row is None:
        raise UserError(
            "There is no saved scenario under this link.",
            not_done="No scenario was opened or changed.",
            remedy="Check that the whole link was copied, or choose a scenario from the list.",
        )
    return _saved(row)


def _saved(row: Row[Any]) -> SavedScenario:
    return SavedScenario(**{field.name: row._mapping[field.name] for field in fields(SavedScenario)})


def _difference(name: str, theirs: object, yours: object) -> Fault | None:
    if theirs == yours:
        return None
    words = {
        "name": Fault("name", f"is '{theirs}' there; yours is '{yours}'."),
        "note": Fault("note", "is not the one that you were saving."),
        "choices": Fault("weights and method", "are not the ones that you were saving."),
        "locked": Fault("", "It is locked." if theirs else "It is not locked."),
        "archived": Fault("", "It is in the archive." if theirs else "It is not in the archive."),
    }
    return words.get(name)
