"""Community knowledge in packs: as it stood accepted at the decision's latest record, and nothing that came later."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from decided import CHAIR, agree, ranked
from packed import is_told, read_table

from prioritisation.folder import DataFolder
from prioritisation.pack.building import decision_pack
from prioritisation.place_standard import load_place_standard
from prioritisation.workspace import Workspace, decisions, knowledge, open_workspace
from prioritisation.workspace.knowledge import ACCEPTED, AREA, CONCERN, LOCALITY, PLACE_STANDARD, Contribution, Known

FORMULA = '=HYPERLINK("http://evil.example","x")'
MARKUP = "<img src=x onerror=alert(1)>"


def test_a_pack_has_what_stood_when_the_decision_was_last_recorded(demonstration: DataFolder, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(demonstration.root, folder.root)
    tool, workspace = load_place_standard(folder.catalogue), open_workspace(folder)
    ranking = ranked(folder)
    place = next(area.code for area in ranking.areas if area.rank == 1)

    def said(words: str, **scores: int) -> Known:
        kind = PLACE_STANDARD if scores else CONCERN
        day = date(2025, 3, 1)
        given = Contribution(kind, AREA, place, words, MARKUP, "Voluntary sector", day, "high", scores)
        added = knowledge.add(workspace, given, tool)
        return knowledge.moderate(workspace, added.id, 1, state=ACCEPTED, reason="", by="Analyst")

    first = said(FORMULA)
    said("", feeling_safe=2, public_transport=4)
    made = agree(workspace, ranking)
    then = decision_pack(folder, workspace, made.id)
    told = read_table(then, "community.csv")
    assert list(told["kind"]) == ["place standard", "place standard", "concern"]
    assert list(told["score"].dropna()) == [2, 4]
    assert told["words"].iloc[-1] == f"'{FORMULA}"
    described = json.loads(then.files["datapackage.json"])["resources"]
    (fields,) = [each["schema"]["fields"] for each in described if each["path"] == "community.csv"]
    assert [each["name"] for each in fields] == list(told.columns)
    assert is_told(then, "briefing.html", "What people there know")
    assert is_told(then, "briefing.html", "3.0 of 7 over 2 themes")
    assert not is_told(then, "briefing.html", MARKUP)
    _stays_the_same_until_recorded_again(folder, workspace, made.id, then.zipped, lambda: said("A later word"))
    knowledge.erase(workspace, first.id, 2, reason="Somebody was named", by="Analyst")
    assert not is_told(decision_pack(folder, workspace, made.id), "community.csv", "HYPERLINK")
    workspace.close()


def _stays_the_same_until_recorded_again(
    folder: DataFolder, workspace: Workspace, shortlist: str, zipped: bytes, say: Callable[[], object]
) -> None:
    say()
    assert decision_pack(folder, workspace, shortlist).zipped == zipped
    decisions.note(workspace, CHAIR, shortlist, text="We heard more")
    again = decision_pack(folder, workspace, shortlist)
    assert is_told(again, "community.csv", "A later word")


def test_what_is_known_of_a_whole_locality_is_told_once(demonstration: DataFolder, tmp_path: Path) -> None:
    """Several areas of the list lie in it; the briefing once could not be made at all."""
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(demonstration.root, folder.root)
    tool, workspace = load_place_standard(folder.catalogue), open_workspace(folder)
    ranking = ranked(folder)
    on_list = [area.locality for area in ranking.areas[:15]]
    place = max(set(on_list), key=on_list.count)
    day = date(2025, 3, 1)
    given = Contribution(CONCERN, LOCALITY, place, "The dentist left", "A meeting", "NHS", day, "high")
    added = knowledge.add(workspace, given, tool)
    knowledge.moderate(workspace, added.id, 1, state=ACCEPTED, reason="", by="Analyst")
    made = decision_pack(folder, workspace, agree(workspace, ranking).id)
    workspace.close()
    assert on_list.count(place) > 1 and made.files["briefing.html"].count(b"The dentist left") == 1
