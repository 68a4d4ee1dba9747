"""How far votes agree on the order of the priorities: Kendall's coefficient of concordance, W.

M. G. Kendall and B. Babington Smith, Annals of Mathematical Statistics 10 (1939) 275-287; the correction for ties is
M. G. Kendall, Rank Correlation Methods (1948), chapter 6. The words are those of R. C. Schmidt, Decision Sciences 28
(1997) 763-774, table 2, for groups that rank what matters to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prioritisation.voting.ballots import Floats
from prioritisation.weights import PARTS_PER_PERCENT

WORDS = (
    (0.9, "almost complete", "in almost the same order"),
    (0.7, "strong", "in much the same order"),
    (0.5, "moderate", "partly in the same order"),
    (0.3, "weak", "in rather different orders"),
    (0.0, "very weak", "in quite different orders"),
)


@dataclass(frozen=True)
class Agreement:
    """w: from 0 (none) to 1 (all put the priorities in the same order); None where it says nothing. votes: how many."""

    w: float | None
    votes: int
    priorities: int

    @property
    def by_chance(self) -> float:
        """What w is on average when everybody puts the priorities in an order at random."""
        return 1 / self.votes

    @property
    def word(self) -> str:
        """The word for w, such as "strong"; empty where there is none."""
        return "" if self.w is None else self._words[0]

    @property
    def _words(self) -> tuple[str, str]:
        return next((word, order) for least, word, order in WORDS if self.w is not None and self.w >= least)

    @property
    def plain(self) -> str:
        """What it means, in a sentence without a figure."""
        if self.votes < 2:
            return "One vote agrees with itself: there is no agreement to measure."
        if self.priorities < 2:
            return "There is one priority only: there is no order to agree on."
        if self.w is None:
            return "Every vote weighs all priorities alike: there is no order to agree or disagree on."
        word, order = self._words
        return f"The votes put the priorities {order}: agreement is {word}."

    @property
    def figure(self) -> str:
        """The figure behind it; empty where there is none."""
        if self.w is None:
            return ""
        told = f"Kendall's W is {self.w:.2f}, where 1 is the same order in every vote"
        return f"{told} and orders at random give about {self.by_chance:.2f}."

    @property
    def sentence(self) -> str:
        """Both, to be read aloud."""
        return f"{self.plain} {self.figure}".strip()


def implied_order(weights: Floats) -> Floats:
    """Return the rank of each priority in each vote, (votes, priorities): 1 is the heaviest, ties take their mean.

    weights: per cent; equal to four decimals is a tie.
    """
    parts = np.round(weights * PARTS_PER_PERCENT)
    heavier = (parts[:, None, :] > parts[:, :, None]).sum(axis=2)
    alike = (parts[:, None, :] == parts[:, :, None]).sum(axis=2)
    return heavier + (alike + 1) / 2


def kendalls_w(ranks: Floats) -> float | None:
    """Return Kendall's W of ranks (votes, priorities), corrected for ties.

    None where it is not defined: under two votes or priorities, or no vote tells any two priorities apart.
    """
    votes, priorities = ranks.shape
    if votes < 2 or priorities < 2:
        return None
    # A row's spread is what it would be without ties, (n^3 - n) / 12, less (t^3 - t) / 12 for each t that tie.
    most = votes * float(((ranks - (priorities + 1) / 2) ** 2).sum())
    if most == 0:
        return None
    totals = ranks.sum(axis=0)
    return min(1.0, float(((totals - totals.mean()) ** 2).sum()) / most)


def agreement(weights: Floats) -> Agreement:
    """Return how far votes agree. weights: (votes, priorities), per cent."""
    return Agreement(kendalls_w(implied_order(weights)), *weights.shape)
