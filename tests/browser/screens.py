"""What tests of any page ask of a screen: nothing serious for axe, no scrolling sideways, no outside host."""

from __future__ import annotations

import re
from typing import Any

import pytest

AT_REST = '.stApp[data-test-script-state="notRunning"]'  # the script has run to its end
LOOKS = ((1280, "light"), (390, "dark"), (1280, "dark"))  # width and colour scheme: each width, each scheme
SIDEWAYS = """() => [document.documentElement, document.querySelector(".stMain")]
    .map((element) => element.scrollWidth - element.clientWidth)"""
_INSIDE = re.compile(r"(https?|ws)://127\.0\.0\.1:|data:|blob:")


def is_outside(url: str) -> bool:
    return not _INSIDE.match(url)


def fits(page: Any) -> bool:
    """Whether the page need not be moved sideways."""
    return bool(page.evaluate(SIDEWAYS) == [0, 0])


def serious(page: Any, within: str | None = None, *, in_shadow: bool = False) -> list[str]:
    """Serious and critical violations that axe-core finds. in_shadow: only those of nodes that lie in a shadow root."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in axe.run(page, context=within).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not in_shadow or isinstance(node["target"][0], list)
    ]
