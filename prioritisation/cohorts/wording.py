"""A rule as a plain sentence, and the words for bands and lists of names."""

from __future__ import annotations

from collections.abc import Sequence

from prioritisation.cohorts.rule import CohortRule, Condition
from prioritisation.contract import NOT_KNOWN, Contract
from prioritisation.disclosure.lattice import CONTACTS_BANDS

EVERYONE = "Everyone known to any partner"
# Nouns that can be counted, so that they take an article; every other service is named without one.
_COUNTED = ("admission", "application", "attendance", "concern", "grant", "incident", "report", "referral", "visit")
_AN = "aeiou"


def sentence(rule: CohortRule, contract: Contract, months: int = 12) -> str:
    """Return a rule in words: "People aged 75 or over, with home care, in the last 12 months"."""
    parts = [phrase(condition, contract) for condition in merged(rule.structure(contract))]
    if not parts:
        return f"{EVERYONE} in the last {months} months"
    return f"People {', '.join(parts)}, in the last {months} months"


def merged(conditions: Sequence[Condition]) -> list[Condition]:
    """Return conditions for reading: what must all be had of one kind is one condition again."""
    found: list[Condition] = []
    for condition in conditions:
        last = found[-1] if found else None
        if last and last.on == condition.on and len(condition.values) == 1 and last.at_least == len(last.values):
            found[-1] = Condition(last.on, last.at_least + 1, (*last.values, *condition.values))
        else:
            found.append(condition)
    return found


def phrase(condition: Condition, contract: Contract) -> str:
    """Return one condition in words that follow "people"."""
    on, at_least, values = condition
    if on == "age":
        return _aged(values, contract)
    if on == "sex":
        return f"recorded as {either(values)}"
    if on == "contacts_band":
        return f"with {either(_joined_bands(values, CONTACTS_BANDS, 'or more'))} contacts"
    if on == "partners" and at_least < len(values) == len(contract.partners) and at_least > 1:
        return f"in contact with {at_least} or more partners"
    begins = {"services": "with", "flags": "whose needs include", "partners": "in contact with"}[on]
    names = named(on, values, contract)
    if 1 < at_least < len(values):
        return f"{begins} at least {at_least} of {'; '.join(names)}"
    return f"{begins} {both(names) if at_least == len(values) else either(names)}"


def named(on: str, values: Sequence[str], contract: Contract) -> list[str]:
    """Return the names of services, flags or partners as they stand inside a sentence."""
    if on == "services":
        return [_service(contract.services[value].name) for value in values]
    if on == "flags":
        return [_small(contract.flags[value].name) for value in values]
    return [contract.partners[value].name for value in values]


def title(dimension: str, value: str, contract: Contract) -> str:
    """Return the name of one value of a dimension, as a table or a chart shows it."""
    on = dimension.removesuffix("_exactly").removesuffix("s")
    names = {
        "service": {each.id: each.name for each in contract.services.values()},
        "flag": {each.id: each.name for each in contract.flags.values()},
        "partner": {each.id: each.name for each in contract.partners.values()},
    }.get(on, {})
    return " + ".join(names.get(each, each) for each in value.split("+")) if names else value


def both(names: Sequence[str]) -> str:
    return _listed(names, "and")


def either(names: Sequence[str]) -> str:
    return _listed(names, "or")


def _listed(names: Sequence[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _aged(values: Sequence[str], contract: Contract) -> str:
    bands = _joined_bands([value for value in values if value != NOT_KNOWN], contract.age_bands, "or over")
    parts = [f"aged {either(bands)}"] if bands else []
    return " or ".join([*parts, "whose age is not known"] if NOT_KNOWN in values else parts)


def _joined_bands(values: Sequence[str], order: Sequence[str], beyond: str) -> list[str]:
    """Return bands in words, neighbours joined: 16-24 and 25-44 are "16 to 44", 75-84 and 85+ "75 or over"."""
    runs: list[list[str]] = []
    for place, band in enumerate(order):
        if band in values:
            follows = runs and place > 0 and order[place - 1] == runs[-1][-1]
            runs[-1].append(band) if follows else runs.append([band])
    return [_span(run[0], run[-1], beyond) for run in runs]


def _span(first: str, last: str, beyond: str) -> str:
    low = first.rstrip("+").split("-")[0]
    if last.endswith("+"):
        return f"{low} {beyond}"
    high = last.split("-")[-1]
    return f"{low} to {high}" if low != high else low


def _service(name: str) -> str:
    small = _small(name)
    if name.split(" (")[0].split()[-1] not in _COUNTED:
        return small
    return f"{'an' if small[0].lower() in _AN else 'a'} {small}"


def _small(name: str) -> str:
    """Return a name with a small first letter, unless it is an abbreviation or a proper name of several words."""
    first, _, second = name.partition(" ")
    proper = not first[1:].islower() or (second[:1].isupper() and not second.isupper())
    return name if proper else name[:1].lower() + name[1:]
