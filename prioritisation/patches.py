"""Patches of a release: what may be maximised, the ground as it lies, and a patch as plain data for pages and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from prioritisation.cohort_ranking import open_cube
from prioritisation.cohorts.cells import DATA_ZONE
from prioritisation.cohorts.counts import by_area, is_available
from prioritisation.drawing.shapes import read_shapes
from prioritisation.errors import UserError
from prioritisation.patch.best import just_outside
from prioritisation.patch.division import WITHIN, Plan, divide, parts_for
from prioritisation.patch.fares import need
from prioritisation.patch.graph import is_connected
from prioritisation.patch.ground import Floats, Ground, ground_of
from prioritisation.patch.problem import Patch, Problem
from prioritisation.patch.proof import Progress
from prioritisation.patch.request import Wanted
from prioritisation.patch.rollout import Rollout, rollout
from prioritisation.patch.sentences import (
    crossing_sentence,
    division_sentences,
    patch_sentence,
    proof_sentence,
    rollout_sentence,
)
from prioritisation.prioritise import Prioritisation
from prioritisation.reach import RESIDENTS, countable, counted
from prioritisation.store import Store

NEED, PEOPLE = "need", "people"
INDICATOR, COHORT = "indicator.", "cohort."
USUAL_RANGE = (5_000, 10_000)


@dataclass(frozen=True, eq=False)
class Objective:
    """What a patch should hold as much of as it can. what: as it reads in "14% of its ...".

    gain: (n,) in the order of the areas, NaN where not known or suppressed, which adds nothing.
    """

    id: str
    name: str
    what: str
    gain: Floats

    @property
    def not_known(self) -> int:
        return int(np.isnan(self.gain).sum())


def objectives(store: Store) -> dict[str, str]:
    """Return id -> name of all that can be maximised: need, people in a cohort, any indicator's count."""
    found = {NEED: "Need (score x people)"}
    if store.cube_facts():
        cube = open_cube(store, store.folder.catalogue)
        for name, saved in cube.cohorts.items():
            if cube.areas(DATA_ZONE) and is_available(cube, saved.rule, DATA_ZONE):
                found[COHORT + name] = f"Cohort: {saved.name}"
    counts = countable(store.indicators(), store.observations())
    return found | {INDICATOR + key: f"Count: {label}" for key, label in counts.items() if key != RESIDENTS}


def objective_of(store: Store, ranking: Prioritisation, wanted: str = NEED) -> Objective:
    """Return one of `objectives`. UserError: there is no such."""
    names = objectives(store)
    if wanted not in names:
        raise UserError(
            f"'{wanted[:60]}' is nothing that a patch of this release can be chosen by.",
            not_done="No patch was looked for.",
            remedy=f"Choose one of {', '.join(names)}.",
        )
    people = ranking.areas["population"].to_numpy(dtype=np.float64, na_value=np.nan)
    if wanted == NEED:
        return Objective(NEED, names[NEED], "need", need(ranking.scores.score, people))
    if wanted.startswith(COHORT):
        return _cohort(store, ranking, wanted, names[wanted])
    found = counted(ranking.areas, store.indicators(), store.observations(), wanted.removeprefix(INDICATOR))
    return Objective(wanted, names[wanted], found.who, found.counts)


def _cohort(store: Store, ranking: Prioritisation, wanted: str, name: str) -> Objective:
    """Return published counts only: a suppressed one is not known, and adds nothing."""
    cube = open_cube(store, store.folder.catalogue)
    saved = cube.cohorts[wanted.removeprefix(COHORT)]
    counts = by_area(cube, saved.rule, DATA_ZONE).set_index("area")["people"].reindex(ranking.areas.index)
    own = counts.to_numpy(dtype=np.float64, na_value=np.nan)
    return Objective(wanted, name, f"people with a published count in the cohort {saved.name}", own)


def ground_of_release(store: Store, areas: pd.DataFrame) -> Ground:
    """Return the ground of areas (as `Store.areas`). UserError: the release has no boundaries."""
    if store.boundaries is None:
        raise UserError(
            "This release has no boundaries, so nobody knows which areas touch.",
            not_done="No patch was looked for.",
            remedy="Import the boundaries of the areas together with the other files.",
        )
    shapes, _ = read_shapes(store.boundaries, list(areas.index))
    return ground_of(
        list(shapes),
        [str(code) for code in areas.index],
        [str(name) for name in areas["name"]],
        list(areas["locality"]),
        areas["population"].to_numpy(dtype=np.float64, na_value=np.nan).tolist(),
    )


def usual_range(ranking: Prioritisation) -> tuple[int, int]:
    """Return the population range that the framework asks for."""
    return ranking.scenario.framework.patch_population or USUAL_RANGE


def area_rows(ranking: Prioritisation, ground: Ground, gain: Floats, members: Sequence[int]) -> pd.DataFrame:
    """Return areas in this order: id, name, locality, people, rank, score, holds (of what is maximised)."""
    places = list(members)
    ranks = ranking.scores.rank[places]
    return pd.DataFrame(
        {
            "id": [ground.codes[area] for area in places],
            "name": [ground.names[area] for area in places],
            "locality": [ground.localities[area] for area in places],
            "people": pd.array(np.where(np.isnan(ground.people[places]), -1, ground.counted[places]), dtype="Int64"),
            "rank": pd.array(ranks, dtype="Int64"),
            "score": ranking.scores.score[places],
            "holds": gain[places],
        }
    ).assign(
        people=lambda rows: rows["people"].mask(rows["people"] < 0), rank=lambda rows: rows["rank"].mask(ranks == 0)
    )


def patch_record(
    ranking: Prioritisation,
    ground: Ground,
    problem: Problem,
    objective: Objective,
    wanted: Wanted,
    patch: Patch,
    progress: Progress | None = None,
    state: str = "",
    alternatives: Sequence[Patch] = (),
) -> dict[str, Any]:
    """Return a patch as plain data, ready for JSON: what was asked, what was found, and the sentences about it.

    progress, state: of the proof (`patch.child`), where one was begun. `by_hand` says that people changed the patch.
    """
    everybody, total = int(ground.counted.sum()), float(problem.gain.sum())
    by_hand = progress is not None and progress.best is not None and progress.best.members != patch.members
    proof = proof_sentence(progress, state) if progress is not None and not by_hand else ""
    told = [
        patch_sentence(ground, problem, patch, objective.what),
        proof,
        crossing_sentence(ground, patch.members),
    ]
    return {
        "scenario": ranking.scenario.id,
        "release": ranking.release.id,
        "objective": {"id": objective.id, "name": objective.name, "what": objective.what},
        "wanted": _asked(wanted),
        "areas": _plain(area_rows(ranking, ground, objective.gain, patch.members)),
        "people": patch.people,
        "share_of_people": patch.people / everybody if everybody else None,
        "holds": patch.gain,
        "share_held": patch.gain / total if total else None,
        "connected": is_connected(patch.members, ground.neighbours),
        "in_range": wanted.low <= patch.people <= wanted.high,
        "by_hand": by_hand,
        "proven": bool(progress and progress.is_proven and not by_hand),
        "gap": progress.gap if progress is not None and np.isfinite(progress.gap) and not by_hand else None,
        "just_outside": [ground.codes[area] for area in just_outside(problem, patch.members)],
        "across_water": [[ground.codes[a], ground.codes[b]] for a, b in ground.crossings(patch.members)],
        "areas_without_a_count": objective.not_known,
        "alternatives": [
            {"areas": [ground.codes[area] for area in other.members], "people": other.people, "holds": other.gain}
            for other in alternatives
        ],
        "sentences": [sentence for sentence in told if sentence],
    }


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "people": [wanted.low, wanted.high],
        "include": list(wanted.include),
        "exclude": list(wanted.exclude),
        "locality": wanted.locality,
    }


def _plain(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Return rows as plain values, None where there is none."""
    held = rows.astype(object).where(rows.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in held.to_dict("records")]


def plan_for(ground: Ground, parts: int | None, people: tuple[int, int] | None, follow: bool) -> Plan:
    """Return how to divide: into a number of patches, or into as many as fit a range of people.

    UserError: no whole number of patches of that size holds everybody.
    """
    if people is None:
        return Plan(parts or 1, follow=follow)
    low, high = people
    return Plan(parts_for(int(ground.counted[ground.placed].sum()), low, high), WITHIN, low, high, follow)


def divided(ranking: Prioritisation, ground: Ground, plan: Plan, balance: str) -> Rollout:
    """Divide the council; balance: PEOPLE or NEED. UserError: it cannot be divided like this."""
    scores = ranking.scores
    load = ground.people if balance == PEOPLE else need(scores.score, ground.people)
    names = [priority.name for priority in ranking.scenario.framework.priorities]
    return rollout(ground, divide(ground, load, plan), load, scores.score, scores.priority_scores, names)


def division_record(
    ranking: Prioritisation, ground: Ground, report: Rollout, balance: str, plan: Plan
) -> dict[str, Any]:
    """Return a division as plain data, ready for JSON: patches in the order to begin with, and sentences."""
    return {
        "scenario": ranking.scenario.id,
        "release": ranking.release.id,
        "balance": balance,
        "within": plan.within,
        "furthest_from_mean": report.furthest,
        "compactness": report.compactness,
        "borders_between_neighbours": report.cut,
        "localities_in_patches": report.split,
        "localities_need_patches": report.needed,
        "without_boundary": [ground.codes[area] for area in report.left_out],
        "patches": [
            {
                "number": part.number,
                "name": part.name,
                "areas": [ground.codes[area] for area in part.members],
                "people": part.people,
                "need": part.need,
                "share_of_need": part.share_of_need,
                "of_mean": part.of_mean,
                "compactness": part.compactness,
                "localities": part.localities,
                "reason": rollout_sentence(part),
            }
            for part in report.parts
        ],
        "sentences": division_sentences(report, balance, plan.within),
    }
