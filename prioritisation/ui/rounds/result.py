"""A revealed round: where votes differ, what they agree on, which areas they would choose, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from prioritisation.errors import UserError
from prioritisation.scenario import Scenario
from prioritisation.ui.access import allowed
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.page import plainly
from prioritisation.ui.rounds.actions import (
    APPLY,
    EXPECTED_BOX,
    NAME_BOX,
    OPEN,
    QUESTION_BOX,
    REASON_BOX,
    RUN,
    SCENARIO_BOX,
    WAY_BOX,
    open_panel,
    opened,
)
from prioritisation.ui.rounds.areas import Chosen, areas_chosen
from prioritisation.ui.rounds.forms import apply_form
from prioritisation.ui.rounds.strips import Strip, strips_markup
from prioritisation.ui.scenarios.saved_link import SAVED, on_current_release, on_release
from prioritisation.ui.session import View
from prioritisation.ui.shortlist.shown import LIST
from prioritisation.ui.vote.cast import shares_markup
from prioritisation.ui.vote.live import watch
from prioritisation.ui.vote.strips import strips_of, votes_before
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.voting.agreement import agreement
from prioritisation.voting.ballots import weights_of
from prioritisation.voting.partners import partner_lists
from prioritisation.voting.together import group_weights
from prioritisation.workspace import rounds
from prioritisation.workspace.ballots import Vote, revealed_votes
from prioritisation.workspace.records import ROUND_APPLIED, Decision, records
from prioritisation.workspace.rounds import APPLIED, REVEALED, Round
from prioritisation.workspace.texts import NAME

TAB, TABS = "rounds-tab", ("Where do votes differ?", "Which areas would they choose?", "Why did people vote so?")

_GONE = "The release that people voted on is no longer kept; these lists are of the current one."


def result(view: View, current: Round) -> None:
    """Show a revealed or applied round."""
    votes = revealed_votes(current_workspace(), current.id)
    group = current.scenario.with_weights(group_weights(weights_of(votes)))
    show(_told(current, votes))
    if current.state == APPLIED:
        _applied(current)
    if allowed(RUN):
        _buttons(view, current, group)
    panel = opened()
    if panel is not None and panel.about == current.id and panel.kind == APPLY:
        with st.container(border=True, key="rounds-panel-box"):
            apply_form(_on_its_release(view, current), group, view.scenario)
    differ, areas, why = st.tabs(TABS, key=TAB, on_change="rerun")
    if differ.open:
        with differ:
            plainly(lambda: _differences(current, votes, group))
    if areas.open:
        with areas:
            plainly(lambda: areas_chosen(_chosen(view, current, votes)))
    if why.open:
        with why:
            plainly(lambda: _reasons(votes))
    watch(current)


def _told(current: Round, votes: list[Vote]) -> Markup:
    on_paper = sum(vote.paper for vote in votes)
    paper = f", {on_paper} of them on paper" if on_paper else ""
    found = agreement(weights_of(votes))
    return tag(
        "section",
        tag("p", current.question, class_="muted"),
        tag("p", found.plain, class_="sentence", role="status"),
        tag("p", f"{len(votes)} of {current.expected} expected votes{paper}. {found.figure}", class_="muted"),
    )


def _applied(current: Round) -> None:
    """Show where the result went: the scenario on Weigh, and the record."""
    found = _record(current)
    if found is None:
        return
    name, saved = (str(found.details.get(each, "")) for each in ("name", "scenario"))
    show(tag("p", "Applied as the scenario ", tag("strong", name), f" by {found.who.described}.", class_="done"))
    with st.container(horizontal=True):
        page_link("Weigh", "Open it on Weigh", {SAVED: saved})
        page_link("Shortlist", "Make the shortlist of it", {LIST: saved})
        page_link("Decisions", "See it in the decision record", {"decision": found.id})


def _record(current: Round) -> Decision | None:
    with current_workspace().read() as connection:
        every = records(connection)
    applied = [each for each in every if each.kind == ROUND_APPLIED]
    return next((each for each in applied if each.details.get("round", {}).get("id") == current.id), None)


def _buttons(view: View, current: Round, group: Scenario) -> None:
    with st.container(horizontal=True):
        if current.state == REVEALED:
            boxes: dict[str, object] = {NAME_BOX: current.name, REASON_BOX: ""}
            st.button(
                "Apply as a scenario", type="primary", on_click=open_panel, args=(APPLY, current.id), kwargs=boxes
            )
        boxes = {
            NAME_BOX: f"{current.name}, again"[: NAME.longest],
            QUESTION_BOX: current.question,
            WAY_BOX: current.way,
            EXPECTED_BOX: current.expected,
            SCENARIO_BOX: current.id,
        }
        st.button("Open a second round", on_click=open_panel, args=(OPEN, current.id), kwargs=boxes)


def _differences(current: Round, votes: list[Vote], group: Scenario) -> None:
    before = votes_before(current)
    strips = strips_of(current.priorities, votes, before=before)
    drawn, together = st.columns([8, 4], gap="large")
    with drawn:
        show(tag("p", _widest(strips), class_="muted"), strips_markup(strips))
    with together:
        show(
            tag("h2", "The group's weights"),
            tag("p", "The median of each priority, made to total 100%.", class_="muted"),
            shares_markup(current.priorities, group.percentages),
        )
        if before:
            earlier = rounds.get(current_workspace(), current.first_round or "")
            told = f"Of the round before, “{earlier.name}”: {agreement(weights_of(before)).sentence}"
            show(tag("p", told, class_="muted"))
    with st.expander("The same as a table"):
        st.dataframe(strip_table(strips), hide_index=True, key="rounds-strips", alt="Votes on each priority")


def _widest(strips: list[Strip]) -> str:
    return f"The widest disagreement comes first: {strips[0].name}. Every dot is one vote, without a name."


def strip_table(strips: list[Strip]) -> pd.DataFrame:
    """Return the strips as a table: lowest, median, highest, and every vote in rising order, in per cent."""
    return pd.DataFrame(
        {
            "Priority": [strip.name for strip in strips],
            "Lowest, %": [min(strip.votes) for strip in strips],
            "Median, %": [strip.median for strip in strips],
            "Highest, %": [max(strip.votes) for strip in strips],
            "All votes, %": [", ".join(f"{vote:.1f}".removesuffix(".0") for vote in strip.votes) for strip in strips],
        }
    ).round(1)


def _chosen(view: View, current: Round, votes: list[Vote]) -> Chosen:
    here = replace(_on_its_release(view, current), scenario=current.scenario)
    framework = current.scenario.framework
    lists = partner_lists(here.ranking.scores, votes, framework.cut, framework.aggregate)
    return Chosen(here, lists, "" if here.store.release.id == current.release_id else _GONE)


def _on_its_release(view: View, current: Round) -> View:
    """Return the view over the round's release; over the current one where that is no longer kept."""
    try:
        return on_release(view, current.release_id)
    except UserError:
        return on_current_release(view)


def _reasons(votes: list[Vote]) -> None:
    said = sorted(vote.reason for vote in votes if vote.reason)
    silent = len(votes) - len(said)
    if not said:
        show(tag("p", "Nobody gave a reason.", role="status"))
        return
    show(tag("p", "In the order of the alphabet, without names.", class_="muted"))
    show(*[tag("blockquote", reason, class_="said") for reason in said])
    if silent:
        show(tag("p", f"{silent} {'vote has' if silent == 1 else 'votes have'} no reason.", class_="muted"))
