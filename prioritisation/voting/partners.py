"""Which areas each partner's own weights would choose, and how that compares with the group's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from prioritisation.scoring import Scores, rank_units
from prioritisation.voting.ballots import Cast, weights_of
from prioritisation.voting.together import group_weights
from prioritisation.weights import shares
from prioritisation.words import organisation_key


@dataclass(frozen=True)
class PartnerList:
    """One partner's own shortlist. percentages: of its votes together; areas: ids by rank, tied ones at the cut all in.

    shared: how many of them are on the group's list.
    """

    organisation: str
    votes: int
    percentages: tuple[float, ...]
    areas: tuple[str, ...]
    shared: int

    def overlap(self, group: int) -> str:
        """ "12 of 15 the same". group: length of the group's list."""
        if len(self.areas) == group:
            return f"{self.shared} of {group} the same"
        return f"{self.shared} in both, of {len(self.areas)} and {group}"


@dataclass(frozen=True)
class PartnerLists:
    """The lists side by side.

    percentages, areas: of all votes together; partners: the least overlap first; by_all: ids that every partner would
    choose; by_some: each other id that some would, with their organisations, those with most first.
    """

    percentages: tuple[float, ...]
    areas: tuple[str, ...]
    partners: tuple[PartnerList, ...]
    by_all: tuple[str, ...]
    by_some: tuple[tuple[str, tuple[str, ...]], ...]


def organisations(votes: Sequence[Cast]) -> tuple[tuple[str, tuple[Cast, ...]], ...]:
    """Return each organisation with its votes, by name; names that differ in capitals and blanks are one."""
    found: dict[str, list[Cast]] = {}
    for vote in votes:
        found.setdefault(organisation_key(vote.organisation), []).append(vote)
    named = [(min(vote.organisation for vote in own), tuple(own)) for own in found.values()]
    return tuple(sorted(named, key=lambda each: organisation_key(each[0])))


def partner_lists(scores: Scores, votes: Sequence[Cast], cut: int, aggregate: str) -> PartnerLists:
    """Rank the areas under the group's and under each partner's weights.

    scores: of the round's framework, under whatever weights; votes: one or more; cut, aggregate: the framework's.
    """
    percentages = group_weights(weights_of(votes))
    areas = _chosen(scores, percentages, cut, aggregate)
    partners = []
    for organisation, own in organisations(votes):
        weights = group_weights(weights_of(own))
        theirs = _chosen(scores, weights, cut, aggregate)
        partners.append(PartnerList(organisation, len(own), weights, theirs, len(set(theirs) & set(areas))))
    chosen_by = {
        area: tuple(partner.organisation for partner in partners if area in partner.areas)
        for area in dict.fromkeys([*areas, *(area for partner in partners for area in partner.areas)])
    }
    some = [(area, names) for area, names in chosen_by.items() if 0 < len(names) < len(partners)]
    return PartnerLists(
        percentages,
        areas,
        tuple(sorted(partners, key=lambda partner: partner.shared)),
        tuple(area for area, names in chosen_by.items() if len(names) == len(partners)),
        tuple(sorted(some, key=lambda each: -len(each[1]))),
    )


def _chosen(scores: Scores, percentages: Sequence[float], cut: int, aggregate: str) -> tuple[str, ...]:
    """Return the ids with rank <= cut, by rank, in the scores' order where tied."""
    rank = rank_units(scores.priority_scores, shares(percentages, scores.priority_ids), aggregate)
    listed = np.flatnonzero((rank > 0) & (rank <= cut))
    return tuple(scores.unit_ids[place] for place in listed[np.argsort(rank[listed], kind="stable")])
