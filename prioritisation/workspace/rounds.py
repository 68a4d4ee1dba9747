"""Rounds of votes on the weights, as the facilitator runs them: open, count, reveal, apply or close.

The votes themselves are in `ballots` (join, vote, own_vote, key_paper, revealed_votes); what a round decided is applied
in `applied_rounds`. Nothing in these modules gives a vote to anybody but who cast it until its round is revealed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from prioritisation.errors import Fault, UserError
from prioritisation.framework import Priority
from prioritisation.scenario import Scenario
from prioritisation.workspace.chain import Plain
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import id_to_log, is_id, new_id
from prioritisation.workspace.records import Conflict, Who, day_and_time
from prioritisation.workspace.tables import ballot
from prioritisation.workspace.tables import voting_round as table
from prioritisation.workspace.texts import NAME, Field, accepted

OPEN, REVEALED, APPLIED, CLOSED = "open", "revealed", "applied", "closed"
SLIDERS, POINTS = "sliders", "points"
WAYS = (SLIDERS, POINTS)
QUESTION = Field("question", 200)
ASKED = "How much should each priority count?"
MOST_EXPECTED = 300
_SEEN = (REVEALED, APPLIED)
# No two look or sound alike when read out: no B, D, P or T, no M beside N, no 5 beside 9, no 8 beside A or H.
_CODE_LETTERS = "FHKMRWXY234679"
_CODE_LENGTH = 6


@dataclass(frozen=True)
class Round:
    """One round. code: what participants type; choices: `Scenario.to_json`, whose priorities are voted on.

    saved_id: the scenario in the tray, where there is one; demonstration: whether the release's data are invented; way:
    "sliders" or "points" (whole points that total 100); expected: how many votes the facilitator waits for;
    first_round: id of the round that this one follows; state: "open", then "revealed" and perhaps "applied", or
    "closed" without a reveal; version: raised by each change of it.
    """

    id: str
    code: str
    name: str
    question: str
    choices: str
    scenario_id: str
    saved_id: str | None
    release_id: str
    demonstration: bool
    way: str
    expected: int
    first_round: str | None
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
    def priorities(self) -> tuple[Priority, ...]:
        """The priorities that are voted on, in the order of the weights."""
        return self.scenario.framework.priorities

    @property
    def spoken_code(self) -> str:
        """The code in two halves, as it is shown and read aloud."""
        return f"{self.code[: _CODE_LENGTH // 2]} {self.code[_CODE_LENGTH // 2 :]}"

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_revealed(self) -> bool:
        """Whether its votes may be seen."""
        return self.state in _SEEN


@dataclass(frozen=True)
class Progress:
    """How far a round is. voted: votes that are in, on paper too; joined: votes and those still to come."""

    voted: int
    joined: int
    expected: int
    on_paper: int

    @property
    def words(self) -> str:
        """ "11 of 14 in"."""
        return f"{self.voted} of {self.expected} in"

    @property
    def too_many(self) -> bool:
        """Whether more votes are in than there are people who were to vote."""
        return self.voted > self.expected


def open_round(
    workspace: Workspace,
    who: Who,
    *,
    scenario: Scenario,
    release_id: str,
    demonstration: bool = False,
    name: str,
    way: str = SLIDERS,
    expected: int,
    question: str = ASKED,
    saved_id: str | None = None,
    first_round: str | None = None,
) -> Round:
    """Open a round on a scenario's priorities. first_round: a revealed round on the same priorities.

    release_id, demonstration: of the release that is on screen when it is opened.
    UserError: words or numbers that cannot be used, the first round is not revealed or on other priorities.
    """
    who = who.checked()
    name, question = accepted([(NAME, name), (QUESTION, question)], NOTHING_SAVED)
    _check(way, expected)
    identifier = new_id()
    wanted: dict[str, Any] = {"name": name, "question": question, "way": way, "expected": expected, "state": OPEN}
    wanted |= {"choices": scenario.to_json(), "scenario_id": scenario.id, "release_id": release_id}
    wanted |= {"saved_id": saved_id, "first_round": first_round, "demonstration": demonstration}
    logged: dict[str, Plain | list[Plain]] = {"scenario_id": scenario.id, "release_id": release_id, "way": way}
    with workspace.write("round opened", by=who.text, about=identifier, parameters=logged) as change:
        if first_round is not None:
            _check_first(find(change.connection, first_round), scenario)
        row = wanted | {"id": identifier, "code": _new_code(change.connection)}
        row |= {"author": who.text, "created_at": change.at} | _written(change, who, 1)
        change.connection.execute(insert(table).values(**row))
        return find(change.connection, identifier)


def get(workspace: Workspace, identifier: str) -> Round:
    """Return one round by its id. UserError: there is none."""
    with workspace.read() as connection:
        return find(connection, identifier)


def by_code(workspace: Workspace, code: str) -> Round:
    """Return the round with this code, whatever blanks, dashes and capitals it was typed with. UserError: none."""
    typed = "".join(code.split()).replace("-", "").upper()
    row = None
    if len(typed) == _CODE_LENGTH and set(typed) <= set(_CODE_LETTERS):
        with workspace.read() as connection:
            row = connection.execute(select(table).where(table.c.code == typed)).mappings().one_or_none()
    if row is None:
        raise UserError(
            "There is no round with this code.",
            not_done="No round was opened.",
            remedy=f"Type the {_CODE_LENGTH} letters and digits that the facilitator shows, or scan the code again.",
        )
    return Round(**row)


def listed(workspace: Workspace, state: str | None = None) -> list[Round]:
    """Return rounds, the latest change first; None means in any state."""
    chosen = select(table).order_by(table.c.changed.desc())
    with workspace.read() as connection:
        rows = connection.execute(chosen if state is None else chosen.where(table.c.state == state)).mappings()
        return [Round(**row) for row in rows]


def progress(workspace: Workspace, identifier: str) -> Progress:
    """Return how many votes are in. UserError: there is no such round."""
    voted = func.count().filter(ballot.c.version > 0)
    on_paper = func.count().filter(ballot.c.paper)
    counted = select(voted, func.count(), on_paper).where(ballot.c.round_id == identifier)
    with workspace.read() as connection:
        expected = find(connection, identifier).expected
        cast, joined, paper = connection.execute(counted).one()
    return Progress(cast, joined, expected, paper)


def expect(workspace: Workspace, who: Who, identifier: str, expected: int) -> Round:
    """Wait for another number of votes. UserError: not open any more, a number that cannot be used."""
    who = who.checked()
    _check(SLIDERS, expected)
    with workspace.write(
        "round expects", by=who.text, about=id_to_log(identifier), parameters={"votes": expected}
    ) as change:
        current = to_change(change.connection, identifier)
        if current.expected == expected:
            change.nothing_to_do = True
            return current
        return alter(change, current, who, expected=expected)


def reveal(workspace: Workspace, who: Who, identifier: str) -> Round:
    """End the voting and let everybody see the votes. UserError: not open any more, or there is no vote yet."""
    who = who.checked()
    with workspace.write("round revealed", by=who.text, about=id_to_log(identifier)) as change:
        current = to_change(change.connection, identifier)
        cast = and_(ballot.c.round_id == current.id, ballot.c.version > 0)
        if not change.connection.execute(select(func.count()).where(cast)).scalar_one():
            raise UserError(
                "No vote is in yet.", not_done="Nothing was revealed.", remedy="Wait for the first vote, or close it."
            )
        return alter(change, current, who, state=REVEALED)


def close(workspace: Workspace, who: Who, identifier: str) -> Round:
    """End a round without a reveal. Its votes, which nobody has seen, are erased. UserError: not open any more."""
    who = who.checked()
    with workspace.write("round closed", by=who.text, about=id_to_log(identifier)) as change:
        current = to_change(change.connection, identifier)
        change.connection.execute(delete(ballot).where(ballot.c.round_id == current.id))
        return alter(change, current, who, state=CLOSED)


def find(connection: Connection, identifier: str) -> Round:
    """Return one round. UserError: there is none."""
    chosen = select(table).where(table.c.id == identifier)
    row = connection.execute(chosen).mappings().one_or_none() if is_id(identifier) else None
    if row is None:
        raise UserError(
            "There is no round under this link.",
            not_done="No round was opened or changed.",
            remedy="Check that the whole link was copied, or choose a round from the list.",
        )
    return Round(**row)


def to_change(connection: Connection, identifier: str, states: tuple[str, ...] = (OPEN,)) -> Round:
    """Return the round to write to. UserError: Conflict, it is in another state by now."""
    current = find(connection, identifier)
    if current.state not in states:
        raise Conflict(
            f"The round '{current.name}' was {current.state} by {current.updated_by} on "
            f"{day_and_time(current.updated_at)}.",
            current=current,
            remedy="Look at the round as it is now, or open another.",
        )
    return current


def alter(change: Change, current: Round, who: Who, **wanted: object) -> Round:
    """Write over a round, inside the write that changes it."""
    row = _written(change, who, current.version + 1) | wanted
    change.connection.execute(update(table).where(table.c.id == current.id).values(**row))
    return find(change.connection, current.id)


def _check(way: str, expected: int) -> None:
    faults = []
    if way not in WAYS:
        faults.append(Fault("way of voting", "is not one of those offered.", f"Choose one of: {', '.join(WAYS)}."))
    if not 1 <= expected <= MOST_EXPECTED:
        faults.append(Fault("votes expected", f"is {expected:,}.", f"Give a number from 1 to {MOST_EXPECTED}."))
    if faults:
        raise UserError(
            "The round cannot be opened in this way.",
            not_done=NOTHING_SAVED,
            remedy="Mend what is named above, then try again.",
            faults=faults,
        )


def _check_first(first: Round, scenario: Scenario) -> None:
    if not first.is_revealed:
        raise UserError(
            f"The votes of the first round, '{first.name}', were not revealed.",
            not_done=NOTHING_SAVED,
            remedy="Reveal the first round, then open the second.",
        )
    if first.scenario.framework.priority_ids != scenario.framework.priority_ids:
        raise UserError(
            f"The first round, '{first.name}', was on other priorities.",
            not_done=NOTHING_SAVED,
            remedy="Choose a scenario of the same framework, or open a round of its own.",
        )


def _new_code(connection: Connection) -> str:
    """Return a code that no round has."""
    while True:
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        if connection.execute(select(table.c.id).where(table.c.code == code)).one_or_none() is None:
            return code


def _written(change: Change, who: Who, version: int) -> dict[str, object]:
    return {"updated_by": who.text, "updated_at": change.at, "version": version, "changed": change.number}
