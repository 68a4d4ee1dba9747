"""The pack for the team: what is in it, until when to use it, and a button that makes it when it is clicked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.pack.building import README, Pack, decision_pack, pack_name, scenario_pack
from prioritisation.pack.content import EXPIRES_AFTER_DAYS
from prioritisation.pack.receiver import SIGNATURE
from prioritisation.pack.signing import configured_signer
from prioritisation.pack.wording import FILES
from prioritisation.ui.access import allowed, carrying
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup, unforeseen
from prioritisation.ui.session import View
from prioritisation.ui.shortlist.actions import declared
from prioritisation.ui.shortlist.reach import NO_RELEASE
from prioritisation.ui.shortlist.shown import DRAFT, ENDED, SIGNED, Shown
from prioritisation.ui.shortlist.words import day_words
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.words import file_size
from prioritisation.workspace import Workspace, audit, knowledge

EXPORTED = "pack exported"
_FILES = FILES | {README: "what this is, what was decided, and how to check it"}
_MADE, _REFUSED = "pack-made", "pack-refused"


@dataclass(frozen=True)
class Wanted:
    """Which pack: of a scenario, or of a decision as it stood just after its latest record."""

    release_key: str
    scenario_id: str
    council: str | None
    decision_id: str | None
    latest_id: str | None


def pack(shown: Shown) -> None:
    """Show the tab."""
    view = shown.view
    if view is None:
        show(tag("p", NO_RELEASE, class_="notice", role="status"))
        return
    if shown.stage == DRAFT and view.store.release.id != view.store.folder.published().current:
        told = "This draft is on another data release than the one in use. Agree it, and its pack can be made."
        show(tag("p", told, class_="notice", role="status"))
        return
    wanted = _wanted(shown, view)
    made = _made(wanted)
    left, right = st.columns([8, 4], vertical_alignment="center")
    with left:
        show(tag("p", _what(shown), class_="sentence", role="status"), tag("p", _until(shown, view), class_="muted"))
    with right:
        _button(shown, view, wanted)
    refused = st.session_state.get(_REFUSED)
    if refused is not None and refused[0] == wanted:
        show(refusal_markup(refused[1]))
    _preview(shown, view, made)


def _button(shown: Shown, view: View, wanted: Wanted) -> None:
    """Show the button. Nothing is made before it is clicked; the click makes it once, here and for the download."""
    if not allowed("export packs"):
        show(tag("p", "Your role may read this list; a facilitator, an analyst or an auditor makes the pack."))
        return
    make = partial(_pack, view, current_workspace(), wanted)
    st.download_button(
        "Download the pack" if shown.stage != DRAFT else "Download the draft pack",
        data=carrying(exported(make, current_workspace(), wanted, declared())),
        file_name=pack_name(view.store.release, wanted.scenario_id, wanted.decision_id),
        mime="application/zip",
        type="primary" if shown.stage == SIGNED else "secondary",
        on_click=_remember,
        args=(make, wanted),
        width="stretch",
        key="shortlist-pack",
    )


def exported(make: Callable[[], Pack], workspace: Workspace, wanted: Wanted, by: str) -> Callable[[], bytes]:
    """Return what the click runs: make the pack, log that it left, and hand it over."""

    def export() -> bytes:
        try:
            made = make()
            about = wanted.decision_id or wanted.scenario_id
            audit.record(workspace, EXPORTED, by=by, about=about, parameters={"pack": made.sha256[:32]})
        except UserError:
            raise
        except Exception as fault:  # noqa: BLE001 - its own text may hold values, and the browser would show it
            raise unforeseen(fault) from None
        return made.zipped

    return export


def _remember(make: Callable[[], Pack], wanted: Wanted) -> None:
    """Keep the sizes of what is in it for the preview, or why it cannot be made."""
    st.session_state.pop(_REFUSED, None)
    try:
        made = make()
    except UserError as refused:
        st.session_state[_REFUSED] = (wanted, refused)
        return
    st.session_state[_MADE] = (wanted, {name: len(content) for name, content in made.files.items()}, len(made.zipped))


def _made(wanted: Wanted) -> tuple[dict[str, int], int] | None:
    """Return the sizes of the files and of the whole, once this very pack was made in this session."""
    found = st.session_state.get(_MADE)
    return (found[1], found[2]) if found is not None and found[0] == wanted else None


def _preview(shown: Shown, view: View, made: tuple[dict[str, int], int] | None) -> None:
    if made is None:
        absent = {SIGNATURE} if configured_signer() is None else set()
        absent |= set() if view.store.cube_facts() else {"cohorts.csv"}
        absent |= set() if view.store.boundaries else {"areas.geojson", "areas.gpkg"}
        absent |= set() if _is_known(shown, view) else {"community.csv"}
        rows = [(name, words) for name, words in _FILES.items() if name not in absent]
        show(table(["File", "What it is"], rows, text_columns=2))
        show(tag("p", "Sizes are shown once it is made, which takes a few seconds.", class_="muted"))
        return
    sizes, whole = made
    sized = [(name, words, file_size(sizes[name])) for name, words in _FILES.items() if name in sizes]
    show(table(["File", "What it is", "Size"], sized, text_columns=2))
    show(tag("p", f"{len(sizes)} files, {file_size(whole)} as one zip.", class_="muted", role="status"))


def _is_known(shown: Shown, view: View) -> bool:
    """Return whether the decision knew anything of these places from their communities; a draft's pack says nothing."""
    if shown.state is None:
        return False
    places = {*view.areas.index, *view.areas["locality"].dropna()}
    known = knowledge.listed(current_workspace(), until=shown.state.latest.changed)
    return any(each.given.place in places for each in known)


def _what(shown: Shown) -> str:
    if shown.stage == DRAFT:
        left_out = " What was changed by hand is not in it: that counts once the list is agreed."
        what = "A draft pack: the computed list only, marked “not agreed” in every file."
        return what + (left_out if shown.changed else "")
    if shown.stage == ENDED:
        return "The pack of a list that is no longer in force, marked so in every file."
    return "One zip for the team: a briefing to read, the agreed list with its reasons, and maps. It names no people."


def _until(shown: Shown, view: View) -> str:
    release = view.store.release
    built = datetime.fromisoformat(release.built_at)
    dated = shown.state.latest.at if shown.state else built if built.tzinfo else built.replace(tzinfo=UTC)
    expires = (dated + timedelta(days=EXPIRES_AFTER_DAYS)).date()
    return f"Use it until {day_words(expires)}; then ask for a new one. Its receiver can check it with verify.py."


def _wanted(shown: Shown, view: View) -> Wanted:
    state = shown.state
    decision_id, latest_id = (state.id, state.latest.id) if state else (None, None)
    return Wanted(view.release_key, shown.scenario.id, view.council, decision_id, latest_id)


def _pack(view: View, workspace: Workspace, wanted: Wanted) -> Pack:
    """Return the pack, made anew once words were erased that it may hold: asked at the click, not when it was shown."""
    return _packed(view, workspace, wanted, knowledge.erased(workspace) if wanted.decision_id is not None else 0)


@st.cache_resource(max_entries=4, show_spinner="Making the pack")
def _packed(_view: View, _workspace: Workspace, wanted: Wanted, erased: int) -> Pack:
    """Make a pack once, however often and from whichever thread it is asked for."""
    if wanted.decision_id is not None:
        return decision_pack(_view.store.folder, _workspace, wanted.decision_id, wanted.latest_id)
    return scenario_pack(_view.store.folder, _view.scenario, _view.council)
