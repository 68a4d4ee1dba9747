"""Screen paths: complete, on the screen, sharing borders, small."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
import shapely

from prioritisation.drawing.outlines import screen_outlines

OPEN_DATA = Path(os.environ.get("PRIORITISATION_OPEN_DATA", Path(__file__).parents[2] / "shared" / "data"))


def corners(path: str) -> list[list[tuple[float, float]]]:
    """The rings of a path, read independently of the code that wrote them."""
    rings = []
    for ring in re.findall(r"M([^z]*)z", path):
        start, steps = ring.split("l")
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", start + " " + steps)]
        pairs = np.array(numbers).reshape(-1, 2)
        rings.append([tuple(point) for point in np.round(np.cumsum(pairs, axis=0), 1)])
    return rings


def towns(n: int = 60, seed: int = 1) -> np.ndarray:
    """A gap-free coverage of n polygons: Voronoi cells of random points."""
    points = np.random.default_rng(seed).random((n, 2)) * (40_000, 60_000) + (200_000, 600_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    frame = shapely.box(200_000, 600_000, 240_000, 660_000)
    return shapely.intersection(cells, frame)


def test_every_area_has_a_path_within_the_screen() -> None:
    shapes = towns()
    outlines = screen_outlines(shapes, [f"A{i}" for i in range(60)])
    assert [area["id"] for area in outlines["areas"]] == [f"A{i}" for i in range(60)]
    assert (outlines["width"], outlines["height"]) == (1000, 1500)
    points = np.array([p for area in outlines["areas"] for ring in corners(area["path"]) for p in ring])
    assert points.min() >= 0 and points[:, 0].max() <= 1000 and points[:, 1].max() <= 1500


def test_north_is_up() -> None:
    south, north = shapely.box(0, 0, 10, 10), shapely.box(0, 10, 10, 20)
    outlines = screen_outlines([south, north], ["south", "north"], width=100)
    below, above = (np.array(corners(area["path"])[0])[:, 1].mean() for area in outlines["areas"])
    assert above < below


def test_neighbours_share_their_border_and_leave_no_gap() -> None:
    outlines = screen_outlines(towns(), [str(i) for i in range(60)])
    drawn = [shapely.Polygon(corners(area["path"])[0]) for area in outlines["areas"]]
    assert shapely.coverage_is_valid(drawn)
    assert sum(shape.area for shape in drawn) == pytest.approx(1000 * 1500)


def test_a_locality_is_the_union_of_its_areas() -> None:
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(4)]
    outlines = screen_outlines(boxes, list("abcd"), ["West", "West", "East", None], width=400)
    assert [place["name"] for place in outlines["localities"]] == ["East", "West"]
    west = shapely.Polygon(corners(outlines["localities"][1]["path"])[0])
    assert west.equals(shapely.box(0, 0, 200, 100))


def test_islands_under_a_pixel_are_dropped_but_no_area_vanishes() -> None:
    mainland, rock = shapely.box(0, 0, 1000, 1000), shapely.box(1500, 0, 1500.5, 0.5)
    coast = shapely.MultiPolygon([mainland, rock])
    tiny = shapely.box(2000, 0, 2000.01, 0.01)
    outlines = screen_outlines([coast, tiny, None], ["coast", "tiny", "nowhere"], width=2000)
    coast_path, tiny_path, nowhere = (area["path"] for area in outlines["areas"])
    assert coast_path.count("M") == 1 and tiny_path.count("M") == 1 and nowhere == ""


def test_the_hash_names_the_drawing() -> None:
    once, again = (screen_outlines(towns(), [str(i) for i in range(60)]) for _ in range(2))
    other = screen_outlines(towns(seed=2), [str(i) for i in range(60)])
    assert once == again and once["hash"] != other["hash"]


@pytest.mark.open_data
def test_the_real_council_is_small_and_complete() -> None:
    file = OPEN_DATA / "boundaries" / "dz2011_south_ayrshire_bng.gpkg"
    if not file.exists():
        pytest.skip("published boundaries are not here")
    import geopandas

    areas = geopandas.read_file(file)
    outlines = screen_outlines(areas.geometry.to_numpy(), list(areas["dz11_code"]), list(areas["IZ2011_Name"]))
    assert len(outlines["areas"]) == 153 and all(area["path"] for area in outlines["areas"])
    assert len(json.dumps(outlines)) < 150_000
