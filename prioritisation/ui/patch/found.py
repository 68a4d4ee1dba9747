"""What the Patch page asks the engine, kept once per server: the ground, patches, how they fare, divisions, proofs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from prioritisation.patch.best import alternatives, first_answer
from prioritisation.patch.child import RUNNING, Proving
from prioritisation.patch.division import Plan
from prioritisation.patch.fares import Robust, UnderWeights, robust, under_weights
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Patch, Problem, patch_of
from prioritisation.patch.request import Wanted
from prioritisation.patch.rollout import Rollout
from prioritisation.patches import Objective, divided, ground_of_release, objective_of, objectives
from prioritisation.prioritise import Prioritisation
from prioritisation.scenario import Scenario
from prioritisation.ui.session import View, catalogue_stamps

PROOFS_AT_ONCE = 2
LEFT_AFTER_SECONDS = 15.0  # a proof that no page has looked at for so long gives way to another


@dataclass(frozen=True, eq=False)
class Asked:
    """What the page is about: a scenario's areas, what to hold as much of as can be, and the wishes."""

    view: View
    ground: Ground
    objective: Objective
    wanted: Wanted

    @property
    def key(self) -> tuple[object, ...]:
        """What caches go by."""
        return (*_place(self.view), self.view.scenario, self.objective.id, self.wanted)


@dataclass(frozen=True, eq=False)
class Found:
    """The best patch known now, and what it was searched in. first: what the search found, before any proof."""

    asked: Asked
    problem: Problem
    first: Patch

    @cached_property
    def best(self) -> Patch:
        """The first answer, or what the proof came upon instead."""
        known = proofs().known(self.problem.fingerprint)
        better = known.progress.best if known is not None else None
        return self.first if better is None or better.gain <= self.first.gain else better

    def others(self) -> list[Patch]:
        """Return the alternatives to the best patch."""
        return _alternatives(self.problem, self.best, self.asked.key, self.best.members)

    def patch(self, members: Sequence[int]) -> Patch:
        return patch_of(self.problem, members)


def ground(view: View) -> Ground:
    """Return the ground of the areas on screen. UserError: the release has no boundaries."""
    return _ground(view, *_place(view))


def offered(view: View) -> dict[str, str]:
    """Return id -> name of what can be maximised."""
    return _objectives(view, *_place(view), catalogue_stamps(view.store.folder))


def objective(view: View, wanted: str) -> Objective:
    """Return one of them."""
    return _objective(view, *_place(view), catalogue_stamps(view.store.folder), view.scenario, wanted)


def find(asked: Asked) -> Found:
    """Return a good patch, at once. UserError: no patch can be as wanted."""
    return Found(asked, *_first(asked, asked.key))


def fares_under(found: Found, patch: Patch, ranking: Prioritisation, scenario: Scenario) -> UnderWeights:
    """Return how a patch fares under another scenario, whose ranking is given."""
    return _under(found.problem, patch, ranking, found.asked.key, patch.members, scenario)


def fares_within_reason(found: Found, patch: Patch) -> Robust:
    """Return how a patch fares across reasonable weightings."""
    return _robust(found, patch, found.asked.key, patch.members)


def division(view: View, plan: Plan, balance: str) -> Rollout:
    """Return the whole council in patches. UserError: it cannot be divided like this."""
    return _division(view, *_place(view), view.scenario, plan, balance)


class Proofs:
    """The proofs of this server, by problem; at most PROOFS_AT_ONCE run."""

    def __init__(self, begin: Callable[[Problem, Patch], Proving] = Proving) -> None:
        self._begin = begin
        self._guard = threading.Lock()
        self._known: dict[str, Proving] = {}
        self._looked: dict[str, float] = {}

    def known(self, name: str) -> Proving | None:
        """Return a proof that was begun, without beginning one. name: the problem's fingerprint."""
        return self._known.get(name)

    def follow(self, problem: Problem, best: Patch) -> Proving | None:
        """Return the proof of a problem, begun now if need be; None while others are in its way."""
        with self._guard:
            name, now = problem.fingerprint, time.monotonic()
            self._looked[name] = now
            if name in self._known:
                return self._known[name]
            running = [each for each, proving in self._known.items() if proving.state == RUNNING]
            for each in running:
                if now - self._looked.get(each, 0) > LEFT_AFTER_SECONDS:
                    self._known.pop(each).cancel()
                    running = [other for other in running if other != each]
            if len(running) >= PROOFS_AT_ONCE:
                return None
            self._known[name] = self._begin(problem, best)
            return self._known[name]

    def again(self, problem: Problem) -> None:
        """Forget a proof that was stopped, so that it begins anew."""
        with self._guard:
            ended = self._known.pop(problem.fingerprint, None)
            if ended is not None:
                ended.cancel()


@st.cache_resource(show_spinner=False)
def proofs() -> Proofs:
    """Return the proofs of this server."""
    return Proofs()


def _place(view: View) -> tuple[str, str | None]:
    return view.release_key, view.council


# What leads with an underscore is named by the rest of the key.
@st.cache_resource(max_entries=4, show_spinner=False)
def _ground(_view: View, release: str, council: str | None) -> Ground:
    return ground_of_release(_view.store, _view.areas)


@st.cache_resource(max_entries=4, show_spinner=False)
def _objectives(_view: View, release: str, council: str | None, stamps: object) -> dict[str, str]:
    return objectives(_view.store)


@st.cache_resource(max_entries=64, show_spinner=False)
def _objective(
    _view: View, release: str, council: str | None, stamps: object, scenario: Scenario, wanted: str
) -> Objective:
    return objective_of(_view.store, _view.ranking, wanted)


@st.cache_resource(max_entries=128, show_spinner="Looking for a good patch")
def _first(_asked: Asked, key: tuple[object, ...]) -> tuple[Problem, Patch]:
    return first_answer(_asked.ground, _asked.objective.gain, _asked.wanted)


@st.cache_resource(max_entries=64, show_spinner="Looking for patches that differ")
def _alternatives(_problem: Problem, _best: Patch, key: tuple[object, ...], members: tuple[int, ...]) -> list[Patch]:
    return alternatives(_problem, _best)


@st.cache_resource(max_entries=256, show_spinner="Trying other weights")
def _under(
    _problem: Problem,
    _patch: Patch,
    _ranking: Prioritisation,
    key: tuple[object, ...],
    members: tuple[int, ...],
    scenario: Scenario,
) -> UnderWeights:
    return under_weights(_problem, _patch, _ranking.scores.score)


@st.cache_resource(max_entries=64, show_spinner="Trying other reasonable weights")
def _robust(_found: Found, _patch: Patch, key: tuple[object, ...], members: tuple[int, ...]) -> Robust:
    view = _found.asked.view
    scores, aggregate = view.ranking.scores, view.scenario.framework.aggregate
    return robust(_found.problem, _patch, _found.others(), scores.priority_scores, scores.weights, aggregate)


@st.cache_resource(max_entries=32, show_spinner="Dividing the council")
def _division(_view: View, release: str, council: str | None, scenario: Scenario, plan: Plan, balance: str) -> Rollout:
    return divided(_view.ranking, ground(_view), plan, balance)
