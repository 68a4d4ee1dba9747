"""One decision on the timeline: the sentence, who and when, what became of it, and folded away what it rests on."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from prioritisation.decision_sentences import ENDED, STANDS, Told, details_of, facts_of
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.words import NOT_APPLICABLE
from prioritisation.workspace.agreed import shortlist_state
from prioritisation.workspace.records import ROUND_APPLIED, SHORTLIST_AGREED, Decision, day_and_time

DECISION = "decision"
_BADGES = {STANDS: "stands", ENDED: "no longer stands"}


def row(told: Told, every: dict[str, Told], alone: bool = False) -> None:
    """Show one record; beside it are its own link unless it is shown alone, its list, and the round that it applied."""
    with st.container(key=f"decision-{told.record.id}"):
        said, link = st.columns([10, 2])
        with said:
            show(row_markup(told, every, open_facts=alone))
        with link:
            if not alone:
                page_link("Decisions", "Open this alone", {DECISION: told.record.id})
            if told.record.kind == SHORTLIST_AGREED:
                page_link("Shortlist", "See the list", {DECISION: told.record.id})
            voted = details_of(told.record).get("round", {}) if told.record.kind == ROUND_APPLIED else {}
            if voted.get("id"):
                page_link("Votes", "See the votes", {"round": str(voted["id"])})


def row_markup(told: Told, every: dict[str, Told], open_facts: bool = False) -> Markup:
    """Return a record as text: what, state, reason, who and when, what became of it, and what it rests on."""
    record = told.record
    badge = tag("span", _BADGES[told.state], class_=f"badge {told.state}") if told.state else None
    return tag(
        "article",
        tag("h2", told.sentence, badge),
        join(tag("p", "Agreed with it:"), tag("ul", *[tag("li", each) for each in told.with_it]))
        if told.with_it
        else None,
        tag("p", told.since, class_="since") if told.since else None,
        tag("p", record.reason, class_="note whole") if record.reason else None,
        tag("p", f"{record.who.described} · {day_and_time(record.at)}", class_="muted"),
        _facts(record, every, open_facts),
        class_=f"saved decided {told.state}",
    )


def _facts(record: Decision, every: dict[str, Told], unfolded: bool) -> Markup:
    about = every[record.about].record if record.about in every else None
    pairs = [*facts_of(record, about), ("Record", record.id)]
    rows = [tag("div", tag("dt", what), tag("dd", which)) for what, which in pairs]
    summary = tag("summary", "What it rests on: data, framework, weights, method")
    return tag("details", summary, tag("dl", *rows, class_="facts"), open="" if unfolded else None)


def agreed_areas(told: Told, every: dict[str, Told]) -> None:
    """Show the areas of an agreed shortlist as it stood last, with what people changed."""
    if told.record.kind != SHORTLIST_AGREED:
        return
    state = shortlist_state([each.record for each in every.values()], told.record)
    rows = [
        (
            str(each.position),
            each.area.name,
            each.area.locality or NOT_APPLICABLE,
            NOT_APPLICABLE if each.area.rank is None else str(each.area.rank),
            NOT_APPLICABLE if each.area.score is None else f"{each.area.score:.1f}",
            each.words,
        )
        for each in state.agreed.rows
    ]
    show(tag("h2", f"The {len(rows)} areas, with every change since"))
    show(table(["Place", "Area", "Locality", "Rank as computed", "Score", "By people"], rows, text_columns=3))
    for gone in state.agreed.dropped:
        show(tag("p", f"{gone.area.name} was dropped from position {gone.computed}.", class_="muted"))


def trail(told: Told, every: dict[str, Told]) -> list[Told]:
    """Return the records about a record, and about those, newest first."""
    inside, found = {told.record.id}, []
    for each in every.values():
        if each.record.about in inside:
            inside.add(each.record.id)
            found.append(each)
    return found[::-1]


def link_of(identifier: str) -> str:
    """Return the address that opens this record, whole where the browser told its own."""
    here, query = urlsplit(st.context.url or ""), urlencode({DECISION: identifier})
    if not here.netloc:
        return f"/Decisions?{query}"
    folder = here.path.rstrip("/").rpartition("/")[0]
    return f"{here.scheme}://{here.netloc}{folder}/Decisions?{query}"
