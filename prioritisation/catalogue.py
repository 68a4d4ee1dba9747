"""The catalogue: what every indicator and source means, and the frameworks, from hand-edited files."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from prioritisation.errors import Fault, UserError
from prioritisation.framework import HIGHER_IS_BETTER, IDENTIFIER, POLARITIES, Framework, load_framework, read_framework
from prioritisation.place_standard import FILE as PLACE_STANDARD_FILE
from prioritisation.place_standard import OVERALL, PlaceStandard, load_place_standard

DEFAULT_FRAMEWORK = "south-ayrshire-int"
PARTNER_CONTACTS = "partner_contacts"  # the source of every contact indicator
# The caveat of a contact indicator whose small areas have too few people: where its values come from instead.
OF_WIDER_AREAS = (
    "Each area shows its intermediate zone's rate: by small area more than a third have too few people to publish."
)
COMMUNITY_KNOWLEDGE = "community_knowledge"  # the source of every indicator made from Place Standard scores
MEASURES = ("people", "contacts")
_ONE_CELL = re.compile(r"(service|flag|partner)=[a-z][a-z0-9_-]*")


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
class ContactIndicator:
    """An indicator made from protected counts of people: people or contacts per 1,000 residents of an age group.

    measure: "people" or "contacts"; cell: of the cube, such as "service=crisis_grant"; age_from, age_to: years of age
    of the residents, both included (age_to None: no upper end).
    """

    id: str
    name: str
    definition: str
    measure: str
    cell: str
    age_from: int
    age_to: int | None
    polarity: str
    caveat: str

    @property
    def residents(self) -> str:
        """The age group in words."""
        if self.age_to is not None:
            return f"residents aged {self.age_from} to {self.age_to}"
        return f"residents aged {self.age_from} and over" if self.age_from else "residents"

    @property
    def indicator(self) -> Indicator:
        """The same in the form of every indicator."""
        return Indicator(
            id=self.id,
            name=self.name,
            definition=self.definition,
            unit=f"per 1,000 {self.residents}",
            polarity=self.polarity,
            numerator="People in contact" if self.measure == "people" else "Contacts",
            denominator=self.residents.capitalize(),
            multiplier=1000.0,
            geography="data zone",
            period="12 months",
            source=PARTNER_CONTACTS,
            column="",
            numerator_column="",
            denominator_column="",
            caveat=self.caveat,
        )


@dataclass(frozen=True)
class Catalogue:
    """Indicators, sources and frameworks by id, in the order of their files.

    contact_indicators: those of the indicators that are made from partners' contacts; community_indicators: ids of
    those that are made from Place Standard scores.
    """

    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    frameworks: Mapping[str, Framework]
    contact_indicators: Mapping[str, ContactIndicator] = field(default_factory=dict)
    community_indicators: tuple[str, ...] = ()

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
        for _, row in read_rows(folder / "sources.csv", [each.name for each in fields(Source)], faults)
    }
    indicators = _indicators(folder / "indicators.csv", sources, faults)
    from_contacts = _contact_indicators(folder / "contact_indicators.csv", {*indicators}, sources, faults)
    indicators |= {each.id: each.indicator for each in from_contacts.values()}
    from_communities = {each.id: each for each in _community_indicators(folder, sources)}
    indicators |= from_communities
    frameworks = _frameworks(folder / "frameworks", indicators, faults)
    if faults:
        raise UserError(
            f"The catalogue in {folder} has {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
            faults=faults,
            not_done="Nothing was read, imported or ranked.",
            remedy="Mend the lines named above (any text editor will do), then try again.",
        )
    return Catalogue(indicators, sources, frameworks, from_contacts, tuple(from_communities))


def read_rows(
    path: Path, columns: Sequence[str], faults: list[Fault], key: str = "id"
) -> list[tuple[int, dict[str, str]]]:
    """Read (line, row) pairs of one CSV with exactly these columns and a unique key; note what is wrong."""
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
        elif not IDENTIFIER.fullmatch(row[key]):
            remedy = "Write small letters, digits, - and _ only, beginning with a letter."
            faults.append(Fault(where, f"the {key} '{row[key]}' cannot be used.", remedy))
        elif row[key] in usable:
            remedy = f"Give each its own {key}; the first is on line {usable[row[key]][0]}."
            faults.append(Fault(where, f"the {key} '{row[key]}' is there twice.", remedy))
        else:
            usable[row[key]] = (reader.line_num, row)
    return list(usable.values())


def _indicators(path: Path, sources: Mapping[str, Source], faults: list[Fault]) -> dict[str, Indicator]:
    made = {}
    for line, row in read_rows(path, [each.name for each in fields(Indicator)], faults):
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


def _contact_indicators(
    path: Path, taken: Collection[str], sources: Mapping[str, Source], faults: list[Fault]
) -> dict[str, ContactIndicator]:
    """Read the indicators that are made from contacts; a catalogue without the file has none."""
    made: dict[str, ContactIndicator] = {}
    if not path.is_file():
        return made
    if sources and PARTNER_CONTACTS not in sources:
        faults.append(Fault("sources.csv", f"the source '{PARTNER_CONTACTS}' is absent.", "Add it, or take it over."))
    for line, row in read_rows(path, [each.name for each in fields(ContactIndicator)], faults):
        where = f"{path.name}, line {line}"
        wrong = [*_wrong_choices(row, taken)]
        faults += [Fault(where, found, remedy) for found, remedy in wrong]
        if not wrong:
            ages = {"age_from": int(row["age_from"]), "age_to": int(row["age_to"]) if row["age_to"] else None}
            made[row["id"]] = ContactIndicator(**{**row, **ages})  # type: ignore[arg-type]
    return made


def _wrong_choices(row: Mapping[str, str], taken: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (found, remedy) for each value of a contact indicator that cannot be used."""
    if row["id"] in taken:
        yield f"the id '{row['id']}' is in indicators.csv.", "Give each indicator its own id."
    if row["measure"] not in MEASURES:
        yield f"the measure is '{row['measure']}'.", f"Write {' or '.join(MEASURES)}."
    if not _ONE_CELL.fullmatch(row["cell"]):
        yield f"the cell is '{row['cell']}'.", "Write service=, flag= or partner= and an id of the contract."
    elif row["measure"] == "contacts" and row["cell"].startswith("flag="):
        yield "contacts are not counted by need.", "Write people."
    if not row["age_from"].isdigit() or not (row["age_to"] or "0").isdigit():
        yield "the ages are not whole numbers.", "Write the first year of age, and the last or nothing."
    if row["polarity"] not in POLARITIES:
        yield f"the polarity is '{row['polarity']}'.", f"Write {' or '.join(POLARITIES)}."
    if not row["name"] or not row["definition"]:
        yield "the name or the definition is empty.", "Write it; screens show it."


def _community_indicators(folder: Path, sources: Mapping[str, Source]) -> Iterator[Indicator]:
    """Yield what Place Standard scores may become; a catalogue without the tool or the source has none."""
    if not (folder / PLACE_STANDARD_FILE).is_file() or COMMUNITY_KNOWLEDGE not in sources:
        return
    tool = load_place_standard(folder)
    yield _place_standard_indicator(tool, OVERALL, "all themes", "Mean of the themes' mean scores")
    for theme in tool.themes:
        yield _place_standard_indicator(tool, theme.indicator_id, theme.name.lower(), f"Mean score. {theme.question}")


def _place_standard_indicator(tool: PlaceStandard, identifier: str, about: str, meaning: str) -> Indicator:
    """Return one indicator; its polarity is what turns the scale round."""
    return Indicator(
        id=identifier,
        name=f"Place Standard: {about}",
        definition=f"{meaning}, as communities gave it: {tool.scale_words}",
        unit=f"score from {tool.least} to {tool.most}",
        polarity=HIGHER_IS_BETTER,
        numerator="",
        denominator="",
        multiplier=1.0,
        geography="data zone",
        period="as given",
        source=COMMUNITY_KNOWLEDGE,
        column="",
        numerator_column="",
        denominator_column="",
        caveat="Community knowledge, of those who took part: areas where nobody was asked have no value",
    )


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
