"""Pieces of SVG that are put beside or under each other, and the picture that they make. Text is always escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

INK, QUIET = "#1a2530", "#4c5a66"
FONTS = "'Libertinus Serif', Georgia, 'Times New Roman', serif"
_NEVER = ("Cc", "Cf", "Cs", "Cn", "Co")
WIDTH_OF_A_LETTER = 0.5  # of the font size, on average: what fits is estimated, since no font is measured here


@dataclass(frozen=True)
class Drawing:
    """width, height: in the drawing's own units; body: SVG elements between 0, 0 and there."""

    width: float
    height: float
    body: str


def text(
    x: float, y: float, words: str, size: float, *, anchor: str = "start", weight: int = 400, fill: str = INK
) -> str:
    """Return one line of text whose baseline begins (or ends, or has its middle) at a point."""
    look = f'font-size="{plain(size)}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}"'
    return f'<text x="{plain(x)}" y="{plain(y)}" {look}>{spelled(words)}</text>'


def spelled(words: str) -> str:
    """Return text as XML: escaped, without characters that no XML may hold or that turn the direction of others."""
    return escape("".join(letter for letter in words if unicodedata.category(letter) not in _NEVER))


def width_of(words: str, size: float) -> float:
    """Return about how wide a line of text is."""
    return WIDTH_OF_A_LETTER * size * len(words)


def wrapped(words: str, letters: int) -> list[str]:
    """Return text in lines of about so many letters, broken at blanks."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def beside(drawings: Sequence[Drawing], gap: float) -> Drawing:
    """Return drawings from left to right, their tops in line."""
    placed, across = [], 0.0
    for each in drawings:
        placed.append(moved(each, across, 0))
        across += each.width + gap
    return Drawing(across - gap, max(each.height for each in drawings), "".join(placed))


def stacked(drawings: Iterable[Drawing], gap: float) -> Drawing:
    """Return drawings from top to bottom, their left sides in line."""
    kept = list(drawings)
    placed, down = [], 0.0
    for each in kept:
        placed.append(moved(each, 0, down))
        down += each.height + gap
    return Drawing(max(each.width for each in kept), down - gap, "".join(placed))


def moved(drawing: Drawing, x: float, y: float) -> str:
    """Return a drawing's elements further right and down."""
    return f'<g transform="translate({plain(x)} {plain(y)})">{drawing.body}</g>' if x or y else drawing.body


def as_high_as(drawing: Drawing, height: float) -> Drawing:
    """Return a drawing made larger or smaller."""
    by = height / drawing.height
    return Drawing(drawing.width * by, height, f'<g transform="scale({by:.4f})">{drawing.body}</g>')


def padded(drawing: Drawing, by: float) -> Drawing:
    """Return a drawing with room around it, so that no line is cut at the edge."""
    return Drawing(drawing.width + 2 * by, drawing.height + 2 * by, moved(drawing, by, by))


def picture(drawing: Drawing, title: str = "", *, definitions: str = "", fonts: str = FONTS) -> str:
    """Return a whole SVG. title: read out in the place of the picture; without one it is decoration."""
    described = f"<title>{spelled(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    box = f"0 0 {plain(drawing.width)} {plain(drawing.height)}"
    size = f'width="{plain(drawing.width)}" height="{plain(drawing.height)}" viewBox="{box}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {role} font-family="{escape(fonts)}">'
        f"{described}{f'<defs>{definitions}</defs>' if definitions else ''}{drawing.body}</svg>"
    )


def plain(value: float) -> str:
    """Return a number with at most two decimals, as short as it is."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
