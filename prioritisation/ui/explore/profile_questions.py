"""The questions below the map about the area on screen: beside the others, earlier years, and areas like it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.profiles import area_profile
from prioritisation.ui.colours import palette
from prioritisation.ui.explore.profile_similar import similar_areas
from prioritisation.ui.explore.profile_trends import trends_of_area
from prioritisation.ui.explore.profile_view import indicators_markup
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly
from prioritisation.ui.session import View, put_in_link

WITH = "with"
QUESTIONS = {"others": "With all areas?", "years": "With earlier years?", "like": "With areas like it?"}
_TAB = "profile-question"


def profile_questions(view: View, area: str) -> None:
    """Show the section of the page."""
    show(tag("h2", f"How does {view.areas['name'][area]} compare?"))
    answers: dict[str, Callable[[View, str], None]] = {
        "others": _indicators,
        "years": trends_of_area,
        "like": similar_areas,
    }
    default = QUESTIONS.get(st.query_params.get(WITH, ""), QUESTIONS["others"])
    tabs = st.tabs(list(QUESTIONS.values()), key=_TAB, on_change=_asked, default=default)
    for tab, answer in zip(tabs, answers.values(), strict=True):
        if tab.open:
            with tab:
                plainly(lambda answer=answer: answer(view, area))  # type: ignore[misc]


def _asked() -> None:
    ids = {name: key for key, name in QUESTIONS.items()}
    wanted = ids.get(st.session_state[_TAB])
    put_in_link({WITH: wanted if wanted != "others" else None})


def _indicators(view: View, area: str) -> None:
    profile = area_profile(view.comparison, view.ranking, area)
    show(indicators_markup(view, profile, palette()))
