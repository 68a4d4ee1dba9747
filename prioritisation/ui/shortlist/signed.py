"""Who agreed a list and who signed it off: by role and organisation, marked where nobody checked them."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.shortlist.actions import DISCARD, END, IN_RECORD, NOTE, WITHDRAW, may_do, open_panel, opened
from prioritisation.ui.shortlist.choice import decision_link
from prioritisation.ui.shortlist.panels import panel
from prioritisation.ui.shortlist.shown import ENDED, Shown
from prioritisation.workspace.agreed import SignOff
from prioritisation.workspace.records import Decision, day_and_time


def signed(shown: Shown) -> None:
    """Show the tab."""
    if shown.state is None:
        told = "Nobody yet: this is a draft. Agreeing it records who did, when, and on which data and weights."
        show(tag("p", told, class_="sentence", role="status"))
        if shown.draft is not None:
            _drafted(shown)
        panel(shown, IN_RECORD)
        return
    decision = shown.state.decision
    show(_by("Agreed by", decision), _reason(decision))
    show(tag("h2", "Signed off by"))
    if not shown.state.sign_offs:
        show(tag("p", "Nobody has signed off yet.", role="status"))
    for each in shown.state.sign_offs:
        _sign_off(shown, each)
    if shown.state.notes:
        show(tag("h2", "Notes"), *[join(_by("", each), _reason(each)) for each in shown.state.notes])
    if not shown.read_only and shown.stage != ENDED:
        _buttons(shown)
    show(tag("h2", "Link"), tag("p", "It opens this list read-only, for everybody who can open this product."))
    st.code(decision_link(decision.id), language=None, wrap_lines=True)
    page_link("Decisions", "See it in the record of all decisions", {"decision": decision.id})


def _sign_off(shown: Shown, each: SignOff) -> None:
    earlier = "" if each.of_this_list else "For the list before it was last changed."
    said, button = st.columns([9, 2], vertical_alignment="center")
    with said:
        show(_by("", each.record), tag("p", earlier, class_="muted") if earlier else None, _reason(each.record))
    if not shown.read_only and shown.stage != ENDED and may_do(WITHDRAW, shown):
        with button:
            key = f"withdraw-{each.record.id}"
            st.button("Withdraw", key=key, on_click=open_panel, args=(WITHDRAW, shown, each.record.id))


def _buttons(shown: Shown) -> None:
    if opened(IN_RECORD) is None:
        with st.container(horizontal=True):
            if may_do(NOTE, shown):
                st.button("Add a note", on_click=open_panel, args=(NOTE, shown))
            if may_do(END, shown):
                st.button("End this agreement", type="tertiary", on_click=open_panel, args=(END, shown))
    panel(shown, IN_RECORD)


def _drafted(shown: Shown) -> None:
    draft = shown.draft
    if draft is not None:
        show(
            tag("p", f"Draft begun by {draft.author}, {day_and_time(draft.created_at)}."),
            tag("p", f"Last changed by {draft.updated_by}, {day_and_time(draft.updated_at)}.", class_="muted"),
        )
        if opened(IN_RECORD) is None and may_do(DISCARD, shown):
            st.button("Discard the draft", on_click=open_panel, args=(DISCARD, shown))


def _by(what: str, record: Decision) -> Markup:
    badge = None if record.verified else tag("span", "not verified", class_="badge")
    return tag(
        "p",
        f"{what} " if what else "",
        tag("strong", record.organisation),
        f" ({record.role}) ",
        badge,
        f", {day_and_time(record.at)}",
        class_="by",
    )


def _reason(record: Decision) -> Markup | None:
    return tag("p", record.reason, class_="reason") if record.reason else None
