"""What a document is made of, whatever it is written as. All words are plain text: none is ever markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["words", "number"]
WORDS: Kind = "words"
NUMBER: Kind = "number"


@dataclass(frozen=True)
class Strong:
    """Words that stand out."""

    text: str


Words = str | tuple[str | Strong, ...]


@dataclass(frozen=True)
class Heading:
    """A heading below the title. level: 1, or 2 below it."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """look: body; lead (larger, what matters most); quiet (smaller, remarks); intro (stays with what follows)."""

    words: Words
    look: Literal["body", "lead", "quiet", "intro"] = "body"


@dataclass(frozen=True)
class Notice:
    """Words that must not be missed, in a frame."""

    words: Words


@dataclass(frozen=True)
class Facts:
    """A row of figures, each with what it counts."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """svg: a whole SVG; alt: what it shows, for those who cannot see it; width: share of the page's width, 0 to 1."""

    svg: str
    alt: str
    caption: Words = ""
    width: float = 1.0


@dataclass(frozen=True)
class Column:
    """head: may be empty for a column of pictures; room: share of what is left over, 0 for as wide as its words."""

    head: str
    kind: Kind = WORDS
    room: float = 0.0


@dataclass(frozen=True)
class Cell:
    """small: a second line in smaller letters; svg: decoration above them, whose meaning is in the words."""

    words: Words = ""
    small: str = ""
    svg: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row. rows: a cell per column; a row of one cell heads those below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    dense: bool = False


@dataclass(frozen=True)
class Items:
    """A list. numbered: in an order that matters."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Terms:
    """Words and what they mean."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Together:
    """Blocks that stay on one page."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Beside:
    """Two groups of blocks side by side. share: of the width that the left one has, 0 to 1."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5


Block = Heading | Paragraph | Notice | Facts | Picture | Table | Items | Terms | Together | Beside


@dataclass(frozen=True)
class Document:
    """title, subtitle: at its head; kicker: a line above them; warning: on every page, such as that the data are
    invented, may be empty; foot: names of what it was made from, on every page; dated: never today's date; one_page:
    a sheet, set smaller until it fits one page of a PDF."""

    title: str
    subtitle: str
    kicker: str
    warning: str
    foot: str
    dated: datetime
    blocks: Sequence[Block]
    one_page: bool = False


def spans(words: Words) -> list[tuple[str, bool]]:
    """Return words as pieces: text, and whether it stands out."""
    pieces = (words,) if isinstance(words, str) else words
    return [(each.text, True) if isinstance(each, Strong) else (each, False) for each in pieces]


def as_cell(cell: Cell | str) -> Cell:
    """Return a cell, of mere words where they are all there is."""
    return Cell(cell) if isinstance(cell, str) else cell
