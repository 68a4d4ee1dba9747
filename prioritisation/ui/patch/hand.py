"""Changing the patch by hand, one area at a time: what each change would do, and a way back from every one of them."""

from __future__ import annotations

import streamlit as st

from prioritisation.patch.best import Change, changed, just_outside
from prioritisation.patch.graph import pieces
from prioritisation.patch.problem import Patch
from prioritisation.patch.request import kept_out
from prioritisation.patch.sentences import held_beside
from prioritisation.patches import NEED
from prioritisation.ui.markup import show, tag
from prioritisation.ui.patch.choice import (
    BEFORE,
    BY_HAND,
    SHOWN,
    is_by_hand,
    kept_by_hand,
    put_on_screen,
    show_by_hand,
)
from prioritisation.ui.patch.found import Found
from prioritisation.ui.session import put_in_link
from prioritisation.words import areas_words, listed

MOST_OUTSIDE = 12
HOW = "Add or drop one area at a time, here or by a click on the map; both say what it changes before you choose."
KEPT = "Your changes by hand are kept"
NO_CLICK = "A click does nothing: its people or boundary are not known."
BEGINS_ANEW = "A change made now begins from the patch on screen and takes their place."


def by_hand(found: Found, patch: Patch) -> None:
    """Show which areas can be added and dropped, what the changes cost so far, and the ways back."""
    show(tag("p", HOW, class_="muted"))
    lie, wanted, members = found.asked.ground, found.asked.wanted, set(patch.members)
    near = [area for area in just_outside(found.problem, members) if lie.usable[area]]
    allowed_first = sorted(near, key=lambda area: bool(kept_out(lie, wanted, area)))[:MOST_OUTSIDE]
    _offer(found, patch, "Add", "patch-add", allowed_first)
    _offer(found, patch, "Drop", "patch-drop", sorted(members))
    if is_by_hand(found, patch):
        show(tag("p", hand_sentence(found, patch), class_="sentence", role="status"))
    _kept(found, patch)
    _ways_back(found, patch)


def _kept(found: Found, patch: Patch) -> None:
    """Say that work by hand is kept while another patch is on screen, and offer to show it again."""
    kept = waiting(found, patch)
    if kept is None:
        return
    what = f"{areas_words(len(kept.members))} with {kept.people:,} people"
    show(tag("p", f"{KEPT}: {what}. {BEGINS_ANEW}", class_="muted", role="status"))
    with st.container(horizontal=True):
        st.button("Show my changes again", on_click=show_by_hand)
        st.button("Discard my changes", on_click=_discard)


def waiting(found: Found, patch: Patch) -> Patch | None:
    """Return work by hand that is kept while another patch is on screen."""
    kept = kept_by_hand(found)
    return kept if kept is not None and kept.members not in (patch.members, found.best.members) else None


def _ways_back(found: Found, patch: Patch) -> None:
    with st.container(horizontal=True):
        if st.query_params.get(BEFORE) and waiting(found, patch) is None:
            st.button("Undo the last change", on_click=_undo)
        if patch.members != found.best.members:
            st.button("Back to the best patch", on_click=put_on_screen, args=(None, found.asked.ground))


def _undo() -> None:
    put_in_link({BY_HAND: st.query_params[BEFORE], BEFORE: st.query_params.get(BY_HAND), SHOWN: None})


def _discard() -> None:
    put_in_link({BY_HAND: None, BEFORE: st.query_params.get(BY_HAND)})


def _offer(found: Found, patch: Patch, label: str, key: str, areas: list[int]) -> None:
    """Show a choice of areas to move, the best for need first, each with what it changes; those kept out come last."""
    lie = found.asked.ground
    moves = {lie.codes[area]: changed(found.problem, patch.members, area) for area in areas}
    wishes = {code: _wish(found, move.area) for code, move in moves.items()}

    def told(code: str) -> str:
        return f"{lie.names[lie.place[code]]}: {_cost(found, moves[code])}{wishes[code]}"

    st.session_state[key] = None
    st.selectbox(
        f"{label} an area",
        sorted(moves, key=lambda code: (bool(wishes[code]), -moves[code].gain)),
        key=key,
        format_func=told,
        placeholder=f"{label} an area, with what it changes",
        on_change=lambda: move_by_hand(found, patch, st.session_state[key]),
    )


def _wish(found: Found, area: int) -> str:
    """Return which wish is about an area: ", asked not to be in"; empty where none is."""
    lie, wanted = found.asked.ground, found.asked.wanted
    why = "asked to be in" if lie.codes[area] in wanted.include else kept_out(lie, wanted, area)
    return f", {why}" if why else ""


def _what(found: Found) -> str:
    return "the need" if found.asked.objective.id == NEED else "what is counted"


def _cost(found: Found, move: Change) -> str:
    """Return "+0.8% of the council's need, +620 people", and what it breaks."""
    total = found.problem.gain.sum() or 1.0
    breaks = [] if move.connected else ["falls apart"]
    breaks += [] if move.in_range else ["out of range"]
    return ", ".join([f"{100 * move.gain / total:+.1f}% of {_what(found)}", f"{move.people:+,} people", *breaks])


def click_tips(found: Found, patch: Patch) -> dict[str, str]:
    """Return by area code what a click that moves it by hand would make of the patch."""
    replaces = "" if waiting(found, patch) is None else " It takes the place of your changes by hand."
    usable = found.asked.ground.usable
    return {
        code: _click_tip(found, patch, area) + replaces if usable[area] else NO_CLICK
        for area, code in enumerate(found.asked.ground.codes)
    }


def _click_tip(found: Found, patch: Patch, area: int) -> str:
    inside = area in patch.members
    if inside and len(patch.members) == 1:
        return "A click drops it: then the best patch again."
    move, total = changed(found.problem, patch.members, area), found.problem.gain.sum() or 1.0
    whole = "in one piece" if move.connected else "no longer connected"
    size = "in range" if move.in_range else "out of range"
    does = f"{'drops' if inside else 'adds'} it{_wish(found, area)}"
    held = 100 * move.patch.gain / total
    return f"A click {does}: then {move.patch.people:,} people and {held:.1f}% of {_what(found)}, {whole}, {size}."


def hand_sentence(found: Found, patch: Patch) -> str:
    """Return what the changes by hand cost against the best patch, and what they break."""
    lie, best = found.asked.ground, found.best
    added = [lie.names[area] for area in sorted(set(patch.members) - set(best.members))]
    dropped = [lie.names[area] for area in sorted(set(best.members) - set(patch.members))]
    moves = [f"adds {listed(added)}"] if added else []
    moves += [f"drops {listed(dropped)}"] if dropped else []
    told = f"Changed by hand: {' and '.join(moves)}. It holds {held_beside(best, patch)}, with {patch.people:,} people."
    return " ".join([told, *_broken(found, patch)])


def _broken(found: Found, patch: Patch) -> list[str]:
    """Return what of the wishes a patch breaks, a sentence each."""
    lie, wanted = found.asked.ground, found.asked.wanted
    count, told = len(pieces(patch.members, found.problem.neighbours)), []
    if count > 1:
        told.append(f"It is no longer connected: it lies in {count} pieces.")
    if not wanted.low <= patch.people <= wanted.high:
        told.append(f"It is outside the range of {wanted.low:,} to {wanted.high:,} people.")
    without = [lie.names[area] for area in found.problem.must if area not in patch.members]
    against = [f"{lie.names[area]} ({why})" for area in patch.members if (why := kept_out(lie, wanted, area))]
    told += [f"It leaves out {listed(without)}, asked to be in."] if without else []
    return [*told, f"It takes in {listed(against)}."] if against else told


def move_by_hand(found: Found, patch: Patch, code: str | None) -> None:
    """Add an area that is not in the patch, drop one that is; all of it in the address, with what it was before."""
    lie = found.asked.ground
    if code is None or not lie.usable[lie.place[code]]:
        return
    members = set(patch.members) ^ {lie.place[code]}
    same = members == set(found.best.members) or not members
    now = None if same else ",".join(lie.codes[area] for area in sorted(members))
    put_in_link({BY_HAND: now, BEFORE: st.query_params.get(BY_HAND), SHOWN: None})
