"""Cohorts: from a release's published counts to the answers of the Cohorts page, each asked for the first time.

Every cohort of the library, in the demonstration. What one question leaves behind for the next, the page has too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import LIMIT, Figure
from benchmarks.serving import demonstration
from prioritisation.cohort_ranking import open_cube
from prioritisation.cohorts.cells import DATA_ZONE
from prioritisation.cohorts.concentration import concentration
from prioritisation.cohorts.counts import Question, answer, by_area, options, waterfall
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.folder import DataFolder
from prioritisation.store import open_store

MILLISECONDS_AT_MOST = 100.0
_LISTED = 20
_ASKED: dict[str, Callable[[PublishedCube, CohortRule], object]] = {
    "in the whole council": lambda cube, rule: answer(cube, Question(rule)),
    "step by step": waterfall,
    "by ward": lambda cube, rule: by_area(cube, rule, "ward"),
    "by intermediate zone": lambda cube, rule: by_area(cube, rule, "intermediate zone"),
    "by data zone": lambda cube, rule: by_area(cube, rule, DATA_ZONE),
    f"its share in {_LISTED} areas": lambda cube, rule: concentration(cube, rule, cube.areas(DATA_ZONE)[:_LISTED]),
    "what else can be asked": options,
}


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="prioritisation-") as name:
        demonstration(name)
        folder = DataFolder(Path(name))
        start = time.perf_counter()
        with open_store(folder) as store:
            cube = open_cube(store, folder.catalogue)
        yield Figure("Published counts of people, opened", time.perf_counter() - start, "s")
    slowest = {
        words: max(_milliseconds(ask, cube, each.rule) for each in cube.cohorts.values())
        for words, ask in _ASKED.items()
    }
    for words, milliseconds in slowest.items():
        yield Figure(
            f"A cohort, {words}", milliseconds, "ms", LIMIT, MILLISECONDS_AT_MOST, note="slowest of the library"
        )


def _milliseconds(ask: Callable[[PublishedCube, CohortRule], object], cube: PublishedCube, rule: CohortRule) -> float:
    start = time.perf_counter()
    ask(cube, rule)
    return 1000 * (time.perf_counter() - start)
