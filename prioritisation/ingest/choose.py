"""Which of several files of one kind is used, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from prioritisation.ingest import containers
from prioritisation.ingest.boundaries import Candidate, candidate
from prioritisation.ingest.codes import best_column, texts, vintage_of
from prioritisation.ingest.faults import Faults
from prioritisation.ingest.recognise import AREA_BOUNDARIES, PART, Recognised
from prioritisation.ingest.release import LoadedFile

# A workbook holds what the publisher calculated; text files carry the spreadsheet's display rounding.
_BY_PRECISION = (containers.XLSX, containers.PARQUET, containers.TEXT)


@dataclass
class Choices:
    """What was decided about each file. used: file name -> how; unused: file name -> why not."""

    used: dict[str, str] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)


def most_precise(offers: Sequence[Recognised], choices: Choices, faults: Faults) -> Recognised | None:
    """Return the offer to use of those with one content: a workbook before a text file, named files first."""
    if not offers:
        return None
    ordered = sorted(offers, key=lambda each: (_BY_PRECISION.index(each.container), not each.file.named))
    chosen = ordered[0]
    for other in ordered[1:]:
        if other.file.sha256 == chosen.file.sha256:
            _leave(other, f"it is the same file as {chosen.file.name}", choices)
        elif other.container != chosen.container:
            _leave(other, f"{chosen.file.name} has the same, unrounded", choices)
        else:
            found = f"this and {chosen.file.name} are both '{chosen.kind}' but differ."
            faults.add(other.file.name, found, "Leave one of them out.")
    return chosen


def best_match(
    offers: Sequence[Recognised], known: Collection[str], wanted: Collection[str], choices: Choices, faults: Faults
) -> tuple[Recognised, str] | None:
    """Return (offer, its column of codes) with most of the wanted areas, then with most areas known at all."""
    scored = [(*_matches(each, known, wanted), each) for each in offers]
    scored.sort(key=lambda each: (each[0], each[1], each[3].file.named), reverse=True)
    if not scored or not len(known):
        return None
    in_wanted, in_known, column, chosen = scored[0]
    if not in_known:
        _note_no_match(chosen, column, known, faults)
        return None
    for other_wanted, other_known, _, other in scored[1:]:
        if other.file.sha256 == chosen.file.sha256:
            _leave(other, f"it is the same file as {chosen.file.name}", choices)
        elif (other_wanted, other_known) == (in_wanted, in_known) and other.container == chosen.container:
            found = f"this and {chosen.file.name} are both a '{chosen.kind}' of the same areas but differ."
            faults.add(other.file.name, found, "Leave one of them out.")
        else:
            _leave(other, f"{chosen.file.name} serves these areas", choices)
    return chosen, column


def _leave(other: Recognised, why: str, choices: Choices) -> None:
    choices.unused[other.file.name] = why


def column_of(offer: Recognised, known: Collection[str]) -> str:
    """Return the column of area codes that matches most known areas."""
    return best_column(offer.content, offer.codes, known)


def codes_in(offer: Recognised, column: str) -> set[str]:
    """Return the different area codes of a column, without checking the rows."""
    return set(texts(offer.content[column]).str.upper()) - {""}


def _matches(offer: Recognised, known: Collection[str], wanted: Collection[str]) -> tuple[int, int, str]:
    column = column_of(offer, known)
    codes = codes_in(offer, column)
    return len(codes & set(wanted)), len(codes & set(known)), column


def _note_no_match(offer: Recognised, column: str, known: Collection[str], faults: Faults) -> None:
    ours, theirs = _main_vintage(known), _main_vintage(codes_in(offer, column))
    if ours != theirs:
        found = f"its codes are data zones of {theirs or 'no known year'}, but the data are for those of {ours}."
        faults.add(offer.file.name, found, f"Download the edition for data zones of {ours}.")
    else:
        found = "it has none of the areas that the other files have."
        faults.add(offer.file.name, found, "Use a file for the same country and council.")


def _main_vintage(codes: Collection[str]) -> int:
    years = list(vintage_of(pd.Index(sorted(codes), dtype="str"))) if len(codes) else []
    return int(max(set(years), key=years.count)) if years else 0


def choose_boundaries(
    offers: Sequence[Recognised], members: Collection[str], council: str, choices: Choices, faults: Faults
) -> tuple[Recognised, Candidate] | None:
    """Return the boundaries that match most of the council's areas, then the most detailed, then the widest."""
    usable = [each for each in offers if each.kind == AREA_BOUNDARIES and each.layer is not None]
    candidates = [(each, candidate(each.layer, each.codes, members)) for each in usable if each.layer is not None]
    matching = [pair for pair in candidates if pair[1].matched]
    if not matching:
        for offer, made in candidates:
            _note_unmatched(offer, made, members, council, faults)
        return None
    located = [pair for pair in matching if pair[1].layer.frame.crs is not None]
    matching = _prefer_located(matching, located)
    chosen, best = max(matching, key=lambda pair: (pair[1].matched, pair[1].detail, len(pair[1].layer.frame)))
    for offer, made in candidates:
        if offer is not chosen:
            _leave(offer, _why_not(made, best, chosen, council), choices)
    return chosen, best


def _prefer_located(
    matching: list[tuple[Recognised, Candidate]], located: list[tuple[Recognised, Candidate]]
) -> list[tuple[Recognised, Candidate]]:
    """Leave out boundaries without a coordinate system, unless the user named them or there are no others."""
    named = [pair for pair in matching if pair[0].file.named and pair not in located]
    return named or located or matching


def _note_unmatched(offer: Recognised, made: Candidate, members: Collection[str], council: str, faults: Faults) -> None:
    ours, theirs = _main_vintage(members), _main_vintage(set(made.codes))
    if ours != theirs:
        found = f"its areas are data zones of {theirs or 'no known year'}, but the data are for those of {ours}."
        faults.add(offer.file.name, found, f"Download the boundaries of the data zones of {ours}.")
    else:
        found = f"it has none of the {len(members):,} areas of {council}."
        faults.add(offer.file.name, found, "Use boundaries that cover the council.")


def _why_not(made: Candidate, best: Candidate, chosen: Recognised, council: str) -> str:
    if made.matched < best.matched:
        return f"it has {made.matched:,} of the areas of {council}; {chosen.file.name} has {best.matched:,}"
    if made.layer.frame.crs is None:
        return "it does not say which coordinate system (CRS) it is in"
    if made.detail < best.detail:
        return f"{chosen.file.name} is more detailed"
    return f"{chosen.file.name} has the same areas in the same detail"


def loaded_files(
    offers: Sequence[Recognised], choices: Choices, source_of: Callable[[Recognised], str | None]
) -> tuple[LoadedFile, ...]:
    """Describe every file offered, used or not."""
    shapefiles = [each.file.path for each in offers if each.file.name in choices.used and each.layer is not None]
    return tuple(_loaded(each, choices, shapefiles, source_of(each)) for each in offers)


def _loaded(offer: Recognised, choices: Choices, shapefiles: Sequence[Path], source: str | None) -> LoadedFile:
    file = offer.file
    beside = any(path.parent == file.path.parent and file.path.name.startswith(f"{path.stem}.") for path in shapefiles)
    used = file.name in choices.used or (offer.kind == PART and beside)
    return LoadedFile(
        name=file.name,
        kind=offer.kind,
        used=used,
        note=choices.used.get(file.name) or choices.unused.get(file.name) or offer.note,
        sha256=file.sha256,
        bytes=file.path.stat().st_size,
        rows=len(offer.content) if offer.table is not None or offer.layer is not None else None,
        modified_at=file.modified_at,
        source_id=source if used else None,
    )
