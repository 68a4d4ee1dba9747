"""Saved scenarios in words: their weights, when they were saved, and on which release."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.ui.words import NOT_APPLICABLE
from prioritisation.workspace.scenarios import SavedScenario


def named_weights(scenario: Scenario) -> str:
    """Return weights with the names of their priorities, the heaviest first; they add up to 100, as on Weigh."""
    names = [priority.name for priority in scenario.framework.priorities]
    pairs = zip(names, _tenths_that_add_up(scenario.percentages), strict=True)
    return " · ".join(f"{name} {weight_words(weight)}%" for name, weight in sorted(pairs, key=lambda pair: -pair[1]))


def _tenths_that_add_up(percentages: Sequence[float]) -> list[float]:
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


def moment(when: datetime) -> str:
    """Return "22 November 2026 at 14:05 UTC"."""
    return f"{when.day} {when:%B %Y} at {when:%H:%M} UTC"


def release_words(release_id: str, current: str, folder: DataFolder) -> str:
    """Return how a release stands to the one on screen; empty when it is the one."""
    if release_id == current:
        return ""
    kept = folder.published().releases
    if release_id not in kept:
        return "made on a release that is no longer kept"
    older = current not in kept or kept.index(release_id) < kept.index(current)
    return "made on an older release" if older else "made on a newer release"


def choices_line(row: SavedScenario) -> str:
    """Return a saved scenario's weights and cut, or that they cannot be read."""
    scenario = readable(row)
    if scenario is None:
        return "its choices cannot be read"
    return f"{named_weights(scenario)} · {scenario.framework.cut:,} areas on the shortlist"


def readable(row: SavedScenario) -> Scenario | None:
    """Return the choices of a saved scenario; None when they are damaged or of a newer version."""
    try:
        return row.scenario
    except UserError:
        return None


def share_words(share: float) -> str:
    """Return a share of 1 in whole per cents; never 0% or 100% for what is not quite."""
    if math.isnan(share):
        return NOT_APPLICABLE
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{100 * share:.0f}%"


def areas_words(count: int, kind: str = "") -> str:
    """Return "1 area", "15 areas", "3 other areas"."""
    return f"{count:,} {kind}{'area' if count == 1 else 'areas'}"
