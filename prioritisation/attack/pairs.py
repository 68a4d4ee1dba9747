"""The pair attack: somebody who knows all about a resident but one flag asks questions in pairs that differ by them.

Each resident attacked has the flag by the toss of a coin, and is attacked twice: as the coin fell, and as if it had
fallen otherwise (then so for all). What others have in common with them can therefore not help, only their own record.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.guess import balanced_accuracy, best_cut_accuracy
from prioritisation.attack.trials import Setting, Trial, invented, publish
from prioritisation.attack.worlds import COUNCIL_CODE, World
from prioritisation.cohorts.counts import Question, count_people
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.reading import read_cube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.disclosure.policy import Policy
from prioritisation.exposure.places import SMALL_AREA

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
GEOGRAPHIES = (SMALL_AREA, "intermediate zone", "ward", "locality")


@dataclass(frozen=True, eq=False)
class Targets:
    """Residents attacked: their positions, the flag of each, and how its coin fell."""

    people: Whole
    flag: Whole
    coin: Flags


@dataclass(frozen=True)
class PairAttack:
    """accuracy: balanced, 0.5 is a coin; targets: residents attacked; pairs: questions asked about each, in pairs."""

    accuracy: float
    targets: int
    pairs: int


def choose_targets(world: World, setting: Setting, count: int, random: np.random.Generator) -> Targets:
    """Choose residents with a mapped area, and for each a flag that no service of theirs stands for."""
    names = list(setting.contract.flags)
    implied = np.zeros_like(world.flags)
    seen = (world.contacts + world.before) > 0
    for column, service in enumerate(setting.contract.services.values()):
        if service.need is not None:
            implied[:, names.index(service.need)] |= seen[:, column]
    able = np.flatnonzero((world.place >= 0) & ~implied.all(axis=1))
    people = random.choice(able, min(count, len(able)), replace=False)
    flag = np.array([random.choice(np.flatnonzero(~implied[person])) for person in people])
    return Targets(people, flag, random.random(len(people)) < 0.5)


def with_coins(world: World, targets: Targets, coin: Flags) -> World:
    """Return the world in which each target has its flag as a coin fell."""
    flags = world.flags.copy()
    flags[targets.people, targets.flag] = coin
    return replace(world, flags=flags)


def attack_published(
    world: World, setting: Setting, *, count: int, pairs: int, seed: int, repairing: bool = True
) -> PairAttack:
    """Ask the application's own functions, which answer from published cells only."""
    random = np.random.default_rng(seed)
    targets = choose_targets(world, setting, count, random)
    questions = [_pairs_about(world, setting, targets, number, pairs, random) for number in range(len(targets.people))]
    scores, truth = [], []
    for coin in (targets.coin, ~targets.coin):
        tossed = with_coins(world, targets, coin)
        trial = publish(tossed, invented(tossed, setting), setting, repairing=repairing, seed=seed)
        cube = cube_of(trial, setting)
        ask = _Asking(cube)
        scores.append([ask.score(asked) for asked in questions])
        truth.append(coin)
    accuracy = best_cut_accuracy(np.array(scores), np.array(truth), random)
    return PairAttack(accuracy, len(targets.people), pairs)


def cube_of(trial: Trial, setting: Setting) -> PublishedCube:
    """Return the published cube as the application reads it."""
    rows = [(name, name, json.dumps(rule), name) for name, rule in setting.cohorts.items()]
    cohorts = pd.DataFrame(rows, columns=["cohort_id", "name", "rule", "sentence"])
    areas = trial.world.areas.assign(name=trial.world.areas["area_code"], population=1000.0)
    return read_cube(
        trial.cube,
        cohorts,
        areas.set_index("area_code"),
        lattice=setting.lattice,
        policy=setting.policy,
        contract=setting.contract,
        council=COUNCIL_CODE,
    )


@dataclass(frozen=True)
class Pair:
    """Two questions that differ by the area of one resident, each with and without the flag."""

    rule: CohortRule
    flagged: CohortRule
    geography: str
    others: tuple[str, ...]
    own: str


def _pairs_about(
    world: World, setting: Setting, targets: Targets, number: int, pairs: int, random: np.random.Generator
) -> list[Pair]:
    """Return pairs of questions: a random part of what is known of the resident, with and without where they live."""
    person, contract = int(targets.people[number]), setting.contract
    flag = list(contract.flags)[targets.flag[number]]
    row = world.areas.iloc[world.place[person]]
    columns = dict(zip(GEOGRAPHIES, ("area_code", "intermediate_zone_code", "ward", "locality"), strict=True))
    services = [name for name, used in zip(contract.services, world.contacts[person] > 0, strict=True) if used]
    partners = sorted({contract.services[each].partner for each in services})
    known: list[CohortRule] = [
        CohortRule(),
        CohortRule(age=(contract.age_bands[world.age[person]],)),
        CohortRule(sex=(contract.sexes[world.sex[person]],)),
        CohortRule(age=(contract.age_bands[world.age[person]],), sex=(contract.sexes[world.sex[person]],)),
        *(CohortRule(services_all=(each,)) for each in services),
        *(CohortRule(partners_all=(each,)) for each in partners),
    ]
    made = []
    for _ in range(pairs):
        rule = known[random.integers(len(known))]
        geography = str(random.choice(GEOGRAPHIES))
        own = str(row[columns[geography]])
        elsewhere = [code for code in world.areas[columns[geography]].unique() if code != own]
        others = tuple(code for code in elsewhere if random.random() < 0.3)
        made.append(Pair(rule, replace(rule, flags_all=(flag,)), geography, others, own))
    return made


class _Asking:
    """Asks pairs of questions of a cube; each question once."""

    def __init__(self, cube: PublishedCube) -> None:
        self.cube = cube
        self.answered: dict[Question, float] = {}

    def score(self, pairs: list[Pair]) -> float:
        """Return how many more have the flag than the council's rate lets expect, over all pairs, in people."""
        excess = []
        for pair in pairs:
            more = [self._difference(rule, pair) for rule in (pair.flagged, pair.rule)]
            council = [self._middle(Question(rule)) for rule in (pair.flagged, pair.rule)]
            if np.isfinite([*more, *council]).all() and council[1] > 0:
                expected = more[1] * council[0] / council[1]
                excess.append((more[0] - expected) / np.sqrt(max(expected, 1.0)))
        return float(np.mean(excess)) if excess else 0.0

    def _difference(self, rule: CohortRule, pair: Pair) -> float:
        both = self._middle(Question(rule, pair.geography, (*pair.others, pair.own)))
        return both - (self._middle(Question(rule, pair.geography, pair.others)) if pair.others else 0.0)

    def _middle(self, question: Question) -> float:
        if question not in self.answered:
            count = count_people(self.cube, question)
            middle = (count.low + count.high) / 2 if count.best is None else float(count.best)
            self.answered[question] = middle if count.is_available else np.nan
        return self.answered[question]


def attack_live(
    world: World, setting: Setting, *, count: int, pairs: int, seed: int, policy: Policy | None = None
) -> PairAttack:
    """The control: ask a builder that counts people live and then hides small counts and rounds.

    Each pair is a random group of others who have the flag, and the same group together with whoever shares all that
    is known of the resident.
    """
    rules = policy or setting.policy
    random = np.random.default_rng(seed)
    targets = choose_targets(world, setting, count, random)
    tossed = with_coins(world, targets, targets.coin)
    profile = np.column_stack([world.place, world.age, world.sex, world.contacts])
    guessed = []
    for person, flag in zip(targets.people, targets.flag, strict=True):
        alike = (profile == profile[person]).all(axis=1)
        answer = _live(tossed.flags[:, flag], rules)
        differences = []
        for _ in range(pairs):
            group = (random.random(world.people) < random.uniform(0.3, 0.9)) & ~alike
            differences.append(answer(group | alike) - answer(group))
        guessed.append(float(np.any(np.array(differences) > 0)))
    return PairAttack(balanced_accuracy(np.array(guessed), targets.coin), len(targets.people), pairs)


def _live(has: Flags, policy: Policy) -> Callable[[Flags], float]:
    def answer(group: Flags) -> float:
        people = int((has & group).sum())
        nearest = policy.round_to_nearest
        return 0.0 if people < policy.suppress_counts_under else float((people + nearest // 2) // nearest * nearest)

    return answer
