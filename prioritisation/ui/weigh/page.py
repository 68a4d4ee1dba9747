"""What the Weigh page shows: the weighing component, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from prioritisation.answer import answer
from prioritisation.framework import AGGREGATES, METHODS, Normalisation
from prioritisation.scenario import Scenario, from_link
from prioritisation.ui.maps.boundaries import hexagons, outlines
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.page import plainly, scenario_line
from prioritisation.ui.scenarios.saved_link import show_saved
from prioritisation.ui.session import View, put_in_link, put_in_widget, put_scenario
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.ui.weigh.about import about_map
from prioritisation.ui.weigh.arguments import WeighResult
from prioritisation.ui.weigh.component import mount_geometry, weighing
from prioritisation.ui.weigh.fairness import fairness_drawer
from prioritisation.ui.weigh.save_view import save_scenario
from prioritisation.ui.weigh.setting import shown
from prioritisation.ui.weigh.take_along import NO_OUTLINES, take_along
from prioritisation.words import AGGREGATE_WORDS, METHOD_WORDS, NO_MAP

HEXAGONS_EVERY = "3s"


def weigh(view: View) -> None:
    """Show the page. Its tools stand in the header's line, so that the view itself has the whole window."""
    show(tag("h1", "What matters most?", class_="unseen"))
    with st.container(key="weigh-tools-below" if view.faults else "weigh-tools"):
        _, save, how = st.columns([7, 2, 2], gap="small")
        with save:
            save_scenario(view)
        with how, st.popover("How it is worked out", width="stretch"):
            _method(view)
    show_saved(view)
    drawn = outlines(view) or NO_OUTLINES
    if not drawn["areas"]:
        show(tag("p", NO_MAP, class_="notice"))
    hexes = hexagons(view)
    mount_geometry(drawn, key="weigh-geometry", hexes=hexes)
    _follow(view, str(drawn["hash"]))
    if hexes is None and drawn["areas"] and view.council is None:
        _await_hexagons(view)


@st.fragment(run_every=HEXAGONS_EVERY)
def _await_hexagons(view: View) -> None:
    """Show the hexagon map as soon as it is made, without anybody having to touch the page."""
    if hexagons(view) is not None:
        st.rerun()


@st.fragment
def _follow(view: View, geometry: str) -> None:
    """Run again after each change of a weight, without the rest of the page."""
    plainly(lambda: _weighing(view, geometry))


def _weighing(view: View, geometry: str) -> None:
    scenario, _ = from_link(st.query_params.to_dict(), view.catalogue)
    framework = scenario.framework
    stays = shown(replace(view, scenario=scenario))
    found = answer(stays.setting, np.array(scenario.weights), framework.cut, _weights_before(scenario))
    result = WeighResult(
        weights=scenario.percentages,
        ranks=found.ranks.tolist(),
        cut=framework.cut,
        breaks=stays.breaks,
        version=_version(scenario),
        selected=view.area,
        locality=view.locality,
        stability=found.stability,
        flips=found.flips,
        change=found.change,
        known=_known(view),
        view=st.session_state.get("weighing-view"),
        about=about_map(replace(view, scenario=scenario)),
    )
    weighing(stays.table, result, geometry_hash=geometry, key="weighing", when=_answers(view))
    _foot(replace(view, scenario=scenario), int(np.count_nonzero(found.ranks)))


def _known(view: View) -> dict[str, str]:
    """Return what is known of each area, in one line; nothing where no workspace was ever begun."""
    if not workspace_begun(view.store.folder):
        return {}
    from prioritisation.ui.knowledge.shown import weigh_lines  # brings SQLAlchemy

    return weigh_lines(view)


def _answers(view: View) -> dict[str, Callable[[], None]]:
    return {
        "weights": lambda: _weights_moved(view),
        "selected": lambda: put_in_link({"area": st.session_state["weighing"]["selected"]}),
        "cut": lambda: _cut_moved(view),
        "locality": lambda: put_in_link({"locality": st.session_state["weighing"]["locality"]}),
        "view": _keep_view,
    }


def _weights_before(scenario: Scenario) -> Any:
    """Return the shares before the last move, when the present ones are what that move led to."""
    before: tuple[Scenario, Scenario] | None = st.session_state.get("weighing-moved")
    return np.array(before[0].weights) if before is not None and before[1] == scenario else None


def _foot(view: View, scored: int) -> None:
    """Show the ids of this very ranking and the way to take it along.

    scored: counted by whoever ranked: to rank once more through the store takes longer than all else after a release.
    """
    ids, profile, files = st.columns([6, 3, 2], vertical_alignment="center")
    with ids:
        show(tag("p", scenario_line(view, scored), class_="ids muted"))
    if view.area is not None:
        with profile:
            link_to("Explore", "Open the selected area's profile")
    with files:
        take_along(view)
    fairness_drawer(view)


def _version(scenario: Scenario) -> int:
    """Return a number that grows when choices come from elsewhere than the browser's own controls."""
    if st.session_state.get("weighing-shown") != _choices(scenario):
        st.session_state["weighing-shown"] = _choices(scenario)
        st.session_state["weighing-version"] = st.session_state.get("weighing-version", 0) + 1
    return int(st.session_state["weighing-version"])


def _choices(scenario: Scenario) -> tuple[object, ...]:
    return scenario.framework.id, scenario.percentages, scenario.framework.cut


def _weights_moved(view: View) -> None:
    weights = [float(part) for part in st.session_state["weighing"]["weights"]]
    before = from_link(st.query_params.to_dict(), view.catalogue)[0]
    after = before.with_weights(weights)
    st.session_state["weighing-moved"] = (before, after)
    _moved_to(after, view)


def _cut_moved(view: View) -> None:
    cut = int(st.session_state["weighing"]["cut"])
    _moved_to(from_link(st.query_params.to_dict(), view.catalogue)[0].with_cut(cut), view)


def _moved_to(scenario: Scenario, view: View) -> None:
    st.session_state["weighing-shown"] = _choices(scenario)
    put_scenario(scenario, view.catalogue)


def _keep_view() -> None:
    """Keep locks, pins and the like for this session: they are no part of the scenario."""
    st.session_state["weighing-view"] = st.session_state["weighing"]["view"]


def _method(view: View) -> None:
    """Show the choices behind the scores; each goes into the address."""
    framework = view.scenario.framework
    usable = [
        each for each in view.catalogue.frameworks.values() if set(each.indicator_ids) <= set(view.indicators.index)
    ]
    names = {each.id: each.name for each in usable}
    put_in_widget("choose-framework", framework.id if framework.id in names else next(iter(names), None))
    st.selectbox(
        "Framework",
        list(names),
        key="choose-framework",
        format_func=lambda key: names[key],
        on_change=_framework,
        args=(view,),
    )
    put_in_widget("choose-aggregate", framework.aggregate)
    st.radio(
        "Putting priorities together",
        AGGREGATES,
        key="choose-aggregate",
        format_func=lambda key: AGGREGATE_WORDS[key],
        on_change=_way,
        args=(view,),
    )
    put_in_widget("choose-normalise", framework.normalise.method)
    st.radio(
        "Making indicators comparable",
        [method for method in METHODS if method != "z-score" or framework.aggregate != "geometric"],
        key="choose-normalise",
        format_func=lambda key: METHOD_WORDS[key],
        on_change=_way,
        args=(view,),
    )


def _framework(view: View) -> None:
    chosen = view.catalogue.frameworks[st.session_state["choose-framework"]]
    put_scenario(Scenario.starting(chosen), view.catalogue)


def _way(view: View) -> None:
    own = view.catalogue.frameworks[view.scenario.framework.id]
    aggregate, method = st.session_state["choose-aggregate"], st.session_state["choose-normalise"]
    if aggregate == "geometric" and method == "z-score":
        method = "percentile"
    normalise = own.normalise if method == own.normalise.method else Normalisation(method)
    current = from_link(st.query_params.to_dict(), view.catalogue)[0]
    changed = replace(current.framework, aggregate=aggregate, normalise=normalise)
    put_scenario(replace(current, framework=changed), view.catalogue)
