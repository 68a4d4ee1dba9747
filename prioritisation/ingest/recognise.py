"""What is this file? Answered from its content, never from its name."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from prioritisation.catalogue import Catalogue
from prioritisation.ingest import containers
from prioritisation.ingest.assets import is_register
from prioritisation.ingest.boundaries import Layer, is_geographic, read_layers
from prioritisation.ingest.codes import POSTCODE, code_columns, texts
from prioritisation.ingest.faults import Faults
from prioritisation.ingest.tables import RawTable, Unreadable, header_key, read_tables

AREA_BOUNDARIES = "boundaries of areas"
OTHER_BOUNDARIES = "boundaries of something else"
FOREIGN_BOUNDARIES = "boundaries outside Scotland"
AGES = "population by age"
TOTALS = "population totals"
AREA_LOOKUP = "data zone lookup"
LOCALITIES = "locality lookup"
POSTCODES = "postcode lookup"
SERIES = "values of earlier periods"
REGISTER = "register of charities"
PART = "part of a shapefile"
UNKNOWN = "not recognised"

TOTAL_KEYS = ("total_population", "population", "all_ages", "allages", "all_people", "all_persons", "persons", "total")
SERIES_KEYS = ("indicator", "period", "value")
AGE_KEY = re.compile(r"(?:age_?)?(\d{1,2})(\+|_?plus|_and_over|_and_older)?")
LOCALITY_KEY = re.compile(r"(hscp_?)?locality(_?name)?|\w*locality_name\w*|\w+_locality")
COUNCIL_CODE_KEY = re.compile(r"(la|ca|council|local_authority)(_?area)?(20)?\d*_?code|la\d*cd")
ZONE_CODE_KEY = re.compile(r"(iz|inter_?zone|intermediate_?zone)(20)?\d*(_?cod\w*)?")
POSTCODES_DIFFER_AT_LEAST = 0.95
_OTHER_CODES = {
    "S02": "intermediate zones",
    "S12": "council areas",
    "S13": "wards",
    "S99": "localities",
    "S08": "health boards",
    "S37": "health and social care partnerships",
}


@dataclass(frozen=True)
class OfferedFile:
    """A file that the user named, or that lies in a folder the user named (`named` is false then)."""

    path: Path
    name: str
    named: bool

    @cached_property
    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def modified_at(self) -> str:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Recognised:
    """A file and what it was taken for.

    source_id: the catalogue's source when it holds indicators; codes: columns that hold area codes;
    table or layer: its content; note: why it was not recognised, or how it was read.
    """

    file: OfferedFile
    kind: str
    container: str
    source_id: str | None = None
    codes: tuple[str, ...] = ()
    table: RawTable | None = None
    layer: Layer | None = None
    note: str = ""

    @property
    def content(self) -> pd.DataFrame:
        """The table, or the attributes of the boundaries; empty when the file has neither."""
        if self.table is not None:
            return self.table.frame
        return self.layer.attributes if self.layer is not None else pd.DataFrame()


def offered_files(paths: Sequence[Path], faults: Faults) -> list[OfferedFile]:
    """Return every file once: those named, and those inside folders named (hidden ones are left out)."""
    found: dict[Path, OfferedFile] = {}
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                relative = inner.relative_to(path)
                if inner.is_file() and not any(part.startswith(".") for part in relative.parts):
                    found.setdefault(inner.resolve(), OfferedFile(inner, relative.as_posix(), False))
        elif path.is_file():
            found[path.resolve()] = OfferedFile(path, path.name, True)
        else:
            faults.add(str(path), "there is no such file or folder.", "Check the spelling of its name.")
    count = Counter(file.name for file in found.values())
    return [replace(file, name=str(file.path)) if count[file.name] > 1 else file for file in found.values()]


def recognise_all(files: Sequence[OfferedFile], catalogue: Catalogue, faults: Faults) -> Iterator[Recognised]:
    """Recognise each file in turn; files that cannot be read are noted and left out."""
    kinds: dict[Path, str] = {}
    for file in files:
        try:
            kinds[file.path] = containers.container(file.path)
        except OSError as fault:
            faults.add(file.name, f"cannot be opened ({fault.strerror}).", "Check that you may read it.")
    stems = {path.with_suffix("") for path, kind in kinds.items() if kind == containers.SHAPEFILE}
    for file in files:
        kind = kinds.get(file.path)
        if kind is None:
            continue
        if kind != containers.SHAPEFILE and _is_beside(file.path, stems):
            yield Recognised(file, PART, kind)
            continue
        try:
            yield _recognised(file, kind, catalogue)
        except Unreadable as fault:
            faults.add(file.name, fault.found, fault.remedy)


def _is_beside(path: Path, stems: set[Path]) -> bool:
    """Say whether a file is one of the several that make up a shapefile: same name, other ending."""
    if path.suffix.lower() in (".csv", ".xlsx"):
        return False
    return any(path.name.startswith(f"{stem.name}.") and path.parent == stem.parent for stem in stems)


def _recognised(file: OfferedFile, kind: str, catalogue: Catalogue) -> Recognised:
    if kind == containers.EMPTY:
        raise Unreadable("the file is empty.", "Download it again from its publisher.")
    if kind == containers.LOCKED_OR_OLD:
        remedy = "Open it in a spreadsheet and save it as XLSX without a password."
        raise Unreadable("the workbook is protected by a password, or in the old XLS format.", remedy)
    unknown = Recognised(file, UNKNOWN, kind)
    if is_geographic(file.path, kind):
        return _recognised_boundaries(unknown)
    if kind not in (containers.TEXT, containers.XLSX, containers.PARQUET):
        return replace(unknown, note=f"a {kind}, which is no table or boundary file that we know")
    try:
        tables = read_tables(file.path, file.name, kind)
    except Unreadable as fault:
        if file.named or kind != containers.TEXT or "no table" not in fault.found:
            raise
        return replace(unknown, note="a text without columns")
    return _recognised_table(unknown, tables, catalogue)


def _recognised_table(unknown: Recognised, tables: Sequence[RawTable], catalogue: Catalogue) -> Recognised:
    """Return the most telling of the tables; of several sheets of one kind, the one with most people in it."""
    known = [each for table in tables if (each := _known_table(unknown, table, catalogue)).kind != UNKNOWN]
    if not known:
        note = "no columns that we know" if tables else "no table in it"
        return replace(unknown, note=note)
    same = [each for each in known if each.kind == known[0].kind]
    return max(same, key=_people) if known[0].kind in (AGES, TOTALS) else known[0]


def _people(each: Recognised) -> float:
    key = total_key(each.table) if each.table is not None else None
    if each.table is None or key is None:
        return 0.0
    numbers = texts(each.table.frame[key]).str.replace(",", "")
    return float(numbers[numbers.str.fullmatch(r"\d+(\.\d+)?")].astype(float).sum())


def _known_table(unknown: Recognised, table: RawTable, catalogue: Catalogue) -> Recognised:
    codes = tuple(code_columns(table.frame))
    source_id = indicator_source(table, catalogue)
    kind = UNKNOWN
    if source_id is not None:
        kind = catalogue.sources[source_id].title
    elif len(age_keys(table)) >= 50:
        kind = AGES
    elif is_register(table):
        kind = REGISTER
    elif codes and set(SERIES_KEYS) <= set(table.frame.columns):
        kind = SERIES
    elif codes:
        kind = _kind_of_coded_table(table)
    return replace(unknown, kind=kind, source_id=source_id, codes=codes, table=table)


def _kind_of_coded_table(table: RawTable) -> str:
    if postcode_key(table) is not None:
        return POSTCODES
    keys = list(table.frame.columns)
    if any(COUNCIL_CODE_KEY.fullmatch(key) for key in keys):
        return AREA_LOOKUP
    if locality_key(table) is not None:
        return LOCALITIES
    if any(ZONE_CODE_KEY.fullmatch(key) for key in keys):
        return AREA_LOOKUP
    return TOTALS if total_key(table) is not None else UNKNOWN


def indicator_source(table: RawTable, catalogue: Catalogue) -> str | None:
    """Return the source of which the table has most columns, and at least half."""
    columns: dict[str, list[str]] = {}
    for indicator in catalogue.indicators.values():
        if indicator.column:
            columns.setdefault(indicator.source, []).append(header_key(indicator.column))
    present = set(table.frame.columns)
    hits = {source: sum(key in present for key in keys) for source, keys in columns.items()}
    usable = [source for source, keys in columns.items() if 2 * hits[source] >= len(keys)]
    return max(usable, key=lambda source: hits[source], default=None)


def age_keys(table: RawTable) -> dict[str, tuple[int, bool]]:
    """Return the columns of single years of age: key -> (age, whether it means that age and over)."""
    found = {key: AGE_KEY.fullmatch(key) for key in table.frame.columns}
    return {key: (int(match[1]), bool(match[2])) for key, match in found.items() if match}


def total_key(table: RawTable) -> str | None:
    return next((key for key in TOTAL_KEYS if key in table.frame.columns), None)


def locality_key(table: RawTable) -> str | None:
    """Return the column of locality names (not codes)."""
    return next((key for key in table.frame.columns if LOCALITY_KEY.fullmatch(key)), None)


def postcode_key(table: RawTable) -> str | None:
    """Return the column of postcodes when the table is a list of them: hardly any is there twice."""
    for key in code_columns(table.frame, POSTCODE):
        filled = texts(table.frame[key])
        if filled.nunique() >= POSTCODES_DIFFER_AT_LEAST * len(filled):
            return key
    return None


def _recognised_boundaries(unknown: Recognised) -> Recognised:
    layers = read_layers(unknown.file.path, unknown.file.name, unknown.container)
    coded = [(code_columns(layer.attributes), layer) for layer in layers]
    codes, layer = max(coded, key=lambda pair: (bool(pair[0]), len(pair[1].frame)))
    if codes:
        return replace(unknown, kind=AREA_BOUNDARIES, codes=tuple(codes), layer=layer)
    for key in code_columns(layer.attributes, re.compile(r"[A-Z]\d{8}")):
        prefix = texts(layer.attributes[key]).iloc[0][:3].upper()
        if prefix[0] != "S":
            return replace(unknown, kind=FOREIGN_BOUNDARIES, note=f"its codes begin with {prefix}, not S01")
        note = f"boundaries of {_OTHER_CODES.get(prefix, 'larger places')}, not of data zones"
        return replace(unknown, kind=OTHER_BOUNDARIES, note=note)
    return replace(unknown, kind=OTHER_BOUNDARIES, note="no column of data zone codes")
