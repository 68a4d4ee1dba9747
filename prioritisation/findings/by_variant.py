"""What leaving something out, or another method, would do to the shortlist, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from prioritisation.findings.names import method_name, named, verb
from prioritisation.findings.sure import HowSure
from prioritisation.sureness.variants import Outcome, times_in
from prioritisation.words import areas_words

Told = tuple[str, pd.DataFrame]


def priorities(sure: HowSure) -> Told:
    """Tell who stays without any one priority, and which one matters most."""
    names = {priority.id: priority.name for priority in sure.framework.priorities}
    return _left_out(sure, sure.priorities, names, "priority")


def indicators(sure: HowSure) -> Told:
    """Tell who stays without any one indicator, and which one matters most."""
    return _left_out(sure, sure.indicators, sure.indicator_names, "indicator")


def _left_out(sure: HowSure, outcomes: Sequence[Outcome], names: Mapping[str, str], what: str) -> Told:
    table = pd.DataFrame(
        [
            {
                f"without this {what}": names.get(each.id, each.id),
                "stay": int((sure.now & each.inside).sum()),
                "leave": "; ".join(sure.names[unit] for unit in each.leaves),
                "enter": "; ".join(sure.names[unit] for unit in each.enters),
            }
            for each in outcomes
        ],
        columns=[f"without this {what}", "stay", "leave", "enter"],
    )
    if not outcomes:
        return f"Only one {what} counts, so none can be left out.", table
    always = sure.now.copy()
    for each in outcomes:
        always &= each.inside
    kept, of = int(always.sum()), int(sure.now.sum())
    told = f"Whichever one {what} is left out, {kept} of the {areas_words(of)} {verb(kept, 'stays', 'stay')}"
    worst = max(outcomes, key=lambda each: len(each.leaves) + len(each.enters))
    if worst.same:
        return f"{told}: no single {what} changes the shortlist.", table
    changed = max(len(worst.leaves), len(worst.enters))
    most = f"{names.get(worst.id, worst.id)} matters most: without it {areas_words(changed)} would change"
    return f"{told}. {most}.", table.sort_values("stay", kind="stable", ignore_index=True)


def methods(sure: HowSure) -> Told:
    """Tell which areas are on the shortlist by all methods, by most and by few."""
    count, every = times_in(sure.methods, len(sure.now)), len(sure.methods)
    groups = {
        "all": np.flatnonzero(count == every),
        "most": np.flatnonzero((count < every) & (2 * count > every)),
        "few": np.flatnonzero((count > 0) & (2 * count <= every)),
    }
    in_all, most, few = (len(units) for units in groups.values())
    rank = sure.ranking.scores.rank
    units = sorted(np.flatnonzero(count).tolist(), key=lambda unit: (-count[unit], rank[unit] == 0, rank[unit], unit))
    table = pd.DataFrame(
        {
            "id": sure.ranking.areas.index[units],
            "area": [sure.names[unit] for unit in units],
            "rank": rank[units],
            "on the shortlist": sure.now[units],
            "methods": count[units],
            **{method_name(each.id): each.inside[units] for each in sure.methods},
        }
    )
    lost = [sure.names[unit] for unit in np.flatnonzero(sure.now & (2 * count <= every))]
    told = (
        f"By all {every} ways of making indicators comparable and combining priorities, {areas_words(in_all)} "
        f"{verb(in_all, 'is', 'are')} on the shortlist; {most:,} more by most of them and {few:,} by few."
    )
    return (f"{told} On this shortlist, few methods agree with {named(lost)}." if lost else told), table
