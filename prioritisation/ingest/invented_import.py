"""Invented people through the partners' own tool and the importer: from raw extracts to a release with their counts."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from prioritisation.contract import Contract, load_contract
from prioritisation.contract_files import rules_of
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.importing import Publisher, import_contacts
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.protected import counts_of, write_tracked
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.ingest.demonstration import TRACKED_PEOPLE
from prioritisation.ingest.invented_extracts import (
    RELEASES,
    InventedPeople,
    RawExtract,
    invent_people,
    month_name,
    write_extracts,
)
from prioritisation.ingest.invented_keys import Kept
from prioritisation.pseudonymise import Keyed, Order, Rules, pseudonymise, read_postcodes, write
from prioritisation.store import open_store

KEY_ID = "demonstration"
KEPT_FOR_YEARS = 3

Progress = Callable[[str], None]


def import_people(
    open_files: Path,
    folder: DataFolder,
    publisher: Publisher,
    *,
    seed: int,
    kept: Kept | None = None,
    progress: Progress = lambda step: None,
) -> list[str]:
    """Invent the people of the demonstration in use and publish two releases with their counts; return their ids.

    The second counts a quarter more than the first.
    open_files: what `write_demonstration` wrote. The people themselves live in a temporary folder and are gone
    afterwards; kept: where they stay instead, to try referral lists. UserError: as the importer's.
    """
    contract, today = load_contract(folder.catalogue), date.today()
    progress("Inventing people")
    people = invent_people(open_files, contract, seed)
    published: list[str] = []
    extracted: list[Path] = []
    key = AppKey(seeded_key(seed, "key of the product"))
    with tempfile.TemporaryDirectory(prefix="prioritisation-people-") as scratch:
        place = kept.restricted if kept else Path(scratch).resolve() / "restricted"
        restricted = RestrictedFolder(place)
        for number, months in enumerate(RELEASES):
            progress(f"Pseudonymising what partners hold up to {month_name(months[1] - 1)}")
            extracts = Path(scratch) / f"extracts-{number}"
            files = keyed_extracts(people, extracts, months, open_files / "postcodes.csv", contract)
            request = Request(files, _in_years(today, KEPT_FOR_YEARS), today, start_again=number == 0)
            summary = import_contacts(
                request,
                data=folder,
                restricted=restricted,
                contract=contract,
                key=key,
                publisher=publisher,
                progress=progress,
            )
            published.append(str(summary.release_id))
            extracted += files
        if kept:
            kept.write(extracted, key)
    return published


def refuse_beside_real_people(folder: DataFolder) -> None:
    """Raise UserError when the release in use is not a demonstration: three new releases would push its own out."""
    if folder.published().current is None:
        return
    with open_store(folder) as store:
        real = not store.release.demonstration
    if real:
        raise UserError(
            f"The data in {folder.root} are of a real place.",
            not_done="Nobody was invented; nothing has changed.",
            remedy="Name an empty folder for the demonstration with --data.",
        )


def write_tracked_people(folder: DataFolder, to: Path = TRACKED_PEOPLE) -> None:
    """Write the protected counts of the release in use as the ones that the repository keeps.

    UserError: the release in use has no counts of people.
    """
    with open_store(folder) as store:
        counts = counts_of(store)
    if counts is None:
        raise UserError(
            "The release in use has no counts of people.",
            not_done="The tracked counts are as they were.",
            remedy="Run `prioritisation demonstration --people --tracked`.",
        )
    write_tracked(counts, to)


def _in_years(today: date, years: int) -> date:
    return today.replace(year=today.year + years, day=1)


def keyed_extracts(
    people: InventedPeople, folder: Path, months: tuple[int, int], postcodes: Path, contract: Contract
) -> list[Path]:
    """Write raw extracts of these months, run the partners' tool on each, and return one keyed file per partner.

    postcodes: the file of `write_demonstration`. The raw files are removed again. The same people and months give the
    same bytes: the project key is made from the seed, which only invented people allow.
    """
    zones, rules = read_postcodes(postcodes), rules_of(contract)
    raw = write_extracts(people, folder / "raw", months)
    keyed_files = []
    for partner, extracts in groupby(raw, key=lambda extract: extract.partner):
        parts = [_keyed(extract, rules, zones, people.seed) for extract in extracts]
        path = folder / f"{partner.replace('_', '-')}-{month_name(months[0])}-to-{month_name(months[1] - 1)}.csv"
        write(_together(parts), path)
        keyed_files.append(path)
    for extract in raw:
        extract.path.unlink()
    return keyed_files


def seeded_key(seed: int, use: str) -> bytes:
    """Return 32 bytes that stand in for a secret: for invented people only."""
    return hashlib.sha256(f"demonstration {use} {seed}".encode()).digest()


def _keyed(extract: RawExtract, rules: Rules, zones: dict[str, str], seed: int) -> Keyed:
    key = seeded_key(seed, "project key")
    order = Order(extract.partner, key, KEY_ID, extract.key_kind, zones)
    return pseudonymise(extract.path, rules, order, date.today())


def _together(parts: Sequence[Keyed]) -> Keyed:
    """Return what a partner hands over in one file: rows under its own identifiers and under the linker's."""
    first = parts[0]
    months = min(part.months[0] for part in parts), max(part.months[1] for part in parts)
    rows = sorted(row for part in parts for row in part.rows)
    return Keyed(first.columns, rows, months, sum(part.rows_read for part in parts), first.left_out)
