"""What the Start page shows: the framework's practical steps with how each stands, beside the map of need."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from prioritisation.steps import DONE, LOOK_AGAIN, TO_DO, UNDER_WAY, WAITING, Step, next_step, practical_steps
from prioritisation.ui.agreed_weights import say_which_weights
from prioritisation.ui.colours import palette
from prioritisation.ui.maps.about import about_map
from prioritisation.ui.maps.area_map import area_map
from prioritisation.ui.maps.boundaries import outlines
from prioritisation.ui.maps.legend import legend_markup
from prioritisation.ui.maps.showing import OVERALL, looks, sentence, showing
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.navigation import NAMES, link_to, page_file
from prioritisation.ui.page import plainly, title
from prioritisation.ui.session import View, too_large
from prioritisation.ui.start_facts import facts
from prioritisation.ui.style import show_charts_style, show_sheet
from prioritisation.words import NO_MAP

MARKS = {DONE: "✓", UNDER_WAY: "…", LOOK_AGAIN: "!", TO_DO: "", WAITING: ""}
WORDS = {DONE: "Done", UNDER_WAY: "Under way", LOOK_AGAIN: "Look again", TO_DO: "To do", WAITING: "Waits"}
_CLICKED = "start-clicked"


def start(view: View) -> None:
    """Show the page."""
    _open_clicked()
    show_charts_style()
    show_sheet("record")
    title("Where do we stand?", "From the question to a signed decision, in the order that it is best done.")
    left, right = st.columns([6, 4], gap="large")
    with right:
        plainly(lambda: _map(view))
    with left:
        plainly(lambda: _steps(view))


def _steps(view: View) -> None:
    every = practical_steps(facts(view))
    coming = next_step(every)
    with st.container(key="steps", gap=None):
        for place, step in enumerate(every, start=1):
            with st.container(key=f"step-{place}"):
                said, link = st.columns([10, 3], vertical_alignment="center", gap="small")
                with said:
                    show(step_markup(place, step, step is coming))
                with link:
                    _link(step)
    show(tag("p", progress(every, coming), class_="muted", role="status"))


def step_markup(place: int, step: Step, coming: bool) -> Markup:
    """Return one step: its number or mark, its name, its state in a word, and how it stands."""
    word = "Next" if coming else WORDS[step.state]
    return tag(
        "div",
        tag("span", MARKS[step.state] or place, class_="mark", aria_hidden="true"),
        tag(
            "div",
            tag("h2", f"{step.name} ", tag("span", word, class_="badge")),
            tag("p", step.told),
        ),
        class_=f"step is-{step.state.replace(' ', '-')}{' coming' if coming else ''}",
    )


def progress(every: Sequence[Step], coming: Step | None) -> str:
    """Return how far all of it is, in a sentence."""
    done = sum(step.state == DONE for step in every)
    if coming is None:
        return f"{done} of {len(every)} steps are done."
    return f"{done} of {len(every)} steps are done. Next: {coming.name[0].lower()}{coming.name[1:]}."


def _link(step: Step) -> None:
    if step.action.page in NAMES:
        link_to(step.action.page, step.action.label, step.action.query)


def _map(view: View) -> None:
    """Show where need is greatest under the weights in the address, one click away from everything about it."""
    if too_large(view):
        show(tag("p", f"This release has all of {view.store.release.council_name}; Explore asks which council to see."))
        link_to("Explore", "Choose a council on Explore")
        return
    shown = showing(view, OVERALL)
    drawn = outlines(view)
    show(tag("p", sentence(shown, view.areas, None), class_="sentence"))
    say_which_weights(view)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
    else:
        colours = palette()
        label = "Map of the overall score, darker where need is greater. Explore has the same as a table."
        area_map(
            drawn,
            looks=list(looks(shown)),
            names=list(view.areas["name"]),
            places=[name if isinstance(name, str) else None for name in view.areas["locality"]],
            values=[f"Overall score: {shown.words(code)}" for code in view.areas.index],
            selected=-1,
            locality=None,
            label=label,
            colours=colours,
            key="start-map",
            on_area_change=_clicked,
            about=about_map(view, shown, label),
        )
        show(legend_markup(shown, colours))
    link_to("Explore", "Explore the map and every indicator")


def _clicked() -> None:
    st.session_state[_CLICKED] = st.session_state["start-map"].get("area")


def _open_clicked() -> None:
    """Go to the profile of an area that was clicked on the map."""
    area = st.session_state.pop(_CLICKED, None)
    if area:
        st.switch_page(page_file("Explore"), query_params={**st.query_params.to_dict(), "area": area})
