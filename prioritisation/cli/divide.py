"""The command that divides the whole council into connected patches, one team each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from prioritisation.cli.frame import example, main, progress, with_data, with_framework, with_weights
from prioritisation.cli.patch_frame import Place, opened, people_range, say, with_out, write
from prioritisation.errors import UserError
from prioritisation.patch.division import WITHIN
from prioritisation.patch.fares import need
from prioritisation.patch.rollout import Rollout
from prioritisation.patch.sentences import division_sentences
from prioritisation.patches import NEED, PEOPLE, area_rows, divided, division_record, plan_for


@main.command(
    epilog=example(
        "prioritisation divide --into 12 --out patches.csv\n"
        "prioritisation divide --people 8000-11000 --balance need --follow-localities"
    )
)
@with_framework
@with_weights
@click.option("--into", type=int, metavar="N", help="How many patches.")
@click.option("--people", metavar="LOW-HIGH", help="Or: how many people each.")
@click.option("--balance", type=click.Choice([PEOPLE, NEED]), default=PEOPLE, show_default=True)
@click.option("--follow-localities", is_flag=True, help="Let borders follow those of localities where they can.")
@with_out
@with_data
def divide(
    framework: str,
    weights: str | None,
    into: int | None,
    people: str | None,
    balance: str,
    follow_localities: bool,
    out: Path | None,
    data_folder: str | None,
) -> None:
    """Divide the whole council into connected patches, one team each, in the order to begin with."""
    if (into is None) == (people is None):
        neither = "Neither the number of patches nor their size is given."
        raise UserError(
            neither if into is None else "Both the number of patches and their size are given.",
            not_done="The council was not divided.",
            remedy="Give either --into 12 or --people 8000-11000.",
        )
    with opened(framework, weights, data_folder) as place:
        size = people_range(people) if people else None
        plan = plan_for(place.ground, into, size, follow_localities)
        progress(f"Dividing {place.ground.n:,} areas into {plan.parts:,} patches")
        report = divided(place.ranking, place.ground, plan, balance)
        told = division_sentences(report, balance, WITHIN)
        say(told)
        record = division_record(place.ranking, place.ground, report, balance, plan)
        table = _areas(place, report)
    write(table, record, out)


def _areas(place: Place, report: Rollout) -> pd.DataFrame:
    """Return every area with its patch: patch (1 = first), patch_name, then as `area_rows`."""
    own = need(place.ranking.scores.score, place.ground.people)
    rows = [
        area_rows(place.ranking, place.ground, own, part.members).assign(patch=part.number, patch_name=part.name)
        for part in report.parts
    ]
    table = pd.concat(rows, ignore_index=True).rename(columns={"holds": "need"})
    first: list[Any] = ["patch", "patch_name"]
    return table[[*first, *[name for name in table.columns if name not in first]]]
