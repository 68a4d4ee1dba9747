"""Where phones reach the Vote page: told by `prioritisation votes` while it runs, read by the facilitator's page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

from prioritisation.folder import DataFolder

ADDRESS = "PRIORITISATION_VOTES_URL"
FOR_PHONES = "prioritisation votes --address 0.0.0.0"
CODE = "code"
_FILE = "votes.address"


def vote_link(folder: DataFolder, code: str) -> str | None:
    """Return the link that opens a round on a phone, None while nothing says where the Vote page is served."""
    address = votes_address(folder)
    return f"{address.rstrip('/')}/?{urlencode({CODE: code})}" if address else None


def votes_address(folder: DataFolder) -> str | None:
    """Return PRIORITISATION_VOTES_URL, else what `prioritisation votes` on this machine has announced."""
    with suppress(OSError):
        return os.environ.get(ADDRESS) or (folder.root / _FILE).read_text(encoding="utf-8").strip() or None
    return None


@contextmanager
def announced(folder: DataFolder, address: str) -> Iterator[bool]:
    """Tell the address inside the block; gives whether the folder took it."""
    file = folder.root / _FILE
    aside = file.with_name(f"{_FILE}.{os.getpid()}.tmp")
    try:
        aside.write_text(address + "\n", encoding="utf-8")
        aside.replace(file)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):
            if file.read_text(encoding="utf-8").strip() == address:
                file.unlink()
