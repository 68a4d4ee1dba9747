"""Stability of the shortlist and flip points against slow searches, hand-made cases and properties."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_robustness import (
    nearest_by_search,
    shortlisted,
    times_in_shortlist,
    times_in_shortlist_without_numpy,
    turns_by_search,
)

from prioritisation.errors import UserError
from prioritisation.flips import ABOVE, BELOW, FlipPoint, Flips, Turn, flip_points
from prioritisation.robustness import (
    NOT_SCORED,
    any_weightings,
    reasonable_weightings,
    stability,
    stability_under_any,
    word,
)
from prioritisation.scoring import terms
from prioritisation.weights import shares

NAN = math.nan
FEW = 256
QUARTERS = np.full(4, 0.25)


def weights_of(*parts: float) -> np.ndarray:
    return shares(parts, [f"p{k}" for k in range(len(parts))])


def percentiles(units: int, priorities: int, seed: int, shared: float = 0.4) -> np.ndarray:
    """Draw priority scores as percentile ranks that go together to some degree."""
    random = np.random.default_rng(seed)
    need = shared * random.standard_normal((units, 1)) + (1 - shared) * random.standard_normal((units, priorities))
    return 100 * (need.argsort(axis=0).argsort(axis=0) + 0.5) / units


coarse = st.sampled_from([0.0, 1.0, 25.0, 50.0, 50.0 + 1e-12, 75.0, 100.0])
fine = st.floats(0, 100)
gappy = st.one_of(coarse, coarse, coarse, st.just(NAN))


@st.composite
def weighings(draw, numbers, most_units: int = 12):
    """Draw (scores, parts, cut), with ties, equal rows, zero weights and cuts beyond the end."""
    priorities = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(numbers, min_size=priorities, max_size=priorities), min_size=1, max_size=most_units))
    parts = draw(st.lists(st.integers(0, 9), min_size=priorities, max_size=priorities).filter(any))
    return np.array(rows), parts, draw(st.integers(1, len(rows) + 1))


# Weightings


@pytest.mark.parametrize(
    "parts", [(4, 3, 2, 1), (1, 1, 1, 1), (97, 1, 1, 1), (5, 0, 3), (1, 1), (28, 28, 14, 14, 9, 5, 2)]
)
def test_reasonable_weightings_stay_in_their_bands_and_add_up(parts: tuple[float, ...]) -> None:
    weights = weights_of(*parts)
    tried = reasonable_weightings(weights, band=0.25, draws=FEW)
    assert tried.shape == (FEW, len(parts))
    assert np.abs(tried.sum(axis=1) - 1).max() < 1e-12
    assert (tried >= 0.75 * weights - 1e-12).all()
    assert (tried <= 1.25 * weights + 1e-12).all()
    assert np.unique(tried, axis=0).shape == tried.shape


def test_reasonable_weightings_are_uniform_over_the_band() -> None:
    """Against plain rejection from the whole simplex, which keeps under 1% but cannot be wrong."""
    weights = weights_of(4, 3, 2, 1)
    simplex = np.random.default_rng(1).dirichlet(np.ones(4), 1_000_000)
    kept = simplex[(np.abs(simplex - weights) <= 0.25 * weights).all(axis=1)]
    tried = reasonable_weightings(weights, draws=4096)
    assert len(kept) > 2000
    assert tried.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.004)
    assert tried.std(axis=0) == pytest.approx(kept.std(axis=0), abs=0.003)


def test_any_weighting_is_uniform_on_the_simplex() -> None:
    tried = any_weightings(QUARTERS, draws=8192)
    assert np.abs(tried.sum(axis=1) - 1).max() < 1e-12
    assert (tried > 0.5).mean(axis=0) == pytest.approx([0.125] * 4, abs=0.003)
    three = any_weightings(weights_of(1, 0, 1, 1), draws=8192)
    assert (three > 0.7).mean(axis=0) == pytest.approx([0.09, 0, 0.09, 0.09], abs=0.003)


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    weights = weights_of(4, 3, 2, 1)
    again = reasonable_weightings(weights, draws=FEW, seed=3)
    assert (reasonable_weightings(weights, draws=FEW, seed=3) == again).all()
    assert (reasonable_weightings(weights, draws=FEW, seed=4) != again).any()


@pytest.mark.parametrize("band", [-0.1, 1.0, math.nan])
def test_a_band_that_makes_no_sense_is_refused(band: float) -> None:
    with pytest.raises(UserError, match="band"):
        reasonable_weightings(QUARTERS, band=band)


# Stability


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
@pytest.mark.parametrize("cut", [1, 15, 100])
@pytest.mark.parametrize("parts", [(4, 3, 2, 1), (1, 0, 2, 1)])
def test_stability_equals_trying_the_same_weightings_one_by_one(aggregate, cut, parts) -> None:
    scores, weights = percentiles(153, 4, 7), weights_of(*parts)
    scores[[3, 40], [0, 2]] = NAN
    scores[60:64] = scores[64]
    reasonable = times_in_shortlist(scores, reasonable_weightings(weights, draws=FEW), cut, aggregate)
    assert (stability(scores, weights, cut, aggregate, draws=FEW).probability * FEW == reasonable).all()
    any_way = times_in_shortlist(scores, any_weightings(weights, draws=FEW), cut, aggregate)
    assert (stability_under_any(scores, weights, cut, aggregate, draws=FEW).probability * FEW == any_way).all()


def test_stability_of_a_whole_country_equals_brute_force() -> None:
    scores, weights = percentiles(6976, 4, 8), weights_of(4, 3, 2, 1)
    counted = times_in_shortlist(scores, reasonable_weightings(weights, draws=FEW), 15, "arithmetic")
    assert (stability(scores, weights, 15, "arithmetic", draws=FEW).probability * FEW == counted).all()


@given(
    weighings(st.one_of(gappy, fine)), st.sampled_from(["arithmetic", "geometric"]), st.sampled_from([0.1, 0.25, 0.9])
)
@settings(max_examples=60, deadline=None)
def test_stability_equals_brute_force_whatever_ties(weighing, aggregate: str, band: float) -> None:
    scores, parts, cut = weighing
    weights = weights_of(*parts)
    tried = reasonable_weightings(weights, band=band, draws=32)
    found = stability(scores, weights, cut, aggregate, band=band, draws=32)
    counted = times_in_shortlist(scores, tried, cut, aggregate)
    assert found.weightings == len(tried)
    assert (found.probability * len(tried) == counted).all()
    assert (counted[found.surely_in] == len(tried)).all()
    assert (counted[found.surely_out] == 0).all()
    loose = stability_under_any(scores, weights, cut, aggregate, draws=32)
    counted = times_in_shortlist(scores, any_weightings(weights, draws=32), cut, aggregate)
    assert (loose.probability * loose.weightings == counted).all()
    assert (counted[loose.surely_in] == loose.weightings).all()
    assert (counted[loose.surely_out] == 0).all()


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_stability_agrees_with_an_oracle_that_shares_nothing(aggregate: str) -> None:
    scores, weights = percentiles(25, 3, 9), weights_of(3, 2, 1)
    scores[4, 1] = NAN
    tried = reasonable_weightings(weights, draws=64)
    counted = times_in_shortlist_without_numpy(scores, tried, 6, aggregate)
    assert (stability(scores, weights, 6, aggregate, draws=64).probability * 64 == counted).all()


@pytest.mark.parametrize("priorities", [4, 9])
@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_what_is_certain_holds_under_other_draws_and_at_the_edges(priorities: int, aggregate: str) -> None:
    scores, weights = percentiles(153, priorities, 10), weights_of(*range(1, priorities + 1))
    found = stability(scores, weights, 15, aggregate, draws=FEW)
    assert found.surely_in.any()
    assert found.surely_out.sum() > 60
    others = reasonable_weightings(weights, draws=512, seed=77)
    furthest = np.argsort(-np.abs(others - weights).max(axis=1))[:200]
    for tried in others[furthest]:
        inside = shortlisted(scores, tried, 15, aggregate)
        assert inside[found.surely_in].all()
        assert not inside[found.surely_out].any()


def test_certainty_by_hand() -> None:
    """Two beat the third on everything; the last place hangs on the weights."""
    scores = np.array([[90.0, 90], [80, 20], [20, 80], [10, 10]])
    found = stability(scores, weights_of(1, 1), 2, "arithmetic", draws=1024)
    assert found.surely_in.tolist() == [True, False, False, False]
    assert found.surely_out.tolist() == [False, False, False, True]
    assert found.probability == pytest.approx([1, 0.5, 0.5, 0], abs=0.002)
    assert found.words == ("Almost always", "Borderline", "Borderline", "Almost never")


def test_units_that_tie_at_the_cut_are_all_in() -> None:
    scores = np.full((6, 3), 40.0)
    for found in (stability(scores, weights_of(1, 2, 3), 2, "arithmetic", draws=64),
                  stability_under_any(scores, weights_of(1, 2, 3), 2, "arithmetic", draws=64)):  # fmt: skip
        assert (found.probability == 1).all()
        assert found.surely_in.all()


def test_units_nearer_than_a_tie_are_not_pruned() -> None:
    """Beaten everywhere, but by less than the tie rule can see."""
    scores = np.array([[50.0, 50], [50 - 1e-11, 50 - 1e-11], [50 - 1e-7, 50 - 1e-7]])
    found = stability(scores, weights_of(1, 1), 1, "arithmetic", draws=64)
    assert found.probability[0] == 1
    assert found.probability[2] == 0
    assert (found.probability * 64).tolist() == times_in_shortlist(
        scores, reasonable_weightings(weights_of(1, 1), draws=64), 1, "arithmetic"
    ).tolist()


def test_edges_of_stability() -> None:
    scores = np.array([[90.0, NAN], [80, 20], [NAN, 80], [10, 10]])
    everything = stability(scores, weights_of(1, 1), 4, "arithmetic", draws=32)
    assert everything.probability.tolist() == [0, 1, 0, 1]
    assert everything.words == (NOT_SCORED, "Almost always", NOT_SCORED, "Almost always")
    assert not everything.surely_out.any()
    one = stability(scores, weights_of(1, 0), 1, "arithmetic")
    assert one.weightings == 1
    assert one.probability.tolist() == [1, 0, 0, 0]
    assert one.scored.tolist() == [True, True, False, True]
    still = stability(scores, weights_of(1, 1), 1, "arithmetic", band=0)
    assert still.weightings == 1
    assert still.probability.tolist() == [0, 1, 0, 0]
    assert stability(np.empty((0, 2)), weights_of(1, 1), 3, "arithmetic", draws=32).words == ()
    assert stability(scores, weights_of(1, 1), 0, "arithmetic", draws=32).probability.tolist() == [0] * 4
    with pytest.raises(ValueError, match="read-only"):
        one.probability[0] = 2


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(1, "Almost always"), (0.95, "Almost always"), (0.9499, "Usually"), (0.7, "Usually"), (0.6999, "Borderline"),
     (0.3, "Borderline"), (0.2999, "Rarely"), (0.05, "Rarely"), (0.0499, "Almost never"), (0, "Almost never")],
)  # fmt: skip
def test_words(probability: float, expected: str) -> None:
    assert word(probability) == expected


# Flip points


def assert_equals_search(scores: np.ndarray, parts: Sequence[int], cut: int) -> Flips:
    """Compare every turn and every nearest flip point with those of the search in fractions, to 1e-9."""
    weights = weights_of(*parts)
    found = flip_points(scores, weights, cut, "arithmetic")
    if np.count_nonzero(weights) == 1:
        assert not any(found.turns)
        return found
    for priority in np.flatnonzero(weights).tolist():
        _, now, up, down = turns_by_search(scores, parts, cut, priority)
        assert set(np.flatnonzero(found.inside)) == now
        for direction, expected in ((ABOVE, up), (BELOW, down)):
            turns = outwards(found, priority, direction)
            assert [turn.share for turn in turns] == pytest.approx([float(t) for t, _ in expected], abs=1e-9)
            inside = set(now)
            for turn, (_, members) in zip(turns, expected, strict=True):
                inside = (inside - set(turn.leaves)) | set(turn.enters)
                assert inside == members
            assert found.first(priority, direction) == (turns[0] if turns else None)
    for point, expected in zip(found.nearest, nearest_by_search(scores, parts, cut), strict=True):
        assert (point is None) == (expected is None)
        if point is not None:
            assert point.distance == pytest.approx(float(expected[0]), abs=1e-9)
            assert abs(point.share - weights[point.priority]) == point.distance
            assert (point.priority, point.direction) in expected[1]
    return found


def outwards(flips: Flips, priority: int, direction: str) -> list[Turn]:
    turns = [turn for turn in flips.turns[priority] if turn.direction == direction]
    return sorted(turns, key=lambda turn: abs(turn.share - flips.weights[priority]))


def test_flip_points_equal_a_search_in_fractions(full: bool) -> None:
    """1,000 random cases with --full: whole numbers, so that ties and shared crossings abound, and drawn ones."""
    random = np.random.default_rng(11)
    turned = 0
    for case in range(1000 if full else 60):
        units, priorities = int(random.integers(2, 16)), int(random.integers(1, 5))
        scores = random.integers(0, [3, 11, 101][case % 3], (units, priorities)).astype(float)
        if case % 4 == 3:
            scores = random.random((units, priorities)) * 100
        if case % 5 == 4:
            scores[random.random(scores.shape) < 0.1] = NAN
        parts = random.integers(0, 7, priorities)
        parts[random.integers(priorities)] += 1
        found = assert_equals_search(scores, parts.tolist(), int(random.integers(1, units + 1)))
        turned += sum(map(len, found.turns))
    assert turned > 60


def test_flip_points_at_153_equal_the_product_s_own_ranking() -> None:
    """Just before and after each turn, and at 400 weights between, it is so for the ranking itself."""
    scores, weights = percentiles(153, 4, 12), weights_of(4, 3, 2, 1)
    for aggregate in ("arithmetic", "geometric"):
        found = flip_points(scores, weights, 15, aggregate)
        for priority in range(4):
            assert len(found.turns[priority]) > 4
            for direction, side in ((ABOVE, 1), (BELOW, -1)):
                inside = found.inside
                for turn in outwards(found, priority, direction):
                    for step, expected in ((-1e-7, inside), (1e-7, inside := after(inside, turn))):
                        tried = moved(weights, priority, turn.share + side * step)
                        assert (shortlisted(scores, tried, 15, aggregate) == expected).all()
            for share in np.linspace(0.0011, 0.9989, 400):
                inside = found.inside
                for turn in outwards(found, priority, ABOVE if share > weights[priority] else BELOW):
                    if abs(turn.share - weights[priority]) < abs(share - weights[priority]):
                        inside = after(inside, turn)
                assert (shortlisted(scores, moved(weights, priority, share), 15, aggregate) == inside).all()


def after(inside: np.ndarray, turn: Turn) -> np.ndarray:
    """Return who is in after a turn."""
    inside = inside.copy()
    inside[list(turn.leaves)] = False
    inside[list(turn.enters)] = True
    return inside


def moved(weights: np.ndarray, priority: int, share: float) -> np.ndarray:
    """Return the weights with one at this share and the others in proportion."""
    others = np.where(np.arange(len(weights)) == priority, 0, weights)
    return np.where(np.arange(len(weights)) == priority, share, (1 - share) * others / others.sum())


def test_a_flip_point_by_hand() -> None:
    """Scores 80 t + 20 (1 - t) and 30 t + 50 (1 - t) meet at t = 3/8."""
    found = flip_points(np.array([[80.0, 20], [30, 50]]), weights_of(1, 1), 1, "arithmetic")
    assert found.inside.tolist() == [True, False]
    leaver, enterer = found.nearest
    assert (leaver.priority, leaver.direction, leaver.enters, leaver.partner) == (0, BELOW, False, 1)
    assert (enterer.priority, enterer.direction, enterer.enters, enterer.partner) == (0, BELOW, True, 0)
    assert leaver.share == pytest.approx(0.375, abs=1e-15)
    assert found.first(0, ABOVE) is None
    assert found.first(1, ABOVE).share == pytest.approx(0.625, abs=1e-15)
    assert found.sentence(0, ["Hardship", "Housing"]) == "leaves the shortlist if Hardship falls below 37%"
    assert found.sentence(1, ["Hardship", "Housing"]) == "enters the shortlist if Hardship falls below 37%"


def test_units_that_tie_now_part_at_the_present_weight() -> None:
    found = flip_points(np.array([[80.0, 20], [20, 80], [0, 0]]), weights_of(1, 1), 1, "arithmetic")
    assert found.inside.tolist() == [True, True, False]
    assert found.first(0, ABOVE).share == 0.5
    assert (found.first(0, ABOVE).leaves, found.first(0, ABOVE).enters) == ((1,), ())
    assert found.first(0, BELOW).leaves == (0,)
    assert found.nearest[1].partner == 0
    assert found.nearest[2] is None
    assert found.sentence(1, ["Hardship", "Housing"]) == "leaves the shortlist if Hardship goes above 50%"
    assert found.sentence(2, ["Hardship", "Housing"]) == "stays out whatever one weight does"


def test_equal_units_share_their_fate() -> None:
    scores = np.array([[80.0, 20], [80, 20], [30, 50], [30, 50]])
    found = assert_equals_search(scores, [1, 1], 1)
    assert found.inside.tolist() == [True, True, False, False]
    turn = found.first(0, BELOW)
    assert (set(turn.leaves), set(turn.enters)) == ({0, 1}, {2, 3})


@pytest.mark.parametrize(
    ("scores", "parts", "cut"),
    [
        ([[1.0, 2], [2, 1]], (1, 1), 2),
        ([[1.0, 2], [2, 1]], (1, 1), 5),
        ([[1.0], [2]], (1,), 1),
        ([[1.0, 2], [2, 1]], (1, 0), 1),
        ([[5.0, 5], [5, 5]], (1, 1), 1),
        ([[NAN, 5], [5, NAN]], (1, 1), 1),
    ],
)
def test_nothing_turns_where_nothing_can(scores, parts, cut) -> None:
    found = flip_points(np.array(scores), weights_of(*parts), cut, "arithmetic")
    assert not any(found.turns)
    assert not any(found.nearest)


def test_a_unit_without_a_score_takes_no_part() -> None:
    scores = np.array([[99.0, NAN], [80, 20], [30, 50]])
    found = flip_points(scores, weights_of(1, 1), 1, "arithmetic")
    assert found.sentence(0, ["Hardship", "Housing"]) == "is not scored"
    assert found.nearest[1].partner == 2
    assert found.nearest[2].partner == 1


@given(weighings(coarse, most_units=8))
@settings(max_examples=60, deadline=None)
def test_flip_points_equal_a_search_whatever_ties(weighing) -> None:
    scores, parts, cut = weighing
    assert_equals_search(np.round(scores), parts, cut)


def test_flips_of_the_geometric_mean_are_those_of_the_logarithms() -> None:
    scores, weights = percentiles(40, 3, 13), weights_of(3, 2, 1)
    ours = flip_points(scores, weights, 6, "geometric")
    assert ours.turns == flip_points(terms(scores, "geometric"), weights, 6, "arithmetic").turns


# Sentences about flip points


@pytest.mark.parametrize(
    ("share", "direction", "until", "expected"),
    [
        (0.426, ABOVE, 1.0, "goes above 43%"),
        (0.43, ABOVE, 1.0, "goes above 43%"),
        (0.124, BELOW, 0.0, "falls below 12%"),
        (0.12, BELOW, 0.0, "falls below 12%"),
        (0.004, BELOW, 0.0, "falls below 0.4%"),
        (0.9937, ABOVE, 1.0, "goes above 99.4%"),
        (0.421, ABOVE, 0.427, "is between 42.1% and 42.7%"),
        (0.421, ABOVE, 0.502, "is between 43% and 50%"),
        (0.421, ABOVE, 0.44, "is between 43% and 44%"),
        (0.427, BELOW, 0.38, "is between 38% and 42%"),
        (0.99999, ABOVE, 1.0, "goes above 99.999%"),
    ],
)
def test_per_cents_are_rounded_so_that_the_sentence_is_true(share, direction, until, expected) -> None:
    point = FlipPoint(0, share, direction, enters=True, partner=1, distance=0.1, until=until)
    flips = Flips(QUARTERS, np.array([False]), np.array([True]), ((),), (point,))
    assert flips.sentence(0, ["Housing and homelessness"]) == (
        f"enters the shortlist if Housing and homelessness {expected}"
    )


def test_what_the_sentence_says_is_so() -> None:
    scores, weights = percentiles(60, 3, 14), weights_of(3, 2, 1)
    found = flip_points(scores, weights, 10, "arithmetic")
    told = 0
    for unit, point in enumerate(found.nearest):
        sentence = found.sentence(unit, ["One", "Two", "Three"])
        stated = [float(number) / 100 for number in re.findall(r"([\d.]+)%", sentence)]
        if point is None:
            assert stated == []
            continue
        low, high = stated if len(stated) == 2 else (*stated, 1.0) if "above" in sentence else (0.0, *stated)
        for part in (0.001, 0.5, 0.999):
            tried = moved(weights, point.priority, low + part * (high - low))
            assert shortlisted(scores, tried, 10, "arithmetic")[unit] == point.enters
        told += 1
    assert told > 15
