"""Who they are: the rule cards, and how each condition narrows everyone known down to the cohort."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from prioritisation.cohorts.published import SUPPRESSED_MEANS
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.cohorts.about import counted_lines
from prioritisation.ui.cohorts.cards import show_cards
from prioritisation.ui.cohorts.charts import interval_bars
from prioritisation.ui.cohorts.choice import Chosen
from prioritisation.ui.cohorts.cube import People, steps
from prioritisation.ui.cohorts.words import all_words, count_words
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag


def who(people: People, cohort: Chosen) -> None:
    """Show the tab."""
    cards, found = st.columns([5, 6], gap="large")
    with cards:
        show_cards(people, cohort.rule)
    with found:
        _waterfall(people, cohort)


def _waterfall(people: People, cohort: Chosen) -> None:
    counts = steps(people, cohort.rule)
    names = [name if place == 0 else f"… {name}" for place, name in enumerate(counts["step"])]
    title = (
        f"From everyone known in {people.place} to this cohort"
        if len(names) > 1
        else f"Everyone known in {people.place}"
    )
    told = [f"{name}: {words}" for name, words in zip(names, all_words(counts), strict=True)]
    figure = interval_bars(names, counts, title, source_line(people.view, [], people.ids))
    alt, chosen = f"{title}. {'; '.join(told)}.", counted_lines(people, cohort.rule)
    show_chart(*figure, alt=alt, file_name=_file(people, "steps"), key="cohort-steps", chosen=chosen)
    show(table(["Condition", "People", "Between"], _rows(names, counts)))
    if not (counts["status"] == "published").all():
        show(tag("p", SUPPRESSED_MEANS, class_="muted"))


def _rows(names: list[str], counts: pd.DataFrame) -> list[tuple[str, str, str]]:
    return [
        (name, count_words(row), "\N{EN DASH}" if pd.isna(row["low"]) else f"{row['low']:,} and {row['high']:,}")
        for name, row in zip(names, counts.to_dict("records"), strict=True)
    ]


def _file(people: People, name: str) -> str:
    return f"{name}-{people.view.store.release.id}"
