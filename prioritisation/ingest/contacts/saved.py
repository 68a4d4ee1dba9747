"""The cohorts that a publish counts: the library's, and those that people saved in the workspace of the data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from prioritisation.cohorts.library import Cohort, load_cohorts
from prioritisation.contract import Contract
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.faults import NOT_DONE, listed
from prioritisation.workspace import cohorts as saved_cohorts
from prioritisation.workspace import has_workspace, open_workspace


@dataclass(frozen=True)
class Wanted:
    """Cohorts to count, by id, and the names of all that are known, archived ones too."""

    cohorts: Mapping[str, Cohort]
    names: Mapping[str, str]

    def left_out(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Return a sentence for each cohort, and one for all services, that the cube's facts name as not counted."""
        services = [f"'{each}'" for each in facts.get("services_left_out", "").split(";") if each]
        said = [f"Not counted: contacts with {listed(services)}, which the contract no longer has."] if services else []
        cohorts = [
            f"Not counted: '{self._name(each['cohort'])}'. Its people are nearly those of "
            f"'{self._name(each['too_near_to'])}', which was published first; the two could be subtracted."
            for each in json.loads(facts.get("cohorts_left_out", "[]"))
        ]
        return (*said, *cohorts)

    def _name(self, cohort: str) -> str:
        return self.names.get(cohort, cohort)


def wanted_cohorts(folder: DataFolder, contract: Contract) -> Wanted:
    """Return what is to be counted. UserError: the library is faulty, or the workspace cannot be read.

    Without a workspace nobody has saved a cohort; counting does not begin one.
    """
    library = load_cohorts(folder.catalogue, contract)
    if not has_workspace(folder):
        return Wanted(library, {name: each.name for name, each in library.items()})
    try:
        workspace = open_workspace(folder)
        try:
            cohorts = saved_cohorts.to_count(workspace, library, contract)
            names = {row.cohort_id: row.name for row in saved_cohorts.listed(workspace, archived=None)}
        finally:
            workspace.close()
    except UserError as fault:
        raise UserError(
            f"The cohorts that people saved cannot be counted. {fault.found}", not_done=NOT_DONE, remedy=fault.remedy
        ) from fault
    return Wanted(cohorts, names | {name: each.name for name, each in cohorts.items()})
