"""How a patch fares under other weights, and the proof in its child process."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_grounds import problem, squares, towns

from prioritisation.patch import child
from prioritisation.patch.child import CANCELLED, PROVEN, STOPPED, Proving
from prioritisation.patch.fares import need, robust, under_weights
from prioritisation.patch.problem import Problem, patch_of
from prioritisation.patch.proof import Progress
from prioritisation.patch.search import search
from prioritisation.patch.sentences import not_best_sentence, proof_sentence, robust_sentences, under_sentence

LINE = squares(1, 6)
WEST = np.array([90.0, 90, 50, 50, 10, 10])
BOTH = np.column_stack([WEST, WEST[::-1]])  # need in the west by the first priority, in the east by the second


def two_of_six(weights: list[float]) -> Problem:
    return problem(LINE, need(BOTH @ np.array(weights), LINE.people), 1_000, 2_000)


def test_under_its_own_weights_a_best_patch_keeps_everything() -> None:
    asked = two_of_six([0.8, 0.2])
    best = search(asked).best
    assert best is not None and best.members == (0, 1)
    found = under_weights(asked, best, BOTH @ np.array([0.8, 0.2]))
    assert (found.kept, found.in_common) == (1, 1) and found.share == pytest.approx(best.gain / asked.gain.sum())
    assert under_sentence("the vote", found) == "Under the vote: no better patch was found; it holds 49% of the need."


def test_under_opposite_weights_it_keeps_what_it_still_holds() -> None:
    asked = two_of_six([1.0, 0.0])
    found = under_weights(asked, patch_of(asked, [0, 1]), BOTH @ np.array([0.0, 1.0]))
    assert found.best.members == (4, 5) and found.in_common == 0
    assert found.kept == pytest.approx(20 / 180) and found.share == pytest.approx(20 / 300)
    assert "11% of what the best patch" in under_sentence("Housing first", found)


def test_a_patch_that_hangs_on_the_weights_is_told_apart_from_one_that_does_not() -> None:
    sure = robust(
        two_of_six([0.8, 0.2]), patch_of(two_of_six([0.8, 0.2]), [0, 1]), [], BOTH, np.array([0.8, 0.2]), "arithmetic"
    )
    assert sure.kept.min() == 1 and sure.core == [0, 1] and sure.joins == ()
    even = two_of_six([0.5, 0.5])
    first, second = patch_of(even, [0, 1]), patch_of(even, [4, 5])
    unsure = robust(even, first, [second], BOTH, np.array([0.5, 0.5]), "arithmetic")
    assert unsure.kept.min() < 0.95 and unsure.core == []
    assert unsure.in_best[0] == pytest.approx(0.5, abs=0.2) and {area for area, _ in unsure.joins} == {4, 5}
    assert unsure.first_of == pytest.approx(0.5, abs=0.05)
    told = robust_sentences(LINE, first, unsure)
    assert "0 of its 2 areas are in the best patch" in told[1]
    assert told[-1].startswith("It holds at least as much as the alternative in 5")


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_first_of_counts_weightings_one_by_one(aggregate: str) -> None:
    from prioritisation.patch.fares import COMPARED
    from prioritisation.robustness import reasonable_weightings
    from prioritisation.scoring import overall

    asked = two_of_six([0.5, 0.5])
    scores, weights = BOTH + np.arange(6)[:, None], np.array([0.5, 0.5])
    patches = [patch_of(asked, members) for members in ([0, 1], [2, 3], [4, 5])]
    found = robust(asked, patches[0], patches[1:], scores, weights, aggregate, weightings=2)
    slow = 0
    for each in reasonable_weightings(weights, draws=COMPARED):
        gain = need(overall(scores, each, aggregate), LINE.people)
        held = [sum(gain[area] for area in patch.members) for patch in patches]
        slow += held[0] >= max(held) - 1e-9
    assert found.first_of == pytest.approx(slow / COMPARED)


def test_one_priority_has_no_other_reasonable_weighting() -> None:
    asked = problem(LINE, need(WEST, LINE.people), 1_000, 2_000)
    found = robust(asked, patch_of(asked, [0, 1]), [], WEST[:, None], np.array([1.0]), "arithmetic")
    assert "Only one priority has a weight" in robust_sentences(LINE, patch_of(asked, [0, 1]), found)[0]


@pytest.fixture
def council() -> Problem:
    ground, score = towns(4)
    return problem(ground, need(score, ground.people), 5_000, 10_000)


def test_the_child_proves_and_reports(council: Problem) -> None:
    best = search(council).best
    proving = Proving(council, best)
    proving.wait(120)
    assert proving.state == PROVEN and proving.seconds > 0
    assert proving.progress.best is not None and proving.progress.gap <= 1e-6
    assert council.allows(proving.progress.best.members)
    assert proof_sentence(proving.progress, proving.state).startswith("Proven best")


@pytest.mark.parametrize(
    ("members", "bound", "told"),
    [
        ((1, 2), 10.0, "The best patch is proven; this is not it. It holds 40% less than the best."),
        ((3, 4), 10.0, "The best patch is proven; this is another that holds as much."),
        (
            (2, 3, 4),
            10.0,
            "The best patch is proven; this is not it. It holds 10% more than the best, but does not keep to the "
            "wishes.",
        ),
        (
            (1, 2),
            10.5,
            "This is not the best patch found. It holds 40% less than the best. Another patch could hold at most 5.0% "
            "more than the best found; the proof is still running.",
        ),
        ((1, 2), None, "This is not the best patch found. It holds 40% less than the best."),
    ],
)
def test_another_patch_than_the_best_is_never_called_proven(
    members: tuple[int, ...], bound: float | None, told: str
) -> None:
    asked = problem(squares(1, 5), np.array([5.0, 5, 1, 5, 5]), 2_000, 2_000)
    best = patch_of(asked, (0, 1))
    progress = None if bound is None else Progress(best, bound, 3 if bound > best.gain else 5, 5)
    assert not_best_sentence(asked, best, patch_of(asked, members), progress, "running") == told


def test_a_cancelled_child_ends_and_keeps_the_patch(council: Problem) -> None:
    best = search(council).best
    proving = Proving(council, best)
    proving.cancel()
    proving.wait(20)
    assert proving.state == CANCELLED and proving.progress.best == best and not proving.progress.is_proven


def test_a_child_out_of_time_stops_by_itself_with_a_bound(council: Problem) -> None:
    best = search(council).best
    proving = Proving(council, best, seconds=0)
    proving.wait(60)
    assert proving.state == STOPPED and best is not None
    assert proving.progress.bound >= best.gain
    assert "the proof was stopped before its end" in proof_sentence(proving.progress, proving.state)


def test_a_child_that_dies_is_said_to_have_failed(council: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "COMMAND", (child.COMMAND[0], "-c", "raise SystemExit(3)"))
    proving = Proving(council, search(council, starts=2).best)
    proving.wait(20)
    assert proving.state == child.FAILED


def test_a_problem_survives_its_record(council: Problem) -> None:
    again = Problem.from_record(council.to_record())
    assert again.fingerprint == council.fingerprint
    assert again.neighbours == council.neighbours and np.array_equal(again.gain, council.gain)
