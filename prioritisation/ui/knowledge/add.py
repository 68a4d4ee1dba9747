"""The form for what somebody knows of a place: words, or Place Standard scores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from prioritisation.errors import UserError
from prioritisation.place_standard import PlaceStandard, Theme
from prioritisation.ui.access import account, known, require
from prioritisation.ui.knowledge.shown import current_tool
from prioritisation.ui.knowledge.words import KIND_WORDS
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.session import View
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace.knowledge import (
    AREA,
    CONFIDENCES,
    EARLIEST,
    KINDS,
    LOCALITY,
    PLACE_STANDARD,
    REMARK,
    SOURCE,
    WORDS,
    Contribution,
    add,
)
from prioritisation.workspace.texts import ORGANISATION

NO_PEOPLE = "Write of places and services. Leave out anything by which one person could be recognised."
TOLD = "Thank you. An analyst looks at it first; once it is accepted, everybody sees it beside the numbers."
_GEOGRAPHIES = {AREA: "One area", LOCALITY: "A whole locality"}
_KEY = "knowledge-new-"
_REFUSED, _TOLD, _ORGANISATION = "knowledge-refused", "knowledge-told", "knowledge-own-organisation"
_EMPTIED = ("words", "source")


def add_form(view: View) -> None:
    """Show the tab."""
    tool = current_tool(view)
    with st.container(key="knowledge-form", width=760):
        kind = st.radio("What is it?", KINDS, key=f"{_KEY}kind", format_func=KIND_WORDS.__getitem__)
        _place(view)
        if kind == PLACE_STANDARD:
            _scores(tool)
        box = REMARK if kind == PLACE_STANDARD else WORDS
        label = "Anything to add to the scores?" if kind == PLACE_STANDARD else "What is known?"
        st.text_area(label, key=f"{_KEY}words", max_chars=box.longest, height=110, help=NO_PEOPLE)
        st.text_input("Where is it from? A meeting, a survey, a visit", key=f"{_KEY}source", max_chars=SOURCE.longest)
        _whose()
        show(tag("p", NO_PEOPLE, class_="muted"))
        _answer()
        st.button("Send to be looked at", type="primary", key=f"{_KEY}send", on_click=_send, args=(tool,))


def _answer() -> None:
    """Say what came of the last press above the button, where whoever pressed it is looking."""
    if st.session_state.pop(_TOLD, False):
        show(tag("p", TOLD, class_="done", role="status"))
    refused = st.session_state.get(_REFUSED)
    if refused is not None:
        show(refusal_markup(refused))


def _place(view: View) -> None:
    """Ask which place; the area or locality of the address is chosen already."""
    offered = list(_GEOGRAPHIES) if view.localities else [AREA]
    geography = st.radio(
        "Which place?", offered, key=f"{_KEY}geography", format_func=_GEOGRAPHIES.__getitem__, horizontal=True
    )
    if geography == LOCALITY:
        st.session_state.setdefault(f"{_KEY}locality", view.locality)
        st.selectbox("Locality", view.localities, key=f"{_KEY}locality", placeholder="Choose a locality", index=None)
        return
    st.session_state.setdefault(f"{_KEY}area", view.area)
    names = view.areas.sort_values("name")
    words = {code: " · ".join(part for part in row if isinstance(part, str)) for code, row in _labels(names)}
    st.selectbox(
        "Area",
        list(words),
        key=f"{_KEY}area",
        format_func=lambda code: words.get(code, code),
        placeholder="Name or locality of the area",
        index=None,
    )


def _labels(areas: pd.DataFrame) -> Iterator[tuple[str, tuple[object, object]]]:
    for code, name, locality in zip(areas.index, areas["name"], areas["locality"], strict=True):
        yield str(code), (name, locality)


def _scores(tool: PlaceStandard) -> None:
    show(tag("p", f"{tool.scale_words[0].upper()}{tool.scale_words[1:]}. Leave a theme empty if it was not asked."))
    with st.container(key="knowledge-scores"):
        for theme in tool.themes:
            st.segmented_control(f"{theme.name}: {theme.question}", tool.scale, key=_theme_key(theme))


def _theme_key(theme: Theme) -> str:
    return f"{_KEY}score-{theme.id}"


def _whose() -> None:
    """Ask whose knowledge it is, of when and how sure."""
    here = account()
    if here.verified:
        show(tag("p", "From ", tag("strong", here.organisation), ", as you signed in.", class_="muted"))
    else:
        st.session_state.setdefault(f"{_KEY}organisation", st.session_state.get(_ORGANISATION, ""))
        st.text_input("Your organisation", key=f"{_KEY}organisation", max_chars=ORGANISATION.longest)
    day, sure = st.columns(2, gap="medium")
    with day:
        st.date_input(
            "Which day is it of?",
            value=None,
            key=f"{_KEY}day",
            min_value=EARLIEST,
            max_value=_today(),
            format="DD/MM/YYYY",
        )
    with sure:
        st.segmented_control(
            "How sure is it?", CONFIDENCES, key=f"{_KEY}confidence", format_func=str.capitalize, width="stretch"
        )


def _today() -> date:
    return datetime.now(UTC).date()


def _send(tool: PlaceStandard) -> None:
    """Keep it, and empty what was written; place, organisation and day stay for the next one."""
    given = st.session_state
    given.pop(_REFUSED, None)
    kind, geography = given[f"{_KEY}kind"], given[f"{_KEY}geography"]
    scored = {theme.id: given.get(_theme_key(theme)) for theme in tool.themes} if kind == PLACE_STANDARD else {}
    here = known()
    organisation = here.organisation if here.verified else given[f"{_KEY}organisation"]
    contribution = Contribution(
        kind=kind,
        geography=geography,
        place=given.get(f"{_KEY}{geography}") or "",
        words=given[f"{_KEY}words"],
        source=given[f"{_KEY}source"],
        organisation=organisation,
        known_on=given[f"{_KEY}day"],
        confidence=given[f"{_KEY}confidence"] or "",
        scores={theme: score for theme, score in scored.items() if score is not None},
    )
    try:
        require("add knowledge")
        add(current_workspace(), contribution, tool)
    except UserError as refused:
        given[_REFUSED] = refused
        return
    given[_TOLD], given[_ORGANISATION] = True, organisation
    for name in _EMPTIED:
        given[f"{_KEY}{name}"] = ""
    for theme in tool.themes:
        given[_theme_key(theme)] = None  # popped, the browser would keep the scores for the next place
