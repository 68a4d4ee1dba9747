"""Drawn people who are known to partners by keys of several kinds, straight in a restricted store's tables."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pandas as pd

from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import NO_FIXED_ABODE, WITHHELD, load_contract
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.contacts.keying import AppKey, second_key
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.contacts.present_keys import PresentKeys

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
KEY = AppKey(bytes(range(60, 92)))
COUNCIL = "S12000099"
ZONES = [f"Z{number}" for number in range(6)]
AREAS = pd.DataFrame({"area_code": ZONES, "intermediate_zone_code": "I", "ward": "W", "locality": "L"})
UNTIL = date(2026, 6, 1)
PARTNERS = list(CONTRACT.partners)
OF_PARTNER = {partner: CONTRACT.services_of(partner) for partner in PARTNERS}
CHI_PARTNERS = ("hscp", "nhs")


def key_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Person:
    """Somebody under one kind of key. contacts: (partner, service, months before the last, number)."""

    number: int
    kind: str
    area: str
    partners: list[str]
    contacts: list[tuple[str, str, int, int]] = field(default_factory=list)

    def first(self, partner: str) -> str:
        """The partner's own key of this person: its own reference differs from partner to partner."""
        within = partner if self.kind == "partner_reference" else ""
        return key_of(f"{self.kind} {within} {self.number}")

    def second(self) -> bytes:
        partner = self.partners[0]
        return second_key(bytes.fromhex(self.first(partner)), self.kind, partner, KEY)

    def met(self) -> set[str]:
        return {partner for partner, _, ago, _ in self.contacts if ago < 12}

    def count(self) -> int:
        return sum(number for _, _, ago, number in self.contacts if ago < 12)


@dataclass
class World:
    """People, and which of their keys each partner has sent; and keys of strangers with them."""

    people: list[Person]
    sent: dict[str, list[tuple[str, str]]]

    @property
    def present(self) -> PresentKeys:
        return {
            partner: {(kind, second_key(bytes.fromhex(first), kind, partner, KEY)): first for kind, first in keys}
            for partner, keys in self.sent.items()
        }


def world(seed: int, size: int = 60, everything_sent: bool = False) -> World:
    draw = random.Random(seed)
    people = [_person(draw, number) for number in range(size)]
    senders = PARTNERS if everything_sent else draw.sample(PARTNERS, draw.randint(1, len(PARTNERS)))
    share = 1.0 if everything_sent else draw.choice([0.0, 0.3, 0.8, 1.0])
    sent: dict[str, list[tuple[str, str]]] = {}
    for partner in senders:
        known = [each for each in people if partner in each.partners or (each.kind != "partner_reference")]
        keys = [(each.kind, each.first(partner)) for each in known if draw.random() < share]
        strangers = [(draw.choice(["chi", "linked"]), key_of(f"{partner} stranger {place}")) for place in range(5)]
        sent[partner] = keys + strangers
    return World(people, sent)


def _person(draw: random.Random, number: int) -> Person:
    kind = draw.choice(["linked", "linked", "chi", "partner_reference"])
    among = {"linked": PARTNERS, "chi": CHI_PARTNERS, "partner_reference": [draw.choice(PARTNERS)]}[kind]
    partners = draw.sample(list(among), draw.randint(1, len(among)))
    person = Person(number, kind, draw.choice([*ZONES, *ZONES, NO_FIXED_ABODE, WITHHELD]), partners)
    for partner in partners:
        for service in draw.sample(list(OF_PARTNER[partner]), min(2, len(OF_PARTNER[partner]))):
            person.contacts.append((partner, service, draw.randint(0, 20), draw.randint(1, 3)))
    return person


def store_of(people: list[Person]) -> duckdb.DuckDBPyConnection:
    """Return a connection to a restricted store of these people."""
    store = duckdb.connect()
    store.execute(statement("restricted"))
    for number, each in enumerate(people):
        place = each.area if each.area in (NO_FIXED_ABODE, WITHHELD) else "area"
        code = each.area if place == "area" else None
        store.execute("INSERT INTO person VALUES (?, ?, ?)", [number, each.second(), each.kind])
        store.execute("INSERT INTO resident VALUES (?, ?, ?, '25-44', 'female')", [number, code, place])
        for _, service, ago, count in each.contacts:
            month = UNTIL.year * 12 + UNTIL.month - 1 - ago
            store.execute(
                "INSERT INTO contact VALUES (1, ?, ?, ?, '25-44', 'female', ?, ?, ?, [], NULL)",
                [number, code, place, service, date(month // 12, month % 12 + 1, 1), count],
            )
    return store


def rule(**conditions: object) -> CohortRule:
    return CohortRule.from_record(conditions, CONTRACT)
