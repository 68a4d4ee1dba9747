"""Files in, a release out: recognition by content, units, states, joins, and the real place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from drawn_files import (
    CATALOGUE,
    CODES,
    COUNCIL,
    ELSEWHERE,
    Published,
    ages,
    as_text,
    boundaries,
    indicators,
    localities,
    lookup,
    postcodes,
    totals,
    write,
)

from prioritisation.folder import DataFolder
from prioritisation.ingest.open_data import import_open_data, read_release
from prioritisation.store import open_store


def _values(published: Published, indicator: str) -> pd.DataFrame:
    with open_store(published.store) as store:
        rows = store.observations([indicator], everywhere=True)
    return rows.set_index("area_code")


def test_everything_arrives(published: Published) -> None:
    extra = [
        write(localities(), published.folder / "localities.csv"),
        write(postcodes(), published.folder / "postcodes.csv"),
        write(totals(), published.folder / "totals2022.csv"),
    ]
    summary = published.load(*published.usual(), *extra)
    assert (summary.areas, summary.reference_areas, summary.with_boundary, summary.postcodes) == (12, 2, 12, 8)
    assert summary.unjoined == (f"postcodes.csv lacks 4 areas of South Ayrshire: {', '.join(CODES[8:])}.",)
    assert all(each.used for each in summary.files)
    with open_store(published.store) as store:
        area = store.areas().loc[CODES[0]]
        assert store.release.council_name == "South Ayrshire"
        assert store.release.boundaries == store.boundaries.name
        assert store.area_of_postcode("ka26 0aa") == CODES[0]
        assert len(store.areas(everywhere=True)) == 14
    assert area["name"] == "Càrn - 01"
    assert area["council"] == "South Ayrshire"
    assert (area["ward"], area["locality"]) == ("Girvan and South Carrick", "Girvan")
    assert (area["intermediate_zone"], area["urban_rural"]) == ("Carrick South", "Remote Rural")
    assert area["population"] == 1000


def test_zero_suppressed_and_missing_stay_apart(published: Published) -> None:
    published.load(*published.usual())
    assert _values(published, "crime_rate")["status"].reindex(CODES[:4]).tolist() == [
        "reported",
        "suppressed",
        "suppressed",
        "reported",
    ]
    low_weight = _values(published, "lbwt").loc[CODES[3]]
    assert (low_weight["status"], low_weight["value"]) == ("zero", 0.0)
    assert _values(published, "depress").loc[CODES[4], "status"] == "missing"


def test_fractions_and_per_cents_give_the_same_values(published: Published) -> None:
    book = write(indicators(), published.folder / "a.xlsx")
    text = write(as_text(indicators()), published.folder / "b.csv")
    parquet = write(as_text(indicators()).astype("str"), published.folder / "c.parquet")
    read = []
    for path in (book, text, parquet):
        release, _ = read_release([path], council="South Ayrshire", catalogue=CATALOGUE)
        read.append({each.indicator_id: each for each in release.observations})
    for indicator in ("income_rate", "depress", "attendance", "lbwt", "broadband"):
        one, *others = (each[indicator] for each in read)
        for other in others:
            assert other.value.tolist() == pytest.approx(one.value.tolist(), nan_ok=True)
            assert other.status.tolist() == one.status.tolist()
    income = read[0]["income_rate"]
    place = list(income.codes).index(CODES[0])
    assert (income.value[place], income.numerator[place], income.denominator[place]) == (2.0, 70, 700)


def test_the_workbook_is_preferred_and_names_do_not_matter(published: Published) -> None:
    book = write(indicators(), published.folder / "a.xlsx")
    text = write(as_text(indicators()), published.folder / "b.csv")
    files = [book.rename(published.folder / "photo.jpg"), text.rename(published.folder / "notes.parquet")]
    summary = published.load(*files, council="South Ayrshire")
    notes = {each.name: (each.used, each.note) for each in summary.files}
    assert notes["photo.jpg"][0]
    assert notes["notes.parquet"] == (False, "photo.jpg has the same, unrounded")


def test_a_folder_is_searched_and_strange_files_are_passed_over(published: Published) -> None:
    published.usual()
    inner = published.folder / "deeper"
    inner.mkdir()
    (inner / "holiday.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (inner / "read me.txt").write_text("Nothing to see.")
    (inner / "charities.csv").write_text("Charity,Postcode\nA,KA7 1AA\n")
    (inner / ".hidden.csv").write_bytes(b"")
    summary = published.load(published.folder)
    unused = {each.name: each.kind for each in summary.files if not each.used}
    assert unused == dict.fromkeys(
        ["deeper/holiday.png", "deeper/read me.txt", "deeper/charities.csv"], "not recognised"
    )


def test_the_council_by_code_by_name_and_all(published: Published) -> None:
    files = published.usual()
    for council, areas in ((COUNCIL, 12), ("south ayrshire", 12), ("S12000033", 2), ("all", 14)):
        release, _ = read_release(files[:4], council=council, catalogue=CATALOGUE)
        assert release.areas["in_council"].sum() == areas
        assert len(release.areas) == 14


def test_shares_and_density_are_derived(published: Published) -> None:
    published.load(*published.usual())
    older = _values(published, "share_75_plus").loc[CODES[0]]
    assert older["value"] == pytest.approx(100 * 330 / 1830)
    assert (older["numerator"], older["denominator"]) == (330, 1830)
    assert _values(published, "share_under_16").loc[ELSEWHERE[0], "value"] == pytest.approx(100 * 320 / 1830)
    assert _values(published, "density").loc[CODES[0], "value"] == pytest.approx(1830, rel=1e-3)


def test_an_area_without_people_has_no_share(published: Published) -> None:
    frame = ages()
    frame.iloc[:2, 2:] = 0
    release, _ = read_release(
        [published.simd(), write(frame, published.folder / "ages.csv")], council="all", catalogue=CATALOGUE
    )
    share = next(each for each in release.observations if each.indicator_id == "share_65_plus")
    place = list(share.codes).index(CODES[0])
    assert share.status[place] == "missing"


def test_what_does_not_join_is_said_both_ways(published: Published) -> None:
    shapes = boundaries([*CODES[:10], "S01012500"])
    shapes.to_file(published.folder / "zones.gpkg")
    files = [published.simd(), write(lookup(), published.folder / "lookup.csv"), published.folder / "zones.gpkg"]
    files.append(write(localities([*CODES[:11], "S01012501"]), published.folder / "localities.csv"))
    summary = published.load(*files)
    text = "\n".join(summary.unjoined)
    assert f"2 areas have no boundary: {CODES[10]}, {CODES[11]}" in text
    assert "1 boundary belongs to no area that has values: S01012500" in text
    assert f"localities.csv lacks 1 area of South Ayrshire: {CODES[11]}" in text
    assert "localities.csv has 1 area that no other file has: S01012501" in text
    assert text in summary.text.replace("\n  ", "\n")


def test_files_of_invented_areas_are_called_a_demonstration(published: Published) -> None:
    codes = [f"DEMO{place:05}" for place in range(1, 13)]
    files = [write(indicators(codes), published.folder / "a.csv"), write(ages(codes), published.folder / "b.csv")]
    summary = published.load(*files, council="all")
    assert summary.demonstration
    with open_store(published.store) as store:
        assert store.release.demonstration
        assert set(store.indicators()["source_id"]) == {"demonstration"}


def test_a_second_import_keeps_the_first(published: Published) -> None:
    first = published.load(*published.usual())
    second = published.load(published.simd(), council="all")
    assert second.previous == first.release_id
    assert published.store.published().releases == (first.release_id, second.release_id)


def test_postcodes_no_longer_in_use_are_left_out(published: Published) -> None:
    frame = postcodes().assign(DateOfDeletion=["2001-01-01", *[""] * 7])
    files = [*published.usual(), write(frame, published.folder / "postcodes.csv")]
    assert published.load(*files).postcodes == 7


@pytest.mark.open_data
def test_south_ayrshire_from_the_real_files(open_data: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    summary = import_open_data([open_data], council=COUNCIL, folder=folder, catalogue=CATALOGUE)
    assert (summary.areas, summary.with_boundary, summary.reference_areas) == (153, 153, 6823)
    assert summary.unjoined == ()
    suppressed = {each.id: each.suppressed for each in summary.indicators if each.suppressed}
    assert suppressed == {"crime_rate": 20, "attendance": 5}
    assert all(each.missing == 0 for each in summary.indicators)
    with open_store(folder) as store:
        rank = store.values(["simd_rank"])["simd_rank"]
        areas = store.areas()
    assert (rank <= 1395).sum() == 28
    assert rank["S01012435"] == 1395
    assert rank.nsmallest(3).to_dict() == {"S01012492": 13, "S01012489": 20, "S01012491": 44}
    assert areas["population"].sum() == 112_450
    assert (areas["locality"].nunique(), areas["intermediate_zone_code"].nunique()) == (6, 25)


@pytest.mark.open_data
def test_the_real_text_files_agree_with_the_workbooks(open_data: Path, tmp_path: Path) -> None:
    read = {}
    for ending in ("csv", "xlsx"):
        for name in ("indicators", "ranks"):
            shutil.copy(open_data / f"simd2020v2/SIMD+2020v2+-+{name}.{ending}", tmp_path / f"{name}.{ending}")
        files = [tmp_path / f"{name}.{ending}" for name in ("indicators", "ranks")]
        release, _ = read_release(files, council="all", catalogue=CATALOGUE)
        read[ending] = {each.indicator_id: each for each in release.observations}
    for indicator, exact in read["xlsx"].items():
        rounded = read["csv"][indicator]
        if indicator not in ("income_rate", "employment_rate"):  # the text file gives 0 where nobody lives
            assert ((exact.status == "suppressed") == (rounded.status == "suppressed")).all(), indicator
        difference = abs(exact.value - rounded.value)
        assert not (difference > 0.5 + 1e-9).any(), indicator
