"""What the phones' page says of the data behind it, as the app does: badges at the top, ids at the foot.

A round says it itself: this server opens no release.
"""

from __future__ import annotations

from collections.abc import Sequence

from prioritisation.errors import UserError
from prioritisation.ui.markup import Markup, tag
from prioritisation.workspace.rounds import Round


def badges(every: Sequence[Round]) -> Markup | None:
    """Return what is true of all these rounds: demonstration data, placeholder priorities."""
    invented = bool(every) and all(each.demonstration for each in every)
    placeholder = bool(every) and all(_has_placeholders(each) for each in every)
    if not (invented or placeholder):
        return None
    return tag(
        "p",
        tag("span", "Demonstration data", class_="badge strong") if invented else None,
        tag("span", "Placeholder priorities", class_="badge") if placeholder else None,
        class_="badges",
    )


def foot(every: Sequence[Round], code: str = "") -> Markup | None:
    """Return the ids that all these rounds share. code: of the one that somebody has come to."""
    ids = {"scenario": {each.scenario_id for each in every}, "release": {each.release_id for each in every}}
    named = [f"{what} {next(iter(shared))}" for what, shared in ids.items() if len(shared) == 1]
    whole = [f"round {code}", *named] if code else named
    return tag("p", " · ".join(whole), class_="ids muted") if whole else None


def _has_placeholders(current: Round) -> bool:
    """Return whether a round's priorities are not agreed yet; False where its choices cannot be read."""
    try:
        return current.scenario.framework.status == "placeholder"
    except UserError:
        return False
