"""A cohort's rule: conditions joined by AND, over closed lists of values only, checked against the contract.

There is no NOT and no free range: a rule can only ask for what somebody is, in bands and lists that are published, so
that no two rules can be subtracted to single somebody out.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import CONTACTS_BANDS
from prioritisation.errors import Fault, UserError

NOT_DONE = "No cohort was counted or saved."
_LISTS = {
    "age": "age",
    "sex": "sex",
    "services_any": "services",
    "services_all": "services",
    "flags_any": "flags",
    "flags_all": "flags",
    "flags_of": "flags",
    "partners_any": "partners",
    "partners_all": "partners",
    "contacts_band": "contacts_band",
}
_NUMBERS = ("flags_at_least", "partners_at_least")
EXCLUSIVE = ("age", "sex", "contacts_band")  # everybody has exactly one of each
ORDER = ("age", "sex", "services", "flags", "partners", "contacts_band")


class Condition(NamedTuple):
    """One condition in plain form: of `values`, somebody has at least `at_least`.

    on: "age", "sex" or "contacts_band", of which everybody has one; or "services", "flags" or "partners".
    """

    on: str
    at_least: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class CohortRule:
    """Conditions joined by AND; () and 0 ask for nothing. `from_record` gives the one form that equal rules share.

    age, sex, contacts_band: one of these bands; *_any: at least one of these; *_all: all of these;
    flags_at_least of flags_of; partners_at_least: different partners in contact.
    """

    age: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    services_any: tuple[str, ...] = ()
    services_all: tuple[str, ...] = ()
    flags_any: tuple[str, ...] = ()
    flags_all: tuple[str, ...] = ()
    flags_at_least: int = 0
    flags_of: tuple[str, ...] = ()
    partners_any: tuple[str, ...] = ()
    partners_all: tuple[str, ...] = ()
    partners_at_least: int = 0
    contacts_band: tuple[str, ...] = ()

    def structure(self, contract: Contract) -> tuple[Condition, ...]:
        """Return the conditions, which all must hold, in a fixed order; those who meet them are the members.

        What must all be had is one condition each. No condition: everyone known.
        """
        found = [Condition("age", 1, self.age), Condition("sex", 1, self.sex)]
        for on in ("services", "flags", "partners"):
            found += [Condition(on, 1, (value,)) for value in getattr(self, f"{on}_all")]
            found.append(Condition(on, 1, getattr(self, f"{on}_any")))
        found.append(Condition("flags", self.flags_at_least, self.flags_of))
        if self.partners_at_least:
            found.append(Condition("partners", self.partners_at_least, tuple(contract.partners)))
        found.append(Condition("contacts_band", 1, self.contacts_band))
        return tuple(sorted((each for each in found if each.values), key=lambda each: ORDER.index(each.on)))

    def without(self, condition: Condition) -> CohortRule:
        """Return the rule with one condition of its structure left out."""
        on, at_least, values = condition
        if on in EXCLUSIVE:
            return replace(self, **{on: ()})  # type: ignore[arg-type]
        every = getattr(self, f"{on}_all")
        if len(values) == 1 and values[0] in every:
            return replace(self, **{f"{on}_all": tuple(each for each in every if each != values[0])})  # type: ignore[arg-type]
        if at_least == 1 and values == getattr(self, f"{on}_any"):
            return replace(self, **{f"{on}_any": ()})  # type: ignore[arg-type]
        if on == "flags":
            return replace(self, flags_at_least=0, flags_of=())
        return replace(self, partners_at_least=0)

    @classmethod
    def from_record(cls, record: object, contract: Contract) -> CohortRule:
        """Read a rule from a table of a TOML or JSON file. UserError: with every fault."""
        rule, faults = read_rule(record, contract)
        if faults:
            raise UserError(
                "This cohort's rule cannot be used.",
                not_done=NOT_DONE,
                remedy="Mend what is named above, then try again.",
                faults=faults,
            )
        return rule

    def to_record(self) -> dict[str, object]:
        """Return the conditions that are set, as `from_record` reads them."""
        set_values = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in set_values.items()}


def implied_by(wanted: Condition, given: Condition) -> bool:
    """Return whether everybody who meets `given` meets `wanted`."""
    if wanted.on != given.on:
        return False
    outside = len(set(given.values) - set(wanted.values))
    return given.at_least - outside >= wanted.at_least


def read_rule(record: object, contract: Contract, where: str = "rule") -> tuple[CohortRule, list[Fault]]:
    """Return the rule of a record and every fault of it; with a fault the rule is not to be used."""
    if not isinstance(record, Mapping):
        return CohortRule(), [Fault(where, "is not a table of conditions.", "Write [rule] with conditions under it.")]
    allowed = _allowed(contract)
    faults = list(_unknown(record, where))
    lists = {
        name: _values(record[name], allowed[on], f"{where}, {name}", faults)
        for name, on in _LISTS.items()
        if name in record
    }
    rule = replace(CohortRule(), **lists)  # type: ignore[arg-type]
    if "flags_at_least" in record and "flags_of" not in record:
        rule = replace(rule, flags_of=tuple(contract.flags))
    if "flags_of" in record and "flags_at_least" not in record:
        faults.append(Fault(f"{where}, flags_of", "does not say how many.", "Write flags_at_least = 2 beside it."))
    most = {"flags_at_least": len(rule.flags_of) or len(contract.flags), "partners_at_least": len(contract.partners)}
    numbers = {
        name: _number(record[name], most[name], f"{where}, {name}", faults) for name in _NUMBERS if name in record
    }
    return _one_form(replace(rule, **numbers), allowed), faults  # type: ignore[arg-type]


def _allowed(contract: Contract) -> dict[str, tuple[str, ...]]:
    return {
        "age": contract.age_bands,
        "sex": contract.sexes,
        "services": tuple(contract.services),
        "flags": tuple(contract.flags),
        "partners": tuple(contract.partners),
        "contacts_band": CONTACTS_BANDS,
    }


def _unknown(record: Mapping[object, object], where: str) -> Iterable[Fault]:
    known = (*_LISTS, *_NUMBERS)
    for name in record:
        if name not in known:
            found = f"there is no condition '{name}'; a rule has no NOT and no free range."
            yield Fault(where, found, f"Use {', '.join(known)}.")


def _values(given: object, allowed: Sequence[str], where: str, faults: list[Fault]) -> tuple[str, ...]:
    """Return a list of values in the contract's order, each once."""
    if not isinstance(given, list | tuple) or not given or not all(isinstance(value, str) for value in given):
        faults.append(Fault(where, "is not a list of values.", f'Write ["{allowed[0]}"].'))
        return ()
    for value in given:
        if value not in allowed:
            close = difflib.get_close_matches(value, allowed, n=1)
            remedy = f"Perhaps '{close[0]}'." if close else f"Use {', '.join(allowed)}."
            faults.append(Fault(where, f"there is no '{value[:60]}'.", remedy))
    return tuple(value for value in allowed if value in given)


def _number(given: object, most: int, where: str, faults: list[Fault]) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= most:
        return given
    faults.append(Fault(where, "is not such a number.", f"Write a whole number from 1 to {most}."))
    return 0


def _one_form(rule: CohortRule, allowed: Mapping[str, Sequence[str]]) -> CohortRule:
    """Return the rule as all who mean the same would have it: nothing that always holds, nothing said twice."""
    while (simpler := _simpler(rule, allowed)) != rule:
        rule = simpler
    return rule


def _simpler(rule: CohortRule, allowed: Mapping[str, Sequence[str]]) -> CohortRule:
    for on in EXCLUSIVE:
        if len(getattr(rule, on)) == len(allowed[on]):
            rule = replace(rule, **{on: ()})  # type: ignore[arg-type]
    if rule.flags_at_least == 1 and not rule.flags_any:
        rule = replace(rule, flags_any=rule.flags_of, flags_at_least=0, flags_of=())
    if rule.flags_at_least and rule.flags_at_least == len(rule.flags_of):
        together = {*rule.flags_all, *rule.flags_of}
        rule = replace(rule, flags_all=_ordered(together, allowed["flags"]), flags_at_least=0, flags_of=())
    for on in ("services", "flags", "partners"):
        some, every = getattr(rule, f"{on}_any"), getattr(rule, f"{on}_all")
        if len(some) == 1:
            every = _ordered({*every, *some}, allowed[on])
        if set(some) & set(every):
            some = ()
        rule = replace(rule, **{f"{on}_any": some, f"{on}_all": every})
    return replace(rule, partners_at_least=0) if rule.partners_at_least == 1 else rule  # everyone known has one


def _ordered(values: set[str], allowed: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in allowed if value in values)
