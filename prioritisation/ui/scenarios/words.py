"""Saved scenarios in words: their weights, when they were saved, and on which release."""

from __future__ import annotations

from datetime import datetime

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.ui.weight_words import named_weights
from prioritisation.words import areas_words, share_words
from prioritisation.workspace.scenarios import SavedScenario

__all__ = [
    "areas_words",
    "choices_line",
    "moment",
    "named_weights",
    "readable",
    "release_words",
    "share_words",
]


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
