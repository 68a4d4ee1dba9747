"""Any two scenarios compared: the sentence, a slope chart, who enters and leaves, and what was weighted otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import streamlit as st

from prioritisation.comparison import Comparison, Ranking, compare
from prioritisation.errors import UserError
from prioritisation.framework import Framework
from prioritisation.scenario import Scenario
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.scenarios.comparison_tables import (
    choices_markup,
    crossers_markup,
    every_area,
    overlap_markup,
    weights_markup,
)
from prioritisation.ui.scenarios.saved_link import on_release
from prioritisation.ui.scenarios.slope_chart import slope, slope_figure, slope_keys, slope_legend
from prioritisation.ui.scenarios.words import areas_words, moment, named_weights
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.words import NOT_APPLICABLE
from prioritisation.workspace.scenarios import SavedScenario, get, listed

TAB, TABS = "scenarios-tab", ("Which are saved?", "How do two differ?")
FIRST, SECOND = "first", "second"
START, NOW = "start", "now"
_NAMED = {START: "The framework's own weights", NOW: "What is on Weigh now"}


@dataclass(frozen=True)
class Side:
    """One of the two: its id in the address, its name, its choices and the release that they were made on."""

    id: str
    label: str
    scenario: Scenario
    release_id: str


def comparison(view: View) -> None:
    """Show the choice of two, and what is different between them."""
    rows = {row.id: row for row in listed(current_workspace())}
    chosen = _chosen(view, rows)
    first, second = _pickers(view, rows, *chosen)
    if first == second:
        show(tag("p", "Choose two different ones.", class_="sentence", role="status"))
        if not rows:
            link_to("Weigh", "Move the weights on Weigh")
        return
    sides = _told_apart([_side(view, rows, each) for each in (first, second)])
    compared = compare(*[_ranking(view, each) for each in sides])
    show(tag("p", compared.sentence, class_="sentence", role="status"))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _slope(view, compared, sides)
    with right:
        show(overlap_markup(compared), crossers_markup(compared), weights_markup(compared), choices_markup(compared))
    with st.expander("Every area, as a table"):
        st.dataframe(
            every_area(compared), hide_index=True, placeholder=NOT_APPLICABLE, alt=compared.sentence, key="every-area"
        )


def compare_with(first: str, second: str) -> None:
    """Open the comparison of two, by their ids."""
    put_in_link({FIRST: first, SECOND: second})
    st.session_state[TAB] = TABS[1]


def _chosen(view: View, rows: dict[str, SavedScenario]) -> tuple[str, str]:
    """Return the two ids of the address; where it names none, the framework's own weights and the best other one."""
    own = Scenario.starting(_own_framework(view))
    other = NOW if view.scenario != own else next(iter(rows), START)
    return st.query_params.get(FIRST, START), st.query_params.get(SECOND, other)


def _own_framework(view: View) -> Framework:
    """Return the catalogue's framework of the scenario on screen, else that scenario's own."""
    return view.catalogue.frameworks.get(view.scenario.framework.id, view.scenario.framework)


def _pickers(view: View, rows: dict[str, SavedScenario], first: str, second: str) -> tuple[str, str]:
    """Show both choices; an id that only the address knows is among them. Return the two chosen."""
    known = dict(_NAMED) | _labels(rows)
    known |= {each: f"The one in the link · {each}" for each in (first, second) if each not in known}
    boxes = st.columns(2)
    for box, label, key, chosen in zip(boxes, ("From", "To"), (FIRST, SECOND), (first, second), strict=True):
        with box:
            st.session_state[f"choose-{key}"] = chosen
            st.selectbox(
                label,
                list(known),
                key=f"choose-{key}",
                format_func=lambda each: known[each],
                on_change=_picked,
                args=(key,),
            )
    return first, second


def _labels(rows: dict[str, SavedScenario]) -> dict[str, str]:
    """Return id -> label, no two alike: the browser answers with the label."""
    labels = {row.id: f"{row.name} · {moment(row.created_at)}" for row in rows.values()}
    alike = Counter(labels.values())
    return {each: label if alike[label] == 1 else f"{label} · {each}" for each, label in labels.items()}


def _picked(key: str) -> None:
    """Keep both in the address, so that a link reopens this comparison."""
    put_in_link({each: st.session_state[f"choose-{each}"] for each in (FIRST, SECOND)})


def _side(view: View, rows: dict[str, SavedScenario], chosen: str) -> Side:
    if chosen == START:
        return Side(START, "Framework weights", Scenario.starting(_own_framework(view)), view.store.release.id)
    if chosen == NOW:
        return Side(NOW, "On Weigh now", view.scenario, view.store.release.id)
    row = rows.get(chosen) or get(current_workspace(), chosen)
    return Side(row.id, row.name, row.scenario, row.release_id)


def _told_apart(sides: list[Side]) -> list[Side]:
    """Give two of the same name different labels."""
    if sides[0].label != sides[1].label:
        return sides
    apart = [side.release_id if sides[0].release_id != sides[1].release_id else side.id for side in sides]
    return [replace(side, label=f"{side.label} ({what})") for side, what in zip(sides, apart, strict=True)]


def _ranking(view: View, side: Side) -> Ranking:
    """Rank one side on the release that it was made on. UserError: an indicator or that release is not there."""
    try:
        on = replace(on_release(view, side.release_id), scenario=side.scenario)
        return Ranking(side.label, side.scenario, side.release_id, on.ranking.table())
    except UserError as refused:
        raise UserError(
            f"'{side.label}' cannot be compared: {refused.found}",
            not_done="Nothing was compared.",
            remedy=refused.remedy,
            faults=refused.faults,
        ) from refused


def _slope(view: View, compared: Comparison, sides: list[Side]) -> None:
    everything = st.session_state.get("slope-all", False)
    drawn = slope(compared, everything)
    indicators = list(dict.fromkeys(each for side in sides for each in side.scenario.framework.indicator_ids))
    scenarios = " and ".join(side.scenario.id for side in sides)
    releases = " and ".join(dict.fromkeys(side.release_id for side in sides))
    source = source_line(view, indicators, f"scenarios {scenarios} · release {releases}")
    title = _title(compared)
    show(slope_legend(drawn))
    alt = f"{title}. {compared.sentence} The table below has every area."
    file_name = f"compared-{sides[0].scenario.id}-{sides[1].scenario.id}"
    chosen = [
        f"{side.label}: {named_weights(side.scenario)} · {areas_words(side.scenario.framework.cut)}" for side in sides
    ]
    keys = slope_keys(drawn, paper=True)
    for key in ("slope", "slope-narrow"):  # the style sheet shows the one for which there is room
        traces, layout = slope_figure(drawn, compared, title, source, narrow=key == "slope-narrow")
        with st.container(key=f"chart-{key}"):
            show_chart(traces, layout, alt=alt, file_name=file_name, key=key, chosen=chosen, keys=keys)
    if drawn.unseen:
        further = f"{areas_words(drawn.unseen)} further down also {'moves' if drawn.unseen == 1 else 'move'} that far."
        show(tag("p", further, class_="muted"))
    if everything or len(drawn.rows) < len(compared.rows):
        st.toggle(f"Draw all {len(compared.rows):,} areas", key="slope-all")


def _title(compared: Comparison) -> str:
    entered, left = len(compared.entered), len(compared.left)
    if not entered and not left:
        return "The shortlist has the same areas under both"
    parts = [f"{areas_words(entered)} {'enters' if entered == 1 else 'enter'}"] if entered else []
    parts += [f"{left if entered else areas_words(left)} {'leaves' if left == 1 else 'leave'}"] if left else []
    return f"{' and '.join(parts)} the shortlist"
