"""A small secure side: a data folder, a restricted store with drawn people, a signed pack, and partners' key files."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from drawn_world import CONTRACT, key_of

from prioritisation.catalogue import load_catalogue
from prioritisation.cli import main
from prioritisation.contract import NO_FIXED_ABODE, WITHHELD
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.importing import import_contacts
from prioritisation.ingest.contacts.keying import load_key, write_new_key
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.releasing import Releasing
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.open_data import import_open_data
from prioritisation.referrals.demonstration import write_signed_pack
from prioritisation.store import open_store

PARTNERS = ("council", "hscp", "nhs", "police")
PEOPLE, AREAS_ON_LIST = 240, 6
KEY_ID = "project-2026"


@dataclass(frozen=True)
class Secure:
    """Everything lies under root: data, restricted, app.key, pack.zip, signing-key.pem, keys/PARTNER.csv."""

    root: Path
    signed_by: str
    areas: tuple[str, ...]

    @property
    def data(self) -> DataFolder:
        return DataFolder(self.root / "data")

    @property
    def restricted(self) -> RestrictedFolder:
        return RestrictedFolder(self.root / "restricted")

    @property
    def pack(self) -> Path:
        return self.root / "pack.zip"

    def copied(self, to: Path) -> Secure:
        shutil.copytree(self.root, to)
        return replace(self, root=to)

    def environment(self) -> dict[str, str]:
        return {
            "PRIORITISATION_DATA": str(self.data.root),
            "PRIORITISATION_RESTRICTED": str(self.restricted.root),
            "PRIORITISATION_KEY_FILE": str(self.root / "app.key"),
            "PRIORITISATION_SIGNING_KEY_FILE": "",
        }

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, words, env=self.environment())

    def ask(self, out: str = "list", *more: str, partners: Sequence[str] = PARTNERS, **changes: str) -> Result:
        """Run `referrals` with the usual options; changes: option (with _) -> another value, "" for none."""
        usual = {"cohort": "partners-3", "capacity": "15", "purpose": "Winter outreach", "role": "Team lead"}
        usual |= {"organisation": "INT", "signed_by": self.signed_by, "out": str(self.root / out)} | changes
        options = [word for name, value in usual.items() if value for word in (f"--{name.replace('_', '-')}", value)]
        keys = [word for name in partners for word in ("--partner-keys", str(self.root / "keys" / f"{name}.csv"))]
        return self.run("referrals", str(self.pack), *keys, *options, *more)

    def table(self, partner: str, out: str = "list") -> list[dict[str, str]]:
        with (self.root / out / f"{partner}-referrals.csv").open(newline="") as text:
            return list(csv.DictReader(text))


def sent_keys(secure: Secure, partner: str) -> set[str]:
    """The keys that a partner sends."""
    return _keys_in(secure.root / "keys" / f"{partner}.csv")


def every_key(secure: Secure) -> set[str]:
    """The keys of everybody in any extract."""
    return set().union(*(_keys_in(secure.root / f"{partner}.csv") for partner in PARTNERS))


def _keys_in(path: Path) -> set[str]:
    with path.open(newline="") as text:
        return {row["person_key"] for row in csv.DictReader(text)}


def begin(root: Path) -> Secure:
    """Invent a place, import drawn people and sign a pack of its shortlist."""
    data = DataFolder(root / "data")
    (root / "open").mkdir(parents=True)
    write_demonstration(root / "open", 20, 3)
    import_open_data([root / "open"], council="all", folder=data, catalogue=load_catalogue(data.catalogue))
    with open_store(data) as store:
        codes = list(store.areas().index)
    key = write_new_key(root / "app.key")
    files = _extracts(root, codes)
    import_contacts(
        Request(files, date.today() + timedelta(days=400), date.today()),
        data=data,
        restricted=RestrictedFolder(root / "restricted"),
        contract=CONTRACT,
        key=load_key({"PRIORITISATION_KEY_FILE": str(root / "app.key")}),
        publisher=Releasing(data, date.today()),
    )
    assert key.id
    name = write_signed_pack(data, root, AREAS_ON_LIST)
    return Secure(root, name, tuple(codes))


def _extracts(root: Path, codes: Sequence[str]) -> list[Path]:
    """Write an extract and a file of present keys for each partner; linked people have one key everywhere."""
    draw = random.Random(4)
    this_month = date.today().replace(day=1)
    months = [f"{this_month - timedelta(days=30 * ago):%Y-%m}" for ago in range(2, 9)]
    rows: dict[str, list[dict[str, str]]] = {partner: [] for partner in PARTNERS}
    for number in range(PEOPLE):
        area = draw.choice([*codes] * 5 + [NO_FIXED_ABODE, WITHHELD] * 6)
        linked = draw.random() < 0.8
        for partner in draw.sample(PARTNERS, draw.randint(1, 4)) if linked else [draw.choice(PARTNERS)]:
            kind = "linked" if linked else "partner_reference"
            usual = {name: column.example for name, column in CONTRACT.columns.items()}
            usual |= {"person_key": key_of(f"{kind} {number}"), "key_kind": kind, "key_id": KEY_ID, "area": area}
            usual |= {
                "partner": partner,
                "service": draw.choice(CONTRACT.services_of(partner)),
                "flags": "",
                "cost": "",
            }
            rows[partner] += [usual | {"month": month} for month in draw.sample(months, 2)]
    (root / "keys").mkdir()
    for partner, made in rows.items():
        _write(root / f"{partner}.csv", list(CONTRACT.columns), made)
        known = {row["person_key"]: row for row in made if int(row["person_key"][:4], 16) % 10}
        _write(root / "keys" / f"{partner}.csv", ["partner", "key_kind", "key_id", "person_key"], known.values())
    return [root / f"{partner}.csv" for partner in PARTNERS]


def _write(path: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
