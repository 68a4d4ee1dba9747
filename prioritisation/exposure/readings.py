"""What an attacker who knows the method reads from each published cell: between which numbers the truth lies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.lattice import OF_THE_PERSON, Lattice, Node, cell_parts
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import PUBLISHED, SHOWN, SMALL, WITHHELD
from prioritisation.exposure.measures import TOTAL, Measure, split_cell

MANY, MANY_TIMES = 100_000.0, 10.0  # people, and times the largest count: what a count that says nothing may be at most
VOLUME = "volume"  # the side of a claim about contacts, not people
NOT_TOLD = "not told"  # the side of a suppressed count for somebody who has only what is published


def read_claims(cube: pd.DataFrame, lattice: Lattice, policy: Policy) -> pd.DataFrame:
    """Return what the attacker reads: one row per count of people, then one per volume of contacts.

    cube: node, geography, area_code, cell, people, contacts, status, and where the publisher knows them `side`
    (why a suppressed cell is: the attacker is taken to know which are small or nearly all; of those hidden to protect
    others nothing is known), `held` (bool) and `overtaken` (bool; from `overtaken`: such a cell says nothing).
    Without `side`, nothing is known about suppressed cells; without both, any cell may be one that is held.
    Result, beside node, geography, area_code, cell: row (of cube), measure, age, sex, side, low, high, held.
    """
    shown = (cube["status"] == PUBLISHED).to_numpy()
    held = np.full(len(cube), "side" not in cube.columns)
    held = cube["held"].to_numpy(dtype=bool) if "held" in cube.columns else held
    side = cube["side"].to_numpy(dtype=object) if "side" in cube.columns else np.full(len(cube), NOT_TOLD, dtype=object)
    side = np.where(shown, SHOWN, side)
    left = cube["overtaken"].to_numpy(dtype=bool) if "overtaken" in cube.columns else np.zeros(len(cube), dtype=bool)
    side = np.where(left & ~shown, WITHHELD, side)
    people = _positions(cube, lattice.by_id, volume=False).assign(side=side)
    low, high = _people_between(cube, side, held, policy)
    low[left], high[left] = 0.0, max(MANY, MANY_TIMES * low.max(initial=0.0))
    people = people.assign(low=low, high=high, held=held)
    counted = cube["node"].map(lambda node: lattice.by_id[node].volume).to_numpy(dtype=bool)
    volumes = _positions(cube[counted], lattice.by_id, volume=True).assign(side=VOLUME)
    low, high = _contacts_between(cube[counted], held[counted], policy)
    return pd.concat([people, volumes.assign(low=low, high=high, held=held[counted])], ignore_index=True)


def overtaken(cube: pd.DataFrame, exact: pd.Series, policy: Policy) -> NDArray[np.bool_]:
    """Return which held cells the truth has left behind: what was published then no longer bounds it.

    The hold rule allows that only where keys have changed, since people cannot be compared then.
    cube: as for `read_claims`, with `side` and `held`; exact: people by cell.
    """
    held = cube["held"].to_numpy(dtype=bool)
    side = np.where(cube["status"] == PUBLISHED, SHOWN, cube["side"].to_numpy(dtype=object))
    low, high = _people_between(cube, side, held, policy)
    people = exact.to_numpy(dtype=float)
    return held & ((people < low) | (people > high))


def _positions(cube: pd.DataFrame, nodes: Mapping[str, Node], volume: bool) -> pd.DataFrame:
    split = {cell: split_cell(cell) for cell in cube["cell"].unique()}
    texts, *positions = zip(*(split[cell] for cell in cube["cell"]), strict=True) if len(cube) else ((), (), ())
    windows = cube["node"].map({name: node.window for name, node in nodes.items()})
    measures = [Measure(window, text, volume) for window, text in zip(windows, texts, strict=True)]
    found = cube[["node", "geography", "area_code", "cell"]].assign(row=cube.index.to_numpy())
    found["measure"] = pd.Series(measures, index=found.index, dtype=object)
    for name, values in zip(OF_THE_PERSON, positions, strict=True):
        found[name] = pd.Series(list(values), index=found.index, dtype=object)  # so that None stays None
    return found


def _people_between(
    cube: pd.DataFrame, side: np.ndarray, held: np.ndarray, policy: Policy
) -> tuple[np.ndarray, np.ndarray]:
    people = cube["people"].to_numpy(dtype=float, na_value=np.nan)
    threshold, moved = policy.suppress_counts_under, policy.hold_changes_under - 1
    below, above = policy.interval(0)
    low = np.select(
        [side == SHOWN, side == SMALL],
        [np.where(held, np.maximum(people + below - moved, 0), np.maximum(people + below, threshold)), 0.0],
        np.where(held | np.isin(side.astype(str), (WITHHELD, NOT_TOLD)), 0.0, float(threshold)),
    )
    small = threshold - 1 + np.where(held, moved, 0)
    high = np.select([side == SHOWN, side == SMALL], [people + above + np.where(held, moved, 0), small], np.inf)
    return low, high


def _contacts_between(cube: pd.DataFrame, held: np.ndarray, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    contacts = cube["contacts"].to_numpy(dtype=float, na_value=np.nan)
    nearest = policy.round_contacts_to_nearest
    known = ~np.isnan(contacts) & ~held
    return np.where(known, contacts - nearest // 2, 0.0), np.where(known, contacts + nearest - 1 - nearest // 2, np.inf)


def base_text(cell: str) -> str:
    """Return the measure that a cell's people are out of: the cohort it crosses with something, or everyone known."""
    parts = cell_parts(split_cell(cell)[0])
    return f"cohort={parts['cohort']}" if "cohort" in parts and len(parts) > 1 else TOTAL
