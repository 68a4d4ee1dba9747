"""A recorded patch is read back as it was found, told in plain sentences, and never guessed at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prioritisation.patch.best import alternatives, first_answer
from prioritisation.patch.recorded import alternatives_sentence, asked_sentences, beside_the_list, recorded_patch
from prioritisation.patch.request import Wanted
from prioritisation.patches import ground_of_release, objective_of, patch_record
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store


@pytest.fixture(scope="module")
def record(demonstration_store: Store) -> dict[str, Any]:
    """What a decision keeps of the demonstration's patch, through JSON and back."""
    from decided import ranked

    scenario: Scenario = ranked(demonstration_store.folder).scenario
    ranking = prioritise(demonstration_store, scenario)
    ground, objective = (
        ground_of_release(demonstration_store, ranking.areas),
        objective_of(demonstration_store, ranking),
    )
    wanted = Wanted(5_000, 10_000)
    problem, best = first_answer(ground, objective.gain, wanted)
    others = alternatives(problem, best, 2)
    made = patch_record(ranking, ground, problem, objective, wanted, best, alternatives=others)
    return dict(json.loads(json.dumps(made, allow_nan=False)))


def test_it_is_read_back_as_it_was_found(record: dict[str, Any]) -> None:
    found = recorded_patch(record)
    assert found is not None
    assert found.codes == tuple(row["id"] for row in record["areas"])
    assert found.people == sum(area.people or 0 for area in found.areas)
    assert found.holds == pytest.approx(sum(area.holds or 0 for area in found.areas))
    assert (found.asked, found.what, found.by_hand) == ((5_000, 10_000), "need", False)
    assert len(found.alternatives) == 2 and not set(found.outside) & set(found.codes)
    assert found.words == f"{len(found.areas)} areas with {found.people:,} people, {found.share_held:.0%} of the need"


@pytest.mark.parametrize("plain", [None, "a patch", {}, {"areas": []}, {"areas": ["A"]}, {"areas": [{"id": "A"}]}, [1]])
def test_what_cannot_be_read_is_no_patch(plain: object) -> None:
    assert recorded_patch(plain) is None


@pytest.mark.parametrize("without", ["wanted", "objective", "people", "just_outside", "sentences"])
def test_a_record_with_a_part_missing_is_no_patch(record: dict[str, Any], without: str) -> None:
    assert recorded_patch({name: part for name, part in record.items() if name != without}) is None


def test_a_patch_and_a_list_are_told_apart(record: dict[str, Any]) -> None:
    found = recorded_patch(record)
    assert found is not None
    inside, names = found.codes[:2], {code: f"N{number}" for number, code in enumerate(found.codes)}
    told = beside_the_list(found, [*inside, "X", "Y"], names | {"X": "Away"}, most=1)
    assert told == [
        "2 of the 4 areas on the list lie in it.",
        f"In the patch, not on the list: N2 and {len(found.codes) - 3} more.",
        "On the list, not in the patch: Away and 1 more.",
    ]
    assert beside_the_list(found, found.codes, names) == [
        f"{len(names)} of the {len(names)} areas on the list lie in it."
    ]


def test_what_was_asked_of_areas_is_told(record: dict[str, Any]) -> None:
    inside = record["areas"][0]["id"]
    wanted = {"people": [1, 2], "include": [inside, "X"], "exclude": ["Y", "Z"], "locality": "Troon"}
    found = recorded_patch(record | {"wanted": wanted})
    assert found is not None
    assert asked_sentences(found, {inside: "First", "X": "Away", "Y": "Bay", "Z": "Cliff"}) == [
        "Asked to be in it: First and Away (not in it).",
        "Asked not to be in it: Bay and Cliff.",
        "Asked to stay within Troon.",
    ]
    all_the_same = recorded_patch(record | {"wanted": wanted | {"include": [], "exclude": [inside], "locality": None}})
    assert all_the_same is not None
    assert asked_sentences(all_the_same, {inside: "First"}) == ["Asked not to be in it: First (in it all the same)."]


@pytest.mark.parametrize("wanted", [{"people": [5_000, 10_000]}, {"people": [5_000, 10_000], "include": []}])
def test_an_older_record_without_wishes_about_areas_is_read(record: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = recorded_patch(record | {"wanted": wanted})
    assert found is not None and asked_sentences(found, {}) == []


def test_alternatives_are_told_by_how_much_of_the_patch_they_hold(record: dict[str, Any]) -> None:
    holds = record["holds"]
    others = [
        {"areas": ["A"], "people": people, "holds": part * holds} for people, part in ((9_000, 0.9), (8_000, 0.8))
    ]
    two = recorded_patch(record | {"alternatives": others})
    one = recorded_patch(record | {"alternatives": others[:1]})
    none = recorded_patch(record | {"alternatives": []})
    assert two and one and none
    assert alternatives_sentence(two) == (
        "2 other patches were found that differ in at least a third of the people: 8,000 to 9,000 people, "
        "holding 80% to 90% of what this one does."
    )
    assert alternatives_sentence(one).startswith("One other patch was found") and "9,000 people, holding 90% of" in (
        alternatives_sentence(one)
    )
    assert alternatives_sentence(none) == ""
