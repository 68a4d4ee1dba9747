"""Deciding: each function adds records to the decision record, and none changes one. Reading: `records`, `agreed`.

Who decides is what people declare (`Who.verified` is False) until sign-in exists. Where two people decide at once, the
second gets a Conflict: each names what it saw (`seen`), and it is compared inside the transaction that writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from prioritisation.errors import Fault, UserError
from prioritisation.workspace import drafts
from prioritisation.workspace.agreed import (
    Agreed,
    AgreedShortlist,
    agreed_state,
    override_of,
    same_organisation,
    shortlist_state,
    standing,
)
from prioritisation.workspace.database import Change, Workspace
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.overrides import check_override, wanted_override
from prioritisation.workspace.recording import deciding, override_row, row, store, supersession, whole
from prioritisation.workspace.records import (
    NOTE,
    OVERRIDE,
    SCENARIO_AGREED,
    SHORTLIST_AGREED,
    SIGNED_OFF,
    SUPERSEDED,
    WITHDRAWN,
    Computed,
    Conflict,
    Decision,
    Provenance,
    Who,
    day_and_time,
    find,
    records,
)
from prioritisation.workspace.texts import NOTE as WORDS
from prioritisation.workspace.texts import REASON, accepted

_CAN_BE_SUPERSEDED = (SCENARIO_AGREED, SHORTLIST_AGREED, OVERRIDE)
_LOOK = "Look at what stands now, then decide again."


def agreed(workspace: Workspace) -> Agreed:
    """Return what stands agreed now: the scenario, and the shortlist with its overrides and sign-offs."""
    with workspace.read() as connection:
        return agreed_state(records(connection))


def shortlist(workspace: Workspace, identifier: str, *, until: str | None = None) -> AgreedShortlist:
    """Return the state of one shortlist, standing or not, by the id of its agreement.

    until: id of a record; the state just after it, which never changes again. UserError: no such decision.
    """
    with workspace.read() as connection:
        decision, every = find(connection, identifier), records(connection)
        last = find(connection, until) if until is not None else every[-1]
    _must_be(decision, (SHORTLIST_AGREED,))
    order = (last.changed, last.position)
    return shortlist_state([each for each in every if (each.changed, each.position) <= order], decision)


def agree_scenario(
    workspace: Workspace, who: Who, computed: Computed, *, seen: str | None, name: str = "", reason: str = ""
) -> Decision:
    """Record that these choices are agreed. seen: id of the agreed scenario that stood, which this one supersedes.

    UserError: Conflict when another stands.
    """
    name, reason = accepted([(WORDS, name), (WORDS, reason)], NOTHING_SAVED)
    who = who.checked()
    provenance = Provenance.of(computed.scenario, computed.release_id)
    snapshot = whole(computed) | {"name": name}
    with deciding(workspace, SCENARIO_AGREED, who, provenance) as change:
        before = _standing_as_seen(change, SCENARIO_AGREED, seen)
        made = row(who, provenance, SCENARIO_AGREED, snapshot, reason=reason)
        return store(change, [made, *supersession(who, before, made)])[0]


def agree_shortlist(
    workspace: Workspace,
    who: Who,
    draft_id: str,
    version: int,
    computed: Computed,
    *,
    seen: str | None,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> Decision:
    """Record that a draft is agreed: the computed list as it stands, and one record for each override.

    version: of the draft that the writer saw; seen: id of the shortlist that stood, which this one supersedes;
    also: what else was agreed with it (a patch, cohorts), as plain values. UserError: Conflict; the draft was made on
    another ranking; an override without effect.
    """
    (reason,) = accepted([(WORDS, reason)], NOTHING_SAVED)
    who = who.checked()
    provenance = Provenance.of(computed.scenario, computed.release_id)
    with deciding(workspace, SHORTLIST_AGREED, who, provenance, draft_id) as change:
        draft = drafts.to_change(change.connection, draft_id, version)
        before = _standing_as_seen(change, SHORTLIST_AGREED, seen)
        snapshot = _shortlist_snapshot(draft, computed) | {"also": dict(also or {})}
        made = row(who, provenance, SHORTLIST_AGREED, snapshot, reason=reason)
        names = {area.code: area.name for area in computed.areas}
        overrides = [override_row(by, provenance, made["id"], each, names) for each, by in draft.proposed]
        drafts.close_as_agreed(change, draft, who)
        return store(change, [made, *overrides, *supersession(who, before, made)])[0]


def override(
    workspace: Workspace,
    who: Who,
    shortlist_id: str,
    *,
    seen: str,
    do: str,
    code: str,
    reason: str,
    review_on: date | None,
    to: int | None = None,
) -> Decision:
    """Change the agreed list by one area. seen: `agreed.id` of the list that the writer saw.

    UserError: Conflict; superseded; a reason, date or position is needed; it would do nothing.
    """
    who = who.checked()
    with deciding(workspace, OVERRIDE, who, None, shortlist_id, {"do": do, "area": code[:20]}) as change:
        current = _list_as_seen(change, shortlist_id, seen)
        wanted = wanted_override(do, code, to, reason, review_on, change.at.date())
        check_override(current.areas, current.cut, [override_of(each) for each in current.overrides], wanted)
        names = {area.code: area.name for area in current.areas}
        made = override_row(who, current.decision.provenance, shortlist_id, wanted, names)
        return store(change, [made])[0]


def sign_off(workspace: Workspace, who: Who, shortlist_id: str, *, seen: str, note: str = "") -> Decision:
    """Record that an organisation signs the list off, once. seen: `agreed.id` of the list that it saw.

    UserError: Conflict, superseded.
    """
    (note,) = accepted([(WORDS, note)], NOTHING_SAVED)
    who = who.checked()
    with deciding(workspace, SIGNED_OFF, who, None, shortlist_id) as change:
        current = _list_as_seen(change, shortlist_id, seen)
        for each in current.sign_offs:
            if each.of_this_list and same_organisation(each.organisation, who.organisation):
                change.nothing_to_do = True
                return each.record
        snapshot = {"list_id": current.agreed.id, "list": list(current.agreed.codes)}
        made = row(who, current.decision.provenance, SIGNED_OFF, snapshot, about=shortlist_id, reason=note)
        return store(change, [made])[0]


def withdraw(workspace: Workspace, who: Who, sign_off_id: str, *, reason: str) -> Decision:
    """Take an organisation's own sign-off back. UserError: not its own, withdrawn or replaced already, no reason."""
    (reason,) = accepted([(REASON, reason)], NOTHING_SAVED)
    who = who.checked()
    with deciding(workspace, WITHDRAWN, who, None, sign_off_id) as change:
        record = find(change.connection, sign_off_id)
        _must_be(record, (SIGNED_OFF,))
        current = shortlist_state(records(change.connection), find(change.connection, str(record.about)))
        if sign_off_id not in [each.record.id for each in current.sign_offs]:
            raise Conflict("This sign-off was withdrawn or replaced already.", current=current, remedy=_LOOK)
        if not same_organisation(record.organisation, who.organisation):
            raise UserError(
                f"This is the sign-off of {record.organisation}.",
                not_done=NOTHING_SAVED,
                remedy="Only the organisation that signed can withdraw it; a note can be added by anybody.",
            )
        return store(change, [row(who, record.provenance, WITHDRAWN, {}, about=sign_off_id, reason=reason)])[0]


def supersede(workspace: Workspace, who: Who, identifier: str, *, reason: str) -> Decision:
    """End a decision without another in its place: an agreed scenario or shortlist, or an override, which is undone.

    UserError: Conflict when it is ended already; not a decision that can be ended; no reason.
    """
    (reason,) = accepted([(REASON, reason)], NOTHING_SAVED)
    who = who.checked()
    with deciding(workspace, SUPERSEDED, who, None, identifier) as change:
        record = find(change.connection, identifier)
        _must_be(record, _CAN_BE_SUPERSEDED)
        _refuse_ended(records(change.connection), record)
        made = row(who, record.provenance, SUPERSEDED, {"by": None}, about=identifier, reason=reason)
        return store(change, [made])[0]


def note(workspace: Workspace, who: Who, about: str, *, text: str) -> Decision:
    """Add words to a decision, standing or not. UserError: no such decision, no words."""
    (text,) = accepted([(REASON, text)], NOTHING_SAVED)
    who = who.checked()
    with deciding(workspace, NOTE, who, None, about) as change:
        record = find(change.connection, about)
        return store(change, [row(who, record.provenance, NOTE, {}, about=about, reason=text)])[0]


def _shortlist_snapshot(draft: drafts.Draft, computed: Computed) -> dict[str, Any]:
    if (draft.scenario_id, draft.release_id) != (computed.scenario.id, computed.release_id):
        raise UserError(
            "The draft was made on another ranking: other choices, or another data release.",
            not_done=NOTHING_SAVED,
            remedy="Open the draft's own scenario and release, or begin a draft on this ranking.",
        )
    made = draft.agreed_list(computed.areas)
    if made.without_effect:
        raise UserError(
            f"{len(made.without_effect)} of the overrides can no longer be followed.",
            not_done=NOTHING_SAVED,
            remedy="Take them back in the draft, then agree it.",
            faults=[Fault("", why) for _, why in made.without_effect],
        )
    return whole(computed) | {"draft": draft.id, "agreed": list(made.codes), "list_id": made.id}


def _standing_as_seen(change: Change, kind: str, seen: str | None) -> Decision | None:
    current = standing(records(change.connection), kind)
    if (current.id if current else None) == seen:
        return current
    if current is None:
        raise Conflict("What you are replacing was ended meanwhile.", current=None, remedy=_LOOK)
    raise Conflict(
        f"{current.who.described} recorded '{kind}' on {day_and_time(current.at)}, after you looked.",
        current=current,
        remedy=_LOOK,
    )


def _list_as_seen(change: Change, shortlist_id: str, seen: str) -> AgreedShortlist:
    decision, every = find(change.connection, shortlist_id), records(change.connection)
    _must_be(decision, (SHORTLIST_AGREED,))
    _refuse_ended(every, decision)
    current = shortlist_state(every, decision)
    if current.agreed.id != seen:
        latest = current.latest
        raise Conflict(
            f"The list was changed by {latest.who.described} on {day_and_time(latest.at)}, after you looked.",
            current=current,
            remedy=_LOOK,
        )
    return current


def _refuse_ended(every: Sequence[Decision], record: Decision) -> None:
    for each in every:
        if each.kind == SUPERSEDED and each.about == record.id:
            raise Conflict(
                f"This was superseded by {each.who.described} on {day_and_time(each.at)}.", current=each, remedy=_LOOK
            )


def _must_be(record: Decision, kinds: Sequence[str]) -> None:
    if record.kind not in kinds:
        raise UserError(
            f"This record is of the kind '{record.kind}', where '{' or '.join(kinds)}' is needed.",
            not_done="Nothing was opened or changed.",
            remedy="Choose another decision from the timeline.",
        )
