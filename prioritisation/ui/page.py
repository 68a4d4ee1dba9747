"""The frame of every page: menu, header line, first start, and refusals in three parts instead of tracebacks."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from prioritisation.access import page_action
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui.access import require
from prioritisation.ui.first_start import build_demonstration
from prioritisation.ui.markup import Markup, join, show, show_style, tag
from prioritisation.ui.navigation import ensure_navigation
from prioritisation.ui.session import View, councils, open_view, put_in_link, put_in_widget, remember_link, too_large
from prioritisation.ui.signing import ask_to_sign_in, beside_who

EVERYWHERE = "Everywhere"
_log = logging.getLogger(__name__)


def show_page(name: str, content: Callable[[View], None], needs_areas: bool = True, ids: bool = True) -> None:
    """Show one page to whoever may see it. `content` gets the open release; whatever goes wrong is said in three parts.

    needs_areas: ask for a council first when the release has more areas than a screen can hold.
    ids: put the scenario's id into the header line; a page whose scenario changes by itself shows it elsewhere.
    """
    ensure_navigation()
    show_style()
    try:
        require(page_action(name))
    except UserError as refusal:
        reason = refusal  # a name that outlives the clause
        plainly(lambda: ask_to_sign_in(reason, refusal_markup))
        return
    remember_link(name)
    shown = plainly(lambda: _page(content, needs_areas, ids))
    if not shown and st.query_params:
        st.button("Start again without the choices in this link", on_click=_forget_link)


def plainly(content: Callable[[], None]) -> bool:
    """Run something that shows; say any error as what was found, what was not done, and what to do.

    Return whether all went well.
    """
    try:
        content()
        return True
    except UserError as refusal:
        show(refusal_markup(refusal))
    except Exception as fault:  # noqa: BLE001 - the last line: a page never shows a traceback
        _log.error("A page failed: %s", _place(fault))
        show(refusal_markup(unforeseen(fault)))
    return False


def refusal_markup(refusal: UserError) -> Markup:
    """Return a refusal in its three parts, with every fault."""
    faults = [tag("li", str(fault)) for fault in refusal.faults]
    return tag(
        "section",
        tag("h2", refusal.found),
        tag("ul", *faults) if faults else None,
        tag("p", tag("strong", "Not done: "), refusal.not_done),
        tag("p", tag("strong", "What to do: "), refusal.remedy),
        class_="refusal",
        role="alert",
    )


def _forget_link() -> None:
    put_in_link(dict.fromkeys(st.query_params.to_dict()))


def title(text: str, below: str = "") -> None:
    """Show the question that a page answers, and one line under it."""
    show(tag("h1", text), tag("p", below, class_="lead") if below else None)


def _page(content: Callable[[View], None], needs_areas: bool, ids: bool) -> None:
    folder = DataFolder.chosen()
    if folder.published().current is None:
        build_demonstration(folder)
        return
    view = _opened()
    _header(view, ids)
    for fault in view.faults:
        show(tag("p", f"This link could not be followed in full: {fault}", class_="notice", role="status"))
    if needs_areas and too_large(view):
        title("Which council?", f"This release has all of {view.store.release.council_name}. Choose one to see.")
        _choose_council(view)
        return
    content(view)
    if needs_areas and view.council is not None:
        _choose_council(view)


def _opened() -> View:
    """Return the release and scenario of the address, or of the saved scenario that it names."""
    view = open_view()
    if "saved" not in st.query_params:
        return view
    from prioritisation.ui.scenarios.saved_link import (
        follow_saved,  # brings SQLAlchemy, a tenth of a second before a first map
    )

    return follow_saved(view)


def _header(view: View, ids: bool) -> None:
    """Show whose areas these are, under which framework, and the ids that every screen carries."""
    release, framework = view.store.release, view.scenario.framework
    placeholder = tag("span", "Placeholder priorities", class_="badge") if framework.status == "placeholder" else None
    invented = tag("span", "Demonstration data", class_="badge strong") if release.demonstration else None
    beside_who(
        tag(
            "header",
            tag("strong", view.place if len(view.areas) else release.council_name),
            tag("span", framework.name),
            placeholder,
            invented,
            tag("span", scenario_line(view), class_="ids") if ids else None,
            class_="top",
        )
    )


def scenario_line(view: View, scored: int | None = None) -> Markup:
    """Return how many areas are scored, and the ids of the scenario and the release. scored: where it is known."""
    scored = _scored(view) if scored is None else scored
    areas = f"{scored:,} of {len(view.areas):,} areas scored · " if scored is not None else ""
    return join(areas, f"scenario {view.scenario.id} · release {view.store.release.id}")


def _scored(view: View) -> int | None:
    """Return how many areas have a score; None where the framework cannot be used on this release."""
    if not len(view.areas):
        return None
    try:
        return int((view.ranking.scores.rank > 0).sum())
    except UserError:
        return None


def choose_locality(view: View) -> None:
    """Show the choice of a locality; maps zoom to it and tables keep to it."""
    put_in_widget("choose-locality", view.locality or EVERYWHERE)
    st.selectbox(
        "Locality",
        [EVERYWHERE, *view.localities],
        key="choose-locality",
        on_change=_locality_chosen,
        disabled=not view.localities,
    )


def _locality_chosen() -> None:
    chosen = st.session_state["choose-locality"]
    put_in_link({"locality": None if chosen == EVERYWHERE else chosen})


def _choose_council(view: View) -> None:
    names = councils(view)
    put_in_widget("choose-council", view.council)
    st.selectbox(
        "Council",
        list(names),
        key="choose-council",
        format_func=lambda code: names[code],
        on_change=_council_chosen,
        placeholder="Choose a council",
        width=320,
    )


def _council_chosen() -> None:
    put_in_link({"council": st.session_state["choose-council"], "area": None, "locality": None})


def unforeseen(fault: Exception) -> UserError:
    """Say an unforeseen error by its kind and place only: its text may hold values."""
    return UserError(
        f"Something went wrong that this product did not foresee ({_place(fault)}).",
        not_done="This page was not shown in full; nothing was changed.",
        remedy="Reload the page. If it happens again, send the line above to whoever looks after the product.",
    )


def _place(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = trace.tb_frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1] if trace else "unknown place"
    return f"{type(fault).__name__}, {where} line {trace.tb_lineno if trace else 0}"
