"""The audit: every attack with its target, on a release's counts and on invented worlds, controls included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.controls import suppress_under_five
from prioritisation.attack.insider import InsiderAttack, attack_inside
from prioritisation.attack.pairs import attack_live, attack_published
from prioritisation.attack.releases import attack_releases
from prioritisation.attack.trials import Setting, Trial, invented, publish
from prioritisation.attack.worlds import make_world
from prioritisation.exposure.places import Places
from prioritisation.exposure.verdict import Verdict, expose

Floats = NDArray[np.float64]
PAIR_ACCURACY_AT_MOST = 0.55
RELEASE_GAIN_AT_MOST = 0.02
RECOVERED_AT_LEAST = 0.80
LIVE_ACCURACY_AT_LEAST = 0.95

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How hard to try on each invented world. Sizes: people known and small areas of the world."""

    areas: int = 12
    people: int = 1500
    residents: int = 400
    pairs: int = 20
    arrivals: int = 400
    insiders: int = 6
    insider_rounds: int = 25


DEFAULT_EFFORT = Effort()


@dataclass(frozen=True)
class Finding:
    """One thing tried. name: which attack; tried: on what; result, target: in words; control: a check of the audit."""

    name: str
    tried: str
    result: str
    target: str
    passed: bool
    control: bool = False


@dataclass(frozen=True)
class Audit:
    """All findings; passed: every target met and every control broke its weak release."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return bool(self.findings) and all(finding.passed for finding in self.findings)

    @property
    def controls_hold(self) -> bool:
        controls = [finding for finding in self.findings if finding.control]
        return bool(controls) and all(finding.passed for finding in controls)


def audit_cube(
    cube: pd.DataFrame,
    areas: pd.DataFrame,
    council: str,
    setting: Setting,
    *,
    where: str,
    seed: int = 2,
    worlds: Iterable[Floats] = (),
) -> list[Finding]:
    """Attack a release's cube with linear programmes.

    cube: as for `read_claims`; areas: as for `Places.of`; worlds: as for `expose`.
    """
    found = expose(
        cube,
        lattice=setting.lattice,
        policy=setting.policy,
        meanings=setting.meanings,
        places=Places.of(areas, council),
        seed=seed,
        worlds=worlds,
    )
    return _of_verdict(found, where)


def audit_world(seed: int, setting: Setting, effort: Effort, progress: Progress = lambda step: None) -> list[Finding]:
    """Attack one invented world in every way."""
    where = f"invented world {seed}: {effort.people:,} known people, {effort.areas} areas"
    world = make_world(seed, setting.contract, areas=effort.areas, people=effort.people)
    progress(f"World {seed}: counting, protecting and repairing")
    trial = publish(world, invented(world, setting), setting, seed=seed)
    progress(f"World {seed}: linear programmes")
    found = _of_verdict(_exposed(trial, setting, seed), where)
    progress(f"World {seed}: insiders")
    found += [_insiders(trial, setting, effort, where, seed)]
    progress(f"World {seed}: pairs of questions, and two releases")
    pair = attack_published(world, setting, count=effort.residents, pairs=effort.pairs, seed=seed, repairing=False)
    tried = f"{where}; {pair.targets} residents, {pair.pairs} pairs of questions each"
    found.append(
        Finding(
            "Pairs of questions through the application's own functions",
            tried,
            f"{pair.accuracy:.1%} guessed right (50% is a coin)",
            f"at most {PAIR_ACCURACY_AT_MOST:.0%}",
            pair.accuracy <= PAIR_ACCURACY_AT_MOST,
        )
    )
    found.append(_two_releases(world_seed=seed, setting=setting, effort=effort, where=where))
    return found


def audit_controls(seed: int, setting: Setting, effort: Effort) -> list[Finding]:
    """Attack weak releases that must fall."""
    world = make_world(seed, setting.contract, areas=15, people=1500)
    where = "invented world, 1,500 known people, 15 areas"
    weak = suppress_under_five(world, setting, seed=seed)
    live = attack_live(world, setting, count=effort.residents, pairs=20, seed=seed)
    return [
        Finding(
            "Control: linear programmes against 'suppress under 5'",
            f"{where}; {weak.hidden:,} hidden counts on a full lattice",
            f"{weak.recovered:.0%} recovered exactly",
            f"at least {RECOVERED_AT_LEAST:.0%}",
            weak.recovered >= RECOVERED_AT_LEAST,
            control=True,
        ),
        Finding(
            "Control: pairs of questions against live counting",
            f"{where}; {live.targets} residents, {live.pairs} pairs of questions each",
            f"{live.accuracy:.1%} guessed right",
            f"at least {LIVE_ACCURACY_AT_LEAST:.0%}",
            live.accuracy >= LIVE_ACCURACY_AT_LEAST,
            control=True,
        ),
    ]


def _exposed(trial: Trial, setting: Setting, seed: int) -> Verdict:
    return expose(
        trial.cube,
        lattice=setting.lattice,
        policy=setting.policy,
        meanings=setting.meanings,
        places=trial.places,
        seed=seed + 1000,
        worlds=trial.repaired.bounds.points if trial.repaired is not None else (),
    )


def _of_verdict(found: Verdict, where: str) -> list[Finding]:
    tried = f"{where}; {found.published:,} published and {found.suppressed:,} suppressed counts"
    none: Mapping[str, tuple[int, str]] = {
        "Suppressed counts bounded to a width under 5": (found.narrow, tried),
        "Suppressed counts known to be at least 1": (found.at_least_one, tried),
        "Base counts under 10 known exactly": (found.base_known, f"{where}; {found.base:,} base counts"),
    }
    return [Finding(name, tried, f"{count:,}", "0", count == 0) for name, (count, tried) in none.items()]


def _insiders(trial: Trial, setting: Setting, effort: Effort, where: str, seed: int) -> Finding:
    cube = trial.cube.assign(exact_people=trial.counts["people"], exact_contacts=trial.counts["contacts"])
    found = attack_inside(
        cube,
        trial.places,
        setting,
        worlds=trial.repaired.inside if trial.repaired is not None else {},
        rounds=effort.insider_rounds,
        seed=seed + 1000,
        most=effort.insiders,
    )
    return _of_insiders(found, where)


def audit_insiders(
    cube: pd.DataFrame,
    areas: pd.DataFrame,
    council: str,
    setting: Setting,
    *,
    where: str,
    worlds: Mapping[str, Iterable[Floats]],
) -> Finding:
    """Attack a release's cube with what somebody at each partner knows; arguments as for `attack_inside`."""
    places, rounds = Places.of(areas, council), DEFAULT_EFFORT.insider_rounds
    return _of_insiders(attack_inside(cube, places, setting, worlds=worlds, rounds=rounds, seed=2), where)


def _of_insiders(found: list[InsiderAttack], where: str) -> Finding:
    exactly, somebody = sum(each.exactly for each in found), sum(each.at_least_one for each in found)
    targets = sum(each.targets for each in found)
    return Finding(
        "Insiders of one partner against the other partners' suppressed counts",
        f"{where}; insiders of {len(found)} partners, {targets:,} counts",
        f"{exactly:,} known exactly, {somebody:,} known to be at least 1",
        "0 known exactly, 0 known to be at least 1",
        exactly == 0 and somebody == 0,
    )


def _two_releases(*, world_seed: int, setting: Setting, effort: Effort, where: str) -> Finding:
    world = make_world(world_seed, setting.contract, areas=effort.areas, people=effort.people)
    found = attack_releases(world, setting, arrivals=effort.arrivals, seed=world_seed)
    gain = found.quiet - found.control_quiet
    return Finding(
        "Two releases: the flag of a resident who is new in the second",
        f"{where}; {found.arrivals} new residents",
        f"{found.quiet:.1%} guessed right, {found.control_quiet:.1%} without the arrival: {100 * gain:.1f} points "
        f"({found.without_hold:.0%} if nothing were held; where 3 in 100 others come and go too, {found.busy:.1%} "
        f"and {found.control_busy:.1%} without the arrival)",
        f"at most {100 * RELEASE_GAIN_AT_MOST:.0f} points more than without the arrival",
        gain <= RELEASE_GAIN_AT_MOST and np.isfinite(gain),
    )
