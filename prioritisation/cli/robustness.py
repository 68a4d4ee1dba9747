"""`prioritisation robustness`: how sure the shortlist is, as the Robustness page tells it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, show, with_data, with_framework, with_weights
from prioritisation.errors import UserError
from prioritisation.findings import IDS, Finding, findings, how_sure
from prioritisation.folder import DataFolder
from prioritisation.prioritise import Prioritisation, inputs, prioritise
from prioritisation.store import open_store

USUAL_BAND = 25.0


@main.command(
    epilog=example(
        "prioritisation robustness\nprioritisation robustness weights --band 10 --out stability.csv\n"
        "prioritisation robustness turns\nprioritisation robustness --json --out sure.json"
    )
)
@click.argument("question", type=click.Choice(IDS), required=False)
@click.option(
    "--band",
    default=USUAL_BAND,
    show_default=True,
    metavar="PER CENT",
    help="How far each weight may differ from itself in a reasonable weighting.",
)
@click.option("--json", "as_json", is_flag=True, help="Write sentences and tables as JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here instead.")
@with_framework
@with_weights
@with_data
def robustness(
    question: str | None,
    band: float,
    as_json: bool,
    out: Path | None,
    framework: str,
    weights: str | None,
    data_folder: str | None,
) -> None:
    """Tell how sure the shortlist is: a sentence for each question, or one QUESTION's table."""
    if out is not None and question is None and not as_json:
        raise UserError(
            "There are several tables, and a CSV file holds one.",
            not_done="No file was written.",
            remedy=f"Name a question ({', '.join(IDS)}), or write all of them with --json.",
        )
    folder = DataFolder.chosen(data_folder)
    scenario = chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    with open_store(folder) as store:
        ranking, read = prioritise(store, scenario), inputs(store, scenario)
        observed = store.observations(scenario.framework.indicator_ids)
        sure = how_sure(ranking, read, store.indicators(), observed, band / 100)
    told = [each for each in findings(sure) if question in (None, each.id)]
    if as_json:
        _write(_record(ranking, band, told), out)
    elif question is None:
        for each in told:
            click.echo(f"{each.question}\n  {each.sentence}\n")
    else:
        for each in told:
            click.echo(each.sentence, err=True)
            show(each.table, out)


def _record(ranking: Prioritisation, band: float, told: list[Finding]) -> str:
    tables = {each.id: json.loads(each.table.to_json(orient="records", double_precision=15)) for each in told}
    answers = [
        {"id": each.id, "question": each.question, "sentence": each.sentence, "table": tables[each.id]} for each in told
    ]
    return json.dumps(ranking.stamp() | {"band_per_cent": band, "findings": answers}, ensure_ascii=False, indent=2)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        raise UserError(
            f"{out} cannot be written ({fault.strerror}).",
            not_done="No file was written.",
            remedy="Choose another place with --out, or leave it out to see all on the screen.",
        ) from fault
    click.echo(f"Wrote {out}", err=True)
