"""Groups of people beside the list: the counted cohorts in words, and how much of each lives in its areas."""

from __future__ import annotations

from collections.abc import Sequence

from prioritisation.cohorts.cells import SavedRule
from prioritisation.cohorts.concentration import Concentration
from prioritisation.cohorts.counts import Question
from prioritisation.ui.cohorts.cube import People, answered, current_people, share_inside
from prioritisation.ui.cohorts.words import basis
from prioritisation.ui.data_page import table
from prioritisation.ui.markup import join, show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.scenarios.words import areas_words
from prioritisation.ui.shortlist.reach import NO_RELEASE
from prioritisation.ui.shortlist.shown import Shown


def people(shown: Shown) -> None:
    """Show the tab."""
    if shown.view is None:
        show(tag("p", NO_RELEASE, class_="notice", role="status"))
        return
    found = current_people(shown.view)
    if found is None:
        told = "This release has no counts from partners, so nothing can be told about groups of people."
        show(tag("p", told, class_="notice", role="status"))
        link_to("Cohorts", "What partners would send")
        return
    counted = list(found.cube.cohorts.values())
    where = areas_words(len(shown.made.rows))
    lead = f"{len(counted):,} groups of people were counted. How many of each live in the {where} of this list?"
    show(tag("p", lead, class_="sentence"))
    heads = ["Group of people", "In all", "Of them, in these areas"]
    with_it = _agreed_ids(shown)
    show(table(heads, [_row(found, each, shown, each.id in with_it) for each in counted], text_columns=3))
    show(tag("p", basis(found.cube), class_="muted"))
    link_to("Cohorts", "Build, overlap and rank groups on Cohorts")


def offered(shown: Shown) -> dict[str, str]:
    """Return the counted groups that can be agreed with the list: id -> name."""
    found = current_people(shown.view) if shown.view is not None else None
    return {each.id: each.name for each in found.cube.cohorts.values()} if found else {}


def agreed_with(shown: Shown, chosen: Sequence[str]) -> list[dict[str, str]]:
    """Return the chosen groups as the record keeps them: id, name and who they are, never a count."""
    found = current_people(shown.view) if shown.view is not None else None
    known = found.cube.cohorts if found else {}
    return [
        {"id": each, "name": known[each].name, "sentence": known[each].sentence} for each in chosen if each in known
    ]


def _agreed_ids(shown: Shown) -> set[str]:
    also = shown.state.decision.details.get("also", {}) if shown.state else {}
    return {str(each["id"]) for each in also.get("cohorts", [])}


def _row(found: People, cohort: SavedRule, shown: Shown, agreed: bool) -> tuple[object, ...]:
    whole = answered(found, Question(cohort.rule)).sentence.rstrip(".")
    inside = inside_words(share_inside(found, cohort.rule, shown.made.codes))
    badge = tag("span", "agreed with this list", class_="badge") if agreed else None
    return join(tag("strong", cohort.name), " ", badge, tag("small", cohort.sentence)), whole, inside


def inside_words(inside: Concentration) -> str:
    """Return a share in words, never more exact than what is published."""
    if not inside.is_available:
        return "not counted for small areas"
    low, high = f"{100 * inside.low:.0f}%", f"{100 * inside.high:.0f}%"
    if inside.low == 0:
        return f"at most {high}"
    return f"about {low}" if low == high else f"{low} to {high}"
