"""Commands that answer from a release or a table, as the pages do."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from prioritisation.catalogue import Catalogue, load_catalogue
from prioritisation.cli.frame import example, main, show, with_data, with_framework, with_weights
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder
from prioritisation.pack import ranked_list
from prioritisation.prioritise import prioritise, prioritise_table, rank_table
from prioritisation.profiles import area_profile, compare
from prioritisation.scenario import Scenario
from prioritisation.scoring import Scores
from prioritisation.store import open_store


@main.command(
    epilog=example(
        'prioritisation rank --top 15 --how-sure\nprioritisation rank --weights "financial_hardship=40,housing=30,'
        'mental_health_alcohol_drugs=20,older_people=10" --out ranked.csv\n'
        "prioritisation rank --table areas.csv --id code --framework mine.toml"
    )
)
@with_framework
@with_weights
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Rank the rows of this file; no store is needed.",
)
@click.option("--id", "id_column", metavar="COLUMN", help="With --table: the column that names each row.")
@click.option(
    "--how-sure", is_flag=True, help="Add how stable each place on the shortlist is, and what would change it."
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the first N.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write CSV here instead of the screen.",
)
@with_data
def rank(
    framework: str,
    weights: str | None,
    table: Path | None,
    id_column: str | None,
    how_sure: bool,
    top: int | None,
    out: Path | None,
    data_folder: str | None,
) -> None:
    """Rank areas by a framework: id, name, rank (1 = greatest need), score (0-100), each priority, coverage."""
    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    scenario = chosen_scenario(catalogue, framework, weights, with_table=table is not None)
    if table is None:
        with open_store(folder) as store:
            ranking = prioritise(store, scenario)
        scores, ranked = ranking.scores, ranked_list(ranking)
    else:
        names, values = _any_table(table, id_column, scenario, catalogue)
        scores = prioritise_table(values, scenario, catalogue.polarity)
        ranked = rank_table(scores, names)
    if how_sure:
        ranked = ranked.merge(_how_sure(scores, scenario), on="id", how="left")
    show(ranked.head(top) if top else ranked, out)


def chosen_scenario(catalogue: Catalogue, framework: str, weights: str | None, with_table: bool = False) -> Scenario:
    """Return the scenario that --framework and --weights name. UserError: every fault in them."""
    """Return the scenario that the options --framework and --weights name."""
    scenario = Scenario.starting(catalogue.framework(framework, known_indicators=not with_table))
    return scenario.with_weights(_parsed_weights(weights)) if weights is not None else scenario


def _parsed_weights(text: str) -> dict[str, object]:
    """Read "a=40,b=30"; what each number may be is checked where weights are made shares."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    names = [name.strip() for name, _, _ in pairs]
    faults = [
        Fault("--weights", f"'{part}' is not a priority, = and a number.", "Write housing=30.")
        for part, (name, equals, value) in zip(parts, pairs, strict=True)
        if not (name.strip() and equals and value.strip())
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [Fault("--weights", f"'{name}' is there twice.", "Name each priority once.") for name in twice]
    if faults or not parts:
        raise UserError(
            "The weights cannot be read.",
            faults=faults,
            not_done="Nothing was ranked.",
            remedy='Write --weights "financial_hardship=40,housing=30,..." with every priority of the framework.',
        )
    return dict(zip(names, (value.strip() for _, _, value in pairs), strict=True))


def _any_table(
    path: Path, id_column: str | None, scenario: Scenario, catalogue: Catalogue
) -> tuple[pd.DataFrame, pd.DataFrame]:
    from prioritisation.ingest.any_table import read_any_table

    return read_any_table(path, id_column, scenario.framework, catalogue)


def _how_sure(scores: Scores, scenario: Scenario) -> pd.DataFrame:
    from prioritisation.answer import how_sure

    return how_sure(scores, scenario.framework)


@main.command(epilog=example("prioritisation profile DEMO00012"))
@click.argument("area")
@with_framework
@with_weights
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write CSV here.")
@with_data
def profile(area: str, framework: str, weights: str | None, out: Path | None, data_folder: str | None) -> None:
    """Show every indicator of one area (code or postcode) beside its locality, the council and the country."""
    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    with open_store(folder) as store:
        ranking = prioritise(store, chosen_scenario(catalogue, framework, weights))
        found = area if area in ranking.areas.index else store.area_of_postcode(area) or area
        made = area_profile(compare(store), ranking, found)
    place = f"rank {made.rank} of {made.scored_areas}" if made.rank else "not scored"
    click.echo(f"{made.area['name']} ({made.area_code}): {place}", err=True)
    show(made.indicators.drop(columns="polarity").reset_index(), out)


@main.command(epilog=example("prioritisation quality"))
@with_data
def quality(data_folder: str | None) -> None:
    """Count reported, zero, suppressed and missing values of each indicator."""
    with open_store(DataFolder.chosen(data_folder)) as store:
        show(store.quality(), None)
