"""Votes: one for each token, changeable until the reveal, and read by nobody else before it.

A participant is a partner organisation, never a person. The token is 192 random bits, known to the participant's
browser alone: the workspace keeps its SHA-256, from which it cannot be found. The audit log says of a vote that one was
stored in this round, and nothing else: no token, no organisation, and no digest of the weights, since a split of 100
points could be guessed and compared.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from prioritisation.errors import Fault, UserError, faults_of
from prioritisation.weights import canonical_percentages, shares
from prioritisation.workspace.database import Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.ids import id_to_log, is_id, new_id
from prioritisation.workspace.records import Who
from prioritisation.workspace.rounds import OPEN, POINTS, Round, find, get, to_change
from prioritisation.workspace.tables import ballot as table
from prioritisation.workspace.texts import ORGANISATION, Field, accepted

PARTICIPANT = "a participant"
VOTE_REASON = Field("reason", 1_000, several_lines=True, required=False)
ON_PAPER = Field("organisation on the paper", ORGANISATION.longest, asked="Choose it, or write its name.")
MOST_BALLOTS = 1_000  # of one round, those on paper with them
SEATS_FOR_EACH_EXPECTED, SEATS_MORE = 3, 20  # a lost link is a seat that stays empty, and some come unannounced
_TOKEN_BYTES = 24
_WHOLE, _DECIMALS = 100, 4  # what parts add up to, and how closely weights are kept
_NOT_WHOLE = Fault("points", "are not all whole numbers.", "Give each priority a whole number of points.")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")

Weights = Sequence[object] | Mapping[str, object]


@dataclass(frozen=True)
class Vote:
    """One vote. percentages: in the order of the round's priorities, `canonical_percentages`; version: how often cast.

    id: of the paper or the participant, for nobody but the facilitator's list of paper votes.
    """

    id: str
    round_id: str
    organisation: str
    paper: bool
    percentages: tuple[float, ...]
    reason: str
    version: int


@dataclass(frozen=True)
class Participant:
    """Who a token stands for. vote: its own, None before it is cast."""

    round: Round
    organisation: str
    vote: Vote | None


@dataclass(frozen=True)
class Paper:
    """A vote on paper as the facilitator's list shows it: never its weights."""

    id: str
    organisation: str


def join(workspace: Workspace, round_id: str, organisation: str) -> str:
    """Let somebody of an organisation take part, and return the token: shown once, never stored.

    UserError: no such round, not open any more, an organisation that cannot be kept, too many have joined.
    """
    (organisation,) = accepted([(ORGANISATION, organisation)], NOTHING_SAVED)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with workspace.write("round joined", by=PARTICIPANT, about=id_to_log(round_id)) as change:
        current = to_change(change.connection, round_id)
        _refuse_full(change.connection, current, most_to_join(current.expected))
        row = _row(current, organisation, paper=False) | {"token_hash": _hash(token)}
        change.connection.execute(insert(table).values(**row))
    return token


def most_to_join(expected: int) -> int:
    """Return how many may join a round: far more than come, and far fewer than somebody could make who floods it."""
    return min(MOST_BALLOTS, SEATS_FOR_EACH_EXPECTED * expected + SEATS_MORE)


def participant(workspace: Workspace, token: str) -> Participant:
    """Return whom a token stands for, in whatever state its round is. UserError: nobody."""
    with workspace.read() as connection:
        row = _mine(connection, token)
        current = find(connection, row["round_id"])
    return Participant(current, row["organisation"], _vote(row) if row["version"] else None)


def own_vote(workspace: Workspace, token: str) -> Vote | None:
    """Return the token's own vote, None before it is cast. UserError: a token that stands for nobody."""
    return participant(workspace, token).vote


def vote(workspace: Workspace, token: str, *, weights: Weights, reason: str = "") -> Vote:
    """Store the token's vote, over the one it cast before. When this returns, it is stored.

    weights: as for `weights.shares`; with points, whole numbers that total 100. Sending the same again changes nothing.
    UserError: revealed or closed meanwhile, weights or words that cannot be used, a token that stands for nobody.
    """
    (reason,) = accepted([(VOTE_REASON, reason)], NOTHING_SAVED)
    mine = participant(workspace, token)
    wanted = {"weights": _text(mine.round, weights), "reason": reason}
    with workspace.write("vote stored", by=PARTICIPANT, about=mine.round.id) as change:
        row = _mine(change.connection, token)
        _refuse_late(find(change.connection, row["round_id"]))
        if all(row[name] == given for name, given in wanted.items()):
            change.nothing_to_do = True
            return _vote(row)
        wanted["version"] = row["version"] + 1
        change.connection.execute(update(table).where(table.c.id == row["id"]).values(**wanted))
        return _vote(row | wanted)


def key_paper(
    workspace: Workspace,
    who: Who,
    round_id: str,
    *,
    organisation: str,
    weights: Sequence[float | None],
    reason: str = "",
) -> Paper:
    """Store a vote that came on paper, marked so.

    weights: parts of 100 in the order of the priorities, in both ways of voting; None for what was left empty.
    UserError: with everything that is wrong with it; else as `join` and `vote`.
    """
    words = [(ON_PAPER, organisation), (VOTE_REASON, reason)]
    faults = faults_of(lambda: accepted(words, NOTHING_SAVED)) + _part_faults(get(workspace, round_id), weights)
    faults += faults_of(who.checked)
    if faults:
        raise _not_put_in(faults)
    organisation, reason = accepted(words, NOTHING_SAVED)
    who = who.checked()
    with workspace.write("paper vote keyed", by=who.text, about=id_to_log(round_id)) as change:
        current = to_change(change.connection, round_id)
        _refuse_full(change.connection, current, MOST_BALLOTS)
        row = _row(current, organisation, paper=True)
        row |= {"weights": _text(current, weights), "reason": reason, "version": 1}
        change.connection.execute(insert(table).values(**row))
    return Paper(row["id"], organisation)


def papers(workspace: Workspace, round_id: str) -> list[Paper]:
    """Return the votes on paper that are in, by organisation, without what they say."""
    chosen = select(table.c.id, table.c.organisation).where(table.c.round_id == round_id, table.c.paper)
    with workspace.read() as connection:
        return [Paper(*row) for row in connection.execute(chosen.order_by(table.c.organisation, table.c.id))]


def take_out_paper(workspace: Workspace, who: Who, round_id: str, paper_id: str) -> None:
    """Take a wrongly keyed vote on paper out again. UserError: it is not there, or the round is not open any more."""
    who = who.checked()
    with workspace.write("paper vote taken out", by=who.text, about=id_to_log(round_id)) as change:
        current = to_change(change.connection, round_id)
        wrong = delete(table).where(table.c.id == paper_id, table.c.round_id == current.id, table.c.paper)
        if not is_id(paper_id) or not change.connection.execute(wrong).rowcount:
            raise UserError(
                "This paper vote is not there any more.", not_done=NOTHING_SAVED, remedy="Look at the list again."
            )


def revealed_votes(workspace: Workspace, round_id: str) -> list[Vote]:
    """Return every vote of a revealed round, in an order that says nothing of when each was cast.

    UserError: no such round, or not revealed: then nobody sees a vote but who cast it.
    """
    chosen = select(table).where(table.c.round_id == round_id, table.c.version > 0)
    with workspace.read() as connection:
        if not find(connection, round_id).is_revealed:
            raise UserError(
                "The votes of this round are not revealed.",
                not_done="No vote was shown.",
                remedy="The facilitator reveals them when all are in.",
            )
        rows = connection.execute(chosen.order_by(table.c.organisation, table.c.weights, table.c.id)).mappings()
        return [_vote(dict(row)) for row in rows]


def _mine(connection: Connection, token: str) -> dict[str, Any]:
    row = None
    if _TOKEN.fullmatch(token):
        row = connection.execute(select(table).where(table.c.token_hash == _hash(token))).mappings().one_or_none()
    if row is None:
        raise UserError(
            "This link does not belong to anybody who is taking part.",
            not_done="No vote was opened or stored.",
            remedy="The facilitator may have closed the round, which erases its votes. Else type the round's code, or "
            "scan it again, and choose your organisation once more.",
        )
    return dict(row)


def _refuse_late(current: Round) -> None:
    if current.state != OPEN:
        found = "The votes were revealed before this one arrived." if current.is_revealed else "The round was closed."
        kept = " What you had sent before counts." if current.is_revealed else ""
        raise UserError(
            found,
            not_done=f"This vote was not stored.{kept}",
            remedy="Ask the facilitator whether there is another round.",
        )


def _refuse_full(connection: Connection, current: Round, most: int) -> None:
    joined = connection.execute(select(func.count()).where(table.c.round_id == current.id)).scalar_one()
    if joined >= most:
        raise UserError(
            f"{joined:,} have joined this round, where {current.expected:,} are expected; it takes no more.",
            not_done=NOTHING_SAVED,
            remedy="Tell the facilitator: more may join once a higher number is expected, or in another round.",
        )


def _text(current: Round, weights: Weights) -> str:
    """Return weights as they are stored. UserError: they cannot be used, or points do not total 100."""
    try:
        checked = shares(weights, current.scenario.framework.priority_ids)
    except UserError as refused:
        raise _uncountable("weights", refused.faults) from None
    if current.way == POINTS:
        _check_points(list(weights.values()) if isinstance(weights, Mapping) else list(weights))
    return json.dumps(list(canonical_percentages(checked.tolist())))


def _part_faults(current: Round, parts: Sequence[float | None]) -> list[Fault]:
    """Return what keeps the numbers of a paper from being parts of 100."""
    names = [priority.name for priority in current.priorities]
    without = [name for name, part in zip(names, parts, strict=False) if part is None]
    faults = [Fault(name, "is empty.", "Write its number, or 0 where the paper gives it none.") for name in without]
    given = [part for part in parts if part is not None]
    if current.way == POINTS and not _are_whole(given):
        faults.append(_NOT_WHOLE)
    total = round(sum(given), _DECIMALS)
    if total != _WHOLE:
        faults.append(Fault("total", f"is {total:,.10g}, not {_WHOLE}.", f"Together the numbers make {_WHOLE}."))
    return faults


def _not_put_in(faults: Sequence[Fault]) -> UserError:
    return UserError(
        "This paper vote cannot be put in as it is typed.",
        not_done="No vote was stored.",
        remedy="Look at the paper again, mend what is named above and put it in. Where the paper itself does not make "
        f"{_WHOLE}, ask whoever filled it in.",
        faults=faults,
    )


def _are_whole(numbers: Sequence[float]) -> bool:
    return all(float(each).is_integer() for each in numbers)


def _check_points(given: Sequence[object]) -> None:
    points = [float(each) for each in given]  # type: ignore[arg-type]
    faults = [] if _are_whole(points) else [_NOT_WHOLE]
    if sum(points) != _WHOLE:
        faults.append(Fault("points", f"total {sum(points):g}.", "Share out exactly 100."))
    if faults:
        raise _uncountable("points", faults)


def _uncountable(what: str, faults: Sequence[Fault]) -> UserError:
    return UserError(
        f"The {what} cannot be counted.",
        not_done="This vote was not stored.",
        remedy="Mend what is named above, then send again.",
        faults=faults,
    )


def _row(current: Round, organisation: str, *, paper: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"id": new_id(), "round_id": current.id, "organisation": organisation, "paper": paper}
    return row | {"token_hash": None, "weights": None, "reason": "", "version": 0}


def _vote(row: Mapping[str, Any]) -> Vote:
    same = {name: row[name] for name in ("id", "round_id", "organisation", "reason", "version")}
    return Vote(**same, paper=bool(row["paper"]), percentages=tuple(json.loads(row["weights"])))


def _hash(token: str) -> str:
    return hashlib.sha256(b"prioritisation vote token\0" + token.encode()).hexdigest()
