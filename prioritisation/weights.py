"""Weights as people give them, by slider, command line or scenario, become shares of 1 here and only here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from prioritisation.errors import Fault, UserError

PARTS_PER_PERCENT = 10_000
PARTS = 100 * PARTS_PER_PERCENT

Weights = Sequence[object] | Mapping[str, object]


def shares(weights: Weights, priority_ids: Sequence[str]) -> NDArray[np.float64]:
    """Return weights as shares of 1 in the order of the priorities; zero means off.

    weights: one number (or its text) per priority, in order or by priority id; only their proportions matter.
    UserError with every fault: unknown or absent priority, not a number, not finite, negative, all zero.
    """
    faults: list[Fault] = []
    given = _weights_in_order(weights, priority_ids, faults)
    numbers = [_weight(where, weight, faults) for where, weight in given.items()]
    total = 0.0
    for number in numbers:  # not sum(): from Python 3.12 on it mends its rounding, which JavaScript does not
        total += number
    if not faults and not 0 < total < math.inf:
        found = "all weights are zero." if total == 0 else "the weights are too large to add up."
        faults.append(Fault("weights", found, "Give at least one priority a weight above 0, such as 25."))
    if faults:
        raise UserError(
            "The weights cannot be used.",
            not_done="Nothing was ranked.",
            remedy="Give every priority a number of 0 or more, one of them above 0; only proportions count.",
            faults=faults,
        )
    return np.array([number / total for number in numbers])


def _weights_in_order(weights: Weights, priority_ids: Sequence[str], faults: list[Fault]) -> dict[str, object]:
    """Return the weights by priority id, in the order of the priorities, and note what is too many or few."""
    if not isinstance(weights, Mapping):
        if len(weights) != len(priority_ids):
            found = f"{len(weights)} weights for {len(priority_ids)} priorities."
            faults.append(Fault("weights", found, f"Give one for each of: {', '.join(priority_ids)}."))
        return dict(zip(priority_ids, weights, strict=False))
    for unknown in [name for name in weights if name not in priority_ids]:
        faults.append(Fault(str(unknown), "no such priority.", f"There are: {', '.join(priority_ids)}."))
    for absent in [name for name in priority_ids if name not in weights]:
        faults.append(Fault(absent, "has no weight.", f"Write {absent}=0 to leave it out."))
    return {name: weights[name] for name in priority_ids if name in weights}


def _weight(where: str, weight: object, faults: list[Fault]) -> float:
    """Return a weight as a number, or 0 and a fault."""
    try:
        number = math.nan if isinstance(weight, bool) else float(weight)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isfinite(number) and number >= 0:
        return number
    found = "is negative." if -math.inf < number < 0 else "is not a finite number."
    faults.append(Fault(where, f"weight {weight!r} {found}", "Write a number of 0 or more, such as 25."))
    return 0.0


def canonical_percentages(weights: Sequence[float]) -> tuple[float, ...]:
    """Return weights as per cents to four decimals that add up to 100: what links, files and the browser hold.

    What rounding leaves over goes to the largest, so that doing this again changes nothing. Shares are then
    percentage / sum of percentages, once, in `shares`; the browser divides in the same way.
    """
    total = 0.0
    for weight in weights:
        total += float(weight)
    parts = [round(PARTS * float(weight) / total) for weight in weights]
    parts[parts.index(max(parts))] += PARTS - sum(parts)
    return tuple(part / PARTS_PER_PERCENT for part in parts)
