"""The folder that a referral list is written into: new, for its owner only, outside what others may read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from prioritisation.folder import REPOSITORY, DataFolder
from prioritisation.ingest.build import force_to_disk
from prioritisation.ingest.contacts.restricted import OWNER_FILE, OWNER_FOLDER, RestrictedFolder
from prioritisation.referrals.refusing import refusal


def chosen_folder(given: Path, data: DataFolder, restricted: RestrictedFolder) -> Path:
    """Return where the list is to go. UserError: it is there already, or it is no place for keys of people."""
    folder = given.expanduser().resolve()
    inside = {"data folder": data.root.resolve(), "repository": REPOSITORY, "restricted store": restricted.root}
    for name, other in inside.items():
        if folder.is_relative_to(other):
            raise refusal(
                f"A list must not lie in the {name} ({other}).",
                "Name another folder with --out, best on an encrypted disk.",
            )
    if folder.exists():
        raise refusal(
            f"{folder} is there already.",
            "Name a new folder with --out; nothing is written over.",
        )
    return folder


@contextmanager
def written_aside(folder: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Write files beside their folder, for their owner only; moved to it (`put_in_place`) or gone afterwards."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        aside.mkdir(mode=OWNER_FOLDER)
        aside.chmod(OWNER_FOLDER)
        for name, content in files.items():
            handle = os.open(aside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            force_to_disk(aside / name)
        yield aside
    except OSError as fault:
        raise refusal(
            f"The list cannot be written to {folder} ({fault.strerror}).",
            "Name another folder with --out; the folder around it must be there.",
        ) from fault
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def put_in_place(aside: Path, folder: Path) -> None:
    """Give the written folder its name."""
    aside.rename(folder)
    force_to_disk(folder.parent)
