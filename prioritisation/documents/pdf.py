"""A document as PDF (tagged, PDF/UA-1): typeset by Typst with the fonts inside its wheel, the same bytes every time.

The words travel as JSON beside the template and are never part of it, so no text can become markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC
from pathlib import Path
from typing import Any, Literal

from prioritisation.documents.model import (
    Beside,
    Block,
    Cell,
    Document,
    Facts,
    Heading,
    Items,
    Notice,
    Paragraph,
    Picture,
    Table,
    Terms,
    Together,
    Words,
    as_cell,
    spans,
)

STANDARD: Literal["ua-1"] = "ua-1"
PIXELS_PER_INCH = 144.0
LETTERS = 9.8  # points
LETTERS_OF_A_SHEET = (9.0, 8.5, 8.0, 7.5)  # the largest that fits one page is taken
# What the fonts have: Latin, Greek, Cyrillic, punctuation, currencies, arrows and signs.
_SHOWN = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x3A3, 0x482),
    (0x48A, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2044, 0x2044),
    (0x20A0, 0x20BF),
    (0x2190, 0x22FF),
)
_WITHOUT_SHAPE = ("Cc", "Cf", "Mn", "Me")
_NOT_SHOWN = "\N{REPLACEMENT CHARACTER}"
_UNBROKEN = re.compile(r"\S{28}(?=\S)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_ONE_PICTURE = b"""#set page(width: auto, height: auto, margin: 0mm)
#image(bytes(sys.inputs.svg), width: float(sys.inputs.mm) * 1mm)"""
_TEMPLATE = Path(__file__).with_name("document.typ")


def pdf(document: Document) -> bytes:
    """Return the document as PDF."""
    import typst

    told = _plain(document) | {"points": LETTERS_OF_A_SHEET[0] if document.one_page else LETTERS}
    if document.one_page:
        sizes = ({**told, "points": points} for points in LETTERS_OF_A_SHEET)
        told = next((each for each in sizes if _pages(each) == 1), {**told, "points": LETTERS_OF_A_SHEET[-1]})
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs=_input(told),
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        timestamp=document.dated.astimezone(UTC).replace(microsecond=0),
    )
    return bytes(made)


def _pages(told: dict[str, Any]) -> int:
    """Return how many pages a document takes."""
    import typst

    template, given = _TEMPLATE.read_bytes(), _input(told)
    found = typst.query(template, "<pages>", field="value", one=True, sys_inputs=given, ignore_system_fonts=True)
    return int(found)


def _input(told: dict[str, Any]) -> dict[str, str]:
    return {"document": json.dumps(told)}


def png(svg: str, width_mm: float = 180.0, pixels_per_inch: float = PIXELS_PER_INCH) -> bytes:
    """Return an SVG as a picture of points, drawn as it is in a PDF."""
    import typst

    made = typst.compile(
        _ONE_PICTURE,
        format="png",
        ppi=pixels_per_inch,
        sys_inputs={"svg": svg, "mm": f"{width_mm:g}"},
        ignore_system_fonts=True,
    )
    return bytes(made)


def showable(words: str) -> str:
    """Return text of which every character has a shape, and none turns the direction of the others.

    What has none becomes a replacement character; words too long for a line may break.
    """
    return _UNBROKEN.sub(lambda found: found.group() + _MAY_BREAK, _with_shapes(words))


def _with_shapes(words: str) -> str:
    """Return text, or an SVG with its text, with nothing in it that the fonts cannot draw."""
    if words.isascii() and words.isprintable():
        return words
    composed = unicodedata.normalize("NFC", words)
    blank = "".join(" " if letter.isspace() else letter for letter in composed)
    kept = (letter for letter in blank if unicodedata.category(letter) not in _WITHOUT_SHAPE)
    return "".join(letter if _has_shape(ord(letter)) else _NOT_SHOWN for letter in kept)


def _never_empty(words: str) -> str:
    """Return text for a place that PDF/UA wants filled."""
    return showable(words) if showable(words).strip() else _NOT_SHOWN


def _has_shape(point: int) -> bool:
    return any(low <= point <= high for low, high in _SHOWN)


def _plain(document: Document) -> dict[str, Any]:
    words = ("title", "subtitle", "kicker", "warning", "foot")
    told: dict[str, Any] = {name: showable(getattr(document, name)) for name in words}
    told["title"] = _never_empty(document.title)
    return told | {"one-page": document.one_page, "blocks": [_block(each) for each in document.blocks]}


def _block(block: Block) -> dict[str, Any]:
    """Return a block as the template reads it: what it is, and its parts."""
    kind = type(block).__name__.lower()
    return {"kind": kind} | _PARTS[type(block)](block)


def _words(words: Words) -> list[dict[str, Any]]:
    return [{"text": showable(text), "strong": strong} for text, strong in spans(words)]


def _cell(cell: Cell | str) -> dict[str, Any]:
    read = as_cell(cell)
    return {"words": _words(read.words), "small": showable(read.small), "svg": _with_shapes(read.svg)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": showable(table.title),
        "dense": table.dense,
        "columns": [{"head": showable(each.head), "kind": each.kind, "room": each.room} for each in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


_PARTS: dict[type, Any] = {
    Heading: lambda each: {"text": _never_empty(each.text), "level": each.level},
    Paragraph: lambda each: {"words": _words(each.words), "look": each.look},
    Notice: lambda each: {"words": _words(each.words)},
    Facts: lambda each: {"pairs": [[showable(one) for one in pair] for pair in each.pairs]},
    Picture: lambda each: {
        "svg": _with_shapes(each.svg),
        "alt": _never_empty(each.alt),
        "caption": _words(each.caption) if each.caption else [],
        "width": each.width,
    },
    Table: _table,
    Items: lambda each: {"items": [_words(item) for item in each.items], "numbered": each.numbered},
    Terms: lambda each: {"pairs": [{"term": showable(term), "words": _words(told)} for term, told in each.pairs]},
    Together: lambda each: {"blocks": [_block(part) for part in each.blocks]},
    Beside: lambda each: {
        "left": [_block(part) for part in each.left],
        "right": [_block(part) for part in each.right],
        "share": each.share,
    },
}
