"""Invented localities, wards, intermediate zones, names and codes for an invented land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import depth_first_order, minimum_spanning_tree

from prioritisation.errors import UserError
from prioritisation.ingest.invented_coast import UnfitDraw
from prioritisation.ingest.invented_land import Settlement, draw_coverage

COUNCIL_CODE, COUNCIL = "DEMO90001", "Strathmarra"
LOCALITIES, WARDS = 6, 8
ZONE_AREAS = (4, 8)
"""Fewest and most areas in an intermediate zone, wherever its locality has that many."""
URBAN_RURAL_6 = {
    2: "Other Urban Areas",
    3: "Accessible Small Towns",
    4: "Remote Small Towns",
    5: "Accessible Rural",
    6: "Remote Rural",
}
# Beginnings sound like Scottish place names; endings are made up, and the tests look for them in the real lists.
BY_SEA = ("Kil", "Inver", "Dun", "Port ", "Ard", "Aber", "Pen", "Bal")
INLAND = ("Glen", "Auchen", "Drum", "Knock", "Craig", "Bar", "Loch", "Tor", "Carn", "Bal")
ENDINGS = (
    "marra", "vennan", "lorran", "meskie", "sorlet", "dessoch", "faskan", "thennet", "lethnoch", "mordan",
    "cassoch", "brennet", "tollan", "varrick", "skellan", "hessan", "noltie", "quharran", "gorley", "pettan",
)  # fmt: skip
QUARTERS = (
    "Braehead", "Newfield", "Whinhill", "Kirkgate", "Burnside", "Viewmount", "Station", "Academy", "Mossend",
    "Millbank", "Castlegate", "Longriggs", "Heathery", "Northpark", "Southpark", "Gasworks", "Meadows",
    "Fernbank", "Hawthorn", "Quarry", "Ropeworks", "Weavers", "Orchard", "Limekilns",
)  # fmt: skip
SHORES = ("Harbour", "Shore", "Links", "Esplanade", "Sands", "Point")

DRAWS = 50
Labels = NDArray[np.intp]
Bounds = list[tuple[int, int]]
"""Fewest and most areas, per group."""


def invent_geography(areas: int, seed: int) -> gpd.GeoDataFrame:
    """Return the areas of an invented council, in code order.

    Columns: dz11_code, dz11_name, intermediate_zone_code, intermediate_zone, ward_code, ward, locality,
    settlement (name or ""), settlement_areas, coast_km, urban_rural (code of the sixfold class),
    geometry (EPSG:27700, metres, vertices on a 0.1 m grid, an exact coverage).
    The same areas and seed give the same result; draws that are not fit to show are drawn again.
    UserError: none of DRAWS was fit.
    """
    for attempt in range(DRAWS):
        rng = np.random.Generator(np.random.PCG64([seed, attempt]))
        try:
            coverage, settlements = draw_coverage(areas, rng)
            return _with_places(coverage, settlements, rng)
        except UnfitDraw:
            continue
    raise UserError(
        f"{DRAWS} draws of {areas:,} areas with seed {seed} gave no map fit to show.",
        not_done="No demonstration data were made.",
        remedy="Choose another seed, or another number of areas.",
    )


def neighbours(shapes: NDArray[np.object_]) -> Labels:
    """Return the pairs (n, 2) of areas that share a border of some length, each pair once."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="touches")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.length(shapely.intersection(shapes[first], shapes[second])) > 0
    pairs = np.column_stack([first, second])[shared]
    return pairs[np.lexsort(pairs.T[::-1])]


def connected_groups(
    pairs: Labels, cost: NDArray[np.float64], members: Labels, bounds: Bounds, rng: np.random.Generator
) -> list[Labels]:
    """Divide members into connected groups with numbers of areas in bounds, cutting as little cost as possible.

    pairs (n, 2) and cost (n,) are the borders between areas. Halves again and again along random spanning trees
    (the ReCom step of DeFord, Duchin and Solomon, 2021). Raises UnfitDraw when no cut is found.
    """
    if len(bounds) == 1:
        return [members]
    half = len(bounds) // 2
    sides = bounds[:half], bounds[half:]
    for _ in range(4):
        first = _cheapest_cut(pairs, cost, members, sides, rng)
        rest = np.setdiff1d(members, first)
        try:
            return [
                *connected_groups(pairs, cost, first, sides[0], rng),
                *connected_groups(pairs, cost, rest, sides[1], rng),
            ]
        except UnfitDraw:
            continue  # a half that cannot be divided further: cut elsewhere
    raise UnfitDraw("No connected groups of the wanted size.")


def _cheapest_cut(
    pairs: Labels, cost: NDArray[np.float64], members: Labels, sides: tuple[Bounds, Bounds], rng: np.random.Generator
) -> Labels:
    """Return the first side of the cheapest allowed cut along some random spanning trees."""
    best: tuple[float, Labels] | None = None
    inside = np.isin(pairs, members).all(axis=1)
    ends, border = np.searchsorted(members, pairs[inside]), cost[inside]
    for trial in range(60):
        if trial >= 10 and best is not None:
            break
        found = _cut(ends, border, len(members), sides, rng)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    if best is None:
        raise UnfitDraw("No connected groups of the wanted size.")
    return members[best[1]]


def _cut(
    ends: Labels, border: NDArray[np.float64], count: int, sides: tuple[Bounds, Bounds], rng: np.random.Generator
) -> tuple[float, Labels] | None:
    """Return the cheapest allowed cut of one random spanning tree, as (cost, first side), or None."""
    # Cheap borders come late into the tree, so that it runs along what should stay together.
    chance = (0.05 + rng.random(len(ends))) / border
    tree = minimum_spanning_tree(coo_array((chance, ends.T), shape=(count, count)).tocsr())
    order, parent = depth_first_order(tree, 0, directed=False)
    size = np.ones(count, dtype=int)
    for child in order[:0:-1]:
        size[parent[child]] += size[child]
    # In the order of a depth-first walk, all that hangs below an area follows it without a gap.
    place = np.argsort(order)
    (low, high), (rest_low, rest_high) = (tuple(sum(edge) for edge in zip(*side, strict=True)) for side in sides)
    wanted = count * len(sides[0]) / (len(sides[0]) + len(sides[1]))
    best: tuple[float, Labels] | None = None
    for flip in (False, True):
        mine = count - size if flip else size
        allowed = (mine >= low) & (mine <= high) & (count - mine >= rest_low) & (count - mine <= rest_high)
        for top in np.flatnonzero(allowed):
            below = (place >= place[top]) & (place < place[top] + size[top])
            total = border[below[ends[:, 0]] != below[ends[:, 1]]].sum() + 12 * abs(mine[top] - wanted) / wanted
            if best is None or total < best[0]:
                best = float(total), np.flatnonzero(below != flip)
    return best


def _with_places(
    coverage: gpd.GeoDataFrame, settlements: list[Settlement], rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Add groups, names and codes to the areas, and order them by code."""
    shapes, settlement = coverage.geometry.to_numpy(), coverage["settlement"].to_numpy()
    pairs = neighbours(shapes)
    same = settlement[pairs[:, 0]] == settlement[pairs[:, 1]]
    cost = np.where(same & (settlement[pairs[:, 0]] >= 0), 3.0, 1.0)
    everything = np.arange(len(coverage))
    localities = connected_groups(pairs, cost, everything, _loose(len(coverage), LOCALITIES), rng)
    wards = connected_groups(pairs, cost, everything, _loose(len(coverage), WARDS), rng)
    zones = [zone for locality in localities for zone in connected_groups(pairs, cost, locality, _zones(locality), rng)]
    by_sea = np.bincount(settlement[settlement >= 0], coverage["coast_km"][settlement >= 0], len(settlements)) > 0
    names = _settlement_names(by_sea, rng)
    centres = np.column_stack([coverage.geometry.centroid.x, coverage.geometry.centroid.y])
    sizes = np.array([place.areas for place in settlements])
    areas = coverage.assign(
        settlement=np.where(settlement >= 0, np.array(names)[settlement], ""),
        settlement_areas=np.where(settlement >= 0, sizes[settlement], 0),
        urban_rural=_urban_rural(settlement, sizes, centres),
        locality=_spread(localities, _group_names(localities, settlement, names, centres, " villages")),
    )
    ward_names = _group_names(wards, settlement, names, centres, "")
    zone_names = _zone_names(zones, settlement, names, centres, coverage["coast_km"].to_numpy(), rng)
    areas["ward_code"] = _spread(wards, [f"DEMO8{number:04d}" for number in range(1, len(wards) + 1)])
    areas["ward"] = _spread(wards, ward_names)
    areas["intermediate_zone_code"] = _spread(zones, [f"DEMO7{number:04d}" for number in range(1, len(zones) + 1)])
    areas["intermediate_zone"] = _spread(zones, zone_names)
    return _coded(areas.assign(northing=-centres[:, 1]))


def _coded(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Number the areas by zone and from north to south, and name them after their zone."""
    areas = areas.sort_values(["intermediate_zone_code", "northing"], kind="stable", ignore_index=True)
    within = areas.groupby("intermediate_zone_code").cumcount() + 1
    areas["dz11_code"] = [f"DEMO{number:05d}" for number in range(1, len(areas) + 1)]
    areas["dz11_name"] = areas["intermediate_zone"] + " - " + within.map("{:02d}".format)
    first = ["dz11_code", "dz11_name", "intermediate_zone_code", "intermediate_zone", "ward_code", "ward", "locality"]
    return areas[[*first, "settlement", "settlement_areas", "coast_km", "urban_rural", "geometry"]]


def _loose(areas: int, groups: int) -> Bounds:
    mean = areas / groups
    return [(max(2, int(0.6 * mean)), int(np.ceil(1.5 * mean)))] * groups


def _zones(locality: Labels) -> Bounds:
    few, many = ZONE_AREAS
    count = max(1, round(len(locality) / 6))
    return [(min(few, len(locality) // count), many)] * count


def _spread(groups: list[Labels], values: list[str]) -> list[str]:
    """Return one value per area from one value per group."""
    area = np.concatenate(groups)
    value = np.repeat(values, [len(group) for group in groups])
    return list(value[np.argsort(area)])


def _urban_rural(settlement: Labels, sizes: Labels, centres: NDArray[np.float64]) -> Labels:
    """Return the sixfold class: towns of some 10,000 and 3,000 people; remote is 13 km or more from the former.

    The real classes measure 30 minutes' drive, which is farther; this land is smaller than most councils.
    """
    people = np.where(settlement >= 0, sizes[settlement], 0) * 730
    urban = people >= min(10_000, people.max())
    away = np.array([np.hypot(*(centres[urban] - centre).T).min() for centre in centres])
    small = people >= 3_000
    remote = away > 13_000
    classes = np.where(small, np.where(remote, 4, 3), np.where(remote, 6, 5))
    return np.where(people >= 10_000, 2, classes)


def _settlement_names(by_sea: NDArray[np.bool_], rng: np.random.Generator) -> list[str]:
    """Return a name for each settlement; endings repeat only when all are used, so few places sound alike."""
    names: list[str] = []
    starts = {sea: rng.permutation(BY_SEA if sea else INLAND) for sea in (True, False)}
    ends = rng.permutation(ENDINGS)
    for number, sea in enumerate(by_sea):
        turn, at = divmod(number, len(ends))
        start, end = starts[bool(sea)], ends[at]
        ways = [start[(number + turn + step) % len(start)] for step in range(len(start))]
        ways = [way for way in ways if way[-1] != end[0]]  # "Carnnoltie" looks like a slip
        titles = [f"{way}{end.title() if way.endswith(' ') else end}" for way in ways]
        names.append(next((title for title in titles if title not in names), f"{titles[0]} Milton"))
    return names


def _main_settlements(group: Labels, settlement: Labels) -> list[int]:
    """Return the settlements in a group of areas, the one with most of them first."""
    inside = settlement[group]
    found, areas = np.unique(inside[inside >= 0], return_counts=True)
    return [int(place) for place in found[np.lexsort([found, -areas])]]


def _group_names(
    groups: list[Labels], settlement: Labels, names: list[str], centres: NDArray[np.float64], tail: str
) -> list[str]:
    """Name each group after its main settlement; groups that share one are told apart by their direction."""
    main = [_main_settlements(group, settlement) for group in groups]
    titles: list[str] = []
    for number, group in enumerate(groups):
        rivals = [at for at, places in enumerate(main) if places[:1] == main[number][:1]]
        rank = sorted(rivals, key=lambda at: -centres[groups[at], 1].mean()).index(number)
        title = names[main[number][0]] if main[number] else "Upland"
        if len(rivals) > 1:
            title += " " + (("North", "South") if len(rivals) == 2 else _directions(len(rivals)))[rank]
        villages = [place for place in main[number][1:] if len(np.flatnonzero(settlement[group] == place))]
        if villages and len(np.flatnonzero(settlement[group] == -1)) > 1:
            title += f" and {names[villages[0]]}{tail if len(villages) > 1 else ''}"
        titles.append(title)
    return _told_apart(titles)


def _directions(count: int) -> tuple[str, ...]:
    middle = ("Central", "East", "West", "Milton", "Cross", "Newton")
    return ("North", *middle[: count - 2], "South")


def _zone_names(
    zones: list[Labels],
    settlement: Labels,
    names: list[str],
    centres: NDArray[np.float64],
    coast_km: NDArray[np.float64],
    rng: np.random.Generator,
) -> list[str]:
    """Name each zone after a quarter of its town, or after its village and the land around."""
    titles: list[str] = []
    shores: dict[int, list[str]] = {}
    quarters: dict[int, list[str]] = {}
    for zone in zones:
        places = _main_settlements(zone, settlement)
        rural = (settlement[zone] < 0).sum()
        town = places[0] if places else -1
        if not places:
            titles.append(f"Upper Glen{ENDINGS[rng.integers(len(ENDINGS))]}")
        elif rural >= len(zone) / 2 or (settlement[zone] == town).sum() <= 3:
            titles.append(f"{names[town]} and {names[places[1]]}" if len(places) > 1 else f"{names[town]} Landward")
        else:
            by_sea = coast_km[zone].sum() > 0.6
            pool = shores if by_sea else quarters
            left = pool.setdefault(town, list(SHORES if by_sea else rng.permutation(QUARTERS)))
            titles.append(f"{names[town]} {left.pop(0) if left else 'North'}")
    return _told_apart(titles)


def _told_apart(titles: list[str]) -> list[str]:
    """Return the titles with a second, third ... of the same name marked."""
    marks = ("", " Upper", " Nether", " Easter", " Wester", " Mid")
    told: list[str] = []
    for title in titles:
        ways = [title + mark for mark in marks] + [f"{title} {number}" for number in range(2, 200)]
        told.append(next(way for way in ways if way not in told))
    return told
