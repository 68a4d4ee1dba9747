"""What a picture of people's counts says of itself: who was counted, where, over which months and how protected."""

from __future__ import annotations

from prioritisation.cohorts.rule import CohortRule
from prioritisation.cohorts.wording import sentence
from prioritisation.ui.cohorts.cube import People
from prioritisation.ui.cohorts.words import basis


def counted_lines(people: People, rule: CohortRule | None = None, place: str = "") -> tuple[str, ...]:
    """Return the lines. rule: of the cohort, without one everyone known; place: without one, where the page is."""
    who = sentence(rule, people.cube.contract) if rule is not None else "Everyone known to any partner"
    return f"{who} · {place or people.place}", basis(people.cube)
