"""Overlaps of partners, needs and services: who is in contact with, or has, which of them together.

"exactly": these and no other, so rows add up to everyone; "at least": these, whatever else, so rows overlap each other.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counting import Count, added, cell_count, within
from prioritisation.cohorts.counts import count_sentence, counts_table
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.wording import both, named, title
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import EXACTLY, NONE_OF_THEM, TOGETHER, cell_text, node_id, pooled_name

EXACT, AT_LEAST = "exactly", "at least"
HOW = (EXACT, AT_LEAST)
KINDS = tuple(TOGETHER)
MOST_SETS = 8
MOST_ROWS = 20
_TOGETHER_AT_MOST = 3
_WORDS = {"partners": "in contact with", "services": "with", "flags": "whose needs include"}
_ONLY = {EXACT: ", and no other", AT_LEAST: ""}


@dataclass(frozen=True, eq=False)
class Overlaps:
    """An UpSet chart as tables and words.

    rows: members (tuple of ids), name, size, low, people, high, status; largest first, published only.
    sets: id, name, low, people, high, status of each service, need or partner alone, in the order of the rows' names.
    pooled: everyone in the combinations that have no row of their own, where those can be added up ("exactly");
    hidden: how many combinations that is; text: all of it in plain sentences; "" in `how` where not counted.
    """

    kind: str
    how: str
    rows: pd.DataFrame
    sets: pd.DataFrame
    pooled: Count | None
    hidden: int
    text: str


def ways(cube: PublishedCube, kind: str, geography: str = COUNCIL) -> tuple[str, ...]:
    """Return which of "exactly" and "at least" were counted for a kind and a geography."""
    nodes = {node.id for node in cube.nodes.get((geography, 12), ())}
    exact = f"{kind}_exactly" in EXACTLY and node_id(geography, [f"{kind}_exactly"]) in nodes
    least = node_id(geography, [kind], together=2) in nodes
    return (*([EXACT] if exact else []), *([AT_LEAST] if least else []))


def overlaps(
    cube: PublishedCube, kind: str, how: str = EXACT, geography: str = COUNCIL, area: str | None = None
) -> Overlaps:
    """Return the overlaps of "partners", "flags" or "services" in one area; where not counted, no rows and why.

    At most 8 sets, those with the most people; at most 20 rows; what is suppressed or beyond that is pooled.
    """
    code = area or cube.council
    sets = _sets(cube, kind, geography, code)
    if how not in ways(cube, kind, geography):
        text = f"Overlaps of {kind} ({how}) were not counted for this kind of area."
        return Overlaps(kind, how, _table(cube.contract, kind, []), sets, None, 0, text)
    found = list((_exactly if how == EXACT else _at_least)(cube, kind, geography, code, tuple(sets["id"])))
    shown = [each for each in found if each[0] and each[2].best is not None]
    shown = sorted(shown, key=lambda each: (-(each[2].best or 0), len(each[0]), each[1]))[:MOST_ROWS]
    rest = [each for each in found if each not in shown and each[1] != NONE_OF_THEM]
    pooled = (
        _pooled(cube, rest, [each for each in found if each not in rest], geography, code) if how == EXACT else None
    )
    text = _text(cube, kind, how, shown, pooled, len(rest))
    return Overlaps(kind, how, _table(cube.contract, kind, shown), sets, pooled, len(rest), text)


def _sets(cube: PublishedCube, kind: str, geography: str, area: str) -> pd.DataFrame:
    single = TOGETHER[kind]
    node = node_id(geography, [single])
    known = list(cube.values.get((node, single), ()))
    counts = {value: cell_count(cube, node, area, cell_text({single: value})) for value in known}
    largest = sorted(known, key=lambda value: (-(counts[value].best or 0), known.index(value)))[:MOST_SETS]
    table = counts_table(counts[value] for value in largest)
    table.insert(0, "id", largest)
    table.insert(1, "name", [title(single, value, cube.contract) for value in largest])
    return table


Row = tuple[tuple[str, ...], str, Count]


def _exactly(cube: PublishedCube, kind: str, geography: str, area: str, _: Sequence[str]) -> Iterator[Row]:
    dimension = f"{kind}_exactly"
    node = node_id(geography, [dimension])
    for value in cube.values[node, dimension]:
        alone = value in (NONE_OF_THEM, pooled_name(dimension))
        members = () if alone else tuple(value.split("+"))
        yield members, value, cell_count(cube, node, area, cell_text({dimension: value}))


def _at_least(cube: PublishedCube, kind: str, geography: str, area: str, sets: Sequence[str]) -> Iterator[Row]:
    for size in range(1, _TOGETHER_AT_MOST + 1):
        dimension = kind if size > 1 else TOGETHER[kind]
        node = node_id(geography, [dimension], together=size)
        for members in itertools.combinations(sorted(sets), size):
            value = "+".join(members)
            count = cell_count(cube, node, area, cell_text({dimension: value}))
            if count.is_available:
                yield members, value, count


def _pooled(cube: PublishedCube, rest: Sequence[Row], others: Sequence[Row], geography: str, area: str) -> Count | None:
    """Return everyone in the combinations without a row: at most everyone known less those in the others."""
    if not rest:
        return None
    everyone = cell_count(cube, node_id(geography, []), area, "")
    left = replace(everyone, high=max(0, everyone.high - sum(count.low for _, _, count in others)))
    return within(added([count for _, _, count in rest]), left)


def _table(contract: Contract, kind: str, rows: Sequence[Row]) -> pd.DataFrame:
    table = counts_table(count for _, _, count in rows)
    table.insert(0, "members", [members for members, _, _ in rows])
    table.insert(1, "name", [title(kind, value, contract) for _, value, _ in rows])
    table.insert(2, "size", [len(members) for members, _, _ in rows])
    return table


def _text(cube: PublishedCube, kind: str, how: str, shown: Sequence[Row], pooled: Count | None, hidden: int) -> str:
    parts = [match_sentence(cube)]
    several = [each for each in shown if len(each[0]) > 1][:3]
    for members, _, count in several:
        who = both(named(kind, members, cube.contract))
        parts.append(f"{count_sentence(count).rstrip('.')} {_WORDS[kind]} {who}{_ONLY[how]}.")
    if not several:
        parts.append("No combination of two or more has a published count.")
    if pooled is not None:
        parts.append(f"{hidden} more combinations have no row of their own. Together: {count_sentence(pooled)}")
    elif hidden:
        parts.append(f"{hidden} more combinations have no row: suppressed, which does not mean nobody, or smaller.")
    return " ".join(part for part in parts if part)


def match_sentence(cube: PublishedCube) -> str:
    """Return how many of each partner's people have a key that can match another partner's, as the release says.

    People match within one kind of key, so partners with different kinds overlap less on paper than in life.
    """
    shares = json.loads(cube.facts.get("key_kinds", "{}"))
    alone = {partner: kinds.get("partner_reference", 0) for partner, kinds in shares.items()}
    told = [
        f"{cube.contract.partners[partner].name if partner in cube.contract.partners else partner} {100 - share}%"
        for partner, share in alone.items()
    ]
    if not told:
        return ""
    return (
        f"Share of each partner's people whose key could match another partner's: {', '.join(told)}. "
        "Where that is low, overlaps look smaller than they are."
    )
