"""Which linear relations hold between measures at one place, age and sex, whoever the people are."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from prioritisation.disclosure.lattice import (
    CONTACTS_BANDS,
    EXACTLY,
    PARTNERS_BANDS,
    cell_text,
    exact_sets,
    pooled_name,
)
from prioritisation.exposure.measures import ALL, ANY, Fact, Meanings, Measure, listed, number

BANDS = {"partners_band": PARTNERS_BANDS, "contacts_band": CONTACTS_BANDS}


@dataclass(frozen=True)
class Term:
    """One measure of a relation, times coefficient; counted only at some ages and sexes where these are given."""

    measure: Measure
    coefficient: float
    ages: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relation:
    """low <= sum of terms <= high, at every place, age and sex."""

    terms: tuple[Term, ...]
    low: float = 0.0
    high: float = math.inf


def relations(known: Known) -> list[Relation]:
    """Return every relation that the meaning of the measures implies, those that follow from others left out."""
    makers: list[Callable[[Known], Iterator[Relation]]] = [
        _inclusions, _bands, _overlaps, _partners_counted, _unions, _covers, _windows, _cohorts, _volumes,
    ]  # fmt: skip
    return list(dict.fromkeys(relation for make in makers for relation in make(known)))


class Known:
    """The measures at hand with their facts, looked up in several ways."""

    def __init__(self, measures: set[Measure], meanings: Meanings) -> None:
        self.meanings = meanings
        self.all = sorted(measures)
        self.people = [measure for measure in self.all if not measure.volume]
        self.windows = sorted({measure.window for measure in self.all})
        self.facts = {measure: meanings.facts(measure) for measure in self.all}
        self.closure = {measure: meanings.closure(measure) for measure in self.all}
        self.counted = {measure: meanings.counted(measure) for measure in self.all if measure.volume}
        self.by_facts = {(measure.window, self.facts[measure]): measure for measure in reversed(self.people)}
        present = {value for facts in self.facts.values() for name, value in facts if name == "partner"}
        self.partners = [each for each in meanings.contract.partners if each in present]
        self.above = {measure: self._above(measure) for measure in self.all}

    def _above(self, measure: Measure) -> set[Measure]:
        """Return the measures that count everyone (and every contact) that this one counts, without itself."""
        return {
            other
            for other in self.all
            if (other.window, other.volume) == (measure.window, measure.volume)
            and self.facts[other] <= self.closure[measure]
            and (not measure.volume or self.counted[measure] <= self.counted[other])
            and other != measure
        }

    def lowest(self, wholes: set[Measure]) -> set[Measure]:
        """Return those that count no more than is needed: none of the others lies strictly beneath them."""
        strictly = {beyond for each in wholes for beyond in self.above[each] if each not in self.above[beyond]}
        return wholes - strictly

    def find(self, window: int, *facts: Fact) -> Measure | None:
        """Return the measure of people that states just these facts."""
        return self.by_facts.get((window, frozenset(facts)))

    def find_all(self, window: int, facts: Iterable[Fact]) -> list[Measure] | None:
        """Return a measure for each of these facts; None if one has none."""
        found = [self.find(window, fact) for fact in facts]
        return [each for each in found if each is not None] if found and None not in found else None


def _sum(parts: Iterable[Measure], whole: Iterable[Measure], low: float = 0.0, high: float = math.inf) -> Relation:
    """Return low <= whole - parts <= high."""
    terms = [*(Term(each, 1.0) for each in whole), *(Term(each, -1.0) for each in parts)]
    return Relation(tuple(terms), low, high)


def _inclusions(known: Known) -> Iterator[Relation]:
    for measure, above in known.above.items():
        for each in sorted(known.lowest(above)):
            yield _sum([measure], [each], 0.0, 0.0 if measure in known.above[each] else math.inf)


def _bands(known: Known) -> Iterator[Relation]:
    """Each person is in exactly one band, and in exactly one exclusive overlap."""
    groups: dict[tuple[int, bool, str, str], dict[str, Measure]] = defaultdict(dict)
    for measure in known.all:
        for name in (*BANDS, *EXACTLY):
            if name in measure.parts:
                rest = {key: value for key, value in measure.parts.items() if key != name}
                groups[measure.window, measure.volume, name, cell_text(rest)][measure.parts[name]] = measure
    for (window, volume, name, text), parts in groups.items():
        whole = Measure(window, text, volume)
        for beyond in sorted(set().union(*(known.above[each] for each in parts.values())) - {whole}):
            inside = [each for each in parts.values() if beyond in known.above[each]]
            if len(inside) > 1 and not volume:
                yield _sum(inside, [beyond])
        if whole in known.facts:
            complete = parts.keys() >= set(BANDS.get(name) or _sets(name, parts, known))
            yield _sum(parts.values(), [whole], 0.0, 0.0 if complete else math.inf)


def _sets(name: str, parts: Iterable[str], known: Known) -> list[str]:
    members = {each for value in parts for each in known.meanings.members(name, value)}
    contract = known.meanings.contract
    order = [each for each in (*contract.partners, *contract.flags) if each in members]
    return exact_sets(name, order)


def _overlaps(known: Known) -> Iterator[Relation]:
    """What is said by flags (or partners) alone is the sum of the exclusive overlaps in which it holds."""
    for name, window in itertools.product(EXACTLY, known.windows):
        sets = {m.parts[name]: m for m in known.people if m.window == window and set(m.parts) == {name}}
        if not sets or not sets.keys() >= set(_sets(name, sets, known)):
            continue
        pooled = sets.get(pooled_name(name))
        among = {each for value in sets for each in known.meanings.members(name, value)}
        for measure in known.people:
            said = known.facts[measure]
            if measure.window == window and said and all(_told(fact, EXACTLY[name], among, known) for fact in said):
                inside = [each for each in sets.values() if said <= known.closure[each]]
                yield _sum(inside, [measure], 0.0, math.inf if pooled else 0.0)
                if pooled:
                    yield _sum([measure], [*inside, pooled])


def _told(fact: Fact, dimension: str, among: set[str], known: Known) -> bool:
    """Return whether somebody's set of flags (or partners), out of `among`, decides whether a fact holds."""
    kind, value = fact
    if kind == "cohort":
        return known.meanings.told_by(value, dimension, among)
    return (kind == dimension and value in among) or (kind == "partners_band" and dimension == "partner")


def _partners_counted(known: Known) -> Iterator[Relation]:
    """Partners add up to one for each of band 1, two for each of band 2, ..., and four or more for the last."""
    for window in known.windows:
        bands = known.find_all(window, [("partners_band", band) for band in PARTNERS_BANDS])
        partners = known.find_all(window, [("partner", each) for each in known.partners])
        if bands and partners:
            singles = [Term(each, 1.0) for each in partners]
            for top, low, high in ((len(bands), 0.0, math.inf), (len(partners), -math.inf, 0.0)):
                weights = [*range(1, len(bands)), top]
                counted = [Term(band, -float(weight)) for band, weight in zip(bands, weights, strict=True)]
                yield Relation((*singles, *counted), low, high)


def _unions(known: Known) -> Iterator[Relation]:
    """Inclusion-exclusion: whoever is in a or in b is in whatever holds both."""
    for measure in known.people:
        facts = sorted(known.facts[measure])
        singles = known.find_all(measure.window, facts)
        if len(facts) not in (2, 3) or not singles:
            continue
        wholes = sorted(known.lowest(set.intersection(*(known.above[each] for each in singles))))
        if len(facts) == 2:
            yield from (_sum(singles, [whole, measure]) for whole in wholes)
            continue
        found = [known.find(measure.window, *some) for some in itertools.combinations(facts, 2)]
        pairs = [each for each in found if each is not None]
        for single in singles:
            holding = [each for each in pairs if known.facts[single] <= known.facts[each]]
            if len(holding) == 2:
                yield _sum(holding, [single, measure])
        if len(pairs) == 3:
            yield from (_sum([*singles, measure], [whole, *pairs]) for whole in wholes)


def _covers(known: Known) -> Iterator[Relation]:
    """Whoever is in contact with a partner is in contact with one of its services; everybody with some partner."""
    contract = known.meanings.contract
    for window in known.windows:
        everyone = known.find(window)
        partners = known.find_all(window, [("partner", each) for each in known.partners])
        if everyone and partners:
            yield _sum([everyone], partners)
        for partner in known.partners:
            whole = known.find(window, ("partner", partner))
            services = known.find_all(window, [("service", each) for each in contract.services_of(partner)])
            if whole and services:
                yield _sum([whole], services)


def _windows(known: Known) -> Iterator[Relation]:
    """Whoever counts over 12 months counts over 36, except in bands and cohorts, which move."""
    moving = {*BANDS, *EXACTLY, "cost_band", "cohort"}
    everything = set(known.all)
    for measure in known.all:
        for window in known.windows:
            longer = Measure(window, measure.text, measure.volume)
            if window > measure.window and longer in everything and not measure.parts.keys() & moving:
                yield _sum([measure], [longer])


def _cohorts(known: Known) -> Iterator[Relation]:
    """A saved cohort is at most what each of its conditions holds."""
    for (cohort, rule), window in itertools.product(known.meanings.cohorts.items(), known.windows):
        whole = known.find(window, ("cohort", cohort))
        for condition in _conditions(rule) if whole else ():
            among = known.find_all(window, condition)
            if whole and among:
                terms = [Term(each, 1.0, listed(rule, "age"), listed(rule, "sex")) for each in among]
                yield Relation((*terms, Term(whole, -1.0)))

        of_these = known.find_all(window, [("flag", each) for each in listed(rule, "flags_of")])
        if whole and of_these:
            yield Relation((*(Term(each, 1.0) for each in of_these), Term(whole, -number(rule, "flags_at_least"))))


def _conditions(rule: Mapping[str, object]) -> Iterator[list[Fact]]:
    """Return lists of facts; every member of the cohort has at least one of each list."""
    for key, name in ALL.items():
        yield from ([(name, each)] for each in listed(rule, key))
    for key, name in ANY.items():
        if values := listed(rule, key):
            yield [(name, each) for each in values]
    if least := listed(rule, "partners_at_least"):
        yield [("partners_band", band) for band in PARTNERS_BANDS[int(least[0]) - 1 :]]


def _volumes(known: Known) -> Iterator[Relation]:
    """Each person counted has a contact; a partner's contacts are its services', all contacts are all partners'."""
    for measure in known.all:
        if not measure.volume:
            continue
        if measure.people in known.facts:
            yield _sum([measure.people], [measure])
        parts = _volume_parts(measure, known)
        present = [each for each in parts if each in known.facts]
        if present:
            yield _sum(present, [measure], 0.0, 0.0 if len(present) == len(parts) else math.inf)


def _volume_parts(measure: Measure, known: Known) -> list[Measure]:
    if not measure.parts:
        return [Measure(measure.window, f"partner={each}", True) for each in known.partners]
    if set(measure.parts) == {"partner"}:
        services = known.meanings.contract.services_of(measure.parts["partner"])
        return [Measure(measure.window, f"service={each}", True) for each in services]
    return []
