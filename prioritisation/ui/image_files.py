"""The script and the styles that every picture control shares: in pages, and in the file that works without one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def image_script() -> str:
    """Return the script that maps and charts share."""
    parts = ("image_copy.js", "image_sheet.js", "image.js")
    return "\n".join((_FOLDER / part).read_text(encoding="utf-8") for part in parts)


@cache
def image_style() -> str:
    """Return the control's styles."""
    return (_FOLDER / "image.css").read_text(encoding="utf-8")
