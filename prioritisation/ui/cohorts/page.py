"""What the Cohorts page shows: one cohort, asked four questions, and which cohort comes first."""

from __future__ import annotations

import streamlit as st

from prioritisation.cohorts.counts import Question
from prioritisation.cohorts.wording import sentence
from prioritisation.ui.cohorts.absent import absent
from prioritisation.ui.cohorts.choice import OWN, Chosen, choose, chosen, offer
from prioritisation.ui.cohorts.contact import contact
from prioritisation.ui.cohorts.cube import People, answered, current_people
from prioritisation.ui.cohorts.overlap import overlap
from prioritisation.ui.cohorts.ranked import first
from prioritisation.ui.cohorts.save import save_cohort
from prioritisation.ui.cohorts.where import where
from prioritisation.ui.cohorts.who import who
from prioritisation.ui.cohorts.words import COUNTED_NEXT, basis, decapitalised, ended, when_counted, window_words
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import choose_locality, plainly, title
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.style import show_charts_style

QUESTIONS = {
    "who": "Who are they?",
    "where": "Where do they live?",
    "overlap": "How do partners and services overlap?",
    "contact": "How much contact do they have?",
    "first": "Which cohort first?",
}
ASKED = "question"
_TAB = "cohort-question"
_ANSWERS = {"who": who, "where": where, "overlap": overlap, "contact": contact, "first": first}


def cohorts(view: View) -> None:
    """Show the page."""
    show_charts_style()
    title("Whom could one team support?")
    people = current_people(view)
    if people is None:
        absent(view)
        return
    offered = offer(people)
    cohort, faults = chosen(people, offered)
    which, where_, keep = st.columns([6, 3, 3], gap="small", vertical_alignment="bottom")
    with which:
        choose(offered, cohort)
    with where_:
        choose_locality(view)
    with keep:
        save_cohort(people, cohort)
    for fault in (*faults, *offered.faults):
        show(tag("p", f"This could not be followed in full: {fault}", class_="notice", role="status"))
    _say(people, cohort)
    _questions(people, cohort)
    show(tag("p", basis(people.cube), class_="muted"))


def _say(people: People, cohort: Chosen) -> None:
    """Show who the cohort is and how many, in one sentence, and under it the reason to look and what was counted."""
    found = answered(people, Question(cohort.rule, *people.where))
    place = f", in {people.place}" if people.where[1] else ""
    who_they_are = f"{sentence(cohort.rule, people.cube.contract)}{place}: "
    counted = f"Counted over {window_words(people.cube.facts)}."
    show(
        tag("p", who_they_are, tag("strong", decapitalised(found.sentence)), class_="sentence", role="status"),
        tag("p", " ".join(part for part in (ended(cohort.why), counted) if part), class_="muted"),
    )
    if cohort.id != OWN and not cohort.counted:
        begins = "The number above is put together from other published counts. " if found.count.is_available else ""
        told = f"{begins}This cohort's own counts are not in this release. {when_counted(people.cube, cohort.id)}"
        show(tag("p", told, class_="notice", role="status"))
    elif not found.count.is_available:
        show(tag("p", f"Save this cohort to have it counted. {COUNTED_NEXT}", class_="notice"))


def _questions(people: People, cohort: Chosen) -> None:
    asked = st.query_params.get(ASKED, "")
    tabs = st.tabs(list(QUESTIONS.values()), key=_TAB, on_change=_asked, default=QUESTIONS.get(asked, QUESTIONS["who"]))
    for tab, answer in zip(tabs, _ANSWERS.values(), strict=True):
        if tab.open:
            with tab:
                plainly(lambda answer=answer: answer(people, cohort))  # type: ignore[misc]


def _asked() -> None:
    ids = {name: each for each, name in QUESTIONS.items()}
    put_in_link({ASKED: ids.get(st.session_state[_TAB])})
