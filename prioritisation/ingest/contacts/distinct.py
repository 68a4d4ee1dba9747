"""Which cohorts are counted: none that differs by a handful of people from another, of now or ever published."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from prioritisation.cohorts.library import Cohort
from prioritisation.cohorts.rule import Condition, read_rule
from prioritisation.contract import Contract
from prioritisation.disclosure.policy import Policy
from prioritisation.ingest.contacts.steps import Steps

LeftOut = list[tuple[str, str]]


class _Pair(NamedTuple):
    """How many people two cohorts have, and how many both have."""

    one: int
    other: int
    both: int

    def too_near(self, policy: Policy) -> bool:
        """Whether both would be shown, and differ by nobody or by a handful.

        Nobody counts as few: leaving one out must not tell that somebody makes the difference. Nor does it where one
        is suppressed anyway: with the other's size it would tell that there is somebody in it.
        """
        apart = self.one + self.other - 2 * self.both
        return min(self.one, self.other) >= policy.suppress_counts_under and apart < policy.hold_changes_under


@dataclass(frozen=True)
class PublishedCohorts:
    """Cohorts that some release has counted: their ids, and the conditions of those that are not to be counted now."""

    ids: frozenset[str]
    laid_aside: Mapping[str, tuple[Condition, ...]]


def read_published(steps: Steps, contract: Contract, to_count: Collection[str]) -> PublishedCohorts:
    """Return the cohorts that were ever published. One whose rule the contract no longer knows has no conditions."""
    rules = steps.read("cohorts_published").itertuples(index=False)
    stored = {str(cohort): rule for cohort, rule in rules}
    laid_aside = {}
    for cohort, text in stored.items():
        if cohort in to_count or not isinstance(text, str):
            continue
        rule, faults = read_rule(json.loads(text), contract)
        if not faults:
            laid_aside[cohort] = rule.structure(contract)
    return PublishedCohorts(frozenset(stored), laid_aside)


def distinct_cohorts(
    steps: Steps, cohorts: Mapping[str, Cohort], published: PublishedCohorts, policy: Policy
) -> tuple[dict[str, Cohort], LeftOut]:
    """Return the cohorts to count, and (left out, because of): the difference could be a handful of people.

    Of two, the one that was ever published is the older. A new one is compared with it as both are now, whether or
    not the older is still counted, and with the people that the older had when a cell of it was last refreshed: its
    outputs of then are known. `in_cohort` keeps the people of the cohorts to count.
    """
    overlaps = _Overlaps(steps)
    kept: list[str] = []
    left_out: LeftOut = []
    for name in sorted(cohorts, key=lambda each: each not in published.ids):
        beside = [*kept, *(() if name in published.ids else published.laid_aside)]
        pairs = [*overlaps.now(name, beside), *(() if name in published.ids else overlaps.then(name))]
        near = [other for other, pair in pairs if pair.too_near(policy)]
        if near:
            left_out.append((name, near[0]))
        else:
            kept.append(name)
    for name in (*(each for each, _ in left_out), *published.laid_aside):
        steps.run("leave_out_cohort", cohort=name)
    return {name: cohorts[name] for name in cohorts if name in kept}, left_out


class _Overlaps:
    """What cohorts have in common, each table read once."""

    def __init__(self, steps: Steps) -> None:
        pairs = steps.read("cohort_pairs").itertuples(index=False)
        self._now = {(str(first), str(second)): int(people) for first, second, people in pairs}
        before = steps.read("cohort_pairs_before").itertuples(index=False)
        self._then = {(str(old), str(at), str(new)): int(people) for old, at, new, people in before}

    def now(self, name: str, others: Collection[str]) -> Iterator[tuple[str, _Pair]]:
        """Yield each other cohort with how it and the named one overlap now."""
        for other in others:
            first, second = sorted((name, other))
            yield other, _Pair(self._size(name), self._size(other), self._now.get((first, second), 0))

    def then(self, name: str) -> Iterator[tuple[str, _Pair]]:
        """Yield each published cohort with how it, at a release, and the named one, now, overlap."""
        for (other, at, nobody), size in self._then.items():
            if not nobody:
                yield other, _Pair(self._size(name), size, self._then.get((other, at, name), 0))

    def _size(self, name: str) -> int:
        return self._now.get((name, name), 0)
