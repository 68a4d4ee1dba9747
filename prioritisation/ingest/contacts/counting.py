"""From contacts to counts: who is known and how, then one breakdown of the lattice at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from prioritisation.cohorts.rule import Condition
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import (
    EXACTLY,
    EXACTLY_AMONG,
    EXACTLY_POOLED_FROM,
    NONE_OF_THEM,
    TOGETHER,
    WINDOWS,
    Lattice,
    Node,
    cell_text,
    node_id,
    pooled_name,
)
from prioritisation.ingest.contacts.steps import Steps

EVERYONE, AFTER, BEFORE = "everyone", "after", "before"


@dataclass(frozen=True)
class Breakdown:
    """What nodes of several geographies have in common, and how finely it must be counted for all of them."""

    id: str
    traits: tuple[str, ...]
    together: int
    window: int
    by_zone: bool
    by_age: bool
    by_sex: bool
    volume: bool


def breakdown_id(node: Node) -> str:
    """Return the name of a node's breakdown: its id without geography, age and sex."""
    return node_id("people", node.traits, node.window, node.together)


def breakdowns(lattice: Lattice) -> list[Breakdown]:
    """Return the breakdowns of a lattice; totals and cohorts as fine as can be, for others are out of them."""
    by_id: dict[str, list[Node]] = {}
    for node in lattice.nodes:
        by_id.setdefault(breakdown_id(node), []).append(node)
    for window in WINDOWS:
        by_id.setdefault(node_id("people", (), window), [])
    return [_breakdown(name, nodes) for name, nodes in by_id.items()]


def _breakdown(name: str, nodes: Sequence[Node]) -> Breakdown:
    """Sum up the nodes of a breakdown; the total has none where only its denominators are asked for."""
    traits = nodes[0].traits if nodes else ()
    return Breakdown(
        id=name,
        traits=traits,
        together=nodes[0].together if nodes else 1,
        window=nodes[0].window if nodes else next(each for each in WINDOWS if name == node_id("people", (), each)),
        by_zone=not traits or any(node.geography != "council" for node in nodes),
        by_age=not traits or any("age" in node.dimensions for node in nodes),
        by_sex=not traits or any("sex" in node.dimensions for node in nodes),
        volume=any(node.volume for node in nodes),
    )


def describe_people(
    steps: Steps,
    contract: Contract,
    places: pd.DataFrame,
    conditions: Mapping[str, Sequence[Condition]],
    until: date,
) -> None:
    """Fill the tables of who is known, with which services, needs, bands and cohorts.

    places: from `area_table`; conditions: of each cohort; until: the last month counted (its first day).
    """
    window = {"from_12": _months_before(until, 11), "from_36": _months_before(until, 35), "until": until}
    steps.run("tables")
    services = pd.DataFrame([(each.id, each.partner, each.need) for each in contract.services.values()], dtype="str")
    steps.fill("service_of", services)
    steps.fill("area_of", places)
    _fill_conditions(steps, conditions)
    steps.run("use_of_service", **window)
    steps.run("known")
    steps.run("has_flag", **window)
    steps.run("in_cost_band")
    if conditions:
        steps.run("in_cohort")


def _months_before(month: date, months: int) -> date:
    year, number = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, number + 1, 1)


def _fill_conditions(steps: Steps, conditions: Mapping[str, Sequence[Condition]]) -> None:
    values, needs = [], []
    for cohort, parts in conditions.items():
        for number, part in enumerate(parts):
            needs.append((cohort, number, part.at_least))
            values += [(cohort, number, part.on, value) for value in part.values]
    if needs:
        steps.fill("condition_of", pd.DataFrame(values))
        steps.fill("condition_needs", pd.DataFrame(needs))


def fill_trait(steps: Steps, breakdown: Breakdown, values: Mapping[str, Sequence[str]], side: str) -> None:
    """Make the table `trait`: which values of a breakdown each person of a side has. values: as from `values_of`."""
    steps.run("trait_empty")
    long = breakdown.window > 12
    if not breakdown.traits:
        steps.run("trait_total", side=side, long=long)
        return
    _fill_one(steps, breakdown.traits[0], breakdown.together, values, side, long)
    for trait in breakdown.traits[1:]:
        steps.run("set_aside_for_crossing")
        _fill_one(steps, trait, breakdown.together, values, side, long)
        steps.run("cross")


def _fill_one(
    steps: Steps, trait: str, together: int, values: Mapping[str, Sequence[str]], side: str, long: bool
) -> None:
    single = TOGETHER.get(trait) or EXACTLY.get(trait) or trait
    switches = {"long": long} if single in ("service", "partner", "flag") else {}
    steps.run(f"trait_{single}", side=side, **switches)
    if trait in TOGETHER:
        steps.run("set_aside_for_sets")
        steps.run(f"together_{together}")
    elif trait in EXACTLY:
        steps.run("set_aside_for_sets")
        steps.run("fill_among", values=list(values[single][: EXACTLY_AMONG[trait]]))
        names = {"none": NONE_OF_THEM, "pooled": pooled_name(trait)}
        steps.run("exactly", side=side, pooled_from=EXACTLY_POOLED_FROM[trait], **names)


def count_breakdowns(steps: Steps, lattice: Lattice, values: Mapping[str, Sequence[str]]) -> None:
    """Fill `fine` and `top_of_zone`, one breakdown at a time; nothing after this is about a person."""
    for each in breakdowns(lattice):
        fill_trait(steps, each, values, EVERYONE)
        steps.run("count_trait", breakdown=each.id, by_zone=each.by_zone, by_age=each.by_age, by_sex=each.by_sex)
        if each.volume:
            steps.run("top_of_zone", breakdown=each.id)
    steps.run("trait_empty")


def count_moves(steps: Steps, lattice: Lattice, values: Mapping[str, Sequence[str]]) -> None:
    """Fill `moved` from the changed people's sides "before" and "after", one breakdown at a time."""
    for each in breakdowns(lattice):
        fill_trait(steps, each, values, BEFORE)
        steps.run("set_trait_before")
        fill_trait(steps, each, values, AFTER)
        steps.run("moved", breakdown=each.id)
    steps.run("trait_empty")


def node_counts(steps: Steps, node: Node, step: str = "count_node") -> pd.DataFrame:
    """Return what one node counts: area_code, cell, and the step's numbers (people and contacts, or changed)."""
    switches = {"by_age": "age" in node.dimensions, "by_sex": "sex" in node.dimensions}
    rows = steps.read(step, breakdown=breakdown_id(node), geography=node.geography, **switches)
    return rows.assign(cell=_cells(rows, node)).drop(columns=["age", "sex", "value", "other"])


def top_two(steps: Steps, node: Node) -> pd.DataFrame:
    """Return area_code, cell, top_two of a node with volumes."""
    rows = steps.read("top_two", breakdown=breakdown_id(node), geography=node.geography)
    return rows.assign(cell=_cells(rows, node)).drop(columns="value")


def _cells(rows: pd.DataFrame, node: Node) -> list[str]:
    """Return each row's cell as text."""
    columns = {"age": "age", "sex": "sex", **dict(zip(node.traits, ("value", "other"), strict=False))}
    used = [rows[columns[name]] for name in node.dimensions]
    return [cell_text(dict(zip(node.dimensions, parts, strict=True))) for parts in zip(*used, strict=True)] or [
        ""
    ] * len(rows)
