"""What a cell counts, apart from where and at which age and sex; and what that means in terms of other cells.

A measure is a conjunction of facts about a person. `Meanings` knows which facts follow from which: being in contact
with a service means being in contact with its partner, and having the need flag it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import (
    NONE_OF_THEM,
    OF_THE_PERSON,
    PARTNERS_BANDS,
    TOGETHER,
    cell_parts,
    cell_text,
    pooled_name,
)

Fact = tuple[str, str]
Facts = frozenset[Fact]
TOTAL = ""
ALL = {"services_all": "service", "flags_all": "flag", "partners_all": "partner"}
ANY = {"services_any": "service", "flags_any": "flag", "partners_any": "partner", "contacts_band": "contacts_band"}


@dataclass(frozen=True, order=True)
class Measure:
    """What is counted: the conditions of a cell without age and sex, over how many months, people or contacts."""

    window: int
    text: str
    volume: bool = False

    @property
    def parts(self) -> dict[str, str]:
        return cell_parts(self.text)

    @property
    def people(self) -> Measure:
        return Measure(self.window, self.text)


def split_cell(text: str) -> tuple[str, str | None, str | None]:
    """Return (text of the measure, age band or None, sex or None) of a cell."""
    parts = cell_parts(text)
    rest = {name: value for name, value in parts.items() if name not in OF_THE_PERSON}
    return cell_text(rest), parts.get("age"), parts.get("sex")


@dataclass(frozen=True, eq=False)
class Meanings:
    """Which facts follow from which, from the contract and from the rules of the saved cohorts (records by id)."""

    contract: Contract
    cohorts: Mapping[str, Mapping[str, object]]

    def facts(self, measure: Measure) -> Facts:
        """Return the facts that a measure states, one by one."""
        found: set[Fact] = set()
        for name, value in measure.parts.items():
            if name in TOGETHER:
                found |= {(TOGETHER[name], each) for each in value.split("+")}
            else:
                found.add((name, value))
        return frozenset(found)

    def closure(self, measure: Measure) -> Facts:
        """Return every fact that follows from a measure, its own included."""
        found, size = set(self.facts(measure)), -1
        while size != len(found):
            size = len(found)
            for fact in tuple(found):
                found |= self._follows(fact)
            found |= {("cohort", cohort) for cohort, rule in self.cohorts.items() if self._met(rule, found)}
        return frozenset(found)

    def _follows(self, fact: Fact) -> set[Fact]:
        name, value = fact
        if name == "service" and value in self.contract.services:
            service = self.contract.services[value]
            return {("partner", service.partner)} | ({("flag", service.need)} if service.need else set())
        if name == "partners_exactly" and (members := self.members(name, value)):
            band = PARTNERS_BANDS[min(len(members), len(PARTNERS_BANDS)) - 1]
            return {("partners_band", band), *(("partner", each) for each in members)}
        if name == "flags_exactly":
            return {("flag", each) for each in self.members(name, value)}
        return set(self.certain(value)) if name == "cohort" else set()

    @staticmethod
    def members(exclusive: str, value: str) -> tuple[str, ...]:
        """Return what an exclusive overlap consists of; () when it is pooled, or means none at all."""
        return () if value in (NONE_OF_THEM, pooled_name(exclusive)) else tuple(value.split("+"))

    def certain(self, cohort: str) -> Facts:
        """Return the facts that hold for every member of a saved cohort."""
        rule = self.cohorts.get(cohort, {})
        return frozenset((name, each) for key, name in ALL.items() for each in listed(rule, key))

    def _met(self, rule: Mapping[str, object], facts: set[Fact]) -> bool:
        """Return whether all of whom these facts hold meet a rule; one about age or sex is met by nobody for sure."""
        if any(listed(rule, name) for name in OF_THE_PERSON):
            return False
        had = {name: {value for kind, value in facts if kind == name} for name in {*ALL.values(), *ANY.values()}}
        bands = [int(value.rstrip("+")) for kind, value in facts if kind == "partners_band"]
        partners = max([len(had["partner"]), *bands])
        of_these = had["flag"] & set(listed(rule, "flags_of"))
        return (
            all(had[name] >= set(listed(rule, key)) for key, name in ALL.items())
            and all(not listed(rule, key) or had[name] & set(listed(rule, key)) for key, name in ANY.items())
            and partners >= number(rule, "partners_at_least")
            and len(of_these) >= number(rule, "flags_at_least")
        )

    def told_by(self, cohort: str, dimension: str, among: set[str]) -> bool:
        """Return whether a cohort's rule speaks of nothing but flags, or partners, out of `among`."""
        rule = self.cohorts.get(cohort, {})
        named = {each for key in rule if not key.endswith("_at_least") for each in listed(rule, key)}
        return bool(rule) and all(key.startswith(f"{dimension}s_") for key in rule) and named <= among

    def counted(self, measure: Measure) -> frozenset[str]:
        """Return the services whose contacts a measure of volume adds up."""
        facts = self.facts(measure)
        services = {value for name, value in facts if name == "service"}
        partners = {value for name, value in facts if name == "partner"}
        if services:
            return frozenset(services)
        return frozenset(
            service.id for service in self.contract.services.values() if not partners or service.partner in partners
        )


def listed(rule: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return a condition of a cohort's rule as a tuple of values."""
    value = rule.get(name)
    if value is None:
        return ()
    return tuple(str(each) for each in value) if isinstance(value, list | tuple | set | frozenset) else (str(value),)


def number(rule: Mapping[str, object], name: str) -> int:
    """Return a number of a cohort's rule; 0 where it asks for none."""
    return int(next(iter(listed(rule, name)), "0"))
