"""Weights with their names; apart from saved scenarios, whose database pages with a first map do not load."""

from __future__ import annotations

from prioritisation.scenario import Scenario
from prioritisation.words import weight_words


def named_weights(scenario: Scenario) -> str:
    """Return weights with the names of their priorities, the heaviest first."""
    names = [priority.name for priority in scenario.framework.priorities]
    pairs = zip(names, scenario.percentages, strict=True)
    return " · ".join(f"{name} {weight_words(weight)}%" for name, weight in sorted(pairs, key=lambda pair: -pair[1]))
