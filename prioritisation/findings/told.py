"""Findings: one sentence that a chair can read out for each question, and the table that it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.findings import by_data, by_variant, by_weight
from prioritisation.findings.names import named, verb
from prioritisation.findings.sure import HowSure
from prioritisation.robustness import WORDS, Flags
from prioritisation.words import areas_words

ALMOST_ALWAYS = WORDS[0][0]
NOTHING = "No area is on the shortlist, so there is nothing to be sure of."


@dataclass(frozen=True, eq=False)
class Finding:
    """One answer. id: a short name; sentence: may be read out; table: what it rests on, plain columns."""

    id: str
    question: str
    sentence: str
    table: pd.DataFrame


_TOLD: tuple[tuple[str, str, Callable[[HowSure], tuple[str, pd.DataFrame]]], ...] = (
    ("weights", "Does it hang on the exact weights?", by_weight.stability),
    ("turns", "At which weights does it change?", by_weight.turns),
    ("smallest", "What is the smallest change of weights that alters it?", by_weight.smallest),
    ("priorities", "Does it hang on one priority?", by_variant.priorities),
    ("indicators", "Does it hang on one indicator?", by_variant.indicators),
    ("methods", "Does it hang on the method?", by_variant.methods),
    ("gaps", "Does it hang on missing or suppressed values?", by_data.gaps),
    ("chance", "Could small numbers mislead us?", by_data.chance),
)
IDS = ("every-test", *(identifier for identifier, _, _ in _TOLD))


def findings(sure: HowSure) -> list[Finding]:
    """Return every finding, the summary first."""
    if not sure.now.any():
        return [Finding("every-test", "How sure is the shortlist?", NOTHING, overview(sure))]
    first = Finding("every-test", "Which areas hold in every test?", headline(sure), overview(sure))
    return [first, *(Finding(identifier, question, *tell(sure)) for identifier, question, tell in _TOLD)]


def headline(sure: HowSure) -> str:
    """Return the whole in a sentence: who stays on the shortlist in every test, and how many hang on something."""
    if not sure.now.any():
        return NOTHING
    firm = holds_in_every_test(sure)
    count, of = int(firm.sum()), int(sure.now.sum())
    names = [sure.names[unit] for unit in in_order(sure, firm)]
    tests = "under other weights, without any one priority or indicator, by every method and whatever is missing"
    if not count:
        return f"None of the {areas_words(of)} on the shortlist stays on it in every test: {tests}."
    if count == of:
        return f"All {areas_words(of)} stay on the shortlist in every test: {tests}."
    rest = f"The other {areas_words(of - count)} {verb(of - count, 'hangs', 'hang')} on at least one of these choices."
    told = f"{count} of the {areas_words(of)} {verb(count, 'stays', 'stay')} on the shortlist in every test ({tests})"
    return f"{told}: {named(names, 12)}. {rest}"


def holds_in_every_test(sure: HowSure) -> Flags:
    """Return which areas are on the shortlist almost always and in every other test."""
    firm = sure.now & (sure.reasonable.probability >= ALMOST_ALWAYS) & (sure.gaps.worst <= sure.framework.cut)
    for each in (*sure.priorities, *sure.indicators, *sure.methods):
        firm &= each.inside
    return firm


def in_order(sure: HowSure, wanted: Flags) -> list[int]:
    """Return the wanted units from the greatest need."""
    rank = sure.ranking.scores.rank
    return sorted(np.flatnonzero(wanted).tolist(), key=lambda unit: (rank[unit] == 0, rank[unit], unit))


def overview(sure: HowSure) -> pd.DataFrame:
    """Return a row for each area that is on the shortlist now or in any test, and how it does in each."""
    ever = sure.now | (sure.reasonable.probability >= ALMOST_ALWAYS)
    for each in (*sure.priorities, *sure.indicators, *sure.methods):
        ever |= each.inside
    units = in_order(sure, ever)
    described, firm = sure.ranking.areas.iloc[units], holds_in_every_test(sure)
    return pd.DataFrame(
        {
            "id": described.index,
            "area": described["name"].to_numpy(),
            "rank": sure.ranking.scores.rank[units],
            "on the shortlist": sure.now[units],
            "in every test": firm[units],
            "share of other weights": sure.reasonable.probability[units].round(4),
            "without one priority": _share_in(sure.priorities, units),
            "without one indicator": _share_in(sure.indicators, units),
            "methods": _share_in(sure.methods, units),
            "worst rank with gaps": sure.gaps.worst[units],
        }
    )


def _share_in(outcomes: tuple[by_variant.Outcome, ...], units: list[int]) -> list[str]:
    return [f"{sum(bool(each.inside[unit]) for each in outcomes)} of {len(outcomes)}" for unit in units]
