"""The closed lattice: the one list of breakdowns in which people may be counted, per geography."""

from __future__ import annotations

import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError

LATTICE_FILE = "lattice.toml"
GEOGRAPHIES = ("council", "locality", "ward", "intermediate zone", "data zone")
WINDOWS = (12, 36)
OF_THE_PERSON = ("age", "sex")  # everybody has exactly one of each
TOGETHER = {"services": "service", "flags": "flag", "partners": "partner"}  # all of several, of which dimension
EXACTLY = {"flags_exactly": "flag", "partners_exactly": "partner"}  # these and no other
PARTNERS_BANDS = ("1", "2", "3", "4+")
CONTACTS_BANDS = ("1-4", "5-11", "12-23", "24+")
COST_BANDS = ("50", "65", "80", "95", "100")  # exclusive: those who make up the first 50% of cost, the next 15%, ...
DIMENSIONS = (
    *OF_THE_PERSON,
    *("service", "flag", "partner", "partners_band", "contacts_band", "cost_band", "cohort"),
    *TOGETHER,
    *EXACTLY,
)
OVER_36_MONTHS = ("service", "flag", "partner", *OF_THE_PERSON)
WITH_VOLUME: tuple[frozenset[str], ...] = (frozenset({"service"}), frozenset({"partner"}), frozenset())
EXACTLY_AMONG = {"flags_exactly": 8, "partners_exactly": 6}  # the first so many of the contract
EXACTLY_POOLED_FROM = {"flags_exactly": 4, "partners_exactly": 7}  # sets of so many or more are one cell
NONE_OF_THEM = "none"


@dataclass(frozen=True)
class Node:
    """One breakdown at one geography. dimensions: sorted names, none for everybody; window: months counted.

    volume: contacts are counted too; together: how many services, flags or partners at once (1 where not).
    """

    id: str
    geography: str
    dimensions: tuple[str, ...]
    window: int
    volume: bool
    together: int = 1
    question: str = field(default="", compare=False)

    @property
    def traits(self) -> tuple[str, ...]:
        """The dimensions besides age and sex."""
        return tuple(name for name in self.dimensions if name not in OF_THE_PERSON)


@dataclass(frozen=True)
class Lattice:
    """All nodes, what matters most first: where a cell must be hidden to protect another, later nodes go first."""

    nodes: tuple[Node, ...]

    @cached_property
    def hash(self) -> str:
        """Twelve hex digits of all that decides what is counted, kept with every cube; wording is left out."""
        listed = [{name: value for name, value in asdict(node).items() if name != "question"} for node in self.nodes]
        return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()[:12]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Node id -> node, in order."""
        return {node.id: node for node in self.nodes}

    def find(self, geography: str, dimensions: Iterable[str], window: int = 12, together: int = 1) -> Node | None:
        """Return the node of this breakdown, or None: then it is not available."""
        return self.by_id.get(node_id(geography, dimensions, window, together))


def node_id(geography: str, dimensions: Iterable[str], window: int = 12, together: int = 1) -> str:
    """Return the id of a breakdown, such as "locality.age.sex.service", "council.flags.of2", "data_zone.flag.36m"."""
    parts = [geography.replace(" ", "_"), *(sorted(dimensions) or ["total"])]
    parts += [f"of{together}"] if together > 1 else []
    return ".".join(parts + ([f"{window}m"] if window != WINDOWS[0] else []))


def cell_text(parts: Mapping[str, str]) -> str:
    """Return a cell as text: name=value in the order of names, joined by ";"; everybody is ""."""
    return ";".join(f"{name}={parts[name]}" for name in sorted(parts))


def cell_parts(cell: str) -> dict[str, str]:
    """Return the dimension -> value of a cell's text."""
    return dict(part.split("=", 1) for part in cell.split(";")) if cell else {}


def together(names: Iterable[str]) -> str:
    """Return the value of several services, flags or partners at once: "a+b", sorted."""
    return "+".join(sorted(names))


def values_of(
    contract: Contract, *, partners: Iterable[str], cohorts: Iterable[str] = (), with_cost: bool = False
) -> dict[str, tuple[str, ...]]:
    """Return dimension -> every value it can take, in the contract's order.

    partners: those that have sent an extract; the services of the others are left out, all flags stay.
    """
    present = set(partners)
    return {
        "age": tuple(contract.age_bands),
        "sex": tuple(contract.sexes),
        "service": tuple(each.id for each in contract.services.values() if each.partner in present),
        "flag": tuple(contract.flags),
        "partner": tuple(each for each in contract.partners if each in present),
        "partners_band": PARTNERS_BANDS,
        "contacts_band": CONTACTS_BANDS,
        "cost_band": COST_BANDS if with_cost else (),
        "cohort": tuple(cohorts),
    }


def node_values(node: Node, dimension: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return every value that a dimension of a node can take; values: as from `values_of`."""
    if dimension in TOGETHER:
        return [together(names) for names in itertools.combinations(values[TOGETHER[dimension]], node.together)]
    if dimension in EXACTLY:
        return exact_sets(dimension, values[EXACTLY[dimension]])
    return list(values[dimension])


def exact_sets(dimension: str, names: Sequence[str]) -> list[str]:
    """Return every exclusive overlap of flags_exactly or partners_exactly, and "none" where that can be.

    Large sets are one cell by their size, never by their count: what is pooled must not depend on people.
    """
    of_none = [NONE_OF_THEM] if may_have_none(dimension, names) else []
    names, pooled = names[: EXACTLY_AMONG[dimension]], EXACTLY_POOLED_FROM[dimension]
    sizes = range(1, min(len(names), pooled - 1) + 1)
    sets = [together(chosen) for size in sizes for chosen in itertools.combinations(names, size)]
    return [*of_none, *sets, *([pooled_name(dimension)] if len(names) >= pooled else [])]


def may_have_none(dimension: str, names: Sequence[str]) -> bool:
    """Whether a known person can have none of the names: of flags always, of partners when some are left out."""
    return dimension != "partners_exactly" or len(names) > EXACTLY_AMONG[dimension]


def pooled_name(dimension: str) -> str:
    """Return the value of all larger sets, such as "4 or more"."""
    return f"{EXACTLY_POOLED_FROM[dimension]} or more"


def cells_of(node: Node, values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the text of every cell that could exist in a node, in any one area."""
    choices = [node_values(node, name, values) for name in node.dimensions]
    return [cell_text(dict(zip(node.dimensions, chosen, strict=True))) for chosen in itertools.product(*choices)]


def load_lattice(folder: Path) -> Lattice:
    """Read lattice.toml of a catalogue folder. UserError: with everything that is wrong in it."""
    path = folder / LATTICE_FILE
    try:
        records = tomllib.loads(path.read_text(encoding="utf-8")).get("node", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise _refused([Fault(str(path), f"cannot be read ({type(fault).__name__}).")]) from fault
    return lattice_of(records)


def lattice_of(records: object) -> Lattice:
    """Return the lattice that a list of records states. UserError: with everything that is wrong in it."""
    if not isinstance(records, list) or not records or not all(isinstance(each, dict) for each in records):
        raise _refused([Fault(LATTICE_FILE, "it has no list of nodes.", "Write [[node]] before each.")])
    faults = [fault for number, record in enumerate(records, 1) for fault in _faults(number, record)]
    if not faults:
        nodes = tuple(node for record in records for node in _nodes(record))
        seen: set[str] = set()
        twice = [node.id for node in nodes if node.id in seen or seen.add(node.id)]  # type: ignore[func-returns-value]
        faults = [Fault(each, "this breakdown is there twice.", "Take one of them out.") for each in twice]
    if faults:
        raise _refused(faults)
    return Lattice(nodes)


def _nodes(record: Mapping[str, object]) -> Iterator[Node]:
    dimensions = tuple(sorted(record["breakdown"]))  # type: ignore[call-overload]
    window, several = int(record.get("months", 12)), int(record.get("together", 1))  # type: ignore[call-overload]
    for geography in record["geographies"]:  # type: ignore[attr-defined]
        name = node_id(geography, dimensions, window, several)
        volume, question = bool(record.get("volume", False)), str(record["question"])
        yield Node(name, geography, dimensions, window, volume, several, question)


def _faults(number: int, record: Mapping[str, object]) -> Iterator[Fault]:
    where = f"node {number}"
    known = {"question", "geographies", "breakdown", "months", "volume", "together"}
    for name in sorted(record.keys() - known):
        yield Fault(where, f"'{name}' is not known.", f"Use {', '.join(sorted(known))}.")
    if not isinstance(record.get("question"), str) or not record.get("question"):
        yield Fault(where, "it has no question.", "Write the question that it answers.")
    yield from _list_faults(where, "geographies", record.get("geographies"), GEOGRAPHIES, required=True)
    yield from _list_faults(where, "breakdown", record.get("breakdown"), DIMENSIONS, required=False)
    if isinstance(record.get("breakdown"), list):
        yield from _breakdown_faults(where, record)


def _list_faults(where: str, name: str, given: object, allowed: Sequence[str], required: bool) -> Iterator[Fault]:
    usable = isinstance(given, list) and (bool(given) or not required) and len(set(map(str, given))) == len(given)
    if not usable:
        yield Fault(where, f"{name} is not a list of different names.", f'Write {name} = ["{allowed[0]}"].')
    elif set(map(str, given)) - set(allowed):  # type: ignore[call-overload]
        yield Fault(where, f"{name} has a name that is not known.", f"Use {', '.join(allowed)}.")


def _breakdown_faults(where: str, record: Mapping[str, object]) -> Iterator[Fault]:
    names = set(map(str, record["breakdown"]))  # type: ignore[call-overload]
    several = names & TOGETHER.keys()
    if len(names - set(OF_THE_PERSON)) > 2:
        yield Fault(where, "it has more than two names besides age and sex.", "Leave some out.")
    if record.get("months", 12) not in WINDOWS:
        yield Fault(where, "months is neither 12 nor 36.", "Write 12 or 36.")
    if record.get("months", 12) != WINDOWS[0] and names - set(OVER_36_MONTHS):
        yield Fault(where, "over 36 months it has a breakdown of 12.", f"Use {', '.join(OVER_36_MONTHS)}.")
    if (record.get("together", 1) in (2, 3)) != bool(several) or len(several) > 1:
        yield Fault(where, "together does not fit the breakdown.", "Write 2 or 3 with services, flags or partners.")
    if record.get("volume", False) not in (True, False) or (record.get("volume") and names not in WITH_VOLUME):
        yield Fault(where, "volume does not fit the breakdown.", "Contacts are counted by service or partner alone.")


def _refused(faults: Sequence[Fault]) -> UserError:
    return UserError(
        f"The list of breakdowns ({LATTICE_FILE}) cannot be used.",
        not_done="No count of people was made or published.",
        remedy="Put these right, or put the file that comes with the product back in its place.",
        faults=faults,
    )
