"""The library of cohorts: one file each, with a name, a reason and a rule, checked on load."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prioritisation.cohorts.rule import NOT_DONE, CohortRule, read_rule
from prioritisation.cohorts.wording import sentence
from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.framework import IDENTIFIER

LONGEST_TEXT = 400
_TEXTS = ("id", "name", "why")


@dataclass(frozen=True)
class Cohort:
    """A kind of people worth counting. why: the reason to look at them, for the card; rule: who they are."""

    id: str
    name: str
    why: str
    rule: CohortRule

    def sentence(self, contract: Contract) -> str:
        return sentence(self.rule, contract)

    def to_record(self) -> dict[str, object]:
        """Return plain values that `read_cohort` reads back."""
        return {"id": self.id, "name": self.name, "why": self.why, "rule": self.rule.to_record()}


def load_cohorts(catalogue_folder: Path, contract: Contract) -> dict[str, Cohort]:
    """Read the library in the folder `cohorts` of a catalogue, by id. UserError: with every fault of every file."""
    found: dict[str, Cohort] = {}
    faults: list[Fault] = []
    for path in sorted((catalogue_folder / "cohorts").glob("*.toml")):
        cohort, wrong = _read_file(path, contract)
        faults += wrong
        if cohort is None:
            continue
        same = [other.id for other in found.values() if other.rule == cohort.rule]
        if cohort.id in found:
            faults.append(Fault(path.name, f"the id '{cohort.id}' is there twice.", "Give each its own id."))
        elif same:
            faults.append(Fault(path.name, f"the rule is that of '{same[0]}'.", "Take one of them out."))
        found.setdefault(cohort.id, cohort)
    if faults:
        raise UserError(
            f"The library of cohorts in {catalogue_folder / 'cohorts'} cannot be used.",
            not_done=NOT_DONE,
            remedy="Mend the files named above (any text editor will do), then try again.",
            faults=faults,
        )
    return found


def read_cohort(record: object, contract: Contract, where: str = "cohort") -> tuple[Cohort | None, list[Fault]]:
    """Return the cohort of a record, or None with every fault."""
    if not isinstance(record, Mapping):
        return None, [Fault(where, "is not a table.", "Write id, name, why and [rule].")]
    faults = [
        Fault(where, f"there is no setting '{name}'.", f"Use {', '.join(_TEXTS)} and [rule].")
        for name in record
        if name not in (*_TEXTS, "rule")
    ]
    for name in _TEXTS:
        text = record.get(name)
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
            faults.append(Fault(f"{where}, {name}", "is absent, empty or too long.", f'Write {name} = "...".'))
    if isinstance(record.get("id"), str) and not IDENTIFIER.fullmatch(str(record["id"])):
        remedy = "Write small letters, digits, - and _ only, beginning with a letter."
        faults.append(Fault(f"{where}, id", "cannot be used.", remedy))
    rule, wrong = read_rule(record.get("rule"), contract, where)
    faults += wrong
    if not wrong and rule == CohortRule():
        faults.append(Fault(f"{where}, rule", "is everyone known.", "Write at least one condition."))
    if faults:
        return None, faults
    return Cohort(str(record["id"]), str(record["name"]), str(record["why"]), rule), []


def _read_file(path: Path, contract: Contract) -> tuple[Cohort | None, list[Fault]]:
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as fault:
        return None, [Fault(path.name, f"cannot be read ({type(fault).__name__}).", "Save it as UTF-8.")]
    except tomllib.TOMLDecodeError as fault:
        return None, [Fault(path.name, f"is not valid TOML: {fault}.", "Mend that line; see the other cohorts.")]
    return read_cohort(record, contract, path.name)
