"""The folder of the restricted store: where it may lie, who may read it, which of its files belong to a release."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY, DataFolder
from prioritisation.ingest.build import force_to_disk
from prioritisation.ingest.faults import NOT_DONE

ENVIRONMENT = "PRIORITISATION_RESTRICTED"
DEFAULT = "~/.local/share/prioritisation/restricted"
OWNER_FILE, OWNER_FOLDER = 0o600, 0o700
_PEOPLE = re.compile(r"people-(r\d{4,}-[0-9a-f]{8})\.duckdb")
_BUILDING = ".building-"
_MARK = "belongs-to.txt"
_ELSEWHERE = f"Name another folder with --restricted or {ENVIRONMENT}, best on an encrypted disk."


@dataclass(frozen=True)
class RestrictedFolder:
    """The folder that holds people, one file for each kept release that counts them."""

    root: Path

    @classmethod
    def chosen(cls, data: DataFolder, given: str | Path | None = None) -> RestrictedFolder:
        """Return the folder given, else the environment's, else the usual one. UserError: a wrong place."""
        root = Path(given or os.environ.get(ENVIRONMENT) or DEFAULT).expanduser().resolve()
        inside = {"data folder": data.root.resolve(), "repository": REPOSITORY}
        for name, other in inside.items():
            if root.is_relative_to(other) or (name == "data folder" and other.is_relative_to(root)):
                raise UserError(
                    f"The restricted store must not lie in or around the {name} ({other}).",
                    not_done=NOT_DONE,
                    remedy=_ELSEWHERE,
                )
        return cls(root)

    def people_file(self, release_id: str) -> Path:
        return self.root / f"people-{release_id}.duckdb"

    def people_files(self) -> dict[str, Path]:
        """Return the files of people that are here, by release id, the oldest release first."""
        names = sorted(each.name for each in self.root.iterdir()) if self.root.is_dir() else []
        found = {match[1]: self.root / name for name in names if (match := _PEOPLE.fullmatch(name))}
        return dict(sorted(found.items(), key=lambda pair: release_number(pair[0])))

    def prepare(self, data: DataFolder) -> None:
        """Make the folder, for its owner only, and tidy it. UserError: it holds the people of another data folder.

        What killed imports left is removed: unfinished folders, and people of releases that were never published.
        To be called inside `one_import`.
        """
        with plain_write_faults(self.root):
            self.root.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
            self.root.chmod(OWNER_FOLDER)
            self._claim(data)
            self.tidy(data)

    def _claim(self, data: DataFolder) -> None:
        """Write down whose people these are, so that nobody else's import takes them for leftovers."""
        if self.refuse_others(data) == data.root:
            return
        mark = self.root / _MARK
        aside = mark.with_name(f"{_BUILDING}mark-{os.getpid()}")
        aside.write_text(f"{data.root}\n", encoding="utf-8")
        aside.chmod(OWNER_FILE)
        aside.replace(mark)

    def refuse_others(self, data: DataFolder) -> Path | None:
        """Return whose people these are as written down. UserError: they are those of another data folder."""
        mark = self.root / _MARK
        belongs = Path(mark.read_text(encoding="utf-8").strip()) if mark.is_file() else None
        if belongs != data.root and self.people_files().keys() - set(people_of_releases(data).values()):
            raise UserError(
                f"The restricted store in {self.root} belongs to the data in {belongs or 'another folder'}, "
                f"not in {data.root}.",
                not_done=NOT_DONE,
                remedy=_ELSEWHERE,
            )
        return belongs

    def tidy(self, data: DataFolder) -> None:
        """Remove what no release needs; where no release is known, nothing but unfinished folders."""
        for leftover in self.root.glob(f"{_BUILDING}*"):
            shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)
        if data.published().current is None:
            return
        in_use = set(people_of_releases(data).values())
        for release_id, path in self.people_files().items():
            if release_id not in in_use:
                path.unlink(missing_ok=True)
                path.with_name(f"{path.name}.wal").unlink(missing_ok=True)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give a new folder to build in, for its owner only; it is gone afterwards."""
        with plain_write_faults(self.root), owner_only():
            folder = self.root / f"{_BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=OWNER_FOLDER)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def put_in_place(self, built: Path, release_id: str) -> Path:
        """Give a file its final name; until the pointer names its release, it counts for nothing."""
        built.chmod(OWNER_FILE)
        force_to_disk(built)
        final = self.people_file(release_id)
        built.replace(final)
        force_to_disk(self.root)
        return final


def release_number(release_id: str) -> int:
    """Return 12 for r0012-abcdef01; later releases have greater numbers."""
    return int(release_id[1:].split("-")[0])


@contextmanager
def owner_only() -> Iterator[None]:
    """Let every file that is made inside be its owner's only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def plain_write_faults(root: Path) -> Iterator[None]:
    """Turn what a full or locked disk raises into a UserError that tells nothing of the content."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as fault:
        reason = getattr(fault, "strerror", None) or "the disk or the memory is full, or the file is damaged"
        raise UserError(
            f"The restricted store could not be written in {root}: {reason}.",
            not_done=NOT_DONE,
            remedy="Make room on the disk and check that the folder may be written, then import again.",
        ) from fault


def people_of_releases(data: DataFolder) -> dict[str, str]:
    """Return which release's people each kept release counts (release id -> release id); without people: not there.

    A release that cannot be read counts as having its own, so that no file of people is removed by mistake.
    """
    published = data.published()
    found = {}
    for release_id in dict.fromkeys([*published.releases, *filter(None, [published.current])]):
        named = _named_people(data.release_file(release_id), release_id)
        if named:
            found[release_id] = named
    return found


def _named_people(release: Path, otherwise: str) -> str:
    try:
        with duckdb.connect(str(release), read_only=True, config={"enable_external_access": "false"}) as connection:
            rows = connection.execute("SELECT value FROM fact WHERE name = 'restricted'").fetchall()
    except duckdb.Error:
        return otherwise
    match = _PEOPLE.fullmatch(str(rows[0][0])) if rows else None
    return match[1] if match else ""
