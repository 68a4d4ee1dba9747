"""The panel under the buttons: one form for each thing that can be done to a shortlist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from prioritisation.decision_sentences import beside_words
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.scenarios.words import areas_words, named_weights
from prioritisation.ui.shortlist.actions import (
    AGREE,
    AREA_BOX,
    CHANGE,
    COHORTS_BOX,
    DISCARD,
    DO_BOX,
    END,
    NOTE,
    ORGANISATION_BOX,
    PATCH_BOX,
    PLACE_BOX,
    REASON_BOX,
    REFUSED,
    REVIEW_BOX,
    ROLE_BOX,
    SIGN,
    UNDO,
    UNDO_BOX,
    WEIGHTS_BOX,
    WITHDRAW,
    add_note,
    agree,
    changed_meanwhile,
    close_panel,
    discard,
    end,
    opened,
    save_change,
    sign,
    weights_to_agree,
    withdraw,
)
from prioritisation.ui.shortlist.partners import partner_names
from prioritisation.ui.shortlist.people import offered
from prioritisation.ui.shortlist.shown import Shown
from prioritisation.ui.shortlist.words import NOT_VERIFIED, change_words, changed_words
from prioritisation.ui.who import ask_organisation, show_who
from prioritisation.workspace.overrides import ADD, DROP, MOVE
from prioritisation.workspace.records import Conflict
from prioritisation.workspace.texts import REASON, ROLE

_WHY = "Why? Everybody will read this"
_DO = {ADD: "Add an area", DROP: "Drop an area", MOVE: "Move an area", UNDO: "Take a change back"}
_HEADS = {
    CHANGE: "Change the list",
    AGREE: "Agree this list",
    DISCARD: "Discard the draft",
    SIGN: "Sign off this list",
    NOTE: "Add a note",
    END: "End this agreement",
    WITHDRAW: "Withdraw a sign-off",
}


def panel(shown: Shown, kinds: Sequence[str]) -> None:
    """Show the open panel, when it is one of these."""
    found = opened(kinds)
    if found is None:
        return
    with st.container(border=True, key="shortlist-panel-box"):
        show(tag("h2", _HEADS[found.kind]))
        _meanwhile(shown)
        _FORMS[found.kind](shown, found.about)


def _meanwhile(shown: Shown) -> None:
    """Say that the list is another one now."""
    if changed_meanwhile(shown):
        who = shown.state.latest.who.described if shown.state else shown.draft.updated_by if shown.draft else "somebody"
        told = f"The list was changed by {who} while this was open. Below it is as it stands now."
        show(tag("p", told, class_="notice", role="alert"))
    refused = st.session_state.get(REFUSED)
    if isinstance(refused, Conflict):
        show(refusal_markup(refused))
        now = "Below is the list as it stands now. Your words are still in the boxes: saving again changes that list."
        show(tag("p", now))


def _change(shown: Shown, about: str) -> None:
    del about
    ways = [each for each in _DO if each != UNDO or shown.changes]
    if st.session_state.get(DO_BOX) not in ways:
        st.session_state[DO_BOX] = ADD
    do = st.radio("What should change?", ways, key=DO_BOX, format_func=lambda way: _DO[way], horizontal=True)
    with st.form("shortlist-change", border=False):
        if do == UNDO:
            _undo_boxes(shown)
        else:
            _change_boxes(shown, do)
        _who(shown)
        _buttons("Save this change", save_change, shown)


def _change_boxes(shown: Shown, do: str) -> None:
    on_list = [row.area.code for row in shown.made.rows]
    codes = [area.code for area in shown.areas if area.code not in on_list] if do == ADD else on_list
    names = {area.code: f"{area.name} (rank {area.rank})" if area.rank else f"{area.name} (not scored)"
             for area in shown.areas}  # fmt: skip
    if st.session_state.get(AREA_BOX) not in codes:
        st.session_state[AREA_BOX] = None
    area, place, review = st.columns([6, 3, 3])
    with area:
        st.selectbox("Area", codes, key=AREA_BOX, format_func=lambda code: names[code], placeholder="Choose an area")
    with place:
        if do != DROP:
            label, empty = ("New place", None) if do == MOVE else ("Place", "At the end")
            st.number_input(
                label, min_value=1, max_value=len(on_list) + 1, value=None, key=PLACE_BOX, placeholder=empty
            )
    with review:
        today = datetime.now(UTC).date()
        st.date_input("Look at it again by", value=None, min_value=today, key=REVIEW_BOX, format="DD/MM/YYYY")
    st.text_area(_WHY, key=REASON_BOX, max_chars=REASON.longest, height=70)


def _undo_boxes(shown: Shown) -> None:
    names = shown.names
    labels = {each.id: f"{change_words(each, names)} ({who.organisation})" for each, who in shown.changes}
    if st.session_state.get(UNDO_BOX) not in labels:
        st.session_state[UNDO_BOX] = None
    st.selectbox(
        "Change to take back",
        list(labels),
        key=UNDO_BOX,
        format_func=lambda each: labels[each],
        placeholder="Choose a change",
    )
    if shown.state is not None:
        st.text_area(_WHY, key=REASON_BOX, max_chars=REASON.longest, height=70)


def _agree(shown: Shown, about: str) -> None:
    from prioritisation.ui.shortlist.candidate import offered_patch  # brings the search for patches

    del about
    what, names = f"{areas_words(len(shown.made.rows))}, {changed_words(shown.changed)}", shown.names
    show(
        tag("p", f"{what}. Weights: {named_weights(shown.scenario)}."),
        tag("ul", *[tag("li", change_words(each, names)) for each, _ in shown.changes], class_="changes"),
    )
    before = shown.standing.shortlist
    if before is not None:
        told = f"It takes the place of the list that {before.decision.who.text} agreed; that one stays in the record."
        show(tag("p", told, class_="notice"))
    with st.form("shortlist-agree", border=False):
        if weights_to_agree(shown):
            st.checkbox("Record these weights as agreed, too", key=WEIGHTS_BOX)
        patch, groups = offered_patch(shown), offered(shown)
        if patch is not None and patch.seen is not None:
            st.checkbox(f"Agree this patch with it: {patch.seen.words}", key=PATCH_BOX)
        if groups:
            label = "Groups of people whom the team supports first, if that is agreed"
            st.multiselect(label, list(groups), key=COHORTS_BOX, format_func=lambda each: groups[each])
        st.text_area("Why, if it helps", key=REASON_BOX, max_chars=REASON.longest, height=70)
        _who(shown)
        _buttons("Agree this list", lambda _: agree(shown, patch), shown)


def _discard(shown: Shown, about: str) -> None:
    del about
    show(tag("p", "Its changes no longer count, and the list is as computed again. The draft itself is kept."))
    with st.form("shortlist-discard", border=False):
        _who(shown)
        _buttons("Discard the draft", discard, shown)


def _sign(shown: Shown, about: str) -> None:
    del about
    told = f"Your organisation agrees to exactly this list: {areas_words(len(shown.made.rows))}, in this order."
    with_it = beside_words(shown.state.decision) if shown.state else []
    show(
        tag("p", told, " If it is changed later, the record says that you signed before."),
        tag("p", "It also agrees to what was agreed with this list:") if with_it else None,
        tag("ul", *[tag("li", each) for each in with_it], class_="changes") if with_it else None,
    )
    with st.form("shortlist-sign", border=False):
        _who(shown)
        st.text_area("Note, if it helps", key=REASON_BOX, max_chars=REASON.longest, height=70)
        _buttons("Sign off", sign, shown)


def _note(shown: Shown, about: str) -> None:
    del about
    with st.form("shortlist-note", border=False):
        st.text_area("Note. Everybody will read this", key=REASON_BOX, max_chars=REASON.longest, height=70)
        _who(shown)
        _buttons("Record the note", add_note, shown)


def _end(shown: Shown, about: str) -> None:
    del about
    told = "From then on no list is agreed. This one stays in the record, with its sign-offs."
    show(tag("p", told, " To put another list in its place, agree that one instead.", class_="notice"))
    with st.form("shortlist-end", border=False):
        st.text_area(_WHY, key=REASON_BOX, max_chars=REASON.longest, height=70)
        _who(shown)
        _buttons("End this agreement", end, shown)


def _withdraw(shown: Shown, about: str) -> None:
    signed = next((each for each in shown.state.sign_offs if each.record.id == about), None) if shown.state else None
    whose = signed.organisation if signed else "an organisation"
    show(tag("p", f"This takes back the sign-off of {whose}. Only {whose} can do that."))
    with st.form("shortlist-withdraw", border=False):
        st.text_area(_WHY, key=REASON_BOX, max_chars=REASON.longest, height=70)
        _who(shown)
        _buttons("Withdraw the sign-off", lambda _: withdraw(about), shown)


def _who(shown: Shown) -> None:
    """Show who signed in, else the boxes for who is doing this; no form asks for a person's name."""
    if show_who():
        return
    role, chosen, typed = st.columns(3)
    role.text_input("Your role", key=ROLE_BOX, max_chars=ROLE.longest, placeholder="For example: chair")
    ask_organisation(chosen, typed, "Your organisation", ORGANISATION_BOX, partner_names(shown))
    show(tag("p", NOT_VERIFIED, " Give no person's name.", class_="muted"))


def _buttons(label: str, write: object, shown: Shown) -> None:
    """Show the buttons, and above them why the last press was refused: there whoever pressed it is looking."""
    refused = st.session_state.get(REFUSED)
    if refused is not None and not isinstance(refused, Conflict):
        show(refusal_markup(refused))
    with st.container(horizontal=True):
        st.form_submit_button(label, type="primary", on_click=write, args=(shown,))  # type: ignore[arg-type]
        st.form_submit_button("Close", on_click=close_panel)


_FORMS = {
    CHANGE: _change,
    AGREE: _agree,
    DISCARD: _discard,
    SIGN: _sign,
    NOTE: _note,
    END: _end,
    WITHDRAW: _withdraw,
}
