"""Commands that count, compare and rank cohorts from a release's published cells, as the Cohorts page does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, show, with_data, with_framework, with_weights
from prioritisation.cohort_ranking import COHORTS_ON_SHORTLIST, open_cube, rank_cohorts
from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counts import Question, answer, by_area, count_people, counts_table, waterfall
from prioritisation.cohorts.library import Cohort, load_cohorts
from prioritisation.cohorts.overlaps import AT_LEAST, EXACT, KINDS, overlaps
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.cohorts.wording import sentence
from prioritisation.disclosure.lattice import GEOGRAPHIES
from prioritisation.errors import UserError
from prioritisation.fairness import shortlisted
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.store import open_store

with_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write CSV here."
)
_LISTS = {
    "age": ("age", "an age band, such as 75-84"),
    "sex": ("sex", "female, male or 'not known'"),
    "service": ("services_all", "a service that all are in contact with"),
    "any-service": ("services_any", "one of the services that they are in contact with"),
    "flag": ("flags_all", "a need that all have"),
    "any-flag": ("flags_any", "one of the needs that they have"),
    "partner": ("partners_all", "a partner that all are in contact with"),
    "any-partner": ("partners_any", "one of the partners that they are in contact with"),
    "contacts": ("contacts_band", "a band of contacts in 12 months, such as 24+"),
}


@main.group()
def cohorts() -> None:
    """Count, overlap and rank groups of people by service contact, from published counts only."""


@cohorts.command(name="list", epilog=example("prioritisation cohorts list"))
@with_out
@with_data
def list_cohorts(out: Path | None, data_folder: str | None) -> None:
    """List the library of cohorts and those that the release counted, with their size."""
    with _opened(data_folder) as (folder, cube):
        library = load_cohorts(folder.catalogue, cube.contract)
        rows = {each.id: (each.id, each.name, each.sentence(cube.contract), each.rule) for each in library.values()}
        rows |= {each.id: (each.id, each.name, each.sentence, each.rule) for each in cube.cohorts.values()}
        counts = [count_people(cube, Question(rule)) for *_, rule in rows.values()]
    table = pd.DataFrame([row[:3] for row in rows.values()], columns=["id", "name", "sentence"])
    show(pd.concat([table, counts_table(counts)], axis=1), out)


def _with_conditions(command: Callable[..., None]) -> Callable[..., None]:
    for option, (_, meaning) in reversed(_LISTS.items()):
        command = click.option(f"--{option}", multiple=True, metavar="VALUE", help=f"{meaning}; may be repeated.")(
            command
        )
    return command


@cohorts.command(
    epilog=example(
        "prioritisation cohorts count partners-3 --by locality\n"
        "prioritisation cohorts count --age 75-84 --age 85+ --service home_care --steps"
    )
)
@click.argument("cohort", required=False)
@_with_conditions
@click.option("--partners-at-least", type=int, metavar="N", help="Different partners in contact.")
@click.option("--flags-at-least", type=int, metavar="N", help="Different needs.")
@click.option(
    "--by", "geography", type=click.Choice(GEOGRAPHIES), default=COUNCIL, help="Count in each area of this kind."
)
@click.option("--steps", is_flag=True, help="Show from everyone known, condition by condition, who is left.")
@with_out
@with_data
def count(
    cohort: str | None, geography: str, steps: bool, out: Path | None, data_folder: str | None, **conditions: object
) -> None:
    """Count the people of a COHORT (its id), or of conditions that all must hold."""
    with _opened(data_folder) as (folder, cube):
        rule = _rule(cohort, conditions, cube, load_cohorts(folder.catalogue, cube.contract))
        found = answer(cube, Question(rule))
        table = waterfall(cube, rule) if steps else by_area(cube, rule, geography)
    click.echo(f"{sentence(rule, cube.contract)}. {found.sentence}", err=True)
    show(table, out)


@cohorts.command(epilog=example("prioritisation cohorts ranked\nprioritisation cohorts ranked --out cohorts.csv"))
@with_framework
@with_weights
@click.option("--cut", type=click.IntRange(1), default=COHORTS_ON_SHORTLIST, help="How many stability is about.")
@with_out
@with_data
def ranked(framework: str, weights: str | None, cut: int, out: Path | None, data_folder: str | None) -> None:
    """Rank the cohorts that the release counted by the same weights as areas."""
    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    scenario = chosen_scenario(catalogue, framework, weights)
    with open_store(folder) as store:
        areas = prioritise(store, scenario)
        chosen = areas.areas.index[shortlisted(areas.scores.rank, scenario.framework.cut)]
        cube = open_cube(store, folder.catalogue)
    ranking = rank_cohorts(cube, scenario, catalogue, shortlist=list(chosen), cut=cut)
    click.echo(f"Compared with {ranking.against}; 50 is as likely as they are.", err=True)
    show(ranking.table(), out)


@cohorts.command(name="overlaps", epilog=example("prioritisation cohorts overlaps --of partners --at-least"))
@click.option("--of", "kind", type=click.Choice(KINDS), default="partners", show_default=True)
@click.option("--at-least", is_flag=True, help="These, whatever else; without it: these and no other.")
@with_out
@with_data
def show_overlaps(kind: str, at_least: bool, out: Path | None, data_folder: str | None) -> None:
    """Show who is in contact with several partners or services, or has several needs, together."""
    with _opened(data_folder) as (_, cube):
        found = overlaps(cube, kind, AT_LEAST if at_least or kind == "services" else EXACT)
    click.echo(found.text, err=True)
    show(found.rows.drop(columns="members"), out)


@contextmanager
def _opened(data_folder: str | None) -> Iterator[tuple[DataFolder, PublishedCube]]:
    folder = DataFolder.chosen(data_folder)
    with open_store(folder) as store:
        yield folder, open_cube(store, folder.catalogue)


def _rule(
    cohort: str | None, conditions: dict[str, object], cube: PublishedCube, library: dict[str, Cohort]
) -> CohortRule:
    """Return the rule of a cohort's id, or of the options given."""
    given = {name: value for name, value in conditions.items() if value}
    record = {_LISTS.get(name.replace("_", "-"), (name,))[0]: value for name, value in given.items()}
    if cohort is None:
        return CohortRule.from_record(record, cube.contract)
    known = {name: each.rule for name, each in library.items()}
    known |= {name: each.rule for name, each in cube.cohorts.items()}
    if record or cohort not in known:
        raise UserError(
            "A cohort and conditions were both given." if record else f"There is no cohort '{cohort}'.",
            not_done="Nothing was counted.",
            remedy=f"Give conditions alone, or one of: {', '.join(known)}.",
        )
    return known[cohort]
