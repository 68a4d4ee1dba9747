"""Scenarios: the same choices have the same id and link; links that cannot be read say so and break nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.catalogue import Catalogue, load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.scenario import Scenario, from_link
from prioritisation.weights import canonical_percentages, shares

CATALOGUE = load_catalogue(TRACKED_DATA / "catalogue")
weights4 = st.lists(st.floats(0, 100), min_size=4, max_size=4).filter(lambda given: sum(given) > 0.01)


@pytest.fixture
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
def starting(catalogue: Catalogue) -> Scenario:
    return Scenario.starting(next(iter(catalogue.frameworks.values())))


def test_the_starting_scenario_needs_no_more_than_its_framework_in_the_link(
    starting: Scenario, catalogue: Catalogue
) -> None:
    assert starting.to_link(catalogue) == {"framework": "south-ayrshire-int"}
    assert from_link({}, catalogue) == (starting, [])


@given(weights=weights4)
def test_a_link_reopens_exactly_the_same_scenario(weights: list[float]) -> None:
    scenario = Scenario.starting(next(iter(CATALOGUE.frameworks.values()))).with_weights(weights)
    again, faults = from_link(scenario.to_link(CATALOGUE), CATALOGUE)
    assert not faults
    assert again.percentages == scenario.percentages
    assert again.id == scenario.id
    assert again.weights == scenario.weights


@given(weights=weights4)
def test_percentages_survive_being_made_shares_and_percentages_again(weights: list[float]) -> None:
    once = canonical_percentages(weights)
    again = canonical_percentages(shares(once, "abcd").tolist())
    assert again == pytest.approx(once, abs=2e-4)
    assert sum(once) == pytest.approx(100, abs=3e-4)


def test_any_choice_changes_the_id(starting: Scenario, catalogue: Catalogue) -> None:
    others = [
        starting.with_weights([40, 30, 20, 10]),
        starting.with_cut(20),
        from_link({"aggregate": "geometric"}, catalogue)[0],
        from_link({"normalise": "min-max"}, catalogue)[0],
        from_link({"framework": "simd2020"}, catalogue)[0],
    ]
    assert len({starting.id, *(other.id for other in others)}) == 6
    for other in others:
        assert from_link(other.to_link(catalogue), catalogue) == (other, [])


@pytest.mark.parametrize(
    ("link", "where"),
    [
        ({"framework": "nowhere", "weights": "1,2"}, "framework"),
        ({"weights": "1,2,3"}, "weights"),
        ({"weights": "1,2,3,x"}, "weights"),
        ({"weights": "0,0,0,0"}, "weights"),
        ({"weights": "-1,1,1,1"}, "weights"),
        ({"weights": "nan,1,1,1"}, "weights"),
        ({"aggregate": "median"}, "aggregate"),
        ({"normalise": "softmax"}, "normalise"),
        ({"normalise": "z-score", "aggregate": "geometric"}, "aggregate"),
        ({"cut": "0"}, "cut"),
        ({"cut": "many"}, "cut"),
        ({"cut": "9" * 5000}, "cut"),
        ({"cut": "²"}, "cut"),
    ],
)
def test_a_bad_link_is_reported_and_leaves_the_framework_choice(
    link: dict[str, str], where: str, catalogue: Catalogue, starting: Scenario
) -> None:
    scenario, faults = from_link(link, catalogue)
    assert [fault.where for fault in faults] == [where]
    assert scenario.percentages == starting.percentages
    assert scenario.framework.cut == starting.framework.cut


def test_unusable_weights_are_refused(starting: Scenario) -> None:
    with pytest.raises(UserError, match="housing"):
        starting.with_weights({"financial_hardship": 1})
