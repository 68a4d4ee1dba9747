"""A document as one HTML file: no script, no network, prints well. Everything from data is escaped."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from prioritisation.documents.model import (
    Beside,
    Block,
    Cell,
    Column,
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

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE = Path(__file__).with_name("document.css")


def html(document: Document) -> bytes:
    """Return the document as UTF-8 HTML."""
    warning = f'<p class="warning" role="note">{escape(document.warning)}</p>' if document.warning else ""
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    kicker = f'<p class="kicker">{escape(document.kicker)}</p>' if document.kicker else ""
    look = ' class="compact"' if document.one_page else ""
    style = _STYLE.read_text(encoding="utf-8") + _each_page(document)
    page = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)}</title>
<style>{style}</style>
</head>
<body{look}>
{warning}
<header>{kicker}<h1>{escape(document.title)}</h1>{subtitle}</header>
<main>
{"".join(_block(each) for each in document.blocks)}
</main>
<footer>{warning}<p>{escape(document.foot)}</p></footer>
</body>
</html>
"""
    return page.encode("utf-8")


def _each_page(document: Document) -> str:
    """Return the style that puts names and warning on each printed page."""
    foot, warning = _css_text(document.foot), _css_text(document.warning)
    above = f"@top-left{{content:{warning};font-weight:600}}" if document.warning else ""
    number = '@bottom-right{content:"Page " counter(page) " of " counter(pages)}'
    told_in_the_text = "@page:first{@top-left{content:none}}" if document.warning else ""
    return f"@page{{{above}@bottom-left{{content:{foot}}}{number}}}{told_in_the_text}"


def _css_text(words: str) -> str:
    """Return text as a CSS string: every letter but plain ones by its number, so that none can end it."""
    plain = (letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):06x}" for letter in words)
    return f'"{"".join(plain)}"'


def _block(block: Block) -> str:
    return str(_WRITTEN[type(block)](block)) + "\n"


def _words(words: Words) -> str:
    return "".join(f"<strong>{escape(text)}</strong>" if strong else escape(text) for text, strong in spans(words))


def _heading(block: Heading) -> str:
    return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"


def _paragraph(block: Paragraph) -> str:
    look = "" if block.look == "body" else f' class="{block.look}"'
    return f"<p{look}>{_words(block.words)}</p>"


def _facts(block: Facts) -> str:
    pairs = (f"<div><dd>{escape(value)}</dd><dt>{escape(label)}</dt></div>" for value, label in block.pairs)
    return f'<dl class="facts">{"".join(pairs)}</dl>'


def _picture(block: Picture) -> str:
    caption = f"<figcaption>{_words(block.caption)}</figcaption>" if block.caption else ""
    frame = f'<div role="img" aria-label="{escape(block.alt)}" style="width:{100 * block.width:.0f}%">{block.svg}</div>'
    return f"<figure>{frame}{caption}</figure>"


def _table(block: Table) -> str:
    title = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    heads = "".join(f'<th scope="col"{_side(each)}>{escape(each.head)}</th>' for each in block.columns)
    rows = "".join(_row(row, block.columns) for row in block.rows)
    looks = ("dense" if block.dense else "", "" if any(each.room for each in block.columns) else "narrow")
    look = f' class="{" ".join(filter(None, looks))}"' if any(looks) else ""
    head = f"{title}{_widths(block.columns)}<thead><tr>{heads}</tr></thead>"
    return f'<div class="scroll" tabindex="0"><table{look}>{head}{rows}</table></div>'


def _widths(columns: tuple[Column, ...]) -> str:
    """Return how columns share the room that the others leave."""
    total = sum(each.room for each in columns)
    if not total:
        return ""
    cols = (f'<col style="width:{100 * each.room / total:.0f}%">' if each.room else "<col>" for each in columns)
    return f"<colgroup>{''.join(cols)}</colgroup>"


def _row(row: tuple[Cell | str, ...], columns: tuple[Column, ...]) -> str:
    if len(row) == 1:
        return (
            f'<tbody><tr class="group"><th scope="rowgroup" colspan="{len(columns)}">{_cell(row[0])}</th></tr></tbody>'
        )
    first, *rest = zip(row, columns, strict=True)
    cells = "".join(f"<td{_side(column)}>{_cell(cell)}</td>" for cell, column in rest)
    return f'<tr><th scope="row"{_side(first[1])}>{_cell(first[0])}</th>{cells}</tr>'


def _cell(cell: Cell | str) -> str:
    read = as_cell(cell)
    small = f"<small>{escape(read.small)}</small>" if read.small else ""
    return f"{read.svg}{_words(read.words)}{small}"


def _side(column: Column) -> str:
    """Return the look of a column's cells: figures to the right; as wide as its words where it has no share of room."""
    if column.kind == "number":
        return ' class="number"'
    return "" if column.room else ' class="fit"'


def _items(block: Items) -> str:
    kind = "ol" if block.numbered else "ul"
    return f"<{kind}>{''.join(f'<li>{_words(item)}</li>' for item in block.items)}</{kind}>"


def _terms(block: Terms) -> str:
    pairs = (f"<div><dt>{escape(term)}</dt><dd>{_words(told)}</dd></div>" for term, told in block.pairs)
    return f'<dl class="terms">{"".join(pairs)}</dl>'


def _together(block: Together) -> str:
    return f'<section class="together">{"".join(_block(each) for each in block.blocks)}</section>'


def _beside(block: Beside) -> str:
    left, right = ("".join(_block(each) for each in side) for side in (block.left, block.right))
    columns = f"{block.share:.2f}fr {1 - block.share:.2f}fr"
    return f'<div class="beside" style="grid-template-columns:{columns}"><div>{left}</div><div>{right}</div></div>'


_WRITTEN: dict[type, Any] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Notice: lambda each: f'<p class="notice" role="note">{_words(each.words)}</p>',
    Facts: _facts,
    Picture: _picture,
    Table: _table,
    Items: _items,
    Terms: _terms,
    Together: _together,
    Beside: _beside,
}
