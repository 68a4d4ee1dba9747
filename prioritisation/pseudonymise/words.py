"""A partner's own names of columns, services and flags, from a file. Standard library, Python 3.9 syntax."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prioritisation.pseudonymise.raw import NOT_DONE, ROLES
from prioritisation.pseudonymise.rules import Refusal, comparable

_PARTS = ("columns", "services", "flags")
_NAMES_OF_COLUMNS = frozenset(comparable(name) for role, names in ROLES.items() for name in (role, *names))


@dataclass(frozen=True)
class OwnWords:
    """A partner's own names: header -> our column, and its words for services and flags -> our ids."""

    columns: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)

    def faults(self, services: Mapping[str, object], flags: Mapping[str, object]) -> list[str]:
        """Say how many words of each part lead nowhere."""
        ends = (
            ("columns", [comparable(name) in _NAMES_OF_COLUMNS for name in self.columns.values()], ROLES),
            ("services", [id in services for id in self.services.values()], services),
            ("flags", [id in flags for id in self.flags.values()], flags),
        )
        return [
            f"--map: {known.count(False)} of the {part} lead to no {part[:-1]} of the contract. Use {', '.join(names)}."
            for part, known, names in ends
            if not all(known)
        ]


def read_words(path: Path) -> OwnWords:
    """Read own words from a JSON or TOML file with the parts columns, services and flags. Raises Refusal."""
    try:
        content = path.read_text(encoding="utf-8-sig")
        record = _toml(content) if path.suffix.lower() == ".toml" else json.loads(content)
    except OSError as fault:
        raise Refusal(f"The --map file cannot be read ({fault.strerror}).", NOT_DONE, "Check its name.") from fault
    except ImportError as fault:
        raise Refusal("This Python cannot read TOML.", NOT_DONE, "Write the --map file as JSON.") from fault
    except ValueError as fault:
        raise Refusal("The --map file is not valid JSON or TOML.", NOT_DONE, _AS_JSON) from fault
    parts = record if isinstance(record, dict) else {"": {}}
    if not set(parts) <= set(_PARTS) or not all(_texts(part) for part in parts.values()):
        raise Refusal("The --map file does not hold what it should.", NOT_DONE, _AS_JSON)
    return OwnWords(**parts)


_AS_JSON = 'Write {"columns": {"Your header": "identifier"}, "services": {"Your word": "advice"}, "flags": {}}.'


def _toml(content: str) -> object:
    import tomllib

    return tomllib.loads(content)


def _texts(part: object) -> bool:
    return isinstance(part, dict) and all(isinstance(value, str) for value in part.values())
