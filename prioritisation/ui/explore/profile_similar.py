"""Areas like the one on screen: in the council and outside it, how alike, on what, and links that open them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from prioritisation.framework import Framework
from prioritisation.similar_areas import Likeness, Similar, left_out_sentence, likeness, similar_to
from prioritisation.store import Store
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.style import show_sheet
from prioritisation.words import NOT_APPLICABLE, percent

_OPEN = "open-similar"


def similar_areas(view: View, area: str) -> None:
    """Show the tab."""
    show_sheet("similar")
    alike = _likeness(view, view.scenario.framework, view.release_key, view.council)
    inside = similar_to(alike, area)
    show(tag("p", inside.sentence, class_="sentence", role="status"))
    _answer(view, inside, outside=False)
    if not alike.members.all():
        outside = similar_to(alike, area, outside=True)
        show(tag("h3", "Outside the council"), tag("p", outside.sentence, class_="sentence"))
        _answer(view, outside, outside=True)
    show(tag("p", alike.how, class_="muted reading"))


def _answer(view: View, found: Similar, *, outside: bool) -> None:
    if len(found.table):
        show(_table(found.table, outside))
    if told := left_out_sentence(found):
        show(tag("p", told, class_="muted"))
    if len(found.table) and not outside:
        _open(found.table)


def _open(table: pd.DataFrame) -> None:
    """Show a button for each area, which opens its profile."""
    show(tag("p", "Open one of them:", class_="muted"))
    with st.container(horizontal=True):
        for _, row in table.iterrows():
            st.button(str(row["area"]), key=f"{_OPEN}-{row['id']}", on_click=_opened, args=(str(row["id"]),))


def _opened(area: str) -> None:
    put_in_link({"area": area})


def _table(rows: pd.DataFrame, outside: bool) -> Markup:
    heads = ("Area", "How alike", "Apart, of 100", "Most alike on", "Differs most on")
    head = tag("tr", *[tag("th", text, scope="col", class_="text" if text != heads[2] else None) for text in heads])
    body = [
        tag(
            "tr",
            tag("td", row["area"], tag("small", _place(row, outside)), class_="text"),
            tag("td", row["likeness"], _shared(float(row["shared"])), class_="text likeness"),
            tag("td", f"{row['apart']:.0f}", data_label=heads[2]),
            tag("td", row["alike_on"] or NOT_APPLICABLE, class_="text", data_label=heads[3]),
            tag("td", row["differs_on"] or "nothing by 15 positions or more", class_="text", data_label=heads[4]),
        )
        for _, row in rows.iterrows()
    ]
    whole = tag("table", tag("thead", head), tag("tbody", *body), class_="plain similar")
    return tag("div", whole, class_="scroll", tabindex=0, role="region", aria_label="Table of similar areas")


def _place(row: pd.Series, outside: bool) -> str:
    known = [row["locality"], row["council"]] if outside else [row["locality"]]
    return " · ".join([*(str(each) for each in known if each), str(row["id"])])


def _shared(share: float) -> Markup:
    return join() if share > 1 - 1e-9 else tag("small", f"on {percent(share)} of what counts")


@st.cache_resource(max_entries=8, show_spinner="Comparing areas")
def _likeness(_view: View, framework: Framework, release: str, council: str | None) -> Likeness:
    store: Store = _view.store
    return likeness(store, framework, None if council is None else _view.areas.index)
