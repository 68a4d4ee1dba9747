"""What an import of contacts tells the analyst: files, rows and months; people rounded, small numbers not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from prioritisation.ingest.contacts.check import CheckedFile
from prioritisation.ingest.contacts.people import Fate, StoredExtract
from prioritisation.ingest.contacts.plan import Plan
from prioritisation.ingest.faults import counted, listed
from prioritisation.ingest.publish import PublishedRelease
from prioritisation.words import share_words

HIDE_PEOPLE_UNDER = 10
ROUND_PEOPLE_TO = 5


@dataclass(frozen=True)
class ContactsSummary:
    """What was imported, in lines of text.

    release_id: None when every file was known already, or was only checked; ending: what is said then.
    """

    lines: tuple[str, ...]
    release_id: str | None = None
    warnings: tuple[str, ...] = ()
    ending: str = "Nothing new was published."

    @property
    def text(self) -> str:
        published = f"Release {self.release_id} is published." if self.release_id else self.ending
        return "\n".join([*self.lines, *self.warnings, published])

    def published_as(self, release: PublishedRelease) -> ContactsSummary:
        return replace(self, release_id=release.id, warnings=release.warnings)


def people_said(count: int) -> str:
    """Return a number of people fit for a screen: rounded, and not at all when small."""
    if count < HIDE_PEOPLE_UNDER:
        return f"fewer than {HIDE_PEOPLE_UNDER} people"
    return f"about {ROUND_PEOPLE_TO * round(count / ROUND_PEOPLE_TO):,} people"


def summary_of(
    plan: Plan, memory: duckdb.DuckDBPyConnection, retain_until: date, told: Sequence[str] = ()
) -> ContactsSummary:
    """Say what each file was, what was skipped, and what replaced what. memory: holds `second_key`.

    told: what else is to be said of the extracts together.
    """
    return ContactsSummary(tuple(_lines(plan, memory, retain_until, told)))


def check_summary_of(
    plan: Plan, memory: duckdb.DuckDBPyConnection, retain_until: date, told: Sequence[str] = ()
) -> ContactsSummary:
    """Say the same of files that were only checked, and which months and services would be covered then."""
    begin = ["Nothing is wrong with the files. An import of them would mean:"]
    lines = [*begin, *_lines(plan, memory, retain_until, told), *(_covered_lines(plan) if plan.new else ())]
    ending = "Only checked: nothing was imported or written. Leave out --check to import and publish."
    return ContactsSummary(tuple(lines), ending=ending)


def _lines(plan: Plan, memory: duckdb.DuckDBPyConnection, retain_until: date, told: Sequence[str]) -> Iterator[str]:
    numbers = {each.file.number: each.extract_id for each in plan.new}
    for file in plan.files:
        if file.number in plan.known:
            yield f"{file.label}: the same as extract {plan.known[file.number]}, already imported; skipped."
        else:
            yield from _file_lines(file, numbers[file.number], memory)
    for each in plan.stored:
        if each.extract_id in plan.fates and plan.fates[each.extract_id].gone:
            yield _gone_line(each, plan.fates[each.extract_id])
    if plan.new:
        yield from told
        yield f"Kept until {retain_until.isoformat()}; `prioritisation purge` removes people after that day."


def _covered_lines(plan: Plan) -> Iterator[str]:
    yield "Covered then, of everything in the store:"
    for partner, stretches in plan.covered().items():
        for months, services in stretches.items():
            yield f"  {partner}: {', '.join(_months(*each) for each in months)}: {', '.join(services)}."


def _months(first: date, last: date) -> str:
    return " to ".join(dict.fromkeys(f"{month:%Y-%m}" for month in (first, last)))


def _file_lines(file: CheckedFile, extract_id: int, memory: duckdb.DuckDBPyConnection) -> list[str]:
    kinds = memory.execute(
        "SELECT key_kind, count(DISTINCT second) FROM second_key WHERE number = $number GROUP BY 1 ORDER BY 1",
        {"number": file.number},
    ).fetchall()
    people = sum(count for _, count in kinds)
    first = (
        f"{file.label}: extract {extract_id} from {file.partner}, {counted(file.rows, 'row', 'rows')}, "
        f"{people_said(people)}, {_months(file.month_from, file.month_to)}; "
        f"services: {listed(file.services, most=10)}."
    )
    keys = f"  Keys: {', '.join(f'{kind} ({people_said(count)})' for kind, count in kinds)}; key {file.key_id}."
    lines = [first, keys]
    if file.repeated_rows:
        lines.append(f"  {counted(file.repeated_rows, 'row repeats', 'rows repeat')} another in everything; all count.")
    if file.rows_elsewhere:
        share = file.rows_elsewhere / file.rows
        lines.append(f"  {share:.0%} of the rows are of areas outside this council area; not counted.")
    return lines


def _gone_line(extract: StoredExtract, fate: Fate) -> str:
    months = _months(extract.month_from, extract.month_to)
    about = f"{share_words(fate.gone / (fate.gone + fate.kept))} of the" if fate.kept else "all"
    return f"Extract {extract.extract_id} ({extract.partner}, {months}): {about} rows replaced or past retention."
