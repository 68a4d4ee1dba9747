"""`prioritisation similar` and `trends`: areas like one, and change over periods, as the pages tell them."""

from __future__ import annotations

from pathlib import Path

import click

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.frame import example, main, show, with_data, with_framework
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.over_time import (
    RULE,
    area_change_sentence,
    area_series,
    change_sentence,
    change_table,
    over_time,
    with_several_periods,
)
from prioritisation.similar_areas import MOST, left_out_sentence, likeness, similar_to
from prioritisation.store import Store, open_store

with_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write CSV here."
)


@main.command(epilog=example("prioritisation similar DEMO00012\nprioritisation similar S01012492 --outside --top 10"))
@click.argument("area")
@click.option("--outside", is_flag=True, help="Areas of other councils, where the release has them.")
@click.option("--top", default=MOST, show_default=True, type=click.IntRange(1), metavar="N", help="How many.")
@with_out
@with_framework
@with_data
def similar(area: str, outside: bool, top: int, out: Path | None, framework: str, data_folder: str | None) -> None:
    """List the areas most like one (code or postcode), on what they are alike and on what they differ."""
    folder = DataFolder.chosen(data_folder)
    chosen = load_catalogue(folder.catalogue).framework(framework)
    with open_store(folder) as store:
        if outside and not store.has_reference:
            raise UserError(
                "This release has no areas outside the council.",
                not_done="No similar areas were looked for.",
                remedy="Import files for the whole country, or leave out --outside.",
            )
        alike = likeness(store, chosen)
        found = similar_to(alike, _known(store, area), outside=outside, most=top)
    for told in (found.sentence, left_out_sentence(found), alike.how):
        if told:
            click.echo(told, err=True)
    show(found.table.round({"apart": 2, "shared": 4}), out)


@main.command(
    epilog=example(
        "prioritisation trends\nprioritisation trends income_rate --out change.csv\n"
        "prioritisation trends income_rate --area DEMO00012"
    )
)
@click.argument("indicator", required=False)
@click.option("--area", metavar="CODE", help="One area (code or postcode) only: its values with 95% limits.")
@with_out
@with_data
def trends(indicator: str | None, area: str | None, out: Path | None, data_folder: str | None) -> None:
    """Tell what is improving or worsening: a sentence for each indicator, or one INDICATOR's table."""
    with open_store(DataFolder.chosen(data_folder)) as store:
        areas = store.areas()
        code = _known(store, area) if area is not None else None
        found = [over_time(store, each, areas.index) for each in _wanted(store, indicator, out)]
    if not found:
        click.echo("No indicator has more than one period, so nothing can be said about change.", err=True)
    for over in found:
        told = change_sentence(over, areas.index) if code is None else area_change_sentence(over, code)
        click.echo(told, err=indicator is not None)
        if indicator is not None:
            show(change_table(over, areas["name"]) if code is None else area_series(over, code), out)
    click.echo(RULE, err=True)


def _wanted(store: Store, indicator: str | None, out: Path | None) -> list[str]:
    """Return the indicators to tell of. UserError: several tables for one file."""
    if indicator is not None:
        return [indicator]
    if out is not None:
        raise UserError(
            "There are several tables, and a CSV file holds one.",
            not_done="No file was written.",
            remedy=f"Name an indicator: {', '.join(with_several_periods(store)) or 'none has several periods'}.",
        )
    return list(with_several_periods(store))


def _known(store: Store, area: str) -> str:
    """Return the code of an area of the council, given by code or postcode. UserError: there is none."""
    codes = store.areas().index
    found = area if area in codes else store.area_of_postcode(area)
    if found is None:
        raise UserError(
            f"'{area}' is no area here.",
            not_done="Nothing was worked out.",
            remedy="Look its code up with `prioritisation rank`.",
        )
    return found
