"""Publishing: one import at a time, all or nothing, releases never renamed, the pointer moved last."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder, Published
from prioritisation.ingest.build import facts_of, force_to_disk, write_boundaries, write_release
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.ingest.leftovers import BUILDING, clear_leftovers, facts_in, remove, remove_unneeded
from prioritisation.ingest.release import CheckedRelease
from prioritisation.store import SCHEMA_VERSION

RELEASES_KEPT = 3
READ_ONLY = 0o444
_CHECK_WITHIN = 300


@dataclass(frozen=True)
class PublishedRelease:
    """A release that has just become the current one. warnings: what did not work and does not matter for it."""

    id: str
    previous: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A release's file before it is checked, with the rows that each of its tables must have."""

    path: Path
    rows: dict[str, int]
    boundaries: Path | None = None


@dataclass(frozen=True)
class ReleaseRow:
    """One release that is kept. facts are empty when the file cannot be read by this version."""

    id: str
    current: bool
    built_at: str
    council: str
    council_name: str
    demonstration: bool
    areas: int | None


@contextmanager
def one_import(folder: DataFolder) -> Iterator[None]:
    """Hold the import lock of a data folder. UserError: another import holds it, or the folder cannot be written."""
    with _plain_write_faults(folder):
        folder.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.lock, timeout=0)
        try:
            lock.acquire()
        except Timeout as fault:
            raise UserError(
                f"Another import is running in {folder.root}.",
                not_done=NOT_DONE,
                remedy="Wait until it has finished, then try again.",
            ) from fault
    try:
        yield
    finally:
        lock.release()


def publish(release: CheckedRelease, folder: DataFolder, progress: Callable[[str], None]) -> PublishedRelease:
    """Build a release aside, check it in a fresh process, give it its name and move the pointer to it.

    To be called inside `one_import`. UserError: no room on the disk, or the check failed; then nothing has changed.
    """

    def write(release_id: str, previous: str, building: Path) -> Written:
        boundaries = write_boundaries(release, building)
        facts = facts_of(release, release_id, boundaries.name if boundaries else "", previous)
        path = building / f"{release_id}.duckdb"
        return Written(path, write_release(release, path, facts), boundaries)

    return publish_written(write, release.fingerprint, folder, progress)


def publish_written(
    write: Callable[[str, str, Path], Written],
    fingerprint: str,
    folder: DataFolder,
    progress: Callable[[str], None],
    before_pointer: Callable[[str], None] = lambda release_id: None,
) -> PublishedRelease:
    """Publish what `write(release_id, previous, building)` writes into the folder `building`.

    before_pointer(release_id) is called once the release is in place under its name; what it raises stops the
    publication, and the release before stays in use. To be called inside `one_import`.
    """
    with _plain_write_faults(folder):
        before, newest = clear_leftovers(folder)
        release_id = f"r{newest + 1:04d}-{fingerprint[:8]}"
        building = folder.root / f"{BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
        building.mkdir()
        try:
            progress("Building the release")
            written = write(release_id, before.current or "", building)
            progress("Checking the release in a fresh process")
            _check_in_fresh_process(written.path, written.rows)
            written.path.chmod(READ_ONLY)
            _put_in_place(written.path, written.boundaries, release_id, folder)
            before_pointer(release_id)
            kept = _kept([*before.releases, release_id], release_id)
            _move_pointer(folder, Published(release_id, kept))
        finally:
            shutil.rmtree(building, ignore_errors=True)
    warnings = [*_copy_by_hand(folder, release_id), *remove_unneeded(folder, kept)]
    return PublishedRelease(release_id, before.current, tuple(warnings))


def rollback(folder: DataFolder) -> tuple[str, str]:
    """Point to the release that was current before this one. Return (old, new). UserError: there is none."""
    if folder.published().current is None:
        raise _nothing_earlier("Nothing was written.")
    with one_import(folder), _plain_write_faults(folder):
        published = folder.published()
        earlier = _release_before(folder, published)
        if published.current is None or earlier is None:
            raise _nothing_earlier("The release in use is as it was.")
        _move_pointer(folder, Published(earlier, published.releases))
    _copy_by_hand(folder, earlier)
    return published.current, earlier


def _nothing_earlier(not_done: str) -> UserError:
    return UserError(
        "There is no earlier release to go back to.",
        not_done=not_done,
        remedy="Run `prioritisation releases` to see what is kept; import the earlier files again if need be.",
    )


def list_releases(folder: DataFolder) -> list[ReleaseRow]:
    """Return every release that is kept, newest first."""
    published = folder.published()
    return [_row(folder, each, each == published.current) for each in reversed(published.releases)]


def _row(folder: DataFolder, release_id: str, current: bool) -> ReleaseRow:
    facts, areas = facts_in(folder.release_file(release_id))
    return ReleaseRow(
        release_id,
        current,
        facts.get("built_at", ""),
        facts.get("council", ""),
        facts.get("council_name", ""),
        facts.get("demonstration") == "true",
        areas,
    )


def _release_before(folder: DataFolder, published: Published) -> str | None:
    """Return what was current when the current release was built, else the next older one that is there."""
    if published.current is None:
        return None
    stated = facts_in(folder.release_file(published.current))[0].get("previous")
    place = published.releases.index(published.current) if published.current in published.releases else 0
    older = [stated, *reversed(published.releases[:place])]
    kept = [each for each in published.releases[:place] if folder.release_file(each).is_file()]
    return next((each for each in older if each in kept), None)


def _check_in_fresh_process(path: Path, rows: dict[str, int]) -> None:
    package = Path(__file__).resolve().parents[2]
    paths = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
    ended = subprocess.run(  # noqa: S603 - our own interpreter and module, no words of the user
        [sys.executable, "-m", "prioritisation.ingest.check", str(path)],
        input=json.dumps({"schema_version": SCHEMA_VERSION, "rows": rows}),
        capture_output=True,
        text=True,
        timeout=_CHECK_WITHIN,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )
    if ended.returncode:
        raise UserError(
            f"The new release did not pass its check: {ended.stdout.strip() or 'the check itself failed'}.",
            not_done=NOT_DONE,
            remedy="Check that the disk is not full, then import again; "
            "if it fails again, report it with this message.",
        )


def _put_in_place(built: Path, boundaries: Path | None, release_id: str, folder: DataFolder) -> None:
    """Move the files under their final names; until the pointer moves, nobody looks at them."""
    folder.geo.mkdir(exist_ok=True)
    folder.releases.mkdir(exist_ok=True)
    if boundaries is not None:
        boundaries.replace(folder.geo / boundaries.name)
        force_to_disk(folder.geo)
    built.rename(folder.release_file(release_id))
    force_to_disk(folder.releases)


def _move_pointer(folder: DataFolder, published: Published) -> None:
    aside = folder.pointer.with_name(f"{folder.pointer.name}.{os.getpid()}.tmp")
    content = {"current": published.current, "published": list(published.releases)}
    with aside.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder.pointer)
    with suppress(OSError):  # the pointer has moved: from here on nothing may call the import failed
        force_to_disk(folder.root)


def _kept(releases: Sequence[str], current: str) -> tuple[str, ...]:
    newest = set(releases[-RELEASES_KEPT:])
    return tuple(each for each in releases if each in newest or each == current)


def _copy_by_hand(folder: DataFolder, release_id: str) -> list[str]:
    """Copy the current release for people who open it by hand. A failure is a warning: nothing reads the copy."""
    aside = folder.hand_copy.with_name(f"{folder.hand_copy.name}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(folder.release_file(release_id), aside)
        aside.replace(folder.hand_copy)
    except OSError as fault:
        remove(aside)
        return [f"{folder.hand_copy.name} could not be renewed ({fault.strerror}); the app does not use it."]
    return []


@contextmanager
def _plain_write_faults(folder: DataFolder) -> Iterator[None]:
    """Turn what a full or locked disk raises into a UserError."""
    try:
        yield
    except (OSError, duckdb.Error, subprocess.TimeoutExpired) as fault:
        reason = getattr(fault, "strerror", None) or str(fault).splitlines()[0]
        raise UserError(
            f"The release could not be written in {folder.root}: {reason}.",
            not_done=NOT_DONE,
            remedy="Make room on the disk and check that the folder may be written, then import again.",
        ) from fault
