"""Weights as people read them; apart from saved scenarios, whose database pages with a first map do not load."""

from __future__ import annotations

import math
from collections.abc import Sequence

from prioritisation.scenario import Scenario
from prioritisation.words import NOT_APPLICABLE


def named_weights(scenario: Scenario) -> str:
    """Return weights with the names of their priorities, the heaviest first; they add up to 100, as on Weigh."""
    names = [priority.name for priority in scenario.framework.priorities]
    pairs = zip(names, tenths_that_add_up(scenario.percentages), strict=True)
    return " · ".join(f"{name} {weight_words(weight)}%" for name, weight in sorted(pairs, key=lambda pair: -pair[1]))


def tenths_that_add_up(percentages: Sequence[float]) -> list[float]:
    """Return per cents in tenths that total 100: the largest remainders are rounded up, as the browser does."""
    exact = [10 * percentage for percentage in percentages]
    tenths = [math.floor(each + 1e-6) for each in exact]
    order = sorted(range(len(exact)), key=lambda k: tenths[k] - exact[k])
    for k in order[: max(0, 1000 - sum(tenths))]:
        tenths[k] += 1
    return [each / 10 for each in tenths]


def weight_words(percentage: float) -> str:
    """Return a weight in per cent with a decimal only where it has one; a dash where there is none."""
    return NOT_APPLICABLE if math.isnan(percentage) else f"{percentage:.1f}".removesuffix(".0")
