"""A page with the weighing component over invented areas, or over boundaries named by WEIGH_BOUNDARIES.

Query: areas, priorities, aggregate, gaps (areas without a score on the first priority), seed,
ties (areas in threes with equal scores), locality.
"""

from __future__ import annotations

import os

import numpy as np
import shapely
import streamlit as st

from prioritisation.scoring import overall, rank_units, terms
from prioritisation.ui.outlines import screen_outlines
from prioritisation.ui.weighing import mount_geometry, weighing
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
def invented(areas: int, priorities: int, gaps: int, seed: int, ties: int) -> tuple[dict, list[dict], np.ndarray]:
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
    return screen_outlines(shapes, codes, places), table, scores


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
    st.session_state.weights = st.session_state.view["weights"]


def apply(weights: list[float]) -> None:
    st.session_state.weights = weights
    st.session_state.version += 1


@st.fragment
def view(outlines: dict, table: list[dict], scores: np.ndarray, aggregate: str) -> None:
    count = scores.shape[1]
    ranks = rank_units(scores, shares(st.session_state.weights, range(count)), aggregate)
    framework_score = overall(scores, shares([1] * count, range(count)), aggregate)
    names = [*NAMES, *[(f"Priority {k + 1}", "What matters besides?") for k in range(len(NAMES), count)]][:count]
    result = weighing(
        geometry_hash=outlines["hash"],
        priorities=[{"id": f"p{k}", "name": n, "question": q, "default": 1 / count} for k, (n, q) in enumerate(names)],
        weights=st.session_state.weights,
        aggregate=aggregate,
        areas=table,
        scores=rows(scores),
        logs=rows(terms(scores, aggregate)),
        ranks=ranks.tolist(),
        cut=15,
        breaks=np.nanquantile(framework_score, [0.2, 0.4, 0.6, 0.8]).tolist(),
        version=st.session_state.version,
        selected=st.session_state.get("view", {}).get("selected"),
        locality=st.query_params.get("locality"),
        key="view",
        on_weights_change=take_weights,
    )
    st.caption(f"Selected: {result.selected}")


st.set_page_config(layout="wide")
asked = {name: int(st.query_params.get(name, usual)) for name, usual in
         {"areas": 153, "priorities": 4, "gaps": 0, "seed": 1, "ties": 0}.items()}  # fmt: skip
outlines, table, scores = invented(**asked)
st.session_state.setdefault("version", 0)
st.session_state.setdefault("weights", list(canonical_percentages([1] * asked["priorities"])))
st.header("Weigh the priorities")
mount_geometry(outlines, key="geometry")
view(outlines, table, scores, st.query_params.get("aggregate", "arithmetic"))
everything_on_last = [0.0] * (asked["priorities"] - 1) + [100.0]
st.button("Apply a saved scenario", on_click=apply, args=(everything_on_last,))
