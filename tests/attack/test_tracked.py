"""The counts that the repository keeps of the demonstration are attacked themselves, as they are."""

from __future__ import annotations

import pytest
from possible_worlds import Tracked, read_worlds

from prioritisation.exposure.verdict import expose
from prioritisation.folder import DataFolder


@pytest.fixture(scope="module")
def tracked(demonstration: DataFolder) -> Tracked:
    return Tracked.of(demonstration)


def test_no_tracked_count_that_is_suppressed_can_be_worked_out(tracked: Tracked) -> None:
    """Programmes are solved for whatever the kept worlds leave open: nothing here rests on them."""
    setting = tracked.setting
    found = expose(
        tracked.cube,
        lattice=setting.lattice,
        policy=setting.policy,
        meanings=setting.meanings,
        places=tracked.places,
        rounds=0,
        worlds=read_worlds(),
    )
    assert (found.narrow, found.at_least_one, found.base_known) == (0, 0, 0)
    assert found.suppressed > 10_000
    assert found.base > 100_000


def test_worlds_that_do_not_fit_the_counts_prove_nothing(tracked: Tracked) -> None:
    """Were a tracked count another one, none of them would be let in."""
    changed = tracked.cube.copy()
    council = (changed["node"] == "council.flag") & changed["people"].notna()
    changed.loc[changed.index[council][0], "people"] += 50
    worlds = read_worlds()
    as_it_is, otherwise = tracked.constraints(tracked.cube), tracked.constraints(changed)
    assert all(as_it_is.allows(each) for each in worlds)
    assert not any(otherwise.allows(each) for each in worlds)
