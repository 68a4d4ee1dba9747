"""Commands about shortlists: saved scenarios, two of them compared, and whom a shortlist reaches."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, show, with_data, with_framework, with_weights, workspace_in
from prioritisation.comparison import Ranking
from prioritisation.comparison import compare as compare_rankings
from prioritisation.errors import UserError
from prioritisation.fairness import coverage, coverage_by_group, coverage_curve, next_units
from prioritisation.folder import DataFolder
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.scoring import Floats
from prioritisation.store import Store, open_store
from prioritisation.workspace.scenarios import SavedScenario, get, listed, save

START, RESIDENTS = "start", "residents"
QUESTIONS = ("reach", "locality", "urban-rural", "next")

with_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write CSV here, not to the screen."
)


@main.group()
def scenarios() -> None:
    """List, show, save and compare saved scenarios, as the Scenarios page does."""


@scenarios.command(name="list", epilog=example("prioritisation scenarios list --search housing"))
@click.option("--search", default="", metavar="TEXT", help="Part of a name, note or author.")
@click.option("--archived", is_flag=True, help="Those in the archive too.")
@with_out
@with_data
def list_scenarios(search: str, archived: bool, out: Path | None, data_folder: str | None) -> None:
    """List saved scenarios, the latest change first."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        found = listed(workspace, archived=None if archived else False, search=search)
    columns = ["id", "name", "scenario_id", "release_id", "author", "updated_by", "updated_at", "locked", "archived"]
    show(pd.DataFrame([{column: getattr(row, column) for column in columns} for row in found], columns=columns), out)


@scenarios.command(name="show", epilog=example("prioritisation scenarios show crbnjazh49f4"))
@click.argument("identifier", metavar="ID")
@with_out
@with_data
def show_scenario(identifier: str, out: Path | None, data_folder: str | None) -> None:
    """Show what one saved scenario chose: priority, weight in per cent."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        row = get(workspace, identifier)
    chosen = row.scenario
    click.echo(f"{row.name}: scenario {row.scenario_id}, release {row.release_id}, by {row.author}", err=True)
    click.echo(f"{chosen.framework.name}, {chosen.framework.cut} areas on the shortlist", err=True)
    if row.note:
        click.echo(row.note, err=True)
    weights = zip(chosen.framework.priorities, chosen.percentages, strict=True)
    show(pd.DataFrame([{"id": each.id, "priority": each.name, "weight": share} for each, share in weights]), out)


@scenarios.command(
    name="save",
    epilog=example(
        'prioritisation scenarios save --name "Housing first" --by "Council" --weights '
        '"financial_hardship=15,housing=55,mental_health_alcohol_drugs=20,older_people=10"'
    ),
)
@click.option("--name", required=True, help="What people will find it under.")
@click.option("--by", required=True, metavar="ROLE", help="Who saves it: a role or organisation.")
@click.option("--note", default="", help="Why these weights.")
@with_framework
@with_weights
@with_data
def save_scenario(name: str, by: str, note: str, framework: str, weights: str | None, data_folder: str | None) -> None:
    """Save weights as a scenario on the current release; prints its id."""
    folder = DataFolder.chosen(data_folder)
    scenario = chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    with open_store(folder) as store:
        prioritise(store, scenario)  # refuses what this release cannot rank
        release = store.release.id
    with workspace_in(folder, begin=True) as workspace:
        row = save(workspace, name=name, note=note, scenario=scenario, release_id=release, by=by)
    click.echo(row.id)


@scenarios.command(
    name="compare",
    epilog=example(
        "prioritisation scenarios compare start crbnjazh49f4\n"
        "prioritisation scenarios compare crbnjazh49f4 k3n8wq2m5xvt --out moves.csv"
    ),
)
@click.argument("first")
@click.argument("second")
@with_framework
@with_out
@with_data
def compare_scenarios(first: str, second: str, framework: str, out: Path | None, data_folder: str | None) -> None:
    """Compare FIRST with SECOND, ids or 'start' for the framework's own weights: each area's ranks and what moved."""
    folder = DataFolder.chosen(data_folder)
    sides = [_side(folder, each, framework) for each in (first, second)]
    compared = compare_rankings(*sides)
    click.echo(compared.sentence, err=True)
    show(compared.rows, out)


def _side(folder: DataFolder, chosen: str, framework: str) -> Ranking:
    """Rank one side on the release that it was made on."""
    if chosen == START:
        scenario = chosen_scenario(load_catalogue(folder.catalogue), framework, None)
        with open_store(folder) as store:
            return Ranking("Framework weights", scenario, store.release.id, prioritise(store, scenario).table())
    with workspace_in(folder) as workspace:
        row = get(workspace, chosen)
    with _release(folder, row) as store:
        return Ranking(row.name, row.scenario, row.release_id, prioritise(store, row.scenario).table())


def _release(folder: DataFolder, row: SavedScenario) -> Store:
    if row.release_id not in folder.published().releases or not folder.release_file(row.release_id).is_file():
        raise UserError(
            f"'{row.name}' was made on release {row.release_id}, which is no longer kept.",
            not_done="Nothing was compared.",
            remedy="Re-run it on the current release, on the Scenarios page, and compare that.",
        )
    return Store(folder, row.release_id)


@main.command(
    epilog=example(
        "prioritisation fairness\nprioritisation fairness locality\nprioritisation fairness next --count income_rate"
    )
)
@click.argument("question", type=click.Choice(QUESTIONS), default="reach")
@click.option("--count", default=RESIDENTS, metavar="ID", help="Whom to count: residents, or an indicator's people.")
@with_framework
@with_weights
@with_out
@with_data
def fairness(
    question: str, count: str, framework: str, weights: str | None, out: Path | None, data_folder: str | None
) -> None:
    """Show whom the shortlist reaches: area by area, by locality, by urban-rural class, or with the next five areas."""
    folder = DataFolder.chosen(data_folder)
    scenario = chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    with open_store(folder) as store:
        ranking = prioritise(store, scenario)
        amount = _amount(store, ranking, count)
    reached = coverage(ranking.scores.rank, scenario.framework.cut, amount)
    click.echo(
        f"The {reached.units} areas hold {reached.amount:,.0f} of {reached.total:,.0f} {_counted(count)}.", err=True
    )
    if reached.not_known:
        click.echo(f"{reached.not_known} areas have no count and add nothing.", err=True)
    show(_answer(question, ranking, scenario, amount), out)


def _counted(count: str) -> str:
    return RESIDENTS if count == RESIDENTS else f"people counted by {count}"


def _amount(store: Store, ranking: Prioritisation, count: str) -> Floats:
    """Return whom to count by area. UserError: no such indicator, or one that counts nobody."""
    if count == RESIDENTS:
        return ranking.areas["population"].to_numpy(dtype=np.float64, na_value=np.nan)
    observed = store.observations().dropna(subset=["numerator"])
    known = sorted(observed["indicator_id"].unique())
    if count not in known:
        raise UserError(
            f"'{count}' does not count people in this release.",
            not_done="Nothing was counted.",
            remedy=f"Choose one of {', '.join([RESIDENTS, *known])}.",
        )
    own = observed[observed["indicator_id"] == count].set_index("area_code")["numerator"]
    return own.reindex(ranking.areas.index).to_numpy(dtype=np.float64)


def _answer(question: str, ranking: Prioritisation, scenario: Scenario, amount: Floats) -> pd.DataFrame:
    rank, cut, areas = ranking.scores.rank, scenario.framework.cut, ranking.areas
    if question == "locality":
        return coverage_by_group(rank, cut, amount, areas["locality"]).reset_index()
    if question == "urban-rural":
        return coverage_by_group(rank, cut, amount, areas["urban_rural"]).reset_index()
    found = next_units(rank, cut, amount) if question == "next" else coverage_curve(rank, amount).iloc[1:]
    unit = found["unit"].to_numpy()
    named = found.drop(columns="unit")
    named.insert(0, "id", areas.index[unit])
    named.insert(1, "name", areas["name"].to_numpy()[unit])
    return named
