"""The command that brings a pack's scenario back to work on."""

from __future__ import annotations

from pathlib import Path

import click

from prioritisation.cli.frame import example, main, with_data
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack.opening import LARGEST_ZIPPED
from prioritisation.pack.packed_scenario import NOT_OPENED
from prioritisation.pack.reopening import reopen as bring_back
from prioritisation.workspace import open_workspace


@main.command(
    epilog=example(
        'prioritisation reopen pack.zip --by "Council"\n'
        'prioritisation reopen pack.zip --by "Council" --name "Last year\'s list" --key 3f0c9a1be2d47788'
    )
)
@click.argument("pack", type=click.Path(path_type=Path, dir_okay=False), metavar="PACK.zip")
@click.option("--by", required=True, metavar="ROLE", help="Who opens it: a role or organisation.")
@click.option("--name", default="", help="What people will find it under (default: a name that says where it is from).")
@click.option("--key", metavar="NAME", help="Name of the key that must have signed it, as its owner told you.")
@with_data
def reopen(pack: Path, by: str, name: str, key: str | None, data_folder: str | None) -> None:
    """Check a pack and save its scenario here, worked out again; prints its id."""
    try:
        with pack.open("rb") as file:
            zipped = file.read(LARGEST_ZIPPED + 1)
    except OSError as fault:
        raise UserError(
            f"{pack} cannot be read ({fault.strerror}).",
            not_done=NOT_OPENED,
            remedy="Give the path of the .zip as it was sent.",
        ) from fault
    folder = DataFolder.chosen(data_folder)
    workspace = open_workspace(folder)
    try:
        found = bring_back(zipped, folder, workspace, by=by, name=name, trusted_key=key)
    finally:
        workspace.close()
    for sentence in found.sentences:
        click.echo(sentence, err=True)
    click.echo(found.saved.id)
