"""Where the tests' workspaces are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, open_workspace

NOON = datetime(2025, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """url None means the folder's own SQLite file."""

    folder: Path
    url: str | None

    @property
    def file(self) -> Path:
        return self.folder / "workspace.sqlite"

    def open(self, **choices: Any) -> Workspace:
        return open_workspace(DataFolder(self.folder), url=self.url, **choices)
