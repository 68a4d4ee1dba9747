"""The read-only link of a saved scenario: `?saved=ID` shows exactly it, on the release that it was made on.

The page completes such a link with the scenario's own choices; when weights are then moved, the link says what they
are now and still where they began. Nothing that is done on such a page changes what was saved.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from prioritisation.catalogue import Catalogue
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario, from_link
from prioritisation.store import Store
from prioritisation.ui.markup import show, tag
from prioritisation.ui.scenarios.words import moment, release_words
from prioritisation.ui.session import MOST_AREAS_ON_SCREEN, View, current_store, put_in_link, put_scenario
from prioritisation.ui.style import show_charts_style
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace.scenarios import SavedScenario, get

SAVED = "saved"


def saved_in_link() -> SavedScenario | None:
    """Return the saved scenario that the address names. UserError: there is none under it."""
    identifier = st.query_params.get(SAVED)
    return get(current_workspace(), identifier) if identifier else None


def follow_saved(view: View) -> View:
    """Return the view of the saved scenario that the address names, or the view as it is. UserError: none there."""
    row = saved_in_link()
    if row is None:
        return view
    began = row.scenario
    try:
        view, faults = on_release(view, row.release_id), []
    except UserError as gone:
        faults = [Fault("release", gone.found, "It is shown on the current release instead.")]
    frameworks = {**view.catalogue.frameworks, began.framework.id: began.framework}
    catalogue = replace(view.catalogue, frameworks=frameworks)
    if "framework" not in st.query_params:
        put_scenario(began, catalogue)
    scenario, unread = from_link(st.query_params.to_dict(), catalogue)
    return replace(view, catalogue=catalogue, scenario=scenario, faults=(*faults, *unread))


def show_saved(view: View) -> None:
    """Say which saved scenario the page began with, and that it stays as it is."""
    row = saved_in_link()
    if row is None:
        return
    older = release_words(row.release_id, view.store.folder.published().current or "", view.store.folder)
    when = f" · saved by {row.author}, {moment(row.updated_at)}{f' · {older}' if older else ''}. "
    said, leave = st.columns([9, 3], vertical_alignment="center")
    with said:
        show_charts_style()
        readonly = "Read-only: moving weights here changes nothing that is saved."
        show(tag("p", tag("strong", row.name), when, readonly, class_="notice saved-line", role="status"))
    with leave:
        st.button("Leave this saved scenario", on_click=put_in_link, args=({SAVED: None},), width="stretch")


def on_release(view: View, release_id: str) -> View:
    """Return the view over another release of the same folder. UserError: that release is no longer kept."""
    if release_id == view.store.release.id:
        return view
    folder = view.store.folder
    if release_id == folder.published().current:
        return _over(view, current_store(folder))
    if release_id not in folder.published().releases or not folder.release_file(release_id).is_file():
        raise UserError(
            f"It was made on release {release_id}, which is no longer kept.",
            not_done="Its ranking of that time was not worked out.",
            remedy="Run it again on the current release; its choices are all still there.",
        )
    return _over(view, _older(str(folder.root), release_id))


def on_current_release(view: View) -> View:
    """Return the view over the release that the pointer names, wherever a saved scenario has led it."""
    return on_release(view, view.store.folder.published().current or view.store.release.id)


def _over(view: View, store: Store) -> View:
    areas, council = store.areas(), None
    if len(areas) > MOST_AREAS_ON_SCREEN:
        council = view.council
        areas = areas[areas["council_code"] == council]
    return replace(view, store=store, areas=areas, council=council)


def read_only_link(identifier: str) -> str:
    """Return the address that shows exactly this saved scenario, whole where the browser told its own."""
    query = urlencode({SAVED: identifier})
    here = urlsplit(st.context.url or "")
    if not here.netloc:
        return f"/Weigh?{query}"
    folder = here.path.rstrip("/").rpartition("/")[0]
    return f"{here.scheme}://{here.netloc}{folder}/Weigh?{query}"


def weigh_query(row: SavedScenario, scenario: Scenario, catalogue: Catalogue) -> dict[str, str]:
    """Return the query that opens a saved scenario to go on from: its choices, or its id where they say too little."""
    link = scenario.to_link(catalogue)
    return link if from_link(link, catalogue)[0] == scenario else {SAVED: row.id}


@st.cache_resource(max_entries=2, show_spinner=False)
def _older(root: str, release_id: str) -> Store:
    return Store(DataFolder(Path(root)), release_id)
