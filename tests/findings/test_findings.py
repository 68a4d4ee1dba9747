"""What is told of how sure a shortlist is agrees with a slow second implementation, and with itself."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from oracle_scoring import oracle_ranks, oracle_scores

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.findings import IDS, HowSure, findings, headline, how_sure
from prioritisation.findings.by_weight import ruler_sentence
from prioritisation.findings.names import beyond, per_cent, points
from prioritisation.findings.told import holds_in_every_test
from prioritisation.folder import DataFolder
from prioritisation.framework import Framework
from prioritisation.prioritise import inputs, prioritise
from prioritisation.scenario import Scenario
from prioritisation.scoring import rank_units
from prioritisation.store import Store


def scenario_of(demonstration: DataFolder) -> Scenario:
    return Scenario.starting(load_catalogue(demonstration.catalogue).framework("south-ayrshire-int"))


def worked_out(store: Store, scenario: Scenario, band: float = 0.25) -> HowSure:
    observed = store.observations(scenario.framework.indicator_ids)
    return how_sure(prioritise(store, scenario), inputs(store, scenario), store.indicators(), observed, band)


@pytest.fixture(scope="module")
def sure(demonstration: DataFolder, demonstration_store: Store) -> HowSure:
    return worked_out(demonstration_store, scenario_of(demonstration).with_weights([40, 30, 20, 10]))


def oracle_shortlist(store: Store, framework: Framework, weights: list[float]) -> set[str]:
    """Score by the slow second implementation and return who has rank <= cut."""
    values = store.values(framework.indicator_ids)
    rows = [
        {name: None if np.isnan(value) else float(value) for name, value in row.items()}
        for row in values.to_dict("records")
    ]
    polarity = {str(name): str(way) for name, way in store.indicators()["polarity"].items()}
    ranks = oracle_ranks([each.score for each in oracle_scores(rows, framework, polarity, weights)])
    return {code for code, rank in zip(values.index, ranks, strict=True) if 0 < rank <= framework.cut}


def members(sure: HowSure, inside: np.ndarray) -> set[str]:
    return set(sure.ranking.areas.index[inside])


def test_leaving_out_an_indicator_agrees_with_the_oracle(sure: HowSure, demonstration_store: Store, full: bool) -> None:
    framework = sure.framework
    assert [each.id for each in sure.indicators] == list(framework.indicator_ids)
    for each in sure.indicators[:: 1 if full else 3]:
        parts = [
            replace(one, indicators=tuple(part for part in one.indicators if part.id != each.id))
            for one in framework.priorities
        ]
        left = replace(framework, priorities=tuple(parts))
        assert members(sure, each.inside) == oracle_shortlist(demonstration_store, left, [40, 30, 20, 10])


def test_leaving_out_a_priority_agrees_with_the_oracle(sure: HowSure, demonstration_store: Store, full: bool) -> None:
    for k in range(4) if full else (0, 3):
        weights = [0 if k == place else weight for place, weight in enumerate([40, 30, 20, 10])]
        expected = oracle_shortlist(demonstration_store, sure.framework, weights)
        assert members(sure, sure.priorities[k].inside) == expected


def test_every_method_agrees_with_the_oracle(sure: HowSure, demonstration_store: Store, full: bool) -> None:
    for each in sure.methods if full else sure.methods[1::2]:
        normalise, aggregate = each.id.split("/")
        other = replace(sure.framework.normalise, method=normalise)
        framework = replace(sure.framework, normalise=other, aggregate=aggregate)
        assert members(sure, each.inside) == oracle_shortlist(demonstration_store, framework, [40, 30, 20, 10])


def test_every_question_is_answered_by_a_sentence_and_a_table(sure: HowSure) -> None:
    found = findings(sure)
    assert tuple(each.id for each in found) == IDS
    for each in found:
        assert re.fullmatch(r"[A-Z0-9].*\.", each.sentence) and " nan" not in each.sentence
        assert each.question.endswith("?")
        assert len(each.table) > 0
        assert not each.table.columns.duplicated().any()


def test_the_headline_counts_who_holds_in_every_test(sure: HowSure) -> None:
    firm = holds_in_every_test(sure)
    assert 0 < firm.sum() < 15
    assert (sure.now | ~firm).all()
    for each in (*sure.priorities, *sure.indicators, *sure.methods):
        assert (each.inside | ~firm).all()
    told = headline(sure)
    assert told.startswith(f"{firm.sum()} of the 15 areas stay")
    assert f"The other {15 - firm.sum()} areas" in told
    for name in np.array(sure.names)[firm][:3]:
        assert name in told


def test_nobody_holds_where_a_test_puts_them_out(sure: HowSure) -> None:
    emptied = replace(sure.methods[0], inside=np.zeros(153, dtype=bool))
    assert headline(replace(sure, methods=(emptied,))).startswith("None of the 15 areas")


def test_a_turn_is_told_so_that_it_is_true(sure: HowSure) -> None:
    """At the weights that a ruler's sentence names, the shortlist is another one; just inside, it is the same."""
    scores, now = sure.ranking.scores, sure.ranking.scores.weights
    for k in range(4):
        told = ruler_sentence(sure, k).lower()
        for way in ("below", "above"):
            found = re.search(rf"{way} ([0-9.]+)%", told)
            assert found is not None
            sign = -1 if way == "below" else 1
            for share, same in ((float(found[1]) + 0.11 * -sign, True), (float(found[1]) + 0.001 * sign, False)):
                weights = now * (1 - share / 100) / (1 - now[k])
                weights[k] = share / 100
                rank = rank_units(scores.priority_scores, weights, "arithmetic")
                assert (((rank > 0) & (rank <= 15)) == sure.now).all() == same


def test_the_smallest_change_is_enough_as_told(sure: HowSure) -> None:
    change = sure.smallest
    assert change is not None
    table = next(each.table for each in findings(sure) if each.id == "smallest")
    assert table["change"].sum() == pytest.approx(0, abs=1e-3)
    assert table["weight at the turn"].sum() == pytest.approx(100, abs=1e-3)
    assert change.moved <= min(
        abs(turn.share - sure.ranking.scores.weights[k]) for k in range(4) for turn in sure.flips.turns[k]
    )


def test_a_wider_band_is_never_surer(demonstration: DataFolder, demonstration_store: Store) -> None:
    scenario = scenario_of(demonstration)
    narrow, wide = (worked_out(demonstration_store, scenario, band) for band in (0.05, 0.5))
    assert (wide.reasonable.surely_in <= narrow.reasonable.surely_in).all()
    assert (wide.reasonable.surely_out <= narrow.reasonable.surely_out).all()
    assert (narrow.within.high - narrow.within.low).sum() < (wide.within.high - wide.within.low).sum()
    with pytest.raises(UserError, match="band"):
        worked_out(demonstration_store, scenario, 1.0)


def test_one_priority_that_counts_leaves_nothing_to_hang_on(
    demonstration: DataFolder, demonstration_store: Store
) -> None:
    alone = worked_out(demonstration_store, scenario_of(demonstration).with_weights([1, 0, 0, 0]))
    told = {each.id: each.sentence for each in findings(alone)}
    assert told["turns"] == "No single weight changes the shortlist, however far it is moved."
    assert told["smallest"] == "No change of the weights alters the shortlist."
    assert told["priorities"] == "Only one priority counts, so none can be left out."


def test_suppressed_values_move_the_bounds(demonstration: DataFolder, demonstration_store: Store) -> None:
    scenario = scenario_of(demonstration)
    parts = (replace(scenario.framework.priorities[0].indicators[0], id="crime_rate", share=1.0),)
    first = replace(scenario.framework.priorities[0], indicators=(*scenario.framework.priorities[0].indicators, *parts))
    framework = replace(scenario.framework, priorities=(first, *scenario.framework.priorities[1:]))
    found = worked_out(demonstration_store, Scenario.starting(framework))
    assert found.gaps.has_gaps.sum() == 20
    scored = found.ranking.scores.rank > 0
    assert (found.gaps.best[scored] <= found.ranking.scores.rank[scored]).all()
    assert (found.gaps.worst[scored] >= found.ranking.scores.rank[scored]).all()
    told = next(each for each in findings(found) if each.id == "gaps")
    assert told.sentence.startswith("20 areas lack some value.")
    assert len(told.table) >= 20


def test_chance_marks_only_what_has_counts(sure: HowSure) -> None:
    assert {"income_rate", "employment_rate"} <= set(sure.chance.columns) < set(sure.framework.indicator_ids)
    assert set(np.unique(sure.chance.to_numpy())) <= {-1.0, 0.0, 1.0}


@pytest.mark.parametrize(
    ("share", "told"), [(0.25, "25%"), (0.214, "21.4%"), (0.0044, "0.44%"), (0.00012, "0.012%"), (0.0, "0%")]
)
def test_shares_in_words(share: float, told: str) -> None:
    assert per_cent(share) == told


def test_points_and_turns_are_rounded_to_the_safe_side() -> None:
    assert points(0.00501) == "0.6 percentage points"
    assert points(0.01) == "1.0 percentage points"
    assert points(0.0000123).startswith("0.00123")
    assert beyond(0.24379, "below") == "below 24.3%"
    assert beyond(0.24371, "above") == "above 24.4%"
    assert beyond(0.26, "above") == "above 26%"
