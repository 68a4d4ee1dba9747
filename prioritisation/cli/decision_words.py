"""Decisions in words, for the screen of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prioritisation.workspace.agreed import AgreedShortlist, shortlist_state
from prioritisation.workspace.records import OVERRIDE, SHORTLIST_AGREED, SUPERSEDED, Decision, day_and_time


def headline(record: Decision) -> str:
    """Return a record in one line."""
    return f"{record.id}  {day_and_time(record.at)}  {_what(record)}, by {record.who.described}"


def described(record: Decision, every: Sequence[Decision]) -> str:
    """Return a record in full. every: all records, in the order in which they were written."""
    return "\n".join(_lines(record, every))


def _what(record: Decision) -> str:
    if record.kind != OVERRIDE:
        return record.kind[0].upper() + record.kind[1:]
    details = record.details
    place = f" to position {details['to']}" if details["to"] else ""
    return f"Override: {details['do']} {details['name']}{place}"


def _lines(record: Decision, every: Sequence[Decision]) -> Iterator[str]:
    yield f"{_what(record)} ({record.id})"
    yield f"By {record.who.described}, {day_and_time(record.at)}"
    if record.about:
        yield f"About {record.about}"
    if record.reason:
        yield f"Reason: {record.reason}"
    if record.kind == OVERRIDE:
        yield f"To be looked at again by {record.details['review_on']}"
    if record.kind == SUPERSEDED and record.details["by"]:
        yield f"Superseded by {record.details['by']}"
    yield f"Scenario {record.scenario_id}, data release {record.release_id}, application {record.application}"
    yield f"Framework {record.framework_id} ({record.framework_hash}); weights in per cent: {record.weights}"
    yield f"Method: {record.method}; cut {record.cut}"
    if record.kind == SHORTLIST_AGREED:
        yield from _shortlist(shortlist_state(every, record))


def _shortlist(state: AgreedShortlist) -> Iterator[str]:
    if state.decision.details["release"].get("demonstration"):
        yield "Demonstration data: every place and number is invented"
    yield "It stands." if state.superseded_by is None else f"It was superseded: {headline(state.superseded_by)}"
    yield f"\nAgreed list ({len(state.agreed.rows)} areas):"
    for row in state.agreed.rows:
        rank = "not ranked" if row.area.rank is None else f"rank {row.area.rank}"
        score = "" if row.area.score is None else f", score {row.area.score:.1f}"
        yield f"{row.position:>4}  {row.area.name} ({row.area.code}): {rank}{score}; {row.words}"
    for gone in state.agreed.dropped:
        yield f"      {gone.area.name} ({gone.area.code}) was dropped from position {gone.computed}"
    yield from _section("Overrides", [f"{headline(each)}: {each.reason}" for each in state.overrides])
    yield from _section(
        "Signed off",
        [headline(each.record) + ("" if each.of_this_list else "; the list changed since") for each in state.sign_offs],
    )
    yield from _section("Notes", [f"{headline(each)}: {each.reason}" for each in state.notes])


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}:"
        yield from (f"  {line}" for line in lines)
