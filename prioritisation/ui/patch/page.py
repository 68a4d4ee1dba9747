"""What the Patch page shows: the best neighbourhood for one team, and the whole council in such neighbourhoods."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from prioritisation.patch.problem import Patch
from prioritisation.patch.sentences import crossing_sentence, patch_sentence
from prioritisation.patch_files import one_patch
from prioritisation.patches import area_rows
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.page import plainly, title
from prioritisation.ui.patch.choice import EXCLUDE, INCLUDE, asked, codes_in_link, is_by_hand, on_screen, put_codes
from prioritisation.ui.patch.division import whole_council
from prioritisation.ui.patch.files import patch_downloads
from prioritisation.ui.patch.found import Asked, Found, find
from prioritisation.ui.patch.hand import KEPT, click_tips, hand_sentence, move_by_hand, waiting
from prioritisation.ui.patch.map import choose_shape, patch_map
from prioritisation.ui.patch.panels import ASKED, QUESTIONS, panels
from prioritisation.ui.patch.proof import proof_told, show_proof
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.shortlist.shown import DECISION, LIST, NOW
from prioritisation.ui.style import show_sheet

VIEWS = {"one": "One patch", "all": "Whole council"}
TITLES = {"one": "Which neighbourhood should one team take?", "all": "Where would a team for every area go?"}
VIEW = "patches"
_VIEW = "patch-view"
CLICKS = {"hand": "moves it by hand", INCLUDE: "wants it in", EXCLUDE: "wants it out"}
WISHES = {INCLUDE: "to be in", EXCLUDE: "not to be in"}
HOW_KEPT = "A patch is agreed with the list, on Shortlist. Until then this page's link keeps it: copy it to share it."
AGREE_IT = "Agree this patch with the list, on Shortlist"
TO_AGREE = {LIST: NOW, "tab": "neighbourhood"}


def patches(view: View) -> None:
    """Show the page."""
    show_sheet("patch")
    shown = "all" if st.query_params.get(VIEW) == "all" else "one"
    question, switch = st.columns([8, 3], vertical_alignment="center")
    with question:
        title(TITLES[shown])
    with switch:
        put_in_widget(_VIEW, shown)
        st.segmented_control(
            "Show",
            list(VIEWS),
            key=_VIEW,
            format_func=VIEWS.__getitem__,
            required=True,
            label_visibility="collapsed",
            on_change=_view_chosen,
            width="stretch",
        )
    (whole_council if shown == "all" else _one)(view)


def _view_chosen() -> None:
    put_in_link({VIEW: "all" if st.session_state[_VIEW] == "all" else None, ASKED: None})


def _one(view: View) -> None:
    question = asked(view)
    plainly(lambda: _answer(question))


def _answer(question: Asked) -> None:
    """Show the patch: a sentence, the proof, the map, and the questions beside it."""
    found = find(question)
    patch = on_screen(found)
    show(tag("p", _sentence(found, patch), class_="sentence", role="status"))
    show_proof(found, patch)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(found, patch)
    with right:
        panels(found, patch)
        _how_it_is_kept(found, patch)


def _how_it_is_kept(found: Found, patch: Patch) -> None:
    """Say how a patch is agreed, with a way there that carries the very patch on screen."""
    told = [HOW_KEPT]
    if waiting(found, patch) is not None:
        told.append(f"{KEPT}, too: see “{QUESTIONS['hand']}”.")
    show(tag("p", " ".join(told), class_="muted patch-kept"))
    query = {name: each for name, each in st.query_params.to_dict().items() if name != DECISION}
    page_link("Shortlist", AGREE_IT, query | TO_AGREE)


def _sentence(found: Found, patch: Patch) -> str:
    """Return what the patch is, across what water it reaches, and whom nobody could count."""
    lie, objective = found.asked.ground, found.asked.objective
    told = [patch_sentence(lie, found.problem, patch, objective.what), crossing_sentence(lie, patch.members)]
    if is_by_hand(found, patch):
        told.append(hand_sentence(found, patch))
    unknown = sum(objective.gain[area] != objective.gain[area] for area in patch.members)
    if unknown:
        told.append(f"{unknown} of its areas {'has' if unknown == 1 else 'have'} no known count and add nothing.")
    return " ".join(sentence for sentence in told if sentence)


def _map(found: Found, patch: Patch) -> None:
    view, lie, wanted = found.asked.view, found.asked.ground, found.asked.wanted
    draw, click, files = st.columns([4, 5, 3], gap="small", vertical_alignment="bottom")
    with draw:
        shape = choose_shape(view, "patch-shape")
    with click:
        does = st.selectbox(
            "A click on an area",
            list(CLICKS),
            format_func=lambda key: f"A click {CLICKS[key]}",
            key="patch-click",
            label_visibility="collapsed",
        )
    with files:
        patch_downloads(view, "patch", lambda: one_patch(_rows(found, patch)), _said(found, patch))
    labels = [(lie.place[code], "in", "mark") for code in wanted.include]
    labels += [(lie.place[code], "\N{MULTIPLICATION SIGN}", "mark") for code in wanted.exclude]
    patch_map(
        view,
        lie,
        found.asked.objective,
        shape=shape,
        groups=[patch.members],
        labels=labels,
        label=f"Map: a line round the {len(patch.members)} areas of the patch. The table lists them.",
        told=_sentence(found, patch),
        outlined="the patch",
        key=f"patch-map-{shape}",
        on_click=lambda code: _clicked(found, patch, does, code),
        click_tips=_tips(found, patch, does),
    )


def _tips(found: Found, patch: Patch, does: str) -> dict[str, str]:
    """Return by area code what a click does now."""
    if does == "hand":
        return click_tips(found, patch)
    now = set(codes_in_link(does, found.asked.ground))
    return {
        code: f"A click {'no longer asks' if code in now else 'asks'} for it {WISHES[does]} the patch."
        for code in found.asked.ground.codes
    }


def _rows(found: Found, patch: Patch) -> pd.DataFrame:
    return area_rows(found.asked.view.ranking, found.asked.ground, found.asked.objective.gain, patch.members)


def _said(found: Found, patch: Patch) -> str:
    """Return what files say of a patch: what it holds, and how sure it is that none is better."""
    return f"{_sentence(found, patch)} {proof_told(found, patch)}"


def _clicked(found: Found, patch: Patch, does: str, code: str) -> None:
    if does == "hand":
        move_by_hand(found, patch, code)
        return
    now = list(codes_in_link(does, found.asked.ground))
    put_codes(does, [each for each in now if each != code] if code in now else [*now, code])
