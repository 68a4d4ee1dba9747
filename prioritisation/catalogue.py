"""The catalogue: what every indicator and source means, and the frameworks, from hand-edited files."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from prioritisation.errors import Fault, UserError
from prioritisation.framework import IDENTIFIER, POLARITIES, Framework, load_framework, read_framework

DEFAULT_FRAMEWORK = "south-ayrshire-int"


@dataclass(frozen=True)
class Source:
    """One publication that values come from."""

    id: str
    publisher: str
    title: str
    url: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class Indicator:
    """The meaning of one indicator. `column` is its header in the source's files, empty when derived.

    multiplier: value = multiplier x numerator / denominator, where both are published.
    """

    id: str
    name: str
    definition: str
    unit: str
    polarity: str
    numerator: str
    denominator: str
    multiplier: float
    geography: str
    period: str
    source: str
    column: str
    numerator_column: str
    denominator_column: str
    caveat: str


@dataclass(frozen=True)
class Catalogue:
    """Indicators, sources and frameworks by id, in the order of their files."""

    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    frameworks: Mapping[str, Framework]

    @property
    def polarity(self) -> dict[str, str]:
        """Indicator id -> polarity."""
        return {indicator.id: indicator.polarity for indicator in self.indicators.values()}

    def framework(self, name: str, known_indicators: bool = True) -> Framework:
        """Return a framework by its id, or read it from a file when `name` is the path of one."""
        if name in self.frameworks:
            return self.frameworks[name]
        path = Path(name)
        if path.suffix == ".toml" or path.is_file():
            return load_framework(path, self.indicators if known_indicators else None)
        raise UserError(
            f"There is no framework called '{name}'.",
            not_done="Nothing was ranked.",
            remedy=f"Use one of: {', '.join(self.frameworks)}; or give the path of a framework file (.toml).",
        )


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check the whole catalogue; raise one UserError with every fault of every file."""
    faults: list[Fault] = []
    sources = {
        row["id"]: Source(**row)
        for _, row in _rows(folder / "sources.csv", [field.name for field in fields(Source)], faults)
    }
    indicators = _indicators(folder / "indicators.csv", sources, faults)
    frameworks = _frameworks(folder / "frameworks", indicators, faults)
    if faults:
        raise UserError(
            f"The catalogue in {folder} has {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
            faults=faults,
            not_done="Nothing was read, imported or ranked.",
            remedy="Mend the lines named above (any text editor will do), then try again.",
        )
    return Catalogue(indicators, sources, frameworks)


def _rows(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[tuple[int, dict[str, str]]]:
    """Read (line, row) pairs of one CSV with exactly these columns and unique ids; note what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        faults.append(Fault(str(path), f"cannot be read ({type(fault).__name__}).", "Save it as CSV in UTF-8."))
        return []
    reader = csv.DictReader(text.splitlines(), restkey="", restval=None)
    if list(reader.fieldnames or ()) != list(columns):
        found = f"the columns are {', '.join(reader.fieldnames or ()) or 'none'}."
        faults.append(Fault(f"{path.name}, line 1", found, f"Write {','.join(columns)}."))
        return []
    usable: dict[str, tuple[int, dict[str, str]]] = {}
    for row in reader:
        where = f"{path.name}, line {reader.line_num}"
        if "" in row or None in row.values():
            remedy = 'Put values that hold a comma into quotes: "one, two".'
            faults.append(Fault(where, f"does not have {len(columns)} values.", remedy))
        elif not IDENTIFIER.fullmatch(row["id"]):
            remedy = "Write small letters, digits, - and _ only, beginning with a letter."
            faults.append(Fault(where, f"the id '{row['id']}' cannot be used.", remedy))
        elif row["id"] in usable:
            remedy = f"Give each its own id; the first is on line {usable[row['id']][0]}."
            faults.append(Fault(where, f"the id '{row['id']}' is there twice.", remedy))
        else:
            usable[row["id"]] = (reader.line_num, row)
    return list(usable.values())


def _indicators(path: Path, sources: Mapping[str, Source], faults: list[Fault]) -> dict[str, Indicator]:
    made = {}
    for line, row in _rows(path, [field.name for field in fields(Indicator)], faults):
        where = f"{path.name}, line {line}"
        multiplier = _number(row["multiplier"])
        if multiplier is None:
            faults.append(
                Fault(where, f"the multiplier is '{row['multiplier']}'.", "Write a number above 0, such as 100.")
            )
        if row["polarity"] not in POLARITIES:
            faults.append(Fault(where, f"the polarity is '{row['polarity']}'.", f"Write {' or '.join(POLARITIES)}."))
        if sources and row["source"] not in sources:
            found = f"the source '{row['source']}' is not in sources.csv."
            faults.append(Fault(where, found, f"Write one of: {', '.join(sources)}."))
        empty = [key for key in ("name", "definition", "unit", "period") if not row[key]]
        if empty:
            faults.append(Fault(where, f"nothing is written for {', '.join(empty)}.", "Write it; screens show it."))
        texts = {key: value for key, value in row.items() if key != "multiplier"}
        made[row["id"]] = Indicator(**texts, multiplier=multiplier or 1.0)
    return made


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None


def _frameworks(folder: Path, indicators: Mapping[str, Indicator], faults: list[Fault]) -> dict[str, Framework]:
    """Read every framework file; the default one comes first."""
    made: dict[str, Framework] = {}
    for path in sorted(folder.glob("*.toml")):
        framework, found = read_framework(path, indicators or None)
        faults.extend(found)
        if framework is not None and framework.id in made:
            found_twice = f"another framework has the id '{framework.id}'."
            faults.append(Fault(path.name, found_twice, "Give each framework its own id."))
        elif framework is not None:
            made[framework.id] = framework
    if not made and not faults:
        faults.append(Fault(str(folder), "there is no framework file.", "Add one (.toml); the manual shows how."))
    return dict(sorted(made.items(), key=lambda item: item[0] != DEFAULT_FRAMEWORK))
