"""Import of published open data: files in, a checked and published release out, or every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from prioritisation.catalogue import Catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.assemble import Assembly
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.contacts.publishing import carried_over, fits, with_people
from prioritisation.ingest.faults import NOT_DONE, Faults
from prioritisation.ingest.kept import with_kept
from prioritisation.ingest.recognise import UNKNOWN, Recognised, offered_files, recognise_all
from prioritisation.ingest.release import CheckedRelease
from prioritisation.ingest.summary import ImportSummary, summary_of

Progress = Callable[[str], None]


def import_open_data(
    paths: Sequence[Path],
    *,
    council: str,
    folder: DataFolder,
    catalogue: Catalogue,
    progress: Progress = lambda step: None,
    people: ProtectedCounts | None = None,
) -> ImportSummary:
    """Recognise, read, check, build and publish; all or nothing.

    paths: files and folders; council: a code (S12000028), a name (South Ayrshire) or "all"; people: protected counts
    to publish with it where they are of the same areas, instead of those of the release in use.
    UserError: with every fault of every file; then nothing has changed.
    """
    with publish.one_import(folder):
        release, unjoined = read_release(paths, council=council, catalogue=catalogue, progress=progress)
        release, said = with_kept(release, folder)
        if people is not None and fits(people, release):
            release = with_people(release, people, folder.catalogue)
        else:
            release, carried = carried_over(release, folder)
            said += carried
        published = publish.publish(release, folder, progress)
    return summary_of(release, unjoined, replace(published, warnings=(*said, *published.warnings)))


def read_release(
    paths: Sequence[Path], *, council: str, catalogue: Catalogue, progress: Progress = lambda step: None
) -> tuple[CheckedRelease, tuple[str, ...]]:
    """Read and check everything, and write nothing. Return the release and sentences on what could not be joined."""
    faults = Faults()
    files = offered_files([Path(path) for path in paths], faults)
    progress(f"Reading {len(files):,} file{'s' if len(files) != 1 else ''}")
    offers = list(recognise_all(files, catalogue, faults))
    _note_unknown(offers, faults)
    _raise(faults)
    progress("Checking areas, values and boundaries")
    assembly = Assembly(offers, catalogue, faults)
    if not assembly.codes.size:
        _raise(faults)
        raise _nothing_to_import(offers)
    try:
        release = assembly.release(council)
    except UserError as unknown_council:
        faults.add("--council", unknown_council.found, unknown_council.remedy)
        if len(faults) == 1:
            raise
        release = None
    _raise(faults)
    if release is None:
        raise _nothing_to_import(offers)
    return release, assembly.unjoined


def _note_unknown(offers: Sequence[Recognised], faults: Faults) -> None:
    """A file that the user named must be something we know; one that lies in a folder is passed over."""
    for offer in offers:
        if offer.kind == UNKNOWN and offer.file.named:
            remedy = "Leave it out, or use the file as its publisher offers it."
            faults.add(offer.file.name, f"not recognised: {offer.note}.", remedy)


def _raise(faults: Faults) -> None:
    faults.raise_if_any("The files have {count}.", "Mend or replace the files named above, then import again.")


def _nothing_to_import(offers: Sequence[Recognised]) -> UserError:
    return UserError(
        f"No file with values for areas was found among {len(offers):,} files.",
        not_done=NOT_DONE,
        remedy="Name the published files, such as the SIMD indicators workbook and the data zone boundaries.",
    )
