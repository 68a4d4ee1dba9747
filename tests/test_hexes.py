"""Hex cartogram: one hexagon each, localities whole, neighbours near, the same whatever the order."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import shapely

from prioritisation.hexes.cartogram import equal_area_positions, neighbour_pairs
from prioritisation.hexes.drawing import HexLayout, hex_paths
from prioritisation.hexes.grid import FREE, Grid, in_one_piece, starting_cells
from prioritisation.hexes.layout import hex_layout


def towns(n: int = 60, seed: int = 1, groups: int = 5) -> tuple[list[shapely.Polygon], list[str], list[str]]:
    """Voronoi cells of points crowded round a few towns, their codes, and the nearest town of each."""
    random = np.random.default_rng(seed)
    centres = random.random((groups, 2)) * (40_000, 60_000)
    town = np.arange(n) % groups
    points = centres[town] + random.normal(size=(n, 2)) * np.where(random.random(n) < 0.8, 1_500, 12_000)[:, None]
    frame = shapely.box(*(points.min(axis=0) - 500), *(points.max(axis=0) + 500))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True))
    return list(shapely.intersection(cells, frame)), [f"A{k:04d}" for k in range(n)], [f"Town {k}" for k in town]


def squares(n: int, gap: float = 0) -> list[shapely.Polygon]:
    """A field of unit squares, ten to a row."""
    return [shapely.box(k % 10, k // 10, k % 10 + 1 - gap, k // 10 + 1 - gap) for k in range(n)]


def laid_out(shapes: list, groups: list | None = None) -> HexLayout:
    return hex_layout(shapes, [f"A{k:04d}" for k in range(len(shapes))], groups)


def drawn(layout: HexLayout) -> dict[str, shapely.Polygon]:
    """The hexagons, read back from their paths."""
    return {area["id"]: rings(area["path"])[0] for area in hex_paths(layout)["areas"]}


def rings(path: str) -> list[shapely.Polygon]:
    found = []
    for ring in path.strip("M").rstrip("z").split("zM"):
        steps = np.array([float(n) for n in ring.replace("l", " ").split()]).reshape(-1, 2)
        found.append(shapely.Polygon(np.round(np.cumsum(steps, axis=0), 2)))
    return found


def no_two_on_one(layout: HexLayout) -> bool:
    return len(set(zip(layout.q, layout.r, strict=True))) == len(layout.codes)


def blobs(hexagons: list[shapely.Polygon]) -> int:
    return len(shapely.get_parts(shapely.union_all(hexagons)))


@pytest.mark.parametrize("seed", range(4))
def test_every_area_has_its_hexagon_and_every_locality_is_one_blob(seed: int) -> None:
    shapes, codes, groups = towns(seed=seed)
    layout = hex_layout(shapes, codes, groups)
    hexagons = drawn(layout)
    assert layout.codes == tuple(codes) and no_two_on_one(layout)
    assert blobs(list(hexagons.values())) == 1
    for name in set(groups):
        assert blobs([hexagons[code] for code, group in zip(codes, groups, strict=True) if group == name]) == 1
    assert all(layout.connected.values()) and set(layout.connected) == set(groups)


def test_the_layout_does_not_depend_on_the_order() -> None:
    shapes, codes, groups = towns()
    layout = hex_layout(shapes, codes, groups)
    mixed = np.random.default_rng(3).permutation(len(codes))
    again = hex_layout(*([column[k] for k in mixed] for column in (shapes, codes, groups)))
    assert again.codes == tuple(codes[k] for k in mixed)
    assert [(again.q[i], again.r[i]) for i in np.argsort(mixed)] == list(zip(layout.q, layout.r, strict=True))
    assert again.adjacency_kept == layout.adjacency_kept


def test_the_quality_is_what_the_drawing_shows() -> None:
    shapes, codes, groups = towns()
    layout = hex_layout(shapes, codes, groups)
    hexagons = drawn(layout)
    beside = [
        shapely.length(shapely.intersection(hexagons[codes[i]], hexagons[codes[j]])) > 1
        for i in range(len(codes))
        for j in range(i)
        if shapely.length(shapely.intersection(shapes[i], shapes[j])) > 0
    ]
    assert layout.adjacency_kept == pytest.approx(np.mean(beside))
    middle = np.array([shapely.centroid(hexagons[code]).coords[0] for code in codes]) * (1, -1)
    width = np.ptp(np.array(hexagons[codes[0]].exterior.coords)[:, 0])
    assert layout.mean_displacement == pytest.approx(fitted_distance(shapes, middle) / width, rel=1e-3)


def fitted_distance(shapes: list, middle: np.ndarray) -> float:
    """Mean distance after the least-squares scale and shift, solved as a plain linear system."""
    true = np.array([shapely.centroid(shape).coords[0] for shape in shapes])
    n = len(true)
    columns = np.zeros((2 * n, 3))
    columns[:, 0], columns[:n, 1], columns[n:, 2] = np.concatenate([true[:, 0], true[:, 1]]), 1, 1
    wanted = np.concatenate([middle[:, 0], middle[:, 1]])
    left = wanted - columns @ np.linalg.lstsq(columns, wanted, rcond=None)[0]
    return float(np.hypot(left[:n], left[n:]).mean())


def test_at_153_areas_most_neighbours_stay_together_and_it_is_quick() -> None:
    shapes, codes, groups = towns(153, seed=5)
    started = time.process_time()
    layout = hex_layout(shapes, codes, groups)
    assert time.process_time() - started < 5
    assert layout.adjacency_kept >= 0.55 and all(layout.connected.values()) and no_two_on_one(layout)


def test_places_keep_their_side() -> None:
    layout = laid_out(squares(100))
    hexagons = list(drawn(layout).values())
    x, y = np.array([shapely.centroid(shape).coords[0] for shape in hexagons]).T
    assert np.corrcoef(x, np.arange(100) % 10)[0, 1] > 0.95
    assert np.corrcoef(-y, np.arange(100) // 10)[0, 1] > 0.95, "north is up"
    assert layout.adjacency_kept > 0.85


def test_crowded_areas_get_as_much_room_as_wide_ones() -> None:
    shapes, _, _ = towns(80, seed=2)
    centres = equal_area_positions(np.array(shapes, dtype=object))
    nearest = np.sort(np.linalg.norm(centres[:, None] - centres[None], axis=2), axis=1)[:, 1]
    before = np.array([shape.area for shape in shapes])
    assert before.max() / before.min() > 100
    assert np.quantile(nearest, 0.9) / np.quantile(nearest, 0.1) < 3


def test_touching_in_a_point_is_not_being_neighbours() -> None:
    assert neighbour_pairs(np.array(squares(12), dtype=object)).tolist()[:3] == [[0, 1], [0, 10], [1, 2]]
    assert len(neighbour_pairs(np.array(squares(100), dtype=object))) == 180


def test_islands_are_drawn_to_the_nearest_coast() -> None:
    east = [shapely.box(500 + k, 0, 501 + k, 1) for k in range(3)]
    shapes = squares(40) + east
    layout = laid_out(shapes, ["Mainland"] * 40 + ["Isles"] * 3)
    hexagons = list(drawn(layout).values())
    assert blobs(hexagons) == 1 and all(layout.connected.values()) and layout.apart_in_truth == ()
    x = np.array([shape.centroid.x for shape in hexagons])
    assert x[40:].mean() > x[:40].max() - 1


def test_an_area_of_several_islands_lies_where_its_largest_is() -> None:
    scattered = shapely.MultiPolygon([shapely.box(10, 0, 11, 1), shapely.box(900, 900, 900.1, 900.1)])
    layout = laid_out([*squares(30), scattered])
    assert no_two_on_one(layout) and blobs(list(drawn(layout).values())) == 1
    assert layout.adjacency_kept > 0.8


def test_a_locality_apart_on_the_ground_is_reported_and_kept_whole() -> None:
    groups = ["Ends" if k % 10 in (0, 9) else "Middle" for k in range(60)]
    layout = laid_out(squares(60), groups)
    assert layout.apart_in_truth == ("Ends",)
    assert layout.connected == {"Ends": True, "Middle": True}


@pytest.mark.parametrize("names", [2, 10, 40, 100])
def test_even_scattered_localities_come_out_whole(names: int) -> None:
    groups = [f"Group {k}" for k in np.random.default_rng(names).integers(0, names, 100)]
    layout = laid_out(squares(100), groups)
    assert all(layout.connected.values()) and no_two_on_one(layout)
    assert blobs(list(drawn(layout).values())) == 1


def test_the_last_resort_is_whole_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prioritisation.hexes.grid.PULLS", ())
    points = np.random.default_rng(1).random((50, 2)) * (30, 2)
    group = np.arange(50) % 7 - 1
    grid = Grid(points)
    cells = starting_cells(grid, points, group)
    assert len(set(cells.tolist())) == 50 and in_one_piece(grid, cells.tolist())
    assert all(in_one_piece(grid, cells[group == name].tolist()) for name in range(6))
    assert (group == FREE).any()


def test_without_localities() -> None:
    layout = laid_out(squares(30))
    assert layout.connected == {} and layout.groups == (None,) * 30 and hex_paths(layout)["localities"] == []
    some = laid_out(squares(30), ["Town"] * 12 + [None] * 18)
    assert some.connected == {"Town": True} and no_two_on_one(some)


def test_the_smallest_maps() -> None:
    nothing, one, two = laid_out([]), laid_out(squares(1)), laid_out(squares(2))
    assert nothing.codes == () and hex_paths(nothing)["areas"] == []
    assert (one.q, one.r, one.adjacency_kept, one.mean_displacement) == ((0,), (0,), 1.0, 0.0)
    assert two.adjacency_kept == 1 and two.q == (0, 1) and two.r == (0, 0), "west stays west"
    apart = laid_out([shapely.box(0, 0, 1, 1), shapely.box(0, 90, 200, 99)], ["Isles", "Isles"])
    assert apart.connected == {"Isles": True} and apart.apart_in_truth == ("Isles",)


def test_an_area_without_a_shape_goes_to_its_locality() -> None:
    shapes = squares(40)
    shapes[7] = None
    layout = laid_out(shapes, ["South" if k < 20 else "North" for k in range(40)])
    assert no_two_on_one(layout) and layout.connected == {"North": True, "South": True}
    assert no_two_on_one(laid_out([None] * 5, ["a", "a", "b", "b", None]))


def test_faulty_shapes_still_get_a_hexagon() -> None:
    bow_tie = shapely.Polygon([(3, 0), (4, 1), (4, 0), (3, 1)])
    stray = shapely.GeometryCollection([shapely.box(4, 0, 5, 1), shapely.LineString([(4, 0), (9, 9)])])
    line = shapely.LineString([(0, 0), (1, 1)])
    same = [shapely.box(0, 1, 1, 2)] * 4
    assert no_two_on_one(laid_out([*squares(3), bow_tie, stray, line, shapely.Polygon(), *same]))
    assert no_two_on_one(laid_out(squares(50, gap=0.05))) and no_two_on_one(laid_out(squares(50, gap=-0.3)))


def test_codes_must_differ() -> None:
    with pytest.raises(ValueError, match="of its own"):
        hex_layout(squares(2), ["A", "A"])


def test_paths_fill_the_screen_and_share_their_borders() -> None:
    shapes, codes, groups = towns()
    layout = hex_layout(shapes, codes, groups)
    paths = hex_paths(layout, width=600)
    hexagons = [rings(area["path"])[0] for area in paths["areas"]]
    left, top, right, bottom = shapely.total_bounds(hexagons)
    assert (left, top) == (0, 0) and 595 < right <= 600 and bottom <= paths["height"] < bottom + 1
    assert shapely.coverage_is_valid(hexagons)
    for area, hexagon in zip(paths["areas"], hexagons, strict=True):
        assert (area["x"], area["y"]) == pytest.approx(hexagon.centroid.coords[0], abs=0.02)
    for place in paths["localities"]:
        own = [hexagon for hexagon, group in zip(hexagons, groups, strict=True) if group == place["name"]]
        outer, *holes = sorted(rings(place["path"]), key=lambda ring: -ring.area)
        assert outer.area - sum(hole.area for hole in holes) == pytest.approx(sum(h.area for h in own), rel=1e-6)
    assert [place["name"] for place in paths["localities"]] == sorted(set(groups))


@pytest.mark.open_data
def test_the_real_council(open_data: Path) -> None:
    import geopandas
    import pandas as pd

    areas = geopandas.read_file(open_data / "boundaries" / "dz2011_south_ayrshire_bng.gpkg").set_index("dz11_code")
    lookup = pd.read_csv(open_data / "lookups" / "dz_to_hscp_locality_DERIVED_south_ayrshire.csv")
    locality = lookup.set_index("dz11_code")["locality_name"].reindex(areas.index)
    layout = hex_layout(list(areas.geometry), list(areas.index), list(locality))
    assert len(layout.codes) == 153 and no_two_on_one(layout)
    assert layout.adjacency_kept >= 0.65 and layout.mean_displacement < 4
    assert len(layout.connected) == 6 and all(layout.connected.values())
    height = pd.Series([place.centroid.y for place in drawn(layout).values()]).groupby(locality.to_numpy()).mean()
    north_to_south = height.sort_values().index
    assert north_to_south[0] == "Troon" and north_to_south[-1] == "Girvan and South Carrick Villages"


def test_a_thousand_areas_in_a_minute(full: bool) -> None:
    if not full:
        pytest.skip("only with --full")
    shapes, codes, groups = towns(1000, seed=9, groups=12)
    started = time.process_time()
    layout = hex_layout(shapes, codes, groups)
    assert time.process_time() - started < 60
    assert no_two_on_one(layout) and all(layout.connected.values()) and layout.adjacency_kept >= 0.55
