"""The same scenario otherwise: without one priority, without one indicator, and by every method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prioritisation.framework import AGGREGATES, METHODS, Normalisation, Priority
from prioritisation.scenario import Scenario
from prioritisation.scoring import Ranks

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Variant:
    """Another scenario. id: of what was left out, or "normalise/aggregate"."""

    id: str
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a variant makes of the shortlist. inside: (n,) in it then; leaves, enters: units, beside the one agreed."""

    id: str
    inside: Flags
    leaves: tuple[int, ...]
    enters: tuple[int, ...]

    @property
    def same(self) -> bool:
        return not self.leaves and not self.enters


def shortlisted(rank: Ranks, cut: int) -> Flags:
    """Return which units are in the shortlist; 0 is not scored."""
    return (rank > 0) & (rank <= cut)


def outcome(identifier: str, inside: Flags, now: Flags) -> Outcome:
    """Compare a variant's shortlist with the one as it is now."""
    leaves, enters = (tuple(np.flatnonzero(each).tolist()) for each in (now & ~inside, inside & ~now))
    return Outcome(identifier, inside, leaves, enters)


def without_each_priority(scenario: Scenario) -> Iterator[Variant]:
    """Yield the scenario without each priority that counts, the others in proportion; none when only one counts."""
    on = [k for k, weight in enumerate(scenario.percentages) if weight > 0]
    for k in on if len(on) > 1 else []:
        yield Variant(scenario.framework.priority_ids[k], _weighted(scenario, {k}))


def without_each_indicator(scenario: Scenario) -> Iterator[Variant]:
    """Yield the scenario without each indicator that counts, its share given to the rest of its priority.

    A priority that has no other indicator goes with it. Where nothing would be left, there is no such scenario.
    """
    for identifier in scenario.framework.indicator_ids:
        made = [_without(priority, identifier) for priority in scenario.framework.priorities]
        if all(each == priority for each, priority in zip(made, scenario.framework.priorities, strict=True)):
            continue
        off = {k for k, each in enumerate(made) if each is None}
        kept = [old if new is None else new for new, old in zip(made, scenario.framework.priorities, strict=True)]
        touched = [k for k, old in enumerate(scenario.framework.priorities) if made[k] != old]
        if not any(scenario.percentages[k] > 0 for k in touched):
            continue
        left = [weight for k, weight in enumerate(scenario.percentages) if k not in off]
        if any(weight > 0 for weight in left):
            framework = replace(scenario.framework, priorities=tuple(kept))
            yield Variant(identifier, _weighted(replace(scenario, framework=framework), off))


def each_method(scenario: Scenario) -> Iterator[Variant]:
    """Yield every way to normalise with every way to combine that fits it; the scenario's own is among them."""
    own = scenario.framework.normalise
    for aggregate in AGGREGATES:
        for method in METHODS:
            if (method, aggregate) != ("z-score", "geometric"):
                normalise = own if method == own.method else Normalisation(method)
                framework = replace(scenario.framework, normalise=normalise, aggregate=aggregate)
                yield Variant(f"{method}/{aggregate}", replace(scenario, framework=framework))


def times_in(outcomes: Sequence[Outcome], units: int) -> Ranks:
    """Return in how many of the outcomes each unit is in the shortlist, (n,)."""
    return sum((each.inside.astype(np.int64) for each in outcomes), np.zeros(units, dtype=np.int64))


def _weighted(scenario: Scenario, off: set[int]) -> Scenario:
    weights = [0.0 if k in off else weight for k, weight in enumerate(scenario.percentages)]
    return scenario.with_weights(weights)


def _without(priority: Priority, identifier: str) -> Priority | None:
    """Return a priority without an indicator; None where it has no other that counts."""
    kept = [part for part in priority.indicators if part.id != identifier]
    if len(kept) == len(priority.indicators):
        return priority
    total = sum(part.share for part in kept)
    if total <= 0:
        return None
    return replace(priority, indicators=tuple(replace(part, share=part.share / total) for part in kept))
