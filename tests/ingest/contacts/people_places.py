"""A data folder with a release, a restricted folder and a key, and a stand-in that publishes without counting."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
from drawn_partner_files import CONTRACT, TODAY, UNTIL

from prioritisation.folder import DataFolder, Published
from prioritisation.ingest import publish
from prioritisation.ingest.contacts.importing import check_contacts, import_contacts, purge
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.ingest.contacts.said import ContactsSummary
from prioritisation.ingest.publish import PublishedRelease

KEY = AppKey(bytes(range(100, 132)))


@dataclass
class Places:
    """Where a test imports to."""

    files: Path
    data: DataFolder
    restricted: RestrictedFolder
    key: AppKey = KEY
    said: list[str] = field(default_factory=list)

    def load(self, *paths: Path, retain_until: date = UNTIL, today: date = TODAY, **asked: object) -> ContactsSummary:
        request = replace(Request(list(paths), retain_until, today), **asked)
        return import_contacts(
            request,
            data=self.data,
            restricted=self.restricted,
            contract=CONTRACT,
            key=self.key,
            publisher=self.publish,
            progress=self.said.append,
        )

    def check(self, *paths: Path, retain_until: date = UNTIL, today: date = TODAY, **asked: object) -> ContactsSummary:
        request = replace(Request(list(paths), retain_until, today), **asked)
        return check_contacts(request, data=self.data, restricted=self.restricted, contract=CONTRACT, key=self.key)

    def purge(self, today: date) -> dict[str, tuple[int, ...]]:
        return purge(self.data, self.restricted, today)

    def publish(self, people: Path, put_in_place: Callable[[str], None], progress: object) -> PublishedRelease:
        """Publish a copy of the current release that names the people, as the counting would."""
        before = self.data.published()
        number = max(int(each[1:5]) for each in before.releases) + 1
        release_id = f"r{number:04d}-{number:08x}"
        file = self.data.release_file(release_id)
        shutil.copyfile(self.data.release_file(str(before.current)), file)
        with duckdb.connect(str(file)) as connection:
            connection.execute("DELETE FROM fact WHERE name = 'restricted'")
            connection.execute("INSERT INTO fact VALUES ('restricted', $name)", {"name": f"people-{release_id}.duckdb"})
            connection.execute("UPDATE fact SET value = $id WHERE name = 'release_id'", {"id": release_id})
        put_in_place(release_id)
        publish._move_pointer(self.data, Published(release_id, (*before.releases, release_id)[-3:]))
        return PublishedRelease(release_id, before.current, ())

    def people_file(self) -> Path:
        """The restricted store of the current release."""
        return self.restricted.people_file(str(self.data.published().current))

    def people(self, query: str, *parameters: object) -> list[tuple]:
        """Ask the restricted store of the current release."""
        with duckdb.connect(str(self.people_file()), read_only=True) as connection:
            return connection.execute(query, list(parameters)).fetchall()

    def snapshot(self) -> dict[str, bytes]:
        """Every file in the data and restricted folders with its content."""
        places = (self.data.root, self.restricted.root)
        found: Sequence[Path] = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
        return {str(path): path.read_bytes() for path in found if path != self.data.lock}
