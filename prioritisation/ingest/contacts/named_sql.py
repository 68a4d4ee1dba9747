"""The named SQL steps of importing contacts: one file each in sql, values only through $parameters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """Return the text of one step."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
