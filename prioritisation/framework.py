"""A prioritisation framework: priorities, the indicators that feed them, weights and method; read from TOML."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prioritisation.errors import Fault, UserError

HIGHER_IS_WORSE = "higher_is_worse"
HIGHER_IS_BETTER = "higher_is_better"
POLARITIES = (HIGHER_IS_WORSE, HIGHER_IS_BETTER)
METHODS = ("percentile", "min-max", "z-score", "exponential")
AGGREGATES = ("arithmetic", "geometric")
STATUSES = ("placeholder", "agreed")
REFERENCES = ("council", "all")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class Normalisation:
    """How an indicator becomes 0-100; `rank_offset` is the constant in R = (N + rank_offset - rank) / N."""

    method: str = "percentile"
    rank_offset: float = 0.0


@dataclass(frozen=True)
class IndicatorShare:
    """One indicator's share (of 1) in its priority; a polarity here overrides the catalogue's."""

    id: str
    share: float
    polarity: str | None = None


@dataclass(frozen=True)
class Priority:
    """One agreed priority, its question for the room, its weight (share of 1) and what feeds it."""

    id: str
    name: str
    question: str
    weight: float
    indicators: tuple[IndicatorShare, ...]


@dataclass(frozen=True)
class Framework:
    """All that a partnership agrees beforehand. Weights, and shares inside each priority, sum to 1."""

    id: str
    name: str
    status: str
    aggregate: str
    normalise: Normalisation
    cut: int
    patch_population: tuple[int, int] | None
    priorities: tuple[Priority, ...]
    reference: str = "council"

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(priority.weight for priority in self.priorities)

    @property
    def priority_ids(self) -> tuple[str, ...]:
        return tuple(priority.id for priority in self.priorities)

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """Indicators in order of first use, each once."""
        used = (entry.id for priority in self.priorities for entry in priority.indicators)
        return tuple(dict.fromkeys(used))


_PRIORITY_KEYS = {"id": str, "name": str, "question": str, "weight": (int, float), "indicators": list}
_FRAMEWORK_KEYS = {
    "id": str,
    "name": str,
    "status": str,
    "aggregate": str,
    "normalise": (str, dict),
    "cut": int,
    "patch": dict,
    "priority": list,
    "reference": str,
}
_REQUIRED = ("id", "name", "priority")
_KIND_NAMES: Mapping[Any, str] = {
    str: 'text in quotes, such as "housing"',
    int: "a whole number, such as 15",
    list: "a list in square brackets",
    dict: "a table in braces",
    (int, float): "a number, such as 0.25",
    (str, dict): 'text in quotes, such as "percentile"',
}


def read_framework(path: Path, known_indicators: Iterable[str] | None) -> tuple[Framework | None, list[Fault]]:
    """Read one framework file; return it, or None with every fault found.

    known_indicators: ids that indicators may name; None accepts any (they are checked against a table later).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except FileNotFoundError:
        return None, [Fault(str(path), "there is no such file.", "Check the name, or give a framework's id.")]
    except (OSError, UnicodeDecodeError) as fault:
        return None, [Fault(str(path), f"cannot be read as text ({type(fault).__name__}).", "Save it as UTF-8.")]
    except tomllib.TOMLDecodeError as fault:
        return None, [Fault(path.name, f"is not valid TOML: {fault}.", "Mend that line; see the other frameworks.")]
    reader = _Reader(path.name, text, None if known_indicators is None else set(known_indicators))
    framework = reader.framework(content)
    return (None if reader.faults else framework), reader.faults


def load_framework(path: Path, known_indicators: Iterable[str] | None = None) -> Framework:
    """Read one framework file, or raise UserError with all its faults."""
    framework, faults = read_framework(path, known_indicators)
    if framework is None:
        raise UserError(
            f"The framework file {path.name} has {len(faults)} fault{'s' if len(faults) != 1 else ''}.",
            faults=faults,
            not_done="The framework was not used, and nothing was ranked.",
            remedy="Mend the lines named above, then try again.",
        )
    return framework


class _Reader:
    """Checks one parsed file and collects its faults with the line that each stands on."""

    def __init__(self, file: str, text: str, known: set[str] | None) -> None:
        self.file, self.lines, self.known = file, text.splitlines(), known
        self.faults: list[Fault] = []
        heads = [number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*priority\s*\]\]", line)]
        self.starts = [0, *heads]
        self.ends = [*heads, len(self.lines)]

    def fault(self, section: int, key: str, found: str, remedy: str) -> None:
        """Note a fault; section 0 is the head of the file, n the nth [[priority]]."""
        self.faults.append(Fault(f"{self.file}, line {self._line(section, key)}", found, remedy))

    def _line(self, section: int, key: str) -> int:
        section = min(section, len(self.starts) - 1)
        first = self.starts[section]
        pattern = re.compile(rf'(^|[\s{{,"]){re.escape(key)}["\s]*(=|,|\}}|$)')
        for number in range(first, self.ends[section]):
            if pattern.search(self.lines[number].split("#")[0]):
                return number + 1
        return first + 1

    def keys(self, table: Mapping[str, Any], allowed: Mapping[str, Any], section: int, what: str) -> None:
        """Unknown keys and values of the wrong kind are faults: no key is silently ignored."""
        for key, value in table.items():
            if key not in allowed:
                self.fault(section, key, f"{what} has no setting called '{key}'.", f"Use one of: {', '.join(allowed)}.")
            elif not isinstance(value, allowed[key]) or isinstance(value, bool):
                self.fault(section, key, f"'{key}' has the wrong kind of value.", f"Write {_KIND_NAMES[allowed[key]]}.")

    def choice(self, table: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
        value = table.get(key, allowed[0])
        if isinstance(value, str) and value not in allowed:
            self.fault(0, key, f"{key} is '{value}'.", f"Write one of: {', '.join(allowed)}.")
        return str(value)

    def framework(self, content: Mapping[str, Any]) -> Framework:
        self.keys(content, _FRAMEWORK_KEYS, 0, "A framework")
        for key in _REQUIRED:
            if key not in content:
                self.fault(
                    0, key, f"'{key}' is missing.", f"Add {'[[priority]]' if key == 'priority' else key + ' = ...'}."
                )
        self.identifier(content.get("id"), 0)
        cut = content.get("cut", 15)
        if isinstance(cut, int) and cut < 1:
            self.fault(0, "cut", f"cut is {cut}.", "Write how many areas the shortlist takes, 1 or more.")
        made = Framework(
            id=str(content.get("id", "")),
            name=str(content.get("name", "")),
            status=self.choice(content, "status", STATUSES),
            aggregate=self.choice(content, "aggregate", AGGREGATES),
            normalise=self.normalisation(content.get("normalise", "percentile")),
            cut=cut if isinstance(cut, int) else 15,
            patch_population=self.patch(content.get("patch")),
            priorities=self.priorities(content.get("priority", [])),
            reference=self.choice(content, "reference", REFERENCES),
        )
        if made.aggregate == "geometric" and made.normalise.method == "z-score":
            remedy = 'Write normalise = "percentile", or aggregate = "arithmetic".'
            self.fault(0, "aggregate", "a geometric mean cannot be taken of z-scores, which may be below 0.", remedy)
        return made

    def identifier(self, value: object, section: int) -> None:
        if isinstance(value, str) and not IDENTIFIER.fullmatch(value):
            remedy = "Write small letters, digits, - and _ only, beginning with a letter."
            self.fault(section, "id", f"the id '{value}' cannot be used.", remedy)

    def normalisation(self, value: object) -> Normalisation:
        table = {"method": value} if isinstance(value, str) else value
        if not isinstance(table, dict):
            return Normalisation()
        self.keys(table, {"method": str, "rank_offset": (int, float)}, 0, "normalise")
        method, offset = table.get("method", ""), table.get("rank_offset", 0)
        if method not in METHODS:
            self.fault(0, "normalise", f"the method is '{method}'.", f"Write one of: {', '.join(METHODS)}.")
        if isinstance(offset, (int, float)) and not 0 <= offset <= 1:
            self.fault(0, "normalise", f"rank_offset is {offset}.", "Write a number from 0 to 1.")
            offset = 0
        return Normalisation(str(method), float(offset) if isinstance(offset, (int, float)) else 0.0)

    def patch(self, value: object) -> tuple[int, int] | None:
        if not isinstance(value, dict):
            return None
        self.keys(value, {"population": list}, 0, "patch")
        match value.get("population"):
            case [int() as low, int() as high] if 0 < low <= high:
                return low, high
        remedy = "Write the smallest and largest number of people: patch = { population = [5000, 10000] }."
        self.fault(0, "patch", "patch has no usable population range.", remedy)
        return None

    def priorities(self, tables: object) -> tuple[Priority, ...]:
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.fault(0, "priority", "priorities are not written as tables.", "Begin each with a line [[priority]].")
            return ()
        if not tables:
            self.fault(0, "priority", "there is no priority.", "Add at least one [[priority]].")
        made = [self.priority(table, section) for section, table in enumerate(tables, start=1)]
        self.unique([priority.id for priority in made])
        total = sum(priority.weight for priority in made)
        if made and total <= 0:
            self.fault(1, "weight", "all weights are zero.", "Give at least one priority a weight above zero.")
            return tuple(made)
        return tuple(replace(priority, weight=priority.weight / total) for priority in made)

    def unique(self, ids: list[str]) -> None:
        for section, identifier in enumerate(ids, start=1):
            if identifier and identifier in ids[: section - 1]:
                self.fault(section, "id", f"two priorities have the id '{identifier}'.", "Give each its own id.")

    def priority(self, table: Mapping[str, Any], section: int) -> Priority:
        self.keys(table, _PRIORITY_KEYS, section, "A priority")
        for key in ("id", "name", "weight", "indicators"):
            if key not in table:
                self.fault(section, "[[priority]]", f"priority {section} has no '{key}'.", f"Add {key} = ...")
        self.identifier(table.get("id"), section)
        weight = self.number(table.get("weight", 0.0), section, "weight")
        entries = table.get("indicators", [])
        usable = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        if "indicators" in table and (not usable or len(usable) != len(entries)):
            remedy = 'Write indicators = [ { id = "income_rate", share = 1.0 } ].'
            self.fault(section, "indicators", "indicators is not a list of indicators.", remedy)
        return Priority(
            id=str(table.get("id", "")),
            name=str(table.get("name", "")),
            question=str(table.get("question", "")),
            weight=weight,
            indicators=self.shares(usable, section),
        )

    def number(self, value: object, section: int, key: str, identifier: str = "") -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return 0.0
        if not math.isfinite(value) or value < 0:
            self.fault(section, identifier or key, f"{key} is {value}.", "Write a number that is 0 or more.")
            return 0.0
        return float(value)

    def shares(self, entries: list[dict[str, Any]], section: int) -> tuple[IndicatorShare, ...]:
        made = [self.share(entry, section) for entry in entries]
        total = sum(entry.share for entry in made)
        if made and total <= 0:
            self.fault(section, "indicators", "all shares are zero.", "Give at least one indicator a share above zero.")
            return tuple(made)
        return tuple(replace(entry, share=entry.share / total) for entry in made)

    def share(self, entry: Mapping[str, Any], section: int) -> IndicatorShare:
        identifier = str(entry.get("id", ""))
        self.keys(entry, {"id": str, "share": (int, float), "polarity": str}, section, "An indicator")
        if not identifier:
            self.fault(section, "indicators", "an indicator has no id.", 'Write { id = "income_rate", share = 0.5 }.')
        elif self.known is not None and identifier not in self.known:
            remedy = f"Write one of the indicators in indicators.csv{_nearest(identifier, self.known)}."
            self.fault(section, identifier, f"there is no indicator '{identifier}'.", remedy)
        polarity = entry.get("polarity")
        if polarity is not None and polarity not in POLARITIES:
            self.fault(section, identifier, f"the polarity is '{polarity}'.", f"Write one of: {', '.join(POLARITIES)}.")
        share = self.number(entry.get("share", 1.0), section, "share", identifier)
        return IndicatorShare(identifier, share, polarity)


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f", perhaps '{close[0]}'" if close else ""
