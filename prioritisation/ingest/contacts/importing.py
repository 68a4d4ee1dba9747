"""Import of partner extracts: checked, keyed again, stored, counted, protected, attacked, published; or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb

from prioritisation.contract import Contract
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.contacts.keying import AppKey, key_again
from prioritisation.ingest.contacts.last_lists import forget_expired
from prioritisation.ingest.contacts.offered import Request, checked_files
from prioritisation.ingest.contacts.people import LAYOUT, Before, StoredExtract, build_people, read_extracts, read_facts
from prioritisation.ingest.contacts.plan import Plan, planned
from prioritisation.ingest.contacts.project_keys import keys_apart, refuse_second_keys
from prioritisation.ingest.contacts.read import working_memory
from prioritisation.ingest.contacts.restricted import (
    RestrictedFolder,
    people_of_releases,
    plain_write_faults,
    release_number,
)
from prioritisation.ingest.contacts.said import ContactsSummary, check_summary_of, summary_of
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.ingest.publish import PublishedRelease

Progress = Callable[[str], None]
RETAIN_YEARS_UP_TO = 10
_OF_CONTENT = ("app_key_id", "contract_version")


class Publisher(Protocol):
    """Counts the people of a new restricted store and publishes the counts.

    It calls put_in_place(release_id) once, when the new release is built, checked and audited, right before the
    pointer moves; until then it may open `people`, and afterwards it must not.
    """

    def __call__(
        self, people: Path, put_in_place: Callable[[str], None], progress: Progress
    ) -> PublishedRelease: ...  # pragma: no cover


def import_contacts(
    request: Request,
    *,
    data: DataFolder,
    restricted: RestrictedFolder,
    contract: Contract,
    key: AppKey,
    publisher: Publisher,
    progress: Progress = lambda step: None,
) -> ContactsSummary:
    """Read, check, key, store, count and publish extracts; all or nothing.

    UserError: with every fault of every file, and never with a cell; then nothing has changed.
    """
    _check_retention(request)
    with publish.one_import(data), working_memory() as memory:
        before = _before(data, restricted, request.start_again)
        plan = _plan(request, before, data, contract, key, memory, progress)
        summary = summary_of(plan, memory, request.retain_until, keys_apart(plan))
        if not plan.new:
            return summary
        restricted.prepare(data)
        with restricted.building() as building:
            progress("Building the restricted store")
            built = building / "people.duckdb"
            facts = {"app_key_id": key.id, "contract_version": contract.version}
            build_people(
                built, before, plan.new, memory, facts=facts, retain_until=request.retain_until, today=request.today
            )
            for name in ("arrived_contact", "second_key"):  # counting needs the room
                memory.execute(f"DROP TABLE {name}")
            published = publisher(built, lambda release_id: _put_in_place(restricted, built, release_id), progress)
        restricted.tidy(data)
    return summary.published_as(published)


def check_contacts(
    request: Request,
    *,
    data: DataFolder,
    restricted: RestrictedFolder,
    contract: Contract,
    key: AppKey,
    progress: Progress = lambda step: None,
) -> ContactsSummary:
    """Read and check extracts as `import_contacts` does, and say what it would do with them; nothing is written."""
    _check_retention(request)
    restricted.refuse_others(data)
    with working_memory() as memory:
        before = _before(data, restricted, request.start_again)
        plan = _plan(request, before, data, contract, key, memory, progress)
        return check_summary_of(plan, memory, request.retain_until, keys_apart(plan))


def _plan(
    request: Request,
    before: Before,
    data: DataFolder,
    contract: Contract,
    key: AppKey,
    memory: duckdb.DuckDBPyConnection,
    progress: Progress,
) -> Plan:
    """Return what these files would do, keyed again in memory. UserError: with every fault of every file."""
    files = checked_files(request, data, contract, memory, progress)
    progress("Keying again")
    key_again(memory, key)
    plan = planned(files, _stored(before, key), request, before, memory)
    if plan.new:
        refuse_second_keys(plan, contract)
    return plan


def purge(data: DataFolder, restricted: RestrictedFolder, today: date) -> dict[str, tuple[int, ...]]:
    """Take everybody past retention out of every file of people. Return which extracts went, by release.

    Each file is written anew and replaces the old one, so that nothing of them stays in it. What a release publishes
    stays as it is: protected counts are about nobody. The hold rule's keyed sets stay; who was on a referral list that
    has expired is forgotten.
    """
    with publish.one_import(data):
        restricted.prepare(data)
        forget_expired(restricted, today)
        purged = {}
        for release_id, path in restricted.people_files().items():
            late = tuple(each.extract_id for each in read_extracts(path) if each.retain_until < today)
            if not late:
                continue
            with restricted.building() as building:
                built = building / "people.duckdb"
                facts = {name: value for name, value in read_facts(path).items() if name in _OF_CONTENT}
                build_people(built, Before(path, path), (), None, facts=facts, retain_until=today, today=today)
                restricted.put_in_place(built, release_id)
            purged[release_id] = late
    return purged


def extracts_in_use(data: DataFolder, restricted: RestrictedFolder) -> list[StoredExtract]:
    """Return the extracts that the people of the current release come from; none when it counts no people."""
    people = _before(data, restricted, start_again=False).people
    return read_extracts(people) if people is not None else []


def people_in_use(data: DataFolder, restricted: RestrictedFolder, key: AppKey) -> Path | None:
    """Return the file of the people whom the current release counts; None when it counts none.

    UserError: the file is not in this folder, or its people were keyed with another key of ours.
    """
    before = _before(data, restricted, start_again=False)
    _stored(before, key)
    return before.people


def _put_in_place(restricted: RestrictedFolder, built: Path, release_id: str) -> None:
    with plain_write_faults(restricted.root):
        restricted.put_in_place(built, release_id)


def _check_retention(request: Request) -> None:
    latest = request.today.replace(year=request.today.year + RETAIN_YEARS_UP_TO, day=1)
    if not request.today < request.retain_until <= latest:
        raise UserError(
            f"The retention date {request.retain_until.isoformat()} is not within the next {RETAIN_YEARS_UP_TO} years.",
            not_done=NOT_DONE,
            remedy="Give the day until which the people may be kept, such as --retain-until "
            f"{request.today.replace(year=request.today.year + 3, day=1).isoformat()}.",
        )


def _before(data: DataFolder, restricted: RestrictedFolder, start_again: bool) -> Before:
    """Return the stores to begin from: the contents of the current release, the memory of the newest one.

    UserError: a release counts people whose file is not in this folder.
    """
    people = people_of_releases(data)
    current = people.get(data.published().current or "")
    newest = max(people.values(), key=release_number, default=None)
    wanted = {each for each in (None if start_again else current, newest) if each}
    absent = [each for each in wanted if not restricted.people_file(each).is_file()]
    if absent and not start_again:
        raise UserError(
            f"The release in use counts people whose file {restricted.people_file(absent[0]).name} is not in "
            f"{restricted.root}.",
            not_done=NOT_DONE,
            remedy="Name the right folder with --restricted, or bring the file back from a copy; or import every "
            "partner's extracts again with --start-again.",
        )
    kept = None if start_again or current is None else restricted.people_file(current)
    remembered = restricted.people_file(newest) if newest and newest not in absent else None
    return Before(kept, remembered)


def _stored(before: Before, key: AppKey) -> list[StoredExtract]:
    """Return the extracts in the store before. UserError: it was made with another key of ours."""
    if before.people is None:
        return []
    facts = read_facts(before.people)
    if facts.get("layout") != LAYOUT:
        raise UserError(
            f"The restricted store {before.people.name} was written by another version of this product.",
            not_done=NOT_DONE,
            remedy="Use the version that wrote it, or import every partner's extracts again with --start-again.",
        )
    if facts.get("app_key_id") != key.id:
        raise UserError(
            "The people in the restricted store were keyed with another key than the one given now.",
            not_done=NOT_DONE,
            remedy="Use the earlier key. If it must be changed, import every partner's extracts again with "
            "--start-again; counts are then held as they are once.",
        )
    return read_extracts(before.people)
