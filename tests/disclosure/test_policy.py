"""The disclosure policy: the shipped values are the loosest; anything looser, absent or unknown is refused."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from prioritisation.disclosure.policy import DEFAULT, Policy, load_policy, policy_of
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA

SHIPPED = asdict(DEFAULT)


def refusal(**changes: object) -> list[str]:
    with pytest.raises(UserError) as refused:
        policy_of({**SHIPPED, **changes})
    assert refused.value.not_done == "No count of people was made or published."
    return [fault.where for fault in refused.value.faults]


def test_the_shipped_file_says_what_the_code_says() -> None:
    assert load_policy(TRACKED_DATA / "catalogue") == Policy(10, 5, 10, 20, 0.5, 50)


@pytest.mark.parametrize(
    ("name", "looser"),
    [
        ("suppress_counts_under", 9), ("round_to_nearest", 4), ("round_to_nearest", 1), ("hold_changes_under", 9),
        ("hold_changes_under", 0), ("suppress_denominators_under", 19), ("top_two_share_at_most", 0.51),
        ("top_two_share_at_most", 0), ("round_contacts_to_nearest", 49), ("suppress_counts_under", -10),
    ],
)  # fmt: skip
def test_looser_rules_are_refused(name: str, looser: float) -> None:
    assert refusal(**{name: looser}) == [name]


@pytest.mark.parametrize("value", ["10", None, True, 10.5, [10]])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    assert refusal(suppress_counts_under=value) == ["suppress_counts_under"]


def test_all_faults_at_once() -> None:
    given = {"suppress_counts_under": 5, "hold": 3}
    with pytest.raises(UserError) as refused:
        policy_of(given)
    assert len(refused.value.faults) == 7


def test_tighter_rules_are_taken() -> None:
    tight = policy_of({**SHIPPED, "suppress_counts_under": 20, "suppress_denominators_under": 40})
    assert tight.suppressed == (0, 19)
    assert tight.hash != DEFAULT.hash
    assert refusal(suppress_counts_under=20) == ["suppress_denominators_under"]
    assert refusal(round_to_nearest=11) == ["round_to_nearest"]


@pytest.mark.parametrize("nearest", [5, 6, 7, 10])
def test_an_interval_holds_exactly_the_counts_that_round_to_it(nearest: int) -> None:
    policy = Policy(round_to_nearest=nearest)
    for people in range(10, 100):
        published = (people + nearest // 2) // nearest * nearest
        low, high = policy.interval(published)
        assert low <= people <= high
        assert high - low == nearest - 1


def test_an_unreadable_file_is_refused(tmp_path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_policy(tmp_path)
    (tmp_path / "disclosure.toml").write_text("suppress_counts_under = = 1")
    with pytest.raises(UserError, match="cannot be read"):
        load_policy(tmp_path)
