"""How classes and states look on paper: darker is greater need; each state has a pattern, for grey print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from prioritisation.drawing.svg import INK, QUIET, Drawing, moved, plain, text, width_of

RAMP = ("#e3edf5", "#aecbe0", "#6fa0c6", "#336f9f", "#0b3a66")
DIGITS = (INK, INK, INK, "#ffffff", "#ffffff")  # what is legible on each class
PRIORITIES = ("#002d54", "#2b9c93", "#6a2063", "#e5682a", "#5b7083", "#a3842c", "#8c4a4a", "#4d7a3a")
BORDER = "#ffffff"
CASING = "#ffffff"
STATES = ("zero", "suppressed", "missing")

Look = int | str


class Entry(NamedTuple):
    """A line of a legend. look: a class from 1 to 5, or a state; words: its range, or what it means."""

    look: Look
    words: str


def fill(look: Look, prefix: str) -> str:
    """Return the fill of a class (1 to 5) or of a state; prefix: as given to `patterns`."""
    return RAMP[look - 1] if isinstance(look, int) else f"url(#{prefix}-{look})"


def patterns(prefix: str) -> str:
    """Return the definitions of the states' fills. prefix: keeps pictures on one page apart."""

    def pattern(state: str, size: int, ground: str, marks: str) -> str:
        box = f'width="{size}" height="{size}"'
        filled = f'<rect {box} fill="{ground}"/>{marks}'
        return f'<pattern id="{prefix}-{state}" {box} patternUnits="userSpaceOnUse">{filled}</pattern>'

    return (
        pattern(
            "zero", 16, "#fff7df", '<circle cx="8" cy="8" r="3.2" fill="none" stroke="#a87b12" stroke-width="1.4"/>'
        )
        + pattern(
            "suppressed", 12, "#ffffff", '<path d="M-3 3l6-6M0 12l12-12M9 15l6-6" stroke="#59646d" stroke-width="2"/>'
        )
        + pattern("missing", 12, "#eceef0", '<circle cx="6" cy="6" r="2" fill="#7d8892"/>')
    )


def legend(
    entries: Sequence[Entry], prefix: str, width: float, size: float, outlined: str = "", least: str = "least need",
    greatest: str = "greatest need",
) -> Drawing:  # fmt: skip
    """Return a legend on one or two lines: classes between words at both ends, then the states and the outline.

    outlined: what the outlined areas are; size: of the letters, in the drawing's units.
    """
    classes = [entry for entry in entries if isinstance(entry.look, int)]
    box, row = 1.9 * size, 2.9 * size
    parts, across = [], 0.0
    if classes:
        parts.append(text(0, box * 0.68, least, size, fill=QUIET))
        across = width_of(least, size) + 0.6 * size
        least_room = 2.2 if any(entry.words for entry in classes) else 1.1
        each = max(max(width_of(entry.words, size) for entry in classes) + 0.8 * size, least_room * box)
        for entry in classes:
            parts.append(_swatch(across, each, box, entry, prefix, size))
            across += each
        parts.append(text(across + 0.6 * size, box * 0.68, greatest, size, fill=QUIET))
        across += 0.6 * size + width_of(greatest, size)
    states = [*[(entry.look, entry.words) for entry in entries if isinstance(entry.look, str)]]
    marks = [*states, *([("outlined", outlined)] if outlined else [])]
    left, top = (0.0, row + size if classes else 0.0)
    widest = across
    for look, words in marks:
        wide = box * 1.4 + 0.6 * size + width_of(words, size)
        if left and left + wide > width:
            left, top = 0.0, top + 1.4 * box
        parts.append(moved(Drawing(wide, box, _mark(look, words, prefix, box, size)), left, top))
        left += wide + 1.8 * size
        widest = max(widest, left)
    height = top + box if marks else row
    return Drawing(max(widest, width), height, "".join(parts))


def _swatch(x: float, width: float, box: float, entry: Entry, prefix: str, size: float) -> str:
    """Return one class: its colour with its number in it, its range below."""
    number = int(entry.look)
    sides = f'x="{plain(x)}" width="{plain(width)}" height="{plain(box)}"'
    rect = f'<rect {sides} fill="{fill(number, prefix)}" stroke="{QUIET}"/>'
    middle = x + width / 2
    digit = text(middle, box * 0.68, str(number), size, anchor="middle", weight=600, fill=DIGITS[number - 1])
    return rect + digit + text(middle, box + 1.2 * size, entry.words, size, anchor="middle")


def _mark(look: Look, words: str, prefix: str, box: float, size: float) -> str:
    wide = box * 1.4
    ground = "none" if look == "outlined" else fill(look, prefix)
    stroke = f'stroke="{INK}" stroke-width="{plain(0.22 * size)}"' if look == "outlined" else f'stroke="{QUIET}"'
    rect = f'<rect x="1" y="1" width="{plain(wide - 2)}" height="{plain(box - 2)}" fill="{ground}" {stroke}/>'
    return rect + text(wide + 0.6 * size, box * 0.68, words, size)
