"""What stands beside the numbers of an area's profile: what people know of it, and the assets it has."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.access import allowed
from prioritisation.ui.knowledge.assets import area_assets
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.page import plainly
from prioritisation.ui.session import View
from prioritisation.ui.start_facts import workspace_begun


def profile_knowledge(view: View, area: str) -> None:
    """Show both, side by side."""
    left, right = st.columns(2, gap="large")
    with left:
        show(tag("h2", f"What do people know of {view.areas['name'][area]}?"))
        plainly(lambda: _known(view, area))
        if allowed("see Community"):
            link_to("Community", "Add what you know, or see it all")
    with right:
        plainly(lambda: area_assets(view, area))


def _known(view: View, area: str) -> None:
    if workspace_begun(view.store.folder):
        from prioritisation.ui.knowledge.shown import area_knowledge  # brings SQLAlchemy

        area_knowledge(view, area)
    else:
        show(tag("p", "Nothing was said of it yet.", class_="muted"))
