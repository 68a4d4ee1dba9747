"""Invented raw extracts: what each partner would take out of its own system before the pseudonymise tool reads it.

Identifiers begin with DEMO, postcodes lie in an area that does not exist, and nobody has a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.contract import LINKED, NO_FIXED_ABODE, Contract
from prioritisation.ingest import invented_rates as rates
from prioritisation.ingest.invented_contacts import invent_contacts
from prioritisation.ingest.invented_residents import Place, Residents, Whole, invent_residents, read_place, thinned

FIRST_MONTH = pd.Period("2022-10", freq="M")
RELEASES = ((0, 36), (36, 39))
"""Months (first, after the last) that each release adds: three years, then the next quarter."""
MONTHS = RELEASES[-1][1]
CHI, OWN = "chi", "partner_reference"
HOLD_CHI = ("hscp", "nhs")
SERIES = {LINKED: "L", CHI: "H", "council": "C", "fire": "F", "police": "P", "third_sector": "T"}
"""Letter of each series of invented identifiers."""


@dataclass(frozen=True)
class RawExtract:
    """One raw file of a partner, and the kind of identifier in it."""

    path: Path
    partner: str
    key_kind: str


@dataclass(frozen=True)
class InventedPeople:
    """Residents of a place and their contacts (columns: see `invent_contacts`, and key_kind)."""

    place: Place
    residents: Residents
    contacts: pd.DataFrame
    seed: int


def invent_people(folder: Path, contract: Contract, seed: int = 1, share: float = 1.0) -> InventedPeople:
    """Invent the people of the place that `write_demonstration` wrote into `folder`; the same seed, the same people.

    share: of its residents that are drawn, for a smaller world.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 3]))
    place = read_place(folder)
    residents = invent_residents(thinned(place, share, rng) if share < 1 else place, MONTHS, rng)
    contacts = invent_contacts(residents, place, MONTHS, contract, rng)
    return InventedPeople(place, residents, contacts.assign(key_kind=_key_kinds(contacts, rng)), seed)


def write_extracts(people: InventedPeople, folder: Path, months: tuple[int, int]) -> list[RawExtract]:
    """Write one CSV file per partner and kind of identifier with the contacts of these months (first, after last)."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(people)
    contacts = people.contacts[people.contacts["month"].between(months[0], months[1] - 1)]
    written = []
    for (partner, key_kind), rows in contacts.groupby(["partner", "key_kind"], sort=True):
        path = folder / f"{partner}-{str(key_kind).replace('_', '-')}.csv"
        writer.raw(rows).to_csv(path, index=False, lineterminator="\n")
        written.append(RawExtract(path, str(partner), str(key_kind)))
    return written


def month_name(month: int) -> str:
    """Return a month, 0 being the first, as 2025-09."""
    return str(FIRST_MONTH + month)


def _key_kinds(contacts: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return the kind of identifier per row; whoever the linker knows has the same one with every partner."""
    resident = contacts["resident"].to_numpy()
    chance = np.full(resident.max() + 1, rates.LINKED)
    chance[contacts.loc[contacts["place"] == NO_FIXED_ABODE, "resident"]] = rates.LINKED / 2
    linked = rng.random(len(chance)) < chance
    own = np.where(contacts["partner"].isin(HOLD_CHI), CHI, OWN)
    return np.where(linked[resident], LINKED, own).astype(object)


class _Writer:
    """The texts of all residents, made once, and rows of a raw extract from them."""

    def __init__(self, people: InventedPeople) -> None:
        self.people = people
        residents, count = people.residents, len(people.residents)
        rng = np.random.Generator(np.random.PCG64([people.seed, 4]))
        end = (FIRST_MONTH + MONTHS).to_timestamp()
        born = end - pd.to_timedelta(np.ceil(residents.age * 365.2425), unit="D")
        dates, sexes = born.strftime("%Y-%m-%d").to_numpy(dtype=object), np.where(residents.female, "female", "male")
        self.born = np.where(rng.random(count) < rates.NOT_KNOWN, "", dates)
        self.sex = np.where(rng.random(count) < rates.NOT_KNOWN, "", sexes.astype(object))
        self.with_cost = set(people.contacts.loc[people.contacts["cost"].notna(), "partner"])
        self.door = rng.random((2, count))
        self.numbers = {letter: rng.permutation(count) for letter in SERIES}
        first = np.cumsum([0, *map(len, people.place.postcodes)])
        self.postcodes, self.first = np.concatenate(people.place.postcodes), first

    def raw(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of one partner and kind of identifier under the raw column names, by date of contact."""
        who, month, place = (rows[name].to_numpy() for name in ("resident", "month", "place"))
        dates = np.array([[f"{month_name(each)}-{day:02d}" for day in range(1, 29)] for each in range(MONTHS)], object)
        table = {
            "identifier": self._identifiers(who, rows["partner"].iloc[0], rows["key_kind"].iloc[0]),
            "date_of_birth": self.born[who],
            "sex": self.sex[who],
            "postcode": np.where(place == "", self._home(who, month), place),
            "service": rows["service"].to_numpy(),
            "contact_date": dates[month, (who * 7 + month * 11) % 28],
            "contacts": rows["contacts"].to_numpy(),
            "flags": rows["flags"].to_numpy(),
        }
        cost = rows["cost"].map("{:.2f}".format, na_action="ignore")
        costs = {"cost": cost} if rows["partner"].iloc[0] in self.with_cost else {}
        return pd.DataFrame(table | costs).sort_values("contact_date", kind="stable")

    def _identifiers(self, who: Whole, partner: str, key_kind: str) -> list[str]:
        """Return invented numbers: one series per linker, health and care together, and other partner."""
        series = key_kind if key_kind in SERIES else partner
        return [f"DEMO-{SERIES[series]}-{number:07d}" for number in self.numbers[series][who]]

    def _home(self, who: Whole, month: Whole) -> NDArray[np.str_]:
        residents = self.people.residents
        area = residents.area_in(who, month)
        door = self.door[(month >= residents.moves[who]).astype(int), who]
        many = self.first[area + 1] - self.first[area]
        return self.postcodes[self.first[area] + np.floor(door * many).astype(int)]
