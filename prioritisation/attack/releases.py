"""The two-release attack: reads a newly arrived resident's flag from what changed between two releases.

Each newcomer has the flag by the toss of a coin and is attacked twice: as the coin fell, and as if it had fallen
otherwise. The attacker knows all else about them, so every cell that they are in if they have the flag, and sees which
of these grew. Once nobody else moved, once others came and went as well. The control: the newcomer never came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.guess import best_cut_accuracy
from prioritisation.attack.trials import NEVER_PUBLISHED, Setting
from prioritisation.attack.worlds import World
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import protect
from prioritisation.exposure.places import COLUMNS, COUNCIL

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
TURNOVER = 0.03  # of all people join between two releases, and as many leave
TRAITS = (("flag",), ("flags",))
MONTHS = 12
KINDS: Mapping[str, Mapping[str, bool]] = {
    "quiet": {},
    "busy": {"busy": True},
    "control_quiet": {"came": False},
    "control_busy": {"came": False, "busy": True},
    "without_hold": {"hold": False},
}


@dataclass(frozen=True)
class ReleaseAttack:
    """Balanced accuracies; 0.5 is a coin. arrivals: residents attacked.

    quiet: nobody else moved; busy: others came and went; control_*: the same without the newcomer; without_hold: quiet,
    if nothing were held.
    """

    quiet: float
    busy: float
    control_quiet: float
    control_busy: float
    without_hold: float
    arrivals: int


def attack_releases(world: World, setting: Setting, *, arrivals: int, seed: int) -> ReleaseAttack:
    """Attack so many of a world's people, each as the one who came new between two releases."""
    random = np.random.default_rng(seed)
    new = random.permutation(np.flatnonzero(world.place >= 0))[:arrivals]
    flag = random.integers(len(setting.contract.flags), size=len(new))
    cells = _cells(world, setting, new, flag, random)
    found = {}
    for kind, rules in KINDS.items():
        scores = np.array([_growth(cells, has, setting.policy, **rules) for has in (1, 0)])
        truth = np.array([[True], [False]]) | np.zeros(scores.shape, dtype=bool)
        found[kind] = best_cut_accuracy(scores, truth, random)
    return ReleaseAttack(**found, arrivals=len(new))


def _cells(world: World, setting: Setting, new: Whole, flag: Whole, random: np.random.Generator) -> pd.DataFrame:
    """Return every cell that each newcomer is in if they have the flag, as it was before they came.

    Columns: newcomer, people, denominator, and how many others join and leave it: joined, left.
    """
    positions = _Positions(world, setting)
    found = []
    for place, (person, number) in enumerate(zip(new, flag, strict=True)):
        others = np.ones(world.people, dtype=bool)
        others[person] = False
        moving = random.random(world.people)
        joined, left = others & (moving < TURNOVER), others & (moving > 1 - TURNOVER)
        for base, members in positions.of(int(person), int(number)):
            before = others & ~joined
            counted = [(who & members).sum() for who in (before, joined, left)]
            found.append((place, counted[0], (before & base).sum(), counted[1], counted[2]))
    return pd.DataFrame(found, columns=["newcomer", "people", "denominator", "joined", "left"])


class _Positions:
    """Who is in which breakdown's cells with somebody."""

    def __init__(self, world: World, setting: Setting) -> None:
        self.world, self.setting = world, setting
        codes = {name: world.areas[column].to_numpy(dtype=object) for name, column in COLUMNS.items()}
        nowhere = np.array([None], dtype=object)
        self.area = {name: np.concatenate([values, nowhere])[world.place] for name, values in codes.items()}

    def of(self, person: int, flag: int) -> Iterator[tuple[Flags, Flags]]:
        """Yield (out of whom, who) of each cell that the attacker knows the person to be in if they have the flag."""
        world = self.world
        alike = {"age": world.age == world.age[person], "sex": world.sex == world.sex[person]}
        own = np.flatnonzero(world.flags[person])
        for node in self.setting.lattice.nodes:
            if node.window != MONTHS or node.traits not in TRAITS:
                continue
            base = np.ones(world.people, dtype=bool)
            if node.geography != COUNCIL:
                base &= self.area[node.geography] == self.area[node.geography][person]
            for name in set(node.dimensions) & alike.keys():
                base = base & alike[name]
            with_flag = base & world.flags[:, flag]
            if node.traits == ("flag",):
                yield base, with_flag
            elif node.together == 2:
                yield from ((base, with_flag & world.flags[:, other]) for other in own if other != flag)


def _growth(
    cells: pd.DataFrame, has: int, policy: Policy, *, busy: bool = False, came: bool = True, hold: bool = True
) -> Floats:
    """Return how many more of each newcomer's cells grew than shrank between the two releases, as published."""
    own = has if came else 0
    joined, left = (cells[name] * int(busy) for name in ("joined", "left"))
    place = {"node": "", "geography": COUNCIL, "area_code": "", "cell": "", "contacts": np.nan, "top_two": np.nan}
    unpublished = {**place, **NEVER_PUBLISHED, "held_status": None, "held_side": None, "rotated": False}
    history = cells[["people", "denominator"]].assign(**unpublished)  # type: ignore[arg-type]
    first = protect(history, policy)
    later = history.assign(
        people=history["people"] + own + joined - left,
        denominator=history["denominator"] + int(came) + joined - left,
        changed=(joined + left + own).astype(float) if hold else np.nan,
        held_people=first["people"],
        held_contacts=first["contacts"],
        held_status=first["status"],
    )
    before, after = (table["people"].to_numpy(dtype=float, na_value=0.0) for table in (first, protect(later, policy)))
    grown = pd.Series(np.sign(after - before)).groupby(cells["newcomer"].to_numpy()).sum()
    return grown.reindex(range(int(cells["newcomer"].max()) + 1), fill_value=0.0).to_numpy()
