"""Releases made from invented worlds by the product's own rules: what an attacker of the method has before them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from prioritisation.attack.worlds import COUNCIL_CODE, World, count_world
from prioritisation.cohorts.library import load_cohorts
from prioritisation.contract import Contract, load_contract
from prioritisation.disclosure.lattice import Lattice, load_lattice
from prioritisation.disclosure.policy import Policy, load_policy
from prioritisation.disclosure.protect import PUBLISHED, SHOWN, WITHHELD, held_cells, protect, sides
from prioritisation.exposure.constraints import constraints
from prioritisation.exposure.insiders import exact_values
from prioritisation.exposure.measures import Meanings
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import read_claims
from prioritisation.exposure.repair import Repaired, repair
from prioritisation.exposure.repair_inside import repair_inside
from prioritisation.ingest.contacts.repairing import applied

NEVER_PUBLISHED: dict[str, float] = {"changed": np.nan, "held_people": np.nan, "held_contacts": np.nan}


@dataclass(frozen=True, eq=False)
class Setting:
    """The rules in force: what may be counted, what it means, and the thresholds. cohorts: rules by id."""

    lattice: Lattice
    policy: Policy
    contract: Contract
    cohorts: Mapping[str, Mapping[str, object]]

    @classmethod
    def load(cls, catalogue: Path) -> Setting:
        contract = load_contract(catalogue)
        saved = load_cohorts(catalogue, contract)
        rules = {name: cohort.rule.to_record() for name, cohort in saved.items()}
        return cls(load_lattice(catalogue), load_policy(catalogue), contract, rules)

    def with_cohorts(self, cohorts: pd.DataFrame) -> Setting:
        """Return the setting with the cohorts of a release: cohort_id, rule (JSON)."""
        rules = {str(name): json.loads(rule) for name, rule in zip(cohorts["cohort_id"], cohorts["rule"], strict=True)}
        return replace(self, cohorts=rules)

    @property
    def meanings(self) -> Meanings:
        return Meanings(self.contract, self.cohorts)


@dataclass(frozen=True, eq=False)
class Trial:
    """One invented release. counts: exact; cube: as published, with `side` and `held`; repaired: what was hidden."""

    world: World
    counts: pd.DataFrame
    cube: pd.DataFrame
    repaired: Repaired | None = None

    @property
    def places(self) -> Places:
        return Places.of(self.world.areas, COUNCIL_CODE)


def publish(world: World, counts: pd.DataFrame, setting: Setting, *, repairing: bool = True, seed: int = 1) -> Trial:
    """Return what a first release publishes of a world's counts."""
    history = counts.assign(**NEVER_PUBLISHED, held_status=None, held_side=None, rotated=False)
    cube = protect(history, setting.policy).assign(
        side=sides(history, setting.policy), held=held_cells(history, setting.policy)
    )
    trial = Trial(world, counts, cube)
    return repaired_trial(trial, setting, seed) if repairing else trial


def repaired_trial(trial: Trial, setting: Setting, seed: int) -> Trial:
    """Return the release after the repair, breakdowns that it cannot make safe left out."""
    claims = read_claims(trial.cube, setting.lattice, setting.policy)
    made = constraints(claims, trial.places, setting.meanings, setting.policy)
    exact = exact_values(claims, trial.counts["people"], trial.counts["contacts"])
    outside = repair(made, setting.lattice, places=trial.places, seed=seed)
    found = repair_inside(outside, setting.lattice, setting.meanings, exact, seed=seed)
    cube = applied(trial.cube, claims, found)
    withheld = (cube["side"] == SHOWN) & (cube["status"] != PUBLISHED)
    kept = cube.assign(side=cube["side"].mask(withheld, WITHHELD)).reset_index(drop=True)
    return Trial(trial.world, trial.counts.loc[cube.index].reset_index(drop=True), kept, found)


def invented(world: World, setting: Setting) -> pd.DataFrame:
    """Return the exact counts of a world on the setting's lattice."""
    return count_world(world, setting.contract, setting.lattice, setting.cohorts)
