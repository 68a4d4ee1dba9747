"""The gate before publishing: counts are repaired, then attacked, and whatever is not proved safe is not published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from prioritisation.attack.audit import DEFAULT_EFFORT, Audit, Finding, audit_controls, audit_cube, audit_insiders
from prioritisation.attack.report import summary
from prioritisation.attack.trials import Setting
from prioritisation.contract import load_contract
from prioritisation.errors import Fault, UserError
from prioritisation.exposure.repair import Repaired
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.people import open_people
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.contacts.repairing import EXACT, repaired
from prioritisation.ingest.contacts.snapshots import read_sides
from prioritisation.store import open_store

CELL = ["node", "area_code", "cell"]


@dataclass(frozen=True, eq=False)
class Gate:
    """What `Releasing` is given: `repair` for the counts of one import, and then the attack on them.

    folder: whose release in use has the areas; day: of the audit. kept: what the repair found, whose possible worlds
    the attack tries first; exact: node, area_code, cell, exact_people, exact_contacts of all that was counted, for the
    insiders, who know their own.
    """

    folder: DataFolder
    day: date
    kept: list[Repaired] = field(default_factory=list)
    exact: list[pd.DataFrame] = field(default_factory=list)

    def repair(self, cube: pd.DataFrame, **settings: Any) -> pd.DataFrame:
        """Return the cube with more of it suppressed; arguments as for `repaired`."""
        self.kept.clear()
        self.exact[:] = [cube[[*CELL, *EXACT]]]
        return repaired(cube, **settings, kept=self.kept)

    def __call__(self, counts: ProtectedCounts) -> Mapping[str, str]:
        """Return what the release says of its audit. UserError: anything failed, or could not be tried."""
        setting = Setting.load(self.folder.catalogue).with_cohorts(counts.cohorts)
        areas, council = areas_in_use(self.folder)
        cube = with_sides(counts.cube, counts.refreshed)
        worlds = [world for each in self.kept for world in each.bounds.points]
        found = audit_cube(cube, areas, council, setting, where="this release", worlds=worlds)
        inside = {partner: points for each in self.kept for partner, points in each.inside.items()}
        for exact in self.exact:
            known = cube.merge(exact, on=CELL, validate="one_to_one")
            found.append(audit_insiders(known, areas, council, setting, where="this release", worlds=inside))
        audit = Audit((*found, *audit_controls(1, setting, DEFAULT_EFFORT)))
        if not audit.passed:
            raise refused(audit)
        return summary(audit, self.day)


def audit_release(folder: DataFolder, people: Path | None) -> list[Finding]:
    """Attack the counts of the release in use. people: its restricted store, which knows what an insider might.

    UserError: the release counts nobody.
    """
    with open_store(folder) as store:
        facts, cube, cohorts = store.cube_facts(), store.cube(), store.cohorts().reset_index()
    if not facts:
        raise UserError(
            "The release in use counts no people.",
            not_done="Nothing was attacked.",
            remedy="Import partners' extracts first (`prioritisation import contacts`), or make the demonstration.",
        )
    setting = Setting.load(folder.catalogue).with_cohorts(cohorts)
    areas, council = areas_in_use(folder)
    where = "the release in use, as somebody sees it who has what is published"
    if people is not None:
        where = "the release in use, as somebody sees it who knows which suppressed counts are small"
        with open_people(people, read_only=True) as connection:
            cube = with_sides(cube, read_sides(connection, people.stem.removeprefix("people-")))
    return audit_cube(cube, areas, council, setting, where=where)


def areas_in_use(folder: DataFolder) -> tuple[pd.DataFrame, str]:
    """Return the areas that people are counted in, as for `Places.of`, and the code of their council."""
    with open_store(folder) as store:
        areas = areas_of(store.areas(), store.population(), load_contract(folder.catalogue))
        return areas, store.release.council


def with_sides(cube: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return the cube with each cell's side, `held` and `overtaken`. UserError: it is not said of every cell.

    told: node, area_code, cell, side, held, overtaken.
    """
    joined = cube.merge(told[[*CELL, "side", "held", "overtaken"]], on=CELL, how="left")
    if joined["side"].isna().any() or len(joined) != len(cube):
        raise UserError(
            "Why some counts are suppressed is not known, so the counts cannot be attacked as an insider would.",
            not_done="Nothing was published.",
            remedy="Count the people again with `prioritisation import contacts`.",
        )
    return joined.astype({"held": bool, "overtaken": bool})


def refused(audit: Audit) -> UserError:
    """Return the refusal that a failed audit is."""
    failed = [finding for finding in audit.findings if not finding.passed]
    return UserError(
        "The counts did not withstand the attack on them.",
        not_done="Nothing was published; what was published before is as it was.",
        remedy="Send this message to whoever looks after the product: it should have hidden more.",
        faults=[Fault(each.name, f"{each.result}; the target is {each.target}.") for each in failed],
    )
