"""What the Method page shows: the choices in force, from the catalogue and the running code themselves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from prioritisation import scoring
from prioritisation.framework import HIGHER_IS_WORSE, Framework, IndicatorShare
from prioritisation.profiles import FROM_COUNTS, NO_AVERAGE, WEIGHTED_MEAN
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.page import title
from prioritisation.ui.protection import protection
from prioritisation.ui.session import View
from prioritisation.words import (
    AGGREGATE_WORDS,
    METHOD_WORDS,
    NOT_APPLICABLE,
    REFERENCE_WORDS,
    STATUS_MEANING,
    percent,
    weight_words,
)

_NORMALISE_FORMULA = {
    "percentile": r"s = 100\,\frac{n_{\text{less need}} + \tfrac12\, n_{\text{equal}}}{N}",
    "min-max": r"s = 100\,\frac{x - x_{\min}}{x_{\max} - x_{\min}}",
    "z-score": r"s = 50 + 10\,\frac{x - \bar x}{\sigma}",
    "exponential": r"s = -%g\,\ln\!\left(1 - R\left(1 - e^{-100/%g}\right)\right),\quad "
    r"R = \frac{N + %g - \text{rank}}{N}",
}
_AGGREGATE_FORMULA = {
    "arithmetic": r"\text{score} = \sum_k w_k\, s_k",
    "geometric": r"\text{score} = \exp\Big(\sum_k w_k \ln \max(s_k, "
    f"{scoring.GEOMETRIC_FLOORS_SCORES_AT:g}"
    r")\Big)",
}
TAB = "tab"
# One question to a tab, each as links from other pages ask for it.
TABS = {
    "rank": "How is a rank made?",
    "indicators": "Which indicators?",
    "sources": "Where do values come from?",
    "people": "How are people protected?",
    "words": "What do the words mean?",
}
_GLOSSARY = {
    "Area": "a small area; here a data zone of some 500 to 1,000 people.",
    "Locality": "a part of the council area that the partnership plans for; it is made of areas.",
    "Framework": "the agreed priorities with their indicators and shares, the cut, and how a score is made.",
    "Indicator": "one published number for every area, such as the share of people who are income deprived.",
    "Priority": "one of the questions that the partnership agreed on; some indicators answer it.",
    "Weight": "how much a priority counts; all weights add up to 100%.",
    "Score": "from 0 to 100; higher means greater need.",
    "Rank": "1 is the greatest need; areas with equal scores share the smallest rank.",
    "Shortlist": "the areas that are proposed, or agreed, to begin in: those first in rank, and what people changed.",
    "Cut line": "where the ranked list is cut; the areas above it are the shortlist.",
    "Patch": "areas next to each other that one team can serve, with enough people and not too many.",
    "Coverage": "the share of the weight that rests on known values.",
    "Scenario": "all choices behind one ranking; equal choices have the same scenario id.",
    "Release": "one imported version of the data; the same choices on new data are another result.",
    "Partner": "an organisation that takes part, such as the council, the NHS or the police.",
    "Contact": "one dealing of one person with one service of a partner, such as a visit or an application.",
    "Cohort": "a group of people by their age, sex, needs and contacts with services; counted, never listed here.",
    "Pack": "one file for the team: the list, patch and cohorts that were agreed, with sources, method and proof.",
    "Suppressed": STATUS_MEANING["suppressed"] + "; a count of people says hidden.",
    "Missing": STATUS_MEANING["missing"] + ".",
    "Zero": STATUS_MEANING["zero"] + "; it is a value, and counts.",
}


def method(view: View) -> None:
    """Show the page."""
    framework = view.scenario.framework
    placeholder = "its priorities are placeholders until the partnership agrees its own"
    status = placeholder if framework.status == "placeholder" else "its priorities and weights are agreed"
    title("How is the score worked out?", f"The framework in force is {framework.name}; {status}.")
    begin = TABS.get(st.query_params.get(TAB, ""))
    scores, indicators, sources, people, words = st.tabs(list(TABS.values()), default=begin)
    with scores:
        _steps(view, framework)
    with indicators:
        _indicators(view, framework)
    with sources:
        _sources(view)
    with people:
        protection(view)
    with words:
        show(tag("dl", *[join(tag("dt", word), tag("dd", meaning)) for word, meaning in _GLOSSARY.items()]))


def _steps(view: View, framework: Framework) -> None:
    needs = f"{percent(scoring.SCORE_NEEDS_COVERAGE_OF_AT_LEAST)}"
    _step("1. Every indicator points the same way", "Where a lower value means greater need, it is turned round.")
    _step(
        "2. Indicators are made comparable",
        f"{METHOD_WORDS[framework.normalise.method]}. {_compared(view)} Areas without a value are left out here.",
    )
    decay, offset = scoring.EXPONENTIAL_DECAY, framework.normalise.rank_offset
    formula = _NORMALISE_FORMULA[framework.normalise.method]
    st.latex(formula % (decay, decay, offset) if framework.normalise.method == "exponential" else formula)
    _step(
        "3. Indicators make a priority's score",
        "Their weighted average by the shares under “Which indicators?”. The share of a suppressed or missing value "
        f"goes to the rest of its priority; a priority is scored where at least {needs} of its share is known. "
        "Nothing missing is ever counted as zero.",
    )
    _step("4. Priorities make the overall score", f"{AGGREGATE_WORDS[framework.aggregate]}.")
    st.latex(_AGGREGATE_FORMULA[framework.aggregate])
    _step(
        "5. Areas are ranked",
        "1 is the greatest need. Scores that are equal to nine decimals share the smallest rank. An area that lacks a "
        f"score on a priority that counts is not ranked. The shortlist is the first {framework.cut}.",
    )
    _step(
        "Averages on profiles",
        f"A locality's, council's or country's value is taken {FROM_COUNTS} where they are published; else it is the "
        f"{WEIGHTED_MEAN} ({NO_AVERAGE}).",
    )


def _step(head: str, text: str) -> None:
    show(tag("h2", head), tag("p", text, class_="reading"))


def _compared(view: View) -> str:
    reference = view.scenario.framework.reference
    if reference == "all" or view.areas.empty:
        return f"{REFERENCE_WORDS[reference]}."
    return f"Each area is compared with the {len(view.areas):,} areas of {view.place}."


def _indicators(view: View, framework: Framework) -> None:
    for place, priority in enumerate(framework.priorities):
        weight = weight_words(view.scenario.percentages[place])
        show(
            tag("h2", f"{priority.name}: {weight}% of the score"),
            tag("p", priority.question, class_="muted"),
            table(
                ["Indicator", "Greater need is", "Share"],
                [_part(view, part) for part in priority.indicators],
                text_columns=2,
            ),
        )
    used = set(framework.indicator_ids)
    others = view.indicators[~view.indicators.index.isin(used)]
    show(tag("h2", "Shown on profiles, not part of the score"))
    show(
        table(
            ["Indicator", "Greater need is"],
            [_described(row, row["polarity"]) for _, row in others.iterrows()],
            text_columns=2,
        )
    )


def _part(view: View, part: IndicatorShare) -> tuple[object, ...]:
    if part.id not in view.indicators.index:
        return (f"{part.id} (not loaded)", "", percent(part.share))
    row = view.indicators.T[part.id]
    return (*_described(row, part.polarity or str(row["polarity"])), percent(part.share))


def _described(row: pd.Series, polarity: str) -> tuple[Markup, str]:
    caveat = tag("small", row["caveat"]) if row["caveat"] else None
    about = tag("small", f"{row['definition']} · {row['unit']} · {row['period']} · {row['publisher']}")
    return join(row["name"], about, caveat), "a higher value" if polarity == HIGHER_IS_WORSE else "a lower value"


def _sources(view: View) -> None:
    rows = [
        (
            join(row["title"], tag("small", row["publisher"])),
            join(row["licence"], tag("small", row["attribution"])),
            join(
                tag("a", row["url"], href=row["url"], rel="noreferrer")
                if str(row["url"]).startswith("https://")
                else NOT_APPLICABLE
            ),
        )
        for _, row in view.store.sources().iterrows()
    ]
    show(table(["Publication", "Licence", "Where to find it"], rows, text_columns=3))
