"""What a trial of referral lists needs of the invented people: their store, its key, and partners' present keys."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.ingest.contacts.present_keys import COLUMNS
from prioritisation.ingest.contacts.restricted import OWNER_FILE, OWNER_FOLDER, RestrictedFolder

GONE_ONE_IN = 20
"""One key in so many is left out: of people whom a partner no longer knows."""


@dataclass(frozen=True)
class Kept:
    """A folder that keeps the invented people after their import."""

    root: Path

    @classmethod
    def begun(cls, root: Path, data: DataFolder) -> Kept:
        """Make the folder. UserError: it is there already, or lies where people must not."""
        kept = cls(root.expanduser().resolve())
        RestrictedFolder.chosen(data, kept.root)
        try:
            kept.root.mkdir(mode=OWNER_FOLDER, parents=True)
            kept.partner_keys.mkdir(mode=OWNER_FOLDER)
        except OSError as fault:
            raise UserError(
                f"{kept.root} cannot be made ({fault.strerror}).",
                not_done="Nobody was invented; nothing has changed.",
                remedy="Name a new folder with --keep.",
            ) from fault
        return kept

    @property
    def restricted(self) -> Path:
        return self.root / "restricted"

    @property
    def app_key(self) -> Path:
        return self.root / "app.key"

    @property
    def partner_keys(self) -> Path:
        return self.root / "partner-keys"

    def write(self, extracts: Iterable[Path], key: AppKey) -> None:
        """Write the product's key, and for each partner the present keys of the people in its keyed extracts."""
        _write_private(self.app_key, [[key.secret.hex()]])
        sent: dict[str, set[tuple[str, ...]]] = {}
        for path in extracts:
            with path.open(encoding="utf-8", newline="") as text:
                for row in csv.DictReader(text):
                    sent.setdefault(row["partner"], set()).add(tuple(row[name] for name in COLUMNS))
        for partner, keys in sent.items():
            known = [each for each in sorted(keys) if int(each[-1][:8], 16) % GONE_ONE_IN]
            _write_private(self.partner_keys / f"{partner.replace('_', '-')}.csv", [COLUMNS, *known])


def _write_private(path: Path, rows: Iterable[Iterable[str]]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE), "w", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
