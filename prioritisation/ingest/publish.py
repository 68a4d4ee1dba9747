"""Publishing: one import at a time, all or nothing, releases never renamed, the pointer moved last."""

from __future__ import annotations

import json
import os
import re
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
from prioritisation.ingest.release import CheckedRelease
from prioritisation.store import SCHEMA_VERSION

RELEASES_KEPT = 3
READ_ONLY = 0o444
_RELEASE_FILE = re.compile(r"(r(\d{4,})-[0-9a-f]{8})\.duckdb")
_BOUNDARY_FILE = re.compile(r"(?:areas|hexes)(-[0-9a-f]{12}\.parquet)")
_BUILDING = ".building-"
_CHECK_WITHIN = 300


@dataclass(frozen=True)
class PublishedRelease:
    """A release that has just become the current one. warnings: what did not work and does not matter for it."""

    id: str
    previous: str | None
    warnings: tuple[str, ...]


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
    with _plain_write_faults(folder):
        before, newest = _clear_leftovers(folder)
        release_id = f"r{newest + 1:04d}-{release.fingerprint[:8]}"
        building = folder.root / f"{_BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
        building.mkdir()
        try:
            progress("Building the release")
            built, boundaries = _build(release, release_id, before.current or "", building)
            progress("Checking the release in a fresh process")
            _put_in_place(built, boundaries, release_id, folder)
            kept = _kept([*before.releases, release_id], release_id)
            _move_pointer(folder, Published(release_id, kept))
        finally:
            shutil.rmtree(building, ignore_errors=True)
    warnings = [*_copy_by_hand(folder, release_id), *_remove_unneeded(folder, kept)]
    return PublishedRelease(release_id, before.current, tuple(warnings))


def rollback(folder: DataFolder) -> tuple[str, str]:
    """Point to the release that was current before this one. Return (old, new). UserError: there is none."""
    with one_import(folder), _plain_write_faults(folder):
        published = folder.published()
        earlier = _release_before(folder, published)
        if published.current is None or earlier is None:
            raise UserError(
                "There is no earlier release to go back to.",
                not_done="The release in use is as it was.",
                remedy="Run `prioritisation releases` to see what is kept; import the earlier files again if need be.",
            )
        _move_pointer(folder, Published(earlier, published.releases))
    _copy_by_hand(folder, earlier)
    return published.current, earlier


def list_releases(folder: DataFolder) -> list[ReleaseRow]:
    """Return every release that is kept, newest first."""
    published = folder.published()
    return [_row(folder, each, each == published.current) for each in reversed(published.releases)]


def _row(folder: DataFolder, release_id: str, current: bool) -> ReleaseRow:
    facts, areas = _facts(folder.release_file(release_id))
    return ReleaseRow(
        release_id,
        current,
        facts.get("built_at", ""),
        facts.get("council", ""),
        facts.get("council_name", ""),
        facts.get("demonstration") == "true",
        areas,
    )


def _facts(path: Path) -> tuple[dict[str, str], int | None]:
    """Return a release's facts and number of areas in its council; nothing when it cannot be read."""
    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as connection:
            facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
            count = connection.execute("SELECT count(*) FROM area WHERE in_council").fetchone()
            return facts, int(count[0]) if count else None
    except duckdb.Error:
        return {}, None


def _release_before(folder: DataFolder, published: Published) -> str | None:
    """Return what was current when the current release was built, else the next older one that is there."""
    if published.current is None:
        return None
    stated = _facts(folder.release_file(published.current))[0].get("previous")
    place = published.releases.index(published.current) if published.current in published.releases else 0
    older = [stated, *reversed(published.releases[:place])]
    kept = [each for each in published.releases[:place] if folder.release_file(each).is_file()]
    return next((each for each in older if each in kept), None)


def _build(release: CheckedRelease, release_id: str, previous: str, building: Path) -> tuple[Path, Path | None]:
    boundaries = write_boundaries(release, building)
    path = building / f"{release_id}.duckdb"
    facts = facts_of(release, release_id, boundaries.name if boundaries else "", previous)
    rows = write_release(release, path, facts)
    _check_in_fresh_process(path, rows)
    path.chmod(READ_ONLY)
    return path, boundaries


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


def _clear_leftovers(folder: DataFolder) -> tuple[Published, int]:
    """Remove what killed imports left. Return what is published and the highest release number ever used here.

    A release file that the pointer does not name was never in use. Without a readable pointer nobody knows
    which was, so all (each was checked before it got its name) count as published.
    """
    for pattern in (f"{_BUILDING}*", f"{folder.pointer.name}.*.tmp", f"{folder.hand_copy.name}.*.tmp"):
        for leftover in folder.root.glob(pattern):
            _remove(leftover)
    files = {match[1]: int(match[2]) for each in _names(folder.releases) if (match := _RELEASE_FILE.fullmatch(each))}
    newest = max(files.values(), default=0)
    try:
        published = folder.published()
    except UserError:
        published = Published(None, ())
    if published.current is None:
        return Published(None, tuple(sorted(files, key=files.__getitem__))), newest
    numbers = [int(each[1:].split("-")[0]) for each in published.releases if re.match(r"r\d+-", each)]
    for name in files.keys() - set(published.releases) - {published.current}:
        _remove(folder.release_file(name))
    return published, max(newest, *numbers) if numbers else newest


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


def _copy_by_hand(folder: DataFolder, release_id: str) -> list[str]:
    """Copy the current release for people who open it by hand. A failure is a warning: nothing reads the copy."""
    aside = folder.hand_copy.with_name(f"{folder.hand_copy.name}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(folder.release_file(release_id), aside)
        aside.replace(folder.hand_copy)
    except OSError as fault:
        _remove(aside)
        return [f"{folder.hand_copy.name} could not be renewed ({fault.strerror}); the app does not use it."]
    return []


def _remove_unneeded(folder: DataFolder, kept: Sequence[str]) -> list[str]:
    """Remove releases that are no longer kept, and boundaries (with their hexagons) that none of the kept names."""
    unneeded = [
        folder.releases / name
        for name in _names(folder.releases)
        if (match := _RELEASE_FILE.fullmatch(name)) and match[1] not in kept
    ]
    facts = [_facts(folder.release_file(each))[0] for each in kept]
    if all(facts):  # a release that cannot be read may still need its boundaries
        named = {each.get("boundaries") for each in facts}
        unneeded += [
            folder.geo / name
            for name in _names(folder.geo)
            if (match := _BOUNDARY_FILE.fullmatch(name)) and f"areas{match[1]}" not in named
        ]
    failed = [path.name for path in unneeded if not _remove(path)]
    return [f"Could not be removed, and is no longer needed: {name}." for name in failed]


def _remove(path: Path) -> bool:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            if os.name == "nt" and path.exists():
                path.chmod(0o666)  # Windows removes no read-only file
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


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
