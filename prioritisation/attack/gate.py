"""The gate before publishing: a release's counts are attacked, and whatever is not proved safe is not published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

from prioritisation.attack.audit import Audit, audit_controls, audit_cube
from prioritisation.attack.audit import Effort as Effort
from prioritisation.attack.report import summary
from prioritisation.attack.trials import Setting
from prioritisation.errors import Fault, UserError

CELL = ["node", "area_code", "cell"]


class Counts(Protocol):
    """What `ProtectedCounts` holds, as far as the gate reads it."""

    @property
    def cube(self) -> pd.DataFrame: ...  # pragma: no cover

    @property
    def refreshed(self) -> pd.DataFrame: ...  # pragma: no cover


@dataclass(frozen=True, eq=False)
class Gate:
    """Attacks the counts of a release before it is published. areas, council: as for `Places.of`."""

    setting: Setting
    areas: pd.DataFrame
    council: str
    day: date

    def __call__(self, counts: Counts) -> Mapping[str, str]:
        """Return what the release says of its audit. UserError: anything failed, or could not be tried."""
        cube = with_sides(counts)
        found = audit_cube(cube, self.areas, self.council, self.setting, where="this release")
        audit = Audit((*found, *audit_controls(1, self.setting, Effort())))
        if not audit.passed:
            raise refused(audit)
        return summary(audit, self.day)


def with_sides(counts: Counts) -> pd.DataFrame:
    """Return the cube with each cell's side and whether it is held. UserError: it is not said of every cell."""
    refreshed = counts.refreshed
    if refreshed.empty or "side" not in refreshed.columns:
        raise UserError(
            "Why each count is suppressed is not known, so the counts cannot be attacked as an insider would.",
            not_done="Nothing was published.",
            remedy="Count the people again with `prioritisation import contacts`.",
        )
    told = refreshed[[*CELL, "side", "release_id"]].assign(held=refreshed["release_id"].notna())
    joined = counts.cube.merge(told.drop(columns="release_id"), on=CELL, how="left")
    if joined["side"].isna().any() or len(joined) != len(counts.cube):
        raise UserError(
            "Why some counts are suppressed is not known, so the counts cannot be attacked as an insider would.",
            not_done="Nothing was published.",
            remedy="Count the people again with `prioritisation import contacts`.",
        )
    return joined.assign(held=joined["held"].to_numpy(dtype=bool))


def refused(audit: Audit) -> UserError:
    """Return the refusal that a failed audit is."""
    failed = [finding for finding in audit.findings if not finding.passed]
    return UserError(
        "The counts did not withstand the attack on them.",
        not_done="Nothing was published; what was published before is as it was.",
        remedy="Send this message to whoever looks after the product: it should have hidden more.",
        faults=[Fault(each.name, f"{each.result}; the target is {each.target}.") for each in failed],
    )
