"""The lattice: closed, hashed, and refused where it asks for what nobody counts."""

from __future__ import annotations

import pytest

from prioritisation.contract import load_contract
from prioritisation.disclosure import lattice as room
from prioritisation.disclosure.lattice import (
    Lattice,
    cell_parts,
    cell_text,
    cells_of,
    exact_sets,
    lattice_of,
    load_lattice,
    node_id,
    values_of,
)  # fmt: skip
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA

CATALOGUE = TRACKED_DATA / "catalogue"
CONTRACT = load_contract(CATALOGUE)
LATTICE = load_lattice(CATALOGUE)
GOOD = {"question": "?", "geographies": ["council"], "breakdown": ["service"]}


def refusal(*records: dict[str, object]) -> str:
    with pytest.raises(UserError) as refused:
        lattice_of(list(records))
    return str(refused.value)


def test_ids_say_what_is_counted() -> None:
    assert node_id("locality", ["sex", "age", "service"]) == "locality.age.service.sex"
    assert node_id("data zone", []) == "data_zone.total"
    assert node_id("data zone", ["flag"], window=36) == "data_zone.flag.36m"
    assert node_id("council", ["flags"], together=3) == "council.flags.of3"
    assert all(
        node.id == node_id(node.geography, node.dimensions, node.window, node.together) for node in LATTICE.nodes
    )


def test_what_the_shared_plan_asks_for_is_there() -> None:
    for geography in ("council", "locality", "ward", "intermediate zone", "data zone"):
        for single in ((), ("service",), ("flag",), ("partner",)):
            assert LATTICE.find(geography, single) is not None
    for kind in ("flag", "partner"):
        assert LATTICE.find("locality", ("age", kind)) is not None
        assert LATTICE.find("locality", ("sex", kind)) is not None
        assert LATTICE.find("council", ("age", "sex", kind)) is not None
    assert LATTICE.find("council", ("age", "sex", "service")) is not None
    assert LATTICE.find("data zone", ("service",), window=36) is not None
    assert LATTICE.find("data zone", ("service", "age")) is None
    assert LATTICE.find("council", ("flags",), together=2) is not None
    assert LATTICE.find("data zone", ("flags",), together=2) is None


def test_cells_are_text_and_back() -> None:
    parts = {"sex": "female", "age": "16-24", "service": "food"}
    assert cell_text(parts) == "age=16-24;service=food;sex=female"
    assert cell_parts(cell_text(parts)) == parts
    assert cell_text({}) == ""
    assert cell_parts("") == {}


def test_the_number_of_cells_is_the_product_of_the_lists() -> None:
    values = values_of(CONTRACT, partners=CONTRACT.partners, cohorts=["one", "two"], with_cost=True)
    for node in LATTICE.nodes:
        cells = cells_of(node, values)
        assert len(cells) == len(set(cells)) > 0, node.id
        assert all(set(cell_parts(cell)) == set(node.dimensions) for cell in cells)
    count = {node.id: len(cells_of(node, values)) for node in LATTICE.nodes}
    assert count["council.total"] == 1
    assert count["council.age.service.sex"] == 8 * 3 * 29
    assert count["council.flags.of3"] == 56
    assert count["council.partners_exactly"] == 63
    assert count["council.flags_exactly"] == 1 + 8 + 28 + 56 + 1


def test_services_of_partners_that_sent_nothing_have_no_cells() -> None:
    values = values_of(CONTRACT, partners=["fire"])
    assert {CONTRACT.services[each].partner for each in values["service"]} == {"fire"}
    assert values["cost_band"] == ()
    assert values["flag"] == tuple(CONTRACT.flags)


def test_large_overlaps_are_pooled_by_size_alone() -> None:
    names = [f"f{number}" for number in range(10)]
    sets = exact_sets("flags_exactly", names)
    assert sets[0] == "none"
    assert sets[-1] == "4 or more"
    assert not any("f8" in each or "f9" in each for each in sets)
    assert exact_sets("partners_exactly", ["a", "b"]) == ["a", "b", "a+b"]
    assert exact_sets("partners_exactly", [f"p{number}" for number in range(7)])[0] == "none"


def test_the_hash_is_of_what_is_counted_not_of_the_words() -> None:
    one, other = lattice_of([GOOD]), lattice_of([{**GOOD, "question": "Another question?"}])
    assert one.hash == other.hash
    hashes = {lattice_of([{**GOOD, **change}]).hash for change in (
        {}, {"breakdown": ["flag"]}, {"months": 36}, {"volume": True}, {"geographies": ["ward"]},
        {"geographies": ["council", "ward"]},
    )}  # fmt: skip
    assert len(hashes) == 6
    assert Lattice(LATTICE.nodes[::-1]).hash != LATTICE.hash


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"geographies": ["parish"]}, "geographies has a name that is not known"),
        ({"geographies": []}, "geographies is not a list"),
        ({"breakdown": ["postcode"]}, "breakdown has a name that is not known"),
        ({"breakdown": ["service", "service"]}, "breakdown is not a list of different names"),
        ({"breakdown": "service"}, "breakdown is not a list"),
        ({"breakdown": ["service", "flag", "partner"]}, "more than two names"),
        ({"months": 24}, "months is neither"),
        ({"breakdown": ["partners_band"], "months": 36}, "over 36 months"),
        ({"together": 2}, "together does not fit"),
        ({"breakdown": ["flags"]}, "together does not fit"),
        ({"breakdown": ["flags"], "together": 4}, "together does not fit"),
        ({"breakdown": ["flag"], "volume": True}, "volume does not fit"),
        ({"question": ""}, "no question"),
        ({"windw": 12}, "'windw' is not known"),
    ],
)
def test_what_cannot_be_counted_is_refused(change: dict[str, object], said: str) -> None:
    assert said in refusal({**GOOD, **change})


def test_the_same_breakdown_twice_is_refused() -> None:
    assert "council.service: this breakdown is there twice" in refusal(GOOD, GOOD)
    assert room.LATTICE_FILE in refusal()


def test_a_file_that_is_no_lattice_is_refused(tmp_path) -> None:
    with pytest.raises(UserError, match="cannot be used"):
        load_lattice(tmp_path)
    (tmp_path / "lattice.toml").write_text("node = 3")
    with pytest.raises(UserError, match="cannot be used"):
        load_lattice(tmp_path)
