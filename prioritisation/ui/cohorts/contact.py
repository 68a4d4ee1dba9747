"""How much contact people have: partners, contacts and cost are three questions about different people."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from prioritisation.cohorts.bands import BANDS, CONTACTS, COST, DIFFERENT_PEOPLE, PARTNERS, band_name, bands
from prioritisation.cohorts.counts import Question, counts_table
from prioritisation.cohorts.rule import CohortRule
from prioritisation.disclosure.lattice import CONTACTS_BANDS, PARTNERS_BANDS
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.cohorts.about import counted_lines
from prioritisation.ui.cohorts.charts import interval_bars
from prioritisation.ui.cohorts.choice import Chosen
from prioritisation.ui.cohorts.cube import People, answered, can_answer
from prioritisation.ui.cohorts.words import all_words, count_words, in_order
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag

MOST_SERVICES = 7
_TITLES = {
    PARTNERS: "How many partners people have",
    CONTACTS: "How many contacts people had",
    COST: "Who makes up the cost",
}

_MOST = {
    PARTNERS: (PARTNERS_BANDS[-1], "are in contact with 4 or more partners"),
    CONTACTS: (CONTACTS_BANDS[-1], "had 24 or more contacts"),
}


def contact(people: People, cohort: Chosen) -> None:
    """Show the tab."""
    show(tag("p", _about(people), class_="sentence", role="status"))
    _own(people, cohort)
    shown = {kind: _bands(people, kind) for kind in (PARTNERS, CONTACTS)}
    cost = bands(people.cube, COST)
    everyone = tag("h2", f"Everyone known in {people.place}")
    if cost.empty:
        show(everyone, tag("p", "No partner sent costs, so the highest cost cannot be shown.", class_="muted"))
    elif people.where[1]:
        show(everyone, tag("p", f"{DIFFERENT_PEOPLE} Cost is counted for the whole council only.", class_="muted"))
    else:
        shown[COST] = cost
        show(everyone, tag("p", f"{DIFFERENT_PEOPLE} {_with_cost(people, cost)}", class_="reading"))
    for column, (kind, counts) in zip(st.columns(len(shown), gap="medium"), shown.items(), strict=True):
        with column:
            _chart(people, kind, _TITLES[kind], list(counts["name"]), counts)


def _about(people: People) -> str:
    """Return how many people have several partners or many contacts, from published counts."""
    counts = {kind: _bands(people, kind).set_index("band") for kind in (PARTNERS, CONTACTS)}
    told = []
    for kind, (band, words) in _MOST.items():
        if band in counts[kind].index:
            row: dict[Hashable, Any] = counts[kind].loc[band].to_dict()
            about = "about " if pd.notna(row["people"]) else ""
            told.append(f"{about}{count_words(row)} {words}")
    if not told:
        return "Not available: bands of contact were not counted here."
    return f"Of everyone known in {people.place}, {' and '.join(told)}: partly the same people, partly others."


def _with_cost(people: People, cost: pd.DataFrame) -> str:
    """Return why the bars of cost add up to fewer people than are known."""
    everyone = answered(people, Question(CohortRule())).count.best
    told = "The bars of cost are about people for whom partners sent a cost"
    if everyone is None or cost["people"].isna().any():
        return f"{told}, not about everyone known."
    return f"{told}: about {cost['people'].sum():,} of about {everyone:,} known."


def _own(people: People, cohort: Chosen) -> None:
    """Show the cohort's own contacts and services, where its conditions were counted with them."""
    if cohort.rule == CohortRule():
        return
    show(tag("h2", "This cohort"))
    left, right = st.columns(2, gap="large")
    with left:
        _own_contacts(people, cohort.rule)
    with right:
        _own_services(people, cohort.rule)


def _own_contacts(people: People, rule: CohortRule) -> None:
    if rule.contacts_band:
        show(tag("p", "How many contacts they had is one of this cohort's conditions.", class_="muted"))
        return
    listed = BANDS[CONTACTS]
    rules = tuple(replace(rule, contacts_band=(band,)) for band in listed)
    if not all(can_answer(people, rules, people.where[0])):
        told = "How many contacts this cohort's people had was not counted with these conditions."
        show(tag("p", told, class_="muted"))
        return
    counts = counts_table(answered(people, Question(each, *people.where)).count for each in rules)
    names = [band_name(CONTACTS, band) for band in listed]
    _chart(people, "own", "How many contacts this cohort's people had", names, counts, rule)


def _own_services(people: People, rule: CohortRule) -> None:
    """Show the services that most of the cohort's people use, by published counts."""
    contract = people.cube.contract
    present = [each for each in contract.services if each in people.cube.present.get("service", ())]
    asked = [each for each in present if each not in rule.services_all]
    rules = tuple(replace(rule, services_all=(*rule.services_all, each)) for each in asked)
    counted = [each for each, yes in zip(asked, can_answer(people, rules, people.where[0]), strict=True) if yes]
    if not counted:
        show(tag("p", "Which services this cohort's people use was not counted with these conditions.", class_="muted"))
        return
    kept = [replace(rule, services_all=(*rule.services_all, each)) for each in counted]
    counts = counts_table(answered(people, Question(each, *people.where)).count for each in kept)
    counts = in_order(counts.assign(name=[contract.services[each].name for each in counted]))
    first = counts.head(MOST_SERVICES)
    show(
        table(["Services that its people use most", "People"], list(zip(first["name"], all_words(first), strict=True)))
    )


def _bands(people: People, kind: str) -> pd.DataFrame:
    geography, areas = people.where
    return bands(people.cube, kind, geography, *areas)


def _chart(
    people: People, name: str, title: str, names: list[str], counts: pd.DataFrame, rule: CohortRule | None = None
) -> None:
    """Show bars with the same as a table. rule: of the people counted, without one everyone known."""
    if counts.empty:
        show(tag("p", f"{title}: not counted here.", class_="notice"))
        return
    names = [_capital(each) for each in names]
    words = all_words(counts)
    told = "; ".join(f"{each}: {count}" for each, count in zip(names, words, strict=True))
    figure = interval_bars(names, counts, title, source_line(people.view, [], people.ids))
    alt, file_name = f"{title}. {told}.", f"contact-{name}-{people.view.store.release.id}"
    chosen = counted_lines(people, rule)
    show_chart(*figure, alt=alt, file_name=file_name, key=f"cohort-contact-{name}", chosen=chosen)
    with st.expander("The same as a table", key=f"cohort-contact-table-{name}"):
        show(table(["Band", "People"], list(zip(names, words, strict=True))))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
