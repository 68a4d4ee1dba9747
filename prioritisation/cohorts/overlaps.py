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
_MANY = {"partners": "partners", "services": "services", "flags": "needs"}
_NUMBERS = {1: "one", 2: "two", 3: "three"}
_ONLY = {EXACT: ", and no other", AT_LEAST: ""}


@dataclass(frozen=True, eq=False)
class Overlaps:
    """An UpSet chart as tables and words.

    rows: members (tuple of ids), name, size, low, people, high, status; largest first, published only.
    sets: id, name, low, people, high, status of each service, need or partner compared, alone, the largest first.
    pooled: everyone in the combinations that have no row of their own, where those can be added up ("exactly");
    hidden: how many combinations that is; text: all of it in plain sentences.
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


def why_not(cube: PublishedCube, kind: str, how: str, geography: str = COUNCIL) -> str:
    """Return in words why one of "exactly" and "at least" cannot be chosen; empty where it can."""
    if how in ways(cube, kind, geography):
        return ""
    many = _MANY[kind]
    if how in ways(cube, kind, COUNCIL):
        return f"It was counted for {many} in the whole council only: in smaller areas too few people share one set."
    if f"{kind}_exactly" not in EXACTLY and how == EXACT:
        count = len(known_sets(cube, kind, geography))
        return f"It is not counted for {many}: there are {count}, and too few people have exactly the same ones."
    return f"It was not counted for {many} in this release."


def known_sets(cube: PublishedCube, kind: str, geography: str = COUNCIL) -> tuple[str, ...]:
    """Return every service, need or partner that was counted alone in a geography."""
    single = TOGETHER[kind]
    return tuple(cube.values.get((node_id(geography, [single]), single), ()))


def overlaps(
    cube: PublishedCube,
    kind: str,
    how: str = EXACT,
    geography: str = COUNCIL,
    area: str | None = None,
    compared: Sequence[str] = (),
) -> Overlaps:
    """Return the overlaps of "partners", "flags" or "services" in one area; where not counted, no rows and why.

    compared: the sets to look at with "at least"; without them those with the most people. At most 8 sets and 20 rows;
    with "exactly" all sets that were counted so, and what is suppressed or has no row is pooled.
    """
    code = area or cube.council
    exact = how == EXACT and EXACT in ways(cube, kind, geography)
    sets = _sets(cube, kind, geography, code, _exact_members(cube, kind, geography) if exact else compared)
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
    told = [
        match_sentence(cube),
        _compared(kind, len(sets), len(known_sets(cube, kind, geography)), bool(compared), exact),
        *_largest(cube, kind, how, shown),
        _without_row(rest, pooled, counted_together(cube, kind, geography) if how == AT_LEAST else 0),
    ]
    text = " ".join(part for part in told if part)
    return Overlaps(kind, how, _table(cube.contract, kind, shown), sets, pooled, len(rest), text)


def counted_together(cube: PublishedCube, kind: str, geography: str = COUNCIL) -> int:
    """Return how many services, needs or partners at once were counted with "at least"."""
    nodes = {node.id for node in cube.nodes.get((geography, 12), ())}
    sizes = range(2, _TOGETHER_AT_MOST + 1)
    return max((size for size in sizes if node_id(geography, [kind], together=size) in nodes), default=1)


def _exact_members(cube: PublishedCube, kind: str, geography: str) -> list[str]:
    """Return the services, needs or partners of which exact sets were counted."""
    dimension = f"{kind}_exactly"
    values = cube.values[node_id(geography, [dimension]), dimension]
    return sorted({member for value in values for member in cube.exact_sets[dimension].get(value, ())})


def _sets(cube: PublishedCube, kind: str, geography: str, area: str, wanted: Sequence[str]) -> pd.DataFrame:
    """Return the wanted sets with their people, the largest first; the 8 largest where none is wanted."""
    single = TOGETHER[kind]
    node = node_id(geography, [single])
    every = known_sets(cube, kind, geography)
    known = [value for value in every if value in wanted] or list(every)
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


def _largest(cube: PublishedCube, kind: str, how: str, shown: Sequence[Row]) -> Iterator[str]:
    """Yield the three largest combinations of two or more in words."""
    several = [each for each in shown if len(each[0]) > 1][:3]
    for members, _, count in several:
        who = both(named(kind, members, cube.contract))
        yield f"{count_sentence(count).rstrip('.')} {_WORDS[kind]} {who}{_ONLY[how]}."
    if not several:
        yield "No combination of two or more has a published count."


def _compared(kind: str, sets: int, known: int, chosen: bool, exact: bool) -> str:
    """Return which sets are looked at where others are known too."""
    others = known - sets
    if others <= 0:
        return ""
    which = f"{sets} of {known}" if chosen or exact else f"the {sets} largest of {known}"
    return f"Compared are {which} {_MANY[kind]}; combinations with the other {others:,} are not looked at."


def _without_row(rest: Sequence[Row], pooled: Count | None, together: int) -> str:
    """Return what of the sets compared has no row: suppressed, beyond the rows there is room for, or not counted."""
    told = []
    if pooled is not None:
        told.append(f"{len(rest):,} more combinations have no row of their own. Together: {count_sentence(pooled)}")
    elif rest:
        smaller = [count.best for _, _, count in rest if count.best is not None]
        hidden = len(rest) - len(smaller)
        parts = [f"{hidden:,} suppressed, which does not mean nobody"] if hidden else []
        parts += [f"{len(smaller):,} published and no larger than the rows shown"] if smaller else []
        told.append(f"{len(rest):,} more combinations have no row: {', and '.join(parts)}.")
    if together:
        told.append(f"No more than {_NUMBERS[together]} together were counted.")
    return " ".join(told)


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
