"""A page with the weighing component over invented areas, or over boundaries named by WEIGH_BOUNDARIES.

Query: areas, priorities, aggregate, gaps (areas without a score on the first priority), seed,
ties (areas in threes with equal scores), locality, hexes (0: none), sure (1: stability, flips and what changed).
"""

from __future__ import annotations

import os

import numpy as np
import shapely
import streamlit as st

from prioritisation.changes import compare_weightings, summary, unit_sentence
from prioritisation.drawing.outlines import screen_outlines
from prioritisation.flips import flip_points
from prioritisation.hexes.drawing import hex_paths
from prioritisation.hexes.layout import hex_layout
from prioritisation.robustness import stability
from prioritisation.scoring import overall, rank_units, terms
from prioritisation.ui.image import About
from prioritisation.ui.weigh.arguments import WeighResult, WeighTable
from prioritisation.ui.weigh.component import mount_geometry, weighing
from prioritisation.weights import canonical_percentages, shares

NAMES = [
    ("Financial hardship", "Where are most people struggling for money?"),
    ("Housing and homelessness", "Where are homes hardest to get, keep and heat?"),
    ("Mental health, alcohol and drugs", "Where is most support needed with mental health, alcohol and drugs?"),
    ("Older people living well", "Where do most older people need help to live well at home?"),
]
HOSTILE = '<img src="x" onerror="console.error(1)"> & co - 01'
TOWNS = ["Auchenvale", "Braehead", "Carnbeg", "Dunmore", "Eastholm", "Fairlie Glen"]


def rows(values: np.ndarray) -> list[list[float | None]]:
    return [[None if np.isnan(x) else float(x) for x in row] for row in values]


@st.cache_resource
def invented(areas: int, priorities: int, gaps: int, seed: int, ties: int) -> tuple[dict, dict, list[dict], np.ndarray]:
    random = np.random.default_rng(seed)
    shapes, names, codes, places = real() if "WEIGH_BOUNDARIES" in os.environ else voronoi(areas, random)
    need = random.random(len(shapes))[:, None] * 55 + random.random((len(shapes), priorities)) * 45
    scores = np.round(need, 1)
    if ties:
        scores = np.repeat(scores[::3], 3, axis=0)[: len(shapes)]
    scores[:gaps, 0] = np.nan
    names[0] = HOSTILE
    known = zip(codes, names, places, strict=True)
    table = [{"id": code, "name": name, "locality": place, "population": 750} for code, name, place in known]
    drawn_hexes = hex_paths(hex_layout(shapes, codes, places)) if "WEIGH_BOUNDARIES" in os.environ else grid(table)
    return screen_outlines(shapes, codes, places), drawn_hexes, table, scores


def grid(table: list[dict]) -> dict:
    """Hexagons in rows, area by area: quick, and no map of anything."""
    across = int(np.ceil(np.sqrt(len(table))))
    hexagon = "l20 11.5 0 23.1 -20 11.5 -20 -11.5 0 -23.1z"
    areas = [
        {"id": area["id"], "x": 40.0 * (i % across) + 20 * (i // across % 2) + 20, "y": 34.6 * (i // across) + 23.1}
        for i, area in enumerate(table)
    ]
    areas = [{**area, "path": f"M{area['x']} {round(area['y'] - 23.1, 1)}{hexagon}"} for area in areas]
    corners = np.array([(0, -23.1), (20, -11.6), (20, 11.5), (0, 23), (-20, 11.5), (-20, -11.6)])
    cells = np.array([shapely.Polygon(corners + np.array([area["x"], area["y"]])) for area in areas])
    places = np.array([area["locality"] for area in table])
    unions = [(place, shapely.union_all(cells[places == place], grid_size=0.1)) for place in sorted(set(places))]
    localities = [{"name": place, "path": rings(union)} for place, union in unions]
    return {"width": 40 * across + 20, "height": int(34.6 * across + 12), "areas": areas, "localities": localities}


def rings(shape: shapely.Geometry) -> str:
    found = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shape)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "z" for ring in found)


def voronoi(areas: int, random: np.random.Generator) -> tuple[np.ndarray, list[str], list[str], list[str]]:
    centres = random.random((6, 2)) * (30_000, 44_000) + (5_000, 5_000)
    points = np.concatenate([
        centres[random.integers(0, 6, areas - areas // 3)] + random.normal(0, 1_500, (areas - areas // 3, 2)),
        random.random((areas // 3, 2)) * (40_000, 54_000),
    ])  # fmt: skip
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), ordered=True))
    coast = shapely.buffer(shapely.convex_hull(shapely.multipoints(points)), 1_000)
    nearest = np.argmin(((points[:, None] - centres) ** 2).sum(axis=2), axis=1)
    places = [TOWNS[i] for i in nearest]
    seen = dict.fromkeys(TOWNS, 0)
    names = []
    for town in places:
        seen[town] += 1
        names.append(f"{town} - {seen[town]:02d}")
    return shapely.intersection(cells, coast), names, [f"T{i:05d}" for i in range(areas)], places


def real() -> tuple[np.ndarray, list[str], list[str], list[str]]:
    import geopandas

    table = geopandas.read_file(os.environ["WEIGH_BOUNDARIES"])
    return table.geometry.to_numpy(), list(table["dz11_name"]), list(table["dz11_code"]), list(table["MMWard_Name"])


def take_weights() -> None:
    st.session_state.before = st.session_state.weights
    st.session_state.weights = st.session_state.view["weights"]


def take_cut() -> None:
    st.session_state.before = st.session_state.weights
    st.session_state.cut = st.session_state.view["cut"]


def take_view() -> None:
    st.session_state.kept = st.session_state.view["view"]


def apply(weights: list[float]) -> None:
    st.session_state.weights = weights
    st.session_state.version += 1


def how_sure(table: list[dict], scores: np.ndarray, aggregate: str, names: list[str]) -> dict:
    """What the server knows besides the ranks: stability, flip points, what changed since the weights before."""
    cut, count = st.session_state.cut, range(scores.shape[1])
    now, before = (shares(st.session_state[name], count) for name in ("weights", "before"))
    sure, flips = stability(scores, now, cut, aggregate), flip_points(scores, now, cut, aggregate)
    change = compare_weightings(scores, before, now, cut, aggregate, np.full(len(scores), 750.0))
    areas = [area["name"] for area in table]
    told = {table[unit]["id"]: unit_sentence(change, unit, areas[unit], names) for unit in change.moved[:30]}
    return {
        "stability": [
            {"word": word, "probability": share} if scored else None
            for word, share, scored in zip(sure.words, sure.probability.tolist(), sure.scored.tolist(), strict=True)
        ],
        "flips": [flips.sentence(unit, names) for unit in range(len(scores))],
        "change": {"paragraph": summary(change, areas, names), "areas": told},
    }


@st.fragment
def view(outlines: dict, table: list[dict], scores: np.ndarray, aggregate: str) -> None:
    count = scores.shape[1]
    ranks = rank_units(scores, shares(st.session_state.weights, range(count)), aggregate)
    framework_score = overall(scores, shares([1] * count, range(count)), aggregate)
    names = [*NAMES, *[(f"Priority {k + 1}", "What matters besides?") for k in range(len(NAMES), count)]][:count]
    sure = how_sure(table, scores, aggregate, [name for name, _ in names]) if "sure" in st.query_params else {}
    table_sent = WeighTable(
        priorities=[{"id": f"p{k}", "name": n, "question": q, "default": 1 / count} for k, (n, q) in enumerate(names)],
        aggregate=aggregate,
        areas=table,
        scores=rows(scores),
        logs=rows(terms(scores, aggregate)),
    )
    answered = WeighResult(
        weights=st.session_state.weights,
        ranks=ranks.tolist(),
        cut=st.session_state.cut,
        breaks=np.nanquantile(framework_score, [0.2, 0.4, 0.6, 0.8]).tolist(),
        version=st.session_state.version,
        selected=st.session_state.get("view", {}).get("selected"),
        locality=st.query_params.get("locality"),
        view=st.session_state.get("kept"),
        about=About("demo", chosen=("Invented areas",), foot=("scenario s-demo",)).argument,
        **sure,
    )
    when = {"weights": take_weights, "cut": take_cut, "view": take_view}
    result = weighing(table_sent, answered, geometry_hash=outlines["hash"], key="view", when=when)
    st.caption(f"Selected: {result.selected} · cut {result.cut} · locality {result.locality}")


st.set_page_config(layout="wide")
asked = {name: int(st.query_params.get(name, usual)) for name, usual in
         {"areas": 153, "priorities": 4, "gaps": 0, "seed": 1, "ties": 0}.items()}  # fmt: skip
outlines, hexes, table, scores = invented(**asked)
st.session_state.setdefault("version", 0)
st.session_state.setdefault("weights", list(canonical_percentages([1] * asked["priorities"])))
st.session_state.setdefault("before", st.session_state.weights)
st.session_state.setdefault("cut", 15)
mount_geometry(outlines, key="geometry", hexes=None if st.query_params.get("hexes") == "0" else hexes)
view(outlines, table, scores, st.query_params.get("aggregate", "arithmetic"))
everything_on_last = [0.0] * (asked["priorities"] - 1) + [100.0]
st.button("Apply a saved scenario", on_click=apply, args=(everything_on_last,))
