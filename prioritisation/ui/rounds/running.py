"""A round while it is open: how to come to it, how many votes are in, and what the facilitator can do."""

from __future__ import annotations

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui.access import allowed
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.rounds.actions import (
    CLOSE,
    EXPECT,
    EXPECTED_BOX,
    PAPER,
    PAPER_BOX,
    REASON_BOX,
    REVEAL,
    RUN,
    open_panel,
    opened,
    weight_box,
)
from prioritisation.ui.rounds.forms import close_form, expect_form, paper_form, reveal_form
from prioritisation.ui.rounds.link import BY_PHONE, HERE_ONLY, caution, reach, way_in
from prioritisation.ui.vote.live import LOOKS_EVERY, Standing, look, standing
from prioritisation.votes_address import vote_link
from prioritisation.workspace.rounds import Progress, Round


def running(current: Round) -> None:
    """Show an open round."""
    way, count = st.columns([4, 8], gap="large")
    panel = opened()
    panel = panel if panel is not None and panel.about == current.id else None
    with way:
        _way(current)
    with count:
        show(tag("h2", current.name), tag("p", current.question, class_="muted"))
        _, counted = look(current.id)
        _count(current, standing(current), counted if panel is not None and panel.kind == REVEAL else None)
        if panel is not None:
            with st.container(border=True, key="rounds-panel-box"):
                _form(panel.kind, current, counted)
        elif allowed(RUN):
            _buttons(current)


@st.fragment(run_every=LOOKS_EVERY)
def _way(current: Round) -> None:
    """Say every second how the round is reached: the Vote page may begin to answer, or end."""
    link = vote_link(DataFolder.chosen(), current.code)
    how = reach(link)
    show(way_in(current, link, how))
    if link is not None and how in (BY_PHONE, HERE_ONLY):
        st.code(link, language=None, wrap_lines=True)
    warning = caution(how)
    if warning is not None:
        show(warning)


@st.fragment(run_every=LOOKS_EVERY)
def _count(current: Round, shown: Standing, asked: Progress | None) -> None:
    """Say every second how many votes are in; run the page again when the round is another, or its reveal is asked for.

    asked: the count that the form for the reveal names.
    """
    try:
        now, progress = look(current.id)
    except UserError:
        return  # the workspace is busy or away for a moment; the next look tells
    if now != shown or (asked is not None and asked != progress):
        st.rerun()
    show(count_markup(progress))


def count_markup(progress: Progress) -> Markup:
    """Return how many votes are in, as a figure and a bar; never whose."""
    share = min(100.0, 100 * progress.voted / progress.expected)
    on_paper = f"{progress.on_paper} of them on paper" if progress.on_paper else ""
    begun = progress.joined - progress.voted
    choosing = f"{begun} more {'has' if begun == 1 else 'have'} joined and not sent yet" if begun else ""
    more = " · ".join(part for part in (on_paper, choosing) if part)
    too_many = "More votes are in than were expected: somebody may have voted twice." if progress.too_many else ""
    return tag(
        "div",
        tag("strong", progress.words, role="status"),
        tag("div", tag("b", style=f"width:{share:.1f}%"), class_="bar", aria_hidden="true"),
        tag("p", more or "Nobody sees a vote before the reveal, you included.", class_="muted"),
        tag("p", too_many, class_="notice") if too_many else None,
        class_="came",
    )


def _buttons(current: Round) -> None:
    paper: dict[str, object] = {weight_box(place): None for place in range(len(current.priorities))}
    paper |= {PAPER_BOX: None, REASON_BOX: ""}
    expected: dict[str, object] = {EXPECTED_BOX: current.expected}
    with st.container(horizontal=True):
        st.button("Reveal the votes", type="primary", on_click=open_panel, args=(REVEAL, current.id))
        st.button("Key in a paper vote", on_click=open_panel, args=(PAPER, current.id), kwargs=paper)
        st.button("Change how many vote", on_click=open_panel, args=(EXPECT, current.id), kwargs=expected)
        st.button("Close without a result", type="tertiary", on_click=open_panel, args=(CLOSE, current.id))


def _form(kind: str, current: Round, counted: Progress) -> None:
    if kind == REVEAL:
        reveal_form(counted)
    elif kind == PAPER:
        paper_form(current)
    elif kind == EXPECT:
        expect_form()
    elif kind == CLOSE:
        close_form()
