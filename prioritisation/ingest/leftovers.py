"""What releases there are in a data folder, and what of it nobody needs any more."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder, Published

BUILDING = ".building-"
_RELEASE_FILE = re.compile(r"(r(\d{4,})-[0-9a-f]{8})\.duckdb")
_BOUNDARY_FILE = re.compile(r"(?:areas|hexes)(-[0-9a-f]{12}\.parquet)")


def facts_in(path: Path) -> tuple[dict[str, str], int | None]:
    """Return a release's facts and number of areas in its council; nothing when it cannot be read."""
    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as connection:
            facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
            count = connection.execute("SELECT count(*) FROM area WHERE in_council").fetchone()
            return facts, int(count[0]) if count else None
    except duckdb.Error:
        return {}, None


def clear_leftovers(folder: DataFolder) -> tuple[Published, int]:
    """Remove what killed imports left. Return what is published and the highest release number ever used here.

    A release file that the pointer does not name was never in use. Without a readable pointer nobody knows
    which was, so all (each was checked before it got its name) count as published.
    """
    for pattern in (f"{BUILDING}*", f"{folder.pointer.name}.*.tmp", f"{folder.hand_copy.name}.*.tmp"):
        for leftover in folder.root.glob(pattern):
            remove(leftover)
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
        remove(folder.release_file(name))
    return published, max(newest, *numbers) if numbers else newest


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


def remove_unneeded(folder: DataFolder, kept: Sequence[str]) -> list[str]:
    """Remove releases that are no longer kept, and boundaries (with their hexagons) that none of the kept names."""
    unneeded = [
        folder.releases / name
        for name in _names(folder.releases)
        if (match := _RELEASE_FILE.fullmatch(name)) and match[1] not in kept
    ]
    facts = [facts_in(folder.release_file(each))[0] for each in kept]
    if all(facts):  # a release that cannot be read may still need its boundaries
        named = {each.get("boundaries") for each in facts}
        unneeded += [
            folder.geo / name
            for name in _names(folder.geo)
            if (match := _BOUNDARY_FILE.fullmatch(name)) and f"areas{match[1]}" not in named
        ]
    failed = [path.name for path in unneeded if not remove(path)]
    return [f"Could not be removed, and is no longer needed: {name}." for name in failed]


def remove(path: Path) -> bool:
    """Remove a file or folder; return whether it is gone."""
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
