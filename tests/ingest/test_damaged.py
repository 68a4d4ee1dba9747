"""Files with bytes changed, lost or added: read, or refused in plain words; never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from drawn_files import CATALOGUE, ages, as_text, boundaries, indicators, lookup, write

from prioritisation.errors import UserError
from prioritisation.ingest.open_data import read_release

TRIALS = 8
ALONE = ("simd.xlsx", "simd.csv", "simd.parquet")
BESIDE = (
    "ages.csv",
    "lookup.csv",
    "zones.gpkg",
    "zones.parquet",
    "zones.geojson",
    "zones.shp",
    "zones.dbf",
    "zones.prj",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    write(indicators(), folder / "simd.xlsx")
    write(as_text(indicators()), folder / "simd.csv")
    write(indicators().astype("str"), folder / "simd.parquet")
    write(ages(), folder / "ages.csv")
    write(lookup(), folder / "lookup.csv")
    boundaries().to_parquet(folder / "zones.parquet")
    boundaries().to_file(folder / "zones.gpkg")
    boundaries().to_file(folder / "zones.shp")
    boundaries().to_crs(4326).to_file(folder / "zones.geojson")
    return folder


def _damaged(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 3, 30])):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                del changed[place : place + chance.randrange(1, 200)]
            case 1:
                changed[place:place] = chance.randbytes(chance.randrange(1, 50))
            case _:
                changed[place] = chance.randrange(256)
        changed = changed or bytearray(b"x")
    return bytes(changed)


@pytest.mark.parametrize("name", ALONE + BESIDE)
def test_damage_never_ends_in_a_traceback(files: Path, name: str, full: bool) -> None:
    path, chance = files / name, random.Random(name)
    whole = path.read_bytes()
    read = [path] if name in ALONE else [files / "simd.csv", files / "zones.shp" if "zones." in name else path, path]
    try:
        for _ in range(100 if full else TRIALS):
            path.write_bytes(_damaged(whole, chance))
            try:
                read_release(read[:2] if name.endswith((".dbf", ".prj")) else read, council="all", catalogue=CATALOGUE)
            except UserError as refusal:
                assert refusal.not_done
                assert refusal.remedy
    finally:
        path.write_bytes(whole)


def test_a_coordinate_system_that_means_nothing(files: Path) -> None:
    path = files / "zones.prj"
    whole = path.read_bytes()
    path.write_text("PROJCS[nonsense")
    with pytest.raises(UserError, match=r"zones\.shp"):
        read_release([files / "simd.csv", files / "zones.shp"], council="all", catalogue=CATALOGUE)
    path.write_bytes(whole)
