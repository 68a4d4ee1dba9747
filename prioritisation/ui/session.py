"""What a page asks for: the open release, the catalogue, and the choices that the address of the page holds.

Everything a person chose lives in the address (scenario, council, shown, locality, area), so a link reopens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from prioritisation.catalogue import Catalogue, load_catalogue
from prioritisation.errors import Fault
from prioritisation.folder import DataFolder
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.profiles import Comparison, compare
from prioritisation.scenario import Scenario, from_link
from prioritisation.store import Store, open_store

MOST_AREAS_ON_SCREEN = 1_000
_LINK, _PAGE, _DRAWN = "link", "page", "drawn"
_SCENARIO_KEYS = ("framework", "weights", "aggregate", "normalise", "cut")


@dataclass(frozen=True, eq=False)
class View:
    """One page's open release and the scenario of its address. areas: those on screen, by area_code.

    council: code of the one chosen where the release has more areas than a screen can hold, else None.
    faults: what of the address could not be used.
    """

    store: Store
    catalogue: Catalogue
    scenario: Scenario
    council: str | None
    areas: pd.DataFrame
    faults: tuple[Fault, ...]

    @property
    def ranking(self) -> Prioritisation:
        """The areas ranked under this scenario. UserError: an indicator is not loaded."""
        return _ranking(self.store, self.release_key, self.scenario, self.council)

    @property
    def comparison(self) -> Comparison:
        """What profiles of this release share."""
        return _comparison(self.store, self.release_key, self.council)

    @property
    def observations(self) -> pd.DataFrame:
        """Newest observation of each area on screen and indicator, long."""
        return _observations(self.store, self.release_key, self.council)

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators of the release by indicator_id, with their source."""
        return _indicators(self.store, self.release_key)

    @property
    def place(self) -> str:
        """Name of the council on screen."""
        if self.council is None:
            return self.store.release.council_name
        return str(self.areas["council"].iloc[0])

    @property
    def localities(self) -> list[str]:
        return sorted(self.areas["locality"].dropna().unique())

    @property
    def locality(self) -> str | None:
        """The locality in the address, when this release has it."""
        return _known(st.query_params.get("locality"), self.localities)

    @property
    def area(self) -> str | None:
        """The area in the address, when it is on screen."""
        return _known(st.query_params.get("area"), self.areas.index)

    @property
    def release_key(self) -> str:
        """Name of the open release among all folders: what caches go by."""
        return f"{self.store.folder.root}/{self.store.release.id}"


def open_view() -> View:
    """Open the current release with the scenario of the address. UserError: no release, or one that is damaged."""
    folder = DataFolder.chosen()
    store = current_store(folder)
    catalogue = _usable_first(current_catalogue(folder), _indicators(store, f"{folder.root}/{store.release.id}"))
    scenario, faults = from_link(st.query_params.to_dict(), catalogue)
    areas = _areas(store, f"{folder.root}/{store.release.id}")
    council = None
    if len(areas) > MOST_AREAS_ON_SCREEN:
        council = _known(st.query_params.get("council"), areas["council_code"].unique())
        areas = areas[areas["council_code"] == council]
    return View(store, catalogue, scenario, council, areas, tuple(faults))


def _usable_first(catalogue: Catalogue, loaded: pd.DataFrame) -> Catalogue:
    """Put the frameworks whose indicators are all loaded first: a link that names none begins with one of them."""
    ordered = sorted(catalogue.frameworks.items(), key=lambda item: not set(item[1].indicator_ids) <= set(loaded.index))
    return replace(catalogue, frameworks=dict(ordered))


def current_store(folder: DataFolder) -> Store:
    """Return the release that the pointer names now, opened once per server."""
    published = folder.published().current
    return _opened(str(folder.root), published) if published else open_store(folder)


def current_catalogue(folder: DataFolder) -> Catalogue:
    """Return the catalogue, read again whenever one of its files has changed."""
    return _catalogue(str(folder.catalogue), catalogue_stamps(folder))


def catalogue_stamps(folder: DataFolder) -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every file of the catalogue: what caches of anything read from it go by."""
    files = sorted(folder.catalogue.rglob("*.*"))
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.is_file())


def councils(view: View) -> dict[str, str]:
    """Return council code -> name of all areas in the release, by name."""
    areas = _areas(view.store, view.release_key).dropna(subset=["council_code", "council"])
    return dict(areas.drop_duplicates("council_code").sort_values("council")[["council_code", "council"]].to_numpy())


def too_large(view: View) -> bool:
    """Return whether a council must be chosen before areas can be shown."""
    return view.areas.empty and len(_areas(view.store, view.release_key)) > MOST_AREAS_ON_SCREEN


def remember_link(page: str) -> None:
    """Bring the choices back into the address when a menu link has dropped them."""
    arrived = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    if arrived and not st.query_params and _LINK in st.session_state:
        st.query_params.from_dict(st.session_state[_LINK])
    st.session_state[_LINK] = st.query_params.to_dict()


def page_now() -> str:
    """Return the name of the page that this session has open; empty where it opened none."""
    return str(st.session_state.get(_PAGE, ""))


def put_in_link(choices: Mapping[str, str | None]) -> None:
    """Write choices into the address; None takes one out."""
    for key, value in choices.items():
        if value is not None:
            st.query_params[key] = value
        elif key in st.query_params:
            del st.query_params[key]
    st.session_state[_LINK] = st.query_params.to_dict()


def put_in_widget(key: str, value: object, label: str = "") -> None:
    """Give the widget that is drawn next its value, unless this page's widget has it already.

    What is assigned to session state is sent to the browser again, on every run; a choice made there while that run
    was on its way would be set back. Each page's widget is another one to Streamlit, though its key is the same.
    label: how the value is spelled, where that may change: the browser knows a choice by its spelling.
    """
    drawn: dict[str, tuple[str, str]] = st.session_state.setdefault(_DRAWN, {})
    now = page_now(), label
    if drawn.get(key) != now or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
        drawn[key] = now


def put_scenario(scenario: Scenario, catalogue: Catalogue) -> None:
    """Write a scenario into the address."""
    link = scenario.to_link(catalogue)
    put_in_link({key: link.get(key) for key in _SCENARIO_KEYS})


def _known(wanted: str | None, values: object) -> str | None:
    return wanted if wanted is not None and wanted in list(values) else None  # type: ignore[call-overload]


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(root: str, release_id: str) -> Store:
    return Store(DataFolder(Path(root)), release_id)


@st.cache_resource(max_entries=2, show_spinner=False)
def _catalogue(folder: str, stamps: tuple[tuple[str, int, int], ...]) -> Catalogue:
    return load_catalogue(Path(folder))


# Results below are shared between sessions and never changed. The store is left out of the key: its release is in it.
@st.cache_resource(max_entries=64, show_spinner=False)
def _ranking(_store: Store, release: str, scenario: Scenario, council: str | None) -> Prioritisation:
    return prioritise(_store, scenario, council)


@st.cache_resource(max_entries=8, show_spinner=False)
def _comparison(_store: Store, release: str, council: str | None) -> Comparison:
    return compare(_store, council)


@st.cache_resource(max_entries=8, show_spinner=False)
def _observations(_store: Store, release: str, council: str | None) -> pd.DataFrame:
    observed = _store.observations()
    if council is None:
        return observed
    areas = _areas(_store, release)
    return observed[observed["area_code"].isin(areas.index[areas["council_code"] == council])]


@st.cache_resource(max_entries=3, show_spinner=False)
def _areas(_store: Store, release: str) -> pd.DataFrame:
    return _store.areas()


@st.cache_resource(max_entries=3, show_spinner=False)
def _indicators(_store: Store, release: str) -> pd.DataFrame:
    return _store.indicators()
