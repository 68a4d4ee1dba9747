"""Partner organisations that a form offers: those that decided something before, then those of the contract."""

from __future__ import annotations

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui.cohorts.cube import current_contract
from prioritisation.ui.shortlist.shown import Shown
from prioritisation.workspace.agreed import same_organisation


def partner_names(shown: Shown) -> list[str]:
    """Return names without doubles; another can be typed."""
    named: list[str] = []
    for name in [*_who_decided(shown), *_in_contract()]:
        if not any(same_organisation(name, other) for other in named):
            named.append(name)
    return named


def _who_decided(shown: Shown) -> list[str]:
    found = [who.organisation for _, who in shown.changes]
    if shown.state is not None:
        found += [shown.state.decision.organisation, *[each.organisation for each in shown.state.sign_offs]]
    return found


def _in_contract() -> list[str]:
    try:
        return [partner.name for partner in current_contract(DataFolder.chosen()).partners.values()]
    except UserError:
        return []
