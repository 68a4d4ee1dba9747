"""Decisions in words, for the screen of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prioritisation.decision_sentences import STANDS, Told, facts_of, told
from prioritisation.workspace.agreed import AgreedShortlist, shortlist_state
from prioritisation.workspace.records import SHORTLIST_AGREED, SUPERSEDED, Decision, day_and_time


def headlines(every: Sequence[Decision]) -> Iterator[str]:
    """Give each record in one line, the newest first. every: all records, in the order in which they were written."""
    for each in reversed(told(every).values()):
        yield _headline(each)


def described(record: Decision, every: Sequence[Decision]) -> str:
    """Return a record in full. every: all records, in the order in which they were written."""
    return "\n".join(_lines(record, every, told(every)))


def _headline(each: Told) -> str:
    record = each.record
    with_it = f" With it: {'; '.join(each.with_it)}." if each.with_it else ""
    return f"{record.id}  {day_and_time(record.at)}  {each.sentence}{with_it} By {record.who.described}."


def _lines(record: Decision, every: Sequence[Decision], known: Mapping[str, Told]) -> Iterator[str]:
    found = known[record.id]
    yield f"{found.sentence} ({record.id})"
    yield f"By {record.who.described}, {day_and_time(record.at)}"
    if record.about:
        yield f"About {record.about}"
    if record.reason:
        yield f"Reason: {record.reason}"
    if record.kind == SUPERSEDED and record.details["by"]:
        yield f"Superseded by {record.details['by']}"
    if found.since:
        yield f"{found.since} ({found.ended_by.id})" if found.ended_by else found.since
    elif found.state == STANDS:
        yield "It stands."
    about = known.get(record.about or "")
    yield from (f"{what}: {which}" for what, which in facts_of(record, about.record if about else None))
    if record.kind == SHORTLIST_AGREED:
        yield from _shortlist(shortlist_state(every, record), known)


def _shortlist(state: AgreedShortlist, known: Mapping[str, Told]) -> Iterator[str]:
    yield f"\nAgreed list ({len(state.agreed.rows)} areas):"
    for row in state.agreed.rows:
        rank = "not ranked" if row.area.rank is None else f"rank {row.area.rank}"
        score = "" if row.area.score is None else f", score {row.area.score:.1f}"
        yield f"{row.position:>4}  {row.area.name} ({row.area.code}): {rank}{score}; {row.words}"
    for gone in state.agreed.dropped:
        yield f"      {gone.area.name} ({gone.area.code}) was dropped from position {gone.computed}"
    yield from _section("With it", known[state.id].with_it)
    parts = {
        "Overrides": state.overrides,
        "Signed off": [each.record for each in state.sign_offs],
        "Notes": state.notes,
    }
    for title, records in parts.items():
        yield from _section(title, [_within(known[each.id]) for each in records])


def _within(each: Told) -> str:
    return " ".join(part for part in (_headline(each), each.record.reason, each.since) if part)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}:"
        yield from (f"  {line}" for line in lines)
