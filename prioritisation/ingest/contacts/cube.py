"""The protected cube: every cell of the closed lattice, counted, held, hidden and rounded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from prioritisation.cohorts.library import Cohort
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import Lattice, values_of
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import COLUMNS, PUBLISHED, SHOWN, WITHHELD, held_cells, protect, sides
from prioritisation.exposure.readings import overtaken
from prioritisation.ingest.contacts.areas import area_table
from prioritisation.ingest.contacts.closed import closed_counts
from prioritisation.ingest.contacts.counting import count_breakdowns, describe_people
from prioritisation.ingest.contacts.distinct import distinct_cohorts, read_published
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.contacts.snapshots import changed_since, ensure_tables, read_held
from prioritisation.ingest.contacts.steps import Steps

CELL = ["node", "area_code", "cell"]
KEY_SHARES_IN_STEPS_OF = 5  # per cent: what share of a partner's people has a key of which kind
Repair = Callable[[pd.DataFrame], pd.DataFrame]


def build_cube(
    connection: duckdb.DuckDBPyConnection,
    *,
    lattice: Lattice,
    policy: Policy,
    contract: Contract,
    cohorts: Mapping[str, Cohort],
    areas: pd.DataFrame,
    council: str,
    until: date,
    repair: Repair | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> ProtectedCounts:
    """Count a restricted store's people and protect the counts.

    connection: to the restricted store, whose tables restricted.sql and snapshots.sql describe; it is given tables
    that vanish with it, of which `snapshots.record` needs two. areas: from `areas_of`, of one council; council: its
    code; until: the last month counted (its first day). repair: returns the cube with more of it suppressed or
    whole breakdowns left out, the index kept, so that nothing can be worked out from the rest; besides the cube's
    columns it is told each cell's `side` (see `sides`), whether it is `held` and `overtaken`, and `exact_people`
    and `exact_contacts`, as partners know their own; these go no further.
    """
    steps = Steps(connection)
    ensure_tables(connection)
    places = area_table(areas, council)
    progress("Counting people and contacts")
    published = read_published(steps, contract, cohorts)
    conditions = {name: cohort.rule.structure(contract) for name, cohort in cohorts.items()}
    describe_people(steps, contract, places, {**conditions, **published.laid_aside}, until)
    held = read_held(steps)
    counted, left_out = distinct_cohorts(steps, cohorts, published, policy)
    values = values_of(
        contract,
        partners=steps.read("partners_present")["partner"],
        cohorts=counted,
        with_cost=bool(steps.read("cost_present")["people"].iloc[0] >= policy.suppress_counts_under),
    )
    count_breakdowns(steps, lattice, values)
    steps.run("signature")
    progress("Comparing with what was published before")
    changed = changed_since(steps, lattice, values, held)
    progress("Protecting the counts")
    counts = _with_history(closed_counts(steps, lattice, values, places, areas), changed)
    cube = _protected(counts, policy, repair)
    table = _cohort_table(counted, contract)
    steps.fill("counted_cohort", table[["cohort_id", "rule"]])
    facts = _facts(steps, policy, until, left_out)
    facts |= {"policy_hash": policy.hash, "lattice_hash": lattice.hash, "contract_version": contract.version}
    facts["withheld_nodes"] = ";".join(sorted(set(cube.loc[cube["side"] == WITHHELD, "node"])))
    refreshed = _refreshed(counts, cube, held, policy)
    return ProtectedCounts(cube[list(COLUMNS)], table, facts, refreshed)


def _protected(counts: pd.DataFrame, policy: Policy, repair: Repair | None) -> pd.DataFrame:
    """Return the cube with each cell's side, whether it is held and overtaken, repaired; index: of the counts."""
    cube = protect(counts, policy).assign(side=sides(counts, policy), held=held_cells(counts, policy))
    cube = cube.assign(overtaken=overtaken(cube, counts["people"], policy))
    if repair is None:
        return cube
    repaired = repair(cube.assign(exact_people=counts["people"], exact_contacts=counts["contacts"]))
    told = cube.loc[repaired.index, ["side", "held", "overtaken"]]
    hidden = (told["side"] == SHOWN) & (repaired["status"] != PUBLISHED)
    return repaired[list(COLUMNS)].join(told.assign(side=told["side"].mask(hidden, WITHHELD)))


def _with_history(counts: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Add what was published of each cell, and how many have joined or left since; nothing where it never was."""
    joined = counts.merge(changed, on=CELL, how="left")
    return joined.assign(rotated=joined["rotated"].eq(True), changed=joined["changed"].astype(float))


def _refreshed(counts: pd.DataFrame, cube: pd.DataFrame, held: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return what later releases must know. Cells that are not in this cube stay as they were last published."""
    stays = pd.Series(held_cells(counts, policy), index=counts.index) & ~counts["rotated"]
    since = counts["release_id"].astype(object).where(stays, None).loc[cube.index]
    now = cube[[*CELL, "people", "contacts", "status", "side", "held", "overtaken"]].assign(release_id=since)
    before = held.rename(columns={f"held_{name}": name for name in ("people", "contacts", "status", "side")})
    before = before.assign(held=True, overtaken=False)
    return pd.concat([now, before[now.columns]], ignore_index=True).drop_duplicates(CELL)


def _cohort_table(cohorts: Mapping[str, Cohort], contract: Contract) -> pd.DataFrame:
    rows = [
        (each.id, each.name, json.dumps(each.rule.to_record(), sort_keys=True), each.sentence(contract))
        for each in cohorts.values()
    ]
    return pd.DataFrame(rows, columns=["cohort_id", "name", "rule", "sentence"], dtype="str")


def _facts(steps: Steps, policy: Policy, until: date, left_out: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return rows of cube_fact; every number is rounded as published counts are."""
    kinds = steps.read("key_kinds")
    known = int(steps.read("known_people")["people"].iloc[0])
    covered = steps.read("partner_months").itertuples(index=False)
    months = {str(partner): [f"{first:%Y-%m}", f"{last:%Y-%m}"] for partner, first, last in covered}
    return {
        "window_to": until.strftime("%Y-%m"),
        "months": "12",
        "partners": ";".join(steps.read("partners_present")["partner"]),
        "partner_months": json.dumps(months, sort_keys=True),
        "key_kinds": json.dumps(_key_shares(kinds, policy), sort_keys=True),
        "known_people": str(_rounded(known, policy)),
        "services_left_out": ";".join(steps.read("services_left_out")["service"]),
        "cohorts_left_out": json.dumps([{"cohort": name, "too_near_to": other} for name, other in left_out]),
    }


def _rounded(people: int, policy: Policy) -> int:
    if people < policy.suppress_counts_under:
        return 0
    return (people + policy.round_to_nearest // 2) // policy.round_to_nearest * policy.round_to_nearest


def _key_shares(kinds: pd.DataFrame, policy: Policy) -> dict[str, dict[str, int]]:
    """Return partner -> kind of key -> per cent of its people, in coarse steps; few people of a kind are left out."""
    shares: dict[str, dict[str, int]] = {}
    for partner, rows in kinds.groupby("partner"):
        people = rows["people"].sum()
        shown = rows[(rows["people"] >= policy.suppress_counts_under) & (people >= policy.suppress_denominators_under)]
        per_cent = np.round(100 / KEY_SHARES_IN_STEPS_OF * shown["people"] / people) * KEY_SHARES_IN_STEPS_OF
        if len(shown):
            shares[str(partner)] = dict(zip(shown["key_kind"].astype(str), per_cent.astype(int).tolist(), strict=True))
    return shares
