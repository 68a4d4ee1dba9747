"""Boundaries in every format, in any coordinate system, mended; and zip files that would do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from drawn_files import CODES, ELSEWHERE, Published, boundaries, indicators, lookup, write

from prioritisation.errors import UserError
from prioritisation.ingest import containers


def _shapefile(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path.with_suffix(".shp"))
    return path.with_suffix(".shp")


def _zipped(frame: gpd.GeoDataFrame, path: Path) -> Path:
    folder = path.with_name("shapes")
    folder.mkdir()
    _shapefile(frame, folder / "zones")
    with zipfile.ZipFile(path, "w") as archive:
        for each in folder.iterdir():
            archive.write(each, f"inside/{each.name}")
    return path


def _written(write_file: Callable[[gpd.GeoDataFrame, Path], object]) -> Callable[[gpd.GeoDataFrame, Path], Path]:
    def written(frame: gpd.GeoDataFrame, path: Path) -> Path:
        write_file(frame, path)
        return path

    return written


FORMATS: dict[str, Callable[[gpd.GeoDataFrame, Path], Path]] = {
    "GeoPackage": _written(lambda frame, path: frame.to_file(path, driver="GPKG")),
    "GeoJSON": _written(lambda frame, path: frame.to_crs(4326).to_file(path, driver="GeoJSON")),
    "GeoParquet": _written(lambda frame, path: frame.to_crs(3857).to_parquet(path)),
    "shapefile": _shapefile,
    "zipped shapefile": _zipped,
}


def _load(published: Published, *shapes: Path) -> gpd.GeoDataFrame:
    table = write(indicators(), published.folder / "simd.xlsx")
    names = write(lookup(), published.folder / "lookup.csv")
    published.load(table, names, *shapes)
    [file] = published.store.geo.glob("areas-*.parquet")
    return gpd.read_parquet(file).set_index("area_code")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_shapes(published: Published, kind: str) -> None:
    path = FORMATS[kind](boundaries(), published.folder / "no ending that tells")
    loaded = _load(published, path)
    assert loaded.crs.to_epsg() == 27700
    assert list(loaded.index) == CODES
    assert loaded.area.to_numpy() == pytest.approx(1e6, rel=1e-4)
    expected = boundaries().set_index("dz11_code").geometry
    assert (loaded.geometry.symmetric_difference(expected).area < 1e4).all()


def test_shapes_are_mended_and_real_holes_stay(published: Published) -> None:
    frame = boundaries()
    bow_tie = shapely.Polygon([(220000, 600000), (221000, 601000), (221000, 600000), (220000, 601000)])
    with_loch = shapely.box(221000, 600000, 222000, 601000).difference(shapely.Point(221500, 600500).buffer(100))
    frame.loc[[0, 1], "geometry"] = [bow_tie, with_loch]
    frame.to_file(published.folder / "zones.gpkg")
    loaded = _load(published, published.folder / "zones.gpkg")
    assert loaded.is_valid.all()
    assert set(loaded.geom_type) <= {"Polygon", "MultiPolygon"}
    assert loaded.area[CODES[0]] == pytest.approx(500_000, rel=1e-6)
    assert len(loaded.geometry[CODES[1]].interiors) == 1


def test_the_file_with_most_areas_then_most_detail_is_used(published: Published) -> None:
    detailed = boundaries().assign(geometry=lambda frame: frame.segmentize(100))
    few = boundaries(CODES[:6])
    paths = [published.folder / f"{name}.gpkg" for name in ("plain", "detailed", "few")]
    for frame, path in zip((boundaries(), detailed, few), paths, strict=True):
        frame.to_file(path)
    summary = published.load(published.simd(), write(lookup(), published.folder / "lookup.csv"), *paths)
    notes = {each.name: (each.used, each.note) for each in summary.files}
    assert notes["detailed.gpkg"][0]
    assert notes["plain.gpkg"] == (False, "detailed.gpkg is more detailed")
    assert notes["few.gpkg"] == (False, "it has 6 of the areas of South Ayrshire; detailed.gpkg has 12")


def test_the_column_of_codes_is_found_by_matching(published: Published) -> None:
    frame = boundaries().assign(older=[f"S0100{place:04}" for place in range(1, 13)])
    frame = frame[["older", "dz11_code", "geometry"]]
    frame.to_file(published.folder / "zones.gpkg")
    assert list(_load(published, published.folder / "zones.gpkg").index) == CODES


def test_only_the_councils_shapes_are_kept(published: Published) -> None:
    boundaries(CODES + ELSEWHERE).to_file(published.folder / "zones.gpkg")
    assert list(_load(published, published.folder / "zones.gpkg").index) == CODES


def test_larger_places_are_recognised_and_not_used(published: Published) -> None:
    wards = gpd.GeoDataFrame({"code": ["S13003094"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    wards.to_file(published.folder / "wards.geojson")
    summary = published.load(*published.usual(), published.folder / "wards.geojson")
    assert [each.note for each in summary.files if not each.used] == ["boundaries of wards, not of data zones"]


def _evil(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("../../zones.shp", b"x")], "outside the zip"),
        ([("/etc/zones.shp", b"x")], "outside the zip"),
        ([("C:\\zones.shp", b"x")], "outside the zip"),
        ([("zones.shp", b"x"), *((f"{place}.txt", b"") for place in range(2001))], "2,002 files"),
        ([("zones.shp", bytes(60 * 1024**2))], "times its size"),
        ([("zones.shp", b"x")], "without its .shx and .dbf"),
        ([("zones.shp", b"x"), ("zones.shx", b"y"), ("zones.dbf", b"z")], "damaged"),
    ],
)
def test_a_zip_that_would_do_harm_is_refused(
    published: Published, members: list[tuple[str, bytes]], words: str
) -> None:
    path = _evil(published.folder / "zones.zip", *members)
    with pytest.raises(UserError, match=words):
        published.load(*published.usual()[:4], path)
    assert not published.store.pointer.exists()


def test_a_zip_with_a_password_or_a_link_is_refused(tmp_path: Path) -> None:
    path = _evil(tmp_path / "zones.zip", ("zones.shp", b"x"))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(containers.UnsafeZip, match="password"):
        containers.check_zip(path)
    link = zipfile.ZipInfo("zones.shp")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(containers.UnsafeZip, match="link"):
        containers.check_zip(path)
