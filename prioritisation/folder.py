"""Where things lie: the data folder, its releases and the pointer to the current one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from prioritisation.errors import UserError

REPOSITORY = Path(__file__).resolve().parent.parent
TRACKED_DATA = REPOSITORY / "data"


@dataclass(frozen=True)
class DataFolder:
    """The folder that holds what is built (`--data DIR`, `PRIORITISATION_DATA`, or `data/` beside app.py)."""

    root: Path

    @classmethod
    def chosen(cls, given: str | Path | None = None) -> DataFolder:
        """Return the folder given, else the environment's, else the repository's own."""
        return cls(Path(given or os.environ.get("PRIORITISATION_DATA") or TRACKED_DATA).expanduser().resolve())

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def pointer(self) -> Path:
        return self.root / "releases.json"

    @property
    def geo(self) -> Path:
        return self.root / "geo"

    @property
    def hand_copy(self) -> Path:
        """A copy of the current release for people who open it by hand; the product never reads it."""
        return self.root / "indicators.duckdb"

    @property
    def lock(self) -> Path:
        return self.root / "import.lock"

    @property
    def catalogue(self) -> Path:
        own = self.root / "catalogue"
        return own if own.is_dir() else TRACKED_DATA / "catalogue"

    def release_file(self, release_id: str) -> Path:
        return self.releases / f"{release_id}.duckdb"

    def published(self) -> Published:
        """Read the pointer. An absent pointer is an empty list; a damaged one is a UserError."""
        try:
            text = self.pointer.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Published(None, ())
        try:
            content = json.loads(text)
            return Published(str(content["current"]), tuple(str(release) for release in content["published"]))
        except (ValueError, KeyError, TypeError) as fault:
            raise UserError(
                f"The pointer to the current release, {self.pointer}, cannot be read.",
                not_done="No release was opened.",
                remedy="Import the data again; the new import writes a new pointer. Releases stay where they are.",
            ) from fault


@dataclass(frozen=True)
class Published:
    """What the pointer says: the current release and all that may be rolled back to, oldest first."""

    current: str | None
    releases: tuple[str, ...]
