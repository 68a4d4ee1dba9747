"""Canaries among the people: small cells stay suppressed wherever they could be shown; keys and volumes never leave."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from content import Piece, files_below, pieces_of
from living import WRONG, WRONG_CELLS, WRONG_RAW_CELLS, Lived, where_query
from planted_world import PEOPLE_IN_CROWD, SERVICES, SMALL_CELLS, VOLUMES, PlantedWorld
from printed import require_poppler
from searching import Search, spellings
from visiting import is_refused

from prioritisation.cohort_ranking import open_cube
from prioritisation.cohorts.counting import NOT_AVAILABLE
from prioritisation.cohorts.counts import Question, answer, by_area
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import load_contract
from prioritisation.disclosure.policy import DEFAULT
from prioritisation.store import open_store
from prioritisation.ui.navigation import NAMES

KINDS = ("frames", "downloads", "files", "said", "log")
LOW, HIGH = DEFAULT.suppressed


@pytest.fixture(scope="module")
def counted(world: PlantedWorld, full: bool) -> bool:
    """Whether services are counted in data zones at all: a repair may have left that breakdown out, to be safe."""
    with open_store(world.data) as store:
        found = "data_zone.service" in set(store.cube()["node"])
    assert found or full, "nothing was repaired here"
    return found


def test_as_many_are_planted_as_the_issue_asks_for(world: PlantedWorld) -> None:
    assert len(world.small) == SMALL_CELLS == 50
    assert {cell.people for cell in world.small} == set(range(1, 10))
    assert len(set(world.first)) == len(set(world.second)) == len(set(world.identifiers)) >= 50
    totals = {sum(cell.contacts) for cell in (*world.small, *world.crowded)}
    assert set(VOLUMES) <= totals and len(VOLUMES) == 10


def test_small_cells_are_suppressed_in_the_release(world: PlantedWorld, full: bool) -> None:
    with open_store(world.data) as store:
        cube = store.cube()
    cells = cube.set_index(["area_code", "cell"]).sort_index()
    for cell in world.small:
        rows = cells.loc[[(cell.zone, f"service={cell.service}")]]
        assert set(rows["node"]) == {"data_zone.service", "data_zone.service.36m"} or full
        assert (rows["status"] == "suppressed").all()
        assert rows[["people", "contacts"]].isna().all(axis=None)
    for cell in world.crowded:
        rows = cells.loc[[(cell.zone, f"service={cell.service}")]]
        assert rows["contacts"].isna().all()
        assert full or (rows["people"] == PEOPLE_IN_CROWD // 5 * 5).all()


def test_indicators_of_small_cells_say_no_more_than_published_cells(world: PlantedWorld) -> None:
    """A small area shows its own published count, or its intermediate zone's, or none."""
    with open_store(world.data) as store:
        cube, observed, zones = store.cube(), store.observations(), store.areas()["intermediate_zone_code"]
    published = cube[cube["status"] == "published"].groupby(["area_code", "cell"])["people"].agg(set)
    values = observed.set_index(["area_code", "indicator_id"])
    for cell in world.small:
        row = values.loc[(cell.zone, f"{cell.service}_people")]
        wider = published.get((zones[cell.zone], f"service={cell.service}"), set())
        if row["status"] == "suppressed":
            assert row[["value", "numerator"]].isna().all()
        else:
            assert row["numerator"] in wider
            assert row["value"] == pytest.approx(1000 * row["numerator"] / row["denominator"])
    assert any(values.loc[(cell.zone, f"{cell.service}_people"), "status"] == "suppressed" for cell in world.small)


def test_small_cells_are_suppressed_in_every_answer(world: PlantedWorld, counted: bool) -> None:
    with open_store(world.data) as store:
        cube = open_cube(store, world.data.catalogue)
    contract = load_contract(world.data.catalogue)
    for service in SERVICES:
        rule = CohortRule.from_record({"services_all": [service]}, contract)
        rows = by_area(cube, rule, "data zone").set_index("area")
        for cell in (each for each in world.small if each.service == service):
            found = answer(cube, Question(rule, "data zone", (cell.zone,))).count
            row = rows.loc[cell.zone]
            assert found.best is None and pd.isna(row["people"])
            if not counted:
                assert found.status == row["status"] == NOT_AVAILABLE
                continue
            assert (found.low, found.high) == (row["low"], row["high"])
            assert row["low"] == LOW and row["high"] >= HIGH


def test_commands_say_hidden_cells_as_hidden(lived: Lived, counted: bool) -> None:
    expected = (str(LOW), "", "suppressed") if counted else ("", "", NOT_AVAILABLE)
    for service in SERVICES:
        said = lived.said[f"cohorts count --service {service} --by data zone"]
        rows = {row["area"]: row for row in csv.DictReader(io.StringIO(said[said.index("area,") :]))}
        for cell in (each for each in lived.world.small if each.service == service):
            row = rows[cell.zone]
            assert (row["low"], row["people"], row["status"]) == expected


def test_pages_show_hidden_cells_as_hidden(lived: Lived, counted: bool) -> None:
    """The table below the map has every area's count in words; of what is not counted it has none."""
    with open_store(lived.world.data) as store:
        names = store.areas()["name"]
    for cell in lived.world.small:
        query = where_query(cell)
        page = b"".join(lived.frames[f"Cohorts?{'&'.join(f'{name}={value}' for name, value in query.items())}"])
        told = page.decode("utf-8", "replace")
        counts = re.findall(rf">{re.escape(names[cell.zone])}</td><td[^>]*>([^<]*)</td>", told)
        assert bool(counts) == counted, cell.zone
        assert [each for each in counts if not re.fullmatch(rf"hidden \({LOW} to \d+\)", each)] == [], cell.zone


def test_every_page_was_seen_whole(lived: Lived) -> None:
    assert {where.partition("?")[0] for where in lived.frames} == set(NAMES)
    refused = [where for where, frames in lived.frames.items() if is_refused(frames)]
    assert refused == []
    offered = " ".join(lived.downloads)
    for name in (
        "Download the pack",
        "Ranked list",
        "a meeting",
        "Profile sheet",
        "partner",
    ):
        assert name in offered, name


def test_pdfs_are_searched_as_text(lived: Lived) -> None:
    """Without poppler the search looks at a PDF's bytes alone, and here it says so."""
    require_poppler()
    with open_store(lived.world.data) as store:
        names = [name.encode() for name in store.areas()["name"]]
    pdfs = [content for content in lived.downloads.values() if content[:5] == b"%PDF-"]
    assert pdfs
    for pdf in pdfs:
        (told,) = [piece.content for piece in pieces_of("a PDF", pdf) if piece.where == "a PDF as text"]
        assert any(name in told for name in names)


def test_commands_did_what_they_were_asked(lived: Lived) -> None:
    refused = [name for name, code in lived.codes.items() if code]
    assert refused == [name for name in lived.codes if WRONG in name]
    assert len(refused) == len(WRONG_CELLS) + len(WRONG_RAW_CELLS)
    for name in refused:
        told = name.partition(WRONG)[2].partition(".csv")[0]
        assert re.search(r"[Rr]ow 2\b", lived.said[name]) and "Not done:" in lived.said[name], told
    assert not [name for name, said in lived.said.items() if "Traceback" in said]
    assert b"Traceback" not in lived.log


@pytest.mark.parametrize("kind", KINDS)
def test_no_key_and_no_volume_leaves(kind: str, lived: Lived, search: Search) -> None:
    assert list(search.found(lived.pieces(kind))) == []


def test_the_importer_says_no_key_and_no_volume(world: PlantedWorld, search: Search) -> None:
    assert list(search.found(pieces_of("what the importer said", world.said.encode()))) == []
    assert "300 people" in world.said


def test_the_search_finds_them_where_they_are(world: PlantedWorld, search: Search) -> None:
    """Positive controls: in the extracts, and in the restricted store's tables and bytes."""
    extracts = list(search.found(piece for file in files_below(world.extracts) for piece in pieces_of(*file)))
    assert len([each for each in extracts if "a key or identifier" in each]) >= 2 * len(world.first)
    assert all(any(f"{volume}'" in each for each in extracts) for volume in VOLUMES[:5])
    stored = list(search.found(piece for file in files_below(world.restricted.root) for piece in pieces_of(*file)))
    assert len([each for each in stored if "table" in each and "a key" in each]) >= len(world.second)
    assert any("table" in each and str(VOLUMES[0]) in each for each in stored)


@pytest.mark.parametrize("written", ["{0}", "{1},{2}", "{1} {2}", "{1}\N{NARROW NO-BREAK SPACE}{2}", "{0}.0"])
def test_the_search_knows_every_spelling_of_a_volume(written: str, search: Search) -> None:
    volume = str(VOLUMES[0])
    text = written.format(volume, volume[:-3], volume[-3:])
    for around in (f"about {text} contacts", f"[1,{text}]", f">{text}<", text):
        assert list(search.found([Piece("here", around.encode(), is_text=True)])), around
    for chance in (f"0.{volume}", f"1{volume}", f"a{volume}", f"{volume}5", f"#{volume}"):
        assert not list(search.found([Piece("here", chance.encode(), is_text=True)])), chance


def test_the_search_knows_every_spelling_of_a_key(world: PlantedWorld, search: Search) -> None:
    for key in (world.first[0], world.second[-1]):
        for spelling in spellings(key):
            for before in range(9):
                assert list(search.found([Piece("here", b"\0" * before + spelling, is_text=False)]))
            assert not list(search.found([Piece("here", spelling[:-1], is_text=False)]))
