"""Every bad input ends in a three-part message that says where, and changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from drawn_files import (
    CODES,
    ELSEWHERE,
    Published,
    ages,
    as_text,
    boundaries,
    indicators,
    localities,
    lookup,
    postcodes,
    ranks,
    totals,
    write,
)

from prioritisation.errors import UserError


def _snapshot(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def usual_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release in use, which no bad input may touch."""
    from drawn_files import DataFolder

    root = tmp_path_factory.mktemp("bad")
    (root / "files").mkdir()
    good = Published(root / "files", DataFolder(root / "store"))
    good.load(*good.usual())
    return root / "store"


def _refused(published: Published, store: Path, paths: list[Path], council: str = "S12000028") -> str:
    from drawn_files import DataFolder

    before = _snapshot(store)
    published.store = DataFolder(store)
    with pytest.raises(UserError) as refusal:
        published.load(*paths, council=council)
    assert _snapshot(store) == before
    error = refusal.value
    assert error.found
    assert error.not_done == "Nothing was imported; the release in use is as it was."
    assert error.remedy
    return str(error)


def _cell(frame: pd.DataFrame, row: int, column: str, cell: object) -> pd.DataFrame:
    changed = frame.astype({column: object})
    changed.loc[row, column] = cell
    return changed


TABLES: dict[str, tuple[Callable[[], pd.DataFrame], str, list[str]]] = {
    "missing column": (
        lambda: indicators().drop(columns="DEPRESS"),
        "simd.xlsx",
        ["sheet 'Table'", "the column DEPRESS is missing"],
    ),
    "missing column of codes": (
        lambda: indicators().drop(columns="Data_Zone"),
        "simd.csv",
        ["simd.csv", "no column holds the codes of data zones"],
    ),
    "column there twice": (
        lambda: indicators().assign(income_rate=0.1),
        "simd.csv",
        ["the column Income_rate is there twice"],
    ),
    "duplicate data zone": (
        lambda: pd.concat([indicators(), indicators().iloc[[3]]]),
        "simd.csv",
        ["row 16", f"{CODES[3]} is there twice; the first is in row 5"],
    ),
    "not a data zone": (
        lambda: _cell(indicators(), 2, "Data_Zone", "Ayr <b>"),
        "simd.csv",
        ["row 4, column Data_Zone", "'Ayr <b>' is not the code of a data zone"],
    ),
    "text in a number column": (
        lambda: _cell(as_text(indicators()), 2, "SMR", "about 80"),
        "simd.csv",
        ["row 4, column SMR", "'about 80' is not a number"],
    ),
    "text in a number column of a workbook": (
        lambda: _cell(indicators(), 2, "SMR", "about 80"),
        "simd.xlsx",
        ["sheet 'Table', row 4, column SMR", "'about 80' is not a number"],
    ),
    "text in a counted column": (
        lambda: _cell(indicators(), 2, "Income_count", "few"),
        "simd.xlsx",
        ["row 4, column Income_count", "'few' is not a number"],
    ),
    "rate of 700% with a sign": (
        lambda: _cell(as_text(indicators()), 2, "DEPRESS", "700%"),
        "simd.csv",
        ["row 4, column DEPRESS", "'700%' is over 100%"],
    ),
    "rate of 700% without": (
        lambda: _cell(as_text(indicators()), 2, "Income_rate", "700"),
        "simd.csv",
        ["row 4, column Income_rate", "'700' is over 100%"],
    ),
    "rate of 700% as a fraction": (
        lambda: _cell(indicators(), 2, "Income_rate", 7.0),
        "simd.xlsx",
        ["row 4, column Income_rate", "'7' is over 100%"],
    ),
    "a number without the column's sign": (
        lambda: _cell(as_text(indicators()), 2, "DEPRESS", "0.13"),
        "simd.csv",
        ["row 4, column DEPRESS", "'0.13' has no % sign"],
    ),
    "negative rate": (
        lambda: _cell(indicators(), 2, "CIF", -5),
        "simd.xlsx",
        ["row 4, column CIF", "'-5' is negative"],
    ),
    "negative population": (
        lambda: _cell(indicators(), 2, "Total_population", -700),
        "simd.xlsx",
        ["row 4, column Total_population", "'-700' is negative"],
    ),
    "rank of zero": (
        lambda: _cell(ranks(), 2, "SIMD2020v2_Rank", 0),
        "simd.csv",
        ["SIMD2020v2_Rank", "'0' is under 1"],
    ),
    "mixed vintages": (
        lambda: _cell(indicators(), 2, "Data_Zone", "S01013999"),
        "simd.csv",
        ["data zones of 2011 and of 2022 are mixed"],
    ),
    "data zones of 2001": (
        lambda: indicators([f"S0100{place:04}" for place in range(1, 13)]),
        "simd.csv",
        ["12 codes are no data zones of 2011 or 2022"],
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_bad_tables(published: Published, usual_store: Path, case: str) -> None:
    make, name, words = TABLES[case]
    path = write(make(), published.folder / name)
    text = _refused(published, usual_store, [path], council="all")
    assert all(word in text for word in words), text
    assert name in text


def _other_vintage(make: Callable[[list[str]], pd.DataFrame]) -> pd.DataFrame:
    return make([f"S01013{500 + place}" for place in range(12)])


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (_other_vintage(lookup), ["its codes are data zones of 2022, but the data are for those of 2011"]),
        (_other_vintage(localities), ["its codes are data zones of 2022"]),
        (_other_vintage(ages), ["data zones of 2022", "simd.xlsx", "different areas"]),
        (_other_vintage(totals), ["data zones of 2022"]),
        (_cell(ages(), 3, "7", -1), ["row 5, column 7", "'-1' is negative"]),
        (_cell(totals(), 3, "total_population", "-1"), ["row 5, column total_population", "negative"]),
        (_cell(postcodes(), 0, "Postcode", "Ayr"), ["row 2", "'Ayr' is not a postcode"]),
        (pd.concat([localities(), localities().iloc[:1]]), ["is there twice"]),
        (_cell(localities(), 2, "hscp_locality", ""), ["row 4", "has no locality"]),
        (pd.concat([lookup(), lookup().iloc[:1]]), ["is there twice"]),
    ],
)
def test_bad_companions(published: Published, usual_store: Path, frame: pd.DataFrame, words: list[str]) -> None:
    if "Postcode" in frame:
        more = pd.DataFrame(
            {"Postcode": [f"KA7 {x}B{y}" for x in range(9) for y in "ABD"], "DataZone2011Code": CODES[0]}
        )
        frame = pd.concat([frame, more])
    path = write(frame, published.folder / "companion.csv")
    text = _refused(published, usual_store, [published.simd(), path], council="South Ayrshire")
    assert all(word in text for word in ["companion.csv", *words]), text


def _bad_boundaries(folder: Path) -> dict[str, tuple[gpd.GeoDataFrame, list[str]]]:
    there = boundaries()
    england = boundaries([f"E0100{place:04}" for place in range(12)])
    unknown_places = there.drop(columns="dz11_code")
    return {
        "no CRS": (there.set_crs(None, allow_override=True), ["coordinate system (CRS)"]),
        "codes of England": (england, ["boundaries outside Scotland", "begin with E01"]),
        "no codes": (unknown_places, ["no column of data zone codes"]),
        "elsewhere": (there.set_geometry(there.translate(300_000, -400_000)), ["12 of 12 areas lie outside Scotland"]),
        "exchanged axes": (
            there.to_crs(4326).assign(
                geometry=lambda frame: shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
            ),
            ["lie outside Scotland", "exchanged"],
        ),
        "metres called degrees": (there.set_crs(4326, allow_override=True), ["not longitude and latitude"]),
        "another council": (boundaries(ELSEWHERE), ["it has none of the 12 areas of South Ayrshire"]),
        "of 2022": (boundaries([f"S01013{500 + place}" for place in range(12)]), ["data zones of 2022", "2011"]),
        "duplicate": (pd.concat([there, there.iloc[[2]]]), [f"{CODES[2]} is there twice"]),
        "points": (there.assign(geometry=there.centroid), ["has no polygon"]),
    }


@pytest.mark.parametrize("case", _bad_boundaries(Path()))
@pytest.mark.parametrize("ending", ["gpkg", "shp", "parquet"])
def test_bad_boundaries(published: Published, usual_store: Path, case: str, ending: str) -> None:
    frame, words = _bad_boundaries(published.folder)[case]
    path = published.folder / f"zones.{ending}"
    if ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    text = _refused(published, usual_store, [published.simd(), path], council="South Ayrshire")
    assert all(word in text for word in ["zones", *words]), text


def _cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["simd.xlsx", "simd.parquet", "zones.gpkg", "zones.geojson", "zones.parquet"])
def test_files_cut_short(published: Published, usual_store: Path, name: str, share: float) -> None:
    path = published.folder / name
    if not name.startswith("zones"):
        write(indicators().astype("str"), path)
    elif name == "zones.parquet":
        boundaries().to_parquet(path)
    else:
        frame = boundaries() if name == "zones.gpkg" else boundaries().to_crs(4326)
        frame.to_file(path)
    _cut(path, share)
    others = [published.folder / "ranks.csv"]
    write(ranks(), others[0])
    text = _refused(published, usual_store, [path, *others], council="South Ayrshire")
    assert name in text


def test_a_text_file_cut_in_its_last_row(published: Published, usual_store: Path) -> None:
    path = write(indicators(), published.folder / "simd.csv")
    path.write_bytes(path.read_bytes()[:-60])
    text = _refused(published, usual_store, [path], council="all")
    assert "row 15" in text
    assert "fewer cells than the header" in text


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("latin-1", "row 2 holds letters in an older encoding"), ("utf-16-le", "UTF-16"), ("utf-16", "UTF-16")],
)
def test_text_in_another_encoding(published: Published, usual_store: Path, encoding: str, words: str) -> None:
    path = published.folder / "lookup.csv"
    path.write_bytes(lookup().to_csv(index=False).encode(encoding))
    text = _refused(published, usual_store, [published.simd(), path])
    assert words in text
    assert "CSV UTF-8" in text


def test_old_and_locked_workbooks(published: Published, usual_store: Path) -> None:
    path = published.folder / "simd.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert "password" in _refused(published, usual_store, [path])


@pytest.mark.parametrize(
    ("council", "words"),
    [
        (
            "S12000099",
            [
                "No area in these files belongs to the council S12000099",
                "Aberdeen City (S12000033), South Ayrshire (S12000028)",
            ],
        ),
        ("south ayrshre", ["Did you mean 'South Ayrshire'?"]),
        ("", ["No area in these files belongs to the council"]),
    ],
)
def test_an_unknown_council(published: Published, usual_store: Path, council: str, words: list[str]) -> None:
    text = _refused(published, usual_store, published.usual(), council=council)
    assert all(word in text for word in words), text


def test_a_council_code_that_no_file_explains(published: Published, usual_store: Path) -> None:
    text = _refused(published, usual_store, [published.simd()])
    assert "No file says which areas belong to the council S12000028" in text
    assert "Add the data zone lookup" in text


def test_files_that_nobody_knows(published: Published, usual_store: Path) -> None:
    strange = published.folder / "strange.csv"
    strange.write_text("Charity,Place\nA,Ayr\n")
    assert "strange.csv: not recognised" in _refused(published, usual_store, [published.simd(), strange])
    empty = published.folder / "inner"
    empty.mkdir()
    assert "No file with values for areas" in _refused(published, usual_store, [empty])
    assert "no such file" in _refused(published, usual_store, [published.folder / "absent.csv"])


def test_two_workbooks_of_one_kind_that_differ(published: Published, usual_store: Path) -> None:
    other = write(_cell(indicators(), 2, "CIF", 99), published.folder / "other.xlsx")
    text = _refused(published, usual_store, [published.simd(), other], council="all")
    assert "Leave one of them out" in text


def test_all_faults_of_all_files_at_once(published: Published, usual_store: Path) -> None:
    wrong = _cell(_cell(indicators(), 2, "SMR", "x"), 5, "CIF", -1).assign(Attainment="unknown")
    paths = [
        write(wrong, published.folder / "simd.xlsx"),
        write(_cell(ages(), 0, "7", "x"), published.folder / "ages.csv"),
        write(pd.concat([lookup(), lookup().iloc[:1]]), published.folder / "lookup.csv"),
        published.folder / "zones.gpkg",
    ]
    boundaries().assign(geometry=boundaries().translate(300_000, -400_000)).to_file(paths[-1])
    text = _refused(published, usual_store, paths)
    for words in (
        "column SMR",
        "column CIF",
        "column Attainment",
        "and 9 more rows",
        "ages.csv",
        "lookup.csv",
        "zones.gpkg",
    ):
        assert words in text, text
    assert len(text.splitlines()) < 25
