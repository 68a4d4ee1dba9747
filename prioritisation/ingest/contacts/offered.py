"""What an import of contacts is asked to do, and its files: each read and checked, and against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder
from prioritisation.identifiers import kinds_in
from prioritisation.ingest.contacts.check import CheckedFile, Rules, check_file, prepare
from prioritisation.ingest.contacts.headers import Unkeyed
from prioritisation.ingest.contacts.read import read_extract
from prioritisation.ingest.contacts.reasons import identifier_reason
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.store import open_store

NAME_DATES_FROM_YEARS = 3


@dataclass(frozen=True)
class Request:
    """What is asked for. replaces: numbers of earlier extracts that these files replace as a whole."""

    paths: Sequence[Path]
    retain_until: date
    today: date
    replaces: tuple[int, ...] = ()
    start_again: bool = False


def checked_files(
    request: Request,
    data: DataFolder,
    contract: Contract,
    memory: duckdb.DuckDBPyConnection,
    progress: Callable[[str], None],
) -> list[CheckedFile]:
    """Read and check every file. UserError: with every fault of all of them."""
    areas, postcodes = _places(data)
    prepare(memory, areas, postcodes)
    rules = Rules(contract, request.today.replace(day=1), bool(postcodes.num_rows))
    checked, faults = [], []
    for number, path in enumerate(request.paths, 1):
        progress(f"Reading and checking file {number} of {len(request.paths)}")
        label, name_faults = label_of(path, number, request.today)
        found, file_faults = check_file(read_extract(path, number, label, memory), number, rules, memory)
        faults += [*name_faults, *file_faults]
        checked += [found] if found is not None else []
    if not faults:
        faults = _overlapping(checked, contract)
    if faults:
        raise _refused(faults)
    return checked


def _refused(faults: Sequence[Fault]) -> UserError:
    """Return the refusal of files with faults; those that hold people come first, and are to be deleted."""
    raw = [fault for fault in faults if isinstance(fault, Unkeyed)]
    others = [fault for fault in faults if not isinstance(fault, Unkeyed)]
    count = f"{len(others)} fault{'s' if len(others) != 1 else ''}"
    mend = (
        "Ask the partner to mend what is named above with the blank template or the pseudonymise tool, then import "
        "again."
    )
    if raw:
        more = f" The rest has {count}." if others else ""
        return UserError(
            f"There are identifiers of people in what was to be imported; no cell is repeated here.{more}",
            faults=[*raw, *others],
            not_done=NOT_DONE,
            remedy="Delete the file that was never pseudonymised, here and wherever it came by (mail, downloads). Have "
            "the partner run `prioritisation pseudonymise`, or the file pseudonymise.py it was given, and import what "
            "that writes." + (f" {mend}" if others else ""),
        )
    return UserError(
        f"The extracts have {count}; no cell is repeated here.", faults=others, not_done=NOT_DONE, remedy=mend
    )


def label_of(path: Path, number: int, today: date) -> tuple[str, list[Fault]]:
    """Return how messages call a file: by its name, unless that holds an identifier."""
    recent = today.replace(year=today.year - NAME_DATES_FROM_YEARS, month=1, day=1)
    kinds = kinds_in(path.stem, made_from=recent)
    if not kinds and path.name.isprintable():
        return path.name, []
    label = f"file {number} of those named"
    why = identifier_reason(kinds) if kinds else None
    found = f"its name {why.found}" if why else "its name holds invisible characters."
    return label, [Fault(label, found, "Rename the file.")]


def _places(data: DataFolder) -> tuple[pa.Table, pa.Table]:
    """Return the areas and postcodes that the current release knows. UserError: there is no release."""
    with open_store(data):
        pass  # says plainly what is wrong with a release that cannot be read
    path = data.release_file(str(data.published().current))
    with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as connection:
        areas = connection.sql("SELECT area_code, in_council FROM area").to_arrow_table()
        return areas, connection.sql("SELECT postcode, area_code FROM postcode").to_arrow_table()


def _overlapping(files: Sequence[CheckedFile], contract: Contract) -> list[Fault]:
    """Two files of one import must not cover the same service and months: each would replace the other's rows."""
    faults = []
    for place, one in enumerate(files):
        for other in files[:place]:
            months = one.month_from <= other.month_to and other.month_from <= one.month_to
            shared = [contract.services[each].name for each in one.services if each in other.services]
            if months and shared:
                found = f"it covers months of {', '.join(shared)} that {other.label} covers too."
                remedy = "Send each service and month in one file; leave out a file that is there twice."
                faults.append(Fault(one.label, found, remedy))
    return faults
