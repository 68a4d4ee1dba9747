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

BY, PEOPLE, INCLUDE, EXCLUDE, WITHIN = "by", "people", "in", "out", "within"
# The work by hand, what it was before the last change, and what is on screen instead of it: BEST or an alternative.
BY_HAND, BEFORE, SHOWN = "hand", "before", "alternative"
BEST = "best"
MOST_PEOPLE = 10_000_000
STEP = 500


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
    """Return the patch that the address names: an alternative, or the best; else the work by hand, if there is any."""
    if st.query_params.get(SHOWN) == BEST:
        return found.best
    return _alternative(found) or kept_by_hand(found) or found.best


def _alternative(found: Found) -> Patch | None:
    """Return the alternative that the address names: by its areas, or, in links of before, by its number."""
    chosen = st.query_params.get(SHOWN, "")
    if chosen in ("1", "2", "3", "4", "5"):
        others = found.others()
        return others[int(chosen) - 1] if int(chosen) <= len(others) else None
    named = _named(SHOWN, found)
    return named if named is not None and found.problem.allows(named.members) else None


def kept_by_hand(found: Found) -> Patch | None:
    """Return the work by hand that the address keeps, on screen or not; None where there is none."""
    return _named(BY_HAND, found)


def is_by_hand(found: Found, patch: Patch) -> bool:
    """Return whether a patch on screen is the work by hand."""
    kept = kept_by_hand(found)
    return kept is not None and kept.members == patch.members != found.best.members


def _named(name: str, found: Found) -> Patch | None:
    lie = found.asked.ground
    codes = codes_in_link(name, lie)
    return found.patch([lie.place[code] for code in codes]) if codes else None


def put_on_screen(patch: Patch | None, lie: Ground) -> None:
    """Write into the address which patch to show; None: the best. Work by hand is kept, and shown again when asked."""
    if patch is None:
        put_in_link(_the_best())
    else:
        put_in_link({SHOWN: ",".join(lie.codes[area] for area in patch.members)})


def show_by_hand() -> None:
    """Write into the address that the work by hand is shown."""
    put_in_link({SHOWN: None})


def _the_best() -> dict[str, str | None]:
    """Return what shows the best patch: without work by hand that happens by itself."""
    return {SHOWN: BEST if st.query_params.get(BY_HAND) else None}


def codes_in_link(name: str, lie: Ground) -> tuple[str, ...]:
    """Return the area codes that the address lists under a name, those of this release only."""
    given = st.query_params.get(name, "").split(",")
    return tuple(dict.fromkeys(code for code in given if code in lie.place))


def put_codes(name: str, codes: list[str]) -> None:
    """Write area codes into the address; other wishes make another patch, and the best one is shown."""
    put_in_link({**_the_best(), name: ",".join(codes) or None})


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
    put_in_link({**_the_best(), BY: None if chosen == NEED else chosen})


def _people(label: str, key: str, now: int) -> None:
    put_in_widget(key, now)
    st.number_input(label, min_value=1, max_value=MOST_PEOPLE, step=STEP, key=key, on_change=_people_chosen)


def _people_chosen() -> None:
    low, high = int(st.session_state["patch-low"]), int(st.session_state["patch-high"])
    put_in_link({**_the_best(), PEOPLE: f"{low}-{high}"})


def _within(lie: Ground, wanted: Wanted) -> None:
    names = sorted({name for name in lie.localities if name})
    put_in_widget("patch-within", wanted.locality or EVERYWHERE)
    st.selectbox("Stay within", [EVERYWHERE, *names], key="patch-within", on_change=_within_chosen, disabled=not names)


def _within_chosen() -> None:
    chosen = st.session_state["patch-within"]
    put_in_link({**_the_best(), WITHIN: None if chosen == EVERYWHERE else chosen})


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
