"""The contract of partner extracts: which columns a row has and what each cell may hold, from hand-edited files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from prioritisation.catalogue import read_rows
from prioritisation.errors import Fault, UserError

KINDS = ("pattern", "one of", "some of", "area", "month", "whole number", "money")
COLUMNS = (
    "person_key",
    "key_kind",
    "key_id",
    "area",
    "age_band",
    "sex",
    "partner",
    "service",
    "month",
    "contacts",
    "flags",
    "cost",
)
LINKED = "linked"
NO_FIXED_ABODE = "no fixed abode"
WITHHELD = "withheld"
NOT_KNOWN = "not known"
FLAGS_BETWEEN = ";"
_NAMED_LISTS = ("partners", "services", "flags", "key_kinds")
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")
_BREAKS_CELLS = re.compile(r"[;=\n]")


@dataclass(frozen=True)
class Column:
    """One column of an extract.

    kind: one of KINDS; allowed: a pattern, "low-high", values joined by "|", or the name of a list of the contract.
    """

    name: str
    title: str
    required: bool
    kind: str
    allowed: str
    explanation: str
    example: str


@dataclass(frozen=True)
class Service:
    """One service of one partner.

    need: the flag that being in contact implies, if any; age_from, age_to: the ages, both included and both at
    edges of age bands, that rates are computed for (age_to None: no upper end).
    """

    id: str
    name: str
    partner: str
    need: str | None
    age_from: int
    age_to: int | None
    explanation: str


@dataclass(frozen=True)
class Named:
    """An id with its name and what it means: a partner, a flag or a kind of key."""

    id: str
    name: str
    explanation: str


@dataclass(frozen=True)
class Contract:
    """Everything that an extract may hold, by id and in the order of the files."""

    columns: Mapping[str, Column]
    partners: Mapping[str, Named]
    services: Mapping[str, Service]
    flags: Mapping[str, Named]
    key_kinds: Mapping[str, Named]
    age_bands: tuple[str, ...]
    sexes: tuple[str, ...]

    @property
    def version(self) -> str:
        """Twelve hex digits that change with any part of the contract that changes what a row may hold."""
        meaning = {
            "columns": [[each.name, each.required, each.kind, each.allowed] for each in self.columns.values()],
            "services": [list(asdict(service).values())[:-1] for service in self.services.values()],
            **{name: list(getattr(self, name)) for name in ("partners", "flags", "key_kinds")},
        }
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns.values() if column.required)

    def values(self, column: str) -> tuple[str, ...]:
        """Return the values that a cell of a closed column may hold (one of them, or several for flags); else ()."""
        meant = self.columns[column]
        if meant.kind not in ("one of", "some of"):
            return ()
        return tuple(getattr(self, meant.allowed)) if meant.allowed in _NAMED_LISTS else tuple(meant.allowed.split("|"))

    def pattern(self, column: str) -> re.Pattern[str]:
        """Return the pattern that a whole cell of a column of kind "pattern" has."""
        return re.compile(self.columns[column].allowed)

    def limits(self, column: str) -> tuple[float, float]:
        """Return the least and the greatest number of a column of kind "whole number" or "money"."""
        low, _, high = self.columns[column].allowed.partition("-")
        return float(low), float(high)

    def services_of(self, partner: str) -> tuple[str, ...]:
        return tuple(service.id for service in self.services.values() if service.partner == partner)

    def ages_of(self, band: str) -> tuple[int, int | None] | None:
        """Return (first age, last age or None) of an age band; None for "not known"."""
        return _ages(band)


def load_contract(catalogue_folder: Path) -> Contract:
    """Read and check the contract in the folder `extract` of a catalogue; raise one UserError with every fault."""
    folder = catalogue_folder / "extract"
    faults: list[Fault] = []
    columns = _columns(folder / "columns.csv", faults)
    named = {name: _named(folder / f"{name}.csv", faults) for name in ("partners", "flags", "key_kinds")}
    age_bands, sexes = _listed(columns, "age_band", faults), _listed(columns, "sex", faults)
    if age_bands and not _without_gaps(age_bands):
        remedy = f"Write bands that follow each other from 0: 0-15|16-24|...|85+|{NOT_KNOWN}."
        faults.append(Fault("columns.csv", "the age bands leave ages out, overlap or cannot be read.", remedy))
    services = _services(folder / "services.csv", named["partners"], named["flags"], age_bands, faults)
    if not faults:
        return Contract(columns, services=services, age_bands=age_bands, sexes=sexes, **named)
    raise UserError(
        f"The contract of partner extracts in {folder} has {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
        faults=faults,
        not_done="No extract was read or written.",
        remedy="Mend the lines named above (any text editor will do), then try again.",
    )


def _columns(path: Path, faults: list[Fault]) -> dict[str, Column]:
    made = {}
    for line, row in read_rows(path, [field.name for field in fields(Column)], faults, key="name"):
        where = f"{path.name}, line {line}"
        if row["required"] not in ("yes", "no"):
            faults.append(Fault(where, f"required is '{row['required']}'.", "Write yes or no."))
        if row["kind"] not in KINDS:
            faults.append(Fault(where, f"the kind is '{row['kind']}'.", f"Write one of: {', '.join(KINDS)}."))
        if not all(row.values()):
            faults.append(Fault(where, "a value is empty.", "Write every value; the template shows them."))
        faults.extend(_unreadable(where, row["kind"], row["allowed"]))
        made[row["name"]] = Column(**{**row, "required": row["required"] == "yes"})  # type: ignore[arg-type]
    if made and tuple(made) != COLUMNS:
        found = f"the columns are {', '.join(made)}."
        faults.append(Fault(path.name, found, f"The importer knows exactly these: {', '.join(COLUMNS)}."))
    return made


def _unreadable(where: str, kind: str, allowed: str) -> list[Fault]:
    """Say when the allowed values of a column cannot be understood."""
    if kind == "pattern":
        try:
            re.compile(allowed)
        except re.error:
            return [Fault(where, "the allowed pattern is not a regular expression.", "Write one such as [a-z]{1,32}.")]
    if kind in ("whole number", "money") and not re.fullmatch(r"\d+(\.\d+)?-\d+(\.\d+)?", allowed):
        return [Fault(where, f"'{allowed}' is not a range of numbers.", "Write the least and the greatest: 1-9999.")]
    return []


def _listed(columns: Mapping[str, Column], name: str, faults: list[Fault]) -> tuple[str, ...]:
    """Return the values that stand in columns.csv itself, joined by |."""
    if name not in columns:
        return ()
    values = tuple(columns[name].allowed.split("|"))
    clean = not any(_BREAKS_CELLS.search(value) for value in values)
    if len(set(values)) < len(values) or NOT_KNOWN not in values or not clean:
        remedy = f"Join different values by |, '{NOT_KNOWN}' among them, without ; or =."
        faults.append(Fault("columns.csv", f"the allowed values of {name} cannot be used.", remedy))
    return values


def _ages(band: str) -> tuple[int, int | None] | None:
    found = _BAND.fullmatch(band)
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def _without_gaps(age_bands: tuple[str, ...]) -> bool:
    ages = [_ages(band) for band in age_bands if band != NOT_KNOWN]
    following = 0
    for band in ages:
        if band is None or band[0] != following:
            return False
        following = -1 if band[1] is None else band[1] + 1
    return following == -1


def _named(path: Path, faults: list[Fault]) -> dict[str, Named]:
    rows = read_rows(path, [field.name for field in fields(Named)], faults)
    for line, row in rows:
        if not row["name"] or not row["explanation"]:
            faults.append(Fault(f"{path.name}, line {line}", "a value is empty.", "Write it; screens show it."))
    return {row["id"]: Named(**row) for _, row in rows}


def _services(
    path: Path,
    partners: Mapping[str, Named],
    flags: Mapping[str, Named],
    age_bands: tuple[str, ...],
    faults: list[Fault],
) -> dict[str, Service]:
    made = {}
    for line, row in read_rows(path, [field.name for field in fields(Service)], faults):
        where = f"{path.name}, line {line}"
        if partners and row["partner"] not in partners:
            found = f"the partner '{row['partner']}' is not in partners.csv."
            faults.append(Fault(where, found, f"Write one of: {', '.join(partners)}."))
        if flags and row["need"] and row["need"] not in flags:
            found = f"the need '{row['need']}' is not in flags.csv."
            faults.append(Fault(where, found, f"Leave it empty or write one of: {', '.join(flags)}."))
        if not row["name"] or not row["explanation"]:
            faults.append(Fault(where, "a value is empty.", "Write name and explanation; screens show them."))
        age_from, age_to = _group(where, row, age_bands, faults)
        texts = {key: row[key] for key in ("id", "name", "partner", "explanation")}
        made[row["id"]] = Service(**texts, need=row["need"] or None, age_from=age_from, age_to=age_to)
    return made


def _group(
    where: str, row: Mapping[str, str], age_bands: tuple[str, ...], faults: list[Fault]
) -> tuple[int, int | None]:
    """Return the ages of a service; both must be at the edges of age bands, or no rate could be computed."""
    ages = [_ages(band) for band in age_bands]
    first = {str(band[0]): band[0] for band in ages if band}
    last = {"" if band[1] is None else str(band[1]): band[1] for band in ages if band}
    if row["age_from"] not in first or row["age_to"] not in last:
        found = f"the ages '{row['age_from']}' to '{row['age_to']}' are not at the edges of age bands."
        ends = ", ".join(end or "nothing" for end in last)
        faults.append(Fault(where, found, f"Begin with one of {', '.join(first)}; end with one of {ends}."))
        return 0, None
    return first[row["age_from"]], last[row["age_to"]]
