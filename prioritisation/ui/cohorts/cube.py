"""The published cube of the release on screen, indexed once per server, and its answers, kept for every session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from prioritisation.catalogue import Catalogue
from prioritisation.cohort_ranking import CohortRanking, open_cube, rank_cohorts
from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.concentration import Concentration, concentration
from prioritisation.cohorts.counts import Answer, Question, answer, by_area, is_available, waterfall
from prioritisation.cohorts.overlaps import Overlaps, overlaps
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import Contract, load_contract
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.store import Store
from prioritisation.ui.session import View, catalogue_stamps

LOCALITY = "locality"


@dataclass(frozen=True, eq=False)
class People:
    """The cube of a view's release. key: names release and catalogue, what caches go by."""

    view: View
    cube: PublishedCube
    key: str

    @property
    def where(self) -> tuple[str, tuple[str, ...]]:
        """Geography and areas that questions are asked of: the locality in the address, else the whole council."""
        locality = self.view.locality
        if locality is None or locality not in self.cube.areas(LOCALITY):
            return COUNCIL, ()
        return LOCALITY, (locality,)

    @property
    def place(self) -> str:
        """Name of what questions are asked of."""
        _, areas = self.where
        return areas[0] if areas else self.view.store.release.council_name

    @property
    def ids(self) -> str:
        """What every chart says it was made from."""
        return f"scenario {self.view.scenario.id} · release {self.view.store.release.id}"


def current_people(view: View) -> People | None:
    """Return the cube of the release on screen; None when no partner extract was imported. UserError: catalogue."""
    if not facts_of(view):
        return None
    key = _key(view)
    return People(view, _cube(view.store, str(view.store.folder.catalogue), key), key)


def facts_of(view: View) -> dict[str, str]:
    """Return what the release says about its counts of people; empty where it has none."""
    return _facts(view.store, view.release_key)


def current_contract(folder: DataFolder) -> Contract:
    """Return the contract with partners, read again whenever a file of the catalogue has changed."""
    return _contract(folder.catalogue, catalogue_stamps(folder))


def answered(people: People, question: Question) -> Answer:
    """Return a count with its words."""
    return _answer(people.cube, people.key, question)


def steps(people: People, rule: CohortRule) -> pd.DataFrame:
    """Return the waterfall of a rule in the place that is asked of."""
    return _steps(people.cube, people.key, rule, *people.where)


def areas_of(people: People, rule: CohortRule, geography: str) -> pd.DataFrame:
    """Return the count of every area of a geography, as `counts.by_area`."""
    return _areas(people.cube, people.key, rule, geography)


def can_answer(people: People, rules: tuple[CohortRule, ...], geography: str) -> tuple[bool, ...]:
    """Return for each rule whether published counts can answer it in a geography."""
    return _can_answer(people.cube, people.key, rules, geography)


def overlapping(
    people: People, kind: str, how: str, geography: str, area: str | None, compared: tuple[str, ...] = ()
) -> Overlaps:
    """Return overlaps, as `overlaps.overlaps`."""
    return _overlaps(people.cube, people.key, kind, how, geography, area, compared)


def share_inside(people: People, rule: CohortRule, areas: tuple[str, ...]) -> Concentration:
    """Return how much of a cohort lives in these small areas."""
    return _inside(people.cube, people.key, rule, areas)


def ranked(people: People, scenario: Scenario, shortlist: tuple[str, ...]) -> CohortRanking:
    """Return the cohorts ranked under a scenario. UserError: they cannot be ranked."""
    return _ranked(people.cube, people.view.catalogue, people.key, scenario, shortlist)


def _key(view: View) -> str:
    return f"{view.release_key} {catalogue_stamps(view.store.folder)}"


@st.cache_resource(max_entries=3, show_spinner=False)
def _facts(_store: Store, release: str) -> dict[str, str]:
    return _store.cube_facts()


@st.cache_resource(max_entries=2, show_spinner=False)
def _cube(_store: Store, catalogue: str, key: str) -> PublishedCube:
    return open_cube(_store, _store.folder.catalogue)


@st.cache_resource(max_entries=2, show_spinner=False)
def _contract(_catalogue: Any, stamps: tuple[tuple[str, int, int], ...]) -> Contract:
    return load_contract(_catalogue)


# The cube is left out of the keys below: release and catalogue name it.
@st.cache_data(max_entries=512, show_spinner=False)
def _answer(_cube: PublishedCube, key: str, question: Question) -> Answer:
    return answer(_cube, question)


@st.cache_data(max_entries=128, show_spinner=False)
def _steps(_cube: PublishedCube, key: str, rule: CohortRule, geography: str, areas: tuple[str, ...]) -> pd.DataFrame:
    return waterfall(_cube, rule, geography, areas)


@st.cache_data(max_entries=128, show_spinner=False)
def _areas(_cube: PublishedCube, key: str, rule: CohortRule, geography: str) -> pd.DataFrame:
    return by_area(_cube, rule, geography)


@st.cache_data(max_entries=128, show_spinner=False)
def _can_answer(_cube: PublishedCube, key: str, rules: tuple[CohortRule, ...], geography: str) -> tuple[bool, ...]:
    return tuple(is_available(_cube, rule, geography) for rule in rules)


@st.cache_data(max_entries=32, show_spinner=False)
def _overlaps(
    _cube: PublishedCube,
    key: str,
    kind: str,
    how: str,
    geography: str,
    area: str | None,
    compared: tuple[str, ...],
) -> Overlaps:
    return overlaps(_cube, kind, how, geography, area, compared)


@st.cache_data(max_entries=128, show_spinner=False)
def _inside(_cube: PublishedCube, key: str, rule: CohortRule, areas: tuple[str, ...]) -> Concentration:
    return concentration(_cube, rule, areas)


@st.cache_resource(max_entries=16, show_spinner=False)
def _ranked(
    _cube: PublishedCube, _catalogue: Catalogue, key: str, scenario: Scenario, shortlist: tuple[str, ...]
) -> CohortRanking:
    return rank_cohorts(_cube, scenario, _catalogue, shortlist=shortlist)
