"""The `prioritisation` command: everything that the pages compute, and everything that builds data."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pandas as pd

from prioritisation import __version__
from prioritisation.catalogue import DEFAULT_FRAMEWORK, Catalogue, load_catalogue
from prioritisation.errors import Fault, UserError
from prioritisation.folder import REPOSITORY, DataFolder
from prioritisation.pack import csv_bytes, csv_text, ranked_list
from prioritisation.prioritise import prioritise, prioritise_table, rank_table
from prioritisation.profiles import area_profile, compare
from prioritisation.scenario import Scenario
from prioritisation.scoring import Scores
from prioritisation.store import open_store

FAILED = 1
FIRST_PORT = 8501


class Plain(click.Group):
    """A command group that shows an error as three parts and never as a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except UserError as refusal:
            click.echo(str(refusal), err=True)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            pass
        except Exception as fault:  # noqa: BLE001 - the last line: whatever it is, people get three parts
            click.echo(str(_unforeseen(fault)), err=True)
        context.exit(FAILED)
        return None


def _unforeseen(fault: Exception) -> UserError:
    """Say an unforeseen error plainly; its text may hold values, so only its kind and place are told."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else "unknown place"
    return UserError(
        f"Something went wrong that this product did not foresee: {type(fault).__name__} ({place}).",
        not_done="The command stopped; what was published before is as it was.",
        remedy="Try once more. If it happens again, send this message and the command to whoever looks after it.",
    )


def example(text: str) -> str:
    """Return an epilogue for --help, kept on its own lines."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in text.splitlines())


_data = click.option(
    "--data", "data_folder", metavar="DIR", help="Folder of built data (default: data/, or $PRIORITISATION_DATA)."
)
_framework = click.option(
    "--framework",
    default=DEFAULT_FRAMEWORK,
    show_default=True,
    metavar="ID|FILE",
    help="A framework's id, or its .toml file.",
)
_weights = click.option(
    "--weights",
    metavar="TEXT",
    help='Weights by priority, "financial_hardship=40,housing=30,..."; only proportions count.',
)


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="prioritisation")
def main() -> None:
    """Decide where a neighbourhood team should start: rank small areas by agreed, weighted priorities."""


@main.command(epilog=example("prioritisation run\nprioritisation run --data /srv/partnership --port 8600 --no-browser"))
@_data
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on (default: 8501, or the next free one).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def run(data_folder: str | None, port: int | None, no_browser: bool) -> None:
    """Open the product in the browser. With no data yet, it makes the demonstration first."""
    folder = DataFolder.chosen(data_folder)
    chosen = port or _free_port()
    click.echo(f"Opening http://127.0.0.1:{chosen} (data: {folder.root}). Press Ctrl+C to stop.")
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(chosen)]
    command += ["--server.headless", str(no_browser).lower(), "--server.showEmailPrompt", "false"]
    environment = {**os.environ, "PRIORITISATION_DATA": str(folder.root)}
    try:
        finished = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False)  # noqa: S603 - our own command
    except KeyboardInterrupt:
        return
    if finished.returncode:
        raise UserError(
            f"The server stopped with code {finished.returncode}.",
            not_done="The product is not being served any more.",
            remedy="Its last lines above say why; a port in use is the usual reason (choose another with --port).",
        )


def _free_port() -> int:
    import socket

    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return FIRST_PORT


@main.group(name="import")
def import_group() -> None:
    """Turn published files into a new release."""


@import_group.command(
    name="open-data",
    epilog=example(
        "prioritisation import open-data downloads/ --council S12000028\nprioritisation import open-data ranks.xlsx boundaries.gpkg lookup.csv --council all"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--council", required=True, metavar="CODE", help='Council code such as S12000028, its name, or "all".')
@_data
def import_open_data(files: tuple[Path, ...], council: str, data_folder: str | None) -> None:
    """Import published files; each is recognised by its content. A folder is searched."""
    from prioritisation.ingest.hex_map import start_hex_map
    from prioritisation.ingest.open_data import import_open_data as import_files

    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    summary = import_files(list(files), council=council, folder=folder, catalogue=catalogue, progress=_progress)
    start_hex_map(folder)
    click.echo(summary.text)


def _progress(line: str) -> None:
    click.echo(line, err=True)


@main.command(
    epilog=example("prioritisation demonstration\nprioritisation demonstration --areas 400 --seed 7 --data /tmp/try")
)
@click.option(
    "--areas", default=153, show_default=True, type=click.IntRange(20, 1000), help="How many areas to invent."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Another seed, another place.")
@_data
def demonstration(areas: int, seed: int, data_folder: str | None) -> None:
    """Make the demonstration data (an invented council area) and publish it as a release."""
    from prioritisation.ingest.demonstration import write_demonstration
    from prioritisation.ingest.hex_map import start_hex_map
    from prioritisation.ingest.hex_map import start_hex_map
    from prioritisation.ingest.open_data import import_open_data as import_files

    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    with tempfile.TemporaryDirectory(prefix="prioritisation-") as scratch:
        _progress("Inventing a place")
        write_demonstration(Path(scratch), areas=areas, seed=seed)
        summary = import_files([Path(scratch)], council="all", folder=folder, catalogue=catalogue, progress=_progress)
    start_hex_map(folder)
    click.echo(summary.text)


@main.command(
    epilog=example(
        'prioritisation rank --top 15 --how-sure\nprioritisation rank --weights "financial_hardship=40,housing=30,'
        'mental_health_alcohol_drugs=20,older_people=10" --out ranked.csv\n'
        "prioritisation rank --table areas.csv --id code --framework mine.toml"
    )
)
@_framework
@_weights
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
@_data
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
    scenario = _scenario(catalogue, framework, weights, with_table=table is not None)
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
    _show(ranked.head(top) if top else ranked, out)


def _scenario(catalogue: Catalogue, framework: str, weights: str | None, with_table: bool = False) -> Scenario:
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


def _show(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table to a file, or to the screen: aligned for people, as CSV when piped."""
    if out is not None:
        try:
            out.write_bytes(csv_bytes(table))
        except OSError as fault:
            raise UserError(
                f"{out} cannot be written ({fault.strerror}).",
                not_done="No file was written.",
                remedy="Choose another place with --out, or leave it out to see the list on the screen.",
            ) from fault
        click.echo(f"Wrote {len(table)} rows to {out}", err=True)
    elif sys.stdout.isatty():
        click.echo(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.2f}"))
    else:
        click.echo(csv_text(table), nl=False)


@main.command(epilog=example("prioritisation profile DEMO00012"))
@click.argument("area")
@_framework
@_weights
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write CSV here.")
@_data
def profile(area: str, framework: str, weights: str | None, out: Path | None, data_folder: str | None) -> None:
    """Show every indicator of one area (code or postcode) beside its locality, the council and the country."""
    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    with open_store(folder) as store:
        ranking = prioritise(store, _scenario(catalogue, framework, weights))
        found = area if area in ranking.areas.index else store.area_of_postcode(area) or area
        made = area_profile(compare(store), ranking, found)
    place = f"rank {made.rank} of {made.scored_areas}" if made.rank else "not scored"
    click.echo(f"{made.area['name']} ({made.area_code}): {place}", err=True)
    _show(made.indicators.drop(columns="polarity").reset_index(), out)


@main.command(epilog=example("prioritisation releases"))
@_data
def releases(data_folder: str | None) -> None:
    """List the releases that are here; the current one is marked."""
    from prioritisation.ingest.publish import list_releases

    rows = list_releases(DataFolder.chosen(data_folder))
    if not rows:
        click.echo("There is no release yet. `prioritisation demonstration` makes one.", err=True)
        return
    _show(pd.DataFrame(rows), None)


@main.command(epilog=example("prioritisation rollback"))
@_data
def rollback(data_folder: str | None) -> None:
    """Go back to the release before the current one; nothing is deleted."""
    from prioritisation.ingest.publish import rollback as go_back

    old, new = go_back(DataFolder.chosen(data_folder))
    click.echo(f"The current release is now {new} (it was {old}).")


@main.command(epilog=example("prioritisation quality"))
@_data
def quality(data_folder: str | None) -> None:
    """Count reported, zero, suppressed and missing values of each indicator."""
    with open_store(DataFolder.chosen(data_folder)) as store:
        _show(store.quality(), None)


@main.command(epilog=example("prioritisation hexes"))
@_data
def hexes(data_folder: str | None) -> None:
    """Make the hexagon map of the current release (an import does it in the background) and say how true it is."""
    from prioritisation.ingest.hex_map import make_hex_map

    layout = make_hex_map(DataFolder.chosen(data_folder))
    click.echo(
        f"{len(layout.codes)} hexagons; {layout.adjacency_kept:.0%} of true neighbours lie side by side; "
        f"areas moved by {layout.mean_displacement:.1f} hexagons on average."
    )
    for name in [name for name, whole in layout.connected.items() if not whole]:
        click.echo(f"Not in one piece: {name}")
