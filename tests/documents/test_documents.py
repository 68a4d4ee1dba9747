"""Documents: the same words as PDF and HTML, the same bytes each time, and no text that becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import edges_are_white, printed

from prioritisation.documents import pdf as writer
from prioritisation.documents.html import html
from prioritisation.documents.model import (
    NUMBER,
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
    Strong,
    Table,
    Terms,
    Together,
)
from prioritisation.documents.pdf import pdf, png, showable
from prioritisation.drawing.svg import Drawing, picture, text

HOSTILE = '#import "x" #eval("1") *bold* $y$ \\ @ref <label> <script>alert(1)</script> "\'&quot; ]] }} // --'
DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def document(words: str, *blocks: Block, one_page: bool = False) -> Document:
    """Return a document in which the words stand in every place that takes any."""
    drawn = picture(Drawing(400, 60, text(5, 30, words[:40], 20)), words)
    every: list[Block] = [
        Heading(words),
        Heading(words, 2),
        Paragraph((words, Strong(words)), "lead"),
        Paragraph(words, "intro"),
        Notice(words),
        Facts(((words[:20], words), ("2", "b"))),
        Picture(drawn, words, words, 0.5),
        Table(words, (Column(words[:12], room=1), Column("N", NUMBER)), ((Cell(words, words, drawn), "1"), (words,))),
        Items((words, words), numbered=True),
        Terms(((words[:30], words), ("c", "d"))),
        Together((Paragraph(words, "quiet"),)),
        Beside((Paragraph(words),), (Paragraph(words),), 0.3),
    ]
    return Document(words, words, words, words, words, DAY, [*every, *blocks], one_page=one_page)


class Tags(HTMLParser):
    """Collects tags and text of an HTML file."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_text_is_never_markup_in_html() -> None:
    found = Tags(html(document(HOSTILE)))
    assert {"script", "label", "link", "iframe"}.isdisjoint(found.tags)
    assert found.addresses == []
    assert sum(HOSTILE in each for each in found.texts) >= 15


def test_text_is_never_markup_in_the_pdf(tmp_path: Path) -> None:
    found = printed(pdf(document(HOSTILE)), tmp_path)
    assert "".join(HOSTILE.split()) in "".join(found.text.split())
    assert found.text.count("alert(1)") >= 15


@settings(deadline=None, max_examples=25)
@given(words=st.text(min_size=1, max_size=60))
def test_any_text_at_all_is_printed(words: str) -> None:
    made = document("".join(each for each in words if not 0xD800 <= ord(each) <= 0xDFFF) or "x")
    assert pdf(made).startswith(b"%PDF-")
    assert html(made).decode("utf-8")


def test_every_character_said_to_have_a_shape_has_one() -> None:
    letters = [chr(point) for low, high in writer._SHOWN for point in range(low, high + 1)]
    kept = [letter for letter in letters if showable(letter) == letter]
    assert len(kept) > 1700
    shown = Document("All", "", "", "", "", DAY, [Paragraph(" ".join(kept)), Paragraph((Strong(" ".join(kept)),))])
    assert pdf(shown)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Dalmilling - 02", "Dalmilling - 02"), ("中", "\ufffd"), ("a\u202eb\x00c", "abc"), ("a\nb\tc", "a b c"),
     ("e\u0301", "é"), ("é £ €", "é £ €")],
)  # fmt: skip
def test_what_has_no_shape_is_replaced(words: str, expected: str) -> None:
    assert showable(words) == expected


def test_the_same_document_gives_the_same_bytes() -> None:
    made = document("Same")
    assert pdf(made) == pdf(made)
    assert html(made) == html(made)
    assert pdf(replace(made, dated=DAY + timedelta(days=1))) != pdf(made), "the date is inside"


def test_a_pdf_says_what_it_is(tmp_path: Path) -> None:
    made = pdf(document("Some words"))
    found = printed(made, tmp_path)
    assert (found.facts["Title"], found.facts["Tagged"]) == ("Some words", "yes")
    assert b"en-GB" in made
    assert b"pdfuaid" in made
    assert {"H1", "H2", "Table", "TH", "TD", "Figure", "L", "LI"} <= found.tags
    assert all(edges_are_white(page) for page in found.pages)


def test_warning_and_names_are_on_every_page(tmp_path: Path) -> None:
    long = Document(
        "Long", "", "", "Invented data", "Scenario abc", DAY, [Paragraph(f"Line {k}. " * 20) for k in range(60)]
    )
    found = printed(pdf(long), tmp_path)
    assert len(found.pages) > 2
    assert found.text.count("Invented data") == found.text.count("Scenario abc") == len(found.pages)
    style = html(long).decode().partition("<style>")[2].partition("</style>")[0]
    assert '@top-left{content:"Invented\\000020data"' in style
    assert "Scenario\\000020abc" in style


def test_the_first_printed_page_has_the_warning_once() -> None:
    """It stands in the text of the first page, so its margin has none; without a warning nothing is said of it."""
    warned, quiet = html(document("x")).decode(), html(replace(document("x"), warning="")).decode()
    assert "@page:first{@top-left{content:none}}" in warned and "@page:first" not in quiet


def test_a_css_string_cannot_be_ended_by_text() -> None:
    made = html(replace(document("x"), foot='"}</style><script>', warning="a\\")).decode()
    style = made.partition("<style>")[2].partition("</style>")[0]
    assert "@bottom-right" in style, "nothing ended the style before its end"
    assert "<script" not in made.partition("</head>")[2]


@pytest.mark.parametrize("rows", [4, 50])
def test_a_sheet_is_one_page_however_much_there_is(rows: int, tmp_path: Path) -> None:
    table = Table(
        "", (Column("A", room=1), Column("B", NUMBER)), tuple((f"Row {k}", str(k)) for k in range(rows)), True
    )
    made = Document("Sheet", "", "", "", "f", DAY, [Heading("H"), table], one_page=True)
    found = printed(pdf(made), tmp_path)
    assert len(found.pages) == 1
    assert f"Row {rows - 1}" in found.text


def test_a_table_and_a_heading_are_real_in_html() -> None:
    made = html(document("Words")).decode()
    assert made.startswith("<!doctype html>")
    assert made.count("<h1>") == 1
    assert '<html lang="en-GB">' in made
    assert '<th scope="col"' in made
    assert '<th scope="row"' in made
    assert 'role="img" aria-label="Words"' in made
    assert "@media print" in made


def test_a_column_that_takes_what_its_words_need_is_not_squeezed_in_html() -> None:
    """Shares of the width leave it nothing; its dates once stood on four lines."""
    table = Table("", (Column("Who", room=1), Column("On"), Column("N", NUMBER)), (("A", "4 March 2026", "1"),))
    made = html(replace(document("x"), blocks=[table])).decode()
    assert '<td class="fit">4 March 2026</td>' in made and ".fit { white-space: nowrap; }" in made


def test_the_last_printed_page_has_the_warning_once() -> None:
    """On screen it ends the file; on paper it is in the margin of that page."""
    assert "footer .warning { display: none; }" in html(document("x")).decode().partition("@media print")[2]


def test_a_row_must_fill_its_columns() -> None:
    short = Table("", (Column("A"), Column("B"), Column("C")), (("1", "2"),))
    with pytest.raises(ValueError, match="zip"):
        html(Document("t", "", "", "", "", DAY, [short]))


def test_an_svg_becomes_a_picture_of_points() -> None:
    drawn = picture(Drawing(100, 50, '<rect width="100" height="50" fill="#000"/>'), "Black")
    made = png(drawn, width_mm=25.4, pixels_per_inch=100)
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") == 100
    assert int.from_bytes(made[20:24], "big") == 50
