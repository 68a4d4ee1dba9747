"""Which list the page shows: the agreed one, a draft, what is on Weigh, a saved scenario, or a decision's own link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import streamlit as st

from prioritisation.ui.scenarios.saved_link import on_release
from prioritisation.ui.scenarios.words import named_weights
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.shortlist.actions import close_panel
from prioritisation.ui.shortlist.shown import DECISION, LIST, NOW, STANDING, Shown, decided, drafted
from prioritisation.ui.shortlist.words import day_words
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import decisions, drafts, records, scenarios
from prioritisation.workspace.agreed import Agreed, AgreedShortlist
from prioritisation.workspace.drafts import Draft
from prioritisation.workspace.records import SHORTLIST_AGREED
from prioritisation.workspace.scenarios import SavedScenario

_BOX = "shortlist-list"
_OF_A_SCENARIO = ("weights", "framework", "cut", "aggregate", "normalise", "saved")


@dataclass(frozen=True, eq=False)
class Offer:
    """One list that can be chosen. label: what it is called; open: shows it; ids: other names that a link may use."""

    label: str
    open: Callable[[], Shown]
    ids: frozenset[str] = frozenset()


def by_link(view: View, identifier: str) -> Shown | None:
    """Return the list that a decision's own link shows: as it is now, or just after a later record about it.

    None: the decision is about no shortlist. UserError: no such decision.
    """
    workspace = current_workspace()
    record = records.get(workspace, identifier)
    about = record
    while about.kind != SHORTLIST_AGREED and about.about:
        about = records.get(workspace, about.about)
    if about.kind != SHORTLIST_AGREED:
        return None
    until = None if about.id == record.id else record.id
    state = decisions.shortlist(workspace, about.id, until=until)
    return decided(view, decisions.agreed(workspace), state, until, read_only=True)


def offers(view: View) -> dict[str, Offer]:
    """Return every list that can be chosen, by its name in the address: what stands, then drafts, then scenarios."""
    workspace = current_workspace()
    standing = decisions.agreed(workspace)
    begun = {(each.scenario_id, each.release_id): each for each in drafts.listed(workspace)}
    saved: dict[tuple[str, str], list[SavedScenario]] = {}
    for row in scenarios.listed(workspace):
        saved.setdefault((row.scenario_id, row.release_id), []).append(row)
    found: dict[str, Offer] = {}
    if standing.shortlist is not None:
        found[STANDING] = _agreed_offer(view, standing, standing.shortlist)
    here = (view.scenario.id, view.store.release.id)
    for made_of in dict.fromkeys([here, *begun, *saved]):
        draft, rows = begun.get(made_of), saved.get(made_of, [])
        ids = [row.id for row in rows] + ([draft.id] if draft else [])
        offer = _here(view, standing, draft, rows) if made_of == here else _elsewhere(view, standing, draft, rows)
        found[NOW if made_of == here else ids[0]] = replace(offer, ids=frozenset(ids))
    return _told_apart(found)


def choose(view: View) -> Shown:
    """Show the choice of a list and return the chosen one. UserError: it cannot be opened."""
    found = offers(view)
    chosen = _chosen(found)
    put_in_widget(_BOX, chosen, found[chosen].label)
    st.selectbox("List", list(found), key=_BOX, format_func=lambda each: found[each].label, on_change=_list_chosen)
    return found[chosen].open()


def _chosen(found: Mapping[str, Offer]) -> str:
    """Return the list of the address; else the one that stands; else weights just chosen; else the latest draft."""
    wanted = st.query_params.get(LIST, "")
    for key, offer in found.items():
        if wanted == key or wanted in offer.ids:
            return key
    if STANDING in found:
        return STANDING
    if any(key in st.query_params for key in _OF_A_SCENARIO):
        return NOW
    latest = [each.id for each in drafts.listed(current_workspace())][:1]
    return next((key for key, offer in found.items() if offer.ids.intersection(latest)), NOW)


def _list_chosen() -> None:
    close_panel()
    put_in_link({LIST: st.session_state[_BOX], DECISION: None})


def _agreed_offer(view: View, standing: Agreed, state: AgreedShortlist) -> Offer:
    label = f"The agreed list of {day_words(state.decision.at.date())}"
    return Offer(label, lambda: decided(view, standing, state))


def _here(view: View, standing: Agreed, draft: Draft | None, rows: Sequence[SavedScenario]) -> Offer:
    label = "The draft with the weights on Weigh" if draft else "The weights on Weigh, as computed"
    return Offer(label, lambda: drafted(view, standing, draft, rows[0] if rows else None))


def _elsewhere(view: View, standing: Agreed, draft: Draft | None, rows: Sequence[SavedScenario]) -> Offer:
    """Return what is not on Weigh now: a draft, or a saved scenario that nobody has begun to change."""
    made: Draft | SavedScenario = draft or rows[0]

    def open_it() -> Shown:
        over = replace(on_release(view, made.release_id), scenario=made.scenario)
        return drafted(over, standing, draft, rows[0] if rows else None)

    name = _quoted(rows[0].name) if rows else named_weights(made.scenario)
    return Offer(f"Draft: {name}" if draft else f"Saved scenario: {name}", open_it)


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _told_apart(found: dict[str, Offer]) -> dict[str, Offer]:
    """Return them with no two labels alike: the browser answers with the label."""
    alike = Counter(each.label for each in found.values())
    return {
        key: each if alike[each.label] == 1 else replace(each, label=f"{each.label} · {key}")
        for key, each in found.items()
    }


def decision_link(identifier: str) -> str:
    """Return the address that opens a decision's list read-only, whole where the browser told its own."""
    query, here = urlencode({DECISION: identifier}), urlsplit(st.context.url or "")
    if not here.netloc:
        return f"/Shortlist?{query}"
    folder = here.path.rstrip("/").rpartition("/")[0]
    return f"{here.scheme}://{here.netloc}{folder}/Shortlist?{query}"
