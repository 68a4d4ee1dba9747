"""What is asked of a patch, all in the address: what to hold, how many people, which areas, where, which patch."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Patch
from prioritisation.patch.request import Wanted
from prioritisation.patches import NEED, usual_range
from prioritisation.ui.page import EVERYWHERE
from prioritisation.ui.patch.found import Asked, Found, ground, objective, offered
from prioritisation.ui.session import View, put_in_link, put_in_widget

BY, PEOPLE, INCLUDE, EXCLUDE, WITHIN, BY_HAND, SHOWN = "by", "people", "in", "out", "within", "hand", "alternative"
MOST_PEOPLE = 10_000_000
STEP = 500
_OF_A_PATCH = (BY_HAND, SHOWN)


def asked(view: View) -> Asked:
    """Show the choices; return what is asked."""
    lie = ground(view)
    wanted = _wanted(view, lie)
    what, low, high, where, more = st.columns([4, 2, 2, 3, 2], gap="small", vertical_alignment="bottom")
    with what:
        by = _by(view)
    with low:
        _people("At least", "patch-low", wanted.low)
    with high:
        _people("At most (people)", "patch-high", wanted.high)
    with where:
        _within(lie, wanted)
    count = len(wanted.include) + len(wanted.exclude)
    with more, st.popover(f"In or out ({count})" if count else "In or out", width="stretch"):
        _areas(lie, "Must be in", INCLUDE, wanted.include)
        _areas(lie, "Must not be in", EXCLUDE, wanted.exclude)
    return Asked(view, lie, objective(view, by), wanted)


def asked_in_link(view: View) -> Asked:
    """Return what the address asks, without showing a choice: for pages that only look at the patch."""
    lie = ground(view)
    return Asked(view, lie, objective(view, _by_in_link(offered(view))), _wanted(view, lie))


def is_in_link() -> bool:
    """Return whether the address asks anything of a patch, or names one."""
    return any(st.query_params.get(name) for name in (BY, PEOPLE, INCLUDE, EXCLUDE, WITHIN, BY_HAND, SHOWN))


def on_screen(found: Found) -> Patch:
    """Return the patch that the address names: changed by hand, an alternative, or the best."""
    by_hand = codes_in_link(BY_HAND, found.asked.ground)
    if by_hand:
        return found.patch([found.asked.ground.place[code] for code in by_hand])
    chosen = st.query_params.get(SHOWN, "")
    if chosen in ("1", "2", "3", "4", "5"):
        others = found.others()
        if int(chosen) <= len(others):
            return others[int(chosen) - 1]
    return found.best


def codes_in_link(name: str, lie: Ground) -> tuple[str, ...]:
    """Return the area codes that the address lists under a name, those of this release only."""
    given = st.query_params.get(name, "").split(",")
    return tuple(dict.fromkeys(code for code in given if code in lie.place))


def put_codes(name: str, codes: list[str]) -> None:
    """Write area codes into the address; other wishes make another patch, so changes by hand go."""
    put_in_link({**dict.fromkeys(_OF_A_PATCH), name: ",".join(codes) or None})


def _wanted(view: View, lie: Ground) -> Wanted:
    low, high = usual_range(view.ranking)
    given = st.query_params.get(PEOPLE, "").split("-")
    if len(given) == 2 and all(part.isascii() and part.isdigit() and len(part) < 9 for part in given):
        low, high = int(given[0]), int(given[1])
    within = st.query_params.get(WITHIN)
    return Wanted(
        low,
        high,
        include=codes_in_link(INCLUDE, lie),
        exclude=codes_in_link(EXCLUDE, lie),
        locality=within if within in lie.localities else None,
    )


def _by(view: View) -> str:
    names = offered(view)
    by = _by_in_link(names)
    put_in_widget("patch-by", by)
    st.selectbox(
        "Hold as much as it can of", list(names), key="patch-by", format_func=names.__getitem__, on_change=_by_chosen
    )
    return by


def _by_in_link(names: Mapping[str, str]) -> str:
    given = st.query_params.get(BY, NEED)
    return given if given in names else NEED


def _by_chosen() -> None:
    chosen = st.session_state["patch-by"]
    put_in_link({**dict.fromkeys(_OF_A_PATCH), BY: None if chosen == NEED else chosen})


def _people(label: str, key: str, now: int) -> None:
    put_in_widget(key, now)
    st.number_input(label, min_value=1, max_value=MOST_PEOPLE, step=STEP, key=key, on_change=_people_chosen)


def _people_chosen() -> None:
    low, high = int(st.session_state["patch-low"]), int(st.session_state["patch-high"])
    put_in_link({**dict.fromkeys(_OF_A_PATCH), PEOPLE: f"{low}-{high}"})


def _within(lie: Ground, wanted: Wanted) -> None:
    names = sorted({name for name in lie.localities if name})
    put_in_widget("patch-within", wanted.locality or EVERYWHERE)
    st.selectbox("Stay within", [EVERYWHERE, *names], key="patch-within", on_change=_within_chosen, disabled=not names)


def _within_chosen() -> None:
    chosen = st.session_state["patch-within"]
    put_in_link({**dict.fromkeys(_OF_A_PATCH), WITHIN: None if chosen == EVERYWHERE else chosen})


def _areas(lie: Ground, label: str, name: str, now: tuple[str, ...]) -> None:
    key = f"patch-{name}"
    put_in_widget(key, list(now))
    st.multiselect(
        label,
        sorted(lie.codes, key=lambda code: lie.names[lie.place[code]]),
        key=key,
        format_func=lambda code: f"{lie.names[lie.place[code]]} · {code}",
        placeholder="Name or code of an area",
        on_change=lambda: put_codes(name, st.session_state[key]),
    )
