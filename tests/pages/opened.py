"""How tests open a page, and what they read off it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[2]
BOOKMARK, MENU = "bookmark", "menu"

OpenPage = Callable[..., AppTest]


def html_of(test: AppTest) -> str:
    """All that a page says by itself, as HTML, without its style sheet."""
    said = (element.proto.body for element in test.get("html"))
    return "\n".join(body for body in said if not body.startswith("<style>"))
