"""A pack's zip, refused before anything of it is unpacked when it is not what a pack can be."""

from __future__ import annotations

import io
import zipfile
import zlib

from prioritisation.errors import UserError

LARGEST_ZIPPED = 100_000_000
LARGEST_UNPACKED = 200_000_000
MOST_FILES = 100
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 50_000_000
NOTHING_CHECKED = "Nothing was checked."
UNREADABLE = (KeyError, ValueError, OSError, EOFError, RecursionError, RuntimeError, zipfile.BadZipFile, zlib.error)
_LINK, _KIND = 0o120000, 0o170000
_LOCKED = 1


def opened(zipped: bytes) -> zipfile.ZipFile:
    """Open a pack's bytes; reading a member gives at most the bytes that it announces. UserError: no zip of ours."""
    if len(zipped) > LARGEST_ZIPPED:
        raise _no_pack("is larger than any pack")
    try:
        pack = zipfile.ZipFile(io.BytesIO(zipped))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as fault:
        raise _no_pack("is not a zip that can be opened") from fault
    why = _unsafe(pack.infolist(), len(zipped))
    if why:
        pack.close()
        raise _no_pack(why)
    return pack


def _unsafe(members: list[zipfile.ZipInfo], zipped: int) -> str:
    """Return why a zip is no pack: a pack is a handful of plain files of no great size; empty: it may be one."""
    unpacked = sum(each.file_size for each in members)
    if len(members) > MOST_FILES or unpacked > LARGEST_UNPACKED:
        return "is larger than any pack"
    if unpacked > RATIO_COUNTS_FROM and unpacked > LARGEST_RATIO * zipped:
        return "would unpack to far more than its size, which no pack does"
    if any((each.external_attr >> 16) & _KIND == _LINK for each in members):
        return "holds a link, which no pack does"
    if any(each.flag_bits & _LOCKED for each in members):
        return "is protected by a password"
    return ""


def _no_pack(what: str) -> UserError:
    return UserError(
        f"The file {what}.",
        not_done=NOTHING_CHECKED,
        remedy="Give the .zip as it was sent, not a folder or a file out of it.",
    )
