"""From a new restricted store to a published release: count, protect, repair, audit, publish, remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.contract import load_contract
from prioritisation.disclosure.lattice import load_lattice
from prioritisation.disclosure.policy import load_policy
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.cube import build_cube
from prioritisation.ingest.contacts.people import open_people
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.contacts.publishing import publish_counts
from prioritisation.ingest.contacts.saved import Wanted, wanted_cohorts
from prioritisation.ingest.contacts.snapshots import record
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.ingest.publish import PublishedRelease
from prioritisation.store import open_store

Progress = Callable[[str], None]
Audit = Callable[[ProtectedCounts], Mapping[str, str]]


@dataclass(frozen=True)
class Releasing:
    """Publishes the people of a new restricted store as protected counts, beside the open data in use.

    Counted are the cohorts of the library and those that people saved in the workspace of the data folder.
    today: months after the one before it are not counted; repair: `repairing.repaired`, or none for a trial; audit:
    attacks the counts before they are published, returns what to say about it (audited_at, audit), and raises
    UserError to stop them. Without both, only counts of the demonstration are published.
    """

    folder: DataFolder
    today: date
    repair: Callable[..., pd.DataFrame] | None = None
    audit: Audit | None = None

    def __call__(
        self, people: Path, put_in_place: Callable[[str], None], progress: Progress = lambda step: None
    ) -> PublishedRelease:
        """Count and publish; put_in_place(release_id) is called right before the pointer moves."""
        catalogue = load_catalogue(self.folder.catalogue)
        self._refuse_without_attack()
        wanted = wanted_cohorts(self.folder, load_contract(self.folder.catalogue))
        with open_people(people) as store:
            counts = self._counts(store, wanted, progress)
            counts = replace(counts, facts={**counts.facts, "retain_until": _retain_until(store)})
            if self.audit is not None:
                progress("Attacking the counts, as somebody curious would")
                counts = replace(counts, facts={**counts.facts, **self.audit(counts)})

            def before_pointer(release_id: str) -> None:
                record(store, counts.refreshed, release_id)
                store.execute("CHECKPOINT")
                store.close()
                put_in_place(release_id)

            published = publish_counts(counts, self.folder, catalogue, progress, before_pointer)
        return replace(published, warnings=(*published.warnings, *wanted.left_out(counts.facts)))

    def _refuse_without_attack(self) -> None:
        """Counts of real people leave only after they were attacked; invented people have nothing to lose."""
        if self.audit is not None and self.repair is not None:
            return
        with open_store(self.folder) as release:
            invented = release.release.demonstration
        if not invented:
            raise UserError(
                "The counts of these people were not to be attacked before they are published.",
                not_done=NOT_DONE,
                remedy="Import them with `prioritisation import contacts`, which repairs and attacks the counts first.",
            )

    def _counts(self, store: duckdb.DuckDBPyConnection, wanted: Wanted, progress: Progress) -> ProtectedCounts:
        catalogue = self.folder.catalogue
        contract, lattice, policy = load_contract(catalogue), load_lattice(catalogue), load_policy(catalogue)
        with open_store(self.folder) as release:
            areas = areas_of(release.areas(), release.population(), contract)
            council = release.release.council
        settings = {
            "lattice": lattice,
            "policy": policy,
            "contract": contract,
            "cohorts": wanted.cohorts,
            "areas": areas,
            "council": council,
            "progress": progress,
        }
        repair = partial(self.repair, **settings) if self.repair is not None else None
        until = last_month(store, self.today)
        return build_cube(store, **settings, until=until, repair=repair)  # type: ignore[arg-type]


def _retain_until(store: duckdb.DuckDBPyConnection) -> str:
    """Return the first and the last day until which extracts are kept, joined by ";"."""
    days = store.execute("SELECT min(retain_until), max(retain_until) FROM extract").fetchall()[0]
    return ";".join(dict.fromkeys(day.isoformat() for day in days))


def last_month(store: duckdb.DuckDBPyConnection, today: date) -> date:
    """Return the first day of the newest whole month with contacts. UserError: there is none."""
    this_month = today.replace(day=1)
    found = store.execute("SELECT max(month) FROM contact WHERE month < $this_month", {"this_month": this_month})
    row = found.fetchone()
    if row is None or row[0] is None:
        raise UserError(
            "The extracts hold no contact of a whole month that has passed.",
            not_done=NOT_DONE,
            remedy="Import them when the month is over.",
        )
    return date(row[0].year, row[0].month, 1)
