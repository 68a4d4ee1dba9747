"""What an import loaded, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prioritisation.ingest.publish import PublishedRelease
from prioritisation.ingest.release import CheckedRelease, LoadedFile


@dataclass(frozen=True)
class IndicatorCount:
    """Values of one indicator in the council, by status."""

    id: str
    name: str
    reported: int
    zero: int
    suppressed: int
    missing: int


@dataclass(frozen=True)
class ImportSummary:
    """One finished import. areas: of the council; reference_areas: others, kept to compare with."""

    release_id: str
    previous: str | None
    council: str
    council_name: str
    demonstration: bool
    areas: int
    reference_areas: int
    with_boundary: int
    postcodes: int
    files: tuple[LoadedFile, ...]
    indicators: tuple[IndicatorCount, ...]
    unjoined: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """A summary to read in a terminal."""
        return "\n".join([*self._head(), "", *self._file_lines(), "", *self._indicator_lines(), "", *self._tail()])

    def _head(self) -> Iterator[str]:
        yield f"Release {self.release_id} is now in use."
        place = f"{self.council_name} ({self.council})" if self.council != self.council_name else self.council_name
        yield f"{place}: {self.areas:,} areas, {self.with_boundary:,} with a boundary."
        if self.demonstration:
            yield "Demonstration data: every place, number and name is invented."
        if self.reference_areas:
            yield f"Another {self.reference_areas:,} areas are kept to compare with."
        if self.postcodes:
            yield f"{self.postcodes:,} postcodes can be searched."

    def _file_lines(self) -> Iterator[str]:
        yield "Files used:"
        for each in self.files:
            if each.used:
                rows = f", {each.rows:,} rows" if each.rows is not None else ""
                note = f"; {each.note}" if each.note else ""
                yield f"  {each.name}: {each.kind}{rows}{note} (sha256 {each.sha256[:12]})"
        unused = [each for each in self.files if not each.used]
        if unused:
            yield "Files not used:"
            yield from (f"  {each.name}: {each.kind}{f'; {each.note}' if each.note else ''}" for each in unused)

    def _indicator_lines(self) -> Iterator[str]:
        yield f"{len(self.indicators)} indicators. Values in {self.council_name}:"
        yield f"  {'':44} {'reported':>9} {'zero':>6} {'suppressed':>11} {'missing':>8}"
        for each in self.indicators:
            name = each.name if len(each.name) <= 44 else f"{each.name[:43]}…"
            yield f"  {name:44} {each.reported:>9,} {each.zero:>6,} {each.suppressed:>11,} {each.missing:>8,}"

    def _tail(self) -> Iterator[str]:
        if self.unjoined:
            yield "Not joined:"
            yield from (f"  {sentence}" for sentence in self.unjoined)
        else:
            yield "Everything joined: no area without a boundary or values, none left over."
        yield from (f"Note: {warning}" for warning in self.warnings)
        if self.previous:
            yield f"The release before, {self.previous}, is kept; `prioritisation rollback` goes back to it."


def summary_of(release: CheckedRelease, unjoined: tuple[str, ...], published: PublishedRelease) -> ImportSummary:
    """Describe a release that has just been published."""
    members = release.council.members
    counts = release.counts(members)
    return ImportSummary(
        release_id=published.id,
        previous=published.previous,
        council=release.council.code or release.council.name,
        council_name=release.council.name,
        demonstration=release.demonstration,
        areas=len(members),
        reference_areas=len(release.areas) - len(members),
        with_boundary=len(release.boundaries),
        postcodes=len(release.postcodes),
        files=release.files,
        indicators=tuple(IndicatorCount(each.id, each.name, **counts[each.id]) for each in release.indicators),
        unjoined=unjoined,
        warnings=published.warnings,
    )
