"""Possible worlds behind the demonstration's tracked counts: found once, so that every test run tries them in seconds.

    python tests/attack/possible_worlds.py      finds them anew (minutes), after the tracked counts have changed

They are worked out from what is published alone, as anybody could, so they tell nothing of anybody. None is taken on
trust: the attack tries each against all that the tracked counts say.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.attack.gate import areas_in_use
from prioritisation.attack.trials import Setting
from prioritisation.catalogue import load_catalogue
from prioritisation.exposure.base import seen_base_counts
from prioritisation.exposure.bounds import Bounds
from prioritisation.exposure.constraints import LEAST_OF_BASE, Constraints, constraints
from prioritisation.exposure.places import Places
from prioritisation.exposure.program import extremes
from prioritisation.exposure.readings import read_claims
from prioritisation.exposure.tables import incidence
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.contacts.protected import read_tracked
from prioritisation.ingest.demonstration import TRACKED_PEOPLE, write_demonstration
from prioritisation.ingest.open_data import import_open_data

Floats = NDArray[np.float64]
FILE = Path(__file__).parent / "possible_worlds.npz"
STEPS_PER_PERSON = 2**22  # as coarse as the constraints still hold
BYTES = 7
ROUNDS = 30
ENOUGH = 10.02


@dataclass(frozen=True, eq=False)
class Tracked:
    """The tracked counts as somebody sees them who has what is published."""

    cube: pd.DataFrame
    areas: pd.DataFrame
    council: str
    setting: Setting

    @classmethod
    def of(cls, folder: DataFolder) -> Tracked:
        """folder: holds the demonstration's areas."""
        counts = read_tracked(TRACKED_PEOPLE)
        if counts is None:
            raise FileNotFoundError(TRACKED_PEOPLE)
        setting = Setting.load(TRACKED_DATA / "catalogue").with_cohorts(counts.cohorts)
        return cls(counts.cube, *areas_in_use(folder), setting)

    @property
    def places(self) -> Places:
        return Places.of(self.areas, self.council)

    def constraints(self, cube: pd.DataFrame) -> Constraints:
        claims = read_claims(cube, self.setting.lattice, self.setting.policy)
        return constraints(claims, self.places, self.setting.meanings, self.setting.policy)


def read_worlds() -> list[Floats]:
    """Return the worlds that were found."""
    planes = np.load(FILE)["planes"].astype(np.int64)
    return list(sum(plane << (8 * place) for place, plane in enumerate(planes)) / STEPS_PER_PERSON)


def write_worlds(worlds: list[Floats]) -> None:
    """Keep worlds in whole steps, a plane for each byte of the number of steps, which packs better."""
    steps = np.round(np.maximum(worlds, 0.0) * STEPS_PER_PERSON).astype(np.int64)
    planes = np.stack([(steps >> (8 * place)) & 255 for place in range(BYTES)]).astype(np.uint8)
    np.savez_compressed(FILE, planes=planes)


def found_worlds(made: Constraints, places: Places) -> list[Floats]:
    """Return worlds in which every suppressed count is nobody, or many, and no base count is fixed."""
    random = np.random.default_rng(5)
    found = Bounds.unseen(made)
    for _ in range(ROUNDS):
        still = found.open(made)
        if not still.any():
            break
        weights = [random.uniform(0.3, 1.0, len(still)) * random.lognormal(size=len(still)) for _ in range(2)]
        with ThreadPoolExecutor(2) as workers:
            low = workers.submit(_fewest, made, found.too_high(made), weights[0])
            high = workers.submit(_many, made, made.sought[np.flatnonzero(still)], weights[1][still], ENOUGH)
            for world in (low.result(), high.result()):
                found = found.with_point(world, made)
    return needed(made, with_people_everywhere(made, list(found.points), places), places)


def with_people_everywhere(made: Constraints, worlds: list[Floats], places: Places) -> list[Floats]:
    """Return the worlds with some more, in which base counts that seem known may be a person, or nobody."""
    random = np.random.default_rng(6)
    for _ in range(ROUNDS):
        base = seen_base_counts(made, places, worlds)
        seem = np.flatnonzero(base.known)
        if not len(seem):
            break
        columns = np.unique(np.concatenate([base.total[seem], base.count[seem]]))
        lacking = columns[base.most[columns] < LEAST_OF_BASE]
        sought = incidence(
            [np.array([each]) for each in (lacking if len(lacking) else base.count[seem])], made.unknowns
        )
        weights = random.uniform(0.3, 1.0, sought.shape[0])
        if len(lacking):
            worlds = [*worlds, _many(made, sought, weights, LEAST_OF_BASE + 0.02)]
        else:
            worlds = [*worlds, extremes(made.matrix, made.low, made.high, [sought.T @ weights])[0].point]
    return worlds


def _fewest(made: Constraints, wanted: NDArray[np.bool_], weights: Floats) -> Floats:
    cost = made.sought.T @ (weights * wanted)
    return extremes(made.matrix, made.low, made.high, [cost])[0].point


def _many(made: Constraints, sought: sparse.csr_array, weights: Floats, enough: float) -> Floats:
    """Return a world in which as many of some sums as can be have enough people; more of one is worth no more."""
    count = sought.shape[0]
    own = sparse.eye_array(count)
    rows = sparse.block_array([[made.matrix, None], [sought, -own], [None, own]])
    low = np.concatenate([made.low, np.zeros(2 * count)])
    high = np.concatenate([made.high, np.full(count, np.inf), np.full(count, enough)])
    cost = np.concatenate([np.zeros(made.unknowns), -weights])
    return extremes(sparse.csr_array(rows), low, high, [cost])[0].point[: made.unknowns]


def needed(made: Constraints, worlds: list[Floats], places: Places) -> list[Floats]:
    """Return as few of the worlds as still show all that they show together."""
    kept = list(worlds)
    for world in worlds[::-1]:
        fewer = [each for each in kept if each is not world]
        if fewer and not _left_open(made, fewer, places) > _left_open(made, kept, places):
            kept = fewer
    return kept


def _left_open(made: Constraints, worlds: list[Floats], places: Places) -> int:
    still = Bounds.of(made, tuple(worlds)).open(made).sum()
    return int(still + seen_base_counts(made, places, worlds).known.sum())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        data, files = DataFolder(Path(scratch) / "data"), Path(scratch) / "files"
        write_demonstration(files)
        import_open_data([files], council="all", folder=data, catalogue=load_catalogue(data.catalogue))
        tracked = Tracked.of(data)
        write_worlds(found_worlds(tracked.constraints(tracked.cube), tracked.places))
