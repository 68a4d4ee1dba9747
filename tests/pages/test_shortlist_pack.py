"""What goes with a shortlist: its reach, counted by hand, and a pack that is made on the click and logged."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import streamlit as st
from opened import MENU, OpenPage, html_of
from shortlisting import CHAIR, LATER, Behind, question

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack.building import Pack, decision_pack, pack_name, scenario_pack
from prioritisation.place_standard import load_place_standard
from prioritisation.prioritise import prioritise
from prioritisation.store import open_store
from prioritisation.ui.shortlist import pack as shortlist_pack
from prioritisation.ui.shortlist.pack import EXPORTED, Wanted
from prioritisation.ui.shortlist.reach import agreed_order
from prioritisation.workspace import audit, decisions, knowledge
from prioritisation.workspace.knowledge import AREA, CONCERN, Contribution
from prioritisation.workspace.overrides import ADD, DROP

TAB = "What does the team get?"


def never(*_: object) -> Pack:
    raise AssertionError("a pack was made although nobody asked for it")


def test_the_preview_makes_no_pack(open_page: OpenPage, place: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()  # no pack of another test
    monkeypatch.setattr(shortlist_pack, "decision_pack", never)
    monkeypatch.setattr(shortlist_pack, "scenario_pack", never)
    test = open_page("Shortlist", place.folder)
    said = question(test, TAB)
    assert "A draft pack: the computed list only" in said and "Use it until " in said
    (button,) = test.get("download_button")
    assert (button.proto.label, button.proto.deferred_file_id != "") == ("Download the draft pack", True)
    made = place.agreed({"do": DROP, "code": place.areas[0].code})
    said = question(test, TAB)
    assert "One zip for the team" in said and "Sizes are shown once it is made" in said
    assert "shortlist.xlsx" in said and "cohorts.csv" not in said and "manifest.sig" not in said
    assert test.get("download_button")[0].proto.label == "Download the pack"
    assert place.state().id == made.id


def test_the_preview_names_what_is_then_in_the_pack(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed()
    said = question(open_page("Shortlist", place.folder), TAB)
    pack = decision_pack(place.folder, place.workspace, made.id)
    assert all(f">{name}</td>" in said for name in pack.files)
    assert said.count('<td class="text">') == 2 * len(pack.files)
    assert pack.name == pack_name(pack.content.ranking.release, pack.content.scenario.id, made.id)
    assert f"Use it until {int(pack.content.expires[-2:])} " in said


def test_an_export_is_logged_with_the_sum_of_the_pack(place: Behind) -> None:
    made = place.agreed()
    pack = decision_pack(place.folder, place.workspace, made.id)
    wanted = Wanted("release", place.kept.scenario.id, None, made.id, made.id)
    export = shortlist_pack.exported(lambda: pack, place.workspace, wanted, "Chair, Council")
    before = audit.head(place.workspace)
    assert export() == pack.zipped and audit.head(place.workspace) != before
    (row,) = audit.entries(place.workspace, 1)
    assert (row.action, row.who, row.about) == (EXPORTED, "Chair, Council", made.id)
    assert audit.parameters_of(row) == {"pack": pack.sha256[:32]}
    assert audit.verify(place.workspace).intact
    assert decision_pack(place.folder, place.workspace, made.id).zipped == pack.zipped


def test_a_pack_is_made_anew_once_words_were_erased(place: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    st.cache_resource.clear()
    monkeypatch.setattr(shortlist_pack, "decision_pack", lambda *asked: made.append(asked) or len(made))
    wanted = Wanted("release", place.kept.scenario.id, None, "decision", "record")
    view: Any = SimpleNamespace(store=SimpleNamespace(folder=place.folder))
    packs = [shortlist_pack._pack(view, place.workspace, wanted) for _ in range(2)]
    tool = load_place_standard(place.folder.catalogue)
    said = Contribution(CONCERN, AREA, "DEMO1", "Names somebody", "Visit", "NHS", date(2025, 3, 1), "high")
    knowledge.erase(
        place.workspace, knowledge.add(place.workspace, said, tool).id, 1, reason="It named somebody", by="Analyst"
    )
    packs.append(shortlist_pack._pack(view, place.workspace, wanted))
    assert packs == [1, 1, 2]
    st.cache_resource.clear()


def test_a_pack_that_cannot_be_made_leaves_no_row_and_tells_no_values(place: Behind) -> None:
    def fails() -> Pack:
        raise ValueError("a secret value")

    wanted = Wanted("release", place.kept.scenario.id, None, None, None)
    before = audit.head(place.workspace)
    with pytest.raises(UserError) as refused:
        shortlist_pack.exported(fails, place.workspace, wanted, "Chair, Council")()
    assert "secret" not in str(refused.value) and refused.value.__suppress_context__
    assert audit.head(place.workspace) == before


def test_a_draft_on_an_older_release_has_no_pack(open_page: OpenPage, place: Behind, tmp_path: Path) -> None:
    draft = place.drafted({"do": DROP, "code": place.areas[0].code})
    later = DataFolder(tmp_path / "later")
    shutil.copytree(place.folder.root, later.root)
    kept, newer = place.kept.release_id, "r0002-bbbbbbbb"
    shutil.copyfile(later.release_file(kept), later.release_file(newer))
    with duckdb.connect(str(later.release_file(newer))) as connection:
        connection.execute("UPDATE fact SET value = ? WHERE name = 'release_id'", [newer])
    later.pointer.write_text(json.dumps({"current": newer, "published": [kept, newer]}))
    said = question(open_page("Shortlist", later, MENU, {"list": draft.id}), TAB)
    assert "This draft is on another data release than the one in use." in said


def test_a_pack_of_a_draft_is_marked_as_not_agreed(place: Behind) -> None:
    pack = scenario_pack(place.folder, place.kept.scenario)
    assert json.loads(pack.files["manifest.json"])["state"].startswith("not agreed")


def test_the_reach_is_that_of_the_list_on_the_page(open_page: OpenPage, place: Behind) -> None:
    made = place.agreed({"do": DROP, "code": place.areas[0].code}, {"do": ADD, "code": place.areas[60].code})
    seen = place.state().agreed.id
    given = {"do": ADD, "code": place.areas[70].code, "reason": "Known here", "review_on": LATER, "to": 1}
    decisions.override(place.workspace, CHAIR, made.id, seen=seen, **given)
    codes = place.state().agreed.codes
    people = sum(area.population or 0 for area in place.areas if area.code in codes)
    said = question(open_page("Shortlist", place.folder), "Whom does it reach?")
    assert f"<td>{people:,}</td>" in said and "These 16 areas hold" in said


def test_the_order_has_the_list_first_and_every_other_scored_area_after_it(place: Behind) -> None:
    place.agreed({"do": DROP, "code": place.areas[0].code}, {"do": ADD, "code": place.areas[60].code, "to": 2})
    with open_store(place.folder) as store:
        ranking = prioritise(store, place.kept.scenario)
    made = place.state().agreed
    order = agreed_order(SimpleNamespace(made=made), ranking)  # type: ignore[arg-type]
    by_code = dict(zip(ranking.areas.index, order.tolist(), strict=True))
    assert [by_code[code] for code in made.codes] == list(range(1, len(made.codes) + 1))
    others = [by_code[area.code] for area in place.areas if area.code not in made.codes and area.rank]
    assert min(others) > len(made.codes) and others == sorted(others)


def test_the_page_says_when_no_area_is_left(open_page: OpenPage, place: Behind) -> None:
    place.agreed(*({"do": DROP, "code": area.code} for area in place.areas[:15]))
    test = open_page("Shortlist", place.folder)
    assert "No area is on the list" in question(test, "Whom does it reach?")
    assert "0 areas, 15 changed by hand" in html_of(test)
