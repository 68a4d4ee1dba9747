"""A small invented council with canaries among its people: small cells, keys, and volumes of contacts like no other.

Everybody goes the whole way: raw extract, the partners' tool, the importer, counting, a published release.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from prioritisation.catalogue import load_catalogue
from prioritisation.contract import LINKED, Contract, load_contract
from prioritisation.contract_files import rules_of
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.importing import import_contacts
from prioritisation.ingest.contacts.keying import AppKey, second_key
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.releasing import Releasing
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.invented_extracts import OWN, invent_people
from prioritisation.ingest.invented_import import KEY_ID, keyed_extracts, seeded_key
from prioritisation.ingest.open_data import import_open_data
from prioritisation.pseudonymise import Order, pseudonymise, read_postcodes, write

SEED, AREAS, SHARE = 3, 20, 0.2
MONTHS = (0, 39)
PARTNER = "council"
SERVICES = ("rent_arrears", "council_tax_arrears", "crisis_grant")  # nobody else is in contact with them
SMALL_CELLS, MOST_IN_SMALL_CELL = 50, 9
CROWDED, PEOPLE_IN_CROWD = 5, 12
VOLUMES = (7919, 7927, 8039, 8087, 8167, 8329, 8513, 8597, 8761, 9013)  # of a whole cell; the first five of one person
APP_KEY = AppKey(seeded_key(SEED, "key of the product"))


@dataclass(frozen=True)
class Cell:
    """A service in a data zone, and the contacts of each of its planted people."""

    zone: str
    service: str
    contacts: tuple[int, ...]

    @property
    def people(self) -> int:
        return len(self.contacts)


@dataclass(frozen=True)
class PlantedWorld:
    """Where everything lies, and what must never be seen outside `restricted` and `extracts`.

    small: cells of one to nine people; crowded: cells of enough people, of whom one has nearly all contacts.
    identifiers: of the raw extract; first, second: the partner's keys and ours (bytes).
    """

    data: DataFolder
    restricted: RestrictedFolder
    extracts: Path
    postcodes: Path
    small: tuple[Cell, ...]
    crowded: tuple[Cell, ...]
    identifiers: tuple[str, ...]
    first: tuple[bytes, ...]
    second: tuple[bytes, ...]
    said: str

    @property
    def project_key(self) -> bytes:
        return seeded_key(SEED, "project key")

    def copied(self, root: Path) -> PlantedWorld:
        """Return the same world in another place, to write in."""
        for folder in (self.data.root, self.restricted.root, self.extracts):
            shutil.copytree(folder, root / folder.name)
        data = DataFolder(root / self.data.root.name)
        restricted = RestrictedFolder(root / self.restricted.root.name)
        return replace(self, data=data, restricted=restricted, extracts=root / self.extracts.name)


def plant(root: Path, *, attacked: bool = False) -> PlantedWorld:
    """Make the world below `root`. attacked: counts are repaired and attacked before they are published, as real ones.

    Not more than a small council: counting is what takes the time, and it depends little on how many people there are.
    """
    open_files, data = root / "open", DataFolder(root / "data")
    write_demonstration(open_files, AREAS, SEED)
    import_open_data([open_files], council="all", folder=data, catalogue=load_catalogue(data.catalogue))
    contract = load_contract(data.catalogue)
    small, crowded = planted_cells(open_files)
    extracts = root / "extracts"
    others = _others(open_files, extracts, contract)
    planted = _planted(open_files, extracts, contract, (*small, *crowded))
    today, restricted = date.today(), RestrictedFolder.chosen(data, root / "restricted")
    said: list[str] = []
    summary = import_contacts(
        Request([*others, planted], today.replace(year=today.year + 3, day=1), today),
        data=data,
        restricted=restricted,
        contract=contract,
        key=APP_KEY,
        publisher=_attacking(data, today) if attacked else Releasing(data, today),
        progress=said.append,
    )
    keys = _keys_in(planted)
    return PlantedWorld(
        data,
        restricted,
        extracts,
        open_files / "postcodes.csv",
        small,
        crowded,
        tuple(_identifier(number) for number in range(sum(cell.people for cell in (*small, *crowded)))),
        tuple(bytes.fromhex(first) for _, first in keys),
        tuple(second_key(bytes.fromhex(first), kind, PARTNER, APP_KEY) for kind, first in keys),
        "\n".join([*said, summary.text]),
    )


def _attacking(data: DataFolder, today: date) -> Releasing:
    from prioritisation.attack.gate import Gate

    gate = Gate(data, today)
    return Releasing(data, today, gate.repair, gate)


def planted_cells(open_files: Path) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Return the small cells, of one to nine people in turn, and the crowded ones, each in a place of its own."""
    zones = sorted(_postcodes(open_files))
    places = [(zone, service) for service in SERVICES for zone in zones]
    alone, ruling = list(VOLUMES[:-CROWDED]), VOLUMES[-CROWDED:]
    small = []
    for number, place in enumerate(places[:SMALL_CELLS]):
        people = 1 + number % MOST_IN_SMALL_CELL
        contacts = (alone.pop(0),) if people == 1 and alone else (1,) * people
        small.append(Cell(*place, contacts))
    others = (1,) * (PEOPLE_IN_CROWD - 1)
    crowded = [
        Cell(*place, (volume - len(others), *others))
        for place, volume in zip(places[SMALL_CELLS:], ruling, strict=False)
    ]
    return tuple(small), tuple(crowded)


def _others(open_files: Path, extracts: Path, contract: Contract) -> list[Path]:
    """Write the keyed extracts of ordinary invented people, who have no contact with the planted services."""
    people = invent_people(open_files, contract, SEED, share=SHARE)
    rest = people.contacts[~people.contacts["service"].isin(SERVICES)]
    return keyed_extracts(replace(people, contacts=rest), extracts, MONTHS, open_files / "postcodes.csv", contract)


def _planted(open_files: Path, extracts: Path, contract: Contract, cells: tuple[Cell, ...]) -> Path:
    """Write the keyed extract of the planted people: half under the linker's keys, half under the council's own."""
    postcodes, zones = _postcodes(open_files), read_postcodes(open_files / "postcodes.csv")
    people = [(cell, contacts) for cell in cells for contacts in cell.contacts]
    rows = [
        (
            _identifier(number),
            f"19{50 + number % 40}-05-0{1 + number % 9}",
            ("female", "male")[number // 2 % 2],
            postcodes[cell.zone],
            cell.service,
            f"2025-0{1 + number % 9}-15",
            contacts,
        )
        for number, (cell, contacts) in enumerate(people)
    ]
    header = ("identifier", "date_of_birth", "sex", "postcode", "service", "contact_date", "contacts")
    written = []
    for kind, part in ((LINKED, rows[::2]), (OWN, rows[1::2])):
        raw, keyed = extracts / f"raw-planted-{kind}.csv", extracts / f"planted-{kind.replace('_', '-')}.csv"
        with raw.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows([header, *part])
        order = Order(PARTNER, seeded_key(SEED, "project key"), KEY_ID, kind, zones)
        write(pseudonymise(raw, rules_of(contract), order, date.today()), keyed)
        written.append(keyed)
    both = extracts / "planted.csv"
    lines = [path.read_text(encoding="utf-8").splitlines(keepends=True) for path in written]
    both.write_text("".join([*lines[0], *lines[1][1:]]), encoding="utf-8")
    return both


def _identifier(number: int) -> str:
    return f"DEMO-K-{7_000_003 + 9_973 * number:07d}"


def _postcodes(open_files: Path) -> dict[str, str]:
    """Return data zone -> one of its postcodes."""
    with (open_files / "postcodes.csv").open(encoding="utf-8", newline="") as text:
        return {row["dz11_code"]: row["Postcode"] for row in csv.DictReader(text)}


def _keys_in(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return [(row["key_kind"], row["person_key"]) for row in csv.DictReader(text)]
