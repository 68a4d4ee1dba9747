"""Community knowledge beside the numbers of other pages: only what is accepted, nothing where none was ever saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from prioritisation.folder import DataFolder
from prioritisation.place_standard import PlaceStandard, load_place_standard
from prioritisation.ui.knowledge.words import (
    NEVER_SCORED,
    card,
    counted,
    first_words,
    much_known,
    scores_markup,
    scores_sentence,
)
from prioritisation.ui.markup import Markup, show, tag
from prioritisation.ui.session import View
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.ui.style import show_sheet
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import Workspace
from prioritisation.workspace.knowledge import LOCALITY, Known, listed
from prioritisation.workspace.known import KnownHere, known_here, theme_scores

LINES = 2  # of notes, where only their beginnings are shown


def accepted_knowledge(folder: DataFolder) -> tuple[Known, ...]:
    """Return everything accepted, the newest first; nothing where no workspace was begun."""
    if not workspace_begun(folder):
        return ()
    workspace = current_workspace()
    return _accepted(workspace, workspace.place, workspace.standing())


@st.cache_resource(max_entries=4, show_spinner=False)
def _accepted(_workspace: Workspace, place: str, standing: str) -> tuple[Known, ...]:
    return listed(_workspace)


def knowledge_of(places: Mapping[str, str | None]) -> dict[str, KnownHere]:
    """Return what is known of each area of which anything is. places: code of an area -> its locality."""
    return known_here(accepted_knowledge(DataFolder.chosen()), places)


def places_of(view: View, codes: Iterable[str]) -> dict[str, str | None]:
    """Return areas on screen with their localities, as `knowledge_of` wants them."""
    localities = view.areas["locality"]
    return {code: name if isinstance(name := localities[code], str) else None for code in codes}


def current_tool(view: View) -> PlaceStandard:
    """Return the Place Standard tool as the catalogue has it."""
    return load_place_standard(view.store.folder.catalogue)


def place_names(view: View) -> dict[str, str]:
    """Return the name of every place that something can be known of: areas by code, localities by name."""
    areas = zip(view.areas.index, view.areas["name"], strict=True)
    return {**{str(code): str(name) for code, name in areas}, **{each: each for each in view.localities}}


def place_of(known: Known, names: dict[str, str]) -> str:
    """Return the name of a contribution's place; its code where this release has no such area."""
    return known.given.place if known.given.geography == LOCALITY else names.get(known.given.place, known.given.place)


def area_knowledge(view: View, area: str) -> None:
    """Show what is known of one area and of its locality."""
    here = knowledge_of(places_of(view, [area])).get(area)
    if here is None:
        show(tag("p", "Nothing was said of it yet, nor of its locality.", class_="muted"))
        return
    show_sheet("knowledge")
    tool, names = current_tool(view), place_names(view)
    show(tag("p", f"{'; '.join(much_known(here))}. {NEVER_SCORED}", class_="muted"))
    for of_place, name in ((here.of_area, ""), (here.of_locality, view.areas["locality"][area])):
        scored = [each for each in of_place if each.given.scores]
        if scored:
            place = tag("strong", f"{name} (whole locality). ") if name else None
            show(tag("p", place, scores_sentence(scored, tool)), scores_markup(theme_scores(scored, tool), tool))
    cards = [card(each, place_of(each, names) if each in here.of_locality else "", tool) for each in here.notes]
    show(tag("div", *cards, class_="knowns"))


def knowledge_lines(here: KnownHere) -> str:
    """Return what is known of an area in one line of plain text: how much, and how the newest note begins."""
    beginnings = [
        f"\N{LEFT DOUBLE QUOTATION MARK}{first_words(each)}\N{RIGHT DOUBLE QUOTATION MARK}" for each in here.notes
    ]
    return " ".join([f"Community knowledge: {'; '.join(much_known(here))}.", *beginnings[:1]])


def weigh_lines(view: View) -> dict[str, str]:
    """Return area code -> what the Weigh page says of it under the list."""
    here = knowledge_of(places_of(view, view.areas.index))
    return {code: knowledge_lines(known) for code, known in here.items()}


def knowledge_mark(here: KnownHere) -> Markup:
    """Return what stands beside an area in a list: how much is known, and how the first notes begin."""
    lines = [tag("small", first_words(each)) for each in here.of_area if each.given.words][:LINES]
    return tag("span", "; ".join(much_known(here)), *lines, class_="known-mark")


def known_sentence(known: Iterable[Known], areas: int) -> str:
    """Return how much is known of how many places."""
    every = list(known)
    places = {(each.given.geography, each.given.place) for each in every}
    localities = sum(geography == LOCALITY for geography, _ in places)
    pieces = counted(len(every), "contribution is", "contributions are")
    about = f"{len(places) - localities:,} of {counted(areas, 'area', 'areas')}"
    wider = f" and {counted(localities, 'locality', 'localities')}" if localities else ""
    return f"{pieces} accepted, about {about}{wider}."
