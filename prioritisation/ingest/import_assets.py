"""Import of a register of organisations: the release in use once more, with its assets in place of those in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from prioritisation.catalogue import Catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import build, containers
from prioritisation.ingest.adding import Tables, joined, publish_changed
from prioritisation.ingest.assets import Assets, RegisterColumns, is_register, read_assets
from prioritisation.ingest.faults import NOT_DONE, Faults, listed
from prioritisation.ingest.publish import PublishedRelease, one_import
from prioritisation.ingest.recognise import REGISTER, OfferedFile
from prioritisation.ingest.release import DEMONSTRATION
from prioritisation.ingest.tables import RawTable, Unreadable, header_key, read_tables
from prioritisation.store import open_store


@dataclass(frozen=True, eq=False)
class AssetImport:
    """A finished import."""

    release: PublishedRelease
    assets: Assets
    source: str

    @property
    def text(self) -> str:
        """A summary to read in a terminal."""
        lines = [f"Release {self.release.id} is now in use.", f"Assets: {self.assets.sentence}.", self.source]
        return "\n".join([*lines, *(f"Note: {warning}" for warning in self.release.warnings)])


def import_assets(
    path: Path,
    *,
    folder: DataFolder,
    catalogue: Catalogue,
    source_id: str,
    columns: RegisterColumns,
    progress: Callable[[str], None] = lambda step: None,
) -> AssetImport:
    """Read a register, place its organisations by postcode and publish; all or nothing.

    source_id: of sources.csv. UserError: unusable file or columns, no postcode lookup in the release, nothing placed.
    """
    faults = Faults()
    with one_import(folder):
        progress(f"Reading {path.name}")
        table = _table(path, columns)
        with open_store(folder) as store:
            in_use, postcodes = store.release, store.postcodes()
        if postcodes.empty:
            raise _refusal("The release in use has no postcode lookup.", "Import one with the open data first.")
        source = DEMONSTRATION if in_use.demonstration else _known_source(source_id, catalogue)
        read = read_assets(
            table, columns, postcodes=postcodes, council_name=in_use.council_name, source_id=source, faults=faults
        )
        faults.raise_if_any(f"{path.name} has {{count}}.", "Mend the rows named above, then import again.")
        if read.table.empty:
            raise _refusal(
                f"No organisation of {path.name} has a postcode of {in_use.council_name} ({read.sentence}).",
                "Check that it is the right register, and that the postcode lookup covers the council.",
            )
        file = OfferedFile(path, path.name, True)

        def change(tables: Tables) -> Tables:
            return _with_assets(tables, read, file, catalogue, source)

        published = publish_changed(change, f"assets {file.sha256} {read.rows}", folder, progress)
    chosen = catalogue.sources[source]
    return AssetImport(published, read, f"Source: {chosen.title}, {chosen.publisher} ({chosen.licence}).")


def _refusal(found: str, remedy: str) -> UserError:
    return UserError(found, not_done=NOT_DONE, remedy=remedy)


def _known_source(source_id: str, catalogue: Catalogue) -> str:
    if source_id not in catalogue.sources:
        known = listed(catalogue.sources, most=20)
        raise _refusal(f"There is no source '{source_id}'.", f"Add it to sources.csv, or use one of: {known}.")
    return source_id


def _table(path: Path, columns: RegisterColumns) -> RawTable:
    """Return the first table of a file that has the columns needed."""
    try:
        tables = read_tables(path, path.name, containers.container(path))
    except Unreadable as fault:
        raise _refusal(f"{path.name}: {fault.found}", fault.remedy) from fault
    except OSError as fault:
        raise _refusal(
            f"{path.name} cannot be read ({fault.strerror}).", "Check its name and who may read it."
        ) from fault
    found = next((table for table in tables if is_register(table, columns)), None)
    if found is None:
        present = {key for table in tables for key in table.frame}
        absent = [name for name in columns.needed if header_key(name) not in present]
        raise _refusal(
            f"{path.name} has no column {listed(absent)}.",
            "Use the register as it was downloaded, or name its columns with --number, --name and --postcode.",
        )
    return found


def _with_assets(tables: Tables, read: Assets, file: OfferedFile, catalogue: Catalogue, source: str) -> Tables:
    """Return the tables that change: assets anew, the file among those loaded, and its source."""
    made = {"asset": pa.Table.from_pandas(read.table, preserve_index=False)}
    loaded = {
        "file_name": file.name,
        "kind": REGISTER,
        "used": True,
        "note": read.sentence,
        "sha256": file.sha256,
        "bytes": file.path.stat().st_size,
        "row_count": read.rows,
        "modified_at": file.modified_at,
        "source_id": source,
    }
    kept = tables["loaded_file"].to_pandas()
    kept = kept[kept["kind"] != REGISTER]
    schema = tables["loaded_file"].schema
    made["loaded_file"] = joined(
        pa.Table.from_pandas(kept, schema=schema, preserve_index=False), pa.Table.from_pylist([loaded])
    )
    if source not in tables["source"]["source_id"].to_pylist():
        made["source"] = joined(tables["source"], build.source_rows([catalogue.sources[source]]))
    return made
