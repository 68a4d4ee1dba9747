"""The neighbourhood beside the list: as it was agreed with it, else the one found for a draft."""

from __future__ import annotations

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.patch.recorded import (
    RecordedArea,
    RecordedPatch,
    alternatives_sentence,
    asked_sentences,
    beside_the_list,
    recorded_patch,
)
from prioritisation.patches import NEED, Objective
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.navigation import link_to, page_file
from prioritisation.ui.patch.found import ground, objective
from prioritisation.ui.patch.map import choose_shape, patch_map
from prioritisation.ui.session import View
from prioritisation.ui.shortlist.candidate import Candidate, candidate, remember_look
from prioritisation.ui.shortlist.reach import NO_RELEASE
from prioritisation.ui.shortlist.shown import DRAFT, Shown
from prioritisation.words import NO_MAP, NOT_APPLICABLE

WHY = "One team needs one connected neighbourhood; a list of areas is scattered."
NOT_AGREED = "Not agreed yet. “Agree this list” offers to agree this patch with it."
NONE_AGREED = "No patch was agreed with this list."
HOW_TO = "To agree one, choose these weights under “List”, and agree that list with its patch. It replaces this one."
UNREADABLE = "A patch was agreed with this list, but this version of the product cannot read how it was recorded."
_CLICKED = "shortlist-area-clicked"


def neighbourhood(shown: Shown) -> None:
    """Show the tab: never a patch that was found after a list was agreed."""
    _open_clicked()
    if shown.state is not None:
        _agreed(shown)
        return
    if shown.view is None or shown.view.store.boundaries is None:
        told = NO_RELEASE if shown.view is None else f"{NO_MAP} So nobody knows which areas touch."
        show(tag("p", told, class_="notice", role="status"))
        return
    found = candidate(shown)
    if found is not None and found.seen is not None:
        remember_look(shown)
        _draft(shown, found, found.seen)


def _draft(shown: Shown, found: Candidate, seen: RecordedPatch) -> None:
    proof = "" if len(seen.sentences) > 1 else "Found by search; the Patch page proves that none is better."
    lead = tag("p", " ".join(seen.sentences), class_="sentence", role="status")
    _beside(shown, seen, found.found.asked.objective, join(lead, tag("p", f"{proof} {NOT_AGREED}", class_="muted")))
    link_to("Patch", "Choose another, change it or have it proven on Patch")


def _agreed(shown: Shown) -> None:
    also = shown.state.decision.details.get("also") if shown.state else None
    kept = also.get("patch") if isinstance(also, dict) else None
    if not kept:
        told = tag("p", f"{NONE_AGREED} {WHY}", class_="sentence", role="status")
        show(told, None if shown.read_only else tag("p", HOW_TO, class_="muted"))
        return
    patch = recorded_patch(kept)
    if patch is None:
        show(tag("p", UNREADABLE, class_="notice", role="status"))
        return
    who = shown.state.decision.who.described if shown.state else ""
    lead = tag("p", " ".join(patch.sentences), class_="sentence", role="status")
    more = " ".join(part for part in (f"Agreed with the list by {who}.", alternatives_sentence(patch)) if part)
    _beside(shown, patch, _objective(shown.view, patch), join(lead, tag("p", more, class_="muted")))


def _objective(view: View | None, patch: RecordedPatch) -> Objective | None:
    """Return what the patch was chosen by, which colours the map; need, where that is not counted any more."""
    if view is None:
        return None
    try:
        return objective(view, patch.objective_id)
    except UserError:
        return objective(view, NEED)


def _beside(shown: Shown, patch: RecordedPatch, gain: Objective | None, lead: Markup) -> None:
    """Show the map and the areas of the patch, each with its place on the list."""
    show(lead)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        if shown.view is not None and gain is not None and shown.view.store.boundaries is not None:
            _map(shown, shown.view, patch, gain)
        else:
            show(tag("p", NO_RELEASE if shown.view is None else NO_MAP, class_="notice"))
    with right:
        this = "draft" if shown.stage == DRAFT else "list"
        heads = ["Area in the patch", "People", "Rank", f"Place on the {this}"]
        place = {code: position for position, code in enumerate(shown.made.codes, start=1)}
        show(table(heads, [_row(area, place) for area in patch.areas]))
    told = [*beside_the_list(patch, shown.made.codes, shown.names), *asked_sentences(patch, shown.names)]
    show(tag("ul", *[tag("li", each) for each in told], class_="beside"))


def _row(area: RecordedArea, place: dict[str, int]) -> tuple[object, ...]:
    people = NOT_APPLICABLE if area.people is None else f"{area.people:,}"
    rank = "not scored" if area.rank is None else f"{area.rank}"
    return area.name, people, rank, f"{place[area.code]}" if area.code in place else "not on it"


def _map(shown: Shown, view: View, patch: RecordedPatch, gain: Objective) -> None:
    lie = ground(view)
    members = [lie.place[code] for code in patch.codes if code in lie.place]
    shape = choose_shape(view, "shortlist-shape")
    patch_map(
        view,
        lie,
        gain,
        shape=shape,
        groups=[members],
        labels=[],
        label=f"Map: a line round the {len(members)} areas of the patch. The table names them.",
        told=patch.sentences[0] if patch.sentences else patch.words,
        outlined="the patch",
        key=f"shortlist-map-{shape}",
        on_click=_clicked,
    )


def _clicked(code: str) -> None:
    st.session_state[_CLICKED] = code


def _open_clicked() -> None:
    """Go to the profile of an area that was clicked on the map."""
    code = st.session_state.pop(_CLICKED, None)
    if code:
        st.switch_page(page_file("Explore"), query_params={**st.query_params.to_dict(), "area": code})
