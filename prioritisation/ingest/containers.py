"""What a file is made of, by its first bytes; and zip files that are safe to open."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

EMPTY = "empty file"
XLSX = "XLSX workbook"
ZIPPED_SHAPEFILE = "zipped shapefile"
ZIP = "zip file"
PARQUET = "Parquet table"
GEOPACKAGE = "GeoPackage"
DATABASE = "database"
SHAPEFILE = "shapefile"
SHAPEFILE_INDEX = "index of a shapefile"
LOCKED_OR_OLD = "old or password-protected workbook"
JSON = "JSON"
TEXT = "text table"
BINARY = "unknown binary file"

# Limits on what a zip may unpack to: a published national boundary set is some 100 MB, a workbook 30 MB.
ZIP_ENTRIES_UP_TO = 2_000
ZIP_BYTES_UP_TO = 2 * 1024**3
ZIP_RATIO_UP_TO = 200
ZIP_RATIO_COUNTS_FROM = 50 * 1024**2
_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_CHUNK = 1024 * 1024


class UnsafeZip(Exception):
    """The zip is damaged, locked, or would unpack to more than it says; the text is for the user."""


def container(path: Path) -> str:
    """Say what kind of file this is, from its bytes alone."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        return EMPTY
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"SQLite format 3\x00"):
        return GEOPACKAGE if head[68:72] in (b"GPKG", b"GP10", b"GP11") else DATABASE
    if head.startswith(b"\x00\x00\x27\x0a"):
        # The index has the same header as the shapefile; its first record says the offset 50, not the number 1.
        return SHAPEFILE_INDEX if head[100:104] == b"\x00\x00\x00\x32" else SHAPEFILE
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return LOCKED_OR_OLD
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return JSON
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    utf16 = controls and controls == head.count(0) and head.count(0) * 3 > len(head)
    return TEXT if not controls or utf16 else BINARY


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError):
        # A truncated zip has lost its directory at the end; its first member still tells what it was.
        with path.open("rb") as file:
            return XLSX if b"[Content_Types].xml" in file.read(4096) else ZIP
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return XLSX
    return ZIPPED_SHAPEFILE if any(name.endswith(".shp") for name in names) else ZIP


def check_zip(path: Path) -> list[zipfile.ZipInfo]:
    """Return the members of a zip, or raise UnsafeZip before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as fault:
        raise UnsafeZip("the file is damaged or cut short.") from fault
    unpacked, packed = sum(each.file_size for each in members), max(path.stat().st_size, 1)
    if len(members) > ZIP_ENTRIES_UP_TO:
        raise UnsafeZip(f"it holds {len(members):,} files; at most {ZIP_ENTRIES_UP_TO:,} are opened.")
    if unpacked > ZIP_BYTES_UP_TO:
        size, most = unpacked / 1024**3, ZIP_BYTES_UP_TO // 1024**3
        raise UnsafeZip(f"it would unpack to {size:,.1f} GB; at most {most} GB are opened.")
    if unpacked > ZIP_RATIO_COUNTS_FROM and unpacked > ZIP_RATIO_UP_TO * packed:
        raise UnsafeZip(f"it would unpack to {unpacked // packed:,} times its size, which no real data does.")
    if any(_leads_outside(each) for each in members):
        raise UnsafeZip("it holds a path or link that leads outside the zip.")
    if any(each.flag_bits & 1 for each in members):
        raise UnsafeZip("it is protected by a password.")
    return members


def _leads_outside(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or path.is_absolute() or ".." in path.parts or ":" in member.filename


@contextmanager
def unpacked_shapefiles(path: Path) -> Iterator[list[Path]]:
    """Unpack the shapefiles of a zip into a temporary folder, and give their .shp files. UnsafeZip: with the reason."""
    members = [each for each in check_zip(path) if PurePosixPath(each.filename).suffix.lower() in _PARTS]
    with TemporaryDirectory(prefix="prioritisation-") as name, zipfile.ZipFile(path) as archive:
        made = []
        for member in members:
            if PurePosixPath(member.filename).name.startswith("._"):
                continue  # what macOS adds beside every file
            made.append(_unpack(archive, member, Path(name)))
        yield [each for each in made if each.suffix.lower() == ".shp"]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    inside = PurePosixPath(member.filename.replace("\\", "/"))
    target = folder / (str(inside.with_suffix("")).replace("/", "_") + inside.suffix.lower())
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > member.file_size:
                    raise UnsafeZip("it unpacks to more than it says.")
                copy.write(chunk)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as fault:
        raise UnsafeZip("the file is damaged or cut short.") from fault
    return target
