"""The audit log: one row for each write of the workspace, chained, so that a change of the past shows.

What the chain proves. Without its key nobody can make a row that fits, so a change by whoever can write the database
and cannot read the key shows: an edited, missing, exchanged or slipped-in row breaks the chain where it stands. Whoever
holds both could write the log anew; that, and a log cut back together with all that was written since, shows only
against a head kept elsewhere: every pack carries one (`head`), and `verify(anchor=...)` compares.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Text, func, select, type_coerce

from prioritisation.errors import Fault, UserError
from prioritisation.workspace.chain import BEGUN, Plain, content_of, digest
from prioritisation.workspace.database import Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.keys import AuditKeys
from prioritisation.workspace.tables import audit as table
from prioritisation.workspace.tables import decision, metadata
from prioritisation.workspace.tables import workspace as state
from prioritisation.workspace.texts import AUTHOR, accepted

MOST_FAULTS = 50
_ANCHOR = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{64})")


@dataclass(frozen=True)
class AuditRow:
    """One row of the log, as `chain.Entry` wrote it. at: UTC; content: SHA-256 of that write's decisions, or empty."""

    sequence: int
    change_number: int
    at: str
    who: str
    action: str
    about: str
    parameters: str
    content: str
    key_id: str
    digest: str

    @property
    def head(self) -> str:
        """The log's head when this row was its last."""
        return f"{self.sequence}-{self.digest}"


@dataclass(frozen=True)
class AuditCheck:
    """What checking found. head: of the last row; faults: none when the log is whole; proof: what that is worth."""

    rows: int
    head: str
    first: str
    last: str
    faults: tuple[Fault, ...]
    proof: str

    @property
    def intact(self) -> bool:
        return not self.faults


def record(
    workspace: Workspace,
    action: str,
    *,
    by: str,
    about: str = "",
    parameters: Mapping[str, Plain | list[Plain]] | None = None,
) -> str:
    """Log what changes no table (an export, a referral list) and return the new head. Parameters as `chain.Entry`."""
    with workspace.write(action, by=by, about=about, parameters=parameters):
        pass
    return head(workspace)


def head(workspace: Workspace) -> str:
    """Return the log's head, for manifests: number and digest of the last row, "41-9f86d0..."."""
    with workspace.read() as connection:
        sequence, signed = connection.execute(select(state.c.audit_sequence, state.c.audit_head)).one()
    return f"{sequence}-{signed}"


def entries(workspace: Workspace, last: int | None = None) -> list[AuditRow]:
    """Return the rows, newest first; last: only so many."""
    chosen = select(table).order_by(table.c.sequence.desc())
    with workspace.read() as connection:
        return _rows(connection, chosen if last is None else chosen.limit(last))


def verify(workspace: Workspace, anchor: str | None = None) -> AuditCheck:
    """Check every row, what the rows vouch for, and the end of the log; all faults, never the text of a row.

    anchor: a head kept elsewhere, such as in a pack's manifest. UserError: it is no head, or the key file is unusable.
    """
    kept = _anchor(anchor) if anchor is not None else None
    keys = workspace.audit_keys.read()
    with workspace.read() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows = _rows(connection, select(table).order_by(table.c.sequence))
        ends = dict(connection.execute(select(state)).mappings().one())
        decisions = [dict(row) for row in connection.execute(_decisions()).mappings()]
        latest = _latest_change(connection)
    faults = [*_chain_faults(rows, keys), *_end_faults(rows, ends, latest), *_decision_faults(rows, decisions)]
    if kept is not None:
        faults += _anchor_faults(rows, *kept)
    return AuditCheck(
        len(rows),
        rows[-1].head if rows else "",
        rows[0].at if rows else "",
        rows[-1].at if rows else "",
        _at_most(faults),
        what_it_proves(workspace.audit_keys, anchored=kept is not None),
    )


def new_key(workspace: Workspace, *, by: str) -> str:
    """Add a key to the key file and go on with it; rows of a lost key stay, and cannot be checked. Return its name."""
    (by,) = accepted([(AUTHOR, by)], NOTHING_SAVED)
    workspace.audit_keys.add()
    return workspace.begin_with_new_key(by)


def what_it_proves(keys: AuditKeys, *, anchored: bool) -> str:
    """Return in plain words what an intact log is worth here."""
    place = "was made by this application and lies beside the workspace" if not keys.configured else "was named for it"
    words = [f"The log's key ({keys.path}) {place}."]
    if keys.open_to_others:
        words.append("Other accounts of this computer may read it: make it readable by its owner alone.")
    words.append("Whoever can write the workspace but cannot read the key cannot change the log unnoticed.")
    if anchored:
        words.append("Up to the head given, nobody can have changed it.")
    else:
        words.append("Against somebody who has both, compare it with a head from a pack: --anchor HEAD.")
    return " ".join(words)


def _rows(connection: Connection, chosen: Select[Any]) -> list[AuditRow]:
    return [AuditRow(**_sound(dict(row))) for row in connection.execute(chosen).mappings()]


def _sound(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with whole numbers and texts only: SQLite keeps anything that somebody puts into a column."""
    numbers = ("sequence", "change_number")
    return {
        name: (value if isinstance(value, int) else 0) if name in numbers else str(value) for name, value in row.items()
    }


def _decisions() -> Select[Any]:
    """Read times as the characters that are stored, whatever somebody made of them."""
    columns = [type_coerce(column, Text).label(column.name) if column.name == "at" else column for column in decision.c]
    return select(*columns).order_by(decision.c.changed, decision.c.position)


def _latest_change(connection: Connection) -> int:
    """Return the highest change number that any row of any table carries."""
    columns = [each.c.changed for each in metadata.tables.values() if "changed" in each.c]
    return max(connection.execute(select(func.max(column))).scalar() or 0 for column in columns)


def _anchor(text: str) -> tuple[int, str]:
    found = _ANCHOR.fullmatch(text.strip())
    if found is None:
        raise UserError(
            "The anchor is not the head of an audit log.",
            not_done="The log was not checked.",
            remedy="Copy the whole audit head from a pack's manifest: a number, a dash and 64 letters and digits.",
        )
    return int(found[1]), found[2]


def _chain_faults(rows: Sequence[AuditRow], keys: Mapping[str, bytes]) -> Iterable[Fault]:
    """Walk the chain. A broken row is named once: the next is checked against the digest that stands there."""
    previous, expected = "", 1
    for row in rows:
        if row.sequence != expected:
            yield Fault(_named(expected, row.sequence - 1), "missing from the log.")
        if row.key_id not in keys:
            yield Fault(f"row {row.sequence}", f"cannot be checked: its key ({row.key_id}) is not in the key file.")
        elif not _fits(keys[row.key_id], previous, row):
            yield Fault(f"row {row.sequence}", "was changed, exchanged or put in: it does not follow the one before.")
        elif row.change_number - row.sequence != rows[0].change_number - rows[0].sequence:
            yield Fault(f"row {row.sequence}", "does not belong to the write that its number stands for.")
        previous, expected = row.digest, row.sequence + 1
    if rows and rows[0].action != BEGUN:
        yield Fault("", "The log does not begin with its first row.")


def _fits(key: bytes, previous: str, row: AuditRow) -> bool:
    signed = digest(key, previous, {field.name: getattr(row, field.name) for field in fields(AuditRow)})
    return hmac.compare_digest(signed, row.digest.encode("ascii", "replace").decode())


def _named(first: int, last: int) -> str:
    return f"row {first}" if first == last else f"rows {first} to {last}"


def _end_faults(rows: Sequence[AuditRow], ends: Mapping[str, Any], latest: int) -> Iterable[Fault]:
    """Compare the last row with what the workspace knows of it in three other places."""
    if not rows:
        yield Fault("", "The log is empty: its rows were taken away.")
        return
    last = rows[-1]
    if (ends["audit_sequence"], ends["audit_head"]) != (last.sequence, last.digest):
        yield Fault("end", f"the log ends at row {last.sequence}, the workspace at row {ends['audit_sequence']}.")
    if ends["change_number"] != last.change_number:
        yield Fault("end", f"{abs(ends['change_number'] - last.change_number)} writes do not stand in the log.")
    if latest > last.change_number:
        yield Fault("end", "something in the workspace was written after the last row of the log.")


def _decision_faults(rows: Sequence[AuditRow], decisions: list[dict[str, Any]]) -> Iterable[Fault]:
    """Compare the decision record with what the log says was written."""
    groups = groupby(decisions, lambda each: each["changed"])
    found = {number: content_of(each) for number, each in groups}
    for row in rows:
        if row.content != found.pop(row.change_number, ""):
            yield Fault(f"row {row.sequence}", "the decisions that it vouches for were changed or taken away.")
    for _ in found:
        yield Fault("", "A decision stands in the record that the log does not know.")


def _anchor_faults(rows: Sequence[AuditRow], sequence: int, signed: str) -> Iterable[Fault]:
    if not rows or rows[-1].sequence < sequence:
        end = rows[-1].sequence if rows else 0
        yield Fault("anchor", f"the log ends at row {end}, and the anchor is row {sequence}: its end was cut off.")
    elif signed not in [row.digest for row in rows if row.sequence == sequence]:
        yield Fault("anchor", f"row {sequence} is not the row that the anchor was taken from.")


def _at_most(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    return (*faults[:MOST_FAULTS], Fault("", f"And {len(faults) - MOST_FAULTS:,} more."))


def parameters_of(row: AuditRow) -> dict[str, Any]:
    """Return the parameters as values."""
    return dict(json.loads(row.parameters))
