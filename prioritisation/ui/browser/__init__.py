"""Scripts and style sheets that pages hand to the browser, and the one reader of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def source(*names: str) -> str:
    """Return files of this folder, one after the other."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


def image_script() -> str:
    """Return the script that makes pictures of maps and charts: in pages, and in the file that works without one."""
    return source("image_copy.js", "image_sheet.js", "image.js")


def image_style() -> str:
    """Return the styles of its control."""
    return source("image.css")
