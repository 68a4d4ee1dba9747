"""Cohorts ranked by the same weights and the same scoring as areas, from published cells only.

A cohort's value on a contact indicator is how many times likelier its people are to be in contact with the service (or
to have the need) than residents of the same age group: two published shares, one divided by the other. Its need is
counted in doublings of that ratio, up to seven (128 times) each way, on a fixed, even scale: 50 means as likely as
residents, and by the percentile method each doubling is 7 points more. No cohort is part of the scale, so adding one
moves no other. A suppressed count gives no value: what lies between 0 and 9 people cannot be compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from prioritisation.catalogue import Catalogue, ContactIndicator
from prioritisation.cohorts.cells import COUNCIL, EVERY_AGE, SavedRule
from prioritisation.cohorts.concentration import Concentration, concentration
from prioritisation.cohorts.counting import Count, cell_count, counted
from prioritisation.cohorts.counts import MONTHS, Question, count_people
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.reading import read_cube
from prioritisation.cohorts.rule import ORDER, CohortRule, Condition
from prioritisation.contract import NOT_KNOWN, load_contract
from prioritisation.disclosure.lattice import cell_parts, cell_text, load_lattice, node_id
from prioritisation.disclosure.policy import load_policy
from prioritisation.errors import UserError
from prioritisation.framework import HIGHER_IS_WORSE, Framework, Priority
from prioritisation.robustness import stability
from prioritisation.scenario import Scenario
from prioritisation.scoring import SCORE_NEEDS_COVERAGE_OF_AT_LEAST, Scores, score_units
from prioritisation.store import Store

COHORTS_ON_SHORTLIST = 3
DOUBLINGS_EACH_WAY = 7
_SCALE_STEPS = 2800
_LISTS = {"service": "services", "flag": "flags", "partner": "partners"}


@dataclass(frozen=True, eq=False)
class CohortRanking:
    """Cohorts in the order of the release's list, everything by cohort.

    ratios: cohort id x indicator id, NaN where left out, suppressed or not counted; left_out: names of the indicators
    that define the cohort; sizes: people; reach: share of everyone known, NaN where not published; inside: how much
    of it lives in the shortlisted areas; stability: word and share of reasonable weightings in which it is among the
    first `cut`; against: what the ratios compare with, in words; framework: the one whose indicators were used;
    names: of its indicators, by id.
    """

    scenario: Scenario
    framework: Framework
    cohorts: tuple[SavedRule, ...]
    scores: Scores
    ratios: pd.DataFrame
    left_out: tuple[tuple[str, ...], ...]
    sizes: tuple[Count, ...]
    reach: tuple[float, ...]
    inside: tuple[Concentration | None, ...]
    stability: tuple[tuple[str, float], ...]
    against: str
    cut: int
    names: Mapping[str, str]

    def table(self) -> pd.DataFrame:
        """Return cohorts by rank: id, name, rank, score, a column per priority, coverage, score_if_gaps_lowest and
        _highest, low, people, high, share_of_known, share_in_shortlist (low, best, high), stability, left_out, note."""
        scores = self.scores
        rank = pd.array(scores.rank, dtype="Int64")
        rank[scores.rank == 0] = pd.NA
        table = pd.DataFrame({"id": scores.unit_ids, "name": [each.name for each in self.cohorts], "rank": rank})
        table["score"] = scores.score
        for place, name in enumerate(scores.priority_ids):
            table[name] = scores.priority_scores[:, place]
        table = table.assign(
            coverage=scores.coverage,
            score_lowest=scores.lowest,
            score_highest=scores.highest,
            low=[count.low for count in self.sizes],
            people=pd.array([count.best for count in self.sizes], dtype="Int64"),
            high=[count.high for count in self.sizes],
            share_of_known=self.reach,
            share_in_shortlist_low=[each.low if each else math.nan for each in self.inside],
            share_in_shortlist=[math.nan if each is None or each.best is None else each.best for each in self.inside],
            share_in_shortlist_high=[each.high if each else math.nan for each in self.inside],
            stability=[word for word, _ in self.stability],
            stability_probability=[share for _, share in self.stability],
            left_out=["; ".join(names) for names in self.left_out],
            note=[self.note(place) for place in range(len(self.cohorts))],
        )
        return table.sort_values(["rank", "id"], na_position="last", kind="stable", ignore_index=True)

    def note(self, place: int) -> str:
        """Return why a cohort has no score, and what was left out of it, in words; may be empty."""
        told = []
        if self.scores.rank[place] == 0:
            covered = zip(self.framework.priorities, self.scores.priority_coverage[place], strict=True)
            thin = [
                self._thin(place, each)
                for (each, share), weight in zip(covered, self.scores.weights, strict=True)
                if weight > 0 and share < SCORE_NEEDS_COVERAGE_OF_AT_LEAST
            ]
            told.append(f"Not scored: less than half is known for {', and for '.join(thin)}.")
        if self.left_out[place]:
            names = ", ".join(self.left_out[place])
            told.append(f"Left out of its own score, because they define it: {names}.")
        return " ".join(told)

    def _thin(self, place: int, priority: Priority) -> str:
        """Return a priority's name, and which of its counts, of the cohort or of residents, are not published."""
        row = self.ratios.iloc[place]
        unknown = [self.names[each.id] for each in priority.indicators if math.isnan(row[each.id])]
        hidden = [name for name in unknown if name not in self.left_out[place]]
        return f"{priority.name} (not published: {', '.join(hidden)})" if hidden else priority.name


def open_cube(store: Store, catalogue_folder: Path) -> PublishedCube:
    """Return the open release's cube. UserError: it has none, or the catalogue's lists are faulty."""
    return read_cube(
        store.cube(),
        store.cohorts(),
        store.areas(),
        lattice=load_lattice(catalogue_folder),
        policy=load_policy(catalogue_folder),
        contract=load_contract(catalogue_folder),
        council=store.release.council,
        facts=store.cube_facts(),
        population=store.population(),
    )


def rank_cohorts(
    cube: PublishedCube,
    scenario: Scenario,
    catalogue: Catalogue,
    *,
    shortlist: Sequence[str] = (),
    cut: int = COHORTS_ON_SHORTLIST,
) -> CohortRanking:
    """Rank the cohorts that a release counted under a scenario's weights.

    shortlist: data zones on it, for concentration. Where the scenario's framework has no contact indicators, those of
    a framework with the same priorities are used. UserError: there is none, or no cohort was counted.
    """
    cohorts = _counted_cohorts(cube)
    framework = contact_framework(scenario.framework, catalogue)
    indicators = [catalogue.contact_indicators[name] for name in framework.indicator_ids]
    reference = _Reference(cube)
    left_out = [[each for each in indicators if defines(each, cohort.rule, cube)] for cohort in cohorts]
    ratios = _ratios(reference, cohorts, indicators, left_out)
    polarity = dict.fromkeys(ratios.columns, HIGHER_IS_WORSE)
    scores = score_units(
        _doublings(ratios), framework, polarity, scenario.percentages, reference=_scale(list(ratios.columns))
    )
    sure = stability(scores.priority_scores, scores.weights, cut, framework.aggregate)
    sizes = tuple(count_people(cube, Question(cohort.rule)) for cohort in cohorts)
    everyone = count_people(cube, Question(CohortRule()))
    return CohortRanking(
        scenario=scenario,
        framework=framework,
        cohorts=cohorts,
        scores=scores,
        ratios=ratios,
        left_out=tuple(tuple(each.name for each in out) for out in left_out),
        sizes=sizes,
        reach=tuple(_share(count, everyone) for count in sizes),
        inside=tuple(concentration(cube, each.rule, shortlist) if shortlist else None for each in cohorts),
        stability=tuple(zip(sure.words, sure.probability.tolist(), strict=True)),
        against=reference.words,
        cut=cut,
        names={each.id: each.name for each in indicators},
    )


def contact_framework(framework: Framework, catalogue: Catalogue) -> Framework:
    """Return a framework with its contact indicators only, shares rescaled, or the same priorities of another one."""
    for candidate in (framework, *catalogue.frameworks.values()):
        if candidate.priority_ids != framework.priority_ids:
            continue
        priorities = [_contacts_only(priority, catalogue.contact_indicators) for priority in candidate.priorities]
        if all(priority is not None for priority in priorities):
            return replace(framework, priorities=tuple(each for each in priorities if each is not None))
    raise UserError(
        f"No framework with the priorities of '{framework.name}' has contact indicators for each of them.",
        not_done="No cohort was ranked.",
        remedy="Add contact indicators (contact_indicators.csv) to each priority of a framework.",
    )


def defines(indicator: ContactIndicator, rule: CohortRule, cube: PublishedCube) -> bool:
    """Return whether a cohort's rule asks for what an indicator counts, or for what always comes with it."""
    ((on, value),) = cell_parts(indicator.cell).items()
    services = {*rule.services_any, *rule.services_all}
    flags = {*rule.flags_any, *rule.flags_all, *(rule.flags_of if rule.flags_at_least else ())}
    partners = {*rule.partners_any, *rule.partners_all}
    known = cube.contract.services
    if on == "service":
        return value in services or (value in known and known[value].need in flags)
    if on == "flag":
        return value in flags or value in {known[each].need for each in services}
    return value in partners or value in {known[each].partner for each in services}


class _Reference:
    """How likely residents of an age group are to be in contact, from published cells and the residents' number."""

    def __init__(self, cube: PublishedCube) -> None:
        self._cube = cube
        self._bands = [band for band in cube.contract.age_bands if band != NOT_KNOWN]
        self._by_residents = all((cube.council, band) in cube.residents for band in self._bands)
        self.words = "residents of the same age group" if self._by_residents else "people known of the same age group"

    def ratio(self, cohort: SavedRule, indicator: ContactIndicator) -> float:
        """Return how many times likelier the cohort's people are than others of their ages; NaN where not known."""
        ((on, value),) = cell_parts(indicator.cell).items()
        ages = tuple(band for band in cohort.rule.age if band != NOT_KNOWN)
        asked = Condition(_LISTS[on], 1, (value,))
        members = self._among(cohort, {on: value}, asked) / self._among(cohort, {})
        people = self._people(ages)
        others = self._of_ages({on: value}, ages) / people if people > 0 else math.nan
        return members / others

    def _among(self, cohort: SavedRule, parts: Mapping[str, str], *asked: Condition) -> float:
        """Return the published people of a cohort's own cell, else of other cells that say the same; NaN: none do."""
        own = self._number({"cohort": cohort.id, **parts})
        if not math.isnan(own):
            return own
        conditions = tuple(sorted((*cohort.conditions, *asked), key=lambda each: ORDER.index(each.on)))
        best = counted(self._cube, conditions, COUNCIL, [self._cube.council], MONTHS)[0].best
        return math.nan if best is None else float(best)

    def _number(self, parts: Mapping[str, str]) -> float:
        """Return the published people of a cell of the council, NaN where there are none."""
        best = cell_count(self._cube, node_id(COUNCIL, parts), self._cube.council, cell_text(parts)).best
        return math.nan if best is None else float(best)

    def _of_ages(self, parts: Mapping[str, str], ages: Sequence[str]) -> float:
        return sum(self._number({**parts, "age": band}) for band in ages) if ages else self._number(parts)

    def _people(self, ages: Sequence[str]) -> float:
        if not self._by_residents:
            return self._of_ages({}, ages)
        return float(sum(self._cube.residents[self._cube.council, band] for band in ages or [EVERY_AGE]))


def _counted_cohorts(cube: PublishedCube) -> tuple[SavedRule, ...]:
    if not cube.cohorts:
        raise UserError(
            "This release has not counted any cohort.",
            not_done="Nothing was ranked.",
            remedy="Save a cohort, or keep those of the library, and publish again.",
        )
    return tuple(cube.cohorts.values())


def _ratios(
    reference: _Reference,
    cohorts: Sequence[SavedRule],
    indicators: Sequence[ContactIndicator],
    left_out: Sequence[Sequence[ContactIndicator]],
) -> pd.DataFrame:
    """Return cohort id x indicator id, NaN where an indicator defines the cohort or is not known."""
    rows = [
        [math.nan if each in out else reference.ratio(cohort, each) for each in indicators]
        for cohort, out in zip(cohorts, left_out, strict=True)
    ]
    names, columns = [each.id for each in cohorts], [each.id for each in indicators]
    return pd.DataFrame(rows, index=names, columns=columns, dtype=float)


def _contacts_only(priority: Priority, known: Mapping[str, ContactIndicator]) -> Priority | None:
    parts = [each for each in priority.indicators if each.id in known]
    total = sum(each.share for each in parts)
    if total <= 0:
        return None
    return replace(priority, indicators=tuple(replace(each, share=each.share / total, polarity=None) for each in parts))


def _doublings(ratios: pd.DataFrame) -> pd.DataFrame:
    return ratios.apply(np.log2).clip(-DOUBLINGS_EACH_WAY, DOUBLINGS_EACH_WAY)


def _scale(columns: Sequence[str]) -> pd.DataFrame:
    """Return the fixed, even scale in which every ratio is placed."""
    steps = np.linspace(-DOUBLINGS_EACH_WAY, DOUBLINGS_EACH_WAY, _SCALE_STEPS + 1)
    return pd.DataFrame(dict.fromkeys(columns, steps))


def _share(part: Count, whole: Count) -> float:
    return part.best / whole.best if part.best is not None and whole.best else math.nan
