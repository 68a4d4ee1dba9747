"""What the Start page reads: the open release, the framework, and whatever is saved and decided in the workspace."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

from prioritisation.folder import DataFolder
from prioritisation.steps import Facts
from prioritisation.ui.session import View


def facts(view: View) -> Facts:
    """Return how things stand. UserError: the workspace cannot be read."""
    framework, store = view.scenario.framework, view.store
    loaded = Facts(
        place=view.place if len(view.areas) else store.release.council_name,
        areas=len(view.areas),
        framework=framework,
        release=store.release,
        absent=tuple(each for each in framework.indicator_ids if each not in view.indicators.index),
        counted=bool(store.cube_facts()),
        today=datetime.now(UTC).date(),
    )
    return _with_workspace(loaded) if workspace_begun(store.folder) else loaded


def workspace_begun(folder: DataFolder) -> bool:
    """Whether anything was ever saved here; to look must not begin a workspace."""
    return bool(os.environ.get("PRIORITISATION_WORKSPACE")) or (folder.root / "workspace.sqlite").exists()


def _with_workspace(loaded: Facts) -> Facts:
    # These bring SQLAlchemy, a tenth of a second that a first start does not have to wait for.
    from prioritisation.ui.workspace_session import current_workspace
    from prioritisation.workspace import cohorts, decisions, drafts, scenarios

    workspace = current_workspace()
    stands = decisions.agreed(workspace)
    return replace(
        loaded,
        scenarios=len(scenarios.listed(workspace)),
        drafts=len(drafts.listed(workspace)),
        cohorts=len(cohorts.listed(workspace)),
        agreed=stands.scenario,
        shortlist=stands.shortlist,
    )
