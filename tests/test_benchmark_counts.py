"""The benchmark's peer counts what the cube counts, and would be caught if it did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cube import LAST_MONTH, areas, draw
from benchmarks.pandas_counts import counts_by_pandas, from_store, same_cells
from prioritisation.contract import load_contract
from prioritisation.disclosure.lattice import load_lattice, values_of
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.contacts.areas import area_table
from prioritisation.ingest.contacts.counting import count_breakdowns, describe_people
from prioritisation.ingest.contacts.people import open_people
from prioritisation.ingest.contacts.steps import Steps

CATALOGUE = TRACKED_DATA / "catalogue"


def test_pandas_counts_the_same_and_a_difference_would_be_seen(tmp_path: Path) -> None:
    contract, lattice = load_contract(CATALOGUE), load_lattice(CATALOGUE)
    with open_people(draw(tmp_path / "people.duckdb", 5_000, contract)) as store:
        steps = Steps(store)
        describe_people(steps, contract, area_table(areas(), "C"), {}, LAST_MONTH)
        count_breakdowns(steps, lattice, values_of(contract, partners=contract.partners))
        contact, people = from_store(store, areas())
        theirs = counts_by_pandas(contact, people, contract, lattice, LAST_MONTH)
        assert same_cells(store, theirs) > 10_000
        one_less = counts_by_pandas(contact.iloc[1:], people, contract, lattice, LAST_MONTH)
        with pytest.raises(ValueError, match="counts something else"):
            same_cells(store, one_less)
