"""The peer of the cube: the same counts by pandas, and the proof that they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import EXACTLY, TOGETHER, Lattice, Node, cell_text
from prioritisation.ingest.contacts.counting import node_counts, top_two
from prioritisation.ingest.contacts.steps import Steps

LEFT_OUT = {"cohort", "cost_band", *EXACTLY}  # breakdowns that the peer does not count
_GEOGRAPHIES = {"intermediate zone": "intermediate_zone_code", "ward": "ward", "locality": "locality"}


def from_store(store: duckdb.DuckDBPyConnection, areas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return contacts, and people with their age, sex and area of each geography."""
    contact = store.execute("SELECT person_id, service, month, contacts, flags FROM contact").df()
    resident = store.execute("SELECT * FROM resident").df().set_index("person_id")
    by_zone = areas.set_index("area_code")
    people = pd.DataFrame(
        {"age": resident["age_band"], "sex": resident["sex"], "data zone": resident["area_code"], "council": "C"}
    )
    return contact, people.assign(**{name: people["data zone"].map(by_zone[key]) for name, key in _GEOGRAPHIES.items()})


def counts_by_pandas(
    contact: pd.DataFrame, people: pd.DataFrame, contract: Contract, lattice: Lattice, last_month: date
) -> dict[Node, pd.DataFrame]:
    """Return people (and contacts, and those of the top two, where there are volumes) by node."""
    services = {each.id: (each.partner, each.need) for each in contract.services.values()}
    traits = {months: _traits(contact, services, last_month, months) for months in (12, 36)}
    nodes = [node for node in lattice.nodes if not LEFT_OUT & set(node.dimensions)]
    return {node: _counted(node, traits[node.window], people) for node in nodes}


def same_cells(store: duckdb.DuckDBPyConnection, theirs: Mapping[Node, pd.DataFrame]) -> int:
    """Return how many counts were compared with ours of the same connection. ValueError: one of them differs."""
    compared = 0
    for node, rows in theirs.items():
        ours = _ours(Steps(store), node)
        other = rows.set_axis(pd.MultiIndex.from_tuples(_cells(node, rows), names=ours.index.names))
        other = other.sort_index().astype("int64")
        if not ours.equals(other):
            raise ValueError(f"pandas counts something else at {node.id}")
        compared += ours.size
    return compared


def _ours(steps: Steps, node: Node) -> pd.DataFrame:
    rows = node_counts(steps, node).set_index(["area_code", "cell"])
    if not node.volume:
        return rows[["people"]].sort_index().astype("int64")
    tops = top_two(steps, node).set_index(["area_code", "cell"])["top_two"]
    return rows[["people", "contacts"]].assign(top_two=tops).sort_index().astype("int64")


def _cells(node: Node, rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return area code and cell of rows whose index is area, age, sex and values, as far as there are any."""
    keys = rows.index.to_frame(index=False).astype(str)
    values = keys.drop(columns=[each for each in (node.geography, "age", "sex") if each in keys])
    columns = {name: keys[name] for name in ("age", "sex") if name in keys}
    if node.traits and node.traits[0] in TOGETHER:
        columns[node.traits[0]] = values.agg("+".join, axis=1)
    else:
        columns |= {name: values.iloc[:, place] for place, name in enumerate(node.traits)}
    parts = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] or [{}] * len(keys)
    return list(zip(keys[node.geography], map(cell_text, parts), strict=True))


def _traits(
    contact: pd.DataFrame, services: Mapping[str, tuple[str, str | None]], last_month: date, months: int
) -> dict[str, pd.DataFrame]:
    """Return dimension -> person, value, contacts."""
    first = pd.Timestamp(last_month) - pd.DateOffset(months=months - 1)
    recent = contact[(contact["month"] >= first) & (contact["month"] <= pd.Timestamp(last_month))]
    service = recent.groupby(["person_id", "service"], as_index=False)["contacts"].sum()
    found = {"service": service.rename(columns={"service": "value"})}
    partner = service.assign(value=service["service"].map({name: each[0] for name, each in services.items()}))
    found["partner"] = partner.groupby(["person_id", "value"], as_index=False)["contacts"].sum()
    stated = recent.loc[recent["flags"].str.len() > 0, ["person_id", "flags"]].explode("flags")
    implied = service.assign(flags=service["service"].map({name: each[1] for name, each in services.items()}))
    flags = pd.concat([stated, implied[["person_id", "flags"]].dropna()]).drop_duplicates()
    found["flag"] = flags.rename(columns={"flags": "value"})
    per_person = service.groupby("person_id", as_index=False)["contacts"].sum()
    found["total"] = per_person.assign(value="")
    bands = pd.cut(per_person["contacts"], [0, 4, 11, 23, np.inf], labels=["1-4", "5-11", "12-23", "24+"])
    found["contacts_band"] = per_person.assign(value=bands.astype(str))[["person_id", "value"]]
    partners = found["partner"].groupby("person_id").size().clip(upper=4).rename("value").reset_index()
    found["partners_band"] = partners.assign(value=partners["value"].astype(str).replace("4", "4+"))
    for several in ("service", "flag", "partner"):
        found |= {f"{several}s": _together(found[several][["person_id", "value"]])} if months == 12 else {}
    return found


def _together(single: pd.DataFrame) -> pd.DataFrame:
    pairs = single.merge(single, on="person_id")
    return pairs[pairs["value_x"] < pairs["value_y"]]


def _counted(node: Node, traits: Mapping[str, pd.DataFrame], people: pd.DataFrame) -> pd.DataFrame:
    names = node.traits or ("total",)
    rows = traits[names[0]]
    for name in names[1:]:
        rows = rows.merge(traits[name], on="person_id", suffixes=("", f"_{name}"))
    if node.together == 3:
        first = traits[names[0]].rename(columns={"value_x": "first", "value_y": "value_x"})
        rows = first.merge(traits[names[0]], on=["person_id", "value_x"])
    columns = [node.geography, *(each for each in ("age", "sex") if each in node.dimensions)]
    rows = rows.join(people[columns], on="person_id")
    by = [each for each in rows.columns if each != "person_id" and not each.startswith("contacts")]
    groups = rows.groupby(by, observed=True)
    counts = groups.size().to_frame("people")
    if not node.volume:
        return counts
    first_two = rows.sort_values("contacts", ascending=False).groupby(by, observed=True).head(2)
    tops = first_two.groupby(by, observed=True)["contacts"].sum()
    return counts.assign(contacts=groups["contacts"].sum(), top_two=tops)
