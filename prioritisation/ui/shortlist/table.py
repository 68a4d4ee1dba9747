"""The computed list beside the agreed one, as one table: what people added, dropped or moved is told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.prioritise import Prioritisation
from prioritisation.robustness import stability
from prioritisation.ui.knowledge.shown import knowledge_mark, knowledge_of
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.shortlist.shown import DRAFT, Shown
from prioritisation.ui.shortlist.words import changes_sentence, review_words
from prioritisation.words import NOT_APPLICABLE
from prioritisation.workspace.known import KnownHere
from prioritisation.workspace.overrides import AS_COMPUTED, AgreedArea, DroppedArea, Override, RankedArea
from prioritisation.workspace.records import Who

DROPPED = "dropped"
WHAT_IS_KNOWN = "What people know"
COMPUTED_MEANS = (
    "Computed list: what the arithmetic alone gives. A change by hand moves no other area on or off the list."
)
SURE_MEANS = "How sure: how often it stays on the computed list when every weight moves by up to a quarter."


@dataclass(frozen=True)
class Beside:
    """What stands beside each row. sureness: area code -> word, empty where it cannot be told; known: community
    knowledge by area code, accepted by now; who: by change."""

    sureness: Mapping[str, str]
    known: Mapping[str, KnownHere]
    who: Mapping[str, Who]
    today: date


def areas(shown: Shown) -> None:
    """Show the tab."""
    who = {change.id: by for change, by in shown.changes}
    known = knowledge_of({area.code: area.locality for area in shown.areas})
    beside = Beside(_sureness(shown), known, who, datetime.now(UTC).date())
    for change, why in shown.made.without_effect:
        told = f"A change can no longer be followed ({change.do}): {why}"
        show(tag("p", told, class_="notice", role="status"))
    if shown.changes:
        show(tag("p", changes_sentence(shown), class_="sentence"))
    sure = tag("p", SURE_MEANS, class_="muted") if beside.sureness else None
    show(list_table(shown, beside), tag("p", COMPUTED_MEANS, class_="muted"), sure)


def list_table(shown: Shown, beside: Beside) -> Markup:
    """Return the table: the areas of the list in order, then those that people dropped."""
    this = "Draft list" if shown.stage == DRAFT else "Agreed list"
    heads = [this, "Computed list", "Area", "What people changed", *(["How sure"] if beside.sureness else [])]
    heads += [WHAT_IS_KNOWN] if any(code in beside.known for code in _codes(shown)) else []
    rows = [_row(heads, *_kept(row, beside), beside) for row in shown.made.rows]
    rows += [_row(heads, *_dropped(gone, beside), beside) for gone in shown.made.dropped]
    head = tag("tr", *[tag("th", name, scope="col") for name in heads])
    whole = tag("table", tag("thead", head), tag("tbody", *rows), class_="agreed-list")
    told = f"{this}, and the computed list beside it"
    return tag("div", whole, class_="scroll", tabindex=0, role="region", aria_label=told)


def _kept(row: AgreedArea, beside: Beside) -> tuple[str, str, RankedArea, Markup, str]:
    computed = f"{row.computed}" if row.computed else _not_on_it(row.area)
    if row.mark == AS_COMPUTED:
        return str(row.position), computed, row.area, tag("span", AS_COMPUTED, class_="quiet"), ""
    return str(row.position), computed, row.area, _changed(row.words, row.overrides, beside), row.mark


def _dropped(gone: DroppedArea, beside: Beside) -> tuple[str, str, RankedArea, Markup, str]:
    return NOT_APPLICABLE, str(gone.computed), gone.area, _changed(DROPPED, gone.overrides, beside), DROPPED


def _row(
    heads: list[str], place: str, computed: str, area: RankedArea, changed: Markup, mark: str, beside: Beside
) -> Markup:
    where = " · ".join(part for part in (area.locality, area.code) if part)
    cells = [
        tag("td", tag("span", place), data_label=heads[0]),
        tag("td", tag("span", computed), data_label=heads[1]),
        tag("th", tag("span", area.name), tag("small", where), scope="row"),
        tag("td", tag("span", changed), data_label=heads[3]),
    ]
    if beside.sureness:
        sure = beside.sureness.get(area.code, NOT_APPLICABLE)
        cells.append(tag("td", tag("span", sure, class_="sure"), data_label=heads[4]))
    if WHAT_IS_KNOWN in heads:
        here = beside.known.get(area.code)
        words = knowledge_mark(here) if here else tag("span", NOT_APPLICABLE)
        cells.append(tag("td", words, data_label=WHAT_IS_KNOWN))
    return tag("tr", *cells, class_=mark or None)


def _codes(shown: Shown) -> list[str]:
    return [*(row.area.code for row in shown.made.rows), *(gone.area.code for gone in shown.made.dropped)]


def _changed(words: str, changes: Iterable[Override], beside: Beside) -> Markup:
    """Return what people did with a row and why, each change with its review day and who made it."""
    reasons = [
        tag(
            "span",
            change.reason,
            tag("small", f"{review_words(change.review_on, beside.today)} · {beside.who[change.id].described}"),
            class_="reason",
        )
        for change in changes
    ]
    return join(tag("span", words, class_="badge change"), *reasons)


def _not_on_it(area: RankedArea) -> str:
    return f"not on it (rank {area.rank})" if area.rank else "not scored"


def _sureness(shown: Shown) -> dict[str, str]:
    """Return area code -> stability word; nothing where the list's own release cannot rank any more."""
    if shown.view is None:
        return {}
    try:
        return _words(shown.view.ranking, shown.view.release_key, shown.scenario.id, shown.view.council)
    except UserError:
        return {}


@st.cache_data(max_entries=16, show_spinner=False)
def _words(_ranking: Prioritisation, release: str, scenario: str, council: str | None) -> dict[str, str]:
    scores, framework = _ranking.scores, _ranking.scenario.framework
    found = stability(scores.priority_scores, scores.weights, framework.cut, framework.aggregate)
    return {str(code): str(word) for code, word in zip(scores.unit_ids, found.words, strict=True)}
