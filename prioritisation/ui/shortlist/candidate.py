"""The patch that can be agreed with a draft: as the Patch page's choices in the address ask, else the usual one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.patch.problem import Patch
from prioritisation.patch.recorded import RecordedPatch, recorded_patch
from prioritisation.patch.sentences import instead_sentence
from prioritisation.patches import patch_record
from prioritisation.ui.patch.choice import asked_in_link, is_by_hand, is_in_link, on_screen
from prioritisation.ui.patch.found import Found, find, proofs
from prioritisation.ui.patch.hand import hand_sentence
from prioritisation.ui.shortlist.shown import Shown

_LOOKED = "shortlist-patch-looked"


@dataclass(frozen=True, eq=False)
class Candidate:
    """One patch, as it is on screen: what was searched, and which of all that was found or made by hand."""

    found: Found
    patch: Patch

    @cached_property
    def seen(self) -> RecordedPatch | None:
        """The patch as the record would tell it, but for the alternatives, which take a while."""
        return recorded_patch(self.record())

    def record(self, alternatives: Sequence[Patch] = ()) -> dict[str, Any]:
        """Return the patch as the decision keeps it."""
        found, asked = self.found, self.found.asked
        is_best = self.patch.members == found.best.members
        by_hand = is_by_hand(found, self.patch)
        proving = proofs().known(found.problem.fingerprint) if is_best else None
        made = patch_record(
            asked.view.ranking,
            asked.ground,
            found.problem,
            asked.objective,
            asked.wanted,
            self.patch,
            progress=proving.progress if proving else None,
            state=proving.state if proving else "",
            alternatives=alternatives,
        )
        return made | {"by_hand": by_hand, "sentences": [*made["sentences"], *self._told_beside_the_best(by_hand)]}

    def _told_beside_the_best(self, by_hand: bool) -> list[str]:
        """Return what tells the patch from the best one; nothing where it is the best."""
        if by_hand:
            return [hand_sentence(self.found, self.patch)]
        is_best = self.patch.members == self.found.best.members
        return [] if is_best else [instead_sentence(self.found.best, self.patch)]

    def whole_record(self) -> dict[str, Any]:
        """Return it with the alternatives that were there to choose from."""
        others = [self.found.best, *self.found.others()]
        return self.record([each for each in others if each.members != self.patch.members])


def candidate(shown: Shown) -> Candidate | None:
    """Return the patch for a draft; None for an agreed list, or where nobody knows which areas touch.

    UserError: no patch can be as the address asks.
    """
    if shown.state is not None or shown.view is None or shown.view.store.boundaries is None:
        return None
    found = find(asked_in_link(shown.view))
    return Candidate(found, on_screen(found))


def offered_patch(shown: Shown) -> Candidate | None:
    """Return the same for the form that agrees a list: None, too, where no patch can be as asked."""
    try:
        return candidate(shown)
    except UserError:
        return None


def looked_at(shown: Shown) -> bool:
    """Return whether somebody looked at this list's patch, or chose one on the Patch page."""
    return is_in_link() or st.session_state.get(_LOOKED) == shown.key


def remember_look(shown: Shown) -> None:
    """Remember that the patch was shown beside this list."""
    st.session_state[_LOOKED] = shown.key
