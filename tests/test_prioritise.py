"""From the store to a ranking: in line with scoring done by hand, stamped, and safe as a file."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from prioritisation.catalogue import Catalogue, load_catalogue
from prioritisation.folder import TRACKED_DATA
from prioritisation.pack import csv_bytes, csv_text, ranked_list
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.scoring import score_units
from prioritisation.store import Store


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(TRACKED_DATA / "catalogue")


@pytest.fixture(scope="module")
def scenario(catalogue: Catalogue) -> Scenario:
    return Scenario.starting(next(iter(catalogue.frameworks.values()))).with_weights([40, 30, 20, 10])


@pytest.fixture(scope="module")
def ranking(demonstration_store: Store, scenario: Scenario) -> Prioritisation:
    return prioritise(demonstration_store, scenario)


def test_the_ranking_is_what_scoring_says(
    ranking: Prioritisation, demonstration_store: Store, scenario: Scenario, catalogue: Catalogue
) -> None:
    values = demonstration_store.values(scenario.framework.indicator_ids)
    expected = score_units(values, scenario.framework, catalogue.polarity, [40, 30, 20, 10])
    np.testing.assert_array_equal(ranking.scores.rank, expected.rank)
    assert ranking.reference == 153


def test_contributions_add_up_to_the_score(ranking: Prioritisation) -> None:
    np.testing.assert_allclose(ranking.contributions().sum(axis=1), ranking.scores.score, atol=1e-9)


def test_the_table_is_by_rank_with_one_row_an_area(ranking: Prioritisation) -> None:
    table = ranking.table()
    assert list(table.columns[:4]) == ["id", "name", "locality", "population"]
    assert table["rank"].dropna().is_monotonic_increasing
    assert sorted(table["id"]) == sorted(ranking.areas.index)


def test_the_file_says_what_it_is(ranking: Prioritisation) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_bytes(ranked_list(ranking)).decode("utf-8-sig"))))
    assert len(rows) == 153
    assert all(row["note"].startswith("Demonstration data") for row in rows)
    assert {row["scenario"] for row in rows} == {ranking.scenario.id}
    assert {row["release"] for row in rows} == {ranking.release.id}
    assert {row["framework_status"] for row in rows} == {"placeholder"}


def test_an_unscored_area_is_last_and_says_so(ranking: Prioritisation) -> None:
    from dataclasses import replace

    score, rank = ranking.scores.score.copy(), ranking.scores.rank.copy()
    score[0], rank[0] = np.nan, 0
    table = ranked_list(replace(ranking, scores=replace(ranking.scores, score=score, rank=rank)))
    assert table["id"].iloc[-1] == ranking.areas.index[0]
    assert table["status"].iloc[-1] == "not scored"
    assert table["rank"].isna().iloc[-1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_runs_as_a_formula(start: str) -> None:
    table = pd.DataFrame({"name": [f"{start}1+1", "Harbour"], "score": [-1.5, 2.0]})
    rows = list(csv.reader(io.StringIO(csv_text(table), newline="")))
    assert rows[1] == ["'" + start + "1+1", "-1.5"]
    assert rows[2] == ["Harbour", "2.0"]
