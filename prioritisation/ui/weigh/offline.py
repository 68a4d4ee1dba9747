"""The weighing view of one scenario as one file that needs no server and no network: for a meeting without either."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from prioritisation.ui.browser import source
from prioritisation.ui.weigh.arguments import WeighResult, WeighTable, engine, styles

_STAND_STILL = "Weights can be moved here: map, list and ranks follow. "
_AS_EXPORTED = (
    "How sure a place is, what would change it and why it moved were worked out for the weights and the cut line "
    "at the time of export; they are greyed as soon as either differs. Nothing that you do here is sent or saved."
)


@dataclass(frozen=True)
class Stamp:
    """What the file says about itself. sources: a line of attribution each; made: when, in words.

    placeholder: the framework's priorities are not agreed yet; demonstration: the areas are invented.
    """

    place: str
    framework: str
    scenario: str
    release: str
    made: str
    sources: tuple[str, ...] = ()
    demonstration: bool = False
    placeholder: bool = False


def offline_page(
    geometry: Mapping[str, Any],
    hexes: Mapping[str, Any] | None,
    table: WeighTable,
    result: WeighResult,
    stamp: Stamp,
) -> str:
    """Return one HTML file with the view in it.

    geometry, hexes: as for `weighing.mount_geometry`. The content security policy forbids every request and every
    script but the one inside; a picture of the map is drawn from data that the page itself makes.
    """
    kept = {
        "geometry": geometry,
        "hexes": hexes,
        "table": table.argument,
        "result": result.argument(table, str(geometry["hash"])),
    }
    script = f"\n{engine()}\n{source('weigh_offline.js')}"
    title = f"{stamp.place}: {stamp.framework}"
    return _PAGE.format(
        policy=_POLICY.format(digest=_digest(script)),
        title=escape(title),
        style=f"{source('weigh_offline.css')}\n{styles()}",
        header=_header(stamp),
        footer=_footer(stamp),
        kept=in_script(kept),
        script=script,
    )


def in_script(content: Any) -> str:
    """Return JSON that cannot end the script element it stands in, nor a line of it."""
    spelled = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        spelled = spelled.replace(character, f"\\u{ord(character):04x}")
    return spelled


def _digest(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _header(stamp: Stamp) -> str:
    badges = [
        '<span class="badge">Placeholder priorities</span>' if stamp.placeholder else "",
        '<span class="badge strong">Demonstration data</span>' if stamp.demonstration else "",
    ]
    return (
        f"<h1>{escape(stamp.place)}</h1><span>{escape(stamp.framework)}</span>{''.join(badges)}"
        f'<span class="ids">scenario {escape(stamp.scenario)} · release {escape(stamp.release)}</span>'
    )


def _footer(stamp: Stamp) -> str:
    lines = [_STAND_STILL + _AS_EXPORTED, *stamp.sources, f"Made {stamp.made}."]
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src '{digest}'; img-src data:; base-uri 'none'"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<header>{header}</header>
<noscript><p>This file draws its maps and list with the script inside it; this browser does not run it.</p></noscript>
<main></main>
<footer>{footer}</footer>
<script type="application/json" id="kept">{kept}</script>
<script type="module">{script}</script>
</body>
</html>
"""
