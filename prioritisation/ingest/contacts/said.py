"""What an import of contacts tells the analyst: files, rows and months; people rounded, small numbers not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from prioritisation.ingest.contacts.check import CheckedFile
from prioritisation.ingest.contacts.people import NewExtract, StoredExtract
from prioritisation.ingest.faults import counted, listed
from prioritisation.ingest.publish import PublishedRelease

HIDE_PEOPLE_UNDER = 10
ROUND_PEOPLE_TO = 5


@dataclass(frozen=True)
class ContactsSummary:
    """What was imported, in lines of text; release_id: None when every file was known already."""

    lines: tuple[str, ...]
    release_id: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        published = [f"Release {self.release_id} is published."] if self.release_id else ["Nothing new was published."]
        return "\n".join([*self.lines, *self.warnings, *published])

    def published_as(self, release: PublishedRelease) -> ContactsSummary:
        return replace(self, release_id=release.id, warnings=release.warnings)


def people_said(count: int) -> str:
    """Return a number of people fit for a screen: rounded, and not at all when small."""
    if count < HIDE_PEOPLE_UNDER:
        return f"fewer than {HIDE_PEOPLE_UNDER} people"
    return f"about {ROUND_PEOPLE_TO * round(count / ROUND_PEOPLE_TO):,} people"


def summary_of(
    files: Sequence[CheckedFile],
    new: Sequence[NewExtract],
    known: Mapping[int, int],
    memory: duckdb.DuckDBPyConnection,
    retain_until: date,
    stored: Sequence[StoredExtract] = (),
    gone: Mapping[int, int] | None = None,
) -> ContactsSummary:
    """Say what each file was, what was skipped, and what replaced what. memory: holds `second_key`.

    known: file number -> the extract that it repeats; gone: extract -> rows of it that are not kept.
    """
    numbers = {each.file.number: each.extract_id for each in new}
    lines = []
    for file in files:
        if file.number in known:
            lines.append(f"{file.label}: the same as extract {known[file.number]}, already imported; skipped.")
        else:
            lines += _file_lines(file, numbers[file.number], memory)
    lines += [_gone_line(each, (gone or {})[each.extract_id]) for each in stored if each.extract_id in (gone or {})]
    if new:
        lines.append(f"Kept until {retain_until.isoformat()}; `prioritisation purge` removes people after that day.")
    return ContactsSummary(tuple(lines))


def _file_lines(file: CheckedFile, extract_id: int, memory: duckdb.DuckDBPyConnection) -> list[str]:
    kinds = memory.execute(
        "SELECT key_kind, count(DISTINCT second) FROM second_key WHERE number = $number GROUP BY 1 ORDER BY 1",
        {"number": file.number},
    ).fetchall()
    people = sum(count for _, count in kinds)
    months = " to ".join(dict.fromkeys(f"{month:%Y-%m}" for month in (file.month_from, file.month_to)))
    first = (
        f"{file.label}: extract {extract_id} from {file.partner}, {counted(file.rows, 'row', 'rows')}, "
        f"{people_said(people)}, {months}; services: {listed(file.services, most=10)}."
    )
    keys = f"  Keys: {', '.join(f'{kind} ({people_said(count)})' for kind, count in kinds)}; key {file.key_id}."
    lines = [first, keys]
    if file.repeated_rows:
        lines.append(f"  {counted(file.repeated_rows, 'row repeats', 'rows repeat')} another in everything; all count.")
    if file.rows_elsewhere:
        share = file.rows_elsewhere / file.rows
        lines.append(f"  {share:.0%} of the rows are of areas outside this council area; not counted.")
    return lines


def _gone_line(extract: StoredExtract, rows: int) -> str:
    months = " to ".join(f"{month:%Y-%m}" for month in (extract.month_from, extract.month_to))
    about = "all" if rows >= extract.row_count else f"{rows / extract.row_count:.0%} of the"
    return f"Extract {extract.extract_id} ({extract.partner}, {months}): {about} rows replaced or past retention."
