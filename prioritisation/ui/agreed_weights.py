"""Which weights a page shows, in a sentence, once weights are agreed; and the way to the agreed ones."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.scenario import Scenario, from_link
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.session import View, put_in_link, put_scenario
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.words import day


def say_which_weights(view: View) -> None:
    """Show the sentence, and the way to the agreed ones where others are shown; nothing while no weights are agreed.

    Nothing, too, where the workspace cannot be read: the map does not depend on it, and Start says what is wrong.
    """
    if workspace_begun(view.store.folder):
        with suppress(UserError):
            _say(view)


def _say(view: View) -> None:
    from prioritisation.ui.workspace_session import current_workspace  # these bring SQLAlchemy
    from prioritisation.workspace import decisions
    from prioritisation.workspace.records import Provenance

    record = decisions.agreed(current_workspace()).weights
    if record is None:
        return
    here, when = Provenance.of(view.scenario, view.store.release.id), day(record.at.isoformat())
    if (here.framework_id, here.weights, here.method) == (record.framework_id, record.weights, record.method):
        show(tag("p", f"This page shows the weights agreed on {when}.", class_="muted"))
        return
    agreed = Scenario.from_json(record.details["choices"])
    starting = Scenario.starting(view.scenario.framework).percentages == view.scenario.percentages
    told = "the starting weights. Others were" if starting else "other weights than those"
    with st.container(horizontal=True, vertical_alignment="center", key="which-weights"):
        show(tag("p", f"This page shows {told} agreed on {when}.", class_="muted", role="status"))
        _link(view, agreed, record.id)


def _link(view: View, agreed: Scenario, decision: str) -> None:
    """Offer this page with the agreed weights; the decision, where an address cannot tell those choices any more."""
    read, faults = from_link(agreed.to_link(view.catalogue), view.catalogue)
    if faults or read.percentages != agreed.percentages:
        page_link("Decisions", "Read what was agreed", {"decision": decision})
    else:
        st.button("Show the agreed weights", type="tertiary", key="agreed-weights", on_click=_take, args=(view, agreed))


def _take(view: View, agreed: Scenario) -> None:
    put_scenario(agreed, view.catalogue)
    put_in_link({"saved": None})
