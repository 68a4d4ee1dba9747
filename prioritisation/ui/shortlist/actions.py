"""What can be done to a shortlist: each is written once, over the list that was on screen, by whoever declares it.

A button's callback gets the list as it was shown, so that what anybody changed since is a conflict, never overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from prioritisation.errors import Fault, UserError, faults_of
from prioritisation.shortlist import computed
from prioritisation.ui.access import allowed, known
from prioritisation.ui.session import put_in_link
from prioritisation.ui.shortlist.checks import NOTHING_SAVED, incomplete, refuse_incomplete
from prioritisation.ui.shortlist.people import agreed_with
from prioritisation.ui.shortlist.shown import LIST, NOW, Shown
from prioritisation.ui.shortlist.words import done_words
from prioritisation.ui.who import decided_by, organisation_given, other_box
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import decisions, drafts
from prioritisation.workspace.drafts import Draft
from prioritisation.workspace.records import Computed, Conflict, Who

if TYPE_CHECKING:
    from prioritisation.ui.shortlist.candidate import Candidate

CHANGE, AGREE, DISCARD = "change", "agree", "discard"
SIGN, NOTE, END, WITHDRAW = "sign", "note", "end", "withdraw"
ON_TOP, IN_RECORD = (CHANGE, AGREE, SIGN), (NOTE, END, WITHDRAW, DISCARD)
UNDO = "undo"
PANEL, TOLD, REFUSED = "shortlist-panel", "shortlist-told", "shortlist-refused"
ROLE_BOX, ORGANISATION_BOX, REASON_BOX = "shortlist-role", "shortlist-organisation", "shortlist-reason"
DO_BOX, AREA_BOX, UNDO_BOX = "shortlist-do", "shortlist-area", "shortlist-undo"
PLACE_BOX, REVIEW_BOX, WEIGHTS_BOX = "shortlist-place", "shortlist-review", "shortlist-weights"
COHORTS_BOX, PATCH_BOX = "shortlist-cohorts", "shortlist-patch"
_OF_DRAFT = "draft shortlists"
_ACTIONS = dict.fromkeys((CHANGE, AGREE, END, DISCARD), "decide") | {
    SIGN: "sign off",
    WITHDRAW: "sign off",
    NOTE: "add notes",
}
_ROLE, _ORGANISATION = "declared-role", "declared-organisation"


@dataclass(frozen=True)
class Panel:
    """The open panel: what it does, to which list, what that list was when it was last shown, and to which record."""

    kind: str
    key: str
    seen: str
    about: str = ""


def open_panel(kind: str, shown: Shown, about: str = "") -> None:
    """Open a panel with empty boxes, but for who it is."""
    st.session_state[PANEL] = Panel(kind, shown.key, shown.seen, about)
    st.session_state[ROLE_BOX] = st.session_state.get(_ROLE, "")
    st.session_state[ORGANISATION_BOX] = st.session_state.get(_ORGANISATION)
    st.session_state[other_box(ORGANISATION_BOX)] = st.session_state[REASON_BOX] = ""
    st.session_state[REVIEW_BOX] = None
    st.session_state[AREA_BOX] = st.session_state[UNDO_BOX] = st.session_state[PLACE_BOX] = None
    st.session_state[WEIGHTS_BOX], st.session_state[COHORTS_BOX] = True, []
    st.session_state[PATCH_BOX] = kind == AGREE and _looked_at_patch(shown)
    for key in (REFUSED, TOLD):
        st.session_state.pop(key, None)


def _looked_at_patch(shown: Shown) -> bool:
    from prioritisation.ui.shortlist.candidate import looked_at  # brings the search for patches

    return looked_at(shown)


def close_panel() -> None:
    """Close it; nothing is written."""
    st.session_state.pop(PANEL, None)
    st.session_state.pop(REFUSED, None)


def opened(kinds: Sequence[str]) -> Panel | None:
    """Return the open panel when it is one of these."""
    panel: Panel | None = st.session_state.get(PANEL)
    return panel if panel is not None and panel.kind in kinds else None


def may_do(kind: str, shown: Shown) -> bool:
    """Return whether who is here may do what a panel does to this list."""
    return allowed(_OF_DRAFT if kind in (CHANGE, DISCARD) and shown.state is None else _ACTIONS[kind])


def close_of_another(shown: Shown) -> bool:
    """Close a panel that was opened on another list; return whether there was one."""
    panel: Panel | None = st.session_state.get(PANEL)
    if panel is None or (panel.key == shown.key and not shown.read_only):
        return False
    close_panel()
    return True


def declared() -> str:
    """Return who signed in, else who this session last wrote as, for the log of exports."""
    here = known()
    if here.verified:
        return here.text
    role, organisation = st.session_state.get(_ROLE), st.session_state.get(_ORGANISATION)
    return Who(role, organisation).text if role and organisation else "not declared"


def save_change(shown: Shown) -> None:
    """Add, drop or move an area, or take such a change back."""
    given = st.session_state
    _once(CHANGE, lambda who: _undo(shown, who) if given[DO_BOX] == UNDO else _change(shown, who))


def agree(shown: Shown, patch: Candidate | None) -> None:
    """Record the draft as agreed with what was chosen to go with it, then its weights. patch: as the form showed it."""

    def write(who: Who) -> str:
        ranked, workspace, before = _computed(shown), current_workspace(), shown.standing.shortlist
        also: dict[str, Any] = {"cohorts": agreed_with(shown, st.session_state.get(COHORTS_BOX) or [])}
        also |= {"patch": patch.whole_record()} if patch and st.session_state.get(PATCH_BOX) else {}
        wanted = weights_to_agree(shown) and bool(st.session_state.get(WEIGHTS_BOX))
        decisions.agree_shortlist(
            workspace,
            who,
            _begun(shown, who.checked()).id,
            shown.version,
            ranked,
            seen=before.id if before else None,
            reason=st.session_state[REASON_BOX],
            also={name: given for name, given in also.items() if given},
        )
        put_in_link({LIST: None})
        return f"The list is agreed and recorded.{_agree_weights(shown, who, ranked) if wanted else ''}"

    _once(AGREE, write)


def _agree_weights(shown: Shown, who: Who, ranked: Computed) -> str:
    """Record the weights as agreed, too; return what is to be said where others were agreed meanwhile."""
    seen = shown.standing.scenario
    try:
        decisions.agree_scenario(current_workspace(), who, ranked, seen=seen.id if seen else None, name=shown.name)
    except Conflict as refused:
        return f" Its weights are not recorded as agreed: {refused.found}"
    return ""


def discard(shown: Shown) -> None:
    """Close the draft; the list is as computed again."""

    def write(who: Who) -> str:
        if shown.draft is not None:
            drafts.discard(current_workspace(), shown.draft.id, shown.version, who)
        put_in_link({LIST: shown.saved_id or NOW})
        return "The draft is discarded. The list is as computed again."

    _once(DISCARD, write)


def sign(shown: Shown) -> None:
    """Record that an organisation signs off the list on screen."""

    def write(who: Who) -> str:
        decisions.sign_off(
            current_workspace(), who, _agreed_id(shown), seen=shown.made.id, note=st.session_state[REASON_BOX]
        )
        return f"{who.checked().organisation} has signed off this list."

    _once(SIGN, write)


def withdraw(about: str) -> None:
    """Take back an organisation's own sign-off."""

    def write(who: Who) -> str:
        decisions.withdraw(current_workspace(), who, about, reason=st.session_state[REASON_BOX])
        return f"The sign-off of {who.checked().organisation} is withdrawn."

    _once(WITHDRAW, write)


def add_note(shown: Shown) -> None:
    """Add words to the decision."""

    def write(who: Who) -> str:
        decisions.note(current_workspace(), who, _agreed_id(shown), text=st.session_state[REASON_BOX])
        return "The note is recorded."

    _once(NOTE, write)


def end(shown: Shown) -> None:
    """End the agreement without another in its place."""

    def write(who: Who) -> str:
        decisions.supersede(current_workspace(), who, _agreed_id(shown), reason=st.session_state[REASON_BOX])
        put_in_link({LIST: None})
        return "The agreement is ended. It stays in the record."

    _once(END, write)


def weights_to_agree(shown: Shown) -> bool:
    """Return whether the weights of this list are not yet the ones recorded as agreed."""
    stands = shown.standing.scenario
    return stands is None or (stands.scenario_id, stands.release_id) != (shown.scenario.id, shown.release_id)


def _change(shown: Shown, who: Who) -> str:
    given = st.session_state
    do, code, place = given[DO_BOX], given.get(AREA_BOX), given.get(PLACE_BOX)
    wanted: dict[str, Any] = {"do": do, "code": code or "", "to": int(place) if place else None}
    wanted |= {"reason": given[REASON_BOX], "review_on": given[REVIEW_BOX]}
    refuse_incomplete(who, wanted)
    if shown.state is None:
        draft = _begun(shown, who)
        drafts.override(current_workspace(), draft.id, shown.version, who, shown.areas, **wanted)
    else:
        decisions.override(current_workspace(), who, shown.state.id, seen=shown.made.id, **wanted)
    return done_words(do, shown.names[str(code)])


def _undo(shown: Shown, who: Who) -> str:
    change = st.session_state.get(UNDO_BOX)
    if change is None:
        raise incomplete(
            [Fault("change", "is not chosen.", "Choose the change to take back."), *faults_of(who.checked)]
        )
    if shown.draft is not None:
        drafts.take_back(current_workspace(), shown.draft.id, shown.version, who, change)
    else:
        decisions.supersede(current_workspace(), who, change, reason=st.session_state[REASON_BOX])
    return "The change is taken back."


def _computed(shown: Shown) -> Computed:
    if shown.view is None:
        raise UserError(
            "The data release of this list is no longer kept.",
            not_done=NOTHING_SAVED,
            remedy="Run the scenario again on the current release, on the Scenarios page, and agree that list.",
        )
    return computed(shown.view.ranking)


def _begun(shown: Shown, who: Who) -> Draft:
    """Return the draft on screen; one is begun where nobody changed anything yet."""
    if shown.draft is not None:
        return shown.draft
    _refuse_unseen(shown)
    return drafts.begin(current_workspace(), who, _computed(shown), saved_id=shown.saved_id)


def _refuse_unseen(shown: Shown) -> None:
    """Refuse to begin a draft beside a list that was agreed after this one was shown."""
    seen, stands = shown.standing.shortlist, decisions.agreed(current_workspace()).shortlist
    if stands is not None and (seen is None or seen.id != stands.id):
        raise Conflict(
            f"A list was agreed by {stands.decision.who.described} after you looked.",
            current=stands,
            remedy="Look at the list that is agreed now, and make your change there.",
        )


def _agreed_id(shown: Shown) -> str:
    return shown.state.id if shown.state else ""


def _once(kind: str, write: Callable[[Who], str]) -> None:
    """Write when the panel is open, and close it: the second of two quick clicks finds it closed.

    After a refusal it stays open with what was typed, under the list as it is now.
    """
    panel: Panel | None = st.session_state.get(PANEL)
    if panel is None or panel.kind != kind:
        return
    role, organisation = str(st.session_state.get(ROLE_BOX, "")), organisation_given(ORGANISATION_BOX)
    try:
        told = write(decided_by(role, organisation))
    except UserError as refused:
        st.session_state[REFUSED] = refused
        return
    st.session_state[_ROLE], st.session_state[_ORGANISATION] = role.strip(), organisation or None
    st.session_state[TOLD] = told
    close_panel()


def changed_meanwhile(shown: Shown) -> bool:
    """Return whether the list of the open panel is another one now; from then on the panel is about that."""
    panel: Panel | None = st.session_state.get(PANEL)
    if panel is None or panel.key != shown.key or panel.seen == shown.seen:
        return False
    st.session_state[PANEL] = Panel(panel.kind, panel.key, shown.seen, panel.about)
    return not isinstance(st.session_state.get(REFUSED), Conflict)
