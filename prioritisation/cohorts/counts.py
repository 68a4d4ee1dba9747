"""Questions about people and where they live, answered in numbers and words from published cells only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counting import (
    NOT_AVAILABLE,
    PUBLISHED,
    SUPPRESSED,
    Count,
    added,
    can_be_counted,
    counted,
    counted_steps,
)
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule, Condition, read_rule
from prioritisation.cohorts.wording import EVERYONE, phrase, sentence
from prioritisation.disclosure.lattice import PARTNERS_BANDS, WINDOWS
from prioritisation.disclosure.policy import DEFAULT

MONTHS = WINDOWS[0]
_FEW = DEFAULT.suppressed[1]


@dataclass(frozen=True)
class Question:
    """Who, where and over how many months. areas: codes of this geography; () is everybody in the council.

    People with no fixed abode or a withheld address are counted for the council only.
    """

    rule: CohortRule
    geography: str = COUNCIL
    areas: tuple[str, ...] = ()
    months: int = MONTHS


@dataclass(frozen=True)
class Answer:
    """A count with its words. nearest: the nearest question that can be answered, where this one cannot."""

    count: Count
    sentence: str
    nearest: Question | None = None


def answer(cube: PublishedCube, question: Question) -> Answer:
    """Count the people of a question. Where published cells cannot tell, it says so and names the nearest question."""
    count = count_people(cube, question)
    if count.is_available:
        return Answer(count, count_sentence(count))
    nearest = _nearest(cube, question)
    if nearest is None:
        return Answer(count, "Not available: nothing like it was counted.")
    found = count_sentence(count_people(cube, nearest))
    if nearest.rule == question.rule:
        return Answer(count, f"Not available here; for the whole council and {nearest.months} months: {found}", nearest)
    who = sentence(nearest.rule, cube.contract, nearest.months)
    text = f"Not available: this combination was not counted. The nearest that was is: {who}. {found}"
    return Answer(count, text, nearest)


def count_people(cube: PublishedCube, question: Question) -> Count:
    """Count the people of a question, without words."""
    conditions = question.rule.structure(cube.contract)
    if not question.areas:
        return counted(cube, conditions, COUNCIL, [cube.council], question.months)[0]
    return added(counted(cube, conditions, question.geography, question.areas, question.months))


def is_available(cube: PublishedCube, rule: CohortRule, geography: str = COUNCIL, months: int = MONTHS) -> bool:
    """Return whether published cells can answer a rule in areas of a geography."""
    return can_be_counted(cube, rule.structure(cube.contract), geography, months)


def options(cube: PublishedCube, rule: CohortRule, geography: str = COUNCIL) -> dict[str, tuple[str | int, ...]]:
    """Return for each condition the values that can be added to a rule (or are in it) and still be answered.

    Keys are the names of a rule's record: age, sex, services_all, services_any, flags_all, flags_any, partners_all,
    partners_any, partners_at_least, contacts_band. Numbers of partners replace each other.
    """
    contract = cube.contract
    offered: dict[str, Sequence[str]] = {"age": contract.age_bands, "sex": contract.sexes}
    for on, known in (("services", "service"), ("flags", "flag"), ("partners", "partner")):
        offered |= {f"{on}_all": cube.present.get(known, ()), f"{on}_any": cube.present.get(known, ())}
    offered["contacts_band"] = cube.present.get("contacts_band", ())
    found: dict[str, tuple[str | int, ...]] = {
        name: tuple(value for value in values if _can_add(cube, rule, name, value, geography))
        for name, values in offered.items()
    }
    numbers = range(2, len(PARTNERS_BANDS) + 1)
    replaced = {number: replace(rule, partners_at_least=number) for number in numbers}
    return found | {
        "partners_at_least": tuple(n for n, wanted in replaced.items() if is_available(cube, wanted, geography))
    }


def by_area(cube: PublishedCube, rule: CohortRule, geography: str, months: int = MONTHS) -> pd.DataFrame:
    """Return area, name, low, people, high, status of every area of a geography.

    people: the published number, <NA> where there is no single one; all three are <NA> where not available.
    Areas add up to less than the council: see `Question`.
    """
    codes = cube.areas(geography)
    table = counts_table(counted(cube, rule.structure(cube.contract), geography, codes, months))
    table.insert(0, "area", list(codes))
    table.insert(1, "name", [cube.name(code) for code in codes])
    return table


def waterfall(
    cube: PublishedCube, rule: CohortRule, geography: str = COUNCIL, areas: Sequence[str] = ()
) -> pd.DataFrame:
    """Return from everyone known, condition by condition, who is left: step, low, people, high, status, sentence.

    In the fixed order age, sex, services, needs, partners, contacts. The last step is what `answer` says.
    """
    conditions = rule.structure(cube.contract)
    where, codes = (geography, areas) if areas else (COUNCIL, [cube.council])
    counts = [added(step) for step in counted_steps(cube, conditions, where, codes, MONTHS)]
    table = counts_table(counts)
    table.insert(0, "step", [EVERYONE, *(phrase(each, cube.contract) for each in conditions)])
    return table.assign(sentence=[count_sentence(count) for count in counts])


def counts_table(counts: Iterable[Count]) -> pd.DataFrame:
    """Return low, people, high (Int64, <NA> where there is none) and status, a row per count."""
    rows = [
        (count.low, count.best, count.high, count.status) if count.is_available else (None, None, None, NOT_AVAILABLE)
        for count in counts
    ]
    table = pd.DataFrame(rows, columns=["low", "people", "high", "status"])
    return table.astype({"low": "Int64", "people": "Int64", "high": "Int64"})


def count_sentence(count: Count) -> str:
    """Return a count in words that never let suppressed pass for nobody."""
    low, high = f"{count.low:,}", f"{count.high:,}"
    if not count.is_available:
        return "Not available: this combination was not counted."
    if count.status == PUBLISHED and count.best is not None:
        return f"About {count.best:,} people ({low} to {high})."
    if count.status == PUBLISHED:
        return f"Between {low} and {high} people; groups overlap, so their counts cannot be added up to one number."
    hidden, cells = count.suppressed, count.published + count.suppressed
    if count.status == SUPPRESSED and cells == 1:
        either = "either few or nearly all of a small group, " if count.high > _FEW else ""
        return f"Suppressed: {low} to {high} people, {either}which does not mean nobody."
    which = "all" if hidden == cells else f"{hidden:,}"
    return (
        f"Between {low} and {high} people: of the {cells:,} counts behind this, {which} "
        f"{'is' if which == '1' else 'are'} suppressed, which does not mean nobody."
    )


def _nearest(cube: PublishedCube, question: Question) -> Question | None:
    """Return the same rule for the whole council and 12 months, else with one condition left out, else with more."""
    wider = Question(question.rule)
    if question != wider and is_available(cube, question.rule):
        return wider
    for rule in (*_one_left_out(question.rule, cube), _kept(cube, question)):
        if is_available(cube, rule, question.geography, question.months):
            return replace(question, rule=rule)
    return None


def _one_left_out(rule: CohortRule, cube: PublishedCube) -> list[CohortRule]:
    """Return the rules with one condition left out, the last of the fixed order first."""
    return [rule.without(condition) for condition in reversed(rule.structure(cube.contract))]


def _kept(cube: PublishedCube, question: Question) -> CohortRule:
    """Return the rule with the conditions that can be kept together, tried in the fixed order."""
    left_out: list[Condition] = []
    conditions = question.rule.structure(cube.contract)
    for place in range(len(conditions)):
        tried = tuple(each for each in conditions[: place + 1] if each not in left_out)
        if not can_be_counted(cube, tried, question.geography, question.months):
            left_out.append(conditions[place])
    rule = question.rule
    for condition in left_out:
        rule = rule.without(condition)
    return rule


def _can_add(cube: PublishedCube, rule: CohortRule, name: str, value: str, geography: str) -> bool:
    given = getattr(rule, name)
    wanted, faults = read_rule(replace(rule, **{name: (*given, value)}).to_record(), cube.contract)  # type: ignore[arg-type]
    return not faults and is_available(cube, wanted, geography)
