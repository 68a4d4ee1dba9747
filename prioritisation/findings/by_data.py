"""What gaps in the data and small numbers could do to the shortlist, told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prioritisation.findings.names import named, verb
from prioritisation.findings.sure import HowSure
from prioritisation.sureness.chance import GREATER, LESS, NOT_DIFFERENT
from prioritisation.words import areas_words

Told = tuple[str, pd.DataFrame]


def gaps(sure: HowSure) -> Told:
    """Tell who is on the shortlist whatever the missing and suppressed values are, and who could be."""
    cut, bounds, rank = sure.framework.cut, sure.gaps, sure.ranking.scores.rank
    safe, could = sure.now & (bounds.worst <= cut), ~sure.now & (bounds.best <= cut)
    units = sorted(
        np.flatnonzero(sure.now | could | bounds.has_gaps).tolist(), key=lambda unit: (bounds.best[unit], unit)
    )
    table = pd.DataFrame(
        {
            "id": sure.ranking.areas.index[units],
            "area": [sure.names[unit] for unit in units],
            "rank": rank[units],
            "on the shortlist": sure.now[units],
            "has gaps": bounds.has_gaps[units],
            "known": sure.ranking.scores.coverage[units].round(4),
            "best rank": bounds.best[units],
            "worst rank": bounds.worst[units],
        }
    )
    with_gaps = int(bounds.has_gaps.sum())
    if not with_gaps:
        return "No value that counts is missing or suppressed, so nothing hangs on gaps.", table
    held, of, more = int(safe.sum()), int(sure.now.sum()), int(could.sum())
    some = f"{areas_words(with_gaps)} {verb(with_gaps, 'lacks', 'lack')} some value"
    told = f"{held} of the {areas_words(of)} stay on the shortlist whatever these values are"
    others = f"{areas_words(more)} that {verb(more, 'is', 'are')} not on it could be"
    others = others if more else "nobody else could get on"
    return f"{some}. {told}; {others}.", table


def chance(sure: HowSure) -> Told:
    """Tell how far the shortlist's areas differ from the whole council by more than chance."""
    known, place = sure.chance, sure.ranking.areas
    counts = {
        "clearly greater need": (known == GREATER).sum(axis=1),
        "not different": (known == NOT_DIFFERENT).sum(axis=1),
        "clearly less need": (known == LESS).sum(axis=1),
    }
    rank = sure.ranking.scores.rank
    table = pd.DataFrame({"id": place.index, "area": sure.names, "rank": rank, "on the shortlist": sure.now})
    table = table.assign(**{name: column.to_numpy() for name, column in counts.items()})
    marks = {GREATER: "greater", NOT_DIFFERENT: "not different", LESS: "less"}
    for identifier in known.columns:
        table[sure.indicator_names.get(identifier, identifier)] = known[identifier].map(marks).fillna("").to_numpy()
    table = table[sure.now].sort_values(["rank", "id"], kind="stable", ignore_index=True)
    every = len(sure.framework.indicator_ids)
    if known.empty or not known.columns.size:
        return f"None of the {every} indicators is published with counts, so chance cannot be judged.", table
    weak = table[table["clearly greater need"] == 0]["area"].tolist()
    clear = int((2 * table["clearly greater need"] > len(known.columns)).sum())
    told = (
        f"{len(known.columns)} of the {every} indicators are published with counts. On most of these, "
        f"{clear} of the {areas_words(len(table))} on the shortlist {verb(clear, 'has', 'have')} greater need than the "
        "whole council by more than chance"
    )
    none = f"; on none of them {verb(len(weak), 'has', 'have')} {named(weak)}" if weak else ""
    return f"{told}{none}.", table
