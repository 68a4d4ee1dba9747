"""A new release that is the one in use with some of its tables changed: the way to add what no published file holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

import prioritisation
from prioritisation.folder import DataFolder
from prioritisation.ingest import build
from prioritisation.ingest.publish import PublishedRelease, Written, publish_written
from prioritisation.store import open_store

Tables = dict[str, pa.Table]


def publish_changed(
    change: Callable[[Tables], Tables],
    mark: str,
    folder: DataFolder,
    progress: Callable[[str], None] = lambda step: None,
    *,
    facts: Callable[[str], Mapping[str, str]] = lambda release_id: {},
    before_pointer: Callable[[str], None] | None = None,
) -> PublishedRelease:
    """Publish the release in use with the tables that `change` returns in place of its own.

    mark: says what was changed, for the fingerprint; facts(release_id): rows of `fact` that differ; before_pointer: as
    in `publish_written`. To be called inside `one_import`. UserError: there is no release, or the new one did not pass
    its check; then nothing has changed.
    """
    with open_store(folder) as store:
        in_use = store.release
    tables = build.read_tables(folder.release_file(in_use.id))
    fingerprint = hashlib.sha256(f"{in_use.fingerprint} {mark}".encode()).hexdigest()

    def write(release_id: str, previous: str, building: Path) -> Written:
        own = _facts(tables["fact"], release_id, previous, fingerprint) | dict(facts(release_id))
        path = building / f"{release_id}.duckdb"
        content = tables | change(tables) | {"fact": build.pairs(own)}
        return Written(path, build.write_tables(content, path))

    return publish_written(write, fingerprint, folder, progress, before_pointer or (lambda release_id: None))


def joined(kept: pa.Table, new: pa.Table) -> pa.Table:
    """Return the rows of a release's table and new ones, in its own columns."""
    return pa.concat_tables([kept, new.select(kept.column_names).cast(kept.schema)])


def _facts(facts: pa.Table, release_id: str, previous: str, fingerprint: str) -> dict[str, str]:
    kept = dict(zip(facts["name"].to_pylist(), facts["value"].to_pylist(), strict=True))
    return {
        **kept,
        "release_id": release_id,
        "previous": previous,
        "built_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software_version": prioritisation.__version__,
        "fingerprint": fingerprint,
    }
