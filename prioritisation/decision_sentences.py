"""Decisions in plain sentences, as the timeline tells them: what was decided, and what became of it since. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from prioritisation.errors import UserError
from prioritisation.patch.recorded import recorded_patch
from prioritisation.round_sentences import applied_sentence
from prioritisation.words import areas_words, method_words, weights_words
from prioritisation.workspace.agreed import shortlist_state
from prioritisation.workspace.overrides import ADD, DROP
from prioritisation.workspace.records import (
    NOTE,
    OVERRIDE,
    ROUND_APPLIED,
    SCENARIO_AGREED,
    SHORTLIST_AGREED,
    SIGNED_OFF,
    SUPERSEDED,
    WITHDRAWN,
    Decision,
)

STANDS, ENDED = "stands", "ended"
_UNREADABLE = (UserError, KeyError, TypeError, ValueError)
_NOT_READ = "this version cannot read it"


@dataclass(frozen=True)
class Told:
    """One record as people read it. state: STANDS, ENDED, or empty where neither can be said of it.

    since: what became of it, empty when nothing did; ended_by: the record that says so, None when there is none;
    with_it: what was agreed with a shortlist, as `beside_words`.
    """

    record: Decision
    sentence: str
    state: str
    since: str
    ended_by: Decision | None
    with_it: tuple[str, ...] = ()


def told(every: Sequence[Decision]) -> dict[str, Told]:
    """Return every record told, by id, in the order given. every: all records, in the order they were written."""
    known = {each.id: each for each in every}
    ends = {each.about: each for each in every if each.kind in (SUPERSEDED, WITHDRAWN) and each.about}
    signed = _standing_sign_offs(every)
    found = [_told(each, known, ends, signed) for each in every]
    return {each.record.id: replace(each, with_it=tuple(beside_words(each.record))) for each in found}


def _standing_sign_offs(every: Sequence[Decision]) -> dict[str, bool]:
    """Return the sign-offs that stand in their shortlist's thread, each with whether it is of the list as it is now."""
    found: dict[str, bool] = {}
    for each in every:
        if each.kind == SHORTLIST_AGREED:
            with suppress(*_UNREADABLE):
                found |= {one.record.id: one.of_this_list for one in shortlist_state(every, each).sign_offs}
    return found


def _told(
    record: Decision, known: Mapping[str, Decision], ends: Mapping[str, Decision], signed: Mapping[str, bool]
) -> Told:
    try:
        sentence = _sentence(record, known)
    except _UNREADABLE:
        sentence = "A newer version of this application recorded this; it cannot be told here."
    end = ends.get(record.id) or _end_of_list(record, ends)
    if end is not None:
        return Told(record, sentence, ENDED, _end_words(record, end), end)
    if record.kind == SIGNED_OFF:
        return _signed(record, sentence, signed)
    lasting = record.kind in (SCENARIO_AGREED, SHORTLIST_AGREED, OVERRIDE)
    return Told(record, sentence, STANDS if lasting else "", "", None)


def _end_of_list(record: Decision, ends: Mapping[str, Decision]) -> Decision | None:
    """Return what ended the shortlist that a change or a sign-off belongs to."""
    return ends.get(record.about) if record.kind in (OVERRIDE, SIGNED_OFF) and record.about else None


def _end_words(record: Decision, end: Decision) -> str:
    when = f"on {day(end.at)} by {end.who.described}"
    if end.kind == WITHDRAWN:
        return f"Taken back {when}."
    if end.about != record.id:
        return f"Ended with its shortlist {when}."
    if record.kind == OVERRIDE:
        return f"Undone {when}."
    replaced = bool(end.details.get("by"))
    return f"Replaced by a newer decision {when}." if replaced else f"Ended {when}, with nothing in its place."


def _signed(record: Decision, sentence: str, signed: Mapping[str, bool]) -> Told:
    """Return a sign-off that nobody took back: whether it stands, and is of the list as it is now."""
    if record.id not in signed:
        return Told(record, sentence, ENDED, "The same organisation signed again later.", None)
    since = "" if signed[record.id] else "The list was changed after this sign-off."
    return Told(record, sentence, STANDS, since, None)


def _sentence(record: Decision, known: Mapping[str, Decision]) -> str:
    if record.kind == SCENARIO_AGREED:
        name = record.details.get("name")
        return f"The weights were agreed{f' (“{name}”)' if name else ''}: {recorded_weights(record)}."
    if record.kind == ROUND_APPLIED:
        return applied_sentence(record)
    if record.kind == SHORTLIST_AGREED:
        return _shortlist_sentence(record, known)
    if record.kind == OVERRIDE:
        return _override_sentence(record)
    about = known.get(record.about or "")
    if record.kind == SIGNED_OFF:
        return f"{record.organisation} signed off the shortlist of {areas_words(len(record.details['list']))}."
    if record.kind == WITHDRAWN:
        return f"{record.organisation} took its sign-off{_of(about)} back."
    if record.kind == NOTE:
        return f"A note was added to {_named(about)}."
    if about is not None and about.kind == OVERRIDE:
        return f"A change of the shortlist was undone: {_override_words(about)}."
    if record.details.get("by"):
        return f"{_capital(_named(about))} was replaced by a newer one."
    return f"{_capital(_named(about))} was ended, with nothing in its place."


def _shortlist_sentence(record: Decision, known: Mapping[str, Decision]) -> str:
    details = record.details
    same_write = [each for each in known.values() if each.changed == record.changed and each.kind == OVERRIDE]
    changes = f", with {len(same_write)} {'change' if len(same_write) == 1 else 'changes'} by people"
    return f"A shortlist of {areas_words(len(details['agreed']))} was agreed{changes if same_write else ''}."


def beside_words(record: Decision) -> list[str]:
    """Return what was agreed with a shortlist, one phrase each: its patch, and whom the team supports first."""
    also = details_of(record).get("also")
    also = also if isinstance(also, dict) else {}
    told = []
    if also.get("patch"):
        patch = recorded_patch(also["patch"])
        told.append(f"the patch for the first team: {patch.words if patch else _NOT_READ}")
    if also.get("cohorts"):
        names = [str(each["name"]) for each in also["cohorts"] if isinstance(each, dict) and "name" in each]
        told.append(f"whom the team supports first: {'; '.join(names) or _NOT_READ}")
    return told


def _override_sentence(record: Decision) -> str:
    review = day(date.fromisoformat(record.details["review_on"]))
    return f"{_override_words(record)}, to be looked at again by {review}."


def _override_words(record: Decision) -> str:
    details = record.details
    if details["do"] == DROP:
        return f"{details['name']} was dropped from the shortlist"
    place = f" position {details['to']}" if details["to"] else " its end"
    verb = "added to the shortlist, at" if details["do"] == ADD else "moved on the shortlist, to"
    return f"{details['name']} was {verb}{place}"


def recorded_weights(record: Decision) -> str:
    """Return the weights that a record rests on, the heaviest first, with the priorities' names where it has them."""
    names = {each["id"]: each["name"] for each in details_of(record).get("priorities", [])}
    return weights_words(json.loads(record.weights), names)


def facts_of(record: Decision, about: Decision | None) -> list[tuple[str, str]]:
    """Return what a record rests on, as (what, which) pairs. about: the record it concerns, for names it lacks."""
    named = record if details_of(record).get("priorities") or about is None else about
    details = details_of(named)
    demonstration = details.get("release", {}).get("demonstration")
    invented = ", demonstration data: every place and number is invented" if demonstration else ""
    framework = details.get("framework", {}).get("name", record.framework_id)
    method: dict[str, Any] = json.loads(record.method)
    how = method_words(*(method[name] for name in ("normalise", "aggregate", "reference", "rank_offset")))
    return [
        ("Data release", f"{record.release_id}{invented}"),
        ("Framework", f"{framework} ({record.framework_hash})"),
        ("Weights", recorded_weights(named)),
        ("Method", f"{how} {areas_words(record.cut)} on the computed list."),
        ("Scenario", record.scenario_id),
        ("Application", f"version {record.application}"),
    ]


def details_of(record: Decision) -> dict[str, Any]:
    """Return what a record keeps; nothing of one that a newer version wrote."""
    try:
        return record.details
    except _UNREADABLE:
        return {}


def day(moment: date | datetime) -> str:
    """Return "22 November 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def _named(about: Decision | None) -> str:
    """Return what a record concerns, with its day, for the middle of a sentence."""
    kinds = {
        SCENARIO_AGREED: "the agreed weights",
        SHORTLIST_AGREED: "the agreed shortlist",
        OVERRIDE: "the change of the shortlist",
        SIGNED_OFF: "the sign-off",
        NOTE: "the note",
        ROUND_APPLIED: "the applied round",
    }
    if about is None:
        return "a decision that is not here"
    return f"{kinds.get(about.kind, 'the record')} of {day(about.at)}"


def _of(about: Decision | None) -> str:
    return f" of {day(about.at)}" if about is not None else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
