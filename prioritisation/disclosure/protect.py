"""From counts of people to what may be published: hold, hide, round. Pure tables, no store."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.policy import Policy

PUBLISHED, SUPPRESSED = "published", "suppressed"
SHOWN, SMALL, NEARLY_ALL, WITHHELD = "shown", "small", "nearly all", "withheld"  # sides of the rules; never published
CELL_KEY = ("node", "geography", "area_code", "cell")
COLUMNS = (*CELL_KEY, "people", "contacts", "status")

Flags = NDArray[np.bool_]


def protect(counts: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return what may be published of each cell, in the order given; says nowhere which rule spoke.

    counts: node, geography, area_code, cell, and per cell: people (whole number); denominator (people that they
    are out of, NaN where nobody knows); contacts and top_two (all contacts, and those of the two people with the
    most; NaN where contacts are not counted); changed (people who joined or left since the cell's last refresh,
    NaN when it was never published); held_people, held_contacts, held_status (what was published then).
    Result: node, geography, area_code, cell, people and contacts (Int64, <NA> where hidden), status
    ("published" or "suppressed"). Source: the shared design, privacy.md, "The protected cube".
    """
    held = held_cells(counts, policy)
    shown = np.where(held, (counts["held_status"] == PUBLISHED).to_numpy(dtype=bool), _may_be_shown(counts, policy))
    people = np.where(held, _numbers(counts["held_people"]), _rounded(counts["people"], policy.round_to_nearest))
    volume_stays = held | (_numbers(counts["changed"]) == 0)  # the same people: a new volume would tell of one of them
    volume = _rounded(counts["contacts"], policy.round_contacts_to_nearest)
    volume[~_volume_may_be_shown(counts, policy)] = np.nan
    contacts = np.where(volume_stays, _numbers(counts["held_contacts"]), volume)
    return counts[list(CELL_KEY)].assign(
        people=_whole(np.where(shown, people, np.nan), counts.index),
        contacts=_whole(np.where(shown, contacts, np.nan), counts.index),
        status=np.where(shown, PUBLISHED, SUPPRESSED),
    )


def held_cells(counts: pd.DataFrame, policy: Policy) -> Flags:
    """Return which cells keep their last output: so few people joined or left that the change would tell of them."""
    changed = _numbers(counts["changed"])  # NaN compares as false: a cell that was never published is not held
    return (changed > 0) & (changed < policy.hold_changes_under)


def sides(counts: pd.DataFrame, policy: Policy) -> NDArray[np.object_]:
    """Return on which side of the rules each cell is: shown, small or nearly all; a held cell as it was then.

    counts: as for `protect`, and held_side. For the attack and the restricted store only: it tells why a cell is
    suppressed. "withheld", to protect another cell, is the repair's to say.
    """
    small = _numbers(counts["people"]) < policy.suppress_counts_under
    now = np.where(_may_be_shown(counts, policy), SHOWN, np.where(small, SMALL, NEARLY_ALL))
    return np.where(held_cells(counts, policy), counts["held_side"].to_numpy(dtype=object), now).astype(object)


def hide(protected: pd.DataFrame, rows: Flags) -> pd.DataFrame:
    """Return the protected cells with some more of them suppressed, such as to protect others."""
    return protected.assign(
        people=protected["people"].mask(rows, pd.NA),
        contacts=protected["contacts"].mask(rows, pd.NA),
        status=np.where(rows, SUPPRESSED, protected["status"]),
    )


def _may_be_shown(counts: pd.DataFrame, policy: Policy) -> Flags:
    """Enough people, not nearly all of those they are out of, and those enough to be out of."""
    people, out_of = _numbers(counts["people"]), _numbers(counts["denominator"])
    too_few = people < policy.suppress_counts_under
    nearly_all = out_of - people < policy.suppress_counts_under
    small_base = out_of < policy.suppress_denominators_under
    return ~(too_few | nearly_all | small_base)


def _volume_may_be_shown(counts: pd.DataFrame, policy: Policy) -> Flags:
    """Two people must not make up most of it, and it must not round to nothing where there are people."""
    contacts, top_two = _numbers(counts["contacts"]), _numbers(counts["top_two"])
    spread = top_two <= policy.top_two_share_at_most * contacts
    return spread & (_rounded(counts["contacts"], policy.round_contacts_to_nearest) > 0)


def _rounded(column: pd.Series, nearest: int) -> NDArray[np.float64]:
    """Return whole numbers rounded to the nearest multiple, halves upwards; NaN stays."""
    return np.floor((_numbers(column) + nearest // 2) / nearest) * nearest


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return column.to_numpy(dtype=float, na_value=np.nan)


def _whole(numbers: NDArray[np.float64], index: pd.Index) -> pd.Series:
    return pd.Series(numbers, index=index).astype("Int64")
