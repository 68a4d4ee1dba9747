"""Areas like this one: the nearest by the framework's indicators, within the council and outside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.framework import HIGHER_IS_BETTER, Framework
from prioritisation.scoring import Floats
from prioritisation.similarity import SHARED_AT_LEAST, distances, positions, typical
from prioritisation.store import Store
from prioritisation.words import areas_words, listed, percent

MOST = 5
VERY_ALIKE, ALIKE, FAIRLY_ALIKE, NOT_ALIKE = "very alike", "alike", "fairly alike", "not alike, but the nearest"
_WORDS = ((1 / 3, VERY_ALIKE), (1 / 2, ALIKE), (2 / 3, FAIRLY_ALIKE))  # of what two areas usually are apart
SAME_WITHIN, DIFFERS_FROM = 10.0, 15.0  # positions in 100
MOST_ALIKE, MOST_DIFFERENT = 3, 2
HOW = (
    "Areas are compared by the indicators of the framework: each counts by its share in its priority, every priority "
    "alike, whatever its weight is now. An indicator counts as the area's position from 0 to 100 among {all}; how far "
    "two areas are apart is the root mean square of these differences, over the indicators that both have."
)


@dataclass(frozen=True, eq=False)
class Likeness:
    """What comparing the areas of one release needs.

    areas: all that are loaded, by area_code; members: whether an area is of the council; place: positions (n, m);
    shares: (m,); names: of the m indicators; usually: how far two areas of the council are apart, the median.
    """

    areas: pd.DataFrame
    members: np.ndarray
    place: Floats
    shares: Floats
    names: tuple[str, ...]
    usually: float

    @property
    def how(self) -> str:
        """The method in words."""
        return HOW.format(all=f"all {len(self.areas):,} areas loaded")


@dataclass(frozen=True, eq=False)
class Similar:
    """The nearest areas, the nearest first: id, area, locality, council, likeness, apart, shared, alike_on, differs_on.

    apart: 0 to 100; shared: share of the weight both have; left_out: areas that share too little to be compared.
    """

    table: pd.DataFrame
    left_out: int
    sentence: str


def likeness(store: Store, framework: Framework, members: pd.Index | None = None) -> Likeness:
    """Read one release for comparing its areas. members: those of one council, out of a release for many."""
    areas, indicators = store.areas(everywhere=True), store.indicators()
    shares: dict[str, float] = {}
    signs: dict[str, float] = {}
    for priority in framework.priorities:
        whole = sum(part.share for part in priority.indicators)
        for part in priority.indicators:
            shares[part.id] = shares.get(part.id, 0.0) + part.share / whole
    values = store.values(list(shares), everywhere=True)
    for priority in framework.priorities:
        for part in priority.indicators:
            polarity = part.polarity or str(indicators.loc[part.id, "polarity"])
            signs.setdefault(part.id, -1.0 if polarity == HIGHER_IS_BETTER else 1.0)
    weight = np.array(list(shares.values()))
    place = positions(values.to_numpy(dtype=float), np.array([signs[each] for each in shares]))
    inside = areas["in_council"].to_numpy(dtype=bool) if members is None else areas.index.isin(members)
    names = tuple(str(indicators.loc[each, "name"]) for each in shares)
    return Likeness(areas, inside, place, weight, names, typical(place[inside], weight))


def similar_to(alike: Likeness, area: str, *, outside: bool = False, most: int = MOST) -> Similar:
    """Return the areas most like one, of its council or elsewhere. UserError: no such area, or too little known."""
    if area not in alike.areas.index:
        raise UserError(
            f"There is no area '{area}' in this release.",
            not_done="No similar areas were looked for.",
            remedy="Look the area up by name, code or locality on the Explore page.",
        )
    row = int(alike.areas.index.get_loc(area))  # type: ignore[arg-type]
    name, known = str(alike.areas["name"].iloc[row]), ~np.isnan(alike.place[row])
    share = float(alike.shares[known].sum() / alike.shares.sum())
    if share < SHARED_AT_LEAST:
        raise UserError(
            f"Only {percent(share)} of what counts is known of {name}, too little to compare it with others.",
            not_done="No similar areas were looked for.",
            remedy=f"At least {percent(SHARED_AT_LEAST)} must be known: see its missing and suppressed values.",
        )
    found = distances(alike.place, alike.shares, row)
    among = np.flatnonzero((alike.members != outside) & (np.arange(len(alike.areas)) != row))
    compared = among[~np.isnan(found.apart[among])]
    nearest = compared[np.argsort(found.apart[compared], kind="stable")][:most]
    rows = [_row(alike, row, int(other), float(found.apart[other]), float(found.shared[other])) for other in nearest]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return Similar(table, len(among) - len(compared), _sentence(table, name, outside, alike.usually))


_COLUMNS = ("id", "area", "locality", "council", "likeness", "apart", "shared", "alike_on", "differs_on")


def _row(alike: Likeness, row: int, other: int, apart: float, shared: float) -> tuple[object, ...]:
    place = alike.areas.iloc[other]
    same, differs = _sides(alike, row, other)
    named = [str(place[each]) if isinstance(place[each], str) else "" for each in ("locality", "council")]
    return (
        str(alike.areas.index[other]),
        str(place["name"]),
        *named,
        likeness_words(apart, alike.usually),
        apart,
        shared,
        same,
        differs,
    )


def likeness_words(apart: float, usually: float) -> str:
    """Return how alike two areas are, against how far two areas usually are apart."""
    if not usually > 0:
        return VERY_ALIKE if apart == 0 else NOT_ALIKE
    return next((words for most, words in _WORDS if apart <= most * usually), NOT_ALIKE)


def _sides(alike: Likeness, row: int, other: int) -> tuple[str, str]:
    """Return on what two areas are most alike and on what they differ most, in words."""
    gap = alike.place[other] - alike.place[row]
    order = sorted(np.flatnonzero(~np.isnan(gap)).tolist(), key=lambda each: (abs(gap[each]), alike.names[each]))
    same = [alike.names[each] for each in order if abs(gap[each]) <= SAME_WITHIN][:MOST_ALIKE]
    far = [each for each in reversed(order) if abs(gap[each]) >= DIFFERS_FROM][:MOST_DIFFERENT]
    differs = [f"{alike.names[each]} ({'greater' if gap[each] > 0 else 'less'} need there)" for each in far]
    return "; ".join(same), "; ".join(differs)


def _sentence(table: pd.DataFrame, name: str, outside: bool, usually: float) -> str:
    where = "outside the council" if outside else "in the council"
    if table.empty:
        return f"No area {where} shares enough known indicators with {name} to be compared."
    first = table.iloc[0]
    place = str(first["council"] if outside else first["locality"])
    told = f"{first['area']}{f' ({place})' if place else ''} is the area {where} most like {name}: "
    told += f"{first['apart']:.0f} positions in 100 apart, where two areas usually are {usually:.0f}."
    return told


def left_out_sentence(found: Similar) -> str:
    """Return how many areas could not be compared, or nothing."""
    if not found.left_out:
        return ""
    less = f"less than {percent(SHARED_AT_LEAST)} of what counts"
    return f"{areas_words(found.left_out)} could not be compared: {less} is known of both."


def nearest_sentence(alike: Likeness, area: str, most: int = MOST_ALIKE) -> str:
    """Return "Most alike in the council: A (very alike), B (alike) and C (alike)."; empty where too little is known."""
    try:
        rows = similar_to(alike, area, most=most).table
    except UserError:
        return ""
    named = [f"{row.area} ({row.likeness})" for row in rows.itertuples()]
    return f"Most alike in the council: {listed(named, most)}." if named else ""
