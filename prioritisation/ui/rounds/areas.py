"""Which areas each partner's own votes would choose: on a map, as a table, and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from prioritisation.pack import FORMULA_STARTS
from prioritisation.ui.colours import palette
from prioritisation.ui.data_page import table
from prioritisation.ui.maps.area_map import area_map
from prioritisation.ui.maps.boundaries import hexagons, outlines
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.patch.map import HEX_MAP, choose_shape
from prioritisation.ui.session import View
from prioritisation.voting.partners import PartnerLists
from prioritisation.words import NO_MAP, NOT_APPLICABLE, areas_words, listed, weight_words

ALL, SOME = 5, 3
_KEYS = {ALL: "every partner would choose it", SOME: "some would", 1: "nobody would"}


@dataclass(frozen=True, eq=False)
class Chosen:
    """The lists of a revealed round over the areas that they were ranked from. note: where these are other ones now."""

    view: View
    lists: PartnerLists
    note: str = ""

    @property
    def by(self) -> dict[str, tuple[str, ...]]:
        """Each area that anybody would choose, with the organisations that would: those of all first."""
        everybody = tuple(partner.organisation for partner in self.lists.partners)
        return dict.fromkeys(self.lists.by_all, everybody) | dict(self.lists.by_some)

    def name(self, code: str) -> str:
        return str(self.view.areas["name"][code])


def areas_chosen(chosen: Chosen) -> None:
    """Show the tab."""
    note = tag("p", chosen.note, class_="notice") if chosen.note else None
    show(note, tag("p", sentence(chosen), class_="sentence", role="status"))
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _map(chosen, choose_shape(chosen.view, "rounds-shape"))
    with right:
        names = [priority.name for priority in chosen.view.scenario.framework.priorities]
        show(
            tag("h2", "Each partner's own list, beside the group's"),
            partners_markup(chosen.lists),
            tag("p", f"Weights stand in this order: {' · '.join(names)}.", class_="muted"),
        )
    show(tag("h2", "Who would choose which area"))
    st.dataframe(matrix(chosen), hide_index=True, key="rounds-matrix", alt=sentence(chosen))


def sentence(chosen: Chosen) -> str:
    """Return what all, and what only some, would choose."""
    partners, alike = len(chosen.lists.partners), len(chosen.lists.by_all)
    if partners == 1:
        return f"One organisation voted. Its weights would choose {areas_words(alike)}."
    some = len(chosen.lists.by_some)
    if not some:
        return f"All {partners} partners would choose the same {areas_words(alike)}."
    told = f"All {partners} partners would choose {areas_words(alike)}" if alike else "No area would be chosen by all"
    return f"{told}; {areas_words(some)} {'is' if some == 1 else 'are'} on the lists of some only."


def partners_markup(lists: PartnerLists) -> Markup:
    """Return each partner's overlap with the group, the least first, as words and a bar."""
    length = len(lists.areas)
    rows = [
        (
            join(each.organisation, tag("small", f"{each.votes} vote{'' if each.votes == 1 else 's'}")),
            join(each.overlap(length), _bar(each.shared, length)),
            " · ".join(weight_words(percent) for percent in each.percentages),
        )
        for each in lists.partners
    ]
    return table(["Partner", "Areas on the group's list", "Its weights, %"], rows, text_columns=2)


def _bar(shared: int, length: int) -> Markup:
    style = f"width:{100 * shared / max(1, length):.0f}%"
    return tag("span", tag("b", style=style), class_="bar overlap-bar", aria_hidden="true")


def matrix(chosen: Chosen) -> pd.DataFrame:
    """Return areas by partners: a mark where the partner's own weights would choose the area."""
    partners = chosen.lists.partners
    areas = chosen.view.areas
    rows = list(chosen.by)
    found = {
        "Area": [chosen.name(code) for code in rows],
        "Would choose it": [f"{len(chosen.by[code])} of {len(partners)}" for code in rows],
        "The group": [_mark(code in chosen.lists.areas) for code in rows],
    }
    own = {_head(each.organisation, found): [_mark(code in each.areas) for code in rows] for each in partners}
    places = [areas["locality"][code] for code in rows]
    return pd.DataFrame({**found, **own, "Locality": places, "Code": rows})


def _head(organisation: str, taken: dict[str, list[str]]) -> str:
    """Return a partner's column, none that a spreadsheet would run: the table's own button gives it as CSV."""
    shown = f"'{organisation}" if organisation.startswith(FORMULA_STARTS) else organisation
    return f"{shown} (partner)" if shown in (*taken, "Locality", "Code") else shown


def _mark(chosen: bool) -> str:
    return "yes" if chosen else NOT_APPLICABLE


def _map(chosen: Chosen, shape: str) -> None:
    drawn = outlines(chosen.view)
    if drawn is None:
        show(tag("p", NO_MAP, class_="notice"))
        return
    hexes = hexagons(chosen.view) if shape == HEX_MAP else None
    if hexes is not None:
        drawn = {"hash": f"{drawn['hash']}-hexagons", **hexes}
    codes = [str(area["id"]) for area in drawn["areas"]]
    areas, by, partners = chosen.view.areas, chosen.by, len(chosen.lists.partners)
    area_map(
        drawn,
        looks=[_look(len(by.get(code, ())), partners) for code in codes],
        names=[chosen.name(code) for code in codes],
        places=[place if isinstance(place := areas["locality"][code], str) else None for code in codes],
        values=[_said(by.get(code, ()), partners) for code in codes],
        selected=-1,
        locality=None,
        label=sentence(chosen),
        colours=palette(),
        key="rounds-map",
        on_area_change=_nothing_opens,
    )
    show(_legend())


def _look(count: int, partners: int) -> int:
    return 1 if not count else ALL if count == partners else SOME


def _said(organisations: tuple[str, ...], partners: int) -> str:
    if not organisations:
        return "On nobody's list"
    return "On every partner's list" if len(organisations) == partners else f"On the list of {listed(organisations)}"


def _legend() -> Markup:
    ramp = palette().ramp
    keys = [tag("li", tag("i", style=f"background:{ramp[look - 1]}"), words) for look, words in _KEYS.items()]
    return tag("div", tag("ul", *keys, class_="states"), class_="legend", role="group", aria_label="Legend")


def _nothing_opens() -> None:
    """A click on an area only shows who would choose it."""
