"""Commands that build or move releases; what they need is imported when they run."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.frame import example, main, progress, show, with_data
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder

if TYPE_CHECKING:
    from prioritisation.ingest.invented_keys import Kept


def _elsewhere(folder: DataFolder) -> str:
    usual = DataFolder.chosen()
    return "" if folder == usual else f" Add --data {folder.root}."


@main.group(name="import")
def import_group() -> None:
    """Turn published files into a new release."""


@import_group.command(
    name="open-data",
    epilog=example(
        "prioritisation import open-data downloads/ --council S12000028\n"
        "prioritisation import open-data ranks.xlsx boundaries.gpkg lookup.csv --council all"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--council", required=True, metavar="CODE", help='Council code such as S12000028, its name, or "all".')
@with_data
def import_open_data(files: tuple[Path, ...], council: str, data_folder: str | None) -> None:
    """Import published files; each is recognised by its content. A folder is searched."""
    from prioritisation.ingest.hex_map import start_hex_map
    from prioritisation.ingest.open_data import import_open_data as import_files

    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    summary = import_files(list(files), council=council, folder=folder, catalogue=catalogue, progress=progress)
    start_hex_map(folder)
    click.echo(summary.text)
    click.echo(f"\nDone. `prioritisation run` shows it.{_elsewhere(folder)}")


@main.command(
    epilog=example(
        "prioritisation demonstration\nprioritisation demonstration --areas 400 --seed 7 --people --data /tmp/try"
    )
)
@click.option(
    "--areas", default=153, show_default=True, type=click.IntRange(20, 1000), help="How many areas to invent."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Another seed, another place.")
@click.option(
    "--people",
    is_flag=True,
    help="Invent residents and their contacts too, and count them as partners' extracts are (takes minutes).",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With --people: keep them in this new folder, with keys and a signed pack, to try `prioritisation referrals`.",
)
@click.option(
    "--quick", is_flag=True, help="With --people: neither repair nor attack their counts, which takes most of the time."
)
@click.option("--tracked", is_flag=True, hidden=True, help="Keep the counts in the repository, for the first start.")
@with_data
def demonstration(
    areas: int, seed: int, people: bool, keep: Path | None, quick: bool, tracked: bool, data_folder: str | None
) -> None:
    """Make the demonstration data (an invented council area) and publish it as a release."""
    from prioritisation.ingest.demonstration import tracked_people, write_demonstration
    from prioritisation.ingest.hex_map import start_hex_map
    from prioritisation.ingest.invented_import import refuse_beside_real_people
    from prioritisation.ingest.open_data import import_open_data as import_files

    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    if people:
        refuse_beside_real_people(folder)
    kept = _begun(keep, people, folder)
    with tempfile.TemporaryDirectory(prefix="prioritisation-") as scratch:
        progress("Inventing a place")
        write_demonstration(Path(scratch), areas=areas, seed=seed)
        summary = import_files(
            [Path(scratch)],
            council="all",
            folder=folder,
            catalogue=catalogue,
            progress=progress,
            people=None if people else tracked_people(areas, seed),
        )
        start_hex_map(folder)
        click.echo(summary.text)
        if people:
            _import_people(Path(scratch), folder, seed, quick, kept)
            if tracked:
                _track(folder)
    click.echo(f"\nDone. `prioritisation run` shows it.{_elsewhere(folder)}")


def _begun(keep: Path | None, people: bool, folder: DataFolder) -> Kept | None:
    """Return the folder that keeps the invented people, None when none does."""
    from prioritisation.ingest.invented_keys import Kept

    if keep is not None and not people:
        raise UserError(
            "--keep keeps invented people, and none were asked for.",
            not_done="Nothing was made.",
            remedy="Add --people.",
        )
    return Kept.begun(keep, folder) if keep is not None else None


def _import_people(open_files: Path, folder: DataFolder, seed: int, quick: bool, kept: Kept | None) -> None:
    from prioritisation.attack.gate import Gate
    from prioritisation.ingest.contacts.releasing import Releasing
    from prioritisation.ingest.invented_import import import_people

    today = date.today()
    gate = Gate(folder, today)
    publisher = Releasing(folder, today) if quick else Releasing(folder, today, gate.repair, gate)
    releases_made = import_people(open_files, folder, publisher, seed=seed, kept=kept, progress=progress)
    stayed = f"were kept in {kept.root}" if kept else "were not kept"
    click.echo(f"\nCounted people in {' and then '.join(releases_made)}; the invented people themselves {stayed}.")
    if kept:
        _write_trial(folder, kept)


def _track(folder: DataFolder) -> None:
    from prioritisation.ingest.invented_import import write_tracked_people

    write_tracked_people(folder)
    click.echo("The counts are now those that the repository keeps.")


def _write_trial(folder: DataFolder, kept: Kept) -> None:
    """Write a signed pack beside the people, and say how to make a referral list of them."""
    from prioritisation.referrals.demonstration import write_signed_pack

    name = write_signed_pack(folder, kept.root)
    click.echo("To try a referral list:\n")
    click.echo(f"  export PRIORITISATION_KEY_FILE={kept.app_key}")
    click.echo(f"  prioritisation referrals {kept.root / 'pack.zip'} --partner-keys {kept.partner_keys}/*.csv \\")
    click.echo(f"    --cohort partners-3 --capacity 20 --signed-by {name} --data {folder.root} \\")
    click.echo(f"    --restricted {kept.restricted} --purpose 'A trial' --role 'Team lead' --organisation 'INT' \\")
    click.echo(f"    --out {kept.root / 'list'}")


@main.command(epilog=example("prioritisation releases"))
@with_data
def releases(data_folder: str | None) -> None:
    """List the releases that are here; the current one is marked."""
    from prioritisation.ingest.publish import list_releases

    rows = list_releases(DataFolder.chosen(data_folder))
    if not rows:
        click.echo("There is no release yet. `prioritisation demonstration` makes one.", err=True)
        return
    show(pd.DataFrame(rows), None)


@main.command(epilog=example("prioritisation rollback"))
@with_data
def rollback(data_folder: str | None) -> None:
    """Go back to the release before the current one; nothing is deleted."""
    from prioritisation.ingest.publish import rollback as go_back

    old, new = go_back(DataFolder.chosen(data_folder))
    click.echo(f"The current release is now {new} (it was {old}).")


@main.command(epilog=example("prioritisation hexes"))
@with_data
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
